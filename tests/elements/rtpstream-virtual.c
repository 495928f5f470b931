/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Media calls in virtual time. Each line runs twice and must be the same to the
 * last sample. */

#include "mock/rtpcall.h"

#include "sip/logic/rtppacket.h"
#include "sip/media/rtpstreamprivate.h"

#include <string.h>

/* ---- A minute of each kind of line */

typedef struct
{
  const gchar *name;
  Impairment impairment;
  guint block; /* ms */
  gdouble ppm;
  gboolean exact; /* every lost packet is a concealed frame */
} Line;

static const Line lines[] = {
  { "clean", { 0 }, 20, 0, TRUE },
  { "loss-1", { 1, .loss = 10 }, 20, 0, TRUE },
  { "loss-5", { 2, .loss = 50 }, 20, 0, TRUE },
  { "loss-10", { 3, .loss = 100 }, 20, 0, TRUE },
  { "bursts", { 4, .loss = 20, .burst = 2 }, 20, 0, TRUE },
  { "jitter-30", { 5, .jitter = 30 }, 20, 0, FALSE },
  { "jitter-50-loss-5", { 6, .loss = 50, .jitter = 50 }, 20, 0, FALSE },
  { "reorder", { 7, .reorder = 50 }, 20, 0, TRUE },
  { "duplicates", { 8, .duplicate = 50 }, 20, 0, TRUE },
  { "everything",
      { 9, .loss = 30, .duplicate = 20, .reorder = 20, .jitter = 15 }, 20, 0,
      FALSE },
  { "drift+200", { 0 }, 20, 200, TRUE },
  { "drift-200", { 0 }, 20, -200, TRUE },
  { "drift+1000", { 10, .loss = 10 }, 20, 1000, TRUE },
  { "drift-1000", { 11, .loss = 10 }, 20, -1000, TRUE },
  { "blocks-10", { 0 }, 10, 0, TRUE },
  { "blocks-30", { 0 }, 30, 0, TRUE },
  { "blocks-40", { 0 }, 40, 0, TRUE },
  { "blocks-60", { 0 }, 60, 0, TRUE },
  { "blocks-10-loss-5", { 12, .loss = 50 }, 10, 0, FALSE },
  { "blocks-30-loss-5", { 13, .loss = 50 }, 30, 0, FALSE },
  { "blocks-60-loss-5", { 14, .loss = 50 }, 60, 0, FALSE },
};

static gchar *
run_line (const Line *line)
{
  g_autoptr (MediaLoop) loop = media_loop_new_manual (START);
  End *end = end_new (loop, "192.0.2.1", 4000, 0);
  Tone tone = { 0 };
  guint n_packets = 60000 / line->block;
  end_set_media (end, "192.0.2.2", 5000, TRUE, TRUE);
  run_to (loop, 0);
  tone_start (&tone, end, "192.0.2.2", 5000, line->block * 8, line->ppm,
      n_packets);
  tone.port->impairment = line->impairment;

  gint64 length = (gint64) (60.0 * SECOND * (1 + line->ppm / 1e6));
  run_to (loop, length + 20 * MS);
  guint n_frames = end->n_frames;
  guint64 received = end_get_stat (end, "packets-received");
  guint64 lost = end_get_stat (end, "packets-lost");
  guint64 late = end_get_stat (end, "packets-late");
  g_test_message ("%s: %u frames, %u concealed, %u silent, %u breaks, %u "
                  "disconts, step %.3f ms, delay %.1f, worst %.1f ms; received "
                  "%" G_GUINT64_FORMAT " lost %" G_GUINT64_FORMAT
                  " late %" G_GUINT64_FORMAT ", sent %u dropped %u",
      line->name, n_frames, end->n_concealed, end->n_silent, end->n_breaks,
      end->n_disconts, end->worst_step / 1e6, end->last_delay / 1e6,
      end->worst_delay / 1e6, received, lost, late, tone.port->n_sent,
      tone.port->n_dropped);

  g_assert_cmpuint (tone.port->n_sent, ==, n_packets);
  g_assert_cmpuint (end_get_stat (end, "packets-duplicated"), ==,
      tone.port->n_duplicated);
  g_assert_cmpuint (end->n_breaks, ==, 0);
  g_assert_cmpuint (end->n_disconts, ==, 1);
  g_assert_cmpint (end->worst_step, <, MS);
  /* Silence before the first packet is of the line, too. */
  guint frames = n_packets * line->block / 20 + end->n_lead;
  /* What is in flight or waited for at the end is not counted. */
  g_assert_cmpint (ABS ((gint) n_frames - (gint) frames), <=,
      line->exact && line->block == 20 ? 1 : 4);
  g_assert_cmpuint (received + lost + late, >=, n_packets - 4);
  g_assert_cmpuint (received + lost + late, <=, n_packets);
  if (line->exact) {
    g_assert_cmpuint (late, ==, 0);
    g_assert_cmpuint (end->n_concealed + end->n_silent - end->n_lead, ==,
        lost * line->block / 20);
    g_assert_cmpuint (tone.port->n_dropped - lost, <=, 4);
  }
  tone_clear (&tone);
  return end_free (end);
}

static void
test_line (gconstpointer data)
{
  g_autofree gchar *first = run_line (data);
  g_autofree gchar *second = run_line (data);
  g_assert_cmpstr (first, ==, second);
}

/* ---- One thing at a time */

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
  rtp_stream_send (call.end->stream, GST_VOICE_MULAW, silence, FRAME,
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

/* A receiver report of the peer, which has fallen silent (DTX). */
static void
send_report (Call *self, Port *from, guint32 ssrc, const gchar *bye)
{
  guint8 data[RTCP_MAX_SIZE];
  RtcpReport report = { .ssrc = ssrc, .cname = "phone", .bye = bye };
  gsize size = rtcp_write (&report, data);
  port_transmit (from, self->end->rtcp, data, size,
      media_loop_now (self->loop));
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

/* ---- Two of ours */

typedef struct
{
  MediaLoop *loop;
  End *a, *b;
} Pair;

static void
pair_begin (Pair *self, guint loss)
{
  self->loop = media_loop_new_manual (START);
  g_random_set_seed (4711);
  self->a = end_new (self->loop, "192.0.2.1", 4000, 0);
  self->b = end_new (self->loop, "192.0.2.2", 5000, 0);
  self->a->rtp->peer = self->b->rtp;
  self->b->rtp->peer = self->a->rtp;
  self->a->rtcp->peer = self->b->rtcp;
  self->b->rtcp->peer = self->a->rtcp;
  self->a->rtp->impairment = (Impairment){ 21, .loss = loss };
  self->b->rtp->impairment = (Impairment){ 22, .loss = loss };
  end_set_media (self->a, "192.0.2.2", 5000, TRUE, TRUE);
  end_set_media (self->b, "192.0.2.1", 4000, TRUE, TRUE);
  run_to (self->loop, 0);
}

/* 20 ms of audio each way until @to. */
static void
pair_talk (Pair *self, gint64 from, gint64 to)
{
  static const gint16 samples[FRAME] = { 1000, -1000, 3000 };
  for (gint64 t = from; t < to; t += 20 * MS) {
    rtp_stream_send (self->a->stream, GST_VOICE_S16, samples, sizeof samples,
        (GstClockTime) t, FALSE, TRUE);
    rtp_stream_send (self->b->stream, GST_VOICE_S16, samples, sizeof samples,
        GST_CLOCK_TIME_NONE, FALSE, TRUE);
    run_to (self->loop, t + 20 * MS);
  }
}

static void
pair_end (Pair *self)
{
  self->b->rtp->peer = self->b->rtcp->peer = NULL;
  g_free (end_free (self->a));
  run_to (self->loop, media_loop_now (self->loop) - START + SECOND);
  g_assert_cmpuint (self->b->n_byes, ==, 1);
  g_assert_cmpstr (self->b->bye, ==, "over");
  g_free (end_free (self->b));
  media_loop_unref (self->loop);
}

static void
test_dtmf (void)
{
  Pair pair;
  pair_begin (&pair, 200);
  pair_talk (&pair, 0, SECOND);
  g_assert_false (rtp_stream_send_dtmf (pair.a->stream, "12x", 0));
  g_assert_true (rtp_stream_send_dtmf (pair.a->stream, "0123456789", 100));
  g_assert_true (rtp_stream_send_dtmf (pair.a->stream, ",*#ABCD", 0));
  pair_talk (&pair, SECOND, 8 * SECOND);
  g_assert_cmpstr (pair.b->digits->str, ==,
      "00.11.22.33.44.55.66.77.88.99.**.##.AA.BB.CC.DD.");
  g_assert_cmpuint (pair.a->n_dtmf_sent, ==, 1);
  g_assert_cmpuint (end_get_stat (pair.a, "dtmf-sent"), ==, 16);
  g_assert_cmpuint (end_get_stat (pair.b, "dtmf-received"), ==, 16);
  g_assert_cmpuint (pair.b->n_disconts, ==, 1);
  g_assert_cmpint (ABS ((gint) pair.b->n_frames - 400), <=, 5);
  pair_end (&pair);
}

static void
test_reports (void)
{
  Pair pair;
  pair_begin (&pair, 50);
  pair_talk (&pair, 0, 30 * SECOND);
  g_assert_cmpuint (end_get_stat (pair.a, "round-trip"), >=, 39 * MS);
  g_assert_cmpuint (end_get_stat (pair.a, "round-trip"), <=, 42 * MS);
  g_autoptr (GstStructure) stats = gst_structure_new_empty ("stats");
  gdouble fraction;
  gint64 lost;
  rtp_stream_get_stats (pair.a->stream, stats);
  g_assert_true (
      gst_structure_get (stats, "remote-fraction-lost", G_TYPE_DOUBLE,
          &fraction, "remote-packets-lost", G_TYPE_INT64, &lost, NULL));
  g_assert_cmpfloat_with_epsilon (fraction, 0.05, 0.04);
  g_assert_cmpint (lost, >, 20);
  g_assert_cmpint (lost, <=, pair.a->rtp->n_dropped);
  pair_end (&pair);
}

/* Hold: nothing is sent, time goes on; afterwards the peer hears on without a
 * jump and nothing counts as lost. */
static void
test_hold (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  pair_talk (&pair, 0, 3 * SECOND);
  end_set_media (pair.a, "192.0.2.2", 5000, FALSE, TRUE);
  guint before = pair.a->rtp->n_sent;
  pair_talk (&pair, 3 * SECOND, 8 * SECOND);
  g_assert_cmpuint (pair.a->rtp->n_sent - before, <=, 2);
  end_set_media (pair.a, "192.0.2.2", 5000, TRUE, TRUE);
  pair_talk (&pair, 8 * SECOND, 12 * SECOND);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (pair.b, "packets-late"), ==, 0);
  g_assert_cmpuint (end_get_stat (pair.a, "packets-received"), >=, 598);
  g_assert_cmpint (ABS ((gint) pair.b->n_frames - 599), <=, 2);
  g_assert_cmpuint (pair.b->n_disconts, ==, 1);
  pair_end (&pair);
}

/* What comes in leaves in the same moment. */
static void
test_echo (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  pair.b->echo = TRUE;
  for (guint i = 0; i < 500; i++) {
    guint8 law[FRAME];
    memset (law, i & 0x7f, sizeof law);
    rtp_stream_send (pair.a->stream, GST_VOICE_MULAW, law, sizeof law,
        i * 20 * MS, FALSE, TRUE);
    run_to (pair.loop, (i + 1) * 20 * MS);
  }
  /* 20 ms there, 20 ms back, and on time. */
  g_assert_cmpint (pair.a->n_frames, >=, 497);
  g_assert_cmpuint (end_get_stat (pair.a, "packets-lost"), ==, 0);
  g_assert_cmpuint (end_get_stat (pair.a, "packets-received"), >=, 495);
  g_assert_cmpint (pair.a->worst_delay, <, 100 * MS);
  pair_end (&pair);
}

/* A file: as fast as it is taken, with a thread that may be kept waiting. */
static gpointer
play (gpointer data)
{
  End *end = data;
  g_autofree gint16 *samples = g_new0 (gint16, 8000);
  guint n = 0;
  while (n < 10 &&
      rtp_stream_send (end->stream, GST_VOICE_S16, samples, 16000, n * SECOND,
          FALSE, FALSE))
    n++;
  return GUINT_TO_POINTER (n);
}

/* The thread has filled up what the last step made room for. */
static gboolean
is_full (RtpStream *stream)
{
  guint n_free;
  g_mutex_lock (&stream->lock);
  gboolean full = !packetizer_get_space (&stream->packetizer, &n_free);
  g_mutex_unlock (&stream->lock);
  return full;
}

/* For less than the ten seconds that the thread has. */
static guint
play_for (guint seconds, Pair *pair)
{
  GThread *thread = g_thread_new ("play", play, pair->a);
  for (guint i = 0; i < seconds * 50; i++) {
    for (guint wait = 0; wait < 10000 && !is_full (pair->a->stream); wait++)
      g_usleep (200);
    run_to (pair->loop, media_loop_now (pair->loop) - START + 20 * MS);
  }
  rtp_stream_unlock (pair->a->stream, TRUE);
  return GPOINTER_TO_UINT (g_thread_join (thread));
}

static void
test_file (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  g_assert_cmpuint (play_for (4, &pair), <=, 5);
  g_assert_cmpuint (pair.a->rtp->n_sent, >=, 150);
  g_assert_cmpuint (pair.a->rtp->n_sent, <=, 203);
  g_assert_cmpuint (end_get_stat (pair.a, "frames-dropped"), ==, 0);
  rtp_stream_unlock (pair.a->stream, FALSE);
  pair_talk (&pair, 5 * SECOND, 6 * SECOND);
  pair_end (&pair);
}

static void
test_live_burst (void)
{
  Pair pair;
  pair_begin (&pair, 0);
  g_autofree gint16 *samples = g_new0 (gint16, 8000);
  g_assert_true (rtp_stream_send (pair.a->stream, GST_VOICE_S16, samples, 16000,
      0, FALSE, TRUE));
  rtp_stream_drain (pair.a->stream);
  g_assert_cmpuint (end_get_stat (pair.a, "frames-dropped"), ==, 40);
  run_to (pair.loop, 10 * MS);
  g_assert_cmpuint (pair.a->n_drained, ==, 0);
  run_to (pair.loop, 2 * SECOND);
  g_assert_cmpuint (pair.a->n_drained, ==, 1);
  g_assert_cmpuint (pair.a->rtp->n_sent, ==, 10);
  pair_end (&pair);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree gchar *name = g_strdup_printf ("/rtpstream/%s", lines[i].name);
    g_test_add_data_func (name, &lines[i], test_line);
  }
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
  g_test_add_func ("/rtpstream/timeout-never-heard", test_timeout_never_heard);
  g_test_add_func ("/rtpstream/dtmf", test_dtmf);
  g_test_add_func ("/rtpstream/reports", test_reports);
  g_test_add_func ("/rtpstream/hold", test_hold);
  g_test_add_func ("/rtpstream/echo", test_echo);
  g_test_add_func ("/rtpstream/file", test_file);
  g_test_add_func ("/rtpstream/live-burst", test_live_burst);
  return g_test_run ();
}
