/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "jitterbuffer.h"

G_BEGIN_DECLS

/* RTCP of a point to point call (RFC 3550 6): compound packets of SR or RR, SDES
 * with CNAME, and BYE. NTP times are 32.32 fixed point. */

#define RTCP_MAX_SIZE 512

/* What we say of the peer's stream. */
typedef struct
{
  JitterReport reception;
  guint32 jitter; /* RTP ticks */
  guint32 last_sr; /* middle 32 bits of the peer's NTP time, 0 = none */
  guint32 delay_since_sr; /* 1/65536 s */
} RtcpBlock;

typedef struct
{
  guint32 ssrc;
  gboolean sender; /* SR, else RR */
  guint64 ntp;
  guint32 timestamp; /* RTP time of ntp */
  guint32 n_packets, n_octets;
  const RtcpBlock *block; /* may be NULL */
  const gchar *cname;
  const gchar *bye; /* reason ("" = none given) or NULL: no BYE */
} RtcpReport;

/* Fills @data (RTCP_MAX_SIZE); returns the size. */
gsize rtcp_write (const RtcpReport *report, guint8 *data);

/* What a compound packet of the peer says that concerns us. */
typedef struct
{
  guint32 ssrc;
  gboolean has_sender_info;
  guint64 ntp;
  guint32 timestamp;
  gboolean has_block; /* about our SSRC */
  RtcpBlock block;
  gboolean bye; /* of ssrc */
  gchar bye_reason[64]; /* valid UTF-8, may be empty */
} RtcpSummary;

/* FALSE: not a valid compound packet (RFC 3550 A.2; a lone BYE or a reduced-size
 * packet, RFC 5506, is let pass). */
gboolean rtcp_parse (RtcpSummary *summary, const guint8 *data, gsize size,
    guint32 our_ssrc);

/* Round trip of a block about us that arrived at @ntp; -1: it has none. ns */
gint64 rtcp_get_round_trip (const RtcpBlock *block, guint64 ntp);
guint64 rtcp_time_to_ntp (gint64 time);

/* RFC 3550 6.3.1 with two members: 5 s, spread by @random (0..1); half of it
 * for the first report. ns */
gint64 rtcp_get_interval (gboolean first, gdouble random);

G_END_DECLS
