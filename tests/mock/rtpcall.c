/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"

#include <math.h>
#include <string.h>

#define DELAY (20 * MS)
#define TONE 397.3 /* no whole number of cycles fits into a cut */
#define AMPLITUDE 8000.0

const GstVoiceFormat rtp_call_mulaw = { GST_VOICE_MULAW, 8000 };
const GstVoiceFormat rtp_call_s16 = { GST_VOICE_S16, 8000 };

/* ---- The network */

typedef struct
{
  MediaTimer timer;
  Port *to;
  PacketAddress from;
  gint64 arrival;
  gsize size;
  guint8 data[1500];
} Flying;

static guint
roll (const Impairment *self, guint n, guint what)
{
  guint64 x = ((guint64) self->seed << 40) + ((guint64) what << 32) + n;
  x = (x + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) *
      G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (guint) ((x ^ x >> 31) % 1000);
}

static void
arrive (gint64 now, gpointer data)
{
  Flying *self = data;
  g_ptr_array_remove (self->to->flying, self);
  if (self->to->received)
    self->to->received (self->to->user, self->data, self->size, &self->from,
        self->arrival);
  g_free (self);
}

static void
fly (Port *to, const PacketAddress *from, const guint8 *data, gsize size,
    gint64 arrival)
{
  Flying *self = g_new0 (Flying, 1);
  self->to = to;
  self->from = *from;
  self->size = size;
  self->arrival = arrival;
  memcpy (self->data, data, size);
  g_ptr_array_add (to->flying, self);
  media_timer_init (&self->timer, to->loop, arrive, self);
  media_timer_arm (&self->timer, arrival);
}

static gboolean
is_lost (Port *self, guint n)
{
  if (self->burst_left) {
    self->burst_left--;
    return TRUE;
  }
  if (roll (&self->impairment, n, 0) >= self->impairment.loss)
    return FALSE;
  self->burst_left = self->impairment.burst;
  return TRUE;
}

void
port_transmit (Port *self, Port *to, const guint8 *data, gsize size, gint64 now)
{
  const Impairment *impairment = &self->impairment;
  guint n = self->n_sent++;
  gint64 arrival = MAX (now + DELAY, self->held_until);
  if (is_lost (self, n)) {
    self->n_dropped++;
    return;
  }
  if (impairment->jitter) {
    arrival += roll (impairment, n, 1) * impairment->jitter * MS / 1000;
    arrival = self->last_arrival = MAX (arrival, self->last_arrival);
  }
  if (roll (impairment, n, 2) < impairment->reorder)
    arrival += 30 * MS;
  fly (to, &self->parent.local, data, size, arrival);
  if (roll (impairment, n, 3) < impairment->duplicate) {
    self->n_duplicated++;
    fly (to, &self->parent.local, data, size, arrival + 5 * MS);
  }
}

static gboolean
port_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  Port *self = (Port *) transport;
  self->last_to = *to;
  self->last_size = size;
  memcpy (self->last, data, size);
  if (self->peer)
    port_transmit (self, self->peer, data, size, media_loop_now (self->loop));
  else
    self->n_sent++;
  return TRUE;
}

static void
port_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  Port *self = (Port *) transport;
  self->received = received;
  self->user = user;
}

static void
port_free (PacketTransport *transport)
{
  /* The test owns it. */
}

Port *
port_new (MediaLoop *loop, const gchar *host, guint16 number)
{
  Port *self = g_new0 (Port, 1);
  self->parent.send = port_send;
  self->parent.receive = port_receive;
  self->parent.free = port_free;
  self->loop = loop;
  self->flying = g_ptr_array_new ();
  g_assert_true (packet_address_parse (&self->parent.local, host, number));
  return self;
}

void
port_destroy (Port *self)
{
  for (guint i = 0; i < self->flying->len; i++) {
    Flying *flying = self->flying->pdata[i];
    media_timer_cancel (&flying->timer);
    g_free (flying);
  }
  g_ptr_array_unref (self->flying);
  g_free (self);
}

/* ---- The receiver's end */

static void
look_for_breaks (End *self, const RtpStreamFrame *frame)
{
  const gdouble factor = 2 * cos (2 * G_PI * TONE / self->codec->rate);
  if (frame->concealed || frame->silence)
    self->since_silence = 0;
  for (guint i = 0; i < frame->n_samples; i++) {
    gdouble rest =
        frame->samples[i] - factor * self->before[1] + self->before[0];
    if (self->since_silence > 2 * FRAME && fabs (rest) > 1500)
      self->n_breaks++;
    self->since_silence++;
    self->before[0] = self->before[1];
    self->before[1] = frame->samples[i];
  }
}

/* TRUE: it was one. */
static gboolean
take_packet (End *self, const RtpStreamFrame *frame)
{
  if (frame->format.encoding != GST_VOICE_OPUS)
    return FALSE;
  if (self->packets)
    g_ptr_array_add (self->packets,
        g_bytes_new (frame->audio, frame->audio_size));
  return TRUE;
}

static void
on_frame (const RtpStreamFrame *frame, gpointer user)
{
  End *self = user;
  if (take_packet (self, frame))
    return;
  if (self->hears)
    self->hears (frame, self->hearer);
  guint8 flags[3] = { frame->discont, frame->concealed, frame->silence };
  const guint n = self->codec->rate / 50;
  g_assert_cmpuint (frame->n_samples, ==, n);
  g_assert_cmpuint (frame->audio_size, ==,
      n * GST_VOICE_SAMPLE_SIZE (self->codec->encoding));
  g_checksum_update (self->checksum, (const guchar *) frame->samples,
      (gssize) (2 * n));
  g_checksum_update (self->checksum, frame->audio, (gssize) frame->audio_size);
  if (self->n_heard + n <= self->n_heard_most) {
    memcpy (self->heard + self->n_heard, frame->samples, 2 * n);
    self->n_heard += n;
  }
  g_checksum_update (self->checksum, (const guchar *) &frame->time,
      sizeof frame->time);
  g_checksum_update (self->checksum, flags, sizeof flags);

  gint64 step = frame->time - self->last_time - 20 * MS;
  if (self->n_frames && !frame->discont)
    self->worst_step = MAX (self->worst_step, ABS (step));
  if (self->n_frames)
    self->overlap = MAX (self->overlap, -step);
  self->last_time = frame->time;
  self->last_delay = media_loop_now (self->loop) - frame->time;
  self->worst_delay = MAX (self->worst_delay, self->last_delay);
  if (frame->silence && self->n_frames == self->n_lead)
    self->n_lead++;
  self->n_frames++;
  self->n_concealed += frame->concealed;
  self->n_silent += frame->silence && !frame->concealed;
  self->n_disconts += frame->discont;
  look_for_breaks (self, frame);
  if (self->echo)
    rtp_stream_send (self->stream,
        &(GstVoiceFormat){ self->codec->encoding, self->codec->rate },
        frame->audio, frame->audio_size, frame->time, frame->silence, TRUE);
}

static void
on_dtmf (gchar digit, gboolean end, guint duration, gpointer user)
{
  End *self = user;
  g_string_append_c (self->digits, digit);
  if (end)
    g_string_append_c (self->digits, '.');
  g_assert_true (end || duration == 0);
}

static void
on_timeout (gpointer user)
{
  ((End *) user)->n_timeouts++;
}

static void
on_bye (const gchar *reason, gpointer user)
{
  End *self = user;
  self->n_byes++;
  g_free (self->bye);
  self->bye = g_strdup (reason);
}

static void
on_latched (const PacketAddress *remote, gpointer user)
{
  ((End *) user)->n_latched++;
}

static void
on_dtmf_sent (gpointer user)
{
  ((End *) user)->n_dtmf_sent++;
}

static void
on_drained (gpointer user)
{
  ((End *) user)->n_drained++;
}

static void
on_key (gchar digit, guint duration, gpointer user)
{
  g_string_append_printf (((End *) user)->given, "%c:%u ", digit, duration);
}

static void
on_path (gint64 delay, gpointer user)
{
  ((End *) user)->path = delay;
}

static void
on_destroy (gpointer user)
{
  ((End *) user)->destroyed = TRUE;
}

End *
end_new (MediaLoop *loop, const gchar *host, guint16 port, guint media_timeout)
{
  const RtpStreamOptions options = { 40, media_timeout, "tester", FALSE };

  return end_new_with (loop, host, port, &options);
}

End *
end_new_with (MediaLoop *loop, const gchar *host, guint16 port,
    const RtpStreamOptions *options)
{
  RtpStreamCallbacks callbacks = { on_frame, on_dtmf, on_timeout, on_bye,
    on_latched, on_dtmf_sent, on_drained, on_key, on_path };
  End *self = g_new0 (End, 1);
  self->loop = loop;
  self->codec = &rtp_codec_pcmu;
  self->rtp = port_new (loop, host, port);
  self->rtcp = port_new (loop, host, port + 1);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->digits = g_string_new (NULL);
  self->given = g_string_new (NULL);
  self->stream = rtp_stream_new (loop, &self->rtp->parent, &self->rtcp->parent,
      options, &callbacks, self, on_destroy);
  return self;
}

void
end_set_media (End *self, const gchar *host, guint16 port, gboolean send,
    gboolean receive)
{
  RtpStreamMedia media = { .codec = self->codec,
    .payload_type = self->codec->payload_type,
    .event_payload_type = self->no_events ? -1 : 101,
    .digits = self->form,
    .hear_tones = self->hear_tones,
    .signalling = self->signalling,
    .wishes = self->wishes,
    .send = send,
    .receive = receive };
  g_assert_true (packet_address_parse (&media.remote_rtp, host, port));
  g_assert_true (packet_address_parse (&media.remote_rtcp, host, port + 1));
  rtp_stream_set_media (self->stream, &media);
}

guint64
end_get_stat (End *self, const gchar *name)
{
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  guint64 value = G_MAXUINT64;
  rtp_stream_get_stats (self->stream, stats);
  g_assert_true (gst_structure_get_uint64 (stats, name, &value));
  return value;
}

gchar *
end_free (End *self)
{
  gchar *sum = g_strdup (g_checksum_get_string (self->checksum));
  rtp_stream_stop (self->stream, "over");
  media_loop_step (self->loop, media_loop_now (self->loop) + MS);
  g_assert_true (self->destroyed);
  g_assert_null (self->rtp->received);
  rtp_stream_unref (self->stream);
  port_destroy (self->rtp);
  port_destroy (self->rtcp);
  g_checksum_free (self->checksum);
  g_free (self->heard);
  g_clear_pointer (&self->packets, g_ptr_array_unref);
  g_string_free (self->digits, TRUE);
  g_string_free (self->given, TRUE);
  g_free (self->bye);
  g_free (self);
  return sum;
}

/* ---- The tone */

static void
tone_due (gint64 now, gpointer data)
{
  Tone *self = data;
  guint8 packet[RTP_HEADER_SIZE + 1500];
  gint16 samples[1000];
  const RtpCodec *codec = self->codec;
  RtpPacket header = { .payload_type = codec->payload_type,
    .marker = self->n_samples == 0,
    .sequence = self->sequence,
    .timestamp = self->timestamp,
    .ssrc = self->ssrc };
  for (guint i = 0; i < self->block; i++)
    samples[i] = (gint16) (AMPLITUDE *
        sin (2 * G_PI * TONE * (gdouble) self->n_samples++ / codec->rate));
  if (!self->encoder && codec->encoder_new)
    self->encoder = codec->encoder_new (codec->rate);
  if (!self->muted) {
    rtp_packet_write_header (&header, packet);
    gsize size = codec->encode (self->encoder, samples, self->block,
        packet + RTP_HEADER_SIZE);
    port_transmit (self->port, self->to, packet, RTP_HEADER_SIZE + size,
        (gint64) self->due);
    self->sequence++;
  }
  self->timestamp +=
      (guint) (self->block * (guint64) codec->clock / codec->rate);
  self->due += self->interval;
  if (--self->n_left)
    media_timer_arm (&self->timer, (gint64) self->due);
}

void
tone_start (Tone *self, End *to, const gchar *host, guint16 port, guint block,
    gdouble ppm, guint n)
{
  self->port = port_new (to->loop, host, port);
  self->to = to->rtp;
  self->ssrc = 0x11223344;
  self->sequence = 65500;
  self->timestamp = 0xffffff00;
  self->codec = to->codec;
  self->encoder = NULL;
  self->block = block;
  self->interval = block * 1e9 / self->codec->rate * (1 + ppm / 1e6);
  self->due = (gdouble) media_loop_now (to->loop) + 5 * MS;
  self->n_left = n;
  media_timer_init (&self->timer, to->loop, tone_due, self);
  media_timer_arm (&self->timer, (gint64) self->due);
}

void
tone_catch_up (Tone *self, gint64 now)
{
  GPtrArray *flying = self->to->flying;
  while (self->n_left && self->due <= (gdouble) now)
    tone_due (now, self);
  for (guint i = 0; i < flying->len;) {
    Flying *packet = flying->pdata[i];
    if (packet->arrival > now) {
      i++;
      continue;
    }
    media_timer_cancel (&packet->timer);
    arrive (now, packet);
  }
}

void
tone_clear (Tone *self)
{
  media_timer_cancel (&self->timer);
  port_destroy (self->port);
  g_free (self->encoder);
}

void
run_to (MediaLoop *loop, gint64 time)
{
  media_loop_step (loop, START + time);
}
