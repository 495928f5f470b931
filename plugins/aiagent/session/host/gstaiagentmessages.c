/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagentmessages.h"

static const gchar *
text_or_empty (const gchar *text)
{
  return text ? text : "";
}

static GstStructure *
new_facts (const gchar *name, const gchar *session, GstClockTime running_time)
{
  return gst_structure_new (name, "session", G_TYPE_STRING, session,
      "running-time", G_TYPE_UINT64, running_time, NULL);
}

static void
set_stages (GstStructure *s, const GstAiAgentTurn *turn)
{
  const gint64 left =
      turn->budget ? (gint64) turn->budget - (gint64) turn->turn_around : 0;

  gst_structure_set (s, "detection", G_TYPE_UINT64, turn->detection, "backend",
      G_TYPE_UINT64, turn->backend, "playout", G_TYPE_UINT64, turn->playout,
      "stage", G_TYPE_STRING, text_or_empty (turn->stage), "request",
      G_TYPE_UINT64, turn->request, "respond-by", G_TYPE_UINT64,
      turn->respond_by, "budget-left", G_TYPE_INT64, left, NULL);
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
      G_TYPE_UINT64, turn->first_out, "first-audio-far", G_TYPE_UINT64,
      turn->first_far, "turn-around", G_TYPE_UINT64, turn->turn_around,
      "transcriber", G_TYPE_UINT64, turn->transcriber, "model", G_TYPE_UINT64,
      turn->model, "voice", G_TYPE_UINT64, turn->voice, "heard", G_TYPE_UINT64,
      turn->heard, "total", G_TYPE_UINT64, turn->total, "answer", G_TYPE_UINT,
      turn->answer, "turn-id", G_TYPE_UINT64, turn->turn_id, "ignored",
      G_TYPE_BOOLEAN, turn->ignored, NULL);
  set_stages (s, turn);
  return s;
}

GstStructure *
gst_aiagent_over_budget_structure (const gchar *session,
    GstClockTime running_time, const GstAiAgentOverBudget *over)
{
  GstStructure *s = new_facts ("aiagent/over-budget", session, running_time);

  gst_structure_set (s, "turn-id", G_TYPE_UINT64, over->turn_id, "budget",
      G_TYPE_UINT64, over->budget, "waited", G_TYPE_UINT64, over->waited,
      "stage", G_TYPE_STRING, over->stage, "spent", G_TYPE_UINT64, over->spent,
      NULL);
  return s;
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
gst_aiagent_usage_structure (const gchar *session, GstClockTime running_time,
    const GstAiAgentUsage *usage)
{
  GstStructure *s = new_facts ("aiagent/usage", session, running_time);

  gst_structure_set (s, "backend", G_TYPE_STRING,
      text_or_empty (usage->backend), "model", G_TYPE_STRING,
      text_or_empty (usage->model), "input-tokens", G_TYPE_UINT64,
      usage->input_tokens, "output-tokens", G_TYPE_UINT64, usage->output_tokens,
      NULL);
  return s;
}

GstStructure *
gst_aiagent_backend_structure (const gchar *session, GstClockTime running_time,
    const GstAiAgentStanding *standing)
{
  static const gchar *const states[] = {
    [GST_VOICE_AGENT_CONNECTING] = "connecting",
    [GST_VOICE_AGENT_READY] = "ready",
    [GST_VOICE_AGENT_RETRYING] = "retrying",
    [GST_VOICE_AGENT_FAILED] = "failed",
  };
  GstStructure *s = new_facts ("aiagent/backend", session, running_time);

  gst_structure_set (s, "backend", G_TYPE_STRING,
      text_or_empty (standing->backend), "model", G_TYPE_STRING,
      text_or_empty (standing->model), "state", G_TYPE_STRING,
      states[standing->state], "dialogue", G_TYPE_UINT64, standing->dialogue,
      "reason", G_TYPE_STRING, text_or_empty (standing->reason), NULL);
  return s;
}

static void
set_stage (GstStructure *s, const TurnMeter *meter, TurnStage stage)
{
  const gchar *name = turn_stage_get_name (stage);
  g_autofree gchar *p50 = g_strconcat (name, "-p50", NULL);
  g_autofree gchar *p95 = g_strconcat (name, "-p95", NULL);

  gst_structure_set (s, p50, G_TYPE_UINT64,
      meter ? turn_meter_get (meter, stage, 0.5) : 0, p95, G_TYPE_UINT64,
      meter ? turn_meter_get (meter, stage, 0.95) : 0, NULL);
}

GstStructure *
gst_aiagent_stats_structure (const GstAiAgentStats *stats)
{
  GstStructure *s = gst_structure_new ("application/x-aiagent-stats", "backend",
      G_TYPE_STRING, text_or_empty (stats->backend), "model", G_TYPE_STRING,
      text_or_empty (stats->model), "vad", G_TYPE_STRING, stats->vad,
      "in-dialogue", G_TYPE_BOOLEAN, stats->in_dialogue, "speaking",
      G_TYPE_BOOLEAN, stats->speaking, "listening", G_TYPE_BOOLEAN,
      stats->listening, "on-hold", G_TYPE_BOOLEAN, stats->on_hold, "dialogues",
      G_TYPE_UINT64, stats->dialogues, "turns", G_TYPE_UINT64, stats->turns,
      "answers", G_TYPE_UINT64, stats->answers, "interruptions", G_TYPE_UINT64,
      stats->interruptions, "frames-in", G_TYPE_UINT64, stats->frames_in,
      "frames-out", G_TYPE_UINT64, stats->frames_out, "frames-spoken",
      G_TYPE_UINT64, stats->frames_spoken, "heard", G_TYPE_UINT64, stats->heard,
      "pending", G_TYPE_UINT64, stats->pending, "turn-around-last",
      G_TYPE_UINT64, stats->turn_around_last, "turn-around-p50", G_TYPE_UINT64,
      stats->turn_around_p50, "turn-around-p95", G_TYPE_UINT64,
      stats->turn_around_p95, "turn-around-p99", G_TYPE_UINT64,
      stats->turn_around_p99, NULL);

  for (TurnStage stage = TURN_STAGE_DETECTION; stage < TURN_N_STAGES; stage++)
    set_stage (s, stats->meter, stage);
  return s;
}
