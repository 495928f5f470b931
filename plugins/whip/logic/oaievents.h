/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "oairequest.h"

G_BEGIN_DECLS

/* The data channel "oai-events": what an agent does as server events of OpenAI's
 * Realtime API. One of these for each call; it counts items and responses. Times are
 * ns. */

typedef struct _OaiEvents OaiEvents;
typedef void (*OaiSend) (const gchar *json, gpointer user);

OaiEvents *oai_events_new (OaiSend send, gpointer user);
void oai_events_free (OaiEvents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OaiEvents, oai_events_free)

/* session.created: the channel is open, @id names the call. */
void oai_events_opened (OaiEvents *self, const gchar *id);

/* Of a caller's turn, ns of running time, 0 = not known; as in aiagent/turn. */
typedef struct
{
  guint64 speech_start, speech_end, decision, first_in, turn_around;
} OaiTurn;

/* @state as in aiagent/turn: speech-started, speech-stopped, response-started,
 * response-done, interrupted, held, response-resumed. What is held is the same
 * response still, and its words are. How long the answer took is in the response's
 * metadata, in ms: turn_around_ms, of these decision_ms until the turn was taken to be
 * over, and agent_ms until the agent's first sound came. */
void oai_events_turn (OaiEvents *self, const gchar *state, const OaiTurn *turn);
/* @rejected "": it was understood. Else nobody knows what was said: @text is a guess,
 * and does not go out. Only final ones do. */
void oai_events_caller_said (OaiEvents *self, const gchar *text,
    const gchar *rejected);
/* The agent begins to say @text (transcript.delta: what is new of it, if it begins with the
 * @text before), and what of it was heard in the end (transcript.done), which may be
 * less. @turn: that it answers, 0 = of none. */
void oai_events_agent_says (OaiEvents *self, const gchar *text, guint64 turn);
void oai_events_agent_said (OaiEvents *self, const gchar *text, guint64 turn);
/* response.function_call_arguments.done */
void oai_events_tool (OaiEvents *self, const gchar *id, const gchar *name,
    const gchar *arguments);
/* @event_id: of the request that was wrong, or NULL. */
void oai_events_error (OaiEvents *self, const gchar *type, const gchar *message,
    const gchar *event_id);
/* voice.call.ended, which that API does not have: who is hung up on learns why. */
void oai_events_ended (OaiEvents *self, const gchar *reason);

/* ---- What the far end asks for */

/* @request goes to the agent, which will say what became of it. */
void oai_events_asked (OaiEvents *self, const OaiRequest *request);
/* That, of the oldest of its @type: @refusal NULL or "" is taken, and confirmed
 * (conversation.item.added and .done, session.updated). */
void oai_events_decided (OaiEvents *self, OaiRequestType type,
    const gchar *refusal);

G_END_DECLS
