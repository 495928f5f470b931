/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sippeer.h"

#include <gio/gio.h>
#include <string.h>

struct _SipPeer
{
  gboolean tcp;
  const gchar *host, *callee; /* interned, as in a URI */
  GSocket *listener; /* TCP */
  GSocket *socket; /* NULL with TCP before there is a connection */
  guint port;
  GString *input; /* TCP: not yet a whole message */
  gchar *contact, *record_route;
  gchar *sdp;

  /* The dialog */
  gchar *uri, *from, *to, *call_id, *branch, *invite_branch;
  gboolean theirs; /* they invited */
  guint cseq;
  guint invite_cseq;
  GSocketAddress *target;
};

static guint serial;

/* ---- Life */

static GSocketAddress *
loopback (const gchar *host, guint port)
{
  g_auto (GStrv) parts = g_strsplit_set (host, "[]", -1);

  return g_inet_socket_address_new_from_string (*parts[0] ? parts[0] : parts[1],
      port);
}

static GSocket *
bound_socket (const gchar *host, guint port, gboolean tcp)
{
  g_autoptr (GSocketAddress) any = loopback (host, port);
  GSocket *socket = g_socket_new (g_socket_address_get_family (any),
      tcp ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_DEFAULT, NULL);

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  return socket;
}

SipPeer *
sip_peer_new (gboolean tcp)
{
  return sip_peer_new_at ("127.0.0.1", tcp);
}

SipPeer *
sip_peer_new_at (const gchar *host, gboolean tcp)
{
  SipPeer *self = g_new0 (SipPeer, 1);
  GSocket *socket = bound_socket (host, 0, tcp);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);

  self->tcp = tcp;
  self->host = self->callee = g_intern_string (host);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  self->input = g_string_new (NULL);
  if (tcp)
    g_assert_true (g_socket_listen (socket, NULL));
  *(tcp ? &self->listener : &self->socket) = socket;
  return self;
}

void
sip_peer_move (SipPeer *self, const gchar *host)
{
  GSocket *socket = bound_socket (host, self->port, FALSE);
  g_autoptr (GSocketAddress) before = g_steal_pointer (&self->target);

  g_clear_object (&self->socket);
  self->socket = socket;
  self->host = g_intern_string (host);
  self->target = loopback (host,
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (before)));
}

static void
clear_dialog (SipPeer *self)
{
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->branch, g_free);
  g_clear_pointer (&self->invite_branch, g_free);
}

void
sip_peer_free (SipPeer *self)
{
  clear_dialog (self);
  g_clear_object (&self->target);
  g_clear_object (&self->listener);
  g_clear_object (&self->socket);
  g_string_free (self->input, TRUE);
  g_free (self->contact);
  g_free (self->record_route);
  g_free (self->sdp);
  g_free (self);
}

guint
sip_peer_get_port (SipPeer *self)
{
  return self->port;
}

const gchar *
sip_peer_sdp (SipPeer *self, guint codec, const gchar *direction)
{
  g_autoptr (GSocketAddress) address = loopback (self->host, 0);
  g_autofree gchar *host = g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  const gchar *type = strchr (host, ':') ? "IP6" : "IP4";

  g_free (self->sdp);
  self->sdp = g_strdup_printf ("v=0\r\no=- 1 %u IN %s %s\r\ns=-\r\n"
                               "c=IN %s %s\r\nt=0 0\r\n"
                               "m=audio %u RTP/AVP %u 101\r\n"
                               "a=rtpmap:101 telephone-event/8000\r\na=%s\r\n",
      ++serial, type, host, type, host, 9 + self->port - self->port % 2, codec,
      direction);
  return self->sdp;
}

void
sip_peer_set_target (SipPeer *self, const gchar *contact,
    const gchar *record_route)
{
  g_free (self->contact);
  g_free (self->record_route);
  self->contact = g_strdup (contact);
  self->record_route = g_strdup (record_route);
}

void
sip_peer_set_callee (SipPeer *self, const gchar *host)
{
  self->callee = g_intern_string (host);
}

void
sip_peer_set_parties (SipPeer *self, const gchar *from, const gchar *to,
    const gchar *uri)
{
  const gchar *const values[] = { from, to, uri };
  gchar **const parts[] = { &self->from, &self->to, &self->uri };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i]) {
      g_free (*parts[i]);
      *parts[i] = i == 0 ? g_strdup_printf ("%s;tag=peer%u", values[i], serial)
                         : g_strdup (values[i]);
    }
}

/* ---- Sending */

void
sip_peer_send_raw (SipPeer *self, const gchar *text, gsize size)
{
  while (size > 0) {
    gssize sent = self->tcp
        ? g_socket_send (self->socket, text, size, NULL, NULL)
        : g_socket_send_to (self->socket, self->target, text, size, NULL, NULL);
    g_assert_cmpint (sent, >, 0);
    text += sent;
    size -= (gsize) sent;
  }
}

static void
append_end (SipPeer *self, GString *text, const gchar *headers,
    const gchar *body)
{
  if (self->contact)
    g_string_append_printf (text, "Contact: %s\r\n", self->contact);
  else
    g_string_append_printf (text, "Contact: <sip:peer@%s:%u;transport=%s>\r\n",
        self->host, self->port, self->tcp ? "tcp" : "udp");
  if (self->record_route)
    g_string_append_printf (text, "Record-Route: %s\r\n", self->record_route);
  if (body && !(headers && strstr (headers, "Content-Type")))
    g_string_append (text, "Content-Type: application/sdp\r\n");
  g_string_append_printf (text, "%sContent-Length: %zu\r\n\r\n%s",
      headers ? headers : "", body ? strlen (body) : 0, body ? body : "");
  sip_peer_send_raw (self, text->str, text->len);
}

static void
connect_tcp (SipPeer *self)
{
  g_clear_object (&self->socket);
  self->socket = bound_socket (self->host, 0, TRUE);
  g_assert_true (g_socket_connect (self->socket, self->target, NULL, NULL));
}

void
sip_peer_begin (SipPeer *self, const gchar *user, guint port)
{
  clear_dialog (self);
  serial++;
  self->theirs = FALSE;
  self->uri = g_strdup_printf ("sip:%s%s%s:%u", user, *user ? "@" : "",
      self->callee, port);
  self->from = g_strdup_printf ("<sip:peer@%s>;tag=peer%u", self->host, serial);
  self->to = g_strdup_printf ("<%s>", self->uri);
  self->call_id = g_strdup_printf ("call-%u-%u", self->port, serial);
  self->cseq = 0;
  g_clear_object (&self->target);
  self->target = loopback (self->callee, port);
  if (self->tcp)
    connect_tcp (self);
}

void
sip_peer_request (SipPeer *self, const gchar *method, const gchar *headers,
    const gchar *body)
{
  GString *text = g_string_new (NULL);
  gboolean same = g_str_equal (method, "CANCEL");
  gboolean old = same || g_str_equal (method, "ACK");

  if (!old)
    self->cseq++;
  g_free (self->branch);
  self->branch = same && self->invite_branch
      ? g_strdup (self->invite_branch)
      : g_strdup_printf ("z9hG4bK%u-%u", self->port, ++serial);
  if (g_str_equal (method, "INVITE")) {
    self->invite_cseq = self->cseq;
    g_free (self->invite_branch);
    self->invite_branch = g_strdup (self->branch);
  }
  g_string_printf (text,
      "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s:%u;branch=%s;rport\r\n"
      "Max-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\n"
      "CSeq: %u %s\r\n",
      method, self->uri, self->tcp ? "TCP" : "UDP", self->host, self->port,
      self->branch, self->from, self->to, self->call_id,
      old ? self->invite_cseq : self->cseq, method);
  append_end (self, text, headers, body);
  g_string_free (text, TRUE);
}

/* The request is theirs: our requests go the other way. */
static void
adopt_dialog (SipPeer *self, const gchar *request)
{
  g_autofree gchar *contact = sip_peer_header (request, "Contact");
  g_autofree gchar *to = sip_peer_header (request, "To");

  clear_dialog (self);
  self->theirs = TRUE;
  self->call_id = sip_peer_header (request, "Call-ID");
  self->to = sip_peer_header (request, "From");
  self->from = g_strdup_printf ("%s;tag=peer%u", to, ++serial);
  gchar *start = strchr (contact, '<');
  self->uri = g_strndup (start + 1, strcspn (start + 1, ">;"));
  self->cseq = 100;
}

void
sip_peer_respond (SipPeer *self, const gchar *request, const gchar *status,
    const gchar *headers, const gchar *body)
{
  GString *text = g_string_new (NULL);
  g_autofree gchar *call_id = sip_peer_header (request, "Call-ID");

  if (g_str_has_prefix (request, "INVITE ") &&
      g_strcmp0 (call_id, self->call_id) != 0)
    adopt_dialog (self, request);
  g_string_printf (text, "SIP/2.0 %s\r\n", status);
  static const gchar *const copied[] = { "Via", "From", "To", "Call-ID",
    "CSeq" };
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++) {
    g_autofree gchar *value = sip_peer_header (request, copied[i]);
    gboolean needs_tag = i == 2 && !strstr (value, "tag=");
    g_string_append_printf (text, "%s: %s\r\n", copied[i],
        needs_tag ? self->from : value);
  }
  append_end (self, text, headers, body);
  g_string_free (text, TRUE);
}

/* ---- Receiving */

gchar *
sip_peer_header (const gchar *message, const gchar *name)
{
  g_autofree gchar *start = g_strdup_printf ("\r\n%s: ", name);
  const gchar *found = strstr (message, start);

  if (!found)
    return NULL;
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\r"));
}

/* The first whole message of the TCP input, NULL if there is none. */
static gchar *
take_message (SipPeer *self)
{
  while (g_str_has_prefix (self->input->str, "\r\n"))
    g_string_erase (self->input, 0, 2);
  const gchar *end = strstr (self->input->str, "\r\n\r\n");
  if (!end)
    return NULL;
  g_autofree gchar *length =
      sip_peer_header (self->input->str, "Content-Length");
  gsize size = (gsize) (end + 4 - self->input->str) +
      (length ? g_ascii_strtoull (length, NULL, 10) : 0);
  if (self->input->len < size)
    return NULL;
  gchar *message = g_strndup (self->input->str, size);
  g_string_erase (self->input, 0, (gssize) size);
  return message;
}

static gboolean
is_readable (GSocket *socket, gint64 end)
{
  gint64 left = end - g_get_monotonic_time ();

  return g_socket_condition_timed_wait (socket, G_IO_IN, MAX (left, 0), NULL,
      NULL);
}

/* On the connection there is, or a new one: a request to our Contact makes one. */
static gboolean
await_input (SipPeer *self, gint64 end)
{
  GPollFD fds[] = { { g_socket_get_fd (self->listener), G_IO_IN, 0 },
    { self->socket ? g_socket_get_fd (self->socket) : -1, G_IO_IN, 0 } };
  gint64 left = end - g_get_monotonic_time ();

  if (g_poll (fds, 2, (gint) ((MAX (left, 0) + 999) / 1000)) <= 0)
    return FALSE;
  if (fds[0].revents && !fds[1].revents) {
    g_clear_object (&self->socket);
    self->socket = g_socket_accept (self->listener, NULL, NULL);
    g_string_truncate (self->input, 0);
    return await_input (self, end);
  }
  return TRUE;
}

gboolean
sip_peer_wait_bytes (SipPeer *self, const gchar *bytes, guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;
  gchar buffer[64];
  gsize n = 0;

  while (n < strlen (bytes) && is_readable (self->socket, end)) {
    gssize size = g_socket_receive (self->socket, buffer + n,
        MIN (sizeof buffer - n, strlen (bytes) - n), NULL, NULL);
    if (size <= 0)
      return FALSE;
    n += (gsize) size;
  }
  return n == strlen (bytes) && !memcmp (buffer, bytes, n);
}

static gchar *
receive_tcp (SipPeer *self, gint64 end)
{
  gchar buffer[4096], *message;

  while (!(message = take_message (self)) && await_input (self, end)) {
    gssize size =
        g_socket_receive (self->socket, buffer, sizeof buffer, NULL, NULL);
    if (size <= 0)
      return NULL;
    g_string_append_len (self->input, buffer, size);
  }
  return message;
}

static gchar *
receive_udp (SipPeer *self, gint64 end)
{
  gchar buffer[65536];
  GSocketAddress *from = NULL;

  if (!is_readable (self->socket, end))
    return NULL;
  gssize size = g_socket_receive_from (self->socket, &from, buffer,
      sizeof buffer - 1, NULL, NULL);
  if (size < 0)
    return NULL;
  g_clear_object (&self->target);
  self->target = from;
  return g_strndup (buffer, (gsize) size);
}

/* The tag of their side comes with the first answer to our request. */
static void
learn_tag (SipPeer *self, const gchar *message)
{
  g_autofree gchar *call_id = sip_peer_header (message, "Call-ID");
  g_autofree gchar *to = sip_peer_header (message, "To");

  if (self->theirs || !g_str_has_prefix (message, "SIP/2.0 ") ||
      g_strcmp0 (call_id, self->call_id) != 0 || !strstr (to, "tag="))
    return;
  g_free (self->to);
  self->to = g_steal_pointer (&to);
}

gchar *
sip_peer_receive (SipPeer *self, guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;
  gchar *message =
      self->tcp ? receive_tcp (self, end) : receive_udp (self, end);

  if (message) {
    learn_tag (self, message);
    if (g_test_verbose ())
      g_printerr ("%s\n", message);
  }
  return message;
}

gchar *
sip_peer_wait (SipPeer *self, const gchar *start, guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;

  for (;;) {
    gint64 left = (end - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
    gchar *message = sip_peer_receive (self, (guint) MAX (left, 0));
    if (!message || g_str_has_prefix (message, start))
      return message;
    g_free (message);
  }
}
