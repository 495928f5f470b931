/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/turn/turnmeter.h"
#include "voiceagent/gstvoiceagentbackend.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The facts of a dialogue: bus messages, and the same structures as voice-event
 * downstream. Each carries session (string) and running-time (guint64, ns); call-id
 * (string) of the call, "" where no channel speaks of calls. */

/* "aiagent/turn", times in ns of running time, 0 = not known:
 *   state          string   speech-started, speech-stopped, response-started,
 *                           response-done, interrupted; held (the caller speaks into
 *                           the answer, which waits until it is known whether that
 *                           interrupts it), and then interrupted, or
 *                           response-resumed (on from where it was cut)
 *   turn-id        guint64  number of the caller's turn in this session; of a response:
 *                           of the turn that it answers, 0 = of none (a greeting)
 *   ignored        boolean  speech-started, speech-stopped: it was said into the agent's
 *                           words, with barge-in=ignore; speech-stopped: or was no
 *                           interruption, as a cough is none
 *   speech-start, speech-end, decision   guint64  of the caller's turn: its first and
 *                              last sound, and when it was taken to be over. As in a
 *                              recording of the call, a packet sounds from the moment
 *                              that it is on the wire
 *   first-audio-in    guint64  first byte of the answer from the backend
 *   first-audio-out   guint64  its first sound was sent
 *   first-audio-far   guint64  response-started: when that reached the far end, by half of
 *                              RTCP's round trip; its jitter buffer is not in it
 *   turn-around       guint64  ns, first-audio-out - speech-end
 *   transcriber, model, voice   guint64  ns of it that these stages took, where the backend
 *                              says so: to the caller's words, to the first of the answer,
 *                              to its first sound
 *   detection, backend, playout   guint64  response-started: ns of it up to the decision;
 *                              from there to first-audio-in, without what the backend tells
 *                              of; from there to first-audio-out
 *   stage          string   response-started: which of the six took longest, "" = nobody
 *                              waited
 *   request           guint64  response-started: when the answer was asked for: decision,
 *                              behind it the transcriber
 *   respond-by        guint64  speech-stopped: when the budget is used up; 0 = there is none
 *   budget-left       gint64   response-started: ns of latency-budget, < 0: it was late;
 *                              0 also without a budget
 *   answer            guint    response-started, response-done, held, interrupted: which
 *                              one, as the backend knows it; 0 = none was audible
 *   heard, total      guint64  ns of the answer played / received (interrupted, held,
 *                              response-done); of an interrupted one up to the last
 *                              sound, without the pause that the cut came in */
typedef struct
{
  const gchar *state;
  GstClockTime speech_start, speech_end, decision;
  GstClockTime first_in, first_out, first_far, turn_around;
  GstClockTime transcriber, model, voice;
  GstClockTime detection, backend, playout;
  const gchar *stage; /* static; NULL: "" */
  GstClockTime request, respond_by, budget;
  GstClockTime heard, total;
  guint64 turn_id;
  guint answer;
  gboolean ignored;
  gboolean doubtful; /* not told: the answer is held for it */
} GstAiAgentTurn;

GstStructure *gst_aiagent_turn_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentTurn *turn);

/* "aiagent/over-budget", once a turn: the caller has waited for longer than latency-budget, and
 * may wait still:
 *   turn-id        guint64  as in aiagent/turn
 *   budget, waited   guint64  ns, from the caller's last sound
 *   stage          string   detection, transcriber, model, voice, backend, playout: which
 *                           took longest so far
 *   spent          guint64  ns that it took */
typedef struct
{
  guint64 turn_id;
  GstClockTime budget, waited, spent;
  const gchar *stage;
} GstAiAgentOverBudget;

GstStructure *gst_aiagent_over_budget_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentOverBudget *over);

/* "aiagent/transcript":
 *   role           string   caller, agent
 *   display-name   string   of the caller, if the channel knows it, else ""
 *   text           string
 *   final          boolean  of the agent: FALSE when it begins to be said, TRUE when
 *                           it was heard; an interrupted one has the words that were
 *                           heard up to then
 *   turn-id        guint64  as in aiagent/turn: of the agent, the turn it answers
 *   speech-start, speech-end   guint64  running time of the speech, 0 = not known (an
 *                           agent's before it was heard)
 *   confidence     double   0..1, -1 = not known
 *   rejected       string   why it was not taken, "" = it was */
GstStructure *gst_aiagent_transcript_structure (const gchar *session,
    GstClockTime running_time, const GstVoiceAgentTranscript *transcript,
    guint64 turn_id);

/* "aiagent/tool": state (string: called, done), name, id, arguments, result,
 * reason (strings). */
typedef struct
{
  const gchar *name, *id, *arguments; /* called */
  const gchar *result, *reason; /* done; result NULL = called */
} GstAiAgentTool;

GstStructure *gst_aiagent_tool_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentTool *tool);

/* "aiagent/input": type (string: text, interrupt, instructions), state (string:
 * accepted, refused), reason (string, "" if accepted). */
GstStructure *gst_aiagent_input_structure (const gchar *session,
    GstClockTime running_time, const gchar *type, const gchar *refusal);

/* "aiagent/usage": input-tokens, output-tokens (guint64): of one answer of a model, as its
 * service counts; backend, model (string), as below. */
typedef struct
{
  const gchar *backend, *model; /* NULL: "" */
  guint64 input_tokens, output_tokens;
} GstAiAgentUsage;

GstStructure *gst_aiagent_usage_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentUsage *usage);

/* "aiagent/backend": backend (string, as the property `backend` has it, or the type of an
 * application's own), model (string, the backend's property, "" = it has none), state
 * (string: connecting, ready, retrying, failed), dialogue (guint64, its number, 0 =
 * there was none yet), reason (string, for a person). */
typedef struct
{
  const gchar *backend, *model, *reason; /* NULL: "" */
  GstVoiceAgentState state;
  guint64 dialogue;
} GstAiAgentStanding;

GstStructure *gst_aiagent_backend_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentStanding *standing);

/* The `stats` of the pair, "application/x-aiagent-stats"; times in ns. */
typedef struct
{
  const gchar *backend, *model; /* as above; NULL: none was at work yet */
  const gchar *vad;
  gboolean in_dialogue, speaking, listening; /* listening: caller's turn */
  gboolean on_hold;
  guint64 dialogues, turns, answers, interruptions;
  guint64 frames_in, frames_out,
      frames_spoken; /* 20 ms; out includes silence */
  guint64 heard, pending;
  guint64 turn_around_last, turn_around_p50, turn_around_p95, turn_around_p99;
  const TurnMeter *meter; /* percentiles of its stages; NULL: none */
} GstAiAgentStats;

GstStructure *gst_aiagent_stats_structure (const GstAiAgentStats *stats);

G_END_DECLS
