/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Facts as JSON, one object a row (log), calls that are over likewise (CDR), and
 * sentences for whoever started the program (standard error, or the log where that
 * is what is read). Main thread only, which never waits for a file: what cannot be
 * written is told, and counted. */

typedef struct _EventLog EventLog;

typedef struct
{
  const gchar
      *log; /* file, "-" for standard output, NULL: none on a terminal */
  const gchar *cdr; /* file or NULL */
  gboolean redact_transcripts, redact_digits;
  const GPtrArray *secrets; /* gchar*: what no text may have in it, or NULL */
} EventLogSettings;

/* Opens the files; NULL with @error. */
EventLog *event_log_new (const EventLogSettings *settings, GError **error);
/* What is written gets about a second. */
void event_log_free (EventLog *self);

/* Each row of the log goes to @tee, too, from now on, also where there is no log; NULL:
 * to nobody. */
void event_log_set_tee (EventLog *self,
    void (*tee) (const gchar *row, gpointer user), gpointer user);
/* Opens the files again, whose names may have been given to others. */
void event_log_reopen (EventLog *self);
/* Events and records that were not written. */
guint64 event_log_get_lost (EventLog *self);

/* @fields may be NULL. What is to be hidden becomes "…". */
void event_log_add (EventLog *self, const gchar *route, const gchar *line,
    const gchar *event, const GstStructure *fields);
/* An error or a warning of a line, with its details and, as "detail", what GStreamer
 * says for those who debug. */
void event_log_add_problem (EventLog *self, const gchar *route,
    const gchar *line, GstMessage *message);
/* Takes a whole object, which has no members that have secrets afterwards. */
void event_log_add_cdr (EventLog *self, JsonBuilder *record);
/* A sentence. */
void event_log_note (EventLog *self, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);
/* A terminal shows a row of progress, which notes go in front of. */
void event_log_progress (EventLog *self, const gchar *text);

G_END_DECLS
