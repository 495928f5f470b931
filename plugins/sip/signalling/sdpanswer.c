/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sdpanswer.h"
#include "sip/logic/sdptext.h"

#include <gio/gio.h>
#include <gst/sdp/gstsdpmessage.h>
#include <stdlib.h>
#include <string.h>

/* More than any phone sends; a hostile one gets 400. */
#define MAX_SDP 16384
#define MAX_MEDIA 16
#define MAX_FORMATS 64 /* each is looked up in all attributes */
#define PACKET_TIME 20 /* ms: ours, unless the peer wants less */
#define MIN_PACKET_TIME 5
#define FIRST_DYNAMIC 96 /* payload type, RFC 3551 6 */
#define EVENTS "telephone-event"
#define MAX_PACKET_TIME "150" /* of the peer: fits into one Ethernet frame */

/* ---- Reading */

static gboolean
fail (GError **error, gint code, const gchar *text)
{
  g_set_error_literal (error, G_IO_ERROR, code, text);
  return FALSE;
}

static GstSDPMessage *
parse_message (const gchar *text, gsize size, GError **error)
{
  GstSDPMessage *message = NULL;

  /* The parser takes C strings, accepts almost anything and keeps all blanks. */
  g_autofree gchar *tidy = size > MAX_SDP ? NULL : sdp_text_tidy (text, size);
  if (!tidy) {
    fail (error, G_IO_ERROR_INVALID_DATA, "The SDP is malformed");
    return NULL;
  }
  gst_sdp_message_new (&message);
  if (gst_sdp_message_parse_buffer ((const guint8 *) tidy,
          (guint) strlen (tidy), message) == GST_SDP_OK &&
      gst_sdp_message_medias_len (message) > 0 &&
      gst_sdp_message_medias_len (message) <= MAX_MEDIA)
    return message;
  gst_sdp_message_free (message);
  fail (error, G_IO_ERROR_INVALID_DATA, "The SDP is malformed");
  return NULL;
}

/* Decimal digits only, below 128; -1 otherwise. */
static gint
payload_type (const gchar *text)
{
  gchar *end;

  if (!text || !g_ascii_isdigit (*text))
    return -1;
  gulong value = strtoul (text, &end, 10);
  return *end == '\0' && value < 128 ? (gint) value : -1;
}

/* "PCMU/8000" of the rtpmap of @type; NULL if there is none. */
static const gchar *
rtpmap (const GstSDPMedia *media, gint type)
{
  /* Not by gst_sdp_media_get_attribute_val_n(), which begins anew each time. */
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    const gchar *value = attribute->value;
    gchar *end;
    if (!value || g_strcmp0 (attribute->key, "rtpmap"))
      continue;
    gulong number = strtoul (value, &end, 10);
    if (end != value && *end == ' ' && number == (gulong) type)
      return end + 1;
  }
  return NULL;
}

static gboolean
is_encoding (const gchar *map, const gchar *name, guint clock)
{
  gsize length = strlen (name);
  gchar *end;

  if (g_ascii_strncasecmp (map, name, length) || map[length] != '/' ||
      !g_ascii_isdigit (map[length + 1]))
    return FALSE;
  return strtoul (map + length + 1, &end, 10) == clock &&
      (*end == '\0' || !strcmp (end, "/1"));
}

static gboolean
is_codec (const GstSDPMedia *media, gint type, const RtpCodec *codec)
{
  const gchar *map = rtpmap (media, type);

  if (map)
    return is_encoding (map, codec->name, codec->clock);
  return type == codec->payload_type && type < FIRST_DYNAMIC;
}

/* The payload type under which @media lists the keys that go with @codec: they have
 * its clock (RFC 4733 2.1). -1 if it does not. */
static gint
find_events (const GstSDPMedia *media, const RtpCodec *codec)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    gint type = payload_type (gst_sdp_media_get_format (media, i));
    const gchar *map = type < 0 ? NULL : rtpmap (media, type);
    if (map && is_encoding (map, EVENTS, codec->clock))
      return type;
  }
  return -1;
}

/* RFC 4585: the same RTP, and feedback that nobody has to give. */
static gboolean
is_plain_rtp (const gchar *proto)
{
  return !g_ascii_strcasecmp (proto, "RTP/AVP") ||
      !g_ascii_strcasecmp (proto, "RTP/AVPF");
}

static gboolean
is_secure_rtp (const gchar *proto)
{
  return strstr (proto, "RTP/SAVP") != NULL;
}

static const gchar *
get_proto (const GstSDPMedia *media)
{
  const gchar *proto = gst_sdp_media_get_proto (media);

  return proto ? proto : "";
}

static gboolean
is_audio (const GstSDPMedia *media)
{
  return !g_strcmp0 (gst_sdp_media_get_media (media), "audio") &&
      gst_sdp_media_get_port (media) > 0 &&
      gst_sdp_media_get_port (media) < 65536;
}

/* The first of the peer's formats that is one of our codecs: what it names first it
 * sends best, in an offer as well as in an answer (RFC 3264 6.1). */
static gboolean
take_first_codec (const GstSDPMedia *sdp, const SdpLocal *local,
    RtpStreamMedia *media)
{
  if (gst_sdp_media_formats_len (sdp) > MAX_FORMATS)
    return FALSE;
  for (guint i = 0; i < gst_sdp_media_formats_len (sdp); i++) {
    gint type = payload_type (gst_sdp_media_get_format (sdp, i));
    for (guint k = 0; type >= 0 && k < local->codecs.n; k++) {
      const RtpCodec *codec = local->codecs.codecs[k];
      if (!is_codec (sdp, type, codec))
        continue;
      media->codec = codec;
      media->payload_type = (guint8) type;
      return TRUE;
    }
  }
  return FALSE;
}

/* Why there is no call, as far as the peer's m-lines say. */
static void
fail_media (const GstSDPMessage *message, const SdpLocal *local, GError **error)
{
  g_autofree gchar *ours = codec_table_describe (&local->codecs);
  gboolean plain = FALSE, secure = FALSE;

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (message, i);
    plain |= is_audio (sdp) && is_plain_rtp (get_proto (sdp));
    secure |= is_audio (sdp) && is_secure_rtp (get_proto (sdp));
  }
  if (plain)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        "No codec in common: this side has %s, as it is set up", ours);
  else if (secure)
    fail (error, G_IO_ERROR_NOT_SUPPORTED,
        "SRTP is wanted; this side has plain RTP only");
  else
    fail (error, G_IO_ERROR_NOT_SUPPORTED, "There is no audio over RTP");
}

/* The m-line that carries the call; -1 if none can. */
static gint
choose_media (const GstSDPMessage *message, const SdpLocal *local,
    RtpStreamMedia *media, GError **error)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (message, i);
    if (is_audio (sdp) && is_plain_rtp (get_proto (sdp)) &&
        take_first_codec (sdp, local, media))
      return (gint) i;
  }
  fail_media (message, local, error);
  return -1;
}

/* The value of the m-line, else of the session; NULL if neither has it. */
static const gchar *
get_attribute (const GstSDPMessage *message, const GstSDPMedia *sdp,
    const gchar *name)
{
  const gchar *value = gst_sdp_media_get_attribute_val (sdp, name);

  return value ? value : gst_sdp_message_get_attribute_val (message, name);
}

/* RFC 8866 6.4: what the peer wishes, and what it takes at most. */
static guint
get_packet_time (const GstSDPMessage *message, const GstSDPMedia *sdp)
{
  static const gchar *const names[] = { "ptime", "maxptime" };
  guint64 least = PACKET_TIME;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const gchar *value = get_attribute (message, sdp, names[i]);
    guint64 time = value ? g_ascii_strtoull (value, NULL, 10) : 0;
    if (time > 0)
      least = MIN (least, time);
  }
  return (guint) MAX (least, MIN_PACKET_TIME);
}

static const gchar *
get_host (const GstSDPMessage *message, const GstSDPMedia *sdp)
{
  const GstSDPConnection *connection = gst_sdp_media_connections_len (sdp)
      ? gst_sdp_media_get_connection (sdp, 0)
      : gst_sdp_message_get_connection (message);

  return connection && connection->address ? connection->address : "";
}

/* RFC 3605: a port, which may have an address behind it. @rtcp has that of RTP. */
static void
read_rtcp (const gchar *value, PacketAddress *rtcp, guint16 *port)
{
  gchar *end;
  gulong number = strtoul (value, &end, 10);
  PacketAddress other;

  if (number == 0 || number > 65535)
    return;
  *port = (guint16) number;
  if (strlen (end) > strlen (" IN IP4 ") &&
      packet_address_parse (&other, end + strlen (" IN IP4 "), 0) &&
      packet_address_is_one_place (&other))
    *rtcp = other;
}

/* Where the peer wants RTP and RTCP to come to. A name is for @name alone, if that is
 * not NULL: the addresses stay unset. */
static gboolean
get_addresses (const GstSDPMessage *message, const GstSDPMedia *sdp,
    RtpStreamMedia *media, SdpName *name)
{
  guint16 port = (guint16) gst_sdp_media_get_port (sdp);
  guint16 rtcp_port = port + 1; /* 0: there is none */
  const gchar *host = get_host (message, sdp);
  const gchar *rtcp = gst_sdp_media_get_attribute_val (sdp, "rtcp");
  gboolean is_address = packet_address_parse (&media->remote_rtp, host, port);

  if (is_address ? packet_address_is_group (&media->remote_rtp)
                 : !sdp_text_is_host_name (host))
    return FALSE;
  media->remote_rtcp = media->remote_rtp;
  if (rtcp)
    read_rtcp (rtcp, &media->remote_rtcp, &rtcp_port);
  packet_address_set_port (&media->remote_rtcp, rtcp_port);
  if (!is_address)
    media->remote_rtp = (PacketAddress){ 0 };
  if (!is_address || !rtcp_port)
    media->remote_rtcp = (PacketAddress){ 0 };
  if (name)
    *name = (SdpName){ is_address ? NULL : g_strdup (host), port, rtcp_port };
  return TRUE;
}

/* RFC 3264 6.1: what the peer sends we receive, and the other way round. */
static void
get_direction (const GstSDPMessage *message, const GstSDPMedia *sdp,
    RtpStreamMedia *media)
{
  static const struct
  {
    const gchar *name;
    gboolean send, receive;
  } table[] = { { "sendrecv", TRUE, TRUE }, { "sendonly", FALSE, TRUE },
    { "recvonly", TRUE, FALSE }, { "inactive", FALSE, FALSE } };

  media->send = media->receive = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    if (!gst_sdp_media_get_attribute_val (sdp, table[i].name) &&
        !gst_sdp_message_get_attribute_val (message, table[i].name))
      continue;
    media->send = table[i].send;
    media->receive = table[i].receive;
    if (gst_sdp_media_get_attribute_val (sdp, table[i].name))
      break;
  }
  /* RFC 2543 hold. */
  if (packet_address_is_any (&media->remote_rtp)) {
    media->send = media->receive = FALSE;
    media->remote_rtp = media->remote_rtcp = (PacketAddress){ 0 };
  }
}

static gint
read_media (const GstSDPMessage *message, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error)
{
  *media = (RtpStreamMedia){ 0 };
  gint index = choose_media (message, local, media, error);
  if (index < 0)
    return -1;
  const GstSDPMedia *sdp = gst_sdp_message_get_media (message, (guint) index);
  media->event_payload_type = find_events (sdp, media->codec);
  media->packet_time = get_packet_time (message, sdp);
  if (!get_addresses (message, sdp, media, name)) {
    fail (error, G_IO_ERROR_INVALID_DATA, "The SDP names no usable address");
    return -1;
  }
  get_direction (message, sdp, media);
  return index;
}

gboolean
sdp_parse (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error)
{
  GstSDPMessage *message = parse_message (text, size, error);

  if (name)
    *name = (SdpName){ 0 };
  if (!message)
    return FALSE;
  gint index = read_media (message, local, media, name, error);
  gst_sdp_message_free (message);
  return index >= 0;
}

gboolean
sdp_parse_answer (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error)
{
  gboolean ok = sdp_parse (text, size, local, media, name, error);

  media->offered = TRUE;
  return ok;
}

/* ---- Writing */

static GstSDPMessage *
new_message (const SdpLocal *local)
{
  GstSDPMessage *message;
  g_autofree gchar *id = g_strdup_printf ("%" G_GUINT64_FORMAT, local->id);
  g_autofree gchar *version =
      g_strdup_printf ("%" G_GUINT64_FORMAT, local->version);
  const gchar *type = strchr (local->host, ':') ? "IP6" : "IP4";

  gst_sdp_message_new (&message);
  gst_sdp_message_set_version (message, "0");
  gst_sdp_message_set_origin (message, "-", id, version, "IN", type,
      local->host);
  gst_sdp_message_set_session_name (message, "-");
  gst_sdp_message_set_connection (message, "IN", type, local->host, 0, 0);
  gst_sdp_message_add_time (message, "0", "0", NULL);
  return message;
}

static void
add_format (GstSDPMedia *media, guint type, const gchar *encoding, guint clock)
{
  g_autofree gchar *format = g_strdup_printf ("%u", type);
  g_autofree gchar *map = g_strdup_printf ("%u %s/%u", type, encoding, clock);

  gst_sdp_media_add_format (media, format);
  gst_sdp_media_add_attribute (media, "rtpmap", map);
}

static void
add_events (GstSDPMedia *media, gint type, guint clock)
{
  if (type < 0)
    return;
  g_autofree gchar *parameters = g_strdup_printf ("%d 0-15", type);
  add_format (media, (guint) type, EVENTS, clock);
  gst_sdp_media_add_attribute (media, "fmtp", parameters);
}

static const gchar *
direction (gboolean send, gboolean receive)
{
  if (send)
    return receive ? "sendrecv" : "sendonly";
  return receive ? "recvonly" : "inactive";
}

/* Takes @media into @message and leaves it empty. */
static void
add_media (GstSDPMessage *message, GstSDPMedia *media)
{
  gst_sdp_message_add_media (message, media);
  gst_sdp_media_free (media);
}

static GstSDPMedia *
new_audio (const SdpLocal *local, const gchar *proto)
{
  GstSDPMedia *media;

  gst_sdp_media_new (&media);
  gst_sdp_media_set_media (media, "audio");
  gst_sdp_media_set_port_info (media, local->port, 1);
  gst_sdp_media_set_proto (media, proto);
  return media;
}

/* What we would like to get, which is what we send, and the most that we take. */
static void
add_packet_time (GstSDPMedia *media, guint time)
{
  g_autofree gchar *text = g_strdup_printf ("%u", time);

  gst_sdp_media_add_attribute (media, "ptime", text);
  gst_sdp_media_add_attribute (media, "maxptime", MAX_PACKET_TIME);
}

/* The profile is answered as it was offered (RFC 3264 6.1). */
static void
add_accepted (GstSDPMessage *answer, const GstSDPMedia *offered,
    const SdpLocal *local, const RtpStreamMedia *media)
{
  GstSDPMedia *audio = new_audio (local, get_proto (offered));

  const RtpCodec *codec = media->codec;

  add_format (audio, media->payload_type, codec->name, codec->clock);
  add_events (audio, media->event_payload_type, codec->clock);
  add_packet_time (audio, media->packet_time);
  gst_sdp_media_add_attribute (audio, direction (media->send, media->receive),
      NULL);
  add_media (answer, audio);
}

static const gchar *
text_or (const gchar *text, const gchar *other)
{
  return text && *text ? text : other;
}

/* RFC 3264 6: port 0, and the formats as they were, though a line of port 0 may come
 * without them, without anything. */
static void
add_rejected (GstSDPMessage *answer, const GstSDPMedia *offered)
{
  GstSDPMedia *media;

  gst_sdp_media_new (&media);
  gst_sdp_media_set_media (media,
      text_or (gst_sdp_media_get_media (offered), "audio"));
  gst_sdp_media_set_port_info (media, 0, 1);
  gst_sdp_media_set_proto (media, text_or (get_proto (offered), "RTP/AVP"));
  for (guint i = 0; i < gst_sdp_media_formats_len (offered); i++)
    gst_sdp_media_add_format (media,
        text_or (gst_sdp_media_get_format (offered, i), "0"));
  if (gst_sdp_media_formats_len (offered) == 0)
    gst_sdp_media_add_format (media, "0");
  add_media (answer, media);
}

static gchar *
finish_message (GstSDPMessage *message)
{
  gchar *text = gst_sdp_message_as_text (message);

  gst_sdp_message_free (message);
  return text;
}

gchar *
sdp_answer (const gchar *text, gsize size, const SdpLocal *local,
    const RtpStreamMedia *media, GError **error)
{
  RtpStreamMedia again;
  GstSDPMessage *offer = parse_message (text, size, error);

  if (!offer)
    return NULL;
  gint index = read_media (offer, local, &again, NULL, error);
  if (index < 0) {
    gst_sdp_message_free (offer);
    return NULL;
  }
  GstSDPMessage *answer = new_message (local);
  for (guint i = 0; i < gst_sdp_message_medias_len (offer); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (offer, i);
    if (i == (guint) index)
      add_accepted (answer, sdp, local, media);
    else
      add_rejected (answer, sdp);
  }
  gst_sdp_message_free (offer);
  return finish_message (answer);
}

gchar *
sdp_offer (const SdpLocal *local)
{
  GstSDPMessage *offer = new_message (local);
  GstSDPMedia *audio = new_audio (local, "RTP/AVP");

  for (guint i = 0; i < local->codecs.n; i++) {
    const RtpCodec *codec = local->codecs.codecs[i];
    add_format (audio, codec->payload_type, codec->name, codec->clock);
  }
  add_events (audio, RTP_OFFERED_EVENTS, local->codecs.codecs[0]->clock);
  add_packet_time (audio, PACKET_TIME);
  gst_sdp_media_add_attribute (audio, "sendrecv", NULL);
  add_media (offer, audio);
  return finish_message (offer);
}
