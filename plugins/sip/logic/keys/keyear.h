/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Hears keys of a telephone in its audio (ITU-T Q.23, Q.24), where they come in no other
 * form. Whether two tones are a key or a voice decides spandsp, by blocks of 12.75 ms of
 * which two must agree: it takes no speech for a key. */

typedef struct _KeyEar KeyEar;

typedef struct
{
  gchar digit; /* 0-9*#A-D */
  gboolean end;
  guint duration; /* ms, 0 at the start */
} KeyEarEvent;

#define KEY_EAR_MAX 4 /* that 20 ms can bring */

/* @rate: 8000 or a multiple of it. */
KeyEar *key_ear_new (guint rate);
void key_ear_free (KeyEar *self);
/* The next @n samples, 20 ms or less; @missing: they were made up for lost ones, which a
 * key that is down outlasts. Fills @events, returns how many. */
guint key_ear_hear (KeyEar *self, const gint16 *samples, guint n,
    gboolean missing, KeyEarEvent *events);
/* No more is heard: the end of a key that is down. */
guint key_ear_stop (KeyEar *self, KeyEarEvent *events);

G_END_DECLS
