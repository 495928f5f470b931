/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "launchcommand.h"
#include "lib/records/callmetrics.h"
#include "lib/records/eventlog.h"

G_BEGIN_DECLS

/* The lines of one route: keeps `warm` of them waiting for each entry, never more
 * than `lines` in all, and starts another whenever one is taken or has ended. */

typedef struct _LaunchPool LaunchPool;

/* A call of a line, to be told something. */
typedef struct
{
  struct _LaunchLine *line;
  const CallRecord *call;
  guint n; /* how many there are that were meant */
} LaunchPoolCall;

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
  /* May be NULL. A line tells something, before the log has it; a line has ended,
   * @error is NULL if well. */
  void (*told) (const gchar *line, const GstStructure *fields, gpointer user);
  void (*ended) (const gchar *line, const gchar *error, gpointer user);
  gpointer user;
} LaunchPoolShared;

LaunchPool *launch_pool_new (const LaunchRoute *route,
    LaunchPoolShared *shared);
/* All its lines have closed, or are left behind. */
void launch_pool_free (LaunchPool *self);

/* Starts the first lines; FALSE with @error if the launch text is none. */
gboolean launch_pool_start (LaunchPool *self, GError **error);

/* Notes in the log where its lines are called at an address and name that another
 * route has already. @owners: place -> LaunchRoute; takes its own in. */
void launch_pool_claim_places (const LaunchPool *self, GHashTable *owners);

/* No new calls: all lines refuse them. */
void launch_pool_drain (LaunchPool *self);
/* Then, when no call is under way to a line any more: those without one close, but
 * for one of each address, which goes on refusing. @kept: addresses that have one
 * already. */
void launch_pool_close_idle (LaunchPool *self, GHashTable *kept);

/* A line that waits calls @uri: its id, else NULL with what came of it. */
const gchar *launch_pool_dial (LaunchPool *self, const gchar *uri,
    LaunchCommandResult *result);
/* Adds those that are called @call_id, or all (NULL). */
void launch_pool_find_calls (const LaunchPool *self, const gchar *call_id,
    LaunchPoolCall *found);
LaunchCommandResult launch_pool_call_run (const LaunchPoolCall *self,
    const gchar *command, const gchar *argument);

/* Ends the calls that are up, and all lines. */
void launch_pool_close (LaunchPool *self);

/* Lines that serve a call, or have. */
guint launch_pool_get_taken (const LaunchPool *self);
/* Those that start count as waiting. */
guint launch_pool_get_waiting (const LaunchPool *self);
guint launch_pool_get_starting (const LaunchPool *self);
/* Lines that are over and have not closed yet. */
guint launch_pool_get_ending (const LaunchPool *self);
guint launch_pool_get_calls (const LaunchPool *self);
/* Takes what the elements of a line know of calls that no line ever had. */
void launch_pool_read_refusals (const LaunchPool *self, CallRefusals *refusals);
const LaunchRoute *launch_pool_get_route (const LaunchPool *self);

G_END_DECLS
