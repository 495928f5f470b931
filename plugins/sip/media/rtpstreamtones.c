/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Keys as tones in the audio, of the peer and for it. Ours go in packets of 20 ms, one
 * after another in RTP time, in place of audio that waits or is yet to come. */

#include "rtpstreamprivate.h"

#include "sip/logic/keys/keytone.h"

/* So long the peer's line may carry our own tones back. */
#define ECHO G_GINT64_CONSTANT (600000000)

void
rtp_tones_clear (RtpStream *self)
{
  g_clear_pointer (&self->tones.ear, key_ear_free);
}

static void
report (RtpStream *self, const KeyEarEvent *events, guint n)
{
  for (guint i = 0; i < n; i++) {
    const TelephoneEvent event = { events[i].digit, events[i].end,
      events[i].duration };
    rtp_receive_report_keys (self, &event, 1);
  }
}

static void
stop_hearing (RtpStream *self)
{
  KeyEarEvent events[KEY_EAR_MAX];

  if (self->tones.ear)
    report (self, events, key_ear_stop (self->tones.ear, events));
  rtp_tones_clear (self);
}

void
rtp_tones_set_media (RtpStream *self)
{
  const RtpStreamMedia *media = &self->media;

  if (!media->hear_tones || self->tones.ear_rate != media->codec->rate)
    stop_hearing (self);
  if (!media->hear_tones || self->tones.ear)
    return;
  self->tones.ear_rate = media->codec->rate;
  self->tones.ear = key_ear_new (media->codec->rate);
}

void
rtp_tones_hear (RtpStream *self, const RtpStreamFrame *frame, gint64 now)
{
  KeyEarEvent events[KEY_EAR_MAX];
  RtpTones *tones = &self->tones;

  if (!tones->ear)
    return;
  const gboolean own = tones->sent_at && now < tones->sent_at + ECHO;
  report (self, events,
      key_ear_hear (tones->ear, frame->samples, frame->n_samples,
          frame->concealed || own, events));
}

static void
begin_unlocked (RtpStream *self, guint32 timestamp)
{
  RtpTones *tones = &self->tones;

  /* Not before the end of the last one. */
  if (!tones->ends || (gint32) (timestamp - tones->end) > 0)
    tones->end = timestamp;
  tones->ends = TRUE;
  tones->offset = 0;
}

guint
rtp_tones_next_unlocked (RtpStream *self, gchar key, guint duration,
    guint32 timestamp, gint64 now, RtpPacket *header, gint16 *samples)
{
  const RtpCodec *codec = self->media.codec;
  RtpTones *tones = &self->tones;
  const guint n = codec->rate / 50;

  if (header->marker)
    begin_unlocked (self, timestamp);
  key_tone_fill (key, codec->rate, codec->rate / 1000 * duration, tones->offset,
      samples, n);
  header->payload_type = self->media.payload_type;
  header->timestamp = tones->end;
  tones->offset += n;
  tones->end += codec->clock / 50;
  tones->sent_at = now;
  return n;
}

gboolean
rtp_tones_cover_unlocked (RtpStream *self, guint32 timestamp)
{
  RtpTones *tones = &self->tones;

  tones->ends = tones->ends && (gint32) (timestamp - tones->end) < 0;
  return tones->ends;
}
