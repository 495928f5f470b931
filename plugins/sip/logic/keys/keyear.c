/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "keyear.h"

#include <math.h>
#include <spandsp.h>

#define RATE 8000
#define MAX_SAMPLES 480 /* 60 ms, at RATE */
#define CUTOFF 3400.0 /* Hz */

/* A low-pass of second order in front of the decimation, twice: what lies above 4 kHz
 * must not come down to where keys are. */
typedef struct
{
  gdouble b0, b1, b2, a1, a2;
  gdouble z1[2], z2[2];
} LowPass;

struct _KeyEar
{
  dtmf_rx_state_t *detector;
  guint ratio; /* samples for one of the detector's */
  guint phase; /* of them, that the next one waits for */
  LowPass filter;
  gchar digit; /* that is down, 0: none */
  guint n_missing; /* samples at RATE, since it went down */
  KeyEarEvent *events; /* while it hears: where they go */
  guint n_events;
};

static void
add (KeyEar *self, gchar digit, gboolean end, guint duration)
{
  if (self->n_events < KEY_EAR_MAX)
    self->events[self->n_events++] = (KeyEarEvent){ digit, end, duration };
}

/* @code: the key that is down from here on, 0: none; @duration: samples since the last
 * change that were heard. */
static void
on_change (void *user, int code, int level, int duration)
{
  KeyEar *self = user;

  if (self->digit)
    add (self, self->digit, TRUE,
        ((guint) MAX (duration, 0) + self->n_missing) / (RATE / 1000));
  self->digit = (gchar) code;
  self->n_missing = 0;
  if (self->digit)
    add (self, self->digit, FALSE, 0);
}

/* Butterworth, by the bilinear transform. */
static void
low_pass_init (LowPass *self, guint rate)
{
  const gdouble w = tan (G_PI * CUTOFF / rate);
  const gdouble norm = 1 / (1 + G_SQRT2 * w + w * w);

  *self = (LowPass){ .b0 = w * w * norm,
    .b1 = 2 * w * w * norm,
    .b2 = w * w * norm,
    .a1 = 2 * (w * w - 1) * norm,
    .a2 = (1 - G_SQRT2 * w + w * w) * norm };
}

static gdouble
low_pass_run (LowPass *self, gdouble x)
{
  for (guint i = 0; i < 2; i++) {
    const gdouble y = self->b0 * x + self->z1[i];
    self->z1[i] = self->b1 * x - self->a1 * y + self->z2[i];
    self->z2[i] = self->b2 * x - self->a2 * y;
    x = y;
  }
  return x;
}

KeyEar *
key_ear_new (guint rate)
{
  KeyEar *self = g_new0 (KeyEar, 1);

  self->ratio = MAX (rate / RATE, 1);
  low_pass_init (&self->filter, MAX (rate, RATE));
  self->detector = dtmf_rx_init (NULL, NULL, NULL);
  dtmf_rx_set_realtime_callback (self->detector, on_change, self);
  return self;
}

void
key_ear_free (KeyEar *self)
{
  dtmf_rx_free (self->detector);
  g_free (self);
}

/* The detector's samples of @n. */
static guint
decimate (KeyEar *self, const gint16 *samples, guint n, gint16 *out)
{
  guint n_out = 0;

  for (guint i = 0; i < n; i++) {
    const gdouble y = low_pass_run (&self->filter, samples[i]);
    if (self->phase == 0)
      out[n_out++] = (gint16) CLAMP (lrint (y), G_MININT16, G_MAXINT16);
    self->phase = (self->phase + 1) % self->ratio;
  }
  return n_out;
}

guint
key_ear_hear (KeyEar *self, const gint16 *samples, guint n, gboolean missing,
    KeyEarEvent *events)
{
  gint16 narrow[MAX_SAMPLES];
  const guint n_narrow = MIN (n / self->ratio, MAX_SAMPLES);

  self->events = events;
  self->n_events = 0;
  if (missing) {
    dtmf_rx_fillin (self->detector, (int) n_narrow);
    self->n_missing += n_narrow;
    return 0;
  }
  n = MIN (n, MAX_SAMPLES * self->ratio);
  if (self->ratio > 1) {
    n = decimate (self, samples, n, narrow);
    samples = narrow;
  }
  dtmf_rx (self->detector, samples, (int) n);
  return self->n_events;
}

guint
key_ear_stop (KeyEar *self, KeyEarEvent *events)
{
  self->events = events;
  self->n_events = 0;
  if (self->digit)
    on_change (self, 0, 0, 0);
  return self->n_events;
}
