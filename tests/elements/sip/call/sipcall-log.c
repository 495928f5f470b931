/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One call can be followed in the log of many, by its Call-ID. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

/* All lines at level 5 since the test began, or only their number beyond. */
static GMutex lock; /* protects: */
static GString *lines;
static guint n_info; /* of category sip, with the Call-ID of the call: */
static gchar *followed;

static void
keep (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint number, GObject *object,
    GstDebugMessage *message, gpointer unused)
{
  const gchar *text = gst_debug_message_get (message);

  g_mutex_lock (&lock);
  g_string_append_printf (lines, "%s\n", text);
  if (level == GST_LEVEL_INFO && followed && strstr (text, followed))
    n_info++;
  g_mutex_unlock (&lock);
}

static void
log_begin (void)
{
  lines = g_string_new (NULL);
  n_info = 0;
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (keep, NULL, NULL);
  gst_debug_set_threshold_from_string ("*:5", TRUE);
}

/* The lines with @call_id, in order, at their levels; (transfer full). */
static gchar *
log_end (const gchar *call_id)
{
  gst_debug_set_threshold_from_string ("*:0", TRUE);
  gst_debug_remove_log_function (keep);
  g_mutex_lock (&lock);
  g_autofree gchar *all = g_string_free (g_steal_pointer (&lines), FALSE);
  g_clear_pointer (&followed, g_free);
  g_mutex_unlock (&lock);
  g_auto (GStrv) each = g_strsplit (all, "\n", -1);
  GString *of_call = g_string_new (NULL);
  for (guint i = 0; each[i]; i++)
    if (strstr (each[i], call_id))
      g_string_append_printf (of_call, "%s\n", each[i]);
  return g_string_free (of_call, FALSE);
}

static void
follow (const gchar *call_id)
{
  g_mutex_lock (&lock);
  followed = g_strdup (call_id);
  g_mutex_unlock (&lock);
}

/* Each of @words stands in @log, behind the one before. */
static void
assert_order (const gchar *log, const gchar *const *words)
{
  const gchar *at = log;

  for (guint i = 0; words[i]; i++) {
    const gchar *found = strstr (at, words[i]);
    if (!found)
      g_error ("\"%s\" is not where it should be in:\n%s", words[i], log);
    at = found;
  }
}

static void
send_packets (const gchar *answer, guint n)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  const gchar *media = strstr (answer, "m=audio ");
  g_assert_nonnull (media);
  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new_from_string ("127.0.0.1",
          (guint) strtoul (media + strlen ("m=audio "), NULL, 10));
  gchar packet[172] = { (gchar) 0x80, 8 };

  for (guint i = 0; i < n; i++) {
    packet[3] = (gchar) i;
    packet[7] = (gchar) (i * 160);
    g_socket_send_to (socket, to, packet, sizeof packet, NULL, NULL);
    g_usleep (20000);
  }
}

/* Rings, is answered, is heard, holds, hangs up; another call is on the machine. */
static void
test_incoming (void)
{
  static const gchar *const words[] = { "INVITE from 127.0.0.1:",
    "offer of theirs: PCMA", "answer of ours: PCMA", "nua_i_ack",
    "sip:peer@127.0.0.1 talks to sip:anybody@127.0.0.1: PCMA",
    "offer of theirs: PCMA", "the far end is on hold", "nua_i_bye",
    "ended by the far end: The far end hung up", NULL };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (SipPeer) other = sip_peer_new (FALSE);
  Line line, others;

  line_start (&line, WAITING);
  line_start (&others, WAITING);
  log_begin ();
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_autofree gchar *call_id = sip_peer_header (answer, "Call-ID");
  follow (call_id);
  call_in (other, others.port);
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  send_packets (answer, 5);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 8, "sendonly"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "held");
  bye (peer);
  skip_state (&line, "ended");
  bye (other);
  line_stop (&others);
  line_stop (&line);
  guint once = n_info;
  g_autofree gchar *log = log_end (call_id);
  assert_order (log, words);
  g_assert_nonnull (strstr (log, ": first packet from 127.0.0.1:"));
  g_assert_null (strstr (log, "PCMU"));
  g_assert_cmpuint (once, ==, 1); /* INFO */
}

/* It was never answered; the password in the address is nobody's business. */
static void
test_outgoing (void)
{
  static const gchar *const words[] = { "INVITE to 127.0.0.1:",
    "offer of ours: audio to 127.0.0.1 port ", "the far end is called",
    "the far end has early media", "by the far end: The line is busy (486)",
    NULL };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:me@127.0.0.1:PORT uri=sip:you:hunter-2@127.0.0.1:%u",
      sip_peer_get_port (peer));
  Line line;

  log_begin ();
  line_start_on (&line, free_port (), settings);
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *call_id = sip_peer_header (invite, "Call-ID");
  follow (call_id);
  sip_peer_respond (peer, invite, "183 Progress", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_state (&line, "early");
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  skip_message (peer, "ACK ");
  skip_state (&line, "ended");
  line_stop (&line);
  g_autofree gchar *log = log_end (call_id);
  assert_order (log, words);
  g_assert_null (strstr (log, "hunter-2"));
}

/* A stranger's octets are told once, as a warning; so is what is no audio. */
static void
test_misbehaviour (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  Line line;

  line_start (&line, WAITING);
  log_begin ();
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_autofree gchar *call_id = sip_peer_header (answer, "Call-ID");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  const gchar *media = strstr (answer, "m=audio ");
  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new_from_string ("127.0.0.1",
          (guint) strtoul (media + strlen ("m=audio "), NULL, 10));
  for (guint i = 0; i < 3; i++)
    g_socket_send_to (socket, to, "garbage", 7, NULL, NULL);
  g_autoptr (GSocketAddress) elsewhere =
      g_inet_socket_address_new_from_string ("127.0.0.2", 0);
  g_autoptr (GSocket) stranger = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (stranger, elsewhere, FALSE, NULL));
  gchar packet[172] = { (gchar) 0x80, 8 };
  for (guint i = 0; i < 3; i++)
    g_socket_send_to (stranger, to, packet, sizeof packet, NULL, NULL);
  send_packets (answer, 3); /* behind the garbage, so that it has been read */
  bye (peer);
  skip_state (&line, "ended");
  line_stop (&line);
  g_autofree gchar *log = log_end (call_id);
  const gchar *first = strstr (log, "7 octets from 127.0.0.1:");
  g_assert_nonnull (first);
  g_assert_null (strstr (first + 1, "7 octets from"));
  const gchar *refused = strstr (log, "audio from 127.0.0.2:");
  g_assert_nonnull (refused);
  g_assert_null (strstr (refused + 1, "audio from 127.0.0.2:"));
}

/* Neither a line of its own nor a colour comes into the log from outside, from a call
 * that is refused or from one that is up. */
static void
test_written_by_strangers (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  const gchar *agent = "User-Agent: red\033[31m\302\233\177\r\n";
  Line line;

  line_start (&line, "local-uri=sip:bob@127.0.0.1:PORT on-hangup=wait");
  log_begin ();
  sip_peer_set_parties (peer, "<sip:mal%1b\033lory@127.0.0.1>;tag=1", NULL,
      NULL);
  sip_peer_begin (peer, "eve", line.port);
  sip_peer_request (peer, "INVITE", agent, sip_peer_sdp (peer, 8, "sendrecv"));
  skip_message (peer, "SIP/2.0 404");
  sip_peer_request (peer, "ACK", NULL, NULL);
  sip_peer_set_parties (peer, NULL, NULL, NULL);
  sip_peer_begin (peer, "bob", line.port);
  sip_peer_request (peer, "INVITE", agent, sip_peer_sdp (peer, 8, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (peer);
  skip_state (&line, "ended");
  line_stop (&line);
  g_autofree gchar *log = log_end ("red");
  g_assert_null (strpbrk (log, "\033\177"));
  g_assert_null (strstr (log, "\302\233"));
  const gchar *refused = strstr (log, "refused a call");
  g_assert_nonnull (refused);
  g_assert_nonnull (strstr (refused, "red\\x1b[31m\\x9b\\x7f: 404"));
  g_assert_nonnull (strstr (log, "calls sip:bob@127.0.0.1, red\\x1b"));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-log/incoming", test_incoming);
  g_test_add_func ("/sipcall-log/outgoing", test_outgoing);
  g_test_add_func ("/sipcall-log/misbehaviour", test_misbehaviour);
  g_test_add_func ("/sipcall-log/written-by-strangers",
      test_written_by_strangers);
  return g_test_run ();
}
