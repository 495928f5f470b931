/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Connections of those who want no call: they do not stay. */

#include "sip/connection/sipconnections.h"
#include "sip/gstsip.h"

#include "mock/sipline.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#define N 30
#define MOST 10

/* @from: an address of loopback. (transfer full) */
static GSocket *
connect_from (const gchar *from, Line *line)
{
  g_autoptr (GSocketAddress) own =
      g_inet_socket_address_new_from_string (from, 0);
  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new_from_string ("127.0.0.1", line->port);
  g_autoptr (GError) error = NULL;
  GSocket *self = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_true (g_socket_bind (self, own, FALSE, NULL));
  g_assert_true (g_socket_connect (self, to, NULL, &error));
  g_assert_no_error (error);
  return self;
}

/* Connections that this process has at the line's port, however the peer sees them. */
static guint
count (const Line *line)
{
  guint n = 0;

  for (gint fd = 0; fd < 1024; fd++) {
    struct sockaddr_in own = { 0 };
    struct tcp_info info;
    socklen_t size = sizeof own, info_size = sizeof info;
    if (getsockname (fd, (struct sockaddr *) &own, &size) == 0 &&
        own.sin_family == AF_INET && ntohs (own.sin_port) == line->port &&
        getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &info_size) == 0 &&
        info.tcpi_state != TCP_LISTEN)
      n++;
  }
  return n;
}

static void
wait_count (const Line *line, guint least, guint most)
{
  const gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (count (line) < least || count (line) > most) {
    if (g_get_monotonic_time () > end)
      g_error ("%u connections, not %u to %u", count (line), least, most);
    g_usleep (10 * G_TIME_SPAN_MILLISECOND);
  }
}

static SipPeer *
connect_good (Line *line)
{
  SipPeer *self = sip_peer_new (TRUE);

  sip_peer_begin (self, "bob", line->port);
  sip_peer_request (self, "OPTIONS", NULL, NULL);
  skip_message (self, "SIP/2.0 200");
  return self;
}

static void
assert_good (SipPeer *self)
{
  sip_peer_request (self, "OPTIONS", NULL, NULL);
  skip_message (self, "SIP/2.0 ");
}

/* Of nonsense the library reads no more, and so not its end. */
static void
test_left (void)
{
  g_autoptr (GPtrArray) sockets =
      g_ptr_array_new_with_free_func (g_object_unref);
  gchar nonsense[2000];
  Line line;

  line_start (&line, "local-uri=sip:bob@*:PORT on-hangup=wait");
  wait_for_line (line.port);
  g_autoptr (SipPeer) good = connect_good (&line);
  for (gsize i = 0; i < sizeof nonsense; i++)
    nonsense[i] = "nonsense\r\n\r\n"[i % 12];
  for (guint i = 0; i < N; i++) {
    GSocket *socket = connect_from ("127.0.0.1", &line);
    g_socket_send (socket, nonsense, sizeof nonsense, NULL, NULL);
    g_ptr_array_add (sockets, socket);
  }
  wait_count (&line, N + 1, N + 1);
  g_ptr_array_set_size (sockets, 0);
  wait_count (&line, 1, 1);
  assert_good (good);
  line_stop (&line);
}

static void
test_too_many (void)
{
  g_autoptr (GPtrArray) sockets =
      g_ptr_array_new_with_free_func (g_object_unref);
  Line line;

  sip_connections_most = MOST;
  line_start (&line, "local-uri=sip:bob@*:PORT on-hangup=wait");
  wait_for_line (line.port);
  g_autoptr (SipPeer) good = connect_good (&line);
  for (guint i = 0; i < N; i++)
    g_ptr_array_add (sockets, connect_from ("127.0.0.2", &line));
  wait_count (&line, MOST, MOST);
  assert_good (good);
  sip_connections_most = 0;
  line_stop (&line);
}

/* Many hosts, of which each has one. */
static void
test_many_hosts (void)
{
  g_autoptr (GPtrArray) sockets =
      g_ptr_array_new_with_free_func (g_object_unref);
  Line line;

  sip_connections_most = MOST;
  line_start (&line, "local-uri=sip:bob@*:PORT on-hangup=wait");
  wait_for_line (line.port);
  g_autoptr (SipPeer) good = connect_good (&line);
  for (guint i = 0; i < 4 * N; i++) {
    g_autofree gchar *host = g_strdup_printf ("127.0.3.%u", i + 1);
    g_ptr_array_add (sockets, connect_from (host, &line));
  }
  wait_count (&line, MOST, MOST);
  assert_good (good);
  sip_connections_most = 0;
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipconnections/left", test_left);
  g_test_add_func ("/sipconnections/too-many", test_too_many);
  g_test_add_func ("/sipconnections/many-hosts", test_many_hosts);
  return g_test_run ();
}
