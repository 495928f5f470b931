/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gatewaycall.h"
#include "gatewayconfig.h"
#include "gatewaylog.h"

G_BEGIN_DECLS

/* What the gateway has counted, as Prometheus reads it: GET /metrics, and GET /health,
 * which is 200 while every route takes calls, else 503. Main thread only. */

typedef struct _GatewayMetrics GatewayMetrics;

/* The present, which is asked for when somebody reads. */
typedef struct
{
  guint calls; /* up */
  guint waiting, taken, ending; /* lines */
} GatewayGauge;

enum
{
  GATEWAY_N_CHANNELS = 2, /* "sip", "webrtc" */
  GATEWAY_N_REFUSALS = 4,
};

/* "busy" and so on: the fields of `stats` without "refused-". */
extern const gchar *const gateway_metrics_refusals[GATEWAY_N_REFUSALS];

/* Calls that no line ever had. */
typedef struct
{
  guint counts[GATEWAY_N_CHANNELS][GATEWAY_N_REFUSALS];
} GatewayRefusals;

typedef void (*GatewayRefusalsFunc) (GatewayRefusals *refusals, gpointer user);
typedef void (*GatewayGaugeFunc) (const LaunchRoute *route, GatewayGauge *gauge,
    gpointer user);

GatewayMetrics *gateway_metrics_new (const GatewayConfig *config,
    GatewayGaugeFunc gauge, GatewayRefusalsFunc refusals, gpointer user);
void gateway_metrics_free (GatewayMetrics *self);

/* FALSE with @error: the address cannot be used. */
gboolean gateway_metrics_listen (GatewayMetrics *self, const gchar *host,
    guint16 port, GError **error);
/* Whose losses are told, too. */
void gateway_metrics_set_log (GatewayMetrics *self, GatewayLog *log);
void gateway_metrics_set_draining (GatewayMetrics *self);

/* A line failed. */
void gateway_metrics_count_failure (GatewayMetrics *self,
    const LaunchRoute *route);
/* A call is over. */
void gateway_metrics_count_call (GatewayMetrics *self, const LaunchRoute *route,
    const GatewayCall *call);
/* Seconds. */
void gateway_metrics_observe_setup (GatewayMetrics *self, gdouble seconds);
void gateway_metrics_observe_turn (GatewayMetrics *self, gdouble seconds);

/* Calls of all routes that are over, and those of them never answered. */
guint64 gateway_metrics_get_done (const GatewayMetrics *self);
guint64 gateway_metrics_get_failed (const GatewayMetrics *self);

/* What GET /metrics answers; (transfer full). */
gchar *gateway_metrics_to_text (GatewayMetrics *self);

G_END_DECLS
