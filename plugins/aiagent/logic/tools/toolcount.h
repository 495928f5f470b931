/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many tools an agent may call: a model that turns in a circle costs. */

#define TOOL_MAX_IN_TURN 8
#define TOOL_MAX_IN_CALL 64

typedef struct
{
  guint64 turn; /* the one counted in */
  guint in_turn, in_call;
} ToolCount;

/* Another call: in @turn of the caller's, whatever its number. NULL, or why it must not be. */
const gchar *tool_count_take (ToolCount *self, guint64 turn);

G_END_DECLS
