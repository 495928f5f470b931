/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "lib/records/eventlog.h"
#include "lib/records/callmetrics.h"

G_BEGIN_DECLS

/* The lines of one route: keeps `warm` of them waiting for each entry, never more
 * than `lines` in all, and starts another whenever one is taken or has ended. */

typedef struct _GatewayPool GatewayPool;

/* What the pools of a process share. */
typedef struct
{
  EventLog *log;
  CallMetrics *metrics;
  guint next_number; /* of a line */
  /* A line has ended, or has closed: maybe it was the last. */
  void (*changed) (gpointer user);
  /* None of a route's first lines works: there is no use in going on. */
  void (*hopeless) (gpointer user);
  /* Lines of all routes without a call, whose files are not open yet. */
  guint (*waiting) (gpointer user);
  gpointer user;
} GatewayShared;

GatewayPool *gateway_pool_new (const LaunchRoute *route, GatewayShared *shared);
/* All its lines have closed, or are left behind. */
void gateway_pool_free (GatewayPool *self);

/* Starts the first lines; FALSE with @error if the launch text is none. */
gboolean gateway_pool_start (GatewayPool *self, GError **error);

/* Notes in the log where its lines are called at an address and name that another
 * route has already. @owners: place -> LaunchRoute; takes its own in. */
void gateway_pool_claim_places (const GatewayPool *self, GHashTable *owners);

/* No new calls: all lines refuse them. */
void gateway_pool_drain (GatewayPool *self);
/* Then, when no call is under way to a line any more: those without one close, but
 * for one of each address, which goes on refusing. @kept: addresses that have one
 * already. */
void gateway_pool_close_idle (GatewayPool *self, GHashTable *kept);

/* Ends the calls that are up, and all lines. */
void gateway_pool_close (GatewayPool *self);

/* Lines that serve a call, or have. */
guint gateway_pool_get_taken (const GatewayPool *self);
/* Those that start count as waiting. */
guint gateway_pool_get_waiting (const GatewayPool *self);
guint gateway_pool_get_starting (const GatewayPool *self);
/* Lines that are over and have not closed yet. */
guint gateway_pool_get_ending (const GatewayPool *self);
guint gateway_pool_get_calls (const GatewayPool *self);
/* Takes what the elements of a line know of calls that no line ever had. */
void gateway_pool_read_refusals (const GatewayPool *self,
    CallRefusals *refusals);
const LaunchRoute *gateway_pool_get_route (const GatewayPool *self);

G_END_DECLS
