/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtplatch.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define N_CONSECUTIVE 3
#define SILENT (500 * MS)
/* A candidate that paused so long makes room for another. */
#define STALE (200 * MS)

enum
{
  ACTIVE,
  SAME_HOST,
  OTHER_HOST,
};

void
rtp_latch_arm (RtpLatch *self, const PacketAddress *sdp)
{
  if (!packet_address_equal (&self->sdp, sdp))
    self->active = *sdp;
  self->sdp = *sdp;
  self->fixed = FALSE;
  self->heard = -1;
  memset (self->candidates, 0, sizeof self->candidates);
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
  if (!same && is_alive (self, now))
    return FALSE;
  if (!same || packet->ssrc != self->ssrc || packet->sequence != self->next)
    self->n = 0;
  self->from = *from;
  self->ssrc = packet->ssrc;
  self->next = packet->sequence + 1;
  self->last = now;
  return ++self->n >= N_CONSECUTIVE;
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
  gboolean same_host = packet_address_same_host (from, &self->sdp);
  guint i = same_host ? SAME_HOST : OTHER_HOST;
  if (self->heard >= 0 && now - self->heard < SILENT)
    return RTP_LATCH_DROP;
  if (!count (&self->candidates[i], from, packet, now))
    return RTP_LATCH_DROP;
  if (!same_host && is_alive (&self->candidates[SAME_HOST], now))
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
      self->fixed = count (&self->candidates[ACTIVE], from, packet, now);
    return RTP_LATCH_ACCEPT;
  }
  if (self->fixed)
    return RTP_LATCH_DROP;
  if (packet_address_equal (from, &self->sdp))
    return move (self, from, now);
  return check_other (self, from, packet, now);
}
