/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentmetrics.h"

typedef struct
{
  gchar *name;
  gchar *model; /* NULL: that with the reconnects of all of this name */
  guint64 reconnects, input, output;
} Agent;

static void
agent_free (gpointer data)
{
  Agent *self = data;

  g_free (self->name);
  g_free (self->model);
  g_free (self);
}

void
agent_metrics_init (AgentMetrics *self)
{
  *self =
      (AgentMetrics){ .agents = g_ptr_array_new_with_free_func (agent_free) };
}

void
agent_metrics_clear (AgentMetrics *self)
{
  g_ptr_array_unref (self->agents);
}

static Agent *
get_agent (AgentMetrics *self, const gchar *name, const gchar *model)
{
  for (guint i = 0; i < self->agents->len; i++) {
    Agent *agent = g_ptr_array_index (self->agents, i);
    if (g_str_equal (agent->name, name) && !g_strcmp0 (agent->model, model))
      return agent;
  }
  Agent *agent = g_new0 (Agent, 1);
  agent->name = g_strdup (name);
  agent->model = g_strdup (model);
  g_ptr_array_add (self->agents, agent);
  return agent;
}

void
agent_metrics_count_reconnects (AgentMetrics *self, const gchar *agent, guint n)
{
  get_agent (self, agent, NULL)->reconnects += n;
}

void
agent_metrics_count_tokens (AgentMetrics *self, const gchar *agent,
    const gchar *model, guint64 input, guint64 output)
{
  Agent *counts = get_agent (self, agent, model);

  counts->input += input;
  counts->output += output;
}

void
agent_metrics_observe_first_audio (AgentMetrics *self, gdouble seconds)
{
  metrics_histogram_observe (&self->first_audio, seconds);
}

/* ---- Text */

static void
add_tokens (const Agent *agent, const gchar *direction, guint64 n, GString *out)
{
  g_autofree gchar *name = metrics_text_escape_label (agent->name);
  g_autofree gchar *model = metrics_text_escape_label (agent->model);

  g_string_append_printf (out,
      "voice_gateway_agent_tokens_total{agent=\"%s\",model=\"%s\","
      "direction=\"%s\"} %" G_GUINT64_FORMAT "\n",
      name, model, direction, n);
}

void
agent_metrics_add_text (const AgentMetrics *self, GString *out)
{
  metrics_text_add_head (out, "voice_gateway_agent_reconnects_total", "counter",
      "Times that an agent, lost in a call, was tried again");
  for (guint i = 0; i < self->agents->len; i++) {
    const Agent *agent = g_ptr_array_index (self->agents, i);
    g_autofree gchar *name = metrics_text_escape_label (agent->name);
    if (!agent->model)
      g_string_append_printf (out,
          "voice_gateway_agent_reconnects_total{agent=\"%s\"} "
          "%" G_GUINT64_FORMAT "\n",
          name, agent->reconnects);
  }
  metrics_text_add_head (out, "voice_gateway_agent_tokens_total", "counter",
      "Tokens of models, as their services count");
  for (guint i = 0; i < self->agents->len; i++) {
    const Agent *agent = g_ptr_array_index (self->agents, i);
    if (!agent->model)
      continue;
    add_tokens (agent, "in", agent->input, out);
    add_tokens (agent, "out", agent->output, out);
  }
  metrics_text_add_histogram (out, "voice_gateway_agent_first_audio_seconds",
      "From a call's answer to the agent's first sound", &self->first_audio);
}
