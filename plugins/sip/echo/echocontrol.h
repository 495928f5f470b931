/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes out of what comes from a far end what was sent there: the echo of a phone that
 * lies on a table, or of a hybrid. Nothing is done before an echo is found (EchoDetector),
 * and while nothing was sent of late: what comes passes as it is. Then the canceller works,
 * and behind it the gate. What is a mirror, as loud as what was sent, is no
 * echo. One thread, no lock. Times are those of the media loop, ns. */

typedef struct _EchoControl EchoControl;

/* @rate 8000 or 16000. */
EchoControl *echo_control_new (guint rate);
void echo_control_free (EchoControl *self);
guint echo_control_get_rate (const EchoControl *self);

/* @n samples leave @now whose first one is to be played at @due. */
void echo_control_send (EchoControl *self, const gint16 *samples, guint n,
    gint64 due, gint64 now);
/* 20 ms that have come, of which the first sample came at @time. TRUE: they are not what
 * they were. */
gboolean echo_control_hear (EchoControl *self, gint16 *samples, gint64 time);

/* All 0: there is no echo. */
typedef struct
{
  gint64 delay; /* ns, from a sample's leaving to its echo's coming */
  gdouble reduction; /* dB that the canceller takes out (ERLE) */
  gdouble residual; /* dBov that are left where nothing else is heard */
} EchoControlStats;

void echo_control_get_stats (const EchoControl *self, EchoControlStats *stats);

G_END_DECLS
