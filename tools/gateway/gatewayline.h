/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "lib/records/callrecord.h"
#include "lib/logic/launchroute.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* One pipeline made of a route's launch text: waits for a call, serves it, ends.
 * Main thread only; the pipeline starts and stops in a worker, so that a slow one
 * holds up nobody. */

typedef struct _GatewayLine GatewayLine;

typedef enum
{
  GATEWAY_LINE_STARTING,
  GATEWAY_LINE_WAITING,
  GATEWAY_LINE_TAKEN, /* a call began, and be it over: it takes no other */
} GatewayLineState;

typedef struct
{
  /* An element message of ours. */
  void (*event) (GatewayLine *line, const GstStructure *fields, gpointer user);
  /* An error or a warning. */
  void (*problem) (GatewayLine *line, GstMessage *message, gpointer user);
  /* Its first call begins. */
  void (*taken) (GatewayLine *line, gpointer user);
  /* A call was answered, a turn had an answer after @turn_around ns, a call is
   * over. */
  void (*answered) (GatewayLine *line, const CallRecord *call, gpointer user);
  void (*turn) (GatewayLine *line, guint64 turn_around, gpointer user);
  void (*over) (GatewayLine *line, const CallRecord *call, gpointer user);
  /* Another call, which no line had, was refused. */
  void (*refused) (GatewayLine *line, const CallRecord *call, gpointer user);
  /* EOS (@error is NULL) or an error. Whoever is told closes the line. */
  void (*ended) (GatewayLine *line, const gchar *error, gpointer user);
  /* Its start, or its end, takes longer than it should. */
  void (*slow) (GatewayLine *line, gboolean stopping, gpointer user);
  /* gateway_line_close() has done all; @line is gone when this returns. */
  void (*closed) (GatewayLine *line, gpointer user);
} GatewayLineListener;

/* Parses, sets, does not start. @number is that of the line in this process.
 * @busy_wait: ms that callers wait for a line. NULL with @error. */
GatewayLine *gateway_line_new (const LaunchRoute *route, const gchar *entry,
    guint number, guint busy_wait, const GatewayLineListener *listener,
    gpointer user, GError **error);
void gateway_line_start (GatewayLine *self);
/* Ends its calls for @cause, gives files time to be finished, stops. */
void gateway_line_close (GatewayLine *self, const gchar *cause);

/* No new calls, and say so. */
void gateway_line_drain (GatewayLine *self);

GatewayLineState gateway_line_get_state (const GatewayLine *self);
/* Its listener was told so. */
gboolean gateway_line_has_ended (const GatewayLine *self);
/* How many calls it has now. */
guint gateway_line_get_calls (const GatewayLine *self);
const gchar *gateway_line_get_id (const GatewayLine *self);
/* See gateway_pipeline_get_stats(). */
GstStructure *gateway_line_get_stats (const GatewayLine *self,
    const gchar *factory);
/* See gateway_places_of(). */
GStrv gateway_line_get_places (const GatewayLine *self);
const gchar *gateway_line_get_entry (const GatewayLine *self);
/* us since it began. */
gint64 gateway_line_get_age (const GatewayLine *self);
/* Where it can be reached, "host:port", to tell which lines share an address; ""
 * if it cannot. */
const gchar *gateway_line_get_address (const GatewayLine *self);

G_END_DECLS
