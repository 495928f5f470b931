/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtplatch.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define N_CONSECUTIVE 3
#define SILENT (500 * MS)
/* A candidate that paused so long holds back no other. */
#define STALE (200 * MS)

void
rtp_latch_arm (RtpLatch *self, const PacketAddress *sdp,
    const PacketAddress *signalling, gint64 now)
{
  if (!packet_address_equal (&self->sdp, sdp)) {
    self->active = *sdp;
    self->heard = -1;
  }
  self->sdp = *sdp;
  self->signalling = *signalling;
  self->armed = now;
  self->fixed = FALSE;
  memset (&self->known, 0, sizeof self->known);
  memset (self->others, 0, sizeof self->others);
}

static gboolean
is_alive (const RtpCandidate *self, gint64 now)
{
  return self->n && now - self->last < STALE;
}

/* TRUE: that was the last packet it took. */
static gboolean
count (RtpCandidate *self, const PacketAddress *from, const RtpPacket *packet,
    gint64 now)
{
  gboolean same = self->n && packet_address_equal (&self->from, from);
  if (!same || packet->ssrc != self->ssrc || packet->sequence != self->next)
    self->n = 0;
  self->from = *from;
  self->ssrc = packet->ssrc;
  self->next = packet->sequence + 1;
  self->last = now;
  return ++self->n >= N_CONSECUTIVE;
}

/* That of @from, else the one which was silent longest. */
static RtpCandidate *
find_candidate (RtpLatch *self, const PacketAddress *from)
{
  RtpCandidate *oldest = self->others;
  for (guint i = 0; i < G_N_ELEMENTS (self->others); i++) {
    RtpCandidate *candidate = &self->others[i];
    if (candidate->n && packet_address_equal (&candidate->from, from))
      return candidate;
    if (candidate->n == 0 || (oldest->n && candidate->last < oldest->last))
      oldest = candidate;
  }
  return oldest;
}

static gboolean
is_expected (const RtpLatch *self, const PacketAddress *from)
{
  return packet_address_same_host (from, &self->sdp) ||
      packet_address_same_host (from, &self->signalling);
}

static gboolean
is_expected_speaking (const RtpLatch *self, gint64 now)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->others); i++)
    if (is_alive (&self->others[i], now) &&
        is_expected (self, &self->others[i].from))
      return TRUE;
  return FALSE;
}

static RtpLatchResult
move (RtpLatch *self, const PacketAddress *from, gint64 now)
{
  self->active = *from;
  self->heard = now;
  return RTP_LATCH_MOVED;
}

static RtpLatchResult
check_other (RtpLatch *self, const PacketAddress *from, const RtpPacket *packet,
    gint64 now)
{
  if (self->heard >= 0 && now - self->heard < SILENT)
    return RTP_LATCH_DROP;
  if (!count (find_candidate (self, from), from, packet, now))
    return RTP_LATCH_DROP;
  if (!is_expected (self, from) &&
      (now - self->armed < SILENT || is_expected_speaking (self, now)))
    return RTP_LATCH_DROP;
  self->fixed = TRUE;
  return move (self, from, now);
}

RtpLatchResult
rtp_latch_check (RtpLatch *self, const PacketAddress *from,
    const RtpPacket *packet, gint64 now)
{
  if (packet_address_equal (from, &self->active)) {
    self->heard = now;
    if (!self->fixed)
      self->fixed = count (&self->known, from, packet, now);
    return RTP_LATCH_ACCEPT;
  }
  if (self->fixed)
    return RTP_LATCH_DROP;
  if (packet_address_equal (from, &self->sdp))
    return move (self, from, now);
  return check_other (self, from, packet, now);
}
