/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of a sound repeats itself, as what a voice, or a tone, makes does, and a
 * cough, a click and a hiss do not; and how often a second. By the normalised
 * autocorrelation of the last 40 ms at 8 kHz. */

#define VOICING_WINDOW 320 /* samples */

typedef struct
{
  gint16 last[VOICING_WINDOW]; /* the newest at the end */
  guint step; /* of samples that come in; one of so many is kept */
} Voicing;

typedef struct
{
  gdouble strength; /* 0: noise, 1: it repeats itself exactly */
  gdouble pitch; /* Hz */
} VoicingResult;

/* @rate: 8000 or a multiple. */
void voicing_init (Voicing *self, guint rate);
void voicing_push (Voicing *self, const gint16 *samples, guint n_samples);
void voicing_measure (const Voicing *self, VoicingResult *result);
gboolean voicing_is_voice (const VoicingResult *self);

G_END_DECLS
