/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Samples pass untouched as long as they can: at the rate of the mix, and with a
 * clock that does not drift. The resampler that is put in at the first need stays:
 * taken out again it would leave a step. It is primed with what was heard last and
 * blended in over one frame, so that putting it in is none either. */

#include "mixinput.h"

#include "logic/mixkernel.h"

#include <gst/audio/audio.h>
#include <string.h>

#define MAX_FRAME 960 /* 20 ms at 48 kHz */
#define MAX_READ (MAX_FRAME + 512) /* with a resampler's history */
#define MAX_EVENTS 1000
#define PPM 1000 /* the resampler's rates in thousandths of a Hz; 1 ppm steps */

typedef struct
{
  guint64 position;
  GstEvent *event;
} Marked;

struct _MixInput
{
  MixRing *ring;
  GQueue events; /* Marked */
  GstAudioResampler *resampler;
  guint from, to; /* Hz; what the resampler is made for */
  gint correction; /* ppm, what it is set to */
  gint16 last[MAX_FRAME]; /* what was read last, unconverted */
  guint n_last;
};

MixInput *
mix_input_new (void)
{
  MixInput *self = g_new0 (MixInput, 1);

  g_queue_init (&self->events);
  return self;
}

static void
marked_free (gpointer data)
{
  Marked *marked = data;

  gst_event_unref (marked->event);
  g_free (marked);
}

void
mix_input_free (MixInput *self)
{
  g_queue_clear_full (&self->events, marked_free);
  g_clear_pointer (&self->ring, mix_ring_free);
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  g_free (self);
}

guint
mix_input_get_rate (const MixInput *self)
{
  return self->ring ? mix_ring_get_rate (self->ring) : 0;
}

void
mix_input_set_rate (MixInput *self, guint rate)
{
  if (rate == mix_input_get_rate (self))
    return;
  /* Events keep their order; the audio before them is gone. */
  for (GList *l = self->events.head; l; l = l->next)
    ((Marked *) l->data)->position = 0;
  g_clear_pointer (&self->ring, mix_ring_free);
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  self->ring = mix_ring_new (rate);
  self->n_last = 0;
}

/* ---- In */

void
mix_input_write (MixInput *self, const gint16 *samples, guint n, gint64 now,
    gboolean paced)
{
  if (!self->ring)
    return;
  mix_ring_set_paced (self->ring, paced);
  mix_ring_write (self->ring, samples, n, now);
}

void
mix_input_write_event (MixInput *self, GstEvent *event)
{
  /* Nobody takes them while the room does not play. */
  if (self->events.length >= MAX_EVENTS)
    marked_free (g_queue_pop_head (&self->events));
  Marked *marked = g_new (Marked, 1);

  *marked =
      (Marked){ self->ring ? mix_ring_get_written (self->ring) : 0, event };
  g_queue_push_tail (&self->events, marked);
}

void
mix_input_clear (MixInput *self)
{
  g_queue_clear_full (&self->events, marked_free);
  if (self->ring)
    mix_ring_clear (self->ring);
}

/* ---- Out */

/* The odd thousandth keeps the two rates without a common divisor: by that the
 * resampler would round the place between two samples at which it stands. Less, not
 * more: what it leaves over in a quarter of an hour waits, what it took too much would
 * be missing. */
static gint
corrected_rate (guint from, gint ppm)
{
  const gint64 rate = (gint64) from * PPM;

  return (gint) (rate + rate * ppm / 1000000 - 1);
}

static GstAudioResampler *
resampler_new (guint from, guint to)
{
  GstStructure *options = gst_structure_new_empty ("options");

  gst_audio_resampler_options_set_quality (GST_AUDIO_RESAMPLER_METHOD_KAISER, 4,
      (gint) from, (gint) to, options);
  gst_structure_set (options, GST_AUDIO_RESAMPLER_OPT_FILTER_MODE,
      GST_TYPE_AUDIO_RESAMPLER_FILTER_MODE,
      GST_AUDIO_RESAMPLER_FILTER_MODE_INTERPOLATED, NULL);
  GstAudioResampler *resampler =
      gst_audio_resampler_new (GST_AUDIO_RESAMPLER_METHOD_KAISER,
          GST_AUDIO_RESAMPLER_FLAG_VARIABLE_RATE, GST_AUDIO_FORMAT_S16, 1,
          corrected_rate (from, 0), (gint) to * PPM, options);
  gst_structure_free (options);
  return resampler;
}

static gsize
resample (MixInput *self, const gint16 *in, gsize n_in, gint16 *out,
    gsize n_out)
{
  gpointer ins[1] = { (gpointer) in };
  gpointer outs[1] = { out };

  gst_audio_resampler_resample (self->resampler, ins, n_in, outs, n_out);
  return n_out;
}

static void
correct (MixInput *self, gint ppm)
{
  if (ppm == self->correction)
    return;
  self->correction = ppm;
  gst_audio_resampler_update (self->resampler, corrected_rate (self->from, ppm),
      (gint) self->to * PPM, NULL);
}

/* Its history is what was heard last, or silence; without one it would be late with
 * its first samples. */
static void
prime (MixInput *self)
{
  gint16 unheard[MAX_FRAME * 6];
  gsize n = self->n_last;

  if (n == 0) {
    n = gst_audio_resampler_get_max_latency (self->resampler) + 2;
    n = MIN (n, MAX_FRAME);
    memset (self->last, 0, n * sizeof (gint16));
  }
  gsize n_out = gst_audio_resampler_get_out_frames (self->resampler, n);
  resample (self, self->last, n, unheard, MIN (n_out, G_N_ELEMENTS (unheard)));
}

static void
put_in_resampler (MixInput *self, guint to)
{
  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  self->from = mix_input_get_rate (self);
  self->to = to;
  self->correction = 0;
  self->resampler = resampler_new (self->from, to);
  prime (self);
}

/* How many it wants for @n: gst_audio_resampler_get_in_frames() leaves out what it
 * must have beyond them. */
static gsize
frames_needed (MixInput *self, guint n)
{
  gsize n_in = gst_audio_resampler_get_in_frames (self->resampler, n);

  while (n_in < MAX_READ &&
      gst_audio_resampler_get_out_frames (self->resampler, n_in) < n)
    n_in++;
  return n_in;
}

static gboolean
read_resampled (MixInput *self, gint16 *out, guint n, gint64 now)
{
  gint16 in[MAX_READ];
  const gsize n_in = frames_needed (self, n);

  gboolean heard = mix_ring_read (self->ring, in, (guint) n_in, now);
  resample (self, in, n_in, out, n);
  self->n_last = (guint) MIN (n_in, MAX_FRAME);
  memcpy (self->last, in + n_in - self->n_last, self->n_last * sizeof (gint16));
  return heard;
}

static gboolean
read_direct (MixInput *self, gint16 *out, guint n, gint64 now)
{
  gboolean heard = mix_ring_read (self->ring, out, n, now);

  memcpy (self->last, out, n * sizeof (gint16));
  self->n_last = n;
  return heard;
}

/* The same frame as it came, and resampled: that is late, and repeats some of what was
 * heard last. */
static void
blend (const gint16 *before, gint16 *out, guint n)
{
  gint32 from[MAX_FRAME], to[MAX_FRAME];

  mix_apply_gain (before, from, n, 1, 1);
  mix_apply_gain (out, to, n, 1, 1);
  mix_crossfade (from, to, n);
  for (guint i = 0; i < n; i++)
    out[i] = (gint16) to[i];
}

gboolean
mix_input_read (MixInput *self, gint16 *out, guint rate, gint64 now)
{
  const guint n = rate / 50, from = mix_input_get_rate (self);

  if (!self->ring) {
    memset (out, 0, n * sizeof (gint16));
    return FALSE;
  }
  const gint correction = mix_ring_get_correction (self->ring);
  if (!self->resampler && from == rate && !correction)
    return read_direct (self, out, n, now);
  const gboolean put_in = !self->resampler && from == rate;
  if (!self->resampler || self->to != rate)
    put_in_resampler (self, rate);
  correct (self, correction);
  gboolean heard = read_resampled (self, out, n, now);
  if (put_in && heard)
    blend (self->last, out, MIN (n, self->n_last));
  return heard;
}

GstEvent *
mix_input_take_event (MixInput *self)
{
  Marked *marked = g_queue_peek_head (&self->events);

  if (!marked ||
      (self->ring && marked->position > mix_ring_get_read (self->ring)))
    return NULL;
  GstEvent *event = marked->event;
  g_free (g_queue_pop_head (&self->events));
  return event;
}

/* ---- State */

gboolean
mix_input_is_active (const MixInput *self, gint64 now, gint64 time)
{
  return self->events.length > 0 ||
      (self->ring && mix_ring_get_age (self->ring, now) < time);
}

gint64
mix_input_get_delay (const MixInput *self)
{
  return self->ring
      ? (gint64) gst_util_uint64_scale (mix_ring_get_level (self->ring),
            GST_SECOND, mix_ring_get_rate (self->ring))
      : 0;
}

const MixRing *
mix_input_get_ring (const MixInput *self)
{
  return self->ring;
}
