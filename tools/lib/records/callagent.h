/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is known of the agent that a call had, from the messages of its line. All agents of
 * a line are taken for one: in a room it is everybody's. Owned by the call's record; main
 * thread only. Times are running time, in ns. */
typedef struct
{
  gchar *name, *model; /* as aiagent/backend has them; NULL: not known */
  GstClockTime answered; /* when the call was; NONE: it was not */
  GstClockTime
      first_audio; /* the agent's first sound that may count; NONE: none yet */
  gboolean
      is_own; /* that was said to this call, not to another one in the room */
  gboolean ready; /* it was, once */
  guint reconnects; /* that it tried since then */
  gboolean told_usage;
  guint64 input_tokens, output_tokens; /* of those that were told */
} CallAgent;

void call_agent_init (CallAgent *self);
void call_agent_clear (CallAgent *self);

/* The call was answered: @message is its voice/call. */
void call_agent_answered (CallAgent *self, const GstStructure *message);
/* An aiagent/... of the line; @is_own: it is of this call. TRUE: the agent was lost, and is
 * tried again. */
gboolean call_agent_take (CallAgent *self, const GstStructure *fact,
    gboolean is_own);
/* What those have in `stats` that never say how they stand. */
void call_agent_read_stats (CallAgent *self, const GstStructure *stats);
/* ns from the answer to the agent's first sound, 0 = it spoke before; NONE: not known. */
GstClockTime call_agent_get_first_audio (const CallAgent *self);

/* Adds its members of a CDR to the open object of @builder. */
void call_agent_describe (const CallAgent *self, JsonBuilder *builder);

G_END_DECLS
