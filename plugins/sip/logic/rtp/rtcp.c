/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtcp.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)
#define SENDER_REPORT 200
#define RECEIVER_REPORT 201
#define SOURCE_DESCRIPTION 202
#define GOODBYE 203
#define BLOCK_SIZE 24
#define SENDER_INFO_SIZE 20
#define CNAME 1

static void
write_header (guint8 *data, guint count, guint type, gsize size)
{
  data[0] = 0x80 | count;
  data[1] = type;
  rtp_write_uint16 (data + 2, (guint16) (size / 4 - 1));
}

static gsize
write_block (const RtcpBlock *block, guint8 *data)
{
  rtp_write_uint32 (data, block->reception.ssrc);
  rtp_write_uint32 (data + 4, (guint32) block->reception.lost & 0xffffff);
  data[4] = block->reception.fraction_lost;
  rtp_write_uint32 (data + 8, block->reception.highest_sequence);
  rtp_write_uint32 (data + 12, block->jitter);
  rtp_write_uint32 (data + 16, block->last_sr);
  rtp_write_uint32 (data + 20, block->delay_since_sr);
  return BLOCK_SIZE;
}

static gsize
write_report (const RtcpReport *report, guint8 *data)
{
  gsize size = 8;
  rtp_write_uint32 (data + 4, report->ssrc);
  if (report->sender) {
    rtp_write_uint32 (data + 8, report->ntp >> 32);
    rtp_write_uint32 (data + 12, report->ntp & 0xffffffff);
    rtp_write_uint32 (data + 16, report->timestamp);
    rtp_write_uint32 (data + 20, report->n_packets);
    rtp_write_uint32 (data + 24, report->n_octets);
    size += SENDER_INFO_SIZE;
  }
  if (report->block)
    size += write_block (report->block, data + size);
  write_header (data, report->block ? 1 : 0,
      report->sender ? SENDER_REPORT : RECEIVER_REPORT, size);
  return size;
}

/* Zeros up to a whole word, at least one if @terminate. */
static gsize
pad (guint8 *data, gsize size, gboolean terminate)
{
  gsize end = (size + (terminate ? 4 : 3)) & ~(gsize) 3;
  memset (data + size, 0, end - size);
  return end;
}

static gsize
write_cname (const RtcpReport *report, guint8 *data)
{
  gsize length = MIN (strlen (report->cname), 255);
  rtp_write_uint32 (data + 4, report->ssrc);
  data[8] = CNAME;
  data[9] = (guint8) length;
  memcpy (data + 10, report->cname, length);
  gsize size = pad (data, 10 + length, TRUE);
  write_header (data, 1, SOURCE_DESCRIPTION, size);
  return size;
}

static gsize
write_bye (const RtcpReport *report, guint8 *data)
{
  gsize size = 8;
  gsize length = MIN (strlen (report->bye), 63);
  rtp_write_uint32 (data + 4, report->ssrc);
  if (length) {
    data[8] = (guint8) length;
    memcpy (data + 9, report->bye, length);
    size = pad (data, 9 + length, FALSE);
  }
  write_header (data, 1, GOODBYE, size);
  return size;
}

gsize
rtcp_write (const RtcpReport *report, guint8 *data)
{
  gsize size = write_report (report, data);
  size += write_cname (report, data + size);
  if (report->bye)
    size += write_bye (report, data + size);
  return size;
}

/* RFC 3550 A.2, but for the demand that a report stands first. */
static gboolean
is_valid_compound (const guint8 *data, gsize size)
{
  gsize at = 0;
  if (size < 8)
    return FALSE;
  while (at < size) {
    if (size - at < 4 || data[at] >> 6 != 2 || data[at + 1] < 192 ||
        data[at + 1] > 223)
      return FALSE;
    gsize length = 4 * ((gsize) rtp_read_uint16 (data + at + 2) + 1);
    gboolean padded = (data[at] & 0x20) != 0;
    if (length > size - at || (padded && at + length != size))
      return FALSE;
    at += length;
  }
  return TRUE;
}

static void
parse_block (RtcpBlock *block, const guint8 *data)
{
  guint32 lost = rtp_read_uint32 (data + 4) & 0xffffff;
  block->reception.ssrc = rtp_read_uint32 (data);
  block->reception.fraction_lost = data[4];
  block->reception.lost =
      lost & 0x800000 ? (gint32) lost - 0x1000000 : (gint32) lost;
  block->reception.highest_sequence = rtp_read_uint32 (data + 8);
  block->jitter = rtp_read_uint32 (data + 12);
  block->last_sr = rtp_read_uint32 (data + 16);
  block->delay_since_sr = rtp_read_uint32 (data + 20);
}

static void
parse_report (RtcpSummary *summary, const guint8 *data, gsize size,
    guint32 our_ssrc)
{
  gsize at = 8;
  if (size < at)
    return;
  summary->ssrc = rtp_read_uint32 (data + 4);
  if (data[1] == SENDER_REPORT) {
    if (size < at + SENDER_INFO_SIZE)
      return;
    summary->has_sender_info = TRUE;
    summary->ntp = (guint64) rtp_read_uint32 (data + 8) << 32 |
        rtp_read_uint32 (data + 12);
    summary->timestamp = rtp_read_uint32 (data + 16);
    at += SENDER_INFO_SIZE;
  }
  for (guint n = data[0] & 0x1f; n && at + BLOCK_SIZE <= size; n--) {
    if (rtp_read_uint32 (data + at) == our_ssrc) {
      parse_block (&summary->block, data + at);
      summary->has_block = TRUE;
    }
    at += BLOCK_SIZE;
  }
}

static void
parse_bye (RtcpSummary *summary, const guint8 *data, gsize size)
{
  gsize n = data[0] & 0x1f;
  gsize at = 4 + 4 * n;
  if (n == 0 || size < at)
    return;
  summary->bye = TRUE;
  summary->ssrc = rtp_read_uint32 (data + 4);
  if (at >= size)
    return;
  gsize length =
      MIN (MIN (data[at], size - at - 1), sizeof summary->bye_reason - 1);
  memcpy (summary->bye_reason, data + at + 1, length);
  const gchar *end;
  g_utf8_validate (summary->bye_reason, (gssize) length, &end);
  summary->bye_reason[end - summary->bye_reason] = '\0';
}

gboolean
rtcp_parse (RtcpSummary *summary, const guint8 *data, gsize size,
    guint32 our_ssrc)
{
  memset (summary, 0, sizeof *summary);
  if (!is_valid_compound (data, size))
    return FALSE;
  for (gsize at = 0; at < size;) {
    gsize length = 4 * ((gsize) rtp_read_uint16 (data + at + 2) + 1);
    switch (data[at + 1]) {
      case SENDER_REPORT:
      case RECEIVER_REPORT:
        parse_report (summary, data + at, length, our_ssrc);
        break;
      case GOODBYE:
        parse_bye (summary, data + at, length);
        break;
      default:
        break;
    }
    at += length;
  }
  return TRUE;
}

gint64
rtcp_get_round_trip (const RtcpBlock *block, guint64 ntp)
{
  if (block->last_sr == 0)
    return -1;
  guint32 now = (guint32) (ntp >> 16);
  gint32 trip = (gint32) (now - block->last_sr - block->delay_since_sr);
  /* Clocks that disagree by a rounding step give a little less than nothing. */
  if (trip < -66 || trip > 65536 * 60)
    return -1;
  return MAX (trip, 0) * SECOND / 65536;
}

guint64
rtcp_time_to_ntp (gint64 time)
{
  guint64 fraction = ((guint64) (time % SECOND) << 32) / SECOND;
  return (guint64) (time / SECOND) << 32 | fraction;
}

gint64
rtcp_get_interval (gboolean first, gdouble random)
{
  /* 6.3.1: e - 3/2 makes up for timer reconsideration. */
  gdouble interval = 5 * (0.5 + random) / 1.21828;
  return (gint64) (interval * SECOND / (first ? 2 : 1));
}
