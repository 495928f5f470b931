/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentbackend.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The facts of a dialogue: bus messages, and the same structures as voice-event
 * downstream. Each carries session (string) and running-time (guint64, ns). */

/* "aiagent/turn", times in ns of running time, 0 = not known:
 *   state          string   speech-started, speech-stopped, response-started,
 *                           response-done, interrupted, response-resumed (it
 *                           was no interruption: on from where it was cut)
 *   speech-start, speech-end, decision   guint64  of the caller's turn; what was
 *                              heard counts from the arrival of its frame
 *   first-audio-in    guint64  first byte of the answer from the backend
 *   first-audio-out   guint64  its first frame was sent
 *   turn-around       guint64  ns, first-audio-out - speech-end
 *   heard, total      guint64  ns of the answer played / received (interrupted,
 *                              response-done) */
typedef struct
{
  const gchar *state;
  GstClockTime speech_start, speech_end, decision;
  GstClockTime first_in, first_out, turn_around;
  GstClockTime heard, total;
} GstAiAgentTurn;

GstStructure *gst_aiagent_turn_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentTurn *turn);

/* "aiagent/transcript":
 *   role           string   caller, agent
 *   text           string
 *   final          boolean
 *   speech-start, speech-end   guint64  running time of the caller's speech, 0 = not
 *                           known. Always 0 for the agent, whose text is told
 *                           before it is heard: when it is, aiagent/turn says
 *                           (response-started, response-done, interrupted)
 *   confidence     double   0..1, -1 = not known
 *   rejected       string   why it was not taken, "" = it was */
GstStructure *gst_aiagent_transcript_structure (const gchar *session,
    GstClockTime running_time, const AgentTranscript *transcript);

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

/* The `stats` of the pair, "application/x-aiagent-stats"; times in ns. */
typedef struct
{
  gboolean in_dialogue, speaking, listening; /* listening: caller's turn */
  gboolean on_hold;
  guint64 dialogues, turns, answers, interruptions;
  guint64 frames_in, frames_out,
      frames_spoken; /* 20 ms; out includes silence */
  guint64 heard, pending;
  guint64 turn_around_last, turn_around_p50, turn_around_p95, turn_around_p99;
} GstAiAgentStats;

GstStructure *gst_aiagent_stats_structure (const GstAiAgentStats *stats);

G_END_DECLS
