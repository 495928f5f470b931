/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Packets on the port of a call whose keys come by DTLS, with ICE: checks, records of a
 * handshake, and SRTP, told apart and taken. The first byte says which side begins it; each
 * packet stands behind two bytes of its size. There is no network: what is answered is only
 * looked at. */

#include "sip/ice/icetransport.h"
#include "sip/srtp/dtlscertificate.h"
#include "sip/srtp/dtlstransport.h"
#include "sip/srtp/securertp.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define MAX_PACKETS 16

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct
{
  PacketTransport parent; /* first */
  PacketReceived received;
  gpointer user;
} Port;

static gboolean
port_send (PacketTransport *transport, const guint8 *data, gsize size,
    const PacketAddress *to)
{
  g_assert (size > 0 && size <= 1500);
  g_assert (packet_address_is_one_place (to));
  return TRUE;
}

static void
port_receive (PacketTransport *transport, MediaLoop *loop,
    PacketReceived received, gpointer user)
{
  Port *self = (Port *) transport;

  self->received = received;
  self->user = user;
}

static void
port_free (PacketTransport *transport)
{
  g_free (transport);
}

static PacketTransport *
port_new (guint16 number)
{
  Port *self = g_new0 (Port, 1);

  self->parent = (PacketTransport){ .send = port_send,
    .receive = port_receive,
    .free = port_free };
  packet_address_parse (&self->parent.local, "192.0.2.1", number);
  return &self->parent;
}

static void
on_chosen (guint component, const PacketAddress *remote, gpointer user)
{
  dtls_transport_follow (*(DtlsTransport **) user, remote);
}

/* Nobody can have the certificate. */
static void
on_keys (RtpKeys *keys, gpointer user)
{
  g_assert_not_reached ();
}

static void
on_failed (const gchar *why, gpointer user)
{
  g_assert (why && *why);
}

static void
on_rejected (const PacketAddress *from, gsize size, gpointer user)
{
}

/* There are no keys: nothing gets so far. */
static void
on_packet (gpointer user, guint8 *data, gsize size, const PacketAddress *from,
    gint64 arrival)
{
  g_assert_not_reached ();
}

static RtpIce *
make_ice (void)
{
  guint8 random[RTP_ICE_RANDOM] = { 0 };
  RtpIce *ice = rtp_ice_new ("frag", "their/password/of+24/xyz");

  rtp_ice_make_own (ice, random);
  return ice;
}

static void
take_packets (Port *port, MediaLoop *loop, const PacketAddress *from,
    const guint8 *data, gsize size)
{
  for (guint i = 0; i < MAX_PACKETS && size > 2; i++) {
    guint8 packet[2048];
    gsize length = (gsize) (data[0] << 8 | data[1]);
    length = MIN (MIN (length, size - 2), sizeof packet);
    memcpy (packet, data + 2, length);
    port->received (port->user, packet, length, from, media_loop_now (loop));
    media_loop_step (loop, media_loop_now (loop) + 20 * MS);
    data += 2 + length;
    size -= 2 + length;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const DtlsTransportCallbacks callbacks = { on_keys, on_failed };
  const guint8 fingerprint[RTP_FINGERPRINT_SIZE] = { 0 };
  PacketTransport *rtp = port_new (4000), *rtcp = port_new (4001);
  Port *port = (Port *) rtp;
  PacketAddress from;
  DtlsTransport *handshake;

  if (size == 0)
    size = 1, data = (const guint8 *) "";
  MediaLoop *loop = media_loop_new_manual (100 * MS);
  RtpIce *ice = make_ice ();
  RtpDtls *dtls = rtp_dtls_new (data[0] & 1, fingerprint);
  ice_transport_set (ice_transport_new (&rtp, 1, on_chosen, &handshake), ice);
  handshake = dtls_transport_new (&rtp, loop, &callbacks, NULL);
  secure_rtp_wait (secure_rtp_new (&rtp, &rtcp, on_rejected, NULL));
  packet_address_parse (&from, "192.0.2.2", 4000);
  packet_transport_receive (rtp, loop, on_packet, NULL);
  dtls_transport_start (handshake, dtls, &from, &from, FALSE);
  take_packets (port, loop, &from, data + 1, size - 1);
  packet_transport_receive (rtp, loop, NULL, NULL);
  packet_transport_free (rtp);
  packet_transport_free (rtcp);
  rtp_dtls_unref (dtls);
  rtp_ice_unref (ice);
  media_loop_unref (loop);
  return 0;
}
