/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a TURN server keeps for a call is given back when the call is over. The server
 * is one that allocates and counts, and relays nothing (RFC 8656). */

#include "whiptest.h"

#include <netinet/in.h>
#include <string.h>

#define USER "user"
#define PASSWORD "word"
#define REALM "example"
#define COOKIE 0x2112a442

enum
{
  ALLOCATE = 0x0003,
  REFRESH = 0x0004,
  SUCCESS = 0x0100,
  FAILURE = 0x0110,
};

enum
{
  INTEGRITY = 0x0008,
  ERROR_CODE = 0x0009,
  LIFETIME = 0x000d,
  REALM_NAME = 0x0014,
  NONCE = 0x0015,
  RELAYED = 0x0016,
  MAPPED = 0x0020,
};

typedef struct
{
  GSocket *socket;
  GThread *thread;
  guint port;
  gint stopping, silent, allocated, released; /* atomic */
} TurnServer;

/* ---- STUN (RFC 8489) */

static void
put (GByteArray *packet, guint32 value, guint octets)
{
  while (octets-- > 0) {
    const guint8 octet = (guint8) (value >> (8 * octets));
    g_byte_array_append (packet, &octet, 1);
  }
}

static void
put_attribute (GByteArray *packet, guint type, gconstpointer data, guint size)
{
  put (packet, type, 2);
  put (packet, size, 2);
  g_byte_array_append (packet, data, size);
  put (packet, 0, (4 - size % 4) % 4);
}

static void
put_number (GByteArray *packet, guint type, guint32 value)
{
  const guint32 number = g_htonl (value);

  put_attribute (packet, type, &number, 4);
}

/* XORed; always of this machine. */
static void
put_address (GByteArray *packet, guint type, guint port)
{
  put (packet, type, 2);
  put (packet, 8, 2);
  put (packet, 1, 2);
  put (packet, port ^ (COOKIE >> 16), 2);
  put (packet, INADDR_LOOPBACK ^ COOKIE, 4);
}

static void
set_length (GByteArray *packet, guint length)
{
  packet->data[2] = (guint8) (length >> 8);
  packet->data[3] = (guint8) length;
}

static void
put_integrity (GByteArray *packet)
{
  const gchar *credentials = USER ":" REALM ":" PASSWORD;
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 key[16], digest[20];
  gsize key_size = sizeof (key), digest_size = sizeof (digest);

  g_checksum_update (md5, (const guchar *) credentials, -1);
  g_checksum_get_digest (md5, key, &key_size);
  set_length (packet, packet->len - 20 + 24);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, key, key_size);
  g_hmac_update (hmac, packet->data, packet->len);
  g_hmac_get_digest (hmac, digest, &digest_size);
  put_attribute (packet, INTEGRITY, digest, sizeof (digest));
}

static const guint8 *
find_attribute (const guint8 *packet, gsize size, guint type)
{
  for (gsize at = 20; at + 4 <= size;) {
    const guint found = packet[at] << 8 | packet[at + 1];
    const gsize length = packet[at + 2] << 8 | packet[at + 3];
    if (found == type)
      return packet + at + 4;
    at += 4 + (length + 3) / 4 * 4;
  }
  return NULL;
}

/* ---- The server */

static gboolean
gives_back (const guint8 *request, gsize size)
{
  static const guint8 nothing[4];
  const guint8 *lifetime = find_attribute (request, size, LIFETIME);

  return lifetime && !memcmp (lifetime, nothing, sizeof (nothing));
}

static void
write_answer (TurnServer *self, const guint8 *request, gsize size,
    GByteArray *answer)
{
  const guint method = request[0] << 8 | request[1];
  const gboolean known = find_attribute (request, size, INTEGRITY) != NULL;
  const gboolean released = method == REFRESH && gives_back (request, size);

  put (answer, method | (known ? SUCCESS : FAILURE), 2);
  put (answer, 0, 2);
  g_byte_array_append (answer, request + 4, 16); /* cookie, transaction */
  if (!known) {
    put_attribute (answer, ERROR_CODE, "\0\0\4\1", 4); /* 401 */
    put_attribute (answer, REALM_NAME, REALM, strlen (REALM));
    put_attribute (answer, NONCE, "once", 4);
    set_length (answer, answer->len - 20);
    return;
  }
  if (method == ALLOCATE) {
    put_address (answer, RELAYED,
        40000 + (guint) g_atomic_int_add (&self->allocated, 1));
    put_address (answer, MAPPED, 4711);
  }
  put_number (answer, LIFETIME, released ? 0 : 600);
  put_integrity (answer);
  if (released)
    g_atomic_int_inc (&self->released);
}

static gpointer
serve (gpointer data)
{
  TurnServer *self = data;
  guint8 request[2048];

  while (!g_atomic_int_get (&self->stopping)) {
    g_autoptr (GSocketAddress) from = NULL;
    gssize n = g_socket_receive_from (self->socket, &from, (gchar *) request,
        sizeof (request), NULL, NULL);
    if (n < 20 || g_atomic_int_get (&self->silent))
      continue;
    g_autoptr (GByteArray) answer = g_byte_array_new ();
    write_answer (self, request, (gsize) n, answer);
    g_socket_send_to (self->socket, from, (const gchar *) answer->data,
        answer->len, NULL, NULL);
  }
  return NULL;
}

static void
turn_server_start (TurnServer *self)
{
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  *self = (TurnServer){ 0 };
  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_socket_bind (self->socket, any, FALSE, &error);
  g_assert_no_error (error);
  g_autoptr (GSocketAddress) own =
      g_socket_get_local_address (self->socket, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own));
  g_socket_set_timeout (self->socket, 1);
  self->thread = g_thread_new ("turn", serve, self);
}

static void
turn_server_stop (TurnServer *self)
{
  g_atomic_int_set (&self->stopping, TRUE);
  g_thread_join (self->thread);
  g_object_unref (self->socket);
}

/* ---- The tests */

static gint warnings; /* atomic */

static void
on_nice_warning (const gchar *domain, GLogLevelFlags level, const gchar *text,
    gpointer user)
{
  g_test_message ("libnice: %s", text);
  g_atomic_int_inc (&warnings);
}

static void
start (Line *line, TurnServer *server)
{
  turn_server_start (server);
  g_autofree gchar *settings = g_strdup_printf (WAITING
      " turn-server=turn://" USER ":" PASSWORD "@127.0.0.1:%u",
      server->port);
  line_start (line, settings);
}

static void
assert_released (TurnServer *server)
{
  gint allocated = g_atomic_int_get (&server->allocated);

  g_assert_cmpint (allocated, >, 0);
  for (guint i = 0;
       i < SOON / 5 && g_atomic_int_get (&server->released) < allocated; i++)
    g_usleep (5000);
  g_assert_cmpint (g_atomic_int_get (&server->released), ==, allocated);
}

static void
test_hang_up (void)
{
  TurnServer server;
  Line line;

  start (&line, &server);
  for (guint i = 0; i < 3; i++) {
    g_autofree gchar *session = call_in (&line);
    hang_up (&line, session);
    assert_released (&server);
  }
  line_stop (&line);
  g_assert_cmpint (g_atomic_int_get (&warnings), ==, 0);
  turn_server_stop (&server);
}

/* In the midst of a call; a process may exit after that. */
static void
test_stop (void)
{
  static const GstState states[] = { GST_STATE_READY, GST_STATE_NULL };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    TurnServer server;
    Line line;
    start (&line, &server);
    g_free (call_in (&line));
    gst_element_set_state (line.pipeline, states[i]);
    assert_released (&server);
    line_stop (&line);
    g_assert_cmpint (g_atomic_int_get (&warnings), ==, 0);
    turn_server_stop (&server);
  }
}

/* How long the quickest of some lines takes to stop. */
static gint64
time_stop (const gchar *settings)
{
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < 8; i++) {
    Line line;
    line_start (&line, settings);
    const gint64 began = g_get_monotonic_time ();
    gst_element_set_state (line.pipeline, GST_STATE_NULL);
    least = MIN (least, g_get_monotonic_time () - began);
    line_stop (&line);
  }
  return least;
}

/* What a server keeps for one line, and does not say that it gives it up, holds no
 * other one; who has nothing there waits for nothing. */
static void
test_silent (void)
{
  TurnServer server;
  Line line;

  start (&line, &server);
  g_free (call_in (&line));
  g_assert_cmpint (g_atomic_int_get (&server.allocated), >, 0);
  g_atomic_int_set (&server.silent, TRUE);
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  g_assert_cmpint (time_stop (WAITING), <, 100000);
  line_stop (&line);
  turn_server_stop (&server);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  g_log_set_handler ("libnice", G_LOG_LEVEL_WARNING, on_nice_warning, NULL);
  g_test_add_func ("/whipturn/hang-up", test_hang_up);
  g_test_add_func ("/whipturn/stop", test_stop);
  g_test_add_func ("/whipturn/silent", test_silent);
  return whip_test_run ();
}
