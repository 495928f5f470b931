/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows of text into one file, by a thread of its own: whoever has something to write
 * never waits for a disk, or for whoever reads the other end of a pipe. */

typedef struct _LogWriter LogWriter;

/* Hears of trouble, in either thread: a sentence, once until it is over. */
typedef void (*LogWriterTell) (const gchar *sentence);

/* Appends to @path, NULL: to standard output. What does not fit into @room bytes of
 * rows that wait is lost. NULL with @error: it cannot be opened. */
LogWriter *log_writer_new (const gchar *path, gsize room, LogWriterTell tell,
    GError **error);
/* Takes @row, which has no line feed. */
void log_writer_push (LogWriter *self, gchar *row);
/* Opens the file again, which may have got another name. */
void log_writer_reopen (LogWriter *self);
/* Rows that were not written. */
guint64 log_writer_get_lost (LogWriter *self);

/* No more rows; what waits has a second to get out. */
void log_writer_stop (LogWriter *self);
/* Waits for that. */
void log_writer_free (LogWriter *self);

G_END_DECLS
