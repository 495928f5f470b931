/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/dialogue/dialoguefile.h"

G_BEGIN_DECLS

/* One way to say a phrase. */
typedef struct
{
  gchar *words; /* small letters, one space between them */
  gchar *
      values; /* "department=201", several with a space between; "" = it names none */
} Expansion;

/* All ways to say @phrase (see phrase.h), which was read before; at most EXPANSION_MAX.
 * (transfer full) Expansion */
#define EXPANSION_MAX 400
GPtrArray *expansion_collect (const DialogueFile *file, const gchar *phrase);

G_END_DECLS
