/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "rtppacket.h"

#include <string.h>

#define ONE_BYTE_PROFILE 0xbede /* RFC 8285 4.2 */

/* Where the payload begins, 0 if header, CSRCs and extension do not fit. */
static gsize
header_size (const guint8 *data, gsize size)
{
  gsize offset = RTP_HEADER_SIZE + 4 * (data[0] & 0x0f);
  if (data[0] & 0x10) {
    if (size < offset + 4)
      return 0;
    offset += 4 + 4 * (gsize) rtp_read_uint16 (data + offset + 2);
  }
  return offset <= size ? offset : 0;
}

gboolean
rtp_packet_parse (RtpPacket *packet, const guint8 *data, gsize size)
{
  if (size < RTP_HEADER_SIZE || data[0] >> 6 != 2)
    return FALSE;
  gsize offset = header_size (data, size);
  if (offset == 0)
    return FALSE;
  gsize padding = 0;
  if (data[0] & 0x20) {
    padding = data[size - 1];
    if (padding == 0 || padding > size - offset)
      return FALSE;
  }

  packet->marker = (data[1] & 0x80) != 0;
  packet->payload_type = data[1] & 0x7f;
  packet->sequence = rtp_read_uint16 (data + 2);
  packet->timestamp = rtp_read_uint32 (data + 4);
  packet->ssrc = rtp_read_uint32 (data + 8);
  packet->payload = data + offset;
  packet->payload_size = size - offset - padding;
  return TRUE;
}

void
rtp_packet_write_header (const RtpPacket *packet, guint8 *data)
{
  data[0] = 0x80;
  data[1] = (packet->marker ? 0x80 : 0) | (packet->payload_type & 0x7f);
  rtp_write_uint16 (data + 2, packet->sequence);
  rtp_write_uint32 (data + 4, packet->timestamp);
  rtp_write_uint32 (data + 8, packet->ssrc);
}

gsize
rtp_name_insert (const RtpName *self, guint8 *data, gsize payload_size)
{
  const gsize length = strlen (self->mid);
  const gsize words = (1 + length + 3) / 4, size = 4 + 4 * words;
  guint8 *place = data + RTP_HEADER_SIZE;

  if (!self->id)
    return 0;
  memmove (place + size, place, payload_size);
  memset (place, 0, size);
  rtp_write_uint16 (place, ONE_BYTE_PROFILE);
  rtp_write_uint16 (place + 2, (guint16) words);
  place[4] = (guint8) (self->id << 4 | (length - 1));
  memcpy (place + 5, self->mid, length);
  data[0] |= 0x10;
  return size;
}

gboolean
rtp_packet_is_rtcp (const guint8 *data, gsize size)
{
  return size >= 8 && data[0] >> 6 == 2 && data[1] >= 192 && data[1] <= 223;
}
