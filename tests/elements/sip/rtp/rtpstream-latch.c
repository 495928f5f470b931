/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who may take a call's media, and who may not, in virtual time: strangers that
 * speak first, or while the phone is silent, or in its name. */

#include "mock/rtpcall.h"

#include "sip/codec/codectable.h"
#include "sip/logic/rtp/rtcp.h"
#include "sip/logic/rtp/rtppacket.h"
#include "sip/media/rtpstreamprivate.h"

#include <string.h>

#define HOST "192.0.2.2"
#define STRANGER "198.51.100.9"

static const guint8 silence[FRAME];

typedef struct
{
  MediaLoop *loop;
  End *end;
  const RtpCodec *codec; /* NULL: PCMU */
  gint64 time;
} Call;

/* A stream of packets: what sends it may change on the way. */
typedef struct
{
  Port *port;
  RtpPacket header;
} Source;

static void
call_begin_with (Call *self, const gchar *sdp, const gchar *signalling,
    const RtpCodec *codec)
{
  self->codec = codec;
  self->loop = media_loop_new_manual (START);
  self->end = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->time = 0;
  if (codec)
    self->end->codec = codec;
  packet_address_parse (&self->end->signalling, signalling, 5060);
  end_set_media (self->end, sdp, 5000, TRUE, TRUE);
  run_to (self->loop, 0);
}

static void
call_begin (Call *self, const gchar *sdp, const gchar *signalling)
{
  call_begin_with (self, sdp, signalling, NULL);
}

static void
call_end (Call *self)
{
  g_free (end_free (self->end));
  media_loop_unref (self->loop);
}

static void
call_wait (Call *self, gint64 duration)
{
  self->time += duration;
  run_to (self->loop, self->time);
}

/* Where the next packet of ours goes. */
static guint16
call_get_port (Call *self)
{
  rtp_stream_send (self->end->stream, &rtp_call_mulaw, silence, FRAME,
      GST_CLOCK_TIME_NONE, FALSE, TRUE);
  call_wait (self, 100 * MS);
  return packet_address_get_port (&self->end->rtp->last_to);
}

static Source
source_new (Call *call, const gchar *host, guint16 port, guint32 ssrc)
{
  return (Source){ port_new (call->loop, host, port),
    { .ssrc = ssrc,
        .sequence = 5,
        .timestamp = 1000,
        .payload_type = call->codec ? call->codec->payload_type : 0 } };
}

/* Of @duration as timestamps count it. */
static guint32
count (const Call *call, gint64 duration)
{
  return (guint32) (duration / MS * (call->codec ? call->codec->clock : 8000) /
      1000);
}

static void
source_send (Source *self, Call *call)
{
  guint8 data[RTP_HEADER_SIZE + FRAME] = { 0 };
  rtp_packet_write_header (&self->header, data);
  port_transmit (self->port, call->end->rtp, data, sizeof data,
      media_loop_now (call->loop));
  self->header.sequence++;
  self->header.timestamp += count (call, 20 * MS);
}

/* @n packets of 20 ms. */
static void
source_speak (Source *self, Call *call, guint n)
{
  for (guint i = 0; i < n; i++) {
    source_send (self, call);
    call_wait (call, 20 * MS);
  }
}

/* The time goes on, no packet comes. */
static void
source_pause (Source *self, Call *call, gint64 duration)
{
  self->header.timestamp += count (call, duration);
  call_wait (call, duration);
}

static void
send_report (Call *self, Port *from, guint32 ssrc)
{
  guint8 data[RTCP_MAX_SIZE];
  RtcpReport report = { .ssrc = ssrc, .cname = "phone" };
  gsize size = rtcp_write (&report, data);
  port_transmit (from, self->end->rtcp, data, size,
      media_loop_now (self->loop));
}

/* ---- A phone that moves, and packets of another SSRC from its old port */

typedef struct
{
  const gchar *name;
  guint n; /* packets in a row */
  gint64 every;
  guint8 payload_type;
} Foreign;

static const Foreign foreign[] = {
  { "one-foreign-packet", 1, 0, 0 },
  { "three-foreign-packets", 3, 20 * MS, 0 },
  { "digit-of-its-own-source", 8, 20 * MS, 101 },
  { "foreign-packets-go-on", 3, 300 * MS, 0 },
};

static void
test_new_port_after (gconstpointer data)
{
  const Foreign *self = data;
  Call call;
  call_begin (&call, HOST, HOST);
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  source_speak (&phone, &call, 100);
  Source other = { phone.port,
    { .ssrc = 0xbad, .sequence = 7, .payload_type = self->payload_type } };
  for (guint i = 0; i < self->n; i++) {
    source_send (&other, &call);
    source_pause (&phone, &call, self->every);
  }
  if (self->every < 300 * MS)
    source_pause (&phone, &call, 700 * MS);

  Port *old = phone.port;
  phone.port = port_new (call.loop, HOST, 5077);
  source_speak (&phone, &call, 50);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  g_assert_cmpuint (call_get_port (&call), ==, 5077);
  port_destroy (old);
  port_destroy (phone.port);
  call_end (&call);
}

/* Who changes its SSRC for good and moves later is followed all the same. */
static void
test_new_ssrc_then_new_port (void)
{
  Call call;
  call_begin (&call, HOST, HOST);
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  source_speak (&phone, &call, 100);
  phone.header.ssrc = 0x5678;
  phone.header.sequence = 40000;
  source_speak (&phone, &call, 150);
  source_pause (&phone, &call, 700 * MS);
  Port *old = phone.port;
  phone.port = port_new (call.loop, HOST, 5077);
  source_speak (&phone, &call, 50);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  port_destroy (old);
  port_destroy (phone.port);
  call_end (&call);
}

/* Whatever clock its timestamps have. */
static void
test_new_port_with (gconstpointer data)
{
  Call call;
  call_begin_with (&call, HOST, HOST, codec_table_find (data));
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  source_speak (&phone, &call, 100);
  source_pause (&phone, &call, 5 * SECOND);
  Port *old = phone.port;
  phone.port = port_new (call.loop, HOST, 5077);
  source_speak (&phone, &call, 50);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  port_destroy (old);
  port_destroy (phone.port);
  call_end (&call);
}

/* Timestamps further ahead of the time that has passed are none of that phone. */
static void
test_new_port_far_ahead (gconstpointer data)
{
  Call call;
  call_begin_with (&call, HOST, HOST, codec_table_find (data));
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  source_speak (&phone, &call, 100);
  source_pause (&phone, &call, 700 * MS);
  phone.header.timestamp += count (&call, 2 * SECOND);
  Port *old = phone.port;
  phone.port = port_new (call.loop, HOST, 5077);
  source_speak (&phone, &call, 25);
  g_assert_cmpuint (call.end->n_latched, ==, 0);
  port_destroy (old);
  port_destroy (phone.port);
  call_end (&call);
}

/* ---- A phone that is there, but silent */

/* Its reports say so: a stranger's packets buy nothing. */
static void
test_reports_hold (gconstpointer data)
{
  const gchar *reporter = data; /* the host of SDP, or the one that signals */
  Call call;
  call_begin (&call, HOST, "203.0.113.5");
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  Source stranger = source_new (&call, STRANGER, 6000, 99);
  Port *rtcp = port_new (call.loop, reporter, 5001);
  call_wait (&call, SECOND);
  for (guint i = 0; i < 3; i++) {
    send_report (&call, rtcp, 0x1234);
    call_wait (&call, 5 * SECOND);
    source_speak (&stranger, &call, 20);
  }
  g_assert_cmpuint (call.end->n_latched, ==, 0);
  g_assert_cmpuint (call_get_port (&call), ==, 5000);
  /* No more reports: whoever speaks then may be the phone behind a NAT. */
  call_wait (&call, 30 * SECOND);
  source_speak (&stranger, &call, 20);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  port_destroy (rtcp);
  port_destroy (stranger.port);
  port_destroy (phone.port);
  call_end (&call);
}

/* After a re-INVITE that names the same address it is no other. */
static void
test_reports_hold_renewed (void)
{
  Call call;
  call_begin (&call, HOST, HOST);
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  Source stranger = source_new (&call, STRANGER, 6000, 99);
  Port *rtcp = port_new (call.loop, HOST, 5001);
  source_speak (&phone, &call, 50);
  end_set_media (call.end, HOST, 5000, TRUE, TRUE);
  for (guint i = 0; i < 10; i++) {
    send_report (&call, rtcp, 0x1234);
    source_pause (&phone, &call, 100 * MS);
  }
  source_speak (&stranger, &call, 3);
  source_pause (&phone, &call, SECOND);
  source_speak (&phone, &call, 50);
  g_assert_cmpuint (call.end->n_latched, ==, 0);
  g_assert_cmpuint (call_get_port (&call), ==, 5000);
  port_destroy (rtcp);
  port_destroy (stranger.port);
  port_destroy (phone.port);
  call_end (&call);
}

/* ---- The phone comes later than a stranger who was taken for it */

static void
test_sdp_takes_back (gconstpointer data)
{
  gboolean speaks = GPOINTER_TO_INT (data); /* the stranger, all the time */
  Call call;
  call_begin (&call, HOST, HOST);
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  Source stranger = source_new (&call, STRANGER, 6000, 99);
  call_wait (&call, SECOND);
  source_speak (&stranger, &call, 3);
  call_wait (&call, 20 * MS);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  g_assert_cmpuint (call_get_port (&call), ==, 6000);
  for (guint i = 0; i < 50; i++) {
    if (speaks)
      source_send (&stranger, &call);
    source_speak (&phone, &call, 1);
  }
  g_assert_cmpuint (call.end->n_latched, ==, 2);
  g_assert_cmpuint (call_get_port (&call), ==, 5000);
  source_pause (&phone, &call, 10 * SECOND);
  source_speak (&stranger, &call, 20);
  g_assert_cmpuint (call.end->n_latched, ==, 2);
  port_destroy (stranger.port);
  port_destroy (phone.port);
  call_end (&call);
}

/* Behind a NAT it is not at the address of SDP, but where it signals from. */
static void
test_host_takes_back (void)
{
  Call call;
  call_begin (&call, "10.0.0.7", HOST);
  Source phone = source_new (&call, HOST, 7000, 0x1234);
  Source stranger = source_new (&call, STRANGER, 6000, 99);
  call_wait (&call, SECOND);
  source_speak (&stranger, &call, 10);
  g_assert_cmpuint (call_get_port (&call), ==, 6000);
  for (guint i = 0; i < 50; i++) {
    source_send (&stranger, &call);
    source_speak (&phone, &call, 1);
  }
  g_assert_cmpuint (call.end->n_latched, ==, 2);
  g_assert_cmpuint (call_get_port (&call), ==, 7000);
  source_pause (&phone, &call, 10 * SECOND);
  source_speak (&stranger, &call, 20);
  g_assert_cmpuint (call.end->n_latched, ==, 2);
  port_destroy (stranger.port);
  port_destroy (phone.port);
  call_end (&call);
}

/* Not from a phone that only moved: who speaks in the name of its old port gets
 * nothing. */
static void
test_sdp_takes_nothing_from_followed (void)
{
  Call call;
  call_begin (&call, HOST, HOST);
  Source phone = source_new (&call, HOST, 5000, 0x1234);
  source_speak (&phone, &call, 50);
  source_pause (&phone, &call, 700 * MS);
  Source other = { phone.port, { .ssrc = 0xbad } };
  phone.port = port_new (call.loop, HOST, 5077);
  source_speak (&phone, &call, 50);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  source_speak (&other, &call, 100);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  port_destroy (other.port);
  port_destroy (phone.port);
  call_end (&call);
}

/* Nor from a phone behind a NAT while it speaks. */
static void
test_sdp_takes_nothing_from_signalling (void)
{
  Call call;
  call_begin (&call, "10.0.0.7", HOST);
  Source phone = source_new (&call, HOST, 7000, 0x1234);
  Source other = source_new (&call, "10.0.0.7", 5000, 99);
  source_speak (&phone, &call, 50);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  for (guint i = 0; i < 50; i++) {
    source_send (&other, &call);
    source_speak (&phone, &call, 1);
  }
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  g_assert_cmpuint (call_get_port (&call), ==, 7000);
  port_destroy (other.port);
  port_destroy (phone.port);
  call_end (&call);
}

/* ---- A stranger that sprays */

/* Its many ports leave a phone behind a NAT, which signals from where it speaks,
 * its place among those that are counted. */
static void
test_sprayed (void)
{
  Source strangers[12];
  Call call;
  call_begin (&call, "10.0.0.7", HOST);
  Source phone = source_new (&call, HOST, 7000, 0x1234);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    strangers[i] = source_new (&call, STRANGER, (guint16) (6000 + i), 99);
  for (guint i = 0; i < 100; i++) {
    for (guint n = 0; n < G_N_ELEMENTS (strangers); n++)
      source_send (&strangers[n], &call);
    call_wait (&call, 5 * MS);
    if (i % 4 == 0)
      source_send (&phone, &call);
  }
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  g_assert_cmpuint (call_get_port (&call), ==, 7000);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    port_destroy (strangers[i].port);
  port_destroy (phone.port);
  call_end (&call);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("/rtpstream-latch/new-port/%s", foreign[i].name);
    g_test_add_data_func (name, &foreign[i], test_new_port_after);
  }
  g_test_add_func ("/rtpstream-latch/new-port/new-ssrc-long-before",
      test_new_ssrc_then_new_port);
  for (guint i = 0; codec_table_get (i); i++) {
    const gchar *codec = codec_table_get (i)->name;
    g_autofree gchar *name =
        g_strdup_printf ("/rtpstream-latch/new-port/with/%s", codec);
    g_autofree gchar *ahead =
        g_strdup_printf ("/rtpstream-latch/new-port/far-ahead/%s", codec);
    g_test_add_data_func (name, codec, test_new_port_with);
    g_test_add_data_func (ahead, codec, test_new_port_far_ahead);
  }
  g_test_add_data_func ("/rtpstream-latch/reports-hold/sdp", HOST,
      test_reports_hold);
  g_test_add_data_func ("/rtpstream-latch/reports-hold/signalling",
      "203.0.113.5", test_reports_hold);
  g_test_add_func ("/rtpstream-latch/reports-hold/renewed",
      test_reports_hold_renewed);
  g_test_add_data_func ("/rtpstream-latch/sdp-takes-back/silent-stranger",
      GINT_TO_POINTER (FALSE), test_sdp_takes_back);
  g_test_add_data_func ("/rtpstream-latch/sdp-takes-back/speaking-stranger",
      GINT_TO_POINTER (TRUE), test_sdp_takes_back);
  g_test_add_func ("/rtpstream-latch/host-takes-back", test_host_takes_back);
  g_test_add_func ("/rtpstream-latch/sdp-takes-nothing/followed",
      test_sdp_takes_nothing_from_followed);
  g_test_add_func ("/rtpstream-latch/sdp-takes-nothing/signalling",
      test_sdp_takes_nothing_from_signalling);
  g_test_add_func ("/rtpstream-latch/sprayed", test_sprayed);
  return g_test_run ();
}
