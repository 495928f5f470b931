/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A far end that would change an encrypted call to a plain one: it is refused, and the audio
 * goes on as it was. */

#include "sip/gstsip.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <string.h>

#define KEY "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define ENCRYPTED 182 /* bytes: RTP of 20 ms PCMU, and the tag of SRTP */
#define PLAIN 172

static GSocket *
new_socket (guint *port)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  g_autoptr (GSocketAddress) bound = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_socket_set_timeout (socket, SOON / 1000);
  return socket;
}

/* The next @n packets are encrypted. */
static void
expect_packets (GSocket *socket, guint n)
{
  gchar data[1500];

  while (n) {
    const gssize size =
        g_socket_receive (socket, data, sizeof data, NULL, NULL);
    g_assert_cmpint (size, >, 0);
    g_assert_cmpint (size, !=, PLAIN);
    n -= size == ENCRYPTED;
  }
}

static gchar *
invite (SipPeer *peer, guint port, guint version, gboolean encrypted)
{
  g_autofree gchar *sdp = g_strdup_printf (
      "v=0\r\no=- 1 %u IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
      "t=0 0\r\nm=audio %u RTP/%s 0\r\n%s",
      version, port, encrypted ? "SAVP" : "AVP",
      encrypted ? "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n" : "");

  sip_peer_request (peer, "INVITE", NULL, sdp);
  gchar *answer =
      assert_message (peer, encrypted ? "SIP/2.0 200" : "SIP/2.0 4");
  sip_peer_request (peer, "ACK", NULL, NULL);
  return answer;
}

static void
test_refused (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  guint rtp_port;
  g_autoptr (GSocket) rtp = new_socket (&rtp_port);
  const guint port = free_port ();
  g_autofree gchar *launch = g_strdup_printf (
      "sipsrc local-uri=sip:127.0.0.1:%u srtp=required codecs=PCMU "
      "on-hangup=wait rtp-port-range=27000-27999 ! fakesink sync=false "
      "audiotestsrc is-live=true samplesperbuffer=160 ! sipsink",
      port);
  Line line = { gst_parse_launch (launch, NULL), NULL, port };

  line.bus = gst_element_get_bus (line.pipeline);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_line (port);
  sip_peer_begin (peer, "anybody", port);
  g_free (invite (peer, rtp_port, 1, TRUE));
  skip_state (&line, "answered");
  expect_packets (rtp, 10);
  g_autofree gchar *refused = invite (peer, rtp_port, 2, FALSE);
  g_assert_true (g_str_has_prefix (refused, "SIP/2.0 488"));
  expect_packets (rtp, 30);
  g_free (invite (peer, rtp_port, 3, TRUE));
  expect_packets (rtp, 10);
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-plain/refused", test_refused);
  return g_test_run ();
}
