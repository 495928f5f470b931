/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "callagent.h"

void
call_agent_init (CallAgent *self)
{
  *self = (CallAgent){ .answered = GST_CLOCK_TIME_NONE,
    .first_audio = GST_CLOCK_TIME_NONE };
}

void
call_agent_clear (CallAgent *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->model, g_free);
}

/* ---- Facts */

/* Those told first count: of a room with several agents one. */
static void
take_names (CallAgent *self, const GstStructure *fact)
{
  const gchar *name = gst_structure_get_string (fact, "backend");

  if (self->name || !name || !*name)
    return;
  self->name = g_strdup (name);
  self->model = g_strdup (gst_structure_get_string (fact, "model"));
}

void
call_agent_answered (CallAgent *self, const GstStructure *message)
{
  if (!GST_CLOCK_TIME_IS_VALID (self->answered))
    gst_structure_get_uint64 (message, "running-time", &self->answered);
}

/* What was said to others in the room before this call was answered does not count. The
 * answer may be told a moment later than what was said behind it. */
static void
take_turn (CallAgent *self, const GstStructure *fact, gboolean is_own)
{
  const gboolean answered = GST_CLOCK_TIME_IS_VALID (self->answered);
  guint64 first = 0;

  if (g_strcmp0 (gst_structure_get_string (fact, "state"),
          "response-started") ||
      !gst_structure_get_uint64 (fact, "first-audio-out", &first) || !first)
    return;
  if (GST_CLOCK_TIME_IS_VALID (self->first_audio) &&
      (self->is_own || (answered && self->first_audio >= self->answered)))
    return;
  self->first_audio = first;
  self->is_own = is_own;
}

static gboolean
take_state (CallAgent *self, const GstStructure *fact)
{
  const gchar *state = gst_structure_get_string (fact, "state");

  if (!g_strcmp0 (state, "ready"))
    self->ready = TRUE;
  if (!self->ready || g_strcmp0 (state, "retrying"))
    return FALSE;
  self->reconnects++;
  return TRUE;
}

/* No sum is so large, but anybody's backend may say what it likes. */
static void
add (guint64 *sum, const GstStructure *fact, const gchar *field)
{
  guint64 more = 0;

  gst_structure_get_uint64 (fact, field, &more);
  *sum = MIN (more, G_MAXINT64 - *sum) + *sum;
}

gboolean
call_agent_take (CallAgent *self, const GstStructure *fact, gboolean is_own)
{
  take_names (self, fact);
  if (gst_structure_has_name (fact, "aiagent/turn"))
    take_turn (self, fact, is_own);
  if (gst_structure_has_name (fact, "aiagent/usage")) {
    self->told_usage = TRUE;
    add (&self->input_tokens, fact, "input-tokens");
    add (&self->output_tokens, fact, "output-tokens");
  }
  return gst_structure_has_name (fact, "aiagent/backend") &&
      take_state (self, fact);
}

void
call_agent_read_stats (CallAgent *self, const GstStructure *stats)
{
  take_names (self, stats);
}

GstClockTime
call_agent_get_first_audio (const CallAgent *self)
{
  if (!GST_CLOCK_TIME_IS_VALID (self->answered) ||
      !GST_CLOCK_TIME_IS_VALID (self->first_audio))
    return GST_CLOCK_TIME_NONE;
  if (self->first_audio >= self->answered)
    return self->first_audio - self->answered;
  return self->is_own ? 0 : GST_CLOCK_TIME_NONE;
}

/* ---- The record */

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text ? text : "");
}

static void
add_number (JsonBuilder *builder, const gchar *name, gboolean known,
    guint64 number)
{
  json_builder_set_member_name (builder, name);
  if (known)
    json_builder_add_int_value (builder, (gint64) number);
  else
    json_builder_add_null_value (builder);
}

void
call_agent_describe (const CallAgent *self, JsonBuilder *builder)
{
  const GstClockTime first = call_agent_get_first_audio (self);

  add_string (builder, "agent", self->name);
  add_string (builder, "agent-model", self->model);
  add_number (builder, "agent-first-audio", GST_CLOCK_TIME_IS_VALID (first),
      (first + GST_MSECOND / 2) / GST_MSECOND);
  add_number (builder, "agent-reconnects", TRUE, self->reconnects);
  add_number (builder, "agent-tokens-in", self->told_usage, self->input_tokens);
  add_number (builder, "agent-tokens-out", self->told_usage,
      self->output_tokens);
}
