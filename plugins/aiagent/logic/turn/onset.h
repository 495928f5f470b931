/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* That something has begun to sound, long before anybody can say what it is: 20 ms that
 * are well above the noise of the line, and not far below the caller. Good enough to speak
 * more softly by, not to fall silent. Pieces are of 10 ms, levels in dBov. */

#define ONSET_QUIET -50.0 /* dBov: less is never the beginning of anything */
#define ONSET_WINDOW 12 /* pieces that are looked back on */

typedef struct
{
  gdouble floor; /* of noise */
  guint32 window; /* one bit a loud piece, the newest lowest */
  gboolean loud; /* something sounds */
  guint lasted; /* pieces since it began */
} Onset;

void onset_init (Onset *self);
/* The next piece. @caller: how loud the caller is while speaking; below ONSET_UNKNOWN:
 * not known. TRUE: this one is loud. */
gboolean onset_push (Onset *self, gdouble level, gdouble caller);
/* It has gone on for long enough to be more than a click, and began a moment ago. */
gboolean onset_is_new (const Onset *self);
/* dBov of @n samples. */
gdouble onset_measure (const gint16 *samples, guint n);

#define ONSET_UNKNOWN -99.0

G_END_DECLS
