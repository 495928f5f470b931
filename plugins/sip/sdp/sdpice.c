/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdpice.h"

#include <arpa/inet.h>
#include <string.h>

#define DISCARD \
  9 /* port of a far end that does not know yet (RFC 8840 4.1.1) */

/* ---- Reading */

static const gchar *
get_value (const GstSDPMessage *message, const GstSDPMedia *media,
    const gchar *name)
{
  const gchar *value = gst_sdp_media_get_attribute_val (media, name);

  return value ? value : gst_sdp_message_get_attribute_val (message, name);
}

static RtpIce *
read_all (const GstSDPMessage *message, const GstSDPMedia *media)
{
  RtpIce *ice = rtp_ice_new (get_value (message, media, "ice-ufrag"),
      get_value (message, media, "ice-pwd"));

  for (guint i = 0; ice && i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    if (attribute->value && !g_strcmp0 (attribute->key, "candidate"))
      rtp_ice_add_candidate (ice, attribute->value);
  }
  if (ice)
    ice->mux = gst_sdp_media_get_attribute_val (media, "rtcp-mux") != NULL;
  return ice;
}

static gboolean
parse_address (const gchar *host, StunAddress *address)
{
  if (inet_pton (AF_INET, host, address->bytes) == 1)
    address->size = 4;
  else if (inet_pton (AF_INET6, host, address->bytes) == 1)
    address->size = 16;
  return address->size > 0;
}

static gboolean
is_any (const StunAddress *address)
{
  static const guint8 zeros[16];

  return memcmp (address->bytes, zeros, address->size) == 0;
}

/* Where @media goes to without ICE is one of the candidates; a name says nothing. */
static gboolean
is_consistent (const RtpIce *ice, const GstSDPMessage *message,
    const GstSDPMedia *media)
{
  const GstSDPConnection *connection = gst_sdp_media_connections_len (media)
      ? gst_sdp_media_get_connection (media, 0)
      : gst_sdp_message_get_connection (message);
  StunAddress address = { .port = (guint16) gst_sdp_media_get_port (media) };

  if (!connection || !connection->address ||
      !parse_address (connection->address, &address))
    return TRUE;
  return (is_any (&address) && address.port == DISCARD) ||
      rtp_ice_find (ice, 1, &address);
}

RtpIce *
sdp_ice_read (const GstSDPMessage *message, const GstSDPMedia *media)
{
  RtpIce *ice = read_all (message, media);

  if (ice && !is_consistent (ice, message, media))
    g_clear_pointer (&ice, rtp_ice_unref);
  return ice;
}

gboolean
sdp_ice_is_mismatch (const GstSDPMessage *message, const GstSDPMedia *media)
{
  RtpIce *ice = read_all (message, media);
  const gboolean found = ice && !is_consistent (ice, message, media);

  g_clear_pointer (&ice, rtp_ice_unref);
  return found;
}

/* ---- Writing */

/* RFC 8445 5.3: a lite side has candidates of its hosts only; an address that a NAT has
 * for us is one, too. */
static void
add_candidate (GstSDPMedia *media, guint n, guint component,
    const SdpIceHost *host)
{
  g_autofree gchar *text = g_strdup_printf ("%u %u UDP %u %s %u typ host",
      n + 1, component, rtp_ice_get_host_priority (n, component), host->address,
      host->ports[component - 1]);

  gst_sdp_media_add_attribute (media, "candidate", text);
}

void
sdp_ice_write (GstSDPMessage *message, GstSDPMedia *media, const RtpIce *ice,
    const SdpIceHost *hosts, guint n_hosts)
{
  gst_sdp_message_add_attribute (message, "ice-lite", NULL);
  gst_sdp_message_add_attribute (message, "ice-options", "ice2");
  gst_sdp_media_add_attribute (media, "ice-ufrag", ice->own_ufrag);
  gst_sdp_media_add_attribute (media, "ice-pwd", ice->own_password);
  for (guint i = 0; i < n_hosts; i++)
    for (guint component = 1;
         hosts[i].address && component <= (ice->mux ? 1u : 2u); component++)
      add_candidate (media, i, component, &hosts[i]);
}
