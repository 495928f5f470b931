/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagentmessages.h"

static GstStructure *
new_facts (const gchar *name, const gchar *session, GstClockTime running_time)
{
  return gst_structure_new (name, "session", G_TYPE_STRING, session,
      "running-time", G_TYPE_UINT64, running_time, NULL);
}

GstStructure *
gst_aiagent_turn_structure (const gchar *session, GstClockTime running_time,
    const GstAiAgentTurn *turn)
{
  GstStructure *s = new_facts ("aiagent/turn", session, running_time);

  gst_structure_set (s, "state", G_TYPE_STRING, turn->state, "speech-start",
      G_TYPE_UINT64, turn->speech_start, "speech-end", G_TYPE_UINT64,
      turn->speech_end, "decision", G_TYPE_UINT64, turn->decision,
      "first-audio-in", G_TYPE_UINT64, turn->first_in, "first-audio-out",
      G_TYPE_UINT64, turn->first_out, "turn-around", G_TYPE_UINT64,
      turn->turn_around, "heard", G_TYPE_UINT64, turn->heard, "total",
      G_TYPE_UINT64, turn->total, "answer", G_TYPE_UINT, turn->answer,
      "turn-id", G_TYPE_UINT64, turn->turn_id, "ignored", G_TYPE_BOOLEAN,
      turn->ignored, NULL);
  return s;
}

static const gchar *
text_or_empty (const gchar *text)
{
  return text ? text : "";
}

GstStructure *
gst_aiagent_transcript_structure (const gchar *session,
    GstClockTime running_time, const GstVoiceAgentTranscript *transcript,
    guint64 turn_id)
{
  GstStructure *s = new_facts ("aiagent/transcript", session, running_time);

  gst_structure_set (s, "role", G_TYPE_STRING,
      transcript->agent ? "agent" : "caller", "text", G_TYPE_STRING,
      transcript->text, "final", G_TYPE_BOOLEAN, transcript->final,
      "speech-start", G_TYPE_UINT64, transcript->start, "speech-end",
      G_TYPE_UINT64, transcript->end, "confidence", G_TYPE_DOUBLE,
      transcript->confidence, "rejected", G_TYPE_STRING,
      text_or_empty (transcript->rejected), "turn-id", G_TYPE_UINT64, turn_id,
      NULL);
  return s;
}

GstStructure *
gst_aiagent_tool_structure (const gchar *session, GstClockTime running_time,
    const GstAiAgentTool *tool)
{
  GstStructure *s = new_facts ("aiagent/tool", session, running_time);

  gst_structure_set (s, "state", G_TYPE_STRING,
      tool->result ? "done" : "called", "name", G_TYPE_STRING,
      text_or_empty (tool->name), "id", G_TYPE_STRING, text_or_empty (tool->id),
      "arguments", G_TYPE_STRING, text_or_empty (tool->arguments), "result",
      G_TYPE_STRING, text_or_empty (tool->result), "reason", G_TYPE_STRING,
      text_or_empty (tool->reason), NULL);
  return s;
}

GstStructure *
gst_aiagent_input_structure (const gchar *session, GstClockTime running_time,
    const gchar *type, const gchar *refusal)
{
  GstStructure *s = new_facts ("aiagent/input", session, running_time);

  gst_structure_set (s, "type", G_TYPE_STRING, type, "state", G_TYPE_STRING,
      refusal ? "refused" : "accepted", "reason", G_TYPE_STRING,
      text_or_empty (refusal), NULL);
  return s;
}

GstStructure *
gst_aiagent_backend_structure (const gchar *session, GstClockTime running_time,
    guint64 dialogue, GstVoiceAgentState state, const gchar *reason)
{
  static const gchar *const states[] = {
    [GST_VOICE_AGENT_CONNECTING] = "connecting",
    [GST_VOICE_AGENT_READY] = "ready",
    [GST_VOICE_AGENT_RETRYING] = "retrying",
    [GST_VOICE_AGENT_FAILED] = "failed",
  };
  GstStructure *s = new_facts ("aiagent/backend", session, running_time);

  gst_structure_set (s, "state", G_TYPE_STRING, states[state], "dialogue",
      G_TYPE_UINT64, dialogue, "reason", G_TYPE_STRING, text_or_empty (reason),
      NULL);
  return s;
}

GstStructure *
gst_aiagent_stats_structure (const GstAiAgentStats *stats)
{
  return gst_structure_new ("application/x-aiagent-stats", "in-dialogue",
      G_TYPE_BOOLEAN, stats->in_dialogue, "speaking", G_TYPE_BOOLEAN,
      stats->speaking, "listening", G_TYPE_BOOLEAN, stats->listening, "on-hold",
      G_TYPE_BOOLEAN, stats->on_hold, "dialogues", G_TYPE_UINT64,
      stats->dialogues, "turns", G_TYPE_UINT64, stats->turns, "answers",
      G_TYPE_UINT64, stats->answers, "interruptions", G_TYPE_UINT64,
      stats->interruptions, "frames-in", G_TYPE_UINT64, stats->frames_in,
      "frames-out", G_TYPE_UINT64, stats->frames_out, "frames-spoken",
      G_TYPE_UINT64, stats->frames_spoken, "heard", G_TYPE_UINT64, stats->heard,
      "pending", G_TYPE_UINT64, stats->pending, "turn-around-last",
      G_TYPE_UINT64, stats->turn_around_last, "turn-around-p50", G_TYPE_UINT64,
      stats->turn_around_p50, "turn-around-p95", G_TYPE_UINT64,
      stats->turn_around_p95, "turn-around-p99", G_TYPE_UINT64,
      stats->turn_around_p99, NULL);
}
