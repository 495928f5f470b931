/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The RTP header (RFC 3550 5.1). */

#define RTP_HEADER_SIZE 12

typedef struct
{
  guint8 payload_type;
  gboolean marker;
  guint16 sequence;
  guint32 timestamp;
  guint32 ssrc;
  const guint8 *payload; /* without CSRCs, extension and padding */
  gsize payload_size;
} RtpPacket;

/* FALSE: not a well-formed RTP packet. @packet->payload points into @data. */
gboolean rtp_packet_parse (RtpPacket *packet, const guint8 *data, gsize size);

/* Writes RTP_HEADER_SIZE bytes; the payload is the caller's to place. */
void rtp_packet_write_header (const RtpPacket *packet, guint8 *data);

/* Which stream of a bundle a packet is of, as a header extension says it (RFC 9143 15, RFC
 * 8285 4.2). */
typedef struct
{
  guint8 id; /* of the extension, 1 to 14; 0: packets have none */
  gchar mid[17];
} RtpName;

#define RTP_NAME_MAX_SIZE 24

/* Puts it between header and payload of the packet @data, which has room for that behind
 * its @payload_size bytes of payload. How many it took, 0 with none. */
gsize rtp_name_insert (const RtpName *self, guint8 *data, gsize payload_size);

/* RFC 5761 4: RTCP on the RTP port, told by its packet types 192..223. */
gboolean rtp_packet_is_rtcp (const guint8 *data, gsize size);

/* Network byte order at any alignment. */
static inline guint16
rtp_read_uint16 (const guint8 *data)
{
  return (guint16) (data[0] << 8 | data[1]);
}

static inline guint32
rtp_read_uint32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 |
      (guint32) data[2] << 8 | data[3];
}

static inline void
rtp_write_uint16 (guint8 *data, guint16 value)
{
  data[0] = value >> 8;
  data[1] = value & 0xff;
}

static inline void
rtp_write_uint32 (guint8 *data, guint32 value)
{
  data[0] = value >> 24;
  data[1] = value >> 16 & 0xff;
  data[2] = value >> 8 & 0xff;
  data[3] = value & 0xff;
}

G_END_DECLS
