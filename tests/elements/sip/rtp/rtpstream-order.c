/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Digits, audio and the end of a call, in the order in which they were asked
 * for, and what comes in by other numbers than the answer's; in virtual time. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"

#include <string.h>

#define EVENT 101

typedef struct
{
  MediaLoop *loop;
  End *end;
  Port *far;
  GString *seen; /* a letter for each packet: audio, digit */
  guint32 timestamp; /* of the last one */
} Call;

/* Timestamps never go back, whichever comes behind the other. */
static void
on_packet (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  Call *self = user;
  RtpPacket packet;

  g_assert_true (rtp_packet_parse (&packet, data, size));
  if (self->seen->len)
    g_assert_cmpint ((gint32) (packet.timestamp - self->timestamp), >=, 0);
  self->timestamp = packet.timestamp;
  g_string_append_c (self->seen, packet.payload_type == EVENT ? 'd' : 'a');
}

static void
call_begin (Call *self)
{
  self->loop = media_loop_new_manual (START);
  g_random_set_seed (4711);
  self->seen = g_string_new (NULL);
  self->end = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->far = port_new (self->loop, "192.0.2.2", 5000);
  self->far->received = on_packet;
  self->far->user = self;
  self->end->rtp->peer = self->far;
  end_set_media (self->end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (self->loop, 0);
}

static void
call_end (Call *self)
{
  g_free (end_free (self->end));
  port_destroy (self->far);
  g_string_free (self->seen, TRUE);
  media_loop_unref (self->loop);
}

static void
send_audio (Call *self, guint ms)
{
  static const guint8 law[8 * 200];

  g_assert_cmpuint (ms, <=, 200);
  g_assert_true (rtp_stream_send (self->end->stream, &rtp_call_mulaw, law,
      8 * ms, GST_CLOCK_TIME_NONE, FALSE, FALSE));
}

/* Nothing hangs up before the last digit has gone. */
static void
test_drain (void)
{
  Call call;

  call_begin (&call);
  g_assert_true (rtp_stream_send_dtmf (call.end->stream, "12345", 100));
  rtp_stream_drain (call.end->stream);
  run_to (call.loop, 4 * 160 * MS);
  g_assert_cmpuint (call.end->n_drained, ==, 0);
  run_to (call.loop, 5 * 160 * MS + 20 * MS);
  g_assert_cmpuint (call.end->n_drained, ==, 1);
  g_assert_cmpuint (end_get_stat (call.end, "dtmf-sent"), ==, 5);
  g_assert_cmpuint (call.end->rtp->n_sent, ==, 5 * 7);
  call_end (&call);
}

/* 160 ms of audio wait; a digit asked for then begins behind them, as does what follows. */
static void
test_digit_behind_audio (void)
{
  Call call;

  call_begin (&call);
  send_audio (&call, 160);
  run_to (call.loop, 0);
  g_assert_cmpuint (call.end->rtp->n_sent, ==, 3); /* ahead of their time */
  g_assert_true (rtp_stream_send_dtmf (call.end->stream, "7", 40));
  send_audio (&call, 100);
  run_to (call.loop, 500 * MS);
  /* The digit with its two repetitions replaces 60 ms. */
  g_assert_cmpstr (call.seen->str, ==, "aaaaaaaaddddaa");
  call_end (&call);
}

/* Live audio, and digits in the middle of its frames. */
static void
test_live (void)
{
  Call call;

  call_begin (&call);
  for (gint64 t = 0; t < SECOND; t += MS) {
    if (t % (20 * MS) == 0)
      send_audio (&call, 20);
    if (t == 107 * MS || t == 600 * MS)
      rtp_stream_send_dtmf (call.end->stream, "42", 80);
    run_to (call.loop, t);
  }
  g_assert_cmpuint (end_get_stat (call.end, "dtmf-sent"), ==, 4);
  call_end (&call);
}

static void
test_flush (void)
{
  Call call;

  call_begin (&call);
  send_audio (&call, 195);
  run_to (call.loop, 0);
  guint before = call.end->rtp->n_sent;
  rtp_stream_drain (call.end->stream);
  rtp_stream_flush (call.end->stream);
  run_to (call.loop, 500 * MS);
  g_assert_cmpuint (call.end->rtp->n_sent, ==, before);
  g_assert_cmpuint (call.end->n_drained, ==, 1);
  send_audio (&call, 40);
  run_to (call.loop, SECOND);
  g_assert_cmpuint (call.end->rtp->n_sent, ==, before + 2);
  call_end (&call);
}

/* ---- Receiving */

static void
receive (Call *self, guint type, guint32 ssrc, guint32 timestamp,
    const guint8 *payload, gsize size)
{
  static guint16 sequence;
  guint8 data[RTP_HEADER_SIZE + FRAME];
  RtpPacket header = { .payload_type = (guint8) type,
    .sequence = sequence++,
    .timestamp = timestamp,
    .ssrc = ssrc };

  rtp_packet_write_header (&header, data);
  memcpy (data + RTP_HEADER_SIZE, payload, size);
  port_transmit (self->far, self->end->rtp, data, RTP_HEADER_SIZE + size,
      media_loop_now (self->loop));
}

static void
answered (Call *self, const RtpCodec *codec, guint type, gint event)
{
  RtpStreamMedia media = { .codec = codec,
    .payload_type = (guint8) type,
    .event_payload_type = event,
    .send = TRUE,
    .receive = TRUE,
    .offered = TRUE };

  g_assert_true (packet_address_parse (&media.remote_rtp, "192.0.2.2", 5000));
  rtp_stream_set_media (self->end->stream, &media);
}

/* The answer names PCMA as 96 and digits as 97. The far end may send what our
 * offer named by our numbers, either law, too. */
static void
test_offered_numbers (void)
{
  static const struct
  {
    guint type;
    GstVoiceEncoding law;
  } kinds[] = { { 96, GST_VOICE_ALAW }, { 8, GST_VOICE_ALAW },
    { 0, GST_VOICE_MULAW } };
  Call call;
  gint16 samples[FRAME];
  guint8 law[FRAME];

  call_begin (&call);
  answered (&call, &rtp_codec_pcma, 96, 97);
  run_to (call.loop, MS);
  for (guint i = 0; i < FRAME; i++)
    samples[i] = 8000;
  for (guint i = 0; i < 60; i++) {
    gst_voice_law_encode (kinds[i / 20].law, samples, law, FRAME);
    receive (&call, kinds[i / 20].type, 1, i * FRAME, law, FRAME);
    run_to (call.loop, (i + 1) * 20 * MS);
    if (i >= 5)
      g_assert_cmpint (ABS (call.end->before[1] - 8000), <, 300);
  }
  receive (&call, EVENT, 1, 60 * FRAME, (const guint8 *) "\5\x8a\2\x80", 4);
  run_to (call.loop, 1300 * MS);
  g_assert_cmpstr (call.end->digits->str, ==, "55.");
  g_assert_cmpuint (end_get_stat (call.end, "packets-garbage"), ==, 0);
  call_end (&call);
}

/* A gateway whose digits have an SSRC of their own, between its audio: one key is
 * one digit. */
static void
test_event_source (void)
{
  static const guint8 law[FRAME];
  guint8 payload[4] = { 5, 10 };
  Call call;

  call_begin (&call);
  for (guint i = 0; i < 30; i++) {
    receive (&call, 0, 1, i * FRAME, law, FRAME);
    if (i >= 10 && i < 20) {
      payload[1] = i == 19 ? 0x8a : 10;
      rtp_write_uint16 (payload + 2, (guint16) ((i - 9) * FRAME));
      receive (&call, EVENT, 2, 77777, payload, sizeof payload);
    }
    run_to (call.loop, (i + 1) * 20 * MS);
  }
  g_assert_cmpstr (call.end->digits->str, ==, "55.");
  g_assert_cmpuint (end_get_stat (call.end, "dtmf-received"), ==, 1);
  g_assert_cmpuint (end_get_stat (call.end, "ssrc-changes"), ==, 0);
  call_end (&call);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream-order/drain", test_drain);
  g_test_add_func ("/rtpstream-order/digit-behind-audio",
      test_digit_behind_audio);
  g_test_add_func ("/rtpstream-order/live", test_live);
  g_test_add_func ("/rtpstream-order/flush", test_flush);
  g_test_add_func ("/rtpstream-order/offered-numbers", test_offered_numbers);
  g_test_add_func ("/rtpstream-order/event-source", test_event_source);
  return g_test_run ();
}
