/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Keys as tones, or given to whoever has the stream, in virtual time: two ends talk all
 * the while, the first of them dials. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"

#include <string.h>

typedef struct
{
  MediaLoop *loop;
  End *a, *b;
} Call;

/* What goes from a to b: an unbroken line of packets whose times do not overlap. */
typedef struct
{
  PacketReceived received; /* of b */
  gpointer user;
  const RtpCodec *codec;
  guint n, n_markers;
  guint16 sequence;
  guint32 end; /* RTP time behind the last one */
} Watch;

static void
watch (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Watch *self = user;
  RtpPacket packet;

  g_assert_true (rtp_packet_parse (&packet, data, size));
  g_assert_cmpuint (packet.payload_type, ==, self->codec->payload_type);
  if (self->n++) {
    g_assert_cmpuint (packet.sequence, ==, (guint16) (self->sequence + 1));
    g_assert_cmpint ((gint32) (packet.timestamp - self->end), >=, 0);
  }
  self->n_markers += packet.marker;
  self->sequence = packet.sequence;
  self->end = packet.timestamp + self->codec->clock / 50;
  self->received (self->user, data, size, from, arrival);
}

static void
watch_start (Watch *self, Call *call)
{
  Port *port = call->b->rtp;

  *self = (Watch){ port->received, port->user, call->a->codec };
  port->received = watch;
  port->user = self;
}

static void
call_begin (Call *self, const RtpCodec *codec, RtpDigits digits, guint loss)
{
  self->loop = media_loop_new_manual (START);
  self->a = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->b = end_new (self->loop, "192.0.2.2", 5000, 0);
  self->a->rtp->peer = self->b->rtp;
  self->b->rtp->peer = self->a->rtp;
  self->a->rtp->impairment = (Impairment){ .seed = 3, .loss = loss };
  self->a->codec = self->b->codec = codec;
  self->a->no_events = self->b->no_events = TRUE;
  self->a->form = digits;
  self->a->hear_tones = self->b->hear_tones = TRUE;
  end_set_media (self->a, "192.0.2.2", 5000, TRUE, TRUE);
  end_set_media (self->b, "192.0.2.1", 4000, TRUE, TRUE);
  run_to (self->loop, 0);
}

static void
talk (Call *self, gint64 from, gint64 to, gboolean both)
{
  gint16 samples[960] = { 100, -100, 300 };
  const guint n = self->a->codec->rate / 50;
  const GstVoiceFormat format = { GST_VOICE_S16, self->a->codec->rate };

  for (gint64 t = from; t < to; t += 20 * MS) {
    if (both)
      rtp_stream_send (self->a->stream, &format, samples, 2 * n,
          GST_CLOCK_TIME_NONE, FALSE, TRUE);
    rtp_stream_send (self->b->stream, &format, samples, 2 * n,
        GST_CLOCK_TIME_NONE, FALSE, TRUE);
    run_to (self->loop, t + 20 * MS);
  }
}

static void
call_end (Call *self)
{
  g_assert_cmpstr (self->a->digits->str, ==, ""); /* of its own */
  self->a->rtp->peer = self->b->rtp->peer = NULL;
  g_free (end_free (self->a));
  g_free (end_free (self->b));
  media_loop_unref (self->loop);
}

static const RtpCodec *const codecs[] = { &rtp_codec_pcmu, &rtp_codec_pcma,
  &rtp_codec_g722, &rtp_codec_opus };

#define DIALLED "0123456789*#ABCD"
#define HEARD "00.11.22.33.44.55.66.77.88.99.**.##.AA.BB.CC.DD."

static void
test_tones (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    for (guint audio = 0; audio < 2; audio++) {
      Call call;
      Watch seen;

      call_begin (&call, codecs[i], RTP_DIGITS_TONES, 0);
      watch_start (&seen, &call);
      talk (&call, 0, 500 * MS, audio);
      g_assert_true (rtp_stream_send_dtmf (call.a->stream, DIALLED, 100));
      talk (&call, 500 * MS, 5 * SECOND, audio);
      g_assert_cmpstr (call.b->digits->str, ==, HEARD);
      g_assert_cmpuint (end_get_stat (call.a, "dtmf-sent"), ==, 16);
      g_assert_cmpuint (end_get_stat (call.b, "dtmf-received"), ==, 16);
      g_assert_cmpuint (call.a->n_dtmf_sent, ==, 1);
      g_assert_cmpuint (end_get_stat (call.b, "packets-lost"), ==, 0);
      if (audio)
        g_assert_cmpint (ABS ((gint) seen.n - 250), <=, 3);
      call_end (&call);
    }
}

/* One that is lost takes no key away, and makes no two of one. */
static void
test_loss (void)
{
  Call call;

  call_begin (&call, &rtp_codec_pcma, RTP_DIGITS_TONES, 40);
  talk (&call, 0, SECOND, TRUE);
  for (guint i = 0; i < 10; i++)
    g_assert_true (rtp_stream_send_dtmf (call.a->stream, "1234567890", 160));
  talk (&call, SECOND, 40 * SECOND, TRUE);
  g_assert_cmpuint (end_get_stat (call.b, "packets-lost"), >, 40);
  g_assert_cmpuint (end_get_stat (call.b, "dtmf-received"), ==, 100);
  call_end (&call);
}

/* Sent back by the far end they are nobody's keys. */
static void
test_echo (void)
{
  Call call;

  call_begin (&call, &rtp_codec_pcmu, RTP_DIGITS_TONES, 0);
  call.b->echo = TRUE;
  for (gint64 t = 0; t < 3 * SECOND; t += 20 * MS) {
    if (t == SECOND)
      g_assert_true (rtp_stream_send_dtmf (call.a->stream, "159", 100));
    run_to (call.loop, t);
  }
  g_assert_cmpstr (call.b->digits->str, ==, "11.55.99.");
  call_end (&call);
}

/* On hold they pass unsent. */
static void
test_hold (void)
{
  Call call;

  call_begin (&call, &rtp_codec_pcmu, RTP_DIGITS_TONES, 0);
  talk (&call, 0, 200 * MS, TRUE);
  end_set_media (call.a, "192.0.2.2", 5000, FALSE, TRUE);
  g_assert_true (rtp_stream_send_dtmf (call.a->stream, "159", 100));
  talk (&call, 200 * MS, 2 * SECOND, TRUE);
  g_assert_cmpstr (call.b->digits->str, ==, "");
  g_assert_cmpuint (call.a->n_dtmf_sent, ==, 1);
  call_end (&call);
}

/* Whoever has the stream is told of each in its turn; the audio goes on. */
static void
test_info (void)
{
  Call call;
  Watch seen;

  call_begin (&call, &rtp_codec_pcmu, RTP_DIGITS_INFO, 0);
  watch_start (&seen, &call);
  talk (&call, 0, 500 * MS, TRUE);
  g_assert_true (rtp_stream_send_dtmf (call.a->stream, "1,#", 200));
  talk (&call, 500 * MS, 600 * MS, TRUE);
  g_assert_cmpstr (call.a->given->str, ==, "1:200 ");
  talk (&call, 600 * MS, 3 * SECOND, TRUE);
  g_assert_cmpstr (call.a->given->str, ==, "1:200 #:200 ");
  g_assert_cmpuint (end_get_stat (call.a, "dtmf-sent"), ==, 2);
  g_assert_cmpstr (call.b->digits->str, ==, "");
  g_assert_cmpuint (call.a->n_dtmf_sent, ==, 1);
  g_assert_cmpint (ABS ((gint) seen.n - 150), <=, 3);
  g_assert_cmpuint (seen.n_markers, ==, 1);
  call_end (&call);
}

/* Where there are events nobody listens to tones, and where there is nothing, nothing
 * is sent. */
static void
test_none (void)
{
  Call call;

  call_begin (&call, &rtp_codec_pcmu, RTP_DIGITS_TONES, 0);
  call.b->hear_tones = FALSE;
  end_set_media (call.b, "192.0.2.1", 4000, TRUE, TRUE);
  g_assert_true (rtp_stream_send_dtmf (call.a->stream, "159", 100));
  talk (&call, 0, 2 * SECOND, TRUE);
  g_assert_cmpstr (call.b->digits->str, ==, "");
  call.a->form = RTP_DIGITS_EVENTS;
  end_set_media (call.a, "192.0.2.2", 5000, TRUE, TRUE);
  g_assert_false (rtp_stream_send_dtmf (call.a->stream, "159", 100));
  call_end (&call);
}

/* RFC 4733: as many keys as packets, each a press of its own. */
static void
test_flood (void)
{
  Call call;
  RtpPacket header = { .payload_type = 101, .marker = TRUE, .ssrc = 77 };
  guint8 ended[] = { 5, 0x80 | 10, 0, 160 };
  guint8 packet[RTP_HEADER_SIZE + sizeof ended];

  call_begin (&call, &rtp_codec_pcmu, RTP_DIGITS_EVENTS, 0);
  call.b->no_events = FALSE;
  end_set_media (call.b, "192.0.2.1", 4000, TRUE, TRUE);
  run_to (call.loop, 0);
  for (guint i = 1; i <= 2000; i++) {
    header.sequence = (guint16) i;
    header.timestamp = i * 200;
    ended[0] = (guint8) (i % 10);
    rtp_packet_write_header (&header, packet);
    memcpy (packet + RTP_HEADER_SIZE, ended, sizeof ended);
    port_transmit (call.a->rtp, call.b->rtp, packet, sizeof packet,
        media_loop_now (call.loop));
    run_to (call.loop, i * MS);
  }
  g_assert_cmpuint (end_get_stat (call.b, "dtmf-received"), >=, 100);
  g_assert_cmpuint (end_get_stat (call.b, "dtmf-received"), <=, 151);
  /* Each that was told has its end. */
  g_assert_cmpuint (call.b->digits->len, ==,
      strlen ("55.") * end_get_stat (call.b, "dtmf-received"));
  call_end (&call);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream/keys/tones", test_tones);
  g_test_add_func ("/rtpstream/keys/loss", test_loss);
  g_test_add_func ("/rtpstream/keys/echo", test_echo);
  g_test_add_func ("/rtpstream/keys/hold", test_hold);
  g_test_add_func ("/rtpstream/keys/info", test_info);
  g_test_add_func ("/rtpstream/keys/none", test_none);
  g_test_add_func ("/rtpstream-keys/flood", test_flood);
  return g_test_run ();
}
