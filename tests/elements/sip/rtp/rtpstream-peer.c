/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One media call in virtual time with a far end that does one thing at a time: changes
 * its address, its port or its SSRC, falls silent, sends garbage. */

#include "mock/rtpcall.h"

#include "sip/logic/rtp/rtppacket.h"
#include "sip/media/rtpstreamprivate.h"

#include <string.h>

typedef struct
{
  MediaLoop *loop;
  End *end;
  Tone tone;
} Call;

static void
call_begin (Call *self, guint n_packets, guint media_timeout)
{
  memset (self, 0, sizeof *self);
  self->loop = media_loop_new_manual (START);
  self->end = end_new (self->loop, "192.0.2.1", 4000, media_timeout);
  end_set_media (self->end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (self->loop, 0);
  tone_start (&self->tone, self->end, "192.0.2.2", 5000, FRAME, 0, n_packets);
}

static void
call_end (Call *self)
{
  tone_clear (&self->tone);
  g_free (end_free (self->end));
  media_loop_unref (self->loop);
}

static void
test_ssrc_change (void)
{
  Call call;
  call_begin (&call, 500, 0);
  run_to (call.loop, 2 * SECOND);
  call.tone.ssrc = 0x55667788;
  call.tone.sequence = 100;
  call.tone.timestamp = 12345678;
  run_to (call.loop, 4 * SECOND);
  call.tone.sequence -= 20000;
  run_to (call.loop, 6 * SECOND);
  call.tone.timestamp += 777777;
  run_to (call.loop, 10 * SECOND);
  g_assert_cmpuint (end_get_stat (call.end, "ssrc-changes"), ==, 1);
  g_assert_cmpuint (end_get_stat (call.end, "sequence-restarts"), ==, 1);
  g_assert_cmpuint (end_get_stat (call.end, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (call.end, "packets-received"), >=, 498);
  g_assert_cmpuint (call.end->n_concealed, ==, 0);
  g_assert_cmpuint (call.end->n_breaks, ==, 0);
  g_assert_cmpuint (call.end->n_disconts, ==, 1);
  call_end (&call);
}

/* The peer falls silent: with timestamps that count the time (DTX), then with
 * timestamps that do not (hold in many a phone). */
static void
test_pauses (void)
{
  Call call;
  call_begin (&call, 800, 0);
  run_to (call.loop, 2 * SECOND);
  call.tone.muted = TRUE;
  run_to (call.loop, 5 * SECOND);
  g_assert_cmpuint (call.end->n_concealed, ==, 3);
  g_assert_cmpint (ABS ((gint) call.end->n_frames - 245), <=, 6);
  call.tone.muted = FALSE;
  run_to (call.loop, 8 * SECOND);
  g_assert_cmpint (ABS ((gint) call.end->n_frames - 399), <=, 1);
  g_assert_cmpint (ABS (call.end->last_delay), <, 15 * MS);

  call.tone.muted = TRUE;
  run_to (call.loop, 10 * SECOND);
  call.tone.timestamp -= 16000;
  call.tone.muted = FALSE;
  run_to (call.loop, 13 * SECOND);
  g_assert_cmpuint (end_get_stat (call.end, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (call.end, "packets-late"), ==, 0);
  g_assert_cmpint (ABS ((gint) call.end->n_frames - 649), <=, 1);
  g_assert_cmpuint (call.end->n_disconts, ==, 1);
  call_end (&call);
}

/* All packets come 200 ms later from one moment on, and then early again. */
static void
test_path_change (void)
{
  Call call;
  call_begin (&call, 1000, 0);
  run_to (call.loop, 3 * SECOND);
  call.tone.due += 200 * MS;
  run_to (call.loop, 10 * SECOND);
  g_assert_cmpuint (end_get_stat (call.end, "packets-late"), <=, 2);
  g_assert_cmpint (ABS (call.end->last_delay), <, 30 * MS);
  g_assert_cmpuint (call.end->n_disconts, ==, 1);
  call.tone.due -= 200 * MS;
  run_to (call.loop, 15 * SECOND);
  g_assert_cmpuint (call.end->n_disconts, ==, 2);
  g_assert_cmpint (ABS (call.end->last_delay), <, 30 * MS);
  call_end (&call);
}

static void
send_raw (Call *self, Port *from, const RtpPacket *header, const guint8 *data,
    gsize size)
{
  guint8 packet[RTP_HEADER_SIZE + 1000] = { 0 };
  rtp_packet_write_header (header, packet);
  memcpy (packet + RTP_HEADER_SIZE, data, size);
  port_transmit (from, self->end->rtp, packet, RTP_HEADER_SIZE + size,
      media_loop_now (self->loop));
}

static const guint8 silence[FRAME];

/* A NAT in front of the peer; somebody who sends garbage first, and somebody
 * who comes later with a proper stream. */
static void
test_latch (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (START);
  End *end = end_new (loop, "192.0.2.1", 4000, 0);
  Port *thief = port_new (loop, "198.51.100.9", 6000);
  Call call = { loop, end };
  RtpPacket header = { .payload_type = 0, .ssrc = 99 };

  end_set_media (end, "10.0.0.7", 5000, TRUE, TRUE);
  run_to (loop, 0);
  for (guint i = 0; i < 50; i++) {
    header.sequence = (guint16) (i * 7919);
    send_raw (&call, thief, &header, silence, FRAME);
    run_to (loop, (i + 1) * 20 * MS);
  }
  g_assert_cmpuint (end->n_latched, ==, 0);
  tone_start (&call.tone, end, "203.0.113.5", 7000, FRAME, 0, 500);
  run_to (loop, 2 * SECOND);
  g_assert_cmpuint (end->n_latched, ==, 1);
  for (guint i = 0; i < 100; i++) {
    header.sequence = (guint16) i;
    header.timestamp += FRAME;
    send_raw (&call, thief, &header, silence, FRAME);
    run_to (loop, 2 * SECOND + (i + 1) * 20 * MS);
  }
  g_assert_cmpuint (end->n_latched, ==, 1);
  g_assert_cmpuint (end_get_stat (end, "packets-unlatched"), ==, 152);
  /* The same address again opens the line to nobody while its owner speaks. */
  for (guint i = 0; i < 30; i++) {
    if (i % 3 == 0) {
      run_to (loop, 4 * SECOND + i * 2 * MS);
      end_set_media (end, "10.0.0.7", 5000, TRUE, TRUE);
    }
    header.sequence++;
    header.timestamp += FRAME;
    send_raw (&call, thief, &header, silence, FRAME);
  }
  run_to (loop, 5 * SECOND);
  g_assert_cmpuint (end->n_latched, ==, 1);
  g_assert_cmpuint (end_get_stat (end, "ssrc-changes"), ==, 0);
  run_to (loop, 10 * SECOND); /* two reports, whatever their random intervals */
  g_assert_cmpuint (packet_address_get_port (&end->rtcp->last_to), ==, 7001);
  port_destroy (thief);
  tone_clear (&call.tone);
  g_free (end_free (end));
}

/* ---- A phone that gets another port in the middle of the call */

/* What somebody sends: like the phone, but for what is given. */
typedef struct
{
  const gchar *name, *host;
  gint32 ssrc, sequence, timestamp; /* by how much they differ */
  gboolean speaks; /* the phone goes on at its old port */
  gboolean follow;
} Newcomer;

static const Newcomer newcomers[] = {
  { "new-port", "192.0.2.2", .follow = TRUE },
  { "new-port-gap", "192.0.2.2", .sequence = 40, .timestamp = 40 * FRAME,
      .follow = TRUE },
  { "copies-while-old-speaks", "192.0.2.2", .speaks = TRUE },
  { "other-host", "198.51.100.9" },
  { "other-ssrc", "192.0.2.2", .ssrc = 1 },
  { "other-sequence", "192.0.2.2", .sequence = 20000 },
  { "older-sequence", "192.0.2.2", .sequence = -300 },
  { "other-time", "192.0.2.2", .timestamp = 8000 * 60 },
  { "older-time", "192.0.2.2", .timestamp = -8000 * 2 },
};

static void
test_new_port (gconstpointer data)
{
  const Newcomer *newcomer = data;
  Call call;
  call_begin (&call, 500, 0);
  run_to (call.loop, 3 * SECOND);
  Port *port = port_new (call.loop, newcomer->host, 5077);
  for (guint i = 0; i < 100; i++) {
    RtpPacket header = { .payload_type = 0,
      .ssrc = call.tone.ssrc + (guint32) newcomer->ssrc,
      .sequence = (guint16) (call.tone.sequence + newcomer->sequence),
      .timestamp = call.tone.timestamp + (guint32) newcomer->timestamp };
    call.tone.muted = !newcomer->speaks;
    send_raw (&call, port, &header, silence, FRAME);
    if (call.tone.muted)
      call.tone.sequence++;
    run_to (call.loop, 3 * SECOND + (i + 1) * 20 * MS);
  }
  g_assert_cmpuint (call.end->n_latched, ==, newcomer->follow);
  guint64 refused = end_get_stat (call.end, "packets-unlatched");
  g_assert_cmpuint (refused, >=, newcomer->follow ? 24 : 98);
  g_assert_cmpuint (refused, <=, newcomer->follow ? 32 : 100);
  g_assert_cmpuint (end_get_stat (call.end, "ssrc-changes"), ==, 0);
  rtp_stream_send (call.end->stream, &rtp_call_mulaw, silence, FRAME,
      GST_CLOCK_TIME_NONE, FALSE, TRUE);
  run_to (call.loop, 6 * SECOND);
  g_assert_cmpuint (packet_address_get_port (&call.end->rtp->last_to), ==,
      newcomer->follow ? 5077 : 5000);
  port_destroy (port);
  call_end (&call);
}

/* And back again: its NAT's old mapping has come to life. */
static void
test_new_port_and_back (void)
{
  Call call;
  call_begin (&call, 900, 0);
  run_to (call.loop, 3 * SECOND);
  Port *other = port_new (call.loop, "192.0.2.2", 5077), *first;
  first = call.tone.port;
  call.tone.port = other;
  run_to (call.loop, 6 * SECOND);
  g_assert_cmpuint (call.end->n_latched, ==, 1);
  guint before = (guint) end_get_stat (call.end, "packets-received");
  run_to (call.loop, 7 * SECOND);
  g_assert_cmpuint (end_get_stat (call.end, "packets-received"), >=,
      before + 49);
  call.tone.port = first;
  run_to (call.loop, 9 * SECOND);
  g_assert_cmpuint (call.end->n_latched, ==, 2);
  g_assert_cmpuint (end_get_stat (call.end, "packets-lost"), <=, 60);
  port_destroy (other);
  call_end (&call);
}

/* Somebody sends a proper stream before the call is up; the phone, behind a NAT,
 * signals from the host that its audio comes from, 200 ms later. */
static void
test_early_stranger (void)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (START);
  End *end = end_new (loop, "192.0.2.1", 4000, 0);
  Port *stranger = port_new (loop, "198.51.100.9", 6000);
  Call call = { loop, end };
  RtpPacket header = { .payload_type = 0, .ssrc = 99 };

  packet_address_parse (&end->signalling, "203.0.113.5", 5060);
  end_set_media (end, "10.0.0.7", 5000, TRUE, TRUE);
  run_to (loop, 0);
  for (guint i = 0; i < 100; i++) {
    if (i == 10)
      tone_start (&call.tone, end, "203.0.113.5", 7000, FRAME, 0, 500);
    header.sequence = (guint16) i;
    header.timestamp += FRAME;
    send_raw (&call, stranger, &header, silence, FRAME);
    run_to (loop, (i + 1) * 20 * MS);
  }
  g_assert_cmpuint (end->n_latched, ==, 1);
  g_assert_cmpuint (end_get_stat (end, "packets-unlatched"), >=, 95);
  port_destroy (stranger);
  tone_clear (&call.tone);
  g_free (end_free (end));
}

static void
test_garbage (void)
{
  Call call;
  call_begin (&call, 500, 0);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  Port *from = call.tone.port;
  for (guint i = 0; i < 500; i++) {
    guint8 data[200];
    gsize size = (gsize) g_rand_int_range (rand, 0, sizeof data);
    for (gsize n = 0; n < size; n++)
      data[n] = (guint8) g_rand_int (rand);
    if (i % 2 && size)
      data[0] = 0x80 | (data[0] & 0x3f);
    port_transmit (from, call.end->rtp, data, size, media_loop_now (call.loop));
    port_transmit (from, call.end->rtcp, data, size,
        media_loop_now (call.loop));
    run_to (call.loop, (i + 1) * 20 * MS);
  }
  g_assert_cmpuint (end_get_stat (call.end, "packets-garbage"), >, 800);
  g_assert_cmpuint (call.end->n_byes, ==, 0);
  g_assert_cmpuint (end_get_stat (call.end, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (call.end, "packets-received"), >=, 498);
  g_assert_cmpuint (call.end->n_concealed, ==, 0);
  g_assert_cmpuint (call.end->n_breaks, ==, 0);
  call_end (&call);
}

static void
test_timeout (void)
{
  Call call;
  call_begin (&call, 100, 3000);
  run_to (call.loop, 4 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  run_to (call.loop, 6 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  end_set_media (call.end, "192.0.2.2", 5000, FALSE, FALSE);
  run_to (call.loop, 60 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  /* Silence flows on at its pace. */
  g_assert_cmpint (ABS ((gint) call.end->n_frames - 2996), <=, 5);
  call_end (&call);
}

/* The peer holds (a=sendonly) and sends nothing: that is no loss. After hold it
 * counts from anew. */
static void
test_timeout_held (void)
{
  Call call;
  call_begin (&call, 50, 3000);
  end_set_media (call.end, "192.0.2.2", 5000, FALSE, TRUE);
  run_to (call.loop, 60 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  end_set_media (call.end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (call.loop, 62 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  run_to (call.loop, 66 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  call_end (&call);
}

static void
send_report_with (Call *self, Port *from, guint32 ssrc, const gchar *bye,
    const RtcpBlock *block)
{
  guint8 data[RTCP_MAX_SIZE];
  RtcpReport report = { .ssrc = ssrc,
    .cname = "phone",
    .bye = bye,
    .block = block };
  gsize size = rtcp_write (&report, data);
  port_transmit (from, self->end->rtcp, data, size,
      media_loop_now (self->loop));
}

/* A receiver report of the peer, which has fallen silent (DTX). */
static void
send_report (Call *self, Port *from, guint32 ssrc, const gchar *bye)
{
  send_report_with (self, from, ssrc, bye, NULL);
}

/* One that sends reports is there; when they end, too, the call is over. */
static void
test_timeout_reports (void)
{
  Call call;
  call_begin (&call, 50, 3000);
  Port *rtcp = port_new (call.loop, "192.0.2.2", 5001);
  for (guint i = 1; i <= 10; i++) {
    run_to (call.loop, i * 2 * SECOND);
    send_report (&call, rtcp, call.tone.ssrc, NULL);
  }
  run_to (call.loop, 22 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  g_assert_true (rtp_stream_was_heard (call.end->stream));
  run_to (call.loop, 24 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  port_destroy (rtcp);
  call_end (&call);
}

/* Neither a stranger's reports, nor our own that come back, nor a good-bye. */
static void
test_timeout_other_reports (void)
{
  Call call;
  call_begin (&call, 50, 3000);
  Port *stranger = port_new (call.loop, "198.51.100.9", 5001);
  Port *rtcp = port_new (call.loop, "192.0.2.2", 5001);
  for (guint i = 1; i <= 3; i++) {
    run_to (call.loop, i * SECOND);
    send_report (&call, stranger, call.tone.ssrc, NULL);
    send_report (&call, rtcp, call.end->stream->ssrc, NULL);
    send_report (&call, rtcp, call.tone.ssrc, "over");
    call.end->rtcp->received (call.end->rtcp->user, (guint8 *) "garbage", 7,
        &rtcp->parent.local, media_loop_now (call.loop));
  }
  run_to (call.loop, 5 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  port_destroy (stranger);
  port_destroy (rtcp);
  call_end (&call);
}

/* @n reports of @ssrc, one each second, from the phone's host. */
static void
send_reports (Call *self, Port *from, guint32 ssrc, guint n)
{
  gint64 begin = media_loop_now (self->loop) - START;
  for (guint i = 1; i <= n; i++) {
    send_report (self, from, ssrc, NULL);
    run_to (self->loop, begin + i * SECOND);
  }
}

/* Whoever else reports from the phone's host: the one that spoke is gone. */
static void
test_timeout_other_ssrc (void)
{
  Call call;
  call_begin (&call, 50, 3000);
  Port *other = port_new (call.loop, "192.0.2.2", 5099);
  run_to (call.loop, SECOND);
  send_reports (&call, other, 0x11111111, 5);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  port_destroy (other);
  call_end (&call);
}

/* Before it has spoken nobody knows its SSRC; nor after a re-INVITE, with which it
 * may have changed. */
static void
test_timeout_unknown_ssrc (void)
{
  Call call;
  call_begin (&call, 500, 3000);
  call.tone.muted = TRUE;
  Port *rtcp = port_new (call.loop, "192.0.2.2", 5001);
  send_reports (&call, rtcp, 0x11111111, 5);
  call.tone.muted = FALSE;
  run_to (call.loop, 7 * SECOND);
  call.tone.muted = TRUE;
  end_set_media (call.end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (call.loop, 8 * SECOND);
  send_reports (&call, rtcp, 0x22222222, 5);
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  port_destroy (rtcp);
  call_end (&call);
}

/* Our audio goes, and SDP names @host for the reports. */
static void
begin_silent_call (Call *self, const gchar *host)
{
  RtpStreamMedia media = { .codec = codec_table_get (0),
    .event_payload_type = -1,
    .send = TRUE,
    .receive = TRUE };

  call_begin (self, 1, 3000);
  self->tone.muted = TRUE;
  packet_address_parse (&media.remote_rtp, "192.0.2.3", 5000);
  packet_address_parse (&media.remote_rtcp, host, 5001);
  rtp_stream_set_media (self->end->stream, &media);
  run_to (self->loop, MS);
  rtp_stream_send (self->end->stream, &rtp_call_mulaw, silence, FRAME,
      GST_CLOCK_TIME_NONE, FALSE, TRUE);
  run_to (self->loop, 100 * MS);
  g_assert_cmpuint (end_get_stat (self->end, "packets-sent"), >, 0);
}

/* The audio goes to a host that has never asked for it. */
static void
test_timeout_third_host (void)
{
  static const gchar *const hosts[] = { "192.0.2.2", "192.0.2.3" };
  Call call;

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    begin_silent_call (&call, hosts[i]);
    Port *rtcp = port_new (call.loop, hosts[i], 5001);
    send_reports (&call, rtcp, 0x11111111, 5);
    g_assert_cmpuint (call.end->n_timeouts, ==, 1);
    port_destroy (rtcp);
    call_end (&call);
  }
}

/* A phone that was muted from the beginning, and tells what it gets. */
static void
test_timeout_never_spoke (void)
{
  Call call;
  begin_silent_call (&call, "192.0.2.3");
  const RtcpBlock block = { .reception.ssrc = call.end->stream->ssrc };
  Port *rtcp = port_new (call.loop, "192.0.2.3", 5001);

  for (guint i = 1; i <= 10; i++) {
    send_report_with (&call, rtcp, 0x11111111, NULL, &block);
    run_to (call.loop, i * SECOND);
  }
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  port_destroy (rtcp);
  call_end (&call);
}

/* Reports alone are life for ten times as long as silence would be. */
static void
test_timeout_reports_for_ever (void)
{
  Call call;
  call_begin (&call, 50, 3000);
  Port *rtcp = port_new (call.loop, "192.0.2.2", 5001);
  run_to (call.loop, SECOND);
  send_reports (&call, rtcp, call.tone.ssrc, 30);
  g_assert_cmpuint (call.end->n_timeouts, ==, 0);
  send_reports (&call, rtcp, call.tone.ssrc, 30);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  port_destroy (rtcp);
  call_end (&call);
}

/* Never any audio, or none any more. */
static void
test_timeout_never_heard (void)
{
  Call call;
  call_begin (&call, 1, 3000);
  call.tone.muted = TRUE;
  run_to (call.loop, 4 * SECOND);
  g_assert_cmpuint (call.end->n_timeouts, ==, 1);
  g_assert_false (rtp_stream_was_heard (call.end->stream));
  call_end (&call);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpstream/ssrc-change", test_ssrc_change);
  g_test_add_func ("/rtpstream/pauses", test_pauses);
  g_test_add_func ("/rtpstream/path-change", test_path_change);
  g_test_add_func ("/rtpstream/latch", test_latch);
  g_test_add_func ("/rtpstream/latch-early-stranger", test_early_stranger);
  for (guint i = 0; i < G_N_ELEMENTS (newcomers); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("/rtpstream/latch-later/%s", newcomers[i].name);
    g_test_add_data_func (name, &newcomers[i], test_new_port);
  }
  g_test_add_func ("/rtpstream/latch-later/and-back", test_new_port_and_back);
  g_test_add_func ("/rtpstream/garbage", test_garbage);
  g_test_add_func ("/rtpstream/timeout", test_timeout);
  g_test_add_func ("/rtpstream/timeout-held", test_timeout_held);
  g_test_add_func ("/rtpstream/timeout-reports", test_timeout_reports);
  g_test_add_func ("/rtpstream/timeout-other-reports",
      test_timeout_other_reports);
  g_test_add_func ("/rtpstream/timeout-other-ssrc", test_timeout_other_ssrc);
  g_test_add_func ("/rtpstream/timeout-unknown-ssrc",
      test_timeout_unknown_ssrc);
  g_test_add_func ("/rtpstream/timeout-reports-for-ever",
      test_timeout_reports_for_ever);
  g_test_add_func ("/rtpstream/timeout-third-host", test_timeout_third_host);
  g_test_add_func ("/rtpstream/timeout-never-spoke", test_timeout_never_spoke);
  g_test_add_func ("/rtpstream/timeout-never-heard", test_timeout_never_heard);
  return g_test_run ();
}
