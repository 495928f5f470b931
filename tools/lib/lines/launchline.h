/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "launchcommand.h"
#include "lib/logic/launchroute.h"
#include "lib/records/callrecord.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A line: one pipeline that runs a route's launch text, waits for a call, serves it,
 * ends. Main thread only; the pipeline starts and stops in a worker, so that a slow one
 * holds up nobody. */

typedef struct _LaunchLine LaunchLine;

typedef enum
{
  LAUNCH_LINE_STARTING,
  LAUNCH_LINE_WAITING,
  LAUNCH_LINE_TAKEN, /* a call began, and be it over: it takes no other */
} LaunchLineState;

typedef struct
{
  /* An element message of ours. */
  void (*event) (LaunchLine *line, const GstStructure *fields, gpointer user);
  /* An error or a warning. */
  void (*problem) (LaunchLine *line, GstMessage *message, gpointer user);
  /* Its first call begins. */
  void (*taken) (LaunchLine *line, gpointer user);
  /* A call was answered, a turn had an answer after @turn_around ns, a call is
   * over. */
  void (*answered) (LaunchLine *line, const CallRecord *call, gpointer user);
  void (*turn) (LaunchLine *line, guint64 turn_around, gpointer user);
  void (*over) (LaunchLine *line, const CallRecord *call, gpointer user);
  /* A fact of an agent, once whatever its calls; @again: it was lost, and is tried again. */
  void (*agent) (LaunchLine *line, const GstStructure *fact, gboolean again,
      gpointer user);
  /* Another call, which no line had, was refused. */
  void (*refused) (LaunchLine *line, const CallRecord *call, gpointer user);
  /* EOS (@error is NULL) or an error. Whoever is told closes the line. */
  void (*ended) (LaunchLine *line, const gchar *error, gpointer user);
  /* Its start, or its end, takes longer than it should. */
  void (*slow) (LaunchLine *line, gboolean stopping, gpointer user);
  /* launch_line_close() has done all; @line is gone when this returns. */
  void (*closed) (LaunchLine *line, gpointer user);
} LaunchLineListener;

/* Parses, sets, does not start. @number is that of the line in this process.
 * @busy_wait: ms that callers wait for a line. NULL with @error. */
LaunchLine *launch_line_new (const LaunchRoute *route, const gchar *entry,
    guint number, guint busy_wait, const LaunchLineListener *listener,
    gpointer user, GError **error);
void launch_line_start (LaunchLine *self);
/* Ends its calls for @cause, gives files time to be finished, stops. */
void launch_line_close (LaunchLine *self, const gchar *cause);

/* No new calls, and say so. */
void launch_line_drain (LaunchLine *self);

/* Calls @uri, if it waits. What comes of it is told. */
LaunchCommandResult launch_line_dial (LaunchLine *self, const gchar *uri);
/* The call that has @call_id; NULL: any. NULL if there is none; how many there are is
 * added to *@n. */
const CallRecord *launch_line_find_call (const LaunchLine *self,
    const gchar *call_id, guint *n);
/* See launch_command_run(). */
LaunchCommandResult launch_line_run (LaunchLine *self, const CallRecord *call,
    const gchar *command, const gchar *argument);

LaunchLineState launch_line_get_state (const LaunchLine *self);
/* Its listener was told so. */
gboolean launch_line_has_ended (const LaunchLine *self);
/* How many calls it has now. */
guint launch_line_get_calls (const LaunchLine *self);
const gchar *launch_line_get_id (const LaunchLine *self);
/* See launch_pipeline_get_stats(). */
GstStructure *launch_line_get_stats (const LaunchLine *self,
    const gchar *factory);
/* See call_places_of(). */
GStrv launch_line_get_places (const LaunchLine *self);
const gchar *launch_line_get_entry (const LaunchLine *self);
/* us since it began. */
gint64 launch_line_get_age (const LaunchLine *self);
/* Where it can be reached, "host:port", to tell which lines share an address; ""
 * if it cannot. */
const gchar *launch_line_get_address (const LaunchLine *self);

G_END_DECLS
