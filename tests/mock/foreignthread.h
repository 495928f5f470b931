/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A thread that is not the loop's, for tests in virtual time: it does one thing at
 * a time, and the test goes on when that is done, or waits for the loop. */

typedef struct _ForeignThread ForeignThread;

ForeignThread *foreign_thread_new (void);
/* Nothing may be at work. */
void foreign_thread_free (ForeignThread *self);

/* Runs @func (@data) there. @waits (@data) says whether it can get no further
 * before the loop has run; asked again and again. TRUE: it is done. */
gboolean foreign_thread_do (ForeignThread *self, GFunc func, gpointer data,
    gboolean (*waits) (gpointer data));
/* The same for what was begun before. */
gboolean foreign_thread_settle (ForeignThread *self);

G_END_DECLS
