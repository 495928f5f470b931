/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewaymetrics.h"
#include "metricstext.h"
#include "whip/httpguard.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_BODY 4096 /* octets; nobody needs one */

const gchar *const gateway_metrics_refusals[GATEWAY_N_REFUSALS] = { "busy",
  "unknown", "unavailable", "bad" };

typedef struct
{
  const LaunchRoute *route;
  guint64 answered, failed; /* calls that are over */
  guint64 failures; /* of lines */
  guint64 received, lost, concealed; /* packets, packets, frames */
} RouteCounts;

struct _GatewayMetrics
{
  RouteCounts *routes;
  guint n_routes;
  MetricsHistogram setup, turn, jitter;
  GatewayRefusals refused; /* when they were asked for last */
  GatewayGaugeFunc gauge;
  GatewayRefusalsFunc refusals;
  gpointer user;
  GatewayLog *log; /* or NULL */
  SoupServer *server;
  gboolean draining;
};

/* ---- Counting */

static RouteCounts *
counts_of (GatewayMetrics *self, const LaunchRoute *route)
{
  for (guint i = 0; i < self->n_routes; i++)
    if (self->routes[i].route == route)
      return &self->routes[i];
  g_return_val_if_reached (NULL);
}

void
gateway_metrics_count_failure (GatewayMetrics *self, const LaunchRoute *route)
{
  counts_of (self, route)->failures++;
}

static guint64
media_counter (const GatewayCall *call, const gchar *name)
{
  guint64 value = 0;

  if (call->media)
    gst_structure_get_uint64 (call->media, name, &value);
  return value;
}

void
gateway_metrics_count_call (GatewayMetrics *self, const LaunchRoute *route,
    const GatewayCall *call)
{
  RouteCounts *counts = counts_of (self, route);

  if (gateway_call_is_answered (call))
    counts->answered++;
  else
    counts->failed++;
  counts->received += media_counter (call, "packets-received");
  counts->lost += media_counter (call, "packets-lost");
  counts->concealed += media_counter (call, "frames-concealed");
  if (media_counter (call, "packets-received"))
    metrics_histogram_observe (&self->jitter,
        (gdouble) media_counter (call, "jitter") / GST_SECOND);
}

void
gateway_metrics_observe_setup (GatewayMetrics *self, gdouble seconds)
{
  metrics_histogram_observe (&self->setup, seconds);
}

void
gateway_metrics_observe_turn (GatewayMetrics *self, gdouble seconds)
{
  metrics_histogram_observe (&self->turn, seconds);
}

guint64
gateway_metrics_get_failed (const GatewayMetrics *self)
{
  guint64 n = 0;

  for (guint i = 0; i < self->n_routes; i++)
    n += self->routes[i].failed;
  return n;
}

guint64
gateway_metrics_get_done (const GatewayMetrics *self)
{
  guint64 n = gateway_metrics_get_failed (self);

  for (guint i = 0; i < self->n_routes; i++)
    n += self->routes[i].answered;
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
add_gauges (GatewayMetrics *self, GString *out)
{
  g_autofree GatewayGauge *gauges = g_new0 (GatewayGauge, self->n_routes);

  for (guint i = 0; i < self->n_routes; i++)
    self->gauge (self->routes[i].route, &gauges[i], self->user);
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

static void
add_counters (GatewayMetrics *self, GString *out)
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
  for (guint i = 0; i < self->n_routes; i++) {
    add_sample (out, "voice_gateway_calls_total", self->routes[i].route,
        "outcome", "answered", self->routes[i].answered);
    add_sample (out, "voice_gateway_calls_total", self->routes[i].route,
        "outcome", "failed", self->routes[i].failed);
  }
  for (guint c = 0; c < G_N_ELEMENTS (counters); c++) {
    metrics_text_add_head (out, counters[c].name, "counter", counters[c].help);
    for (guint i = 0; i < self->n_routes; i++)
      add_sample (out, counters[c].name, self->routes[i].route, NULL, NULL,
          G_STRUCT_MEMBER (guint64, &self->routes[i], counters[c].offset));
  }
}

static void
add_refusals (GatewayMetrics *self, GString *out)
{
  static const gchar *const channels[GATEWAY_N_CHANNELS] = { "sip", "webrtc" };

  self->refusals (&self->refused, self->user);
  metrics_text_add_head (out, "voice_gateway_calls_refused_total", "counter",
      "Calls that no line ever had, so that there is no record of them");
  for (guint i = 0; i < GATEWAY_N_CHANNELS; i++)
    for (guint j = 0; j < GATEWAY_N_REFUSALS; j++)
      g_string_append_printf (out,
          "voice_gateway_calls_refused_total{channel=\"%s\",reason=\"%s\"} "
          "%u\n",
          channels[i], gateway_metrics_refusals[j], self->refused.counts[i][j]);
}

gchar *
gateway_metrics_to_text (GatewayMetrics *self)
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
  metrics_text_add_alone (out, "voice_gateway_draining", "gauge",
      "1: no new calls", self->draining);
  if (self->log)
    metrics_text_add_alone (out, "voice_gateway_log_records_lost_total",
        "counter", "Events and records of calls that could not be written",
        gateway_log_get_lost (self->log));
  metrics_text_add_process (out);
  return g_string_free (out, FALSE);
}

/* ---- HTTP */

static const gchar *
health (GatewayMetrics *self)
{
  if (self->draining)
    return "draining\n";
  for (guint i = 0; i < self->n_routes; i++) {
    GatewayGauge gauge = { 0 };
    self->gauge (self->routes[i].route, &gauge, self->user);
    if (!gauge.waiting && !gauge.taken)
      return "a route has no line\n";
  }
  return "ok\n";
}

static void
respond (SoupServerMessage *message, guint status, const gchar *type,
    const gchar *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text,
      strlen (text));
}

static void
refuse_body (SoupServerMessage *message)
{
  respond (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "text/plain",
      "no bodies\n");
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user)
{
  GatewayMetrics *self = user;
  const gchar *method = soup_server_message_get_method (message);

  if (http_guard_is_too_long (message)) {
    refuse_body (message);
  } else if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD")) {
    respond (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "text/plain",
        "only GET\n");
  } else if (g_str_equal (path, "/metrics")) {
    g_autofree gchar *text = gateway_metrics_to_text (self);
    respond (message, SOUP_STATUS_OK,
        "text/plain; version=0.0.4; charset=utf-8", text);
  } else if (g_str_equal (path, "/health")) {
    const gchar *text = health (self);
    respond (message,
        g_str_equal (text, "ok\n") ? SOUP_STATUS_OK
                                   : SOUP_STATUS_SERVICE_UNAVAILABLE,
        "text/plain", text);
  } else {
    respond (message, SOUP_STATUS_NOT_FOUND, "text/plain",
        "/metrics or /health\n");
  }
}

gboolean
gateway_metrics_listen (GatewayMetrics *self, const gchar *host, guint16 port,
    GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (
      g_str_equal (host, "localhost") ? "127.0.0.1" : host);

  if (!address) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "metrics: \"%s\" is no IP address.", host);
    return FALSE;
  }
  g_autoptr (GSocketAddress) socket_address =
      g_inet_socket_address_new (address, port);
  self->server = soup_server_new ("server-header", "voice-gateway ", NULL);
  http_guard_add (self->server, MAX_BODY, refuse_body);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  if (http_guard_listen (self->server, socket_address, 0, error))
    return TRUE;
  g_prefix_error (error, "metrics, %s port %u: ", host, port);
  return FALSE;
}

void
gateway_metrics_set_log (GatewayMetrics *self, GatewayLog *log)
{
  self->log = log;
}

void
gateway_metrics_set_draining (GatewayMetrics *self)
{
  self->draining = TRUE;
}

/* ---- Life */

GatewayMetrics *
gateway_metrics_new (const GatewayConfig *config, GatewayGaugeFunc gauge,
    GatewayRefusalsFunc refusals, gpointer user)
{
  GatewayMetrics *self = g_new0 (GatewayMetrics, 1);

  self->n_routes = config->routes->len;
  self->routes = g_new0 (RouteCounts, self->n_routes);
  for (guint i = 0; i < self->n_routes; i++)
    self->routes[i].route = g_ptr_array_index (config->routes, i);
  self->gauge = gauge;
  self->refusals = refusals;
  self->user = user;
  return self;
}

void
gateway_metrics_free (GatewayMetrics *self)
{
  if (self->server)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_free (self->routes);
  g_free (self);
}
