/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line behind NAT, which asks a server of STUN how its calls are seen: what it tells the far
 * end then, against a scripted peer and a scripted server over loopback. */

#include "sip/gstsip.h"
#include "sip/logic/ice/stunmessage.h"

#include "mock/sipline.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define SETTINGS \
  "local-uri=sip:me@127.0.0.1:PORT on-hangup=wait " \
  "external-address=stun:127.0.0.1:%u"
#define MOVED_RTP 1000
#define MOVED_RTCP 1301

typedef enum
{
  KEEPS, /* the numbers of ports */
  MOVES,
  LOSES, /* the first question of each port, and moves */
  FORGES, /* before it moves: others answer, too */
  REFUSES,
  SAYS_NOTHING,
} Way;

typedef struct
{
  GSocket *socket, *stranger;
  GThread *thread;
  gint way, n_requests, last_byte; /* atomic; of 203.0.113.x */
  gint ends; /* atomic */
  guint seen[2]; /* ports that have asked, thread only */
} Server;

/* ---- The server */

static GSocket *
bind_socket (void)
{
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, NULL);

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  g_socket_set_timeout (socket, 1);
  return socket;
}

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static void
answer (GSocket *socket, GSocketAddress *to, StunType type,
    const guint8 *transaction, guint last_byte, guint port)
{
  const StunAddress mapped = { { 203, 0, 113, (guint8) last_byte }, 4,
    (guint16) port };
  StunWriter writer;

  stun_write (&writer, type, transaction);
  if (type == STUN_BINDING_ERROR)
    stun_write_error (&writer, 500);
  else
    stun_write_address (&writer, &mapped);
  stun_write_end (&writer, NULL);
  g_socket_send_to (socket, to, (const gchar *) writer.data, writer.size, NULL,
      NULL);
}

/* Of somebody who has not read the question, and of somebody who has. */
static void
forge (Server *self, GSocketAddress *to, const guint8 *transaction)
{
  const guint8 guess[STUN_TRANSACTION_SIZE] = { 7 };

  answer (self->socket, to, STUN_BINDING_SUCCESS, guess, 66, 6666);
  answer (self->stranger, to, STUN_BINDING_SUCCESS, transaction, 66, 6666);
  answer (self->stranger, to, STUN_BINDING_ERROR, transaction, 66, 6666);
}

/* Even ports are of RTP, and each asks again where that was lost. */
static gboolean
is_lost (Server *self, guint port)
{
  guint *seen = &self->seen[port % 2];
  const gboolean is_first = *seen != port;

  *seen = port;
  return is_first;
}

static void
serve (Server *self, const StunMessage *request, GSocketAddress *from)
{
  const guint port =
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (from));
  const Way way = (Way) g_atomic_int_get (&self->way);
  const guint last = (guint) g_atomic_int_get (&self->last_byte);
  const guint moved = port + (port % 2 ? MOVED_RTCP : MOVED_RTP);

  if (way == SAYS_NOTHING || (way == LOSES && is_lost (self, port)))
    return;
  if (way == FORGES)
    forge (self, from, request->transaction);
  answer (self->socket, from,
      way == REFUSES ? STUN_BINDING_ERROR : STUN_BINDING_SUCCESS,
      request->transaction, last, way == KEEPS ? port : moved);
}

static gpointer
run (gpointer data)
{
  Server *self = data;

  while (!g_atomic_int_get (&self->ends)) {
    g_autoptr (GSocketAddress) from = NULL;
    guint8 bytes[512];
    StunMessage request;
    const gssize size = g_socket_receive_from (self->socket, &from,
        (gchar *) bytes, sizeof bytes, NULL, NULL);
    if (size <= 0 || !stun_parse (&request, bytes, (gsize) size) ||
        request.type != STUN_BINDING_REQUEST)
      continue;
    g_atomic_int_inc (&self->n_requests);
    serve (self, &request, from);
  }
  return NULL;
}

static void
server_start (Server *self, Way way)
{
  *self = (Server){ .way = way, .last_byte = 9 };
  self->socket = bind_socket ();
  self->stranger = bind_socket ();
  self->thread = g_thread_new ("stun", run, self);
}

static void
server_stop (Server *self)
{
  g_atomic_int_set (&self->ends, TRUE);
  g_thread_join (self->thread);
  g_object_unref (self->socket);
  g_object_unref (self->stranger);
}

/* ---- The line */

static void
start (Line *line, Server *server)
{
  g_autofree gchar *settings =
      g_strdup_printf (SETTINGS, get_port (server->socket));

  line_start (line, settings);
}

/* The text of the next warning; (transfer full). */
static gchar *
expect_warning (Line *line)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  return g_strdup (error->message);
}

static void
assert_no_warning (Line *line)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (line->bus, GST_MESSAGE_WARNING);

  g_assert_null (message);
}

static guint
get_number (const gchar *text, const gchar *before)
{
  const gchar *at = strstr (text, before);

  return at ? (guint) strtoul (at + strlen (before), NULL, 10) : 0;
}

/* @message says that we are at 203.0.113.@last, at ports that were moved, or not. */
static void
assert_seen (const gchar *message, guint last, gboolean is_moved)
{
  g_autofree gchar *host = g_strdup_printf ("\nc=IN IP4 203.0.113.%u\r", last);
  g_autofree gchar *contact = sip_peer_header (message, "Contact");
  g_autofree gchar *at = g_strdup_printf ("@203.0.113.%u:", last);
  const guint rtp = get_number (message, "\nm=audio ");
  const guint rtcp = get_number (message, "\na=rtcp:");

  g_assert_nonnull (strstr (message, host));
  g_assert_nonnull (strstr (contact, at));
  g_assert_cmpuint (rtp, >=, 27000 + (is_moved ? MOVED_RTP : 0));
  if (is_moved)
    g_assert_cmpuint (rtcp, ==, rtp + MOVED_RTCP - MOVED_RTP + 1);
  else
    g_assert_cmpuint (rtcp, ==, 0);
}

static void
assert_unseen (const gchar *message)
{
  g_assert_nonnull (strstr (message, "\nc=IN IP4 127.0.0.1\r"));
  g_assert_cmpuint (get_number (message, "\nm=audio "), <, 28000);
  g_assert_null (strstr (message, "\na=rtcp:"));
}

/* A call in; what answers it, (transfer full). */
static gchar *
call (Line *line, SipPeer *peer)
{
  sip_peer_begin (peer, "me", line->port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  gchar *message = assert_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (line, "answered");
  return message;
}

static void
hang_up (Line *line, SipPeer *peer)
{
  bye (peer);
  assert_ended (line, "peer", 0);
}

/* ---- Cases */

static void
check_called (Way way)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Server server;
  Line line;

  server_start (&server, way);
  start (&line, &server);
  g_autofree gchar *first = call (&line, peer);
  assert_seen (first, 9, way != KEEPS);
  hang_up (&line, peer);
  g_atomic_int_set (&server.last_byte, 10);
  g_autofree gchar *second = call (&line, peer);
  assert_seen (second, 10, way != KEEPS);
  hang_up (&line, peer);
  assert_no_warning (&line);
  line_stop (&line);
  server_stop (&server);
}

static void
test_called (void)
{
  check_called (KEEPS);
  check_called (MOVES);
}

static void
test_forged (void)
{
  check_called (FORGES);
}

static void
test_lost (void)
{
  check_called (LOSES);
}

static void
test_calling (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Server server;
  Line line;

  server_start (&server, MOVES);
  g_autofree gchar *settings =
      g_strdup_printf (SETTINGS " uri=sip:you@127.0.0.1:%u",
          get_port (server.socket), sip_peer_get_port (peer));
  line_start (&line, settings);
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  assert_seen (invite, 9, TRUE);
  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
  /* What it says later is the same. */
  g_assert_true (emit (&line, "hold"));
  g_autofree gchar *hold = assert_message (peer, "INVITE ");
  assert_seen (hold, 9, TRUE);
  line_stop (&line);
  server_stop (&server);
}

/* The call goes on, and the next one does not wait again. */
static void
check_useless (Way way)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Server server;
  Line line;

  server_start (&server, way);
  start (&line, &server);
  g_autofree gchar *first = call (&line, peer);
  assert_unseen (first);
  hang_up (&line, peer);
  const gint asked = g_atomic_int_get (&server.n_requests);
  g_assert_cmpint (asked, ==, way == REFUSES ? 2 : 6);
  g_autofree gchar *second = call (&line, peer);
  assert_unseen (second);
  g_assert_cmpint (g_atomic_int_get (&server.n_requests), ==, asked);
  line_stop (&line);
  server_stop (&server);
}

static void
check_warned (Way way, const gchar *words)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Server server;
  Line line;

  server_start (&server, way);
  start (&line, &server);
  sip_peer_begin (peer, "me", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  g_autofree gchar *text = expect_warning (&line);
  g_assert_nonnull (strstr (text, words));
  g_assert_nonnull (strstr (text, "127.0.0.1"));
  skip_message (peer, "SIP/2.0 200");
  assert_no_warning (&line);
  line_stop (&line);
  server_stop (&server);
}

static void
test_silent (void)
{
  check_useless (SAYS_NOTHING);
  check_warned (SAYS_NOTHING, "does not answer");
}

static void
test_refused (void)
{
  check_useless (REFUSES);
  check_warned (REFUSES, "does not say");
}

/* It is over before there was an answer. */
static void
test_given_up (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Server server;
  Line line;

  server_start (&server, SAYS_NOTHING);
  start (&line, &server);
  sip_peer_begin (peer, "me", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 100");
  sip_peer_request (peer, "CANCEL", NULL, NULL);
  skip_message (peer, "SIP/2.0 487");
  assert_ended (&line, "peer", 487);
  line_stop (&line);
  g_autofree gchar *settings =
      g_strdup_printf (SETTINGS " uri=sip:you@127.0.0.1:%u",
          get_port (server.socket), sip_peer_get_port (peer));
  line_start (&line, settings);
  gst_element_set_state (line.pipeline, GST_STATE_NULL);
  g_assert_null (sip_peer_wait (peer, "INVITE ", 100));
  line_stop (&line);
  server_stop (&server);
}

static void
test_unknown_name (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line,
      "local-uri=sip:me@127.0.0.1:PORT on-hangup=wait "
      "external-address=stun:nowhere.invalid");
  g_autofree gchar *text = expect_warning (&line);
  g_assert_nonnull (strstr (text, "nowhere.invalid:3478 cannot be found"));
  g_autofree gchar *answered = call (&line, peer);
  assert_unseen (answered);
  assert_no_warning (&line);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-outside/called", test_called);
  g_test_add_func ("/sipcall-outside/forged", test_forged);
  g_test_add_func ("/sipcall-outside/lost", test_lost);
  g_test_add_func ("/sipcall-outside/calling", test_calling);
  g_test_add_func ("/sipcall-outside/silent", test_silent);
  g_test_add_func ("/sipcall-outside/refused", test_refused);
  g_test_add_func ("/sipcall-outside/given-up", test_given_up);
  g_test_add_func ("/sipcall-outside/unknown-name", test_unknown_name);
  return g_test_run ();
}
