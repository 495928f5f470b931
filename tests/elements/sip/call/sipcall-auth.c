/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Lines that want to know who calls (auth-file). */

#include "sip/gstsip.h"
#include "sip/logic/auth/digest.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#define BOB "local-uri=sip:bob@*:PORT on-hangup=wait "

static gchar *file; /* of users */

static gchar *
with_file (const gchar *settings)
{
  return g_strdup_printf ("%s auth-file=%s", settings, file);
}

static void
invite (SipPeer *peer, Line *line, const gchar *headers)
{
  sip_peer_begin (peer, "bob", line->port);
  sip_peer_request (peer, "INVITE", headers,
      sip_peer_sdp (peer, 0, "sendrecv"));
}

/* The answer of a phone whose user is anna to @refusal, in a header line. */
static gchar *
answer (const gchar *refusal, DigestAlgorithm algorithm, const gchar *password)
{
  g_autofree gchar *header =
      g_strdup_printf ("algorithm=%s,", digest_algorithm_to_string (algorithm));
  g_auto (GStrv) lines = g_strsplit (refusal, "\r\n", -1);
  const DigestRequest request = { .user = "anna",
    .password = password,
    .method = "INVITE",
    .uri = "sip:bob@voice.example",
    .cnonce = "c",
    .count = 1 };

  for (gchar **line = lines; *line; line++) {
    DigestChallenge challenge;
    if (!g_str_has_prefix (*line, "WWW-Authenticate: ") ||
        !strstr (*line, header))
      continue;
    g_assert_true (digest_challenge_parse (&challenge,
        *line + strlen ("WWW-Authenticate: ")));
    g_autofree gchar *said = digest_answer (&challenge, &request);
    digest_challenge_clear (&challenge);
    return g_strdup_printf ("Authorization: %s\r\n", said);
  }
  g_error ("no challenge with %s", header);
}

/* What comes to a call without a password. */
static gchar *
expect_question (SipPeer *peer, Line *line, const gchar *headers)
{
  invite (peer, line, headers);
  gchar *refusal = assert_message (peer, "SIP/2.0 401");
  sip_peer_request (peer, "ACK", NULL, NULL);
  return refusal;
}

static void
expect_call (SipPeer *peer, Line *line, const gchar *headers)
{
  invite (peer, line, headers);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autoptr (GstMessage) message = expect_state (line, "answered");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                 message),
                       "admitted"),
      ==, "digest");
}

static void
assert_silent (Line *line)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (line->bus, GST_MESSAGE_ELEMENT);

  g_assert_null (message);
}

static void
test_algorithms (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings = with_file (BOB);
  Line line;

  line_start (&line, settings);
  for (DigestAlgorithm a = DIGEST_MD5; a <= DIGEST_SHA256; a++) {
    g_autofree gchar *question = expect_question (peer, &line, NULL);
    g_autofree gchar *first = sip_peer_header (question, "WWW-Authenticate");
    g_autofree gchar *right = answer (question, a, "s:cret");
    g_assert_nonnull (strstr (first, "SHA-256"));
    assert_silent (&line);
    expect_call (peer, &line, right);
    bye (peer);
    skip_state (&line, "ended");
    /* The same once more is somebody who has listened. */
    g_autofree gchar *again = expect_question (peer, &line, right);
    g_assert_nonnull (strstr (again, "stale=true"));
    assert_silent (&line);
  }
  line_stop (&line);
}

static void
test_wrong (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings = with_file (BOB);
  guint status = 0;
  Line line;

  line_start (&line, settings);
  g_autofree gchar *question = expect_question (peer, &line, NULL);
  g_autofree gchar *wrong = answer (question, DIGEST_SHA256, "secret");
  g_autofree gchar *again = expect_question (peer, &line, wrong);
  g_assert_null (strstr (again, "stale=true"));
  g_autoptr (GstMessage) message = expect_state (&line, "refused");
  const GstStructure *s = gst_message_get_structure (message);
  gst_structure_get_uint (s, "status", &status);
  g_assert_cmpuint (status, ==, 401);
  g_assert_nonnull (strstr (gst_structure_get_string (s, "cause"), "password"));
  g_free (expect_question (peer, &line, "Authorization: Digest a\"\r\n"));
  g_free (expect_question (peer, &line, "Authorization: Basic YTpi\r\n"));
  line_stop (&line);
}

/* Nothing is taken for a call before it is known: not even where there is nothing to
 * take. */
static void
test_before_ports (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings = with_file (BOB);
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  const guint port = free_port ();
  g_autofree gchar *range = g_strdup_printf ("%u-%u", port, port + 1);
  g_autoptr (GSocketAddress) rtp =
      g_inet_socket_address_new (any, (guint16) port);
  g_autoptr (GSocket) taken = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  Line line;

  g_assert_true (g_socket_bind (taken, rtp, FALSE, NULL));
  line_start (&line, settings);
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "s");
  gst_element_set_state (line.pipeline, GST_STATE_READY);
  g_object_set (src, "rtp-port-range", range, NULL);
  gst_element_set_state (line.pipeline, GST_STATE_PLAYING);
  wait_for_line (line.port);
  g_autofree gchar *question = expect_question (peer, &line, NULL);
  g_autofree gchar *right = answer (question, DIGEST_MD5, "s:cret");
  invite (peer, &line, right);
  skip_message (peer, "SIP/2.0 503");
  line_stop (&line);
}

/* One that waits for the line is asked once. */
static void
test_waiting (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autofree gchar *settings = with_file (BOB "timers=timers,busy-wait=30000");
  Line line;

  line_start (&line, settings);
  g_autofree gchar *question = expect_question (first, &line, NULL);
  g_autofree gchar *right = answer (question, DIGEST_MD5, "s:cret");
  expect_call (first, &line, right);
  g_autofree gchar *other = expect_question (second, &line, NULL);
  g_autofree gchar *later = answer (other, DIGEST_SHA256, "s:cret");
  invite (second, &line, later);
  skip_message (second, "SIP/2.0 100");
  bye (first);
  skip_message (second, "SIP/2.0 200");
  sip_peer_request (second, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (second);
  line_stop (&line);
}

static void
test_other_line (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings = with_file (BOB);
  Line closed, open;

  line_start (&closed, settings);
  line_start_on (&open, closed.port, "local-uri=sip:*:PORT on-hangup=wait");
  wait_for_line (closed.port);
  invite (peer, &open, NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&open, "answered");
  bye (peer);
  line_stop (&open);
  line_stop (&closed);
}

static void
write_users (const gchar *name, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (name, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
      0600, &error);
  g_assert_no_error (error);
}

/* The final answer to another call than that of @question, whose own may come again;
 * (transfer full). */
static gchar *
wait_for_answer (SipPeer *peer, const gchar *question)
{
  g_autofree gchar *old = sip_peer_header (question, "Call-ID");

  for (;;) {
    gchar *reply = assert_message (peer, "SIP/2.0 ");
    g_autofree gchar *call_id = sip_peer_header (reply, "Call-ID");
    if (!g_str_equal (call_id, old) && !g_str_has_prefix (reply, "SIP/2.0 1"))
      return reply;
    g_free (reply);
  }
}

/* TRUE: a call with @password is taken; it is over then. */
static gboolean
may_call (Line *line, const gchar *password)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *question = expect_question (peer, line, NULL);
  g_autofree gchar *said = answer (question, DIGEST_SHA256, password);

  invite (peer, line, said);
  g_autofree gchar *reply = wait_for_answer (peer, question);
  sip_peer_request (peer, "ACK", NULL, NULL);
  if (!g_str_has_prefix (reply, "SIP/2.0 200"))
    return FALSE;
  skip_state (line, "answered");
  bye (peer);
  skip_state (line, "ended");
  return TRUE;
}

/* Another password counts without a line that is closed for it; a file that is being
 * written, or wrong, changes nothing. */
static void
test_changed (void)
{
  g_autofree gchar *own = g_strconcat (file, ".changed", NULL);
  g_autofree gchar *settings = g_strdup_printf (BOB " auth-file=%s", own);
  const gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;
  Line line;

  write_users (own, "anna:s:cret\n");
  line_start (&line, settings);
  write_users (own, "anna:other\n");
  while (!may_call (&line, "other")) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_usleep (100000);
  }
  write_users (own, "anna\n");
  g_usleep (1100000); /* it has been looked at */
  g_assert_false (may_call (&line, "s:cret"));
  g_assert_true (may_call (&line, "other"));
  line_stop (&line);
  g_unlink (own);
}

static void
assert_unusable (const gchar *name, gint code, const gchar *words)
{
  g_autoptr (GstElement) src =
      gst_object_ref_sink (gst_element_factory_make ("sipsrc", NULL));
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (src, bus);
  g_object_set (src, "auth-file", name, NULL);
  g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
      GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, code);
  g_assert_nonnull (strstr (error->message, "auth-file"));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strstr (error->message, "cret"));
  gst_element_set_state (src, GST_STATE_NULL);
  gst_element_set_bus (src, NULL);
}

static void
test_files (void)
{
  g_autofree gchar *other = g_strconcat (file, ".other", NULL);

  assert_unusable (other, GST_RESOURCE_ERROR_NOT_FOUND, "is not there");
  g_assert_true (g_file_set_contents (other, "anna:s:cret\ncret\n", -1, NULL));
  g_assert_cmpint (g_chmod (other, 0644), ==, 0);
  assert_unusable (other, GST_RESOURCE_ERROR_SETTINGS, "open to everybody");
  g_assert_cmpint (g_chmod (other, 0600), ==, 0);
  assert_unusable (other, GST_RESOURCE_ERROR_SETTINGS, "line 2");
  g_assert_true (g_file_set_contents (other, "", -1, NULL));
  g_assert_cmpint (g_chmod (other, 0600), ==, 0);
  assert_unusable (other, GST_RESOURCE_ERROR_SETTINGS, "names nobody");
  assert_unusable ("", GST_RESOURCE_ERROR_NOT_FOUND, "is not there");
  g_unlink (other);
}

/* What was signed for bob does for no other name. */
static void
test_other_callee (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *settings =
      with_file ("local-uri=sip:*:PORT on-hangup=wait ");
  Line line;

  line_start (&line, settings);
  g_autofree gchar *question = expect_question (peer, &line, NULL);
  g_autofree gchar *right = answer (question, DIGEST_MD5, "s:cret");
  sip_peer_begin (peer, "carol", line.port);
  sip_peer_request (peer, "INVITE", right, sip_peer_sdp (peer, 0, "sendrecv"));
  g_autoptr (GstMessage) message = expect_state (&line, "refused");
  g_assert_nonnull (
      strstr (gst_structure_get_string (gst_message_get_structure (message),
                  "cause"),
          "somebody else"));
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  gint fd = g_file_open_tmp ("users-XXXXXX", &file, NULL);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (file, "anna:s:cret\n", -1, NULL));
  g_assert_cmpint (g_chmod (file, 0600), ==, 0);
  g_test_add_func ("/sipcall-auth/algorithms", test_algorithms);
  g_test_add_func ("/sipcall-auth/wrong", test_wrong);
  g_test_add_func ("/sipcall-auth/other-callee", test_other_callee);
  g_test_add_func ("/sipcall-auth/before-ports", test_before_ports);
  g_test_add_func ("/sipcall-auth/waiting", test_waiting);
  g_test_add_func ("/sipcall-auth/other-line", test_other_line);
  g_test_add_func ("/sipcall-auth/files", test_files);
  g_test_add_func ("/sipcall-auth/changed", test_changed);
  gint code = g_test_run ();
  g_unlink (file);
  return code;
}
