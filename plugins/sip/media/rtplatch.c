/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtplatch.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define N_CONSECUTIVE 3
#define SILENT (500 * MS)
/* A candidate that paused so long holds back no other. */
#define STALE (200 * MS)
/* RFC 3550 A.1: more packets than this were not lost on the way. */
#define MAX_DROPOUT 3000
/* By so many one may come late. */
#define MAX_MISORDER 100
/* By which timestamps may have gone ahead of our clock meanwhile. */
#define MAX_AHEAD (1000 * MS)
/* Another SSRC of the active address is a digit, or not the peer's, until the one
 * known so far was silent for so long. */
#define OVER (2000 * MS)
/* Two of the longest intervals of RTCP: who reported so lately is there. */
#define REPORTED (15000 * MS)

static void
forget_candidates (RtpLatch *self)
{
  memset (self->expected, 0, sizeof self->expected);
  memset (self->others, 0, sizeof self->others);
}

void
rtp_latch_arm (RtpLatch *self, const PacketAddress *sdp,
    const PacketAddress *signalling, guint clock, gint64 now)
{
  if (!packet_address_equal (&self->sdp, sdp)) {
    self->active = *sdp;
    self->own = TRUE;
    self->heard = -1;
    self->reported = 0;
  }
  self->sdp = *sdp;
  self->signalling = *signalling;
  self->clock = clock;
  self->armed = now;
  self->fixed = self->settled = FALSE;
  memset (&self->known, 0, sizeof self->known);
  memset (&self->newer, 0, sizeof self->newer);
  forget_candidates (self);
}

void
rtp_latch_settle (RtpLatch *self, const PacketAddress *active)
{
  if (!packet_address_equal (&self->active, active))
    self->heard = -1;
  self->active = *active;
  self->fixed = self->settled = TRUE;
  forget_candidates (self);
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

static gboolean
is_expected (const RtpLatch *self, const PacketAddress *from)
{
  return packet_address_same_host (from, &self->sdp) ||
      packet_address_same_host (from, &self->signalling);
}

/* That of @from, else the one which was silent longest: a stranger that sprays
 * takes the place of no expected one. */
static RtpCandidate *
find_candidate (RtpLatch *self, const PacketAddress *from)
{
  RtpCandidate *candidates =
      is_expected (self, from) ? self->expected : self->others;
  RtpCandidate *oldest = candidates;
  for (guint i = 0; i < G_N_ELEMENTS (self->others); i++) {
    RtpCandidate *candidate = &candidates[i];
    if (candidate->n && packet_address_equal (&candidate->from, from))
      return candidate;
    if (candidate->n == 0 || (oldest->n && candidate->last < oldest->last))
      oldest = candidate;
  }
  return oldest;
}

/* It speaks, or its reports say that it is silent only. */
static gboolean
is_expected_there (const RtpLatch *self, gint64 now)
{
  if (self->reported && now - self->reported < REPORTED)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->expected); i++)
    if (is_alive (&self->expected[i], now))
      return TRUE;
  return FALSE;
}

static RtpLatchResult
move (RtpLatch *self, const PacketAddress *from)
{
  self->active = *from;
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
      (now - self->armed < SILENT || is_expected_there (self, now)))
    return RTP_LATCH_DROP;
  self->fixed = TRUE;
  self->own = FALSE;
  return move (self, from);
}

/* Sequence and time go on where active ended. */
static gboolean
goes_on (const RtpLatch *self, const RtpPacket *packet, gint64 now)
{
  gint16 sequence = (gint16) (packet->sequence - self->last.sequence);
  gint32 time = (gint32) (packet->timestamp - self->last.timestamp);
  return packet->ssrc == self->last.ssrc && sequence > 0 &&
      sequence < MAX_DROPOUT && time >= 0 &&
      time * (1000 * MS) / self->clock <= now - self->heard + MAX_AHEAD;
}

static RtpLatchResult
check_other_port (RtpLatch *self, const PacketAddress *from,
    const RtpPacket *packet, gint64 now)
{
  if (now - self->heard < SILENT || !goes_on (self, packet, now) ||
      !packet_address_same_host (from, &self->active))
    return RTP_LATCH_DROP;
  if (!count (find_candidate (self, from), from, packet, now))
    return RTP_LATCH_DROP;
  forget_candidates (self);
  return move (self, from);
}

/* Who was taken in its place gives way to the address of SDP. */
static gboolean
gives_way (const RtpLatch *self, gint64 now)
{
  return !self->own &&
      (!is_expected (self, &self->active) || now - self->heard >= SILENT);
}

static RtpLatchResult
check_sdp (RtpLatch *self, const PacketAddress *from, const RtpPacket *packet,
    gint64 now)
{
  if (self->fixed && !count (find_candidate (self, from), from, packet, now))
    return RTP_LATCH_DROP;
  if (self->fixed)
    forget_candidates (self);
  self->own = TRUE;
  return move (self, from);
}

/* A host of the call's speaks, and who was taken for it is none. */
static RtpLatchResult
check_host (RtpLatch *self, const PacketAddress *from, const RtpPacket *packet,
    gint64 now)
{
  if (!count (find_candidate (self, from), from, packet, now))
    return RTP_LATCH_DROP;
  forget_candidates (self);
  return move (self, from);
}

static gboolean
is_in_line (const RtpLatch *self, const RtpPacket *packet)
{
  gint16 sequence = (gint16) (packet->sequence - self->last.sequence);
  return packet->ssrc == self->last.ssrc && sequence > -MAX_MISORDER &&
      sequence < MAX_DROPOUT;
}

/* Another source at active's address is its audio from now on. */
static gboolean
is_over (RtpLatch *self, const PacketAddress *from, const RtpPacket *packet,
    gint64 now)
{
  if (self->newer.n && !is_alive (&self->newer, now))
    self->newer.n = 0;
  return count (&self->newer, from, packet, now) && now - self->heard >= OVER;
}

static void
note (RtpLatch *self, const PacketAddress *from, const RtpPacket *packet,
    gboolean moved, gint64 now)
{
  gboolean first = moved || self->heard < 0;
  gboolean in_line = !first && is_in_line (self, packet);
  if (!first && !in_line && !is_over (self, from, packet, now))
    return;
  self->heard = now;
  self->newer.n = 0;
  if (in_line && (gint16) (packet->sequence - self->last.sequence) < 0)
    return;
  self->last = *packet;
  self->last.payload = NULL;
}

static RtpLatchResult
check (RtpLatch *self, const PacketAddress *from, const RtpPacket *packet,
    gint64 now)
{
  if (packet_address_equal (from, &self->active)) {
    if (!self->fixed)
      self->fixed = count (&self->known, from, packet, now);
    return RTP_LATCH_ACCEPT;
  }
  if (self->settled)
    return RTP_LATCH_DROP;
  gboolean sdp = packet_address_equal (from, &self->sdp);
  if (sdp && (!self->fixed || gives_way (self, now)))
    return check_sdp (self, from, packet, now);
  if (self->fixed && is_expected (self, from) &&
      !is_expected (self, &self->active))
    return check_host (self, from, packet, now);
  if (self->fixed)
    return check_other_port (self, from, packet, now);
  return check_other (self, from, packet, now);
}

RtpLatchResult
rtp_latch_check (RtpLatch *self, const PacketAddress *from,
    const RtpPacket *packet, gint64 now)
{
  RtpLatchResult result = check (self, from, packet, now);
  if (result != RTP_LATCH_DROP)
    note (self, from, packet, result == RTP_LATCH_MOVED, now);
  return result;
}

void
rtp_latch_report (RtpLatch *self, const PacketAddress *from, gint64 now)
{
  if (is_expected (self, from))
    self->reported = now;
}
