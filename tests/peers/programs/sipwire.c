/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipwire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

gint64
sip_now (void)
{
  return g_get_monotonic_time ();
}

/* RFC 3261 7.3.3, the compact forms of what we read */
static gchar
compact_form (const gchar *name)
{
  static const struct
  {
    const gchar *name;
    gchar form;
  } forms[] = { { "Via", 'v' }, { "From", 'f' }, { "To", 't' },
    { "Call-ID", 'i' }, { "Contact", 'm' }, { "Content-Length", 'l' },
    { "Content-Type", 'c' } };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_ascii_strcasecmp (forms[i].name, name) == 0)
      return forms[i].form;
  return 0;
}

static gboolean
line_has_name (const gchar *line, gsize colon, const gchar *name)
{
  while (colon > 0 && (line[colon - 1] == ' ' || line[colon - 1] == '\t'))
    colon--;
  if (colon == 1)
    return g_ascii_tolower (line[0]) == compact_form (name);
  return colon == strlen (name) && g_ascii_strncasecmp (line, name, colon) == 0;
}

gchar *
sip_header (const gchar *message, const gchar *name)
{
  const gchar *line = strstr (message, "\r\n");

  while (line != NULL && line[2] != '\r' && line[2] != '\0') {
    line += 2;
    const gchar *end = strstr (line, "\r\n");
    gsize length = end != NULL ? (gsize) (end - line) : strlen (line);
    const gchar *colon = memchr (line, ':', length);
    if (colon != NULL && line_has_name (line, colon - line, name)) {
      gchar *value = g_strndup (colon + 1, line + length - colon - 1);
      return g_strstrip (value);
    }
    line = end;
  }
  return NULL;
}

guint
sip_status (const gchar *message)
{
  return g_str_has_prefix (message, "SIP/2.0 ") ? atoi (message + 8) : 0;
}

gboolean
sip_is_request (const gchar *message, const gchar *method)
{
  gsize length = strlen (method);
  return strncmp (message, method, length) == 0 && message[length] == ' ';
}

gchar *
sip_cseq_method (const gchar *message)
{
  g_autofree gchar *value = sip_header (message, "CSeq");
  const gchar *space = value != NULL ? strrchr (value, ' ') : NULL;
  return g_strdup (space != NULL ? space + 1 : "");
}

const gchar *
sip_body (const gchar *message)
{
  const gchar *body = strstr (message, "\r\n\r\n");
  return body != NULL ? body + 4 : "";
}

/* All Via lines of a request go back in order. */
static void
copy_vias (GString *out, const gchar *request)
{
  const gchar *line = strstr (request, "\r\n");

  while (line != NULL && line[2] != '\r' && line[2] != '\0') {
    line += 2;
    const gchar *end = strstr (line, "\r\n");
    const gchar *colon = end ? memchr (line, ':', end - line) : NULL;
    if (colon != NULL && line_has_name (line, colon - line, "Via"))
      g_string_append_len (out, line, end - line + 2);
    line = end;
  }
}

/* All Record-Route lines of @message as Route lines, the last first if
 * @reversed. */
static gchar *
route_lines (const gchar *message, gboolean reversed)
{
  GString *out = g_string_new (NULL);
  const gchar *line = strstr (message, "\r\n");

  while (line != NULL && line[2] != '\r' && line[2] != '\0') {
    line += 2;
    const gchar *end = strstr (line, "\r\n");
    const gchar *colon = end ? memchr (line, ':', end - line) : NULL;
    if (colon != NULL && line_has_name (line, colon - line, "Record-Route")) {
      g_autofree gchar *value = g_strndup (colon + 1, end - colon - 1);
      g_auto (GStrv) hops = g_strsplit (value, ",", -1);
      for (gchar **hop = hops; *hop != NULL; hop++) {
        g_autofree gchar *route =
            g_strdup_printf ("Route: %s\r\n", g_strstrip (*hop));
        g_string_insert (out, reversed ? 0 : -1, route);
      }
    }
    line = end;
  }
  return g_string_free (out, FALSE);
}

static void
append_body (GString *out, const gchar *body)
{
  if (body != NULL && *body != '\0')
    g_string_append (out, "Content-Type: application/sdp\r\n");
  g_string_append_printf (out, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
      body != NULL ? strlen (body) : 0, body != NULL ? body : "");
}

gchar *
sip_reply (const gchar *request, guint code, const gchar *reason,
    const gchar *to_tag, const gchar *contact, const gchar *extra,
    const gchar *body)
{
  static const gchar *const names[] = { "From", "Call-ID", "CSeq" };
  GString *out = g_string_new (NULL);
  g_autofree gchar *to = sip_header (request, "To");

  g_string_append_printf (out, "SIP/2.0 %u %s\r\n", code, reason);
  copy_vias (out, request);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *value = sip_header (request, names[i]);
    g_string_append_printf (out, "%s: %s\r\n", names[i], value ? value : "");
  }
  g_string_append_printf (out, "To: %s", to ? to : "");
  if (to_tag != NULL && to != NULL && strstr (to, ";tag=") == NULL)
    g_string_append_printf (out, ";tag=%s", to_tag);
  g_string_append (out, "\r\n");
  if (contact != NULL)
    g_string_append_printf (out, "Contact: <%s>\r\n", contact);
  if (extra != NULL)
    g_string_append (out, extra);
  append_body (out, body);
  return g_string_free (out, FALSE);
}

/* ---- SDP ---- */

gchar *
sip_sdp (const gchar *ip, guint port, guint payload_type,
    const gchar *direction, guint version)
{
  return g_strdup_printf ("v=0\r\no=- 4711 %u IN IP4 %s\r\ns=-\r\n"
                          "c=IN IP4 %s\r\nt=0 0\r\n"
                          "m=audio %u RTP/AVP %u 101\r\n"
                          "a=rtpmap:%u %s/8000\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\n"
                          "a=fmtp:101 0-15\r\na=ptime:20\r\na=%s\r\n",
      version, ip, ip, port, payload_type, payload_type,
      payload_type == 8 ? "PCMA" : "PCMU", direction);
}

gchar *
sip_sdp_bundle (gchar *sdp)
{
  g_autofree gchar *audio = sdp;
  gchar *media = strstr (audio, "m=audio ");
  g_autofree gchar *session = g_strndup (audio, media - audio);

  return g_strconcat (session, "a=group:BUNDLE a v\r\n", media,
      "a=mid:a\r\na=rtcp-mux\r\nm=video 0 RTP/AVP 96\r\n"
      "a=rtpmap:96 VP8/90000\r\na=mid:v\r\na=bundle-only\r\na=rtcp-mux\r\n",
      NULL);
}

gboolean
sip_sdp_is_bundle (const gchar *message)
{
  const gchar *body = sip_body (message);
  const gchar *audio = strstr (body, "m=audio ");
  const gchar *video = strstr (body, "m=video 0 ");
  const gchar *mux = strstr (body, "a=rtcp-mux\r\n");

  return audio && video && mux && audio < mux && mux < video &&
      strstr (body, "a=group:BUNDLE a\r\n") && strstr (audio, "a=mid:a\r\n");
}

gboolean
sip_sdp_target (const gchar *message, struct sockaddr_in *address)
{
  const gchar *body = sip_body (message);
  const gchar *media = strstr (body, "m=audio ");
  const gchar *connection = media ? strstr (media, "c=IN IP4 ") : NULL;
  gchar ip[64] = "";

  if (connection == NULL)
    connection = strstr (body, "c=IN IP4 ");
  if (media == NULL || connection == NULL)
    return FALSE;
  g_strlcpy (ip, connection + 9, sizeof ip);
  ip[strcspn (ip, "\r\n /")] = '\0';
  address->sin_family = AF_INET;
  address->sin_port = htons (atoi (media + 8));
  return inet_pton (AF_INET, ip, &address->sin_addr) == 1;
}

const gchar *
sip_sdp_direction (const gchar *message)
{
  static const gchar *const names[] = { "sendonly", "recvonly", "inactive" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *line = g_strdup_printf ("\na=%s", names[i]);
    if (strstr (sip_body (message), line) != NULL)
      return names[i];
  }
  return "sendrecv";
}

/* ---- dialog ---- */

static gchar *
inner_uri (const gchar *value)
{
  const gchar *open = strchr (value, '<');
  if (open != NULL)
    return g_strndup (open + 1, strcspn (open + 1, ">"));
  return g_strndup (value, strcspn (value, ";"));
}

static void
set_own (SipDialog *dialog, const gchar *user, const gchar *transport,
    const gchar *ip, guint port)
{
  dialog->contact = g_strdup_printf ("sip:%s@%s:%u%s", user, ip, port,
      g_str_equal (transport, "TCP")       ? ";transport=tcp"
          : g_str_equal (transport, "TLS") ? ";transport=tls"
                                           : "");
  dialog->via = g_strdup_printf ("%s %s:%u", transport, ip, port);
  dialog->routes = g_strdup ("");
}

void
sip_dialog_init (SipDialog *dialog, const gchar *uri, const gchar *user,
    const gchar *transport, const gchar *ip, guint port)
{
  *dialog = (SipDialog){ 0 };
  dialog->target = g_strdup (uri);
  dialog->remote = g_strdup_printf ("<%s>", uri);
  dialog->local = g_strdup_printf ("<sip:%s@%s:%u>;tag=%x", user, ip, port,
      g_random_int ());
  dialog->call_id = g_strdup_printf ("%x-%x", g_random_int (), g_random_int ());
  set_own (dialog, user, transport, ip, port);
}

void
sip_dialog_init_incoming (SipDialog *dialog, const gchar *invite,
    const gchar *tag, const gchar *transport, const gchar *ip, guint port)
{
  g_autofree gchar *to = sip_header (invite, "To");
  g_autofree gchar *contact = sip_header (invite, "Contact");

  *dialog = (SipDialog){ 0 };
  dialog->local = g_strdup_printf ("%s;tag=%s", to ? to : "", tag);
  dialog->remote = sip_header (invite, "From");
  dialog->call_id = sip_header (invite, "Call-ID");
  dialog->target = inner_uri (contact ? contact : "");
  set_own (dialog, "phone", transport, ip, port);
  g_free (dialog->routes);
  dialog->routes = route_lines (invite, FALSE);
}

void
sip_dialog_clear (SipDialog *dialog)
{
  g_free (dialog->target);
  g_free (dialog->local);
  g_free (dialog->remote);
  g_free (dialog->call_id);
  g_free (dialog->contact);
  g_free (dialog->via);
  g_free (dialog->routes);
  g_free (dialog->branch);
  *dialog = (SipDialog){ 0 };
}

static gchar *
compose (SipDialog *dialog, const gchar *method, guint cseq,
    const gchar *branch, const gchar *extra, const gchar *body)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out,
      "%s %s SIP/2.0\r\nVia: SIP/2.0/%s;branch=%s;rport\r\nMax-Forwards: 70\r\n"
      "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\nContact: <%s>\r\n%s%s",
      method, dialog->target, dialog->via, branch, dialog->local,
      dialog->remote, dialog->call_id, cseq, method, dialog->contact,
      dialog->routes, extra ? extra : "");
  append_body (out, body);
  return g_string_free (out, FALSE);
}

gchar *
sip_dialog_request (SipDialog *dialog, const gchar *method, const gchar *extra,
    const gchar *body)
{
  gboolean invite = g_str_equal (method, "INVITE");

  if (g_str_equal (method, "CANCEL"))
    return compose (dialog, method, dialog->invite_cseq, dialog->branch, extra,
        body);
  g_autofree gchar *branch =
      g_strdup_printf ("z9hG4bK%x%x", g_random_int (), g_random_int ());
  if (g_str_equal (method, "ACK"))
    return compose (dialog, method, dialog->invite_cseq, branch, extra, body);
  dialog->cseq++;
  if (invite) {
    dialog->invite_cseq = dialog->cseq;
    g_free (dialog->branch);
    dialog->branch = g_strdup (branch);
  }
  return compose (dialog, method, dialog->cseq, branch, extra, body);
}

gchar *
sip_dialog_ack_failure (SipDialog *dialog)
{
  return compose (dialog, "ACK", dialog->invite_cseq, dialog->branch, NULL,
      NULL);
}

void
sip_dialog_learn (SipDialog *dialog, const gchar *response)
{
  g_autofree gchar *to = sip_header (response, "To");
  g_autofree gchar *contact = sip_header (response, "Contact");

  if (to != NULL) {
    g_free (dialog->remote);
    dialog->remote = g_steal_pointer (&to);
  }
  if (contact != NULL && sip_status (response) < 300) {
    g_free (dialog->target);
    dialog->target = inner_uri (contact);
  }
  if (sip_status (response) / 100 == 2 && *dialog->routes == '\0') {
    g_free (dialog->routes);
    dialog->routes = route_lines (response, TRUE);
  }
}

/* ---- socket ---- */

gboolean
sip_uri_split (const gchar *uri, gchar **host, guint *port)
{
  const gchar *start = strchr (uri, '@');
  start = start != NULL ? start + 1 : strchr (uri, ':');
  if (start == NULL)
    return FALSE;
  start += *start == ':';
  gsize length = strcspn (start, ":;>");
  *host = g_strndup (start, length);
  *port = start[length] == ':' ? atoi (start + length + 1) : 5060;
  struct in_addr address;
  return inet_pton (AF_INET, *host, &address) == 1;
}

gboolean
sip_link_open (SipLink *link, gboolean tcp, guint local_port, const gchar *host,
    guint port)
{
  struct sockaddr_in own = { .sin_family = AF_INET,
    .sin_port = htons (local_port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;
  int one = 1;

  *link = (SipLink){ .tcp = tcp };
  link->fd =
      socket (AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
  link->ip = g_strdup ("127.0.0.1");
  link->pending = g_string_new (NULL);
  link->peer.sin_family = AF_INET;
  link->peer.sin_port = htons (port);
  if (host != NULL)
    inet_pton (AF_INET, host, &link->peer.sin_addr);
  if (tcp)
    setsockopt (link->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (link->fd, (struct sockaddr *) &own, sizeof own) < 0)
    return FALSE;
  if (tcp) {
    setsockopt (link->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect (link->fd, (struct sockaddr *) &link->peer, sizeof link->peer) <
        0)
      return FALSE;
  }
  getsockname (link->fd, (struct sockaddr *) &own, &size);
  link->port = ntohs (own.sin_port);
  return TRUE;
}

void
sip_link_close (SipLink *link)
{
  if (link->fd >= 0)
    close (link->fd);
  link->fd = -1;
  g_clear_pointer (&link->ip, g_free);
  if (link->pending != NULL)
    g_string_free (g_steal_pointer (&link->pending), TRUE);
}

gboolean
sip_link_send (SipLink *link, const gchar *data, gssize size)
{
  gsize length = size < 0 ? strlen (data) : (gsize) size;

  if (!link->tcp)
    return sendto (link->fd, data, length, 0, (struct sockaddr *) &link->peer,
               sizeof link->peer) == (gssize) length;
  while (length > 0) {
    gssize sent = send (link->fd, data, length, MSG_NOSIGNAL);
    if (sent <= 0)
      return FALSE;
    data += sent;
    length -= sent;
  }
  return TRUE;
}

static gchar *
take_tcp_message (SipLink *link)
{
  while (g_str_has_prefix (link->pending->str, "\r\n"))
    g_string_erase (link->pending, 0, 2);
  const gchar *end = strstr (link->pending->str, "\r\n\r\n");
  if (end == NULL)
    return NULL;
  g_autofree gchar *head =
      g_strndup (link->pending->str, end + 4 - link->pending->str);
  g_autofree gchar *size = sip_header (head, "Content-Length");
  gsize whole = strlen (head) + (size != NULL ? strtoul (size, NULL, 10) : 0);
  if (link->pending->len < whole)
    return NULL;
  gchar *message = g_strndup (link->pending->str, whole);
  g_string_erase (link->pending, 0, whole);
  return message;
}

/* Ports are used again: what was meant for a phone before us is no SIP. */
static gboolean
is_sip (const gchar *text)
{
  const gchar *end = strpbrk (text, "\r\n");

  return g_str_has_prefix (text, "SIP/2.0 ") ||
      (end != NULL && end - text > 8 && strncmp (end - 8, " SIP/2.0", 8) == 0);
}

static gchar *
read_once (SipLink *link, gboolean follow)
{
  static gchar buffer[70000];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  gssize length = recvfrom (link->fd, buffer, sizeof buffer - 1, MSG_DONTWAIT,
      (struct sockaddr *) &from, &size);

  if (length <= 0)
    return NULL;
  if (link->tcp) {
    g_string_append_len (link->pending, buffer, length);
    return take_tcp_message (link);
  }
  g_autofree gchar *message = g_strndup (buffer, length);
  if (!is_sip (message))
    return NULL;
  if (follow)
    link->peer = from;
  return g_steal_pointer (&message);
}

gchar *
sip_link_receive (SipLink *link, gint timeout, gboolean follow)
{
  gint64 end = sip_now () + (gint64) timeout * 1000;

  if (link->tcp) {
    gchar *message = take_tcp_message (link);
    if (message != NULL)
      return message;
  }
  for (;;) {
    struct pollfd wanted = { .fd = link->fd, .events = POLLIN };
    gint64 left = end - sip_now ();
    if (poll (&wanted, 1, (gint) ((MAX (left, 0) + 999) / 1000)) > 0) {
      gchar *message = read_once (link, follow);
      if (message != NULL)
        return message;
      if (wanted.revents & (POLLHUP | POLLERR))
        return NULL;
    }
    if (sip_now () >= end)
      return NULL;
  }
}
