/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A phone that calls an agent's line, and what comes over the wire of it, byte for byte. */

#include "freeport.h"
#include "mock/sippeer.h"
#include "voiceagent/gstvoiceagentbackend.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <string.h>

#define PHONE_FRAME 160 /* bytes of a law */
#define PHONE_SOON 20000 /* ms */
#define PHONE_KEYS 101 /* payload type */

typedef struct
{
  GstElement *pipeline;
  SipPeer *peer;
  guint port;
  GSocket *rtp; /* the phone's */
  GSocketAddress *to; /* where its audio goes */
  guint payload_type;
  guint16 n_sent;
  GByteArray *got; /* all that came, in the codec of the call */
  GString *keys; /* ... by RFC 4733 */
  guint32 key_time; /* of the last */
} Phone;

static inline void
phone_wait_for_line (Phone *self)
{
  for (guint i = 0; i < 400; i++) {
    sip_peer_begin (self->peer, "", self->port);
    sip_peer_request (self->peer, "OPTIONS", NULL, NULL);
    g_autofree gchar *answer = sip_peer_wait (self->peer, "SIP/2.0 200", 50);
    if (answer)
      return;
  }
  g_error ("no line");
}

static inline void
phone_open_rtp (Phone *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  self->rtp = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (self->rtp, address, FALSE, &error));
  g_socket_set_timeout (self->rtp, PHONE_SOON / 1000);
}

static inline void
phone_start (Phone *self, const gchar *between, const gchar *settings,
    GstVoiceAgentBackend *backend)
{
  g_autoptr (GError) error = NULL;

  *self = (Phone){ .peer = sip_peer_new (FALSE), .port = free_port () };
  g_autofree gchar *text = g_strdup_printf (
      "sipsrc on-hangup=wait local-uri=sip:127.0.0.1:%u %s ! aiagentsink "
      "name=ear %s  aiagentsrc ! sipsink",
      self->port, between, settings);
  self->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "ear");
  g_object_set (sink, "backend-object", backend, NULL);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  phone_wait_for_line (self);
  phone_open_rtp (self);
  self->got = g_byte_array_new ();
  self->keys = g_string_new (NULL);
}

static inline void
phone_stop (Phone *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  sip_peer_free (self->peer);
  g_object_unref (self->rtp);
  g_clear_object (&self->to);
  g_byte_array_unref (self->got);
  g_string_free (self->keys, TRUE);
}

static inline void
phone_call (Phone *self, guint payload_type)
{
  g_autoptr (GSocketAddress) local =
      g_socket_get_local_address (self->rtp, NULL);
  g_autofree gchar *offer = g_strdup_printf (
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
      "t=0 0\r\nm=audio %u RTP/AVP %u 101\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)),
      payload_type);

  self->payload_type = payload_type;
  sip_peer_begin (self->peer, "anybody", self->port);
  sip_peer_request (self->peer, "INVITE", NULL, offer);
  g_autofree gchar *answer =
      sip_peer_wait (self->peer, "SIP/2.0 200", PHONE_SOON);
  g_assert_nonnull (answer);
  const gchar *media = strstr (answer, "m=audio ");
  g_assert_nonnull (media);
  g_clear_object (&self->to);
  self->to = g_inet_socket_address_new_from_string ("127.0.0.1",
      (guint) g_ascii_strtoull (media + strlen ("m=audio "), NULL, 10));
  sip_peer_request (self->peer, "ACK", NULL, NULL);
  g_byte_array_set_size (self->got, 0);
}

static inline void
phone_hang_up (Phone *self)
{
  sip_peer_request (self->peer, "BYE", NULL, NULL);
  g_autofree gchar *answer =
      sip_peer_wait (self->peer, "SIP/2.0 200", PHONE_SOON);
  g_assert_nonnull (answer);
}

static inline void
phone_send (Phone *self, const guint8 *frame)
{
  guint8 packet[12 + PHONE_FRAME] = { 0x80, (guint8) self->payload_type };
  const guint time = self->n_sent * PHONE_FRAME;

  packet[2] = (guint8) (self->n_sent >> 8);
  packet[3] = (guint8) self->n_sent;
  packet[5] = (guint8) (time >> 16);
  packet[6] = (guint8) (time >> 8);
  packet[7] = (guint8) time;
  packet[11] = (guint8) (42 + self->payload_type);
  memcpy (packet + 12, frame, PHONE_FRAME);
  self->n_sent++;
  g_socket_send_to (self->rtp, self->to, (const gchar *) packet, sizeof packet,
      NULL, NULL);
}

/* RFC 4733: the packets of one key have one time stamp. */
static inline void
phone_take_key (Phone *self, const guint8 *packet)
{
  const guint32 time = (guint32) packet[4] << 24 | (guint32) packet[5] << 16 |
      (guint32) packet[6] << 8 | packet[7];

  if (self->keys->len && time == self->key_time)
    return;
  self->key_time = time;
  g_string_append_c (self->keys, "0123456789*#ABCD"[packet[12] & 15]);
}

/* What comes is what paces the phone. */
static inline void
phone_receive (Phone *self)
{
  g_autoptr (GError) error = NULL;
  guint8 packet[2048];
  const gssize size = g_socket_receive (self->rtp, (gchar *) packet,
      sizeof packet, NULL, &error);

  g_assert_no_error (error);
  if ((packet[1] & 0x7f) == PHONE_KEYS) {
    phone_take_key (self, packet);
    return;
  }
  g_assert_cmpint (size, ==, 12 + PHONE_FRAME);
  g_assert_cmphex (packet[1] & 0x7f, ==, self->payload_type);
  g_byte_array_append (self->got, packet + 12, PHONE_FRAME);
}

/* Another call's socket has another port: what is late for the last is not for it. */
static inline void
phone_renew (Phone *self)
{
  g_clear_object (&self->rtp);
  phone_open_rtp (self);
}
