/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gatewayconfig.h"

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Facts as JSON, one object a line (log), calls that are over likewise (CDR), and
 * sentences for whoever started the gateway (standard error, or the log where that
 * is what is read). Main thread only, which never waits for a file: what cannot be
 * written is told, and counted. */

typedef struct _GatewayLog GatewayLog;

/* Opens the files of @config; NULL with @error. */
GatewayLog *gateway_log_new (const GatewayConfig *config, GError **error);
/* What is written gets about a second. */
void gateway_log_free (GatewayLog *self);

/* Opens the files again, whose names may have been given to others. */
void gateway_log_reopen (GatewayLog *self);
/* Events and records that were not written. */
guint64 gateway_log_get_lost (GatewayLog *self);

/* @fields may be NULL. What is to be hidden becomes "…". */
void gateway_log_event (GatewayLog *self, const gchar *route, const gchar *line,
    const gchar *event, const GstStructure *fields);
/* An error or a warning of a line, with its details and, as "detail", what GStreamer
 * says for those who debug. */
void gateway_log_problem (GatewayLog *self, const gchar *route,
    const gchar *line, GstMessage *message);
/* Takes a whole object, which has no members that have secrets afterwards. */
void gateway_log_cdr (GatewayLog *self, JsonBuilder *record);
/* A sentence. */
void gateway_log_note (GatewayLog *self, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);
/* A terminal shows a line of progress, which notes go in front of. */
void gateway_log_progress (GatewayLog *self, const gchar *text);

/* @real_time (us) as RFC 3339 has it; (transfer full). */
gchar *gateway_log_time (gint64 real_time);

G_END_DECLS
