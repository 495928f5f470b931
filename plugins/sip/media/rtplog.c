/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "rtplog.h"

#define GST_CAT_DEFAULT gst_sip_debug

/* The level of the first of a kind is @first, of all others LOG. GST_LEVEL_NONE:
 * nobody listens, and texts need not be made. */
static GstDebugLevel
level_of (gboolean *told, GstDebugLevel first)
{
  GstDebugLevel level = *told ? GST_LEVEL_LOG : first;

  *told = TRUE;
  return gst_debug_category_get_threshold (gst_sip_debug) >= level
      ? level
      : GST_LEVEL_NONE;
}

#define SAY(level, ...) \
  GST_CAT_LEVEL_LOG (gst_sip_debug, level, NULL, __VA_ARGS__)

void
rtp_log_received (RtpLog *self, const RtpPacket *packet,
    const PacketAddress *from)
{
  gboolean is_first = !self->has_received;
  GstDebugLevel level = level_of (&self->has_received, GST_LEVEL_DEBUG);

  if (level == GST_LEVEL_NONE)
    return;
  g_autofree gchar *address = packet_address_to_string (from);
  SAY (level,
      "%s: %spacket from %s: type %u, number %u, time %u, %" G_GSIZE_FORMAT
      " octets",
      self->call_id, is_first ? "first " : "", address, packet->payload_type,
      packet->sequence, packet->timestamp, packet->payload_size);
}

void
rtp_log_sent (RtpLog *self, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  gboolean is_first = !self->has_sent;
  GstDebugLevel level = level_of (&self->has_sent, GST_LEVEL_DEBUG);
  RtpPacket packet;

  if (level == GST_LEVEL_NONE || !rtp_packet_parse (&packet, data, size))
    return;
  g_autofree gchar *address = packet_address_to_string (to);
  SAY (level,
      "%s: %spacket to %s: type %u, number %u, time %u, %" G_GSIZE_FORMAT
      " octets",
      self->call_id, is_first ? "first " : "", address, packet.payload_type,
      packet.sequence, packet.timestamp, packet.payload_size);
}

void
rtp_log_garbage (RtpLog *self, const PacketAddress *from, gsize size)
{
  GstDebugLevel level = level_of (&self->has_garbage, GST_LEVEL_WARNING);

  if (level == GST_LEVEL_NONE)
    return;
  g_autofree gchar *address = packet_address_to_string (from);
  SAY (level,
      "%s: %" G_GSIZE_FORMAT " octets from %s are no audio of this call",
      self->call_id, size, address);
}

void
rtp_log_rejected (RtpLog *self, const PacketAddress *from, gsize size)
{
  GstDebugLevel level = level_of (&self->has_rejected, GST_LEVEL_WARNING);

  if (level == GST_LEVEL_NONE)
    return;
  g_autofree gchar *address = packet_address_to_string (from);
  SAY (level,
      "%s: %" G_GSIZE_FORMAT
      " octets from %s are not encrypted by the far end's key, or came before",
      self->call_id, size, address);
}

void
rtp_log_stranger (RtpLog *self, const PacketAddress *from, gboolean may_be)
{
  gboolean told = may_be;
  GstDebugLevel level =
      level_of (may_be ? &told : &self->has_stranger, GST_LEVEL_WARNING);

  if (level == GST_LEVEL_NONE)
    return;
  g_autofree gchar *address = packet_address_to_string (from);
  SAY (level, "%s: audio from %s, which is not the far end, is refused",
      self->call_id, address);
}

void
rtp_log_latched (RtpLog *self, const PacketAddress *from)
{
  g_autofree gchar *address = packet_address_to_string (from);

  GST_DEBUG ("%s: audio comes from %s, and goes there", self->call_id, address);
}

void
rtp_log_chosen (RtpLog *self, const PacketAddress *remote)
{
  g_autofree gchar *address = packet_address_to_string (remote);

  GST_DEBUG ("%s: ICE has chosen %s", self->call_id, address);
}

void
rtp_log_report (RtpLog *self, const PacketAddress *from, gint64 round_trip,
    gdouble fraction_lost)
{
  gboolean is_first = !self->has_report;
  GstDebugLevel level = level_of (&self->has_report, GST_LEVEL_DEBUG);

  if (level == GST_LEVEL_NONE)
    return;
  g_autofree gchar *address = packet_address_to_string (from);
  SAY (level, "%s: %sreport from %s: round trip %.1f ms, %.1f %% of ours lost",
      self->call_id, is_first ? "first " : "", address,
      (gdouble) round_trip / GST_MSECOND, fraction_lost * 100);
}

void
rtp_log_key (RtpLog *self, guint duration)
{
  if (duration)
    GST_DEBUG ("%s: a key was pressed for %u ms", self->call_id, duration);
  else
    GST_DEBUG ("%s: a key is pressed", self->call_id);
}

void
rtp_log_key_flood (RtpLog *self)
{
  SAY (level_of (&self->has_key_flood, GST_LEVEL_WARNING),
      "%s: the far end presses more keys than anybody can: the rest is left out",
      self->call_id);
}
