/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/frame/gstvoiceformat.h"

#include <glib.h>

G_BEGIN_DECLS

/* What the caller hears while a tool runs and the agent says nothing, or while this side has
 * him on hold. It is no answer of the agent's: nothing is told of it, and the agent's own
 * words take its place at once. */

typedef enum
{
  AGENT_TOOL_WAIT_SILENCE,
  AGENT_TOOL_WAIT_PHRASE,
  AGENT_TOOL_WAIT_MUSIC,
} AgentToolWait;

typedef enum
{
  AGENT_FILLER_NOTHING, /* there is no need for it */
  AGENT_FILLER_TOOL, /* a tool runs */
  AGENT_FILLER_HOLD, /* music, if there is any */
} AgentFillerNeed;

typedef struct _AgentFiller AgentFiller;

AgentFiller *agent_filler_new (void);
void agent_filler_free (AgentFiller *self);

/* While nobody takes frames. @music: a WAV file, of 16-bit PCM, NULL = none. FALSE, with
 * GST_RESOURCE_ERROR_SETTINGS or _NOT_FOUND. */
gboolean agent_filler_prepare (AgentFiller *self, AgentToolWait wait,
    const gchar *phrase, const gchar *music, GError **error);
/* A frame in which the agent says nothing; FALSE: it is silent. One thread, never waits. */
gboolean agent_filler_take (AgentFiller *self, AgentFillerNeed need,
    const GstVoiceFormat *format, guint8 *frame);
/* The agent says something. */
void agent_filler_stop (AgentFiller *self);

G_END_DECLS
