/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sdpanswer.h"
#include "sip/logic/sdptext.h"
#include "sip/sdp/sdpbundle.h"
#include "sip/sdp/sdpformats.h"
#include "sip/sdp/sdpice.h"

#include <gio/gio.h>
#include <gst/sdp/gstsdpmessage.h>
#include <stdlib.h>
#include <string.h>

/* More than any phone sends; a hostile one gets 400. */
#define MAX_SDP 16384
#define MAX_MEDIA 16
#define PACKET_TIME 20 /* ms: ours, unless the peer wants another */
#define MIN_PACKET_TIME 5
#define LONGEST_PACKET_TIME 60
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

/* Why there is no call, as far as the peer's m-lines say. */
static void
fail_media (const GstSDPMessage *message, const SdpLocal *local,
    gboolean answer, GError **error)
{
  g_autofree gchar *ours = codec_table_describe (&local->codecs);
  const gchar *reason = sdp_security_explain (local->security, message, answer);

  if (reason)
    fail (error, G_IO_ERROR_NOT_SUPPORTED, reason);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        "No codec in common: this side has %s, as it is set up", ours);
}

/* The m-line that carries the call: the first one, but an encrypted one rather than a
 * plain one; -1 if none can. */
static gint
choose_media (const GstSDPMessage *message, const SdpLocal *local,
    gboolean answer, RtpStreamMedia *media, GError **error)
{
  SdpProtection best = SDP_PROTECTION_IMPOSSIBLE;
  gint index = -1;

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (message, i);
    SdpProtection protection = sdp_security_is_audio (sdp)
        ? sdp_security_look (local->security, message, sdp, answer)
        : SDP_PROTECTION_IMPOSSIBLE;
    guint8 type;
    const RtpCodec *codec = protection > best
        ? sdp_formats_choose (sdp, &local->codecs, &type)
        : NULL;
    if (!codec)
      continue;
    media->codec = codec;
    media->payload_type = type;
    best = protection;
    index = (gint) i;
  }
  if (index < 0)
    fail_media (message, local, answer, error);
  return index;
}

/* The value of the m-line, else of the session; NULL if neither has it. */
static const gchar *
get_attribute (const GstSDPMessage *message, const GstSDPMedia *sdp,
    const gchar *name)
{
  const gchar *value = gst_sdp_media_get_attribute_val (sdp, name);

  return value ? value : gst_sdp_message_get_attribute_val (message, name);
}

/* ms; @other if it is not there, or no number. */
static guint64
get_time (const GstSDPMessage *message, const GstSDPMedia *sdp,
    const gchar *name, guint64 other)
{
  const gchar *value = get_attribute (message, sdp, name);
  const guint64 time = value ? g_ascii_strtoull (value, NULL, 10) : 0;

  return time > 0 ? time : other;
}

/* RFC 8866 6.4: what the peer wishes, and what it takes at most. */
static void
read_packet_time (const GstSDPMessage *message, const GstSDPMedia *sdp,
    RtpStreamMedia *media)
{
  guint64 time = get_time (message, sdp, "ptime", PACKET_TIME);

  time = MAX (time, media->wishes.min_packet_time);
  time = MIN (time, get_time (message, sdp, "maxptime", LONGEST_PACKET_TIME));
  time = CLAMP (time, MIN_PACKET_TIME, LONGEST_PACKET_TIME);
  media->packet_time = media->codec->fit_packet_time
      ? media->codec->fit_packet_time ((guint) time)
      : (guint) time;
}

static void
read_wishes (const GstSDPMedia *sdp, RtpStreamMedia *media)
{
  if (media->codec->read_wishes)
    media->codec->read_wishes (&media->wishes,
        sdp_formats_get_parameters (sdp, media->payload_type));
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
  if (!packet_address_is_any (&media->remote_rtp))
    return;
  /* RFC 2543 hold; or ICE has yet to find where the far end is (RFC 8840 4.1.1). */
  if (!media->ice)
    media->send = media->receive = FALSE;
  media->remote_rtp = media->remote_rtcp = (PacketAddress){ 0 };
}

/* RFC 5761: an answer has it where our offer had. */
static void
read_mux (const GstSDPMessage *message, const GstSDPMedia *sdp, gboolean answer,
    RtpStreamMedia *media, SdpName *name)
{
  media->mux = gst_sdp_media_get_attribute_val (sdp, "rtcp-mux") &&
      (!answer || media->dtls || media->ice);
  if (!media->mux)
    return;
  media->remote_rtcp = media->remote_rtp;
  media->name = sdp_bundle_read_name (message, sdp);
  if (name)
    name->rtcp_port = name->rtp_port;
}

static void
read_security (const GstSDPMessage *message, const GstSDPMedia *sdp,
    const SdpLocal *local, gboolean answer, RtpStreamMedia *media)
{
  media->profile = sdp_security_read_profile (sdp);
  media->keys = sdp_security_read (local->security, message, sdp, answer);
  media->dtls = sdp_security_read_dtls (local->security, message, sdp, answer);
}

static gint
read_media (const GstSDPMessage *message, const SdpLocal *local,
    gboolean answer, RtpStreamMedia *media, SdpName *name, GError **error)
{
  gint index = choose_media (message, local, answer, media, error);
  if (index < 0)
    return -1;
  const GstSDPMedia *sdp = gst_sdp_message_get_media (message, (guint) index);
  media->event_payload_type =
      sdp_formats_find_events (sdp, media->codec, &media->event_clock);
  read_wishes (sdp, media);
  read_packet_time (message, sdp, media);
  if (!get_addresses (message, sdp, media, name)) {
    fail (error, G_IO_ERROR_INVALID_DATA, "The SDP names no usable address");
    return -1;
  }
  read_security (message, sdp, local, answer, media);
  if (!answer || local->ice)
    media->ice = sdp_ice_read (message, sdp);
  get_direction (message, sdp, media);
  read_mux (message, sdp, answer, media, name);
  return index;
}

static gboolean
parse (const gchar *text, gsize size, const SdpLocal *local, gboolean answer,
    RtpStreamMedia *media, SdpName *name, GError **error)
{
  GstSDPMessage *message = parse_message (text, size, error);

  *media = (RtpStreamMedia){ .offered = answer };
  if (name)
    *name = (SdpName){ 0 };
  if (!message)
    return FALSE;
  gint index = read_media (message, local, answer, media, name, error);
  gst_sdp_message_free (message);
  return index >= 0;
}

gboolean
sdp_parse (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error)
{
  return parse (text, size, local, FALSE, media, name, error);
}

gboolean
sdp_parse_answer (const gchar *text, gsize size, const SdpLocal *local,
    RtpStreamMedia *media, SdpName *name, GError **error)
{
  return parse (text, size, local, TRUE, media, name, error);
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

static guint16
get_rtcp_port (const SdpLocal *local)
{
  return local->rtcp_port ? local->rtcp_port : local->port + 1;
}

/* RFC 3605: a NAT has made another one of it. */
static void
add_rtcp (GstSDPMedia *media, const SdpLocal *local)
{
  g_autofree gchar *text = g_strdup_printf ("%u", get_rtcp_port (local));

  if (get_rtcp_port (local) != local->port + 1)
    gst_sdp_media_add_attribute (media, "rtcp", text);
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
add_ice (GstSDPMessage *message, GstSDPMedia *media, const SdpLocal *local,
    const RtpIce *ice)
{
  const guint16 inner = local->inner_port ? local->inner_port : local->port;
  const SdpIceHost hosts[] = {
    { local->host, { local->port, get_rtcp_port (local) } },
    { local->inner_host, { inner, inner + 1 } },
  };

  if (ice)
    sdp_ice_write (message, media, ice, hosts, G_N_ELEMENTS (hosts));
}

static void
add_accepted (GstSDPMessage *answer, const GstSDPMessage *offer,
    const GstSDPMedia *offered, const SdpLocal *local,
    const RtpStreamMedia *media)
{
  GstSDPMedia *audio = new_audio (local, sdp_security_get_proto (offered));

  sdp_formats_add (audio, media->payload_type, media->codec);
  sdp_formats_add_events (audio, media->event_payload_type, media->event_clock);
  add_packet_time (audio, media->packet_time);
  if (!media->mux)
    add_rtcp (audio, local);
  gst_sdp_media_add_attribute (audio, direction (media->send, media->receive),
      NULL);
  sdp_security_answer (local->security, audio, offer, offered);
  if (media->mux && !media->dtls)
    gst_sdp_media_add_attribute (audio, "rtcp-mux", NULL);
  add_ice (answer, audio, local, media->ice);
  if (!media->ice && sdp_ice_is_mismatch (offer, offered))
    gst_sdp_media_add_attribute (audio, "ice-mismatch", NULL);
  sdp_bundle_copy_name (audio, offered);
  if (media->mux)
    sdp_bundle_accept (answer, audio, offer, offered);
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
  gst_sdp_media_set_proto (media,
      text_or (sdp_security_get_proto (offered), "RTP/AVP"));
  for (guint i = 0; i < gst_sdp_media_formats_len (offered); i++)
    gst_sdp_media_add_format (media,
        text_or (gst_sdp_media_get_format (offered, i), "0"));
  if (gst_sdp_media_formats_len (offered) == 0)
    gst_sdp_media_add_format (media, "0");
  sdp_bundle_copy_name (media, offered);
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
  g_auto (RtpStreamMedia) again = { 0 };
  GstSDPMessage *offer = parse_message (text, size, error);

  if (!offer)
    return NULL;
  gint index = read_media (offer, local, FALSE, &again, NULL, error);
  if (index < 0) {
    gst_sdp_message_free (offer);
    return NULL;
  }
  GstSDPMessage *answer = new_message (local);
  for (guint i = 0; i < gst_sdp_message_medias_len (offer); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (offer, i);
    if (i == (guint) index)
      add_accepted (answer, offer, sdp, local, media);
    else
      add_rejected (answer, sdp);
  }
  gst_sdp_message_free (offer);
  return finish_message (answer);
}

static gboolean
has_mux (const GstSDPMedia *media)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    if (g_str_equal (gst_sdp_media_get_attribute (media, i)->key, "rtcp-mux"))
      return TRUE;
  return FALSE;
}

/* @before: what it was called, and whether it was bundled; NULL: neither. */
static void
add_offered (GstSDPMessage *offer, const SdpLocal *local,
    const GstSDPMessage *before, const GstSDPMedia *named)
{
  GstSDPMedia *audio =
      new_audio (local, sdp_security_get_profile (local->security));

  for (guint i = 0; i < local->codecs.n; i++) {
    const RtpCodec *codec = local->codecs.codecs[i];
    sdp_formats_add (audio, codec->payload_type, codec);
  }
  sdp_formats_add_all_events (audio, &local->codecs);
  add_packet_time (audio, PACKET_TIME);
  add_rtcp (audio, local);
  gst_sdp_media_add_attribute (audio,
      direction (!local->hold || !local->silent, !local->hold), NULL);
  sdp_security_offer (local->security, audio);
  add_ice (offer, audio, local, local->ice);
  if (local->ice && local->ice->mux && !has_mux (audio))
    gst_sdp_media_add_attribute (audio, "rtcp-mux", NULL);
  if (named)
    sdp_bundle_copy_name (audio, named);
  if (named && has_mux (audio))
    sdp_bundle_accept (offer, audio, before, named);
  add_media (offer, audio);
}

/* RFC 3264 8: no m-line goes away. */
static void
repeat_media (GstSDPMessage *offer, const SdpLocal *local,
    const GstSDPMessage *before)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (before); i++) {
    const GstSDPMedia *sdp = gst_sdp_message_get_media (before, i);
    if (gst_sdp_media_get_port (sdp) > 0)
      add_offered (offer, local, before, sdp);
    else
      add_rejected (offer, sdp);
  }
}

gchar *
sdp_offer (const SdpLocal *local)
{
  GstSDPMessage *offer = new_message (local);
  GstSDPMessage *before = local->before
      ? parse_message (local->before, strlen (local->before), NULL)
      : NULL;

  if (before)
    repeat_media (offer, local, before);
  else
    add_offered (offer, local, NULL, NULL);
  g_clear_pointer (&before, gst_sdp_message_free);
  return finish_message (offer);
}
