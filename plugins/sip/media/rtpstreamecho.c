/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Echo control where both signals are: what leaves, sample by sample and at its time of
 * RTP, and what comes. What passes in sealed packets (audio/x-opus) has no samples here, and
 * is left alone. */

#include "rtpstreamprivate.h"

#include <string.h>

#define MAX_SAMPLES 2880

void
rtp_echo_clear (RtpStream *self)
{
  g_clear_pointer (&self->echo, echo_control_free);
}

void
rtp_echo_set_media (RtpStream *self)
{
  const guint rate = self->media.codec->rate;

  if (!self->controls_echo ||
      (self->echo && echo_control_get_rate (self->echo) == rate))
    return;
  rtp_echo_clear (self);
  self->echo = echo_control_new (rate);
}

void
rtp_echo_send (RtpStream *self, const gint16 *samples, guint n,
    const guint8 *payload, gsize size, gint64 due, gint64 now)
{
  const RtpCodec *codec = self->media.codec;
  gint16 decoded[MAX_SAMPLES];

  if (!self->echo)
    return;
  if (!n && codec->encoding != GST_VOICE_S16) {
    n = (guint) MIN (size, MAX_SAMPLES);
    gst_voice_law_decode (codec->encoding, payload, decoded, n);
    samples = decoded;
  }
  if (n)
    echo_control_send (self->echo, samples, n, due, now);
}

void
rtp_echo_clean (RtpStream *self, RtpStreamFrame *frame, gint16 *samples,
    guint8 *law)
{
  const RtpCodec *codec = self->media.codec;

  if (!self->echo)
    return;
  const gboolean changed = echo_control_hear (self->echo, samples, frame->time);
  echo_control_get_stats (self->echo, &self->counters.echo);
  if (!changed)
    return;
  if (frame->silence) {
    memset (samples, 0, frame->n_samples * sizeof *samples);
  } else if (codec->encoding != GST_VOICE_S16) {
    codec->encode (NULL, samples, frame->n_samples, law);
    frame->audio = law;
  }
}

void
rtp_echo_add_stats (const EchoControlStats *stats, GstStructure *structure)
{
  gst_structure_set (structure, "echo-delay", G_TYPE_UINT64,
      (guint64) stats->delay, "echo-reduction", G_TYPE_DOUBLE, stats->reduction,
      "echo-residual", G_TYPE_DOUBLE, stats->residual, NULL);
}
