/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Sends a line what it should never get, and looks after each message whether it
 * still answers OPTIONS and takes a call.
 *
 *   torture [-t] [-p PID] [-q] URI            the whole list (-t: over TCP; -s: over
 *                                             TCP to who makes it TLS;
 *                                             -q: without the parts that take
 *                                             as long as RFC 3261's timers)
 *   torture [-t] --messages DIR URI           every *.dat file of DIR as it is
 *   torture --answer PORT                     answers INVITEs for sip:NAME@... with
 *                                             the dangerous Contact or
 *                                             Record-Route NAME; never returns
 *
 * With -p, file descriptors must be back where they were (over TCP: nearly) and
 * memory within 32 MB (-m MB) in the end. */

#include "sipwire.h"
#include "torturetexts.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct
{
  const gchar *uri;
  gchar *host;
  guint port;
  gboolean tcp, tls, quick;
  gint pid, memory;
} target = { .memory = 32 };

static guint n_sent;

static void G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN fail (const gchar *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  fputs ("torture: ", stdout);
  vprintf (format, arguments);
  fputc ('\n', stdout);
  va_end (arguments);
  exit (1);
}

static gboolean
open_link (SipLink *link)
{
  return sip_link_open (link, target.tcp, 0, target.host, target.port);
}

/* ---- text into octets ---- */

static const gchar *
transport_of (const SipLink *link)
{
  return target.tls ? "TLS" : link->tcp ? "TCP" : "UDP";
}

static void
append_token (GString *out, const gchar *token, const SipLink *link,
    const gchar *id)
{
  const gchar *star = strrchr (token, '*');

  if (g_str_equal (token, "URI"))
    g_string_append (out, target.uri);
  else if (g_str_equal (token, "HOST"))
    g_string_append_printf (out, "%s:%u", target.host, target.port);
  else if (g_str_equal (token, "US"))
    g_string_append_printf (out, "127.0.0.1:%u", link->port);
  else if (g_str_equal (token, "TRANSPORT"))
    g_string_append (out, transport_of (link));
  else if (g_str_equal (token, "ID"))
    g_string_append (out, id);
  else if (g_str_equal (token, "NUL"))
    g_string_append_c (out, '\0');
  else if (g_str_equal (token, "LENGTH"))
    g_string_append (out, "{{LENGTH}}");
  else if (g_str_equal (token, "SDP")) {
    g_autofree gchar *sdp = sip_sdp ("127.0.0.1", 9, 0, "sendrecv", 1);
    g_string_append (out, sdp);
  } else if (star != NULL) {
    for (gint i = atoi (star + 1); i > 0; i--)
      g_string_append_len (out, token, star - token);
  }
}

static void
set_length (GString *out)
{
  gssize head = -1;

  for (gsize i = 0; i + 4 <= out->len && head < 0; i++)
    if (memcmp (out->str + i, "\r\n\r\n", 4) == 0)
      head = i + 4;
  if (head < 0)
    return;
  g_autofree gchar *length =
      g_strdup_printf ("%" G_GSIZE_FORMAT, out->len - head);
  for (gssize i = 0; i + 10 <= head; i++)
    if (memcmp (out->str + i, "{{LENGTH}}", 10) == 0) {
      g_string_erase (out, i, 10);
      g_string_insert (out, i, length);
      return;
    }
}

static GString *
write_out (const gchar *text, const SipLink *link)
{
  GString *out = g_string_new (NULL);
  g_autofree gchar *id =
      g_strdup_printf ("%x%x", g_random_int (), g_random_int ());

  for (const gchar *at = text; *at != '\0'; at++) {
    const gchar *end = g_str_has_prefix (at, "{{") ? strstr (at, "}}") : NULL;
    if (end != NULL) {
      g_autofree gchar *token = g_strndup (at + 2, end - at - 2);
      append_token (out, token, link, id);
      at = end + 1;
    } else if (*at == '\n') {
      g_string_append (out, at > text && at[-1] == '\r' ? "\n" : "\r\n");
    } else
      g_string_append_c (out, *at);
  }
  set_length (out);
  return out;
}

/* ---- is it alive? ---- */

static gchar *
final_response (SipLink *link, const gchar *request, guint attempts)
{
  for (guint i = 0; i < attempts; i++) {
    gint64 end = sip_now () + 1000000;
    if (i == 0 || !link->tcp)
      sip_link_send (link, request, -1);
    while (sip_now () < end) {
      gchar *message =
          sip_link_receive (link, (end - sip_now ()) / 1000, FALSE);
      if (message != NULL && sip_status (message) >= 200)
        return message;
      g_free (message);
    }
  }
  return NULL;
}

static void
dialog_begin (SipDialog *dialog, const SipLink *link)
{
  sip_dialog_init (dialog, target.uri, "good", transport_of (link), "127.0.0.1",
      link->port);
}

static void
check_options (const gchar *after)
{
  SipLink link;
  SipDialog dialog;

  if (!open_link (&link))
    fail ("after \"%s\" it takes no connection", after);
  dialog_begin (&dialog, &link);
  g_autofree gchar *request =
      sip_dialog_request (&dialog, "OPTIONS", NULL, NULL);
  g_autofree gchar *response = final_response (&link, request, 4);
  if (response == NULL)
    fail ("after \"%s\" OPTIONS is not answered", after);
  sip_dialog_clear (&dialog);
  sip_link_close (&link);
}

/* A whole call; a busy line gets some time to become free. */
static void
establish (SipLink *link, SipDialog *dialog, const gchar *after)
{
  g_autofree gchar *sdp = sip_sdp ("127.0.0.1", 9, 0, "sendrecv", 1);

  for (guint attempt = 0;; attempt++) {
    dialog_begin (dialog, link);
    g_autofree gchar *invite = sip_dialog_request (dialog, "INVITE", NULL, sdp);
    g_autofree gchar *response = final_response (link, invite, 4);
    guint status = response != NULL ? sip_status (response) : 0;
    if (response != NULL)
      sip_dialog_learn (dialog, response);
    g_autofree gchar *ack = status == 200
        ? sip_dialog_request (dialog, "ACK", NULL, NULL)
        : sip_dialog_ack_failure (dialog);
    sip_link_send (link, ack, -1);
    if (status == 200)
      return;
    if ((status != 486 && status != 503) || attempt == 20)
      fail ("after \"%s\" a good call gets %u", after, status);
    sip_dialog_clear (dialog);
    g_usleep (200000);
  }
}

static void
check_call (const gchar *after)
{
  SipLink link;
  SipDialog dialog;

  if (!open_link (&link))
    fail ("after \"%s\" it takes no connection", after);
  establish (&link, &dialog, after);
  g_autofree gchar *bye = sip_dialog_request (&dialog, "BYE", NULL, NULL);
  g_autofree gchar *response = final_response (&link, bye, 4);
  if (response == NULL || sip_status (response) != 200)
    fail ("after \"%s\" the BYE of a good call gets %u", after,
        response != NULL ? sip_status (response) : 0);
  sip_dialog_clear (&dialog);
  sip_link_close (&link);
}

static void
check_alive (const gchar *after)
{
  check_options (after);
  check_call (after);
}

/* Whatever was accepted is acknowledged and ended, so that its line is free. */
static void
settle (SipLink *link)
{
  gchar *message;

  while ((message = sip_link_receive (link, 60, FALSE)) != NULL) {
    g_autofree gchar *method = sip_cseq_method (message);
    if (sip_status (message) / 100 == 2 && g_str_equal (method, "INVITE")) {
      SipDialog dialog;
      dialog_begin (&dialog, link);
      g_free (dialog.call_id);
      dialog.call_id = sip_header (message, "Call-ID");
      g_free (dialog.local);
      dialog.local = sip_header (message, "From");
      sip_dialog_learn (&dialog, message);
      g_autofree gchar *cseq = sip_header (message, "CSeq");
      dialog.cseq = dialog.invite_cseq = cseq != NULL ? atoi (cseq) : 1;
      g_autofree gchar *ack = sip_dialog_request (&dialog, "ACK", NULL, NULL);
      g_autofree gchar *bye = sip_dialog_request (&dialog, "BYE", NULL, NULL);
      sip_link_send (link, ack, -1);
      sip_link_send (link, bye, -1);
      sip_dialog_clear (&dialog);
    }
    g_free (message);
  }
}

static void
send_bytes (const gchar *name, const gchar *bytes, gssize size)
{
  SipLink link;

  if (!open_link (&link))
    fail ("before \"%s\" it takes no connection", name);
  sip_link_send (&link, bytes, size);
  n_sent++;
  settle (&link);
  sip_link_close (&link);
  check_alive (name);
}

static void
send_texts (const TortureText *texts)
{
  for (; texts->name != NULL; texts++) {
    SipLink link;
    if (!open_link (&link))
      fail ("before \"%s\" it takes no connection", texts->name);
    g_autoptr (GString) bytes = write_out (texts->text, &link);
    sip_link_send (&link, bytes->str, bytes->len);
    n_sent++;
    settle (&link);
    sip_link_close (&link);
    check_alive (texts->name);
  }
}

/* ---- within a call ---- */

/* The peer's target turns bad in mid-call, by @method; then it leaves politely. */
static void
spoil_call (const gchar *method, const TortureText *text, gboolean acknowledge)
{
  SipLink link;
  SipDialog dialog;

  if (!open_link (&link))
    fail ("before \"%s\" it takes no connection", text->name);
  establish (&link, &dialog, text->name);
  g_autofree gchar *sdp = sip_sdp ("127.0.0.1", 9, 0, "sendrecv", 2);
  g_autoptr (GString) lines = write_out (text->text, &link);
  g_autofree gchar *plain =
      sip_dialog_request (&dialog, method, lines->str, sdp);
  /* the good Contact that every request carries makes room */
  gchar *own = strstr (plain, "Contact: <");
  gchar *rest = strstr (own, "\r\n") + 2;
  g_autofree gchar *spoilt =
      g_strdup_printf ("%.*s%s", (int) (own - plain), plain, rest);
  g_autofree gchar *response = final_response (&link, spoilt, 4);
  n_sent++;
  if (response == NULL)
    fail ("%s with %s is not answered", method, text->name);
  if (acknowledge && g_str_equal (method, "INVITE")) {
    g_autofree gchar *ack = sip_status (response) < 300
        ? sip_dialog_request (&dialog, "ACK", NULL, NULL)
        : sip_dialog_ack_failure (&dialog);
    sip_link_send (&link, ack, -1);
  }
  if (acknowledge) {
    g_autofree gchar *bye = sip_dialog_request (&dialog, "BYE", NULL, NULL);
    g_free (final_response (&link, bye, 4));
  }
  sip_dialog_clear (&dialog);
  sip_link_close (&link);
}

static void
spoil_calls (gboolean acknowledge)
{
  for (const TortureText *text = torture_targets; text->name != NULL; text++) {
    spoil_call ("INVITE", text, acknowledge);
    if (!acknowledge)
      continue;
    spoil_call ("UPDATE", text, TRUE);
    check_alive (text->name);
  }
}

/* ---- octets that are not SIP ---- */

static void
send_garbage (void)
{
  guint8 bytes[1500];

  for (guint i = 0; i < 200; i++) {
    SipLink link;
    gsize size = g_random_int_range (1, i % 4 == 0 ? 1500 : 40);
    for (gsize k = 0; k < size; k++)
      bytes[k] = g_random_int ();
    if (i % 3 == 0) {
      /* looks like STUN: binding request, length that lies */
      bytes[0] = 0;
      bytes[1] = 1;
    }
    if (!open_link (&link))
      fail ("during garbage it takes no connection");
    sip_link_send (&link, (const gchar *) bytes, size);
    sip_link_close (&link);
  }
  check_alive ("garbage");
  send_bytes ("keep-alive", "\r\n\r\n", 4);
  send_bytes ("one octet", "I", 1);
  send_bytes ("half a first line", "INVITE sip:", 11);
  send_bytes ("empty datagram", "", 0);
}

static void
slow_connections (void)
{
  enum
  {
    COUNT = 60
  };
  SipLink links[COUNT];
  static const gchar start[] = "INVITE sip:slow SIP/2.0\r\nVia: SIP/2.0/TCP x";

  for (guint i = 0; i < COUNT; i++)
    if (!open_link (&links[i]))
      fail ("connection %u of %u slow ones is refused", i, COUNT);
  for (guint round = 0; round < 4; round++) {
    for (guint i = 0; i < COUNT; i += 2)
      sip_link_send (&links[i], start + round, 1);
    g_usleep (50000);
  }
  check_alive ("slow and silent connections");
  for (guint i = 0; i < COUNT; i++)
    sip_link_close (&links[i]);

  GString *huge = g_string_new ("OPTIONS sip:x SIP/2.0\r\nX: ");
  for (guint i = 0; i < 3 << 20; i++)
    g_string_append_c (huge, 'h');
  send_bytes ("header of 3 MB", huge->str, huge->len);
  g_string_free (huge, TRUE);
  send_bytes ("Content-Length of 2 GB",
      "OPTIONS sip:x SIP/2.0\r\nContent-Length: 2000000000\r\n\r\n", -1);
}

/* ---- floods ---- */

static void
flood (const gchar *method, guint count)
{
  SipLink link;
  g_autofree gchar *text = g_strdup_printf (
      "%s {{URI}} SIP/2.0\nVia: SIP/2.0/{{TRANSPORT}} {{US}};"
      "branch=z9hG4bK{{ID}};rport\nMax-Forwards: 70\nFrom: <sip:odd@{{US}}>;tag={{ID}"
      "}\nTo: <{{URI}}>\nCall-ID: {{ID}}\nCSeq: 1 %s\n"
      "Contact: <sip:odd@{{US}}>\nContent-Type: application/sdp\nContent-Length: "
      "{{LENGTH}}\n\n{{SDP}}",
      method, method);

  if (!open_link (&link))
    fail ("before a flood of %s it takes no connection", method);
  for (guint i = 0; i < count; i++) {
    g_autoptr (GString) bytes = write_out (text, &link);
    sip_link_send (&link, bytes->str, bytes->len);
    if (link.tcp)
      g_free (sip_link_receive (&link, 0, FALSE));
    if (i % 20 == 19)
      g_usleep (1000);
  }
  n_sent += count;
  sip_link_close (&link);
  check_options (method);
}

/* ---- files ---- */

static void
send_files (const gchar *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const gchar *name;

  if (dir == NULL)
    fail ("cannot open %s", directory);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *path = g_build_filename (directory, name, NULL);
    g_autofree gchar *bytes = NULL;
    gsize size;
    if (g_str_has_suffix (name, ".dat") &&
        g_file_get_contents (path, &bytes, &size, NULL))
      send_bytes (name, bytes, size);
  }
}

/* ---- the answering side ---- */

static const TortureText *
target_named (const gchar *invite)
{
  for (const TortureText *text = torture_targets; text->name != NULL; text++) {
    g_autofree gchar *prefix = g_strdup_printf ("INVITE sip:%s@", text->name);
    if (g_str_has_prefix (invite, prefix))
      return text;
  }
  return NULL;
}

static void G_GNUC_NORETURN
answer_badly (guint port)
{
  SipLink link;

  if (!sip_link_open (&link, FALSE, port, NULL, 0))
    fail ("port %u is taken", port);
  for (;;) {
    g_autofree gchar *message = sip_link_receive (&link, 3600000, TRUE);
    if (message == NULL || sip_status (message) != 0 ||
        sip_is_request (message, "ACK"))
      continue;
    const TortureText *text = target_named (message);
    g_autofree gchar *sdp = sip_sdp ("127.0.0.1", 9, 0, "sendrecv", 1);
    g_autoptr (GString) lines =
        text != NULL ? write_out (text->text, &link) : g_string_new (NULL);
    g_autofree gchar *answer = sip_reply (message, 200, "OK", "bad", NULL,
        lines->str, text != NULL ? sdp : NULL);
    printf ("%.*s\n", (int) strcspn (message, "\r"), message);
    fflush (stdout);
    sip_link_send (&link, answer, -1);
  }
}

/* ---- the process under test ---- */

static guint
open_files (void)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/fd", target.pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static gint
resident (void)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/status", target.pid);
  g_autofree gchar *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  const gchar *line = strstr (text, "VmRSS:");
  return line != NULL ? atoi (line + 6) / 1024 : 0;
}

static void
run_all (void)
{
  check_alive ("nothing yet");
  guint files = open_files ();
  gint memory = resident ();

  send_texts (torture_rfc4475);
  send_texts (torture_invites);
  spoil_calls (TRUE);
  send_garbage ();
  if (target.tcp)
    slow_connections ();
  flood ("REGISTER", 500);
  flood ("OPTIONS", 1000);
  check_call ("floods");
  if (!target.quick) {
    /* RFC 3261 13.3.1.4: an answer is given up after 64 x T1 */
    spoil_calls (FALSE);
    for (const TortureText *text = torture_never_acked; text->name; text++) {
      SipLink link;
      if (!open_link (&link))
        fail ("before \"%s\" it takes no connection", text->name);
      g_autoptr (GString) bytes = write_out (text->text, &link);
      sip_link_send (&link, bytes->str, bytes->len);
      n_sent++;
      sip_link_close (&link);
    }
    flood ("INVITE", 300);
    for (guint i = 0; i < 36; i++) {
      g_usleep (1000000);
      check_options ("answers that nobody acknowledged");
    }
    check_alive ("answers that nobody acknowledged");
  }
  printf ("messages=%u\nfds_before=%u\nfds_after=%u\nrss_before_mb=%d\n"
          "rss_after_mb=%d\n",
      n_sent, files, open_files (), memory, resident ());
  /* over TCP the library closes connections that carried nonsense only when they
   * were idle for long */
  guint spare = target.tcp ? 60 : 2;
  if (target.pid != 0 && !target.quick && open_files () > files + spare)
    fail ("file descriptors leaked");
  if (target.pid != 0 && resident () > memory + target.memory)
    fail ("memory grew by more than %d MB", target.memory);
}

int
main (int argc, char **argv)
{
  static const struct option longs[] = { { "messages", required_argument, NULL,
                                             'd' },
    { "answer", required_argument, NULL, 'a' }, { NULL, 0, NULL, 0 } };
  const gchar *directory = NULL;
  int option;

  while ((option = getopt_long (argc, argv, "tsqp:m:", longs, NULL)) != -1)
    switch (option) {
      case 't':
        target.tcp = TRUE;
        break;
      case 's':
        target.tcp = target.tls = TRUE;
        break;
      case 'q':
        target.quick = TRUE;
        break;
      case 'p':
        target.pid = atoi (optarg);
        break;
      case 'm':
        target.memory = atoi (optarg);
        break;
      case 'd':
        directory = optarg;
        break;
      case 'a':
        answer_badly (atoi (optarg));
      default:
        return 2;
    }
  target.uri = argv[optind];
  if (target.uri == NULL ||
      !sip_uri_split (target.uri, &target.host, &target.port)) {
    fputs ("usage: torture [-t] [-q] [-p PID] [--messages DIR] URI | "
           "--answer PORT\n",
        stderr);
    return 2;
  }
  if (directory != NULL)
    send_files (directory);
  else
    run_all ();
  return 0;
}
