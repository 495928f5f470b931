/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sdpanswer.h"

#include <gio/gio.h>
#include <gst/sdp/gstsdpmessage.h>
#include <stdlib.h>
#include <string.h>

/* More than any phone sends; a hostile one gets 400. */
#define MAX_SDP 16384
#define MAX_MEDIA 16
#define MAX_FORMATS 64 /* each is looked up in all attributes */

static const struct
{
  const gchar *name;
  guint8 payload_type; /* static, RFC 3551 table 4 */
} codec_table[] = {
  [RTP_CODEC_PCMU] = { "PCMU", 0 },
  [RTP_CODEC_PCMA] = { "PCMA", 8 },
};

const gchar *
sdp_codec_name (RtpCodec codec)
{
  return codec_table[codec].name;
}

static gboolean
codec_from_name (const gchar *name, RtpCodec *codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (codec_table); i++)
    if (!g_ascii_strcasecmp (codec_table[i].name, name)) {
      *codec = (RtpCodec) i;
      return TRUE;
    }
  return FALSE;
}

gboolean
sdp_parse_codecs (const gchar *names, SdpLocal *local, GError **error)
{
  g_auto (GStrv) list = g_strsplit_set (names ? names : "", ", ", -1);

  local->n_codecs = 0;
  for (gchar **name = list; *name; name++) {
    RtpCodec codec;
    if (!**name)
      continue;
    if (!codec_from_name (*name, &codec)) {
      g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
          "\"%s\" is not a codec of this element; PCMU and PCMA are.", *name);
      return FALSE;
    }
    gboolean known = FALSE;
    for (guint i = 0; i < local->n_codecs; i++)
      known |= local->codecs[i] == codec;
    if (!known)
      local->codecs[local->n_codecs++] = codec;
  }
  if (local->n_codecs)
    return TRUE;
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "codecs names no codec; PCMU and PCMA are possible.");
  return FALSE;
}

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

  /* The parser takes C strings and accepts almost anything. */
  if (size > MAX_SDP || size < 5 || memchr (text, 0, size) ||
      strncmp (text, "v=0", 3)) {
    fail (error, G_IO_ERROR_INVALID_DATA, "The SDP is malformed");
    return NULL;
  }
  g_autofree gchar *copy = g_strndup (text, size);
  gst_sdp_message_new (&message);
  if (gst_sdp_message_parse_buffer ((const guint8 *) copy, (guint) size,
          message) == GST_SDP_OK &&
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
is_encoding (const gchar *map, const gchar *name)
{
  gsize length = strlen (name);

  return !g_ascii_strncasecmp (map, name, length) &&
      g_str_has_prefix (map + length, "/8000") &&
      (map[length + 5] == '\0' || !strcmp (map + length + 5, "/1"));
}

static gboolean
is_format (const GstSDPMedia *media, gint type, const gchar *name,
    gint static_type)
{
  const gchar *map = rtpmap (media, type);

  return map ? is_encoding (map, name) : type == static_type;
}

/* The payload type under which @media lists @name, -1 if it does not. */
static gint
find_encoding (const GstSDPMedia *media, const gchar *name, gint static_type)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    gint type = payload_type (gst_sdp_media_get_format (media, i));
    if (type >= 0 && is_format (media, type, name, static_type))
      return type;
  }
  return -1;
}

static gboolean
is_usable (const GstSDPMedia *media)
{
  return !g_strcmp0 (gst_sdp_media_get_media (media), "audio") &&
      !g_strcmp0 (gst_sdp_media_get_proto (media), "RTP/AVP") &&
      gst_sdp_media_formats_len (media) <= MAX_FORMATS &&
      gst_sdp_media_get_port (media) > 0 &&
      gst_sdp_media_get_port (media) < 65536;
}

/* The first of the peer's formats that is one of our codecs. */
static gboolean
take_first_codec (const GstSDPMedia *sdp, const SdpLocal *local,
    RtpStreamMedia *media)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (sdp); i++) {
    gint type = payload_type (gst_sdp_media_get_format (sdp, i));
    for (guint k = 0; type >= 0 && k < local->n_codecs; k++) {
      RtpCodec codec = local->codecs[k];
      if (!is_format (sdp, type, codec_table[codec].name,
              codec_table[codec].payload_type))
        continue;
      media->codec = codec;
      media->payload_type = (guint8) type;
      return TRUE;
    }
  }
  return FALSE;
}

/* The first of our codecs that the peer lists. */
static gboolean
choose_codec (const GstSDPMedia *sdp, const SdpLocal *local,
    RtpStreamMedia *media)
{
  for (guint i = 0; i < local->n_codecs; i++) {
    RtpCodec codec = local->codecs[i];
    gint type = find_encoding (sdp, codec_table[codec].name,
        codec_table[codec].payload_type);
    if (type < 0)
      continue;
    media->codec = codec;
    media->payload_type = (guint8) type;
    return TRUE;
  }
  return FALSE;
}

/* The m-line that carries the call; -1 if none can. */
static gint
choose_media (const GstSDPMessage *message, const SdpLocal *local,
    RtpStreamMedia *media)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (message, i);
    if (is_usable (sdp) &&
        (media->offered ? take_first_codec : choose_codec) (sdp, local, media))
      return (gint) i;
  }
  return -1;
}

static gboolean
is_any (const PacketAddress *address)
{
  static const PacketAddress any = { 0 };

  if (address->any.sa_family == AF_INET)
    return address->in.sin_addr.s_addr == 0;
  return !memcmp (&address->in6.sin6_addr, &any.in6.sin6_addr, 16);
}

/* Nobody holds a call there, but everybody would hear it. */
static gboolean
is_group (const PacketAddress *address)
{
  if (address->any.sa_family == AF_INET6)
    return IN6_IS_ADDR_MULTICAST (&address->in6.sin6_addr);
  guint32 v4 = ntohl (address->in.sin_addr.s_addr);
  return IN_MULTICAST (v4) || v4 == INADDR_BROADCAST;
}

static gboolean
get_addresses (const GstSDPMessage *message, const GstSDPMedia *sdp,
    RtpStreamMedia *media)
{
  guint port = gst_sdp_media_get_port (sdp);
  const GstSDPConnection *connection = gst_sdp_media_connections_len (sdp)
      ? gst_sdp_media_get_connection (sdp, 0)
      : gst_sdp_message_get_connection (message);

  if (!connection || !connection->address ||
      !packet_address_parse (&media->remote_rtp, connection->address,
          (guint16) port) ||
      is_group (&media->remote_rtp))
    return FALSE;
  media->remote_rtcp = media->remote_rtp;
  packet_address_set_port (&media->remote_rtcp, (guint16) (port + 1));
  const gchar *rtcp = gst_sdp_media_get_attribute_val (sdp, "rtcp");
  gulong rtcp_port = rtcp ? strtoul (rtcp, NULL, 10) : 0;
  if (rtcp_port > 0 && rtcp_port < 65536) /* RFC 3605 */
    packet_address_set_port (&media->remote_rtcp, (guint16) rtcp_port);
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
  if (is_any (&media->remote_rtp)) {
    media->send = media->receive = FALSE;
    media->remote_rtp = media->remote_rtcp = (PacketAddress){ 0 };
  }
}

/* @answer: to our offer, else an offer. */
static gint
read_media (const GstSDPMessage *message, gboolean answer,
    const SdpLocal *local, RtpStreamMedia *media, GError **error)
{
  *media = (RtpStreamMedia){ .offered = answer };
  gint index = choose_media (message, local, media);
  if (index < 0) {
    fail (error, G_IO_ERROR_NOT_SUPPORTED,
        "The peer offers no audio that this line takes");
    return -1;
  }
  const GstSDPMedia *sdp = gst_sdp_message_get_media (message, (guint) index);
  media->event_payload_type = find_encoding (sdp, "telephone-event", -1);
  if (!get_addresses (message, sdp, media)) {
    fail (error, G_IO_ERROR_INVALID_DATA, "The SDP names no usable address");
    return -1;
  }
  get_direction (message, sdp, media);
  return index;
}

static gboolean
parse (const gchar *text, gsize size, gboolean answer, const SdpLocal *local,
    RtpStreamMedia *media, GError **error)
{
  GstSDPMessage *message = parse_message (text, size, error);

  if (!message)
    return FALSE;
  gint index = read_media (message, answer, local, media, error);
  gst_sdp_message_free (message);
  return index >= 0;
}

gboolean
sdp_parse (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, GError **error)
{
  return parse (text, size, FALSE, local, media, error);
}

gboolean
sdp_parse_answer (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, GError **error)
{
  return parse (text, size, TRUE, local, media, error);
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
add_format (GstSDPMedia *media, guint type, const gchar *encoding)
{
  g_autofree gchar *format = g_strdup_printf ("%u", type);
  g_autofree gchar *map = g_strdup_printf ("%u %s/8000", type, encoding);

  gst_sdp_media_add_format (media, format);
  gst_sdp_media_add_attribute (media, "rtpmap", map);
}

static void
add_events (GstSDPMedia *media, gint type)
{
  if (type < 0)
    return;
  g_autofree gchar *parameters = g_strdup_printf ("%d 0-15", type);
  add_format (media, (guint) type, "telephone-event");
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
new_audio (const SdpLocal *local)
{
  GstSDPMedia *media;

  gst_sdp_media_new (&media);
  gst_sdp_media_set_media (media, "audio");
  gst_sdp_media_set_port_info (media, local->port, 1);
  gst_sdp_media_set_proto (media, "RTP/AVP");
  return media;
}

static void
add_accepted (GstSDPMessage *answer, const SdpLocal *local,
    const RtpStreamMedia *media)
{
  GstSDPMedia *audio = new_audio (local);

  add_format (audio, media->payload_type, codec_table[media->codec].name);
  add_events (audio, media->event_payload_type);
  gst_sdp_media_add_attribute (audio, "ptime", "20");
  gst_sdp_media_add_attribute (audio, direction (media->send, media->receive),
      NULL);
  add_media (answer, audio);
}

/* RFC 3264 6: port 0, and the formats as they were. */
static void
add_rejected (GstSDPMessage *answer, const GstSDPMedia *offered)
{
  GstSDPMedia *media;

  gst_sdp_media_new (&media);
  gst_sdp_media_set_media (media, gst_sdp_media_get_media (offered));
  gst_sdp_media_set_port_info (media, 0, 1);
  gst_sdp_media_set_proto (media, gst_sdp_media_get_proto (offered));
  for (guint i = 0; i < gst_sdp_media_formats_len (offered); i++)
    gst_sdp_media_add_format (media, gst_sdp_media_get_format (offered, i));
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
  gint index = read_media (offer, FALSE, local, &again, error);
  if (index < 0) {
    gst_sdp_message_free (offer);
    return NULL;
  }
  GstSDPMessage *answer = new_message (local);
  for (guint i = 0; i < gst_sdp_message_medias_len (offer); i++)
    if (i == (guint) index)
      add_accepted (answer, local, media);
    else
      add_rejected (answer, gst_sdp_message_get_media (offer, i));
  gst_sdp_message_free (offer);
  return finish_message (answer);
}

gchar *
sdp_offer (const SdpLocal *local)
{
  GstSDPMessage *offer = new_message (local);
  GstSDPMedia *audio = new_audio (local);

  for (guint i = 0; i < local->n_codecs; i++)
    add_format (audio, codec_table[local->codecs[i]].payload_type,
        codec_table[local->codecs[i]].name);
  add_events (audio, RTP_OFFERED_EVENTS);
  gst_sdp_media_add_attribute (audio, "ptime", "20");
  gst_sdp_media_add_attribute (audio, "sendrecv", NULL);
  add_media (offer, audio);
  return finish_message (offer);
}
