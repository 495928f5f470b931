/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtpstreamprivate.h"

#define SECOND G_GINT64_CONSTANT (1000000000)
#define MIN_COLLISION_INTERVAL (10 * SECOND)

static guint64
get_ntp (const RtpStream *self, gint64 time)
{
  return rtcp_time_to_ntp (time + self->ntp_offset);
}

static gboolean
make_block (RtpStream *self, RtcpBlock *block, gint64 now)
{
  if (!jitter_buffer_report (&self->receiver.buffer, &block->reception))
    return FALSE;
  block->jitter =
      (guint32) (self->receiver.jitter * self->media.codec->clock / SECOND);
  block->last_sr = self->control.last_sr;
  block->delay_since_sr = self->control.last_sr
      ? (guint32) ((now - self->control.last_sr_arrival) * 65536 / SECOND)
      : 0;
  return TRUE;
}

/* An SR if we sent since the last report, else an RR (RFC 3550 6.4). */
static void
send_report (RtpStream *self, gint64 now, const gchar *bye)
{
  guint8 data[RTCP_MAX_SIZE];
  RtcpBlock block;
  RtcpReport report = { .ssrc = self->ssrc,
    .ntp = get_ntp (self, now),
    .cname = self->cname,
    .bye = bye };
  if (make_block (self, &block, now))
    report.block = &block;
  g_mutex_lock (&self->lock);
  report.sender = self->packets_sent != self->control.reported_packets;
  report.timestamp = packetizer_get_timestamp (&self->packetizer, now);
  report.n_packets = (guint32) self->packets_sent;
  report.n_octets = (guint32) self->octets_sent;
  self->control.reported_packets = self->packets_sent;
  g_mutex_unlock (&self->lock);

  gsize size = rtcp_write (&report, data);
  if (packet_address_is_set (&self->control.to))
    packet_transport_send (self->control.mux ? self->rtp : self->rtcp, data,
        size, &self->control.to);
}

static void
report_due (gint64 now, gpointer data)
{
  RtpStream *self = data;
  send_report (self, now, NULL);
  media_timer_arm (&self->control.timer,
      now + rtcp_get_interval (FALSE, g_random_double ()));
}

void
rtp_control_start (RtpStream *self, gint64 now)
{
  self->last_collision = now - MIN_COLLISION_INTERVAL;
  media_timer_init (&self->control.timer, self->loop, report_due, self);
  media_timer_arm (&self->control.timer,
      now + rtcp_get_interval (TRUE, g_random_double ()));
}

void
rtp_control_stop (RtpStream *self, const gchar *reason)
{
  media_timer_cancel (&self->control.timer);
  send_report (self, media_loop_now (self->loop), reason);
}

/* RFC 3550 8.2 */
void
rtp_control_collision (RtpStream *self, gint64 now)
{
  self->counters.collisions++;
  if (now - self->last_collision < MIN_COLLISION_INTERVAL)
    return;
  self->last_collision = now;
  send_report (self, now, "SSRC collision");
  self->ssrc = g_random_int ();
}

static void
handle_block (RtpStream *self, const RtcpBlock *block, gint64 arrival)
{
  RtpStreamCounters *counters = &self->counters;
  gint64 trip = rtcp_get_round_trip (block, get_ntp (self, arrival));
  if (trip >= 0) {
    counters->round_trip = trip;
    self->callbacks.path (trip / 2, self->user);
  }
  counters->remote_fraction_lost = block->reception.fraction_lost / 256.0;
  counters->remote_lost = block->reception.lost;
  counters->remote_jitter = block->jitter * SECOND / self->media.codec->clock;
  rtp_send_set_loss (self, counters->remote_fraction_lost);
}

void
rtp_control_packet (RtpStream *self, const guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival, gboolean mux)
{
  RtcpSummary summary;
  const JitterBuffer *buffer = &self->receiver.buffer;
  gboolean trusted = packet_address_same_host (from, &self->latch.active) ||
      packet_address_equal (from, &self->media.remote_rtcp);
  gboolean good = rtcp_parse (&summary, data, size, self->ssrc);
  if (good && !summary.bye && summary.ssrc != self->ssrc)
    rtp_latch_report (&self->latch, from, arrival);
  if (!trusted || !good) {
    self->counters.garbage++;
    rtp_log_garbage (&self->log, from, size);
    rtp_stream_publish (self);
    return;
  }

  /* Who is silent may still be there (DTX, a muted phone). */
  if (!summary.bye && summary.ssrc != self->ssrc)
    rtp_receive_life (self, &summary, from, arrival);
  gboolean known = buffer->started && summary.ssrc == buffer->ssrc;
  if (known) {
    self->control.to = *from;
    self->control.mux = mux;
  }
  if (summary.has_sender_info) {
    self->control.last_sr = (guint32) (summary.ntp >> 16);
    self->control.last_sr_arrival = arrival;
  }
  if (summary.has_block)
    handle_block (self, &summary.block, arrival);
  rtp_log_report (&self->log, from, self->counters.round_trip,
      self->counters.remote_fraction_lost);
  rtp_stream_publish (self);
  if (summary.bye && known)
    self->callbacks.bye (summary.bye_reason, self->user);
}

void
rtp_control_received (gpointer user, guint8 *data, gsize size,
    const PacketAddress *from, gint64 arrival)
{
  rtp_control_packet (user, data, size, from, arrival, FALSE);
}
