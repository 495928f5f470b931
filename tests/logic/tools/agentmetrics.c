/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/records/agentmetrics.h"

#include <string.h>

static gchar *
to_text (const AgentMetrics *metrics)
{
  GString *out = g_string_new (NULL);

  agent_metrics_add_text (metrics, out);
  return g_string_free (out, FALSE);
}

static void
assert_has (const gchar *text, const gchar *sample)
{
  g_autofree gchar *line = g_strdup_printf ("\n%s\n", sample);

  if (!strstr (text, line))
    g_error ("%s has no %s", text, sample);
}

static guint
count (const gchar *text, const gchar *part)
{
  guint n = 0;

  while ((text = strstr (text, part))) {
    n++;
    text += strlen (part);
  }
  return n;
}

/* Tokens by model, reconnects of all models of an agent. */
static void
test_labels (void)
{
  AgentMetrics metrics;

  agent_metrics_init (&metrics);
  agent_metrics_count_reconnects (&metrics, "local", 0);
  agent_metrics_count_tokens (&metrics, "openai", "a", 10, 1);
  agent_metrics_count_tokens (&metrics, "openai", "b", 5, 2);
  agent_metrics_count_tokens (&metrics, "openai", "a", 30, 4);
  agent_metrics_count_tokens (&metrics, "My\"Agent", "", 1, 0);
  agent_metrics_count_reconnects (&metrics, "openai", 1);
  agent_metrics_count_reconnects (&metrics, "openai", 2);
  g_autofree gchar *text = to_text (&metrics);
  assert_has (text, "voice_gateway_agent_reconnects_total{agent=\"local\"} 0");
  assert_has (text, "voice_gateway_agent_reconnects_total{agent=\"openai\"} 3");
  g_assert_cmpuint (count (text, "reconnects_total{"), ==, 2);
  assert_has (text,
      "voice_gateway_agent_tokens_total{agent=\"openai\",model=\"a\","
      "direction=\"in\"} 40");
  assert_has (text,
      "voice_gateway_agent_tokens_total{agent=\"openai\",model=\"a\","
      "direction=\"out\"} 5");
  assert_has (text,
      "voice_gateway_agent_tokens_total{agent=\"openai\",model=\"b\","
      "direction=\"out\"} 2");
  assert_has (text,
      "voice_gateway_agent_tokens_total{agent=\"My\\\"Agent\",model=\"\","
      "direction=\"in\"} 1");
  g_assert_cmpuint (count (text, "tokens_total{"), ==, 6);
  agent_metrics_clear (&metrics);
}

static void
test_first_audio (void)
{
  AgentMetrics metrics;

  agent_metrics_init (&metrics);
  agent_metrics_observe_first_audio (&metrics, 0.04);
  agent_metrics_observe_first_audio (&metrics, 3);
  g_autofree gchar *text = to_text (&metrics);
  assert_has (text,
      "voice_gateway_agent_first_audio_seconds_bucket{le=\"0.05\"} 1");
  assert_has (text, "voice_gateway_agent_first_audio_seconds_count 2");
  agent_metrics_clear (&metrics);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentmetrics/labels", test_labels);
  g_test_add_func ("/agentmetrics/first-audio", test_first_audio);
  return g_test_run ();
}
