/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Which addresses a line is called at, tells of itself and sends from, and how. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"
#include "sip/signalling/siproute.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <string.h>

/* An RTP socket and that of RTCP, on @host. */
typedef struct
{
  GSocket *rtp, *rtcp;
  guint port;
} Ports;

static GSocket *
open_socket (const gchar *host, guint port)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (address),
          G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (!g_socket_bind (socket, address, FALSE, NULL))
    return NULL;
  g_socket_set_timeout (socket, SOON / 1000);
  return g_steal_pointer (&socket);
}

static void
ports_open (Ports *self, const gchar *host)
{
  *self = (Ports){ 0 };
  for (guint port = 28000; port < 29000 && !self->rtcp; port += 2) {
    g_clear_object (&self->rtp);
    self->rtp = open_socket (host, port);
    self->rtcp = self->rtp ? open_socket (host, port + 1) : NULL;
    self->port = port;
  }
  g_assert_nonnull (self->rtcp);
}

static void
ports_close (Ports *self)
{
  g_clear_object (&self->rtp);
  g_clear_object (&self->rtcp);
}

static gchar *
next_source (GSocket *socket)
{
  g_autoptr (GSocketAddress) from = NULL;
  g_autoptr (GError) error = NULL;
  gchar buffer[2048];

  g_socket_receive_from (socket, &from, buffer, sizeof buffer, NULL, &error);
  g_assert_no_error (error);
  return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (from)));
}

static void
line_start_speaking (Line *line, const gchar *local_host)
{
  g_autofree gchar *launch = NULL;
  g_autoptr (GError) error = NULL;

  line->port = free_port ();
  launch = g_strdup_printf ("audiotestsrc is-live=true samplesperbuffer=160 ! "
                            "audio/x-raw,rate=8000,channels=1 ! sipsink "
                            "local-uri=sip:%s:%u on-hangup=wait "
                            "rtp-port-range=27000-27999",
      local_host, line->port);
  line->pipeline = gst_parse_launch (launch, &error);
  g_assert_no_error (error);
  line->bus = gst_element_get_bus (line->pipeline);
  gst_element_set_state (line->pipeline, GST_STATE_PLAYING);
}

static void
wait_for_line_at (SipPeer *peer, guint port)
{
  for (guint i = 0; i < 100; i++) {
    sip_peer_begin (peer, "", port);
    sip_peer_request (peer, "OPTIONS", NULL, NULL);
    g_autofree gchar *answer = sip_peer_wait (peer, "SIP/2.0 200", 100);
    if (answer)
      return;
  }
  g_error ("no line on port %u", port);
}

static gchar *
describe (const gchar *host, guint port)
{
  const gchar *type = strchr (host, ':') ? "IP6" : "IP4";

  return g_strdup_printf ("v=0\r\no=- 1 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\n"
                          "t=0 0\r\nm=audio %u RTP/AVP 0\r\n",
      type, host, type, host, port);
}

/* Calls the line at @called from @caller: all that it tells and sends is of @called,
 * both as they stand in a URI. @ports are to be closed: while they are open, no later call
 * has them, nor gets what is late for this one. */
static void
check_call (const gchar *caller, const gchar *called, const gchar *local_host,
    Ports *ports)
{
  g_autoptr (SipPeer) peer = sip_peer_new_at (caller, FALSE);
  g_autofree gchar *bare_caller = g_strdelimit (g_strdup (caller), "[]", ' ');
  g_autofree gchar *bare = g_strdelimit (g_strdup (called), "[]", ' ');
  g_strstrip (bare);
  g_strstrip (bare_caller);
  g_autofree gchar *connection = g_strdup_printf ("\nc=IN %s %s\r",
      strchr (bare, ':') ? "IP6" : "IP4", bare);
  g_autofree gchar *contact = g_strdup_printf ("@%s:", called);
  Line line;

  ports_open (ports, bare_caller);
  line_start_speaking (&line, local_host);
  sip_peer_set_callee (peer, called);
  wait_for_line_at (peer, line.port);
  sip_peer_begin (peer, "anybody", line.port);
  g_autofree gchar *offer = describe (bare_caller, ports->port);
  sip_peer_request (peer, "INVITE", NULL, offer);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_autofree gchar *target = sip_peer_header (answer, "Contact");
  g_assert_nonnull (strstr (answer, connection));
  g_assert_nonnull (strstr (target, contact));
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autofree gchar *rtp = next_source (ports->rtp);
  g_autofree gchar *rtcp = next_source (ports->rtcp);
  g_assert_cmpstr (rtp, ==, bare);
  g_assert_cmpstr (rtcp, ==, bare);
  bye (peer);
  line_stop (&line);
}

/* Several gateways on one machine, each with an address of its own. */
static void
test_secondary (void)
{
  Ports first, second;

  check_call ("127.0.0.1", "127.0.0.2", "127.0.0.2", &first);
  check_call ("127.0.0.1", "127.0.0.1", "127.0.0.1", &second);
  ports_close (&first);
  ports_close (&second);
}

static void
test_both_families (void)
{
  Ports first, second;

  check_call ("127.0.0.1", "127.0.0.1", "*", &first);
  if (sip_route_is_here ("::1")) {
    check_call ("[::1]", "[::1]", "*", &second);
    ports_close (&second);
  }
  ports_close (&first);
}

/* One line, both families. */
static void
test_caller_after_caller (void)
{
  static const gchar *const hosts[] = { "127.0.0.1", "[::1]", "127.0.0.1" };
  Line line;

  line_start_on (&line, free_port (), "local-uri=sip:*:PORT on-hangup=wait");
  wait_for_line (line.port);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    if (*hosts[i] == '[' && !sip_route_is_here ("::1"))
      continue;
    for (guint tcp = 0; tcp < 2; tcp++) {
      g_autoptr (SipPeer) peer = sip_peer_new_at (hosts[i], tcp);
      call_in (peer, line.port);
      skip_state (&line, "answered");
      bye (peer);
      assert_ended (&line, "peer", 0);
    }
  }
  line_stop (&line);
}

/* An address of NAT is for those whom it is an address for. */
static void
check_external (const gchar *external, const gchar *const *lines)
{
  static const gchar *const hosts[] = { "127.0.0.1", "[::1]" };
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:*:PORT external-address=%s on-hangup=wait", external);
  Line line;

  line_start_on (&line, free_port (), settings);
  wait_for_line (line.port);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    if (*hosts[i] == '[' && !sip_route_is_here ("::1"))
      continue;
    g_autoptr (SipPeer) peer = sip_peer_new_at (hosts[i], FALSE);
    sip_peer_begin (peer, "anybody", line.port);
    sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
    g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
    g_assert_nonnull (strstr (answer, lines[i]));
    sip_peer_request (peer, "ACK", NULL, NULL);
    skip_state (&line, "answered");
    bye (peer);
    assert_ended (&line, "peer", 0);
  }
  line_stop (&line);
}

static void
test_external_address (void)
{
  static const gchar *const one[] = { "\nc=IN IP4 203.0.113.9\r",
    "\nc=IN IP6 ::1\r" };
  static const gchar *const both[] = { "\nc=IN IP4 203.0.113.9\r",
    "\nc=IN IP6 2001:db8::9\r" };

  check_external ("203.0.113.9", one);
  check_external ("203.0.113.9,2001:db8::9", both);
  check_external ("2001:db8::9,203.0.113.9", both);
}

/* The signalling is of one family, the audio of the other. */
static void
test_other_family (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *v6 = describe ("::1", 28000);
  g_autofree gchar *v4 = describe ("127.0.0.1", 28000);
  Line line;

  if (!sip_route_is_here ("::1"))
    return;
  line_start (&line, WAITING);
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, v6);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "\nc=IN IP6 ::1\r"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  sip_peer_request (peer, "INVITE", NULL, v4);
  g_autofree gchar *refusal = assert_message (peer, "SIP/2.0 488");
  g_assert_nonnull (strstr (refusal, "IPv4 address"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  bye (peer);
  line_stop (&line);
}

static guint
get_audio_port (const gchar *answer)
{
  const gchar *audio = strstr (answer, "\nm=audio ");

  g_assert_nonnull (audio);
  return (guint) g_ascii_strtoull (audio + strlen ("\nm=audio "), NULL, 10);
}

/* A call that hears itself would never be silent. */
static void
test_own_place (void)
{
  static const gchar *const hosts[] = { "127.0.0.1", "127.0.0.2" };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autofree gchar *offer = describe (hosts[i], get_audio_port (answer));
    sip_peer_request (peer, "INVITE", NULL, offer);
    g_autofree gchar *refusal = assert_message (peer, "SIP/2.0 488");
    g_assert_nonnull (strstr (refusal, "come back"));
    sip_peer_request (peer, "ACK", NULL, NULL);
  }
  bye (peer);
  line_stop (&line);
}

/* The same of who is called, and answers our offer with what it found there. */
static void
test_own_place_answered (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *sdp = describe ("127.0.0.1", get_audio_port (invite));
  sip_peer_respond (peer, invite, "200 OK", NULL, sdp);
  g_autofree gchar *end = assert_message (peer, "BYE ");
  sip_peer_respond (peer, end, "200 OK", NULL, NULL);
  line_stop (&line);
}

/* Packets come that hold @size bytes; those before may have another size. */
static void
assert_packets_of (GSocket *socket, gssize size)
{
  guint n = 0;

  for (guint i = 0; i < 200 && n < 10; i++) {
    g_autoptr (GError) error = NULL;
    gchar buffer[2048];
    gssize got = g_socket_receive (socket, buffer, sizeof buffer, NULL, &error);
    g_assert_no_error (error);
    n = got == 12 + size ? n + 1 : 0;
  }
  g_assert_cmpuint (n, ==, 10);
}

/* RFC 8866 6.4: what the far end wants or takes at most, and when it changes that. */
static void
test_packet_time (void)
{
  static const struct
  {
    const gchar *attributes;
    gssize size;
    const gchar *ptime;
  } changes[] = {
    { "a=ptime:10\r\na=maxptime:10\r\n", 80, "a=ptime:10\r" },
    { "a=ptime:20\r\n", 160, "a=ptime:20\r" },
    { "a=maxptime:5\r\n", 40, "a=ptime:5\r" },
    { "a=ptime:30\r\na=maxptime:15\r\n", 120, "a=ptime:15\r" },
    { "a=ptime:60\r\n", 480, "a=ptime:60\r" },
    { "a=ptime:200\r\na=maxptime:30\r\n", 240, "a=ptime:30\r" },
    { "", 160, "a=ptime:20\r" },
  };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;
  Ports ports;

  ports_open (&ports, "127.0.0.1");
  line_start_speaking (&line, "127.0.0.1");
  wait_for_line_at (peer, line.port);
  sip_peer_begin (peer, "anybody", line.port);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree gchar *plain = describe ("127.0.0.1", ports.port);
    g_autofree gchar *offer = g_strconcat (plain, changes[i].attributes, NULL);
    sip_peer_request (peer, "INVITE", NULL, offer);
    g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
    g_assert_nonnull (strstr (answer, changes[i].ptime));
    sip_peer_request (peer, "ACK", NULL, NULL);
    assert_packets_of (ports.rtp, changes[i].size);
  }
  bye (peer);
  line_stop (&line);
  ports_close (&ports);
}

static void
assert_no_line (const gchar *settings, const gchar *words)
{
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line.bus,
      SOON * GST_MSECOND, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  if (!strstr (error->message, words))
    g_error ("no %s in %s", words, error->message);
  line_stop (&line);
}

static void
test_no_such_address (void)
{
  assert_no_line ("local-uri=sip:192.0.2.77:PORT",
      "does not have the address 192.0.2.77");
  assert_no_line ("local-uri=sip:[2001:db8::77]:PORT",
      "does not have the address 2001:db8::77");
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-media/secondary", test_secondary);
  g_test_add_func ("/sipcall-media/both-families", test_both_families);
  g_test_add_func ("/sipcall-media/caller-after-caller",
      test_caller_after_caller);
  g_test_add_func ("/sipcall-media/external-address", test_external_address);
  g_test_add_func ("/sipcall-media/other-family", test_other_family);
  g_test_add_func ("/sipcall-media/own-place", test_own_place);
  g_test_add_func ("/sipcall-media/own-place-answered",
      test_own_place_answered);
  g_test_add_func ("/sipcall-media/packet-time", test_packet_time);
  g_test_add_func ("/sipcall-media/no-such-address", test_no_such_address);
  return g_test_run ();
}
