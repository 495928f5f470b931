/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "host/agentchoice.h"
#include "host/agentreport.h"

#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"
#include "common/loop/medialoop.h"
#include "common/pair/gstpairsettings.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What an aiagentsink and an aiagentsrc share: one dialogue after the other, with
 * its turns, its playout queue and its backend.
 *
 * A dialogue begins and ends with the voice-call events of a channel, and waits while
 * they say that the call is on hold. Where no channel says so (a microphone, a file) it begins with the first audio and ends
 * with the stream, once the agent has been silent for a second. */

#define AGENT_TYPE_SESSION (agent_session_get_type ())
G_DECLARE_FINAL_TYPE (AgentSession, agent_session, AGENT, SESSION, GObject)

typedef enum
{
  AGENT_TURN_DETECTION_AUTO,
  AGENT_TURN_DETECTION_ELEMENT,
  AGENT_TURN_DETECTION_BACKEND,
  AGENT_TURN_DETECTION_NONE,
} AgentTurnDetection;

typedef enum
{
  AGENT_BARGE_IN_ALLOW,
  AGENT_BARGE_IN_IGNORE,
} AgentBargeIn;

AgentSession *agent_session_new (const gchar *name);

/* NULL->READY. @choice: the element's own backend. */
gboolean agent_session_attach (AgentSession *self, AgentRole role,
    GstElement *element, const GstPairSettings *settings,
    const AgentChoice *choice, const AgentListener *listener, GError **error);
/* What was set since; takes @settings. It counts when the session is prepared next. */
void agent_session_change (AgentSession *self, AgentRole role,
    GstPairSettings *settings, const AgentChoice *choice);
/* READY->NULL. */
void agent_session_detach (AgentSession *self, AgentRole role);
/* READY->PAUSED: with the first half settings and backend are final. */
gboolean agent_session_prepare (AgentSession *self, AgentRole role,
    GError **error);
/* src, in PAUSED: a dialogue may be under way. */
void agent_session_resume (AgentSession *self);
/* PLAYING, where no caller will come: the dialogue begins by itself, if it has not. */
void agent_session_begin (AgentSession *self);
/* The aiagentsink, NULL if there is none; (transfer full) */
GstElement *agent_session_dup_sink (AgentSession *self);
/* PAUSED->READY: with the last half the dialogue, if any, is over. */
void agent_session_close (AgentSession *self, AgentRole role);
/* Between prepare and close, else NULL; (transfer full). */
GstVoiceAgentBackend *agent_session_dup_backend (AgentSession *self);
/* src, after prepare; (transfer full) */
MediaLoop *agent_session_dup_loop (AgentSession *self);

/* The sink, ahead of its buffers: what the caller has. A dialogue that is under way keeps
 * its format, the next one has one after this. */
void agent_session_set_caller (AgentSession *self,
    const GstVoiceFormat *caller);
/* The src, told of a call by what follows it: the law that the call has, and the sink could
 * be given; S16: none. */
void agent_session_set_call_law (AgentSession *self, GstVoiceEncoding law);
/* What the agent says travels for @delay ns to the far end, until the dialogue ends. */
void agent_session_set_path (AgentSession *self, GstClockTime delay);
/* Of the dialogue that is on, or of the next one as far as is known: what the backend takes
 * and gives. Any thread, no lock. */
void agent_session_get_format (AgentSession *self, GstVoiceFormat *format);

/* After prepare: as the backend wants it, rate 0 = any. */
void agent_session_get_wanted (AgentSession *self, GstVoiceFormat *format);
/* After prepare: the backend takes a caller's law in place of that. */
gboolean agent_session_takes_laws (AgentSession *self);

/* ---- From the sink, its streaming thread; or, where @role says so, the src */

/* What a channel says of its call. Both elements of a channel may, and one may be
 * behind. */
void agent_session_call (AgentSession *self, AgentRole role,
    const GstVoiceCall *call);
/* @samples in session format, S16; @pts: running time of the first one. FALSE: the agent
 * has hung up, where no channel would, and hears no more. */
gboolean agent_session_hear (AgentSession *self, const gint16 *samples,
    guint n_samples, GstClockTime pts, gboolean gap);
/* The same in any format. What is not of the session's, because a dialogue has just
 * begun, is heard by nobody. */
gboolean agent_session_hear_encoded (AgentSession *self,
    const GstVoiceFormat *format, gconstpointer data, guint n_samples,
    GstClockTime pts, gboolean gap);
void agent_session_digit (AgentSession *self, gchar digit);
void agent_session_input (AgentSession *self, GstVoiceInputType type,
    const gchar *text);
void agent_session_caller_gone (AgentSession *self); /* EOS */

/* ---- From the src, its media loop */

/* The dialogue is a channel's call, which comes at the pace of the clock. */
gboolean agent_session_is_in_call (AgentSession *self);

/* One frame of the session format; FALSE: silence. What goes with it (controls) is
 * added to @events in order, to be pushed behind it; @pts is its running time. */
gboolean agent_session_speak (AgentSession *self, guint8 *frame,
    GstClockTime pts, GQueue *events);
/* The format of the frame that this was TRUE for last. */
void agent_session_get_spoken (AgentSession *self, GstVoiceFormat *format);
void agent_session_result (AgentSession *self,
    const GstVoiceControlResult *result);

/* ---- Commands, any thread */

gboolean agent_session_interrupt (AgentSession *self);
/* The application's answer to a tool; FALSE: the backend does not wait for it. */
gboolean agent_session_tool_result (AgentSession *self, const gchar *id,
    const gchar *json);
gboolean agent_session_say (AgentSession *self, const gchar *text);

/* All fields also with @self NULL; (transfer full). */
GstStructure *agent_session_get_stats (AgentSession *self);

G_END_DECLS
