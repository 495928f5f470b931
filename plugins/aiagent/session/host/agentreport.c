/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentreport.h"

#include "common/pair/gstlatesetting.h"

void
agent_report_init (AgentReport *self, const gchar *name, GMutex *lock)
{
  *self = (AgentReport){ .name = g_strdup (name), .lock = lock };
}

void
agent_report_clear (AgentReport *self)
{
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->display_name, g_free);
  g_clear_pointer (&self->backend, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->name, g_free);
}

void
agent_report_name_unlocked (AgentReport *self, const GstVoiceCall *call)
{
  g_free (self->call_id);
  g_free (self->display_name);
  self->call_id = g_strdup (call ? call->call_id : "");
  self->display_name =
      g_strdup (call && call->display_name ? call->display_name : "");
}

void
agent_report_name_backend (AgentReport *self, const gchar *backend,
    const gchar *model)
{
  g_mutex_lock (self->lock);
  g_free (self->backend);
  g_free (self->model);
  self->backend = g_strdup (backend);
  self->model = g_strdup (model);
  g_mutex_unlock (self->lock);
}

gchar *
agent_report_dup_backend (AgentReport *self, gchar **model)
{
  g_mutex_lock (self->lock);
  gchar *backend = g_strdup (self->backend);
  *model = g_strdup (self->model);
  g_mutex_unlock (self->lock);
  return backend;
}

/* ---- To whom */

GstElement *
agent_report_dup_element (AgentReport *self, AgentRole role,
    AgentListener *listener)
{
  g_mutex_lock (self->lock);
  AgentReporter *reporter = &self->reporters[role];
  GstElement *element =
      reporter->element ? gst_object_ref (reporter->element) : NULL;
  *listener = reporter->listener;
  g_mutex_unlock (self->lock);
  return element;
}

/* src if there is one, else sink. */
static GstElement *
dup_speaker (AgentReport *self, AgentListener *listener)
{
  GstElement *element = agent_report_dup_element (self, AGENT_SRC, listener);

  return element ? element
                 : agent_report_dup_element (self, AGENT_SINK, listener);
}

GstClockTime
agent_report_get_now (AgentReport *self)
{
  AgentListener listener;
  GstElement *element = dup_speaker (self, &listener);
  GstClockTime now = GST_CLOCK_TIME_NONE;

  if (element)
    now = gst_element_get_current_running_time (element);
  gst_clear_object (&element);
  return GST_CLOCK_TIME_IS_VALID (now) ? now : 0;
}

/* ---- Facts */

static void
add_call (AgentReport *self, GstStructure *fact)
{
  g_mutex_lock (self->lock);
  if (!gst_structure_has_field (fact, "call-id"))
    gst_structure_set (fact, "call-id", G_TYPE_STRING,
        self->call_id ? self->call_id : "", NULL);
  if (gst_structure_has_name (fact, "aiagent/transcript"))
    gst_structure_set (fact, "display-name", G_TYPE_STRING,
        !g_strcmp0 (gst_structure_get_string (fact, "role"), "caller") &&
                self->display_name
            ? self->display_name
            : "",
        NULL);
  g_mutex_unlock (self->lock);
}

static void
log_fact (AgentReport *self, const GstStructure *fact)
{
  if (!agent_log_shows (GST_LEVEL_DEBUG))
    return;
  g_autofree gchar *line = agent_log_dup_fact (fact);
  AGENT_LOG (self, GST_LEVEL_DEBUG, "%s", line);
}

static void
tell (AgentReport *self, GstStructure *fact)
{
  AgentListener listener;
  GstElement *element = dup_speaker (self, &listener);

  add_call (self, fact);
  log_fact (self, fact);

  if (!element) {
    gst_structure_free (fact);
    return;
  }
  listener.fact (element, fact);
  gst_object_unref (element);
}

void
agent_report_turn (AgentReport *self, const GstAiAgentTurn *turn)
{
  tell (self,
      gst_aiagent_turn_structure (self->name, agent_report_get_now (self),
          turn));
}

void
agent_report_over_budget (AgentReport *self, const GstAiAgentOverBudget *over)
{
  tell (self,
      gst_aiagent_over_budget_structure (self->name,
          agent_report_get_now (self), over));
}

void
agent_report_transcript (AgentReport *self,
    const GstVoiceAgentTranscript *transcript, guint64 turn_id)
{
  tell (self,
      gst_aiagent_transcript_structure (self->name, agent_report_get_now (self),
          transcript, turn_id));
}

void
agent_report_heard (AgentReport *self, gchar *words, guint64 turn_id,
    GstClockTime start, GstClockTime end)
{
  const GstVoiceAgentTranscript heard = {
    .agent = TRUE,
    .text = words,
    .final = TRUE,
    .start = start,
    .end = end,
    .confidence = -1,
  };

  if (words)
    agent_report_transcript (self, &heard, turn_id);
  g_free (words);
}

void
agent_report_tool (AgentReport *self, const GstAiAgentTool *tool)
{
  tell (self,
      gst_aiagent_tool_structure (self->name, agent_report_get_now (self),
          tool));
}

void
agent_report_input (AgentReport *self, const gchar *type, const gchar *refusal)
{
  tell (self,
      gst_aiagent_input_structure (self->name, agent_report_get_now (self),
          type, refusal));
}

void
agent_report_usage (AgentReport *self, guint64 input_tokens,
    guint64 output_tokens)
{
  g_autofree gchar *model = NULL;
  g_autofree gchar *backend = agent_report_dup_backend (self, &model);
  const GstAiAgentUsage usage = { backend, model, input_tokens, output_tokens };

  tell (self,
      gst_aiagent_usage_structure (self->name, agent_report_get_now (self),
          &usage));
}

void
agent_report_state (AgentReport *self, const gchar *call_id, guint64 dialogue,
    GstVoiceAgentState state, const gchar *reason)
{
  g_autofree gchar *model = NULL;
  g_autofree gchar *backend = agent_report_dup_backend (self, &model);
  const GstAiAgentStanding standing = { backend, model, reason, state,
    dialogue };
  GstStructure *fact = gst_aiagent_backend_structure (self->name,
      agent_report_get_now (self), &standing);

  if (call_id)
    gst_structure_set (fact, "call-id", G_TYPE_STRING, call_id, NULL);
  tell (self, fact);
}

/* ---- What is no fact */

void
agent_report_warning (AgentReport *self, const GError *error)
{
  AgentListener listener;
  GstElement *element = dup_speaker (self, &listener);

  AGENT_LOG (self, GST_LEVEL_DEBUG, "the backend warns: %s", error->message);
  if (!element)
    return;
  gst_element_post_message (element,
      gst_message_new_warning (GST_OBJECT (element), (GError *) error, NULL));
  gst_object_unref (element);
}

void
agent_report_failure (AgentReport *self, const GError *error)
{
  AgentListener listener;
  GstElement *element = dup_speaker (self, &listener);

  AGENT_LOG (self, GST_LEVEL_DEBUG, "the backend failed: %s", error->message);
  if (!element)
    return;
  listener.failed (element, error);
  gst_object_unref (element);
}

void
agent_report_late_setting (AgentReport *self, const gchar *name)
{
  AgentListener listener;
  GstElement *element = dup_speaker (self, &listener);

  if (!element)
    return;
  gst_late_setting_tell (element, name);
  gst_object_unref (element);
}

void
agent_report_frame (AgentReport *self, gconstpointer data, gsize size)
{
  AgentListener listener;
  GstElement *element = agent_report_dup_element (self, AGENT_SRC, &listener);

  if (!element)
    return;
  listener.frame (element, data, size);
  gst_object_unref (element);
}

void
agent_report_end (AgentReport *self)
{
  AgentListener listener;
  GstElement *element = agent_report_dup_element (self, AGENT_SRC, &listener);

  if (!element)
    return;
  listener.end (element);
  gst_object_unref (element);
}

/* ---- The log */

void
agent_report_log (AgentReport *self, const gchar *call_id, GstDebugLevel level,
    const gchar *file, const gchar *function, gint line, const gchar *format,
    ...)
{
  va_list arguments;

  g_mutex_lock (self->lock);
  if (!call_id)
    call_id = self->call_id;
  g_autofree gchar *id = g_strdup (call_id && *call_id ? call_id : self->name);
  g_mutex_unlock (self->lock);
  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_log_write (id, level, file, function, line, text);
}
