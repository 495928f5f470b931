/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "callmetrics.h"
#include "agentmetrics.h"
#include "metricsserver.h"
#include "metricstext.h"

static const gchar *const channels[CALL_N_CHANNELS] = { "sip", "webrtc" };

const gchar *const call_metrics_refusals[CALL_N_REFUSALS] = { "busy", "unknown",
  "unavailable", "bad" };

typedef struct
{
  const LaunchRoute *route;
  guint64 answered[CALL_N_CHANNELS], unanswered[CALL_N_CHANNELS]; /* calls that
                                                                   * are over */
  guint64 failures; /* of lines */
  guint64 received, lost, concealed; /* packets, packets, frames */
} RouteCounts;

struct _CallMetrics
{
  RouteCounts *routes;
  guint n_routes;
  MetricsHistogram setup, turn, jitter, mos;
  AgentMetrics agents;
  CallRefusals refused; /* when they were asked for last */
  const CallMetricsPresent *present;
  gpointer user;
  MetricsServer *server; /* or NULL */
  gboolean draining;
};

/* ---- Counting */

static RouteCounts *
counts_of (CallMetrics *self, const LaunchRoute *route)
{
  for (guint i = 0; i < self->n_routes; i++)
    if (self->routes[i].route == route)
      return &self->routes[i];
  g_return_val_if_reached (NULL);
}

void
call_metrics_count_failure (CallMetrics *self, const LaunchRoute *route)
{
  counts_of (self, route)->failures++;
}

static guint64
media_counter (const CallRecord *call, const gchar *name)
{
  guint64 value = 0;

  if (call->media)
    gst_structure_get_uint64 (call->media, name, &value);
  return value;
}

static guint
channel_of (const CallRecord *call)
{
  guint i = 0;

  while (i < CALL_N_CHANNELS - 1 && !g_str_equal (channels[i], call->channel))
    i++;
  return i;
}

static void
count_agent (CallMetrics *self, const CallAgent *agent)
{
  const GstClockTime first = call_agent_get_first_audio (agent);

  if (agent->name)
    agent_metrics_count_reconnects (&self->agents, agent->name, 0);
  if (GST_CLOCK_TIME_IS_VALID (first))
    agent_metrics_observe_first_audio (&self->agents,
        (gdouble) first / GST_SECOND);
}

void
call_metrics_count_call (CallMetrics *self, const LaunchRoute *route,
    const CallRecord *call)
{
  RouteCounts *counts = counts_of (self, route);

  if (call_record_is_answered (call))
    counts->answered[channel_of (call)]++;
  else
    counts->unanswered[channel_of (call)]++;
  count_agent (self, &call->agent);
  counts->received += media_counter (call, "packets-received");
  counts->lost += media_counter (call, "packets-lost");
  counts->concealed += media_counter (call, "frames-concealed");
  if (media_counter (call, "packets-received"))
    metrics_histogram_observe (&self->jitter,
        (gdouble) media_counter (call, "jitter") / GST_SECOND);
  gdouble mos = 0;
  if (call->media)
    gst_structure_get_double (call->media, "mos", &mos);
  if (mos > 0)
    metrics_histogram_observe (&self->mos, mos);
}

void
call_metrics_observe_setup (CallMetrics *self, gdouble seconds)
{
  metrics_histogram_observe (&self->setup, seconds);
}

void
call_metrics_observe_turn (CallMetrics *self, gdouble seconds)
{
  metrics_histogram_observe (&self->turn, seconds);
}

void
call_metrics_count_reconnect (CallMetrics *self, const gchar *agent)
{
  agent_metrics_count_reconnects (&self->agents, agent ? agent : "", 1);
}

void
call_metrics_count_usage (CallMetrics *self, const GstStructure *fact)
{
  const gchar *agent = gst_structure_get_string (fact, "backend");
  const gchar *model = gst_structure_get_string (fact, "model");
  guint64 input = 0, output = 0;

  gst_structure_get_uint64 (fact, "input-tokens", &input);
  gst_structure_get_uint64 (fact, "output-tokens", &output);
  agent_metrics_count_tokens (&self->agents, agent ? agent : "",
      model ? model : "", input, output);
}

guint64
call_metrics_get_unanswered (const CallMetrics *self)
{
  guint64 n = 0;

  for (guint i = 0; i < self->n_routes; i++)
    for (guint j = 0; j < CALL_N_CHANNELS; j++)
      n += self->routes[i].unanswered[j];
  return n;
}

guint64
call_metrics_get_done (const CallMetrics *self)
{
  guint64 n = call_metrics_get_unanswered (self);

  for (guint i = 0; i < self->n_routes; i++)
    for (guint j = 0; j < CALL_N_CHANNELS; j++)
      n += self->routes[i].answered[j];
  return n;
}

/* ---- Text */

static void
add_sample (GString *out, const gchar *name, const LaunchRoute *route,
    const gchar *label, const gchar *value, gdouble number)
{
  g_autofree gchar *escaped = metrics_text_escape_label (route->name);

  g_string_append_printf (out, "%s{route=\"%s\"", name, escaped);
  if (label)
    g_string_append_printf (out, ",%s=\"%s\"", label, value);
  g_string_append (out, "} ");
  metrics_text_add_number (out, number);
}

static void
add_gauges (CallMetrics *self, GString *out)
{
  g_autofree CallGauge *gauges = g_new0 (CallGauge, self->n_routes);

  for (guint i = 0; i < self->n_routes; i++)
    self->present->gauge (self->routes[i].route, &gauges[i], self->user);
  metrics_text_add_head (out, "voice_gateway_calls", "gauge",
      "Calls that are up");
  for (guint i = 0; i < self->n_routes; i++)
    add_sample (out, "voice_gateway_calls", self->routes[i].route, NULL, NULL,
        gauges[i].calls);
  metrics_text_add_head (out, "voice_gateway_lines", "gauge",
      "Lines, by what they do");
  for (guint i = 0; i < self->n_routes; i++) {
    add_sample (out, "voice_gateway_lines", self->routes[i].route, "state",
        "waiting", gauges[i].waiting);
    add_sample (out, "voice_gateway_lines", self->routes[i].route, "state",
        "taken", gauges[i].taken);
    add_sample (out, "voice_gateway_lines", self->routes[i].route, "state",
        "ending", gauges[i].ending);
  }
  metrics_text_add_head (out, "voice_gateway_lines_limit", "gauge",
      "Lines that there may be at most");
  for (guint i = 0; i < self->n_routes; i++)
    add_sample (out, "voice_gateway_lines_limit", self->routes[i].route, NULL,
        NULL, self->routes[i].route->lines);
}

/* In the words of the records. */
static void
add_calls (const RouteCounts *counts, GString *out)
{
  g_autofree gchar *route = metrics_text_escape_label (counts->route->name);

  for (guint i = 0; i < CALL_N_CHANNELS; i++)
    g_string_append_printf (out,
        "voice_gateway_calls_total{route=\"%s\",channel=\"%s\","
        "disposition=\"answered\"} %" G_GUINT64_FORMAT "\n"
        "voice_gateway_calls_total{route=\"%s\",channel=\"%s\","
        "disposition=\"unanswered\"} %" G_GUINT64_FORMAT "\n",
        route, channels[i], counts->answered[i], route, channels[i],
        counts->unanswered[i]);
}

static void
add_counters (CallMetrics *self, GString *out)
{
  const struct
  {
    const gchar *name, *help;
    gsize offset;
  } counters[] = {
    { "voice_gateway_line_failures_total", "Lines that ended with an error",
        G_STRUCT_OFFSET (RouteCounts, failures) },
    { "voice_gateway_rtp_packets_received_total",
        "RTP packets received, on the phone those in time, of calls that are over",
        G_STRUCT_OFFSET (RouteCounts, received) },
    { "voice_gateway_rtp_packets_lost_total", "RTP packets that did not come",
        G_STRUCT_OFFSET (RouteCounts, lost) },
    { "voice_gateway_frames_concealed_total",
        "Frames of 20 ms made up for lost ones",
        G_STRUCT_OFFSET (RouteCounts, concealed) },
  };

  metrics_text_add_head (out, "voice_gateway_calls_total", "counter",
      "Calls that are over, by what came of them");
  for (guint i = 0; i < self->n_routes; i++)
    add_calls (&self->routes[i], out);
  for (guint c = 0; c < G_N_ELEMENTS (counters); c++) {
    metrics_text_add_head (out, counters[c].name, "counter", counters[c].help);
    for (guint i = 0; i < self->n_routes; i++)
      add_sample (out, counters[c].name, self->routes[i].route, NULL, NULL,
          G_STRUCT_MEMBER (guint64, &self->routes[i], counters[c].offset));
  }
}

static void
add_refusals (CallMetrics *self, GString *out)
{
  self->present->refusals (&self->refused, self->user);
  metrics_text_add_head (out, "voice_gateway_calls_refused_total", "counter",
      "Calls that no line ever had, so that there is no record of them");
  for (guint i = 0; i < CALL_N_CHANNELS; i++)
    for (guint j = 0; j < CALL_N_REFUSALS; j++)
      g_string_append_printf (out,
          "voice_gateway_calls_refused_total{channel=\"%s\",reason=\"%s\"} "
          "%u\n",
          channels[i], call_metrics_refusals[j], self->refused.counts[i][j]);
}

gchar *
call_metrics_to_text (CallMetrics *self)
{
  GString *out = g_string_new (NULL);

  add_gauges (self, out);
  add_counters (self, out);
  add_refusals (self, out);
  metrics_text_add_histogram (out, "voice_gateway_setup_seconds",
      "From INVITE to 200, or from a browser's offer to its connection",
      &self->setup);
  metrics_text_add_histogram (out, "voice_gateway_turn_around_seconds",
      "From the end of a caller's words to the agent's first sound",
      &self->turn);
  metrics_text_add_histogram (out, "voice_gateway_rtp_jitter_seconds",
      "Jitter of the RTP that came in, at the end of calls", &self->jitter);
  agent_metrics_add_text (&self->agents, out);
  metrics_text_add_histogram (out, "voice_gateway_mos",
      "What phones were like to hear, by the E-model, at the end of calls",
      &self->mos);
  metrics_text_add_alone (out, "voice_gateway_draining", "gauge",
      "1: no new calls", self->draining);
  metrics_text_add_alone (out, "voice_gateway_log_records_lost_total",
      "counter", "Events and records of calls that could not be written",
      self->present->lost (self->user));
  metrics_text_add_process (out);
  return g_string_free (out, FALSE);
}

/* ---- HTTP */

static const gchar *
health (gpointer user, gboolean *good)
{
  const CallMetrics *self = user;

  *good = FALSE;
  if (self->draining)
    return "draining\n";
  for (guint i = 0; i < self->n_routes; i++) {
    CallGauge gauge = { 0 };
    self->present->gauge (self->routes[i].route, &gauge, self->user);
    if (!gauge.waiting && !gauge.taken)
      return "a route has no line\n";
  }
  *good = TRUE;
  return "ok\n";
}

static gchar *
make_text (gpointer user)
{
  return call_metrics_to_text (user);
}

gboolean
call_metrics_listen (CallMetrics *self, const gchar *host, guint16 port,
    GError **error)
{
  static const MetricsServerTexts texts = { make_text, health };

  self->server = metrics_server_new (host, port, &texts, self, error);
  return self->server != NULL;
}

void
call_metrics_set_draining (CallMetrics *self)
{
  self->draining = TRUE;
}

/* ---- Life */

CallMetrics *
call_metrics_new (const GPtrArray *routes, const CallMetricsPresent *present,
    gpointer user)
{
  CallMetrics *self = g_new0 (CallMetrics, 1);

  self->mos.of_mos = TRUE;
  self->n_routes = routes->len;
  self->routes = g_new0 (RouteCounts, self->n_routes);
  for (guint i = 0; i < self->n_routes; i++)
    self->routes[i].route = g_ptr_array_index (routes, i);
  agent_metrics_init (&self->agents);
  self->present = present;
  self->user = user;
  return self;
}

void
call_metrics_free (CallMetrics *self)
{
  g_clear_pointer (&self->server, metrics_server_free);
  agent_metrics_clear (&self->agents);
  g_free (self->routes);
  g_free (self);
}
