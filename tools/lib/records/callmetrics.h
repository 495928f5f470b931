/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "callrecord.h"
#include "lib/logic/launchroute.h"

G_BEGIN_DECLS

/* What was counted of the calls of all routes, as Prometheus reads it: GET /metrics, and GET /health,
 * which is 200 while every route takes calls, else 503. Main thread only. */

typedef struct _CallMetrics CallMetrics;

/* The present, which is asked for when somebody reads. */
typedef struct
{
  guint calls; /* up */
  guint waiting, taken, ending; /* lines */
} CallGauge;

enum
{
  CALL_N_CHANNELS = 2, /* "sip", "webrtc" */
  CALL_N_REFUSALS = 4,
};

/* "busy" and so on: the fields of `stats` without "refused-". */
extern const gchar *const call_metrics_refusals[CALL_N_REFUSALS];

/* Calls that no line ever had. */
typedef struct
{
  guint counts[CALL_N_CHANNELS][CALL_N_REFUSALS];
} CallRefusals;

/* Who knows the present. */
typedef struct
{
  void (*gauge) (const LaunchRoute *route, CallGauge *gauge, gpointer user);
  void (*refusals) (CallRefusals *refusals, gpointer user);
  /* Events and records that were not written. */
  guint64 (*lost) (gpointer user);
} CallMetricsPresent;

/* @routes: of LaunchRoute, which stay. */
CallMetrics *call_metrics_new (const GPtrArray *routes,
    const CallMetricsPresent *present, gpointer user);
void call_metrics_free (CallMetrics *self);

/* FALSE with @error: the address cannot be used. */
gboolean call_metrics_listen (CallMetrics *self, const gchar *host,
    guint16 port, GError **error);
void call_metrics_set_draining (CallMetrics *self);

/* A line failed. */
void call_metrics_count_failure (CallMetrics *self, const LaunchRoute *route);
/* A call is over. */
void call_metrics_count_call (CallMetrics *self, const LaunchRoute *route,
    const CallRecord *call);
/* Seconds. */
void call_metrics_observe_setup (CallMetrics *self, gdouble seconds);
void call_metrics_observe_turn (CallMetrics *self, gdouble seconds);

/* Of agents, as they are told: see agentmetrics.h. */
void call_metrics_count_reconnect (CallMetrics *self, const gchar *agent);
void call_metrics_count_usage (CallMetrics *self, const GstStructure *fact);

/* Calls of all routes that are over, and those of them never answered. */
guint64 call_metrics_get_done (const CallMetrics *self);
guint64 call_metrics_get_unanswered (const CallMetrics *self);

/* What GET /metrics answers; (transfer full). */
gchar *call_metrics_to_text (CallMetrics *self);

G_END_DECLS
