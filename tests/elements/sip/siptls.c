/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Lines that call each other by TLS, over loopback: who is believed, what is said of
 * whoever is not, and what strangers' connections do to the others. */

#include "sip/gstsip.h"
#include "sip/dialog/sipdialog.h"
#include "sip/tls/tlsport.h"

#include "freeport.h"
#include "mock/certificates.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#define STRANGERS 40

static gchar *folder;

static const TestCertificate certificates[] = {
  { "ca", NULL, NULL, 10 },
  { "other", NULL, NULL, 10 },
  { "good", "ca", "DNS:localhost,IP:127.0.0.1", 10 },
  { "named", "ca", "DNS:localhost", 10 },
  { "wild", "ca", "DNS:*.example", 10 },
  { "uri", "ca", "URI:sip:localhost", 10 },
  { "wrong", "ca", "DNS:elsewhere.example", 10 },
  { "expired", "ca", "DNS:localhost", -3 },
  { "unknown", "other", "DNS:localhost", 10 },
  { "self", NULL, "DNS:localhost", 10 },
};

/* "@NAME" in @settings is the file of that certificate. */
static gchar *
expand (const gchar *settings)
{
  g_auto (GStrv) parts = g_strsplit (settings, "@", -1);
  GString *text = g_string_new (parts[0]); /* NULL: there is nothing */

  for (guint i = 1; parts[0] && parts[i]; i++) {
    gsize length = strcspn (parts[i], " ");
    g_string_append_printf (text, "%s/%.*s.pem%s", folder, (gint) length,
        parts[i], parts[i] + length);
  }
  return g_string_free (text, FALSE);
}

static void
wait_listening (guint port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  for (guint i = 0; i < SOON / 10; i++) {
    g_autoptr (GSocketConnection) connection =
        g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
    if (connection)
      return;
    g_usleep (10000);
  }
  g_error ("no line on port %u", port);
}

/* Ends when the line is there. */
static void
start_callee (Line *line, const gchar *settings)
{
  g_autofree gchar *own = expand (settings);
  g_autofree gchar *all =
      g_strdup_printf ("local-uri=sips:127.0.0.1:PORT on-hangup=wait %s", own);
  const guint port = free_port ();

  line_start_on (line, port, all);
  wait_listening (port);
}

static void
start_caller (Line *line, const Line *callee, const gchar *host,
    const gchar *settings)
{
  g_autofree gchar *own = expand (settings);
  g_autofree gchar *all =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT uri=sips:you@%s:%u %s",
          host, callee->port, own);

  line_start_on (line, free_port (), all);
}

static void
assert_signalling (Line *line, const gchar *state, const gchar *signalling)
{
  g_autoptr (GstMessage) message = expect_state (line, state);
  const GstStructure *s = gst_message_get_structure (message);

  g_assert_cmpstr (gst_structure_get_string (s, "signalling"), ==, signalling);
}

static void
assert_stats (Line *line, const gchar *signalling)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (element, "stats", &stats, NULL);
  g_assert_cmpstr (gst_structure_get_string (stats, "signalling"), ==,
      signalling);
}

static void
test_call (gconstpointer callee_ends)
{
  Line callee, caller;

  start_callee (&callee, "tls-certificate=@good");
  start_caller (&caller, &callee, "localhost", "tls-ca=@ca");
  assert_signalling (&callee, "answered", "tls");
  assert_signalling (&caller, "answered", "tls");
  assert_stats (&caller, "tls");
  assert_stats (&callee, "tls");
  g_assert_true (emit (callee_ends ? &callee : &caller, "hang-up"));
  skip_state (&callee, "ended");
  assert_ended (&caller, callee_ends ? "peer" : "us", 0);
  line_stop (&caller);
  line_stop (&callee);
}

/* ---- Who is believed */

static const struct
{
  const gchar *callee, *host, *caller;
  const gchar *why; /* NULL: the call is up */
} proofs[] = {
  { "tls-certificate=@good", "127.0.0.1", "tls-ca=@ca", NULL },
  { "tls-certificate=@uri", "localhost", "tls-ca=@ca", NULL },
  { "tls-certificate=@self", "localhost", "tls-ca=@self", NULL },
  { "tls-certificate=@expired", "localhost", "tls-ca=@ca", "expired on" },
  { "tls-certificate=@self", "localhost", "tls-ca=@ca", "signed by itself" },
  { "tls-certificate=@unknown", "localhost", "tls-ca=@ca",
      "signed by other, whom nobody here knows" },
  { "tls-certificate=@good", "localhost", "", "nobody here knows" },
  { "tls-certificate=@unknown", "localhost", "", NULL },
  { "tls-certificate=@wrong", "localhost", "tls-ca=@ca",
      "is for elsewhere.example, not for localhost" },
  { "tls-certificate=@named", "127.0.0.1", "tls-ca=@ca",
      "is for localhost, not for 127.0.0.1" },
  { "tls-certificate=@wild", "localhost", "tls-ca=@ca", "*.example" },
  { "tls-certificate=@wrong", "localhost", "tls-verify=none", NULL },
  { "tls-certificate=@good tls-ca=@ca tls-verify=mutual", "localhost",
      "tls-ca=@ca", "wants a certificate" },
  { "tls-certificate=@good tls-ca=@ca tls-verify=mutual", "localhost",
      "tls-ca=@ca tls-certificate=@unknown", "does not believe" },
  { "tls-certificate=@good tls-ca=@ca tls-verify=mutual", "localhost",
      "tls-ca=@ca tls-certificate=@named", NULL },
};

static void
assert_refused (Line *line, const gchar *why)
{
  const gint64 before = g_get_monotonic_time ();
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  if (!strstr (error->message, why))
    g_error ("\"%s\" is not in \"%s\"", why, error->message);
  /* The library alone would take up to 12 s. */
  g_assert_cmpint (g_get_monotonic_time () - before, <,
      11 * G_TIME_SPAN_SECOND);
}

static void
test_proof (gconstpointer index)
{
  const gsize i = GPOINTER_TO_SIZE (index);
  Line callee, caller;

  start_callee (&callee, proofs[i].callee);
  start_caller (&caller, &callee, proofs[i].host, proofs[i].caller);
  if (proofs[i].why) {
    assert_refused (&caller, proofs[i].why);
    line_stop (&caller);
    /* It never heard of a call. */
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (callee.bus, GST_MESSAGE_ELEMENT);
    g_assert_null (message);
  } else {
    skip_state (&caller, "answered");
    line_stop (&caller);
  }
  line_stop (&callee);
}

/* The library would send by the connection that there is. */
static void
test_other_name (void)
{
  Line callee, first, second;

  start_callee (&callee, "tls-certificate=@named");
  start_caller (&first, &callee, "localhost", "tls-ca=@ca");
  skip_state (&first, "answered");
  g_assert_true (emit (&first, "hang-up"));
  skip_state (&first, "ended");
  g_autofree gchar *settings = expand ("tls-ca=@ca");
  g_autofree gchar *all =
      g_strdup_printf ("local-uri=sip:127.0.0.1:PORT uri=sips:127.0.0.1:%u %s",
          callee.port, settings);
  line_start_on (&second, first.port, all);
  assert_refused (&second, "not for 127.0.0.1");
  line_stop (&second);
  line_stop (&first);
  line_stop (&callee);
}

static void
assert_lost (Line *line, const gchar *why)
{
  const gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    const GstStructure *s =
        message ? gst_message_get_structure (message) : NULL;
    if (!s || !gst_structure_has_name (s, "voice/account") ||
        g_strcmp0 (gst_structure_get_string (s, "state"), "lost"))
      continue;
    g_assert_nonnull (strstr (gst_structure_get_string (s, "cause"), why));
    return;
  }
  g_error ("the account is not lost");
}

/* An account asks again, although nothing was sent. */
static void
test_other_account (void)
{
  g_autofree gchar *own = expand ("tls-certificate=@good tls-ca=@ca");
  const guint port = free_port ();
  Line callee, first, second;

  start_callee (&callee, "tls-certificate=@named");
  g_autofree gchar *calls = g_strdup_printf (
      "local-uri=sips:127.0.0.1:PORT uri=sips:you@localhost:%u %s", callee.port,
      own);
  g_autofree gchar *registers = g_strdup_printf (
      "local-uri=sips:127.0.0.1:PORT account=sips:me@127.0.0.1:%u "
      "on-hangup=wait %s",
      callee.port, own);
  line_start_on (&first, port, calls);
  skip_state (&first, "answered");
  line_start_on (&second, port, registers);
  for (guint i = 0; i < 2; i++)
    assert_lost (&second, "not for 127.0.0.1");
  line_stop (&second);
  line_stop (&first);
  line_stop (&callee);
}

/* What is reached by UDP alone cannot be told where a line is that has TLS alone. */
static void
test_udp_account (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *own = expand ("tls-certificate=@good");
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sips:127.0.0.1:PORT account=sip:me@127.0.0.1:%u "
      "on-hangup=wait %s",
      sip_peer_get_port (peer), own);
  g_autoptr (GError) error = NULL;
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line.bus,
      SOON * GST_MSECOND, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_nonnull (strstr (error->message, "not reached by TLS"));
  g_assert_null (sip_peer_wait (peer, "REGISTER ", 50));
  line_stop (&line);
}

static gchar *
write_trunks (const gchar *text)
{
  gchar *file = g_strconcat (folder, "/trunks", NULL);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  return file;
}

/* It is asked whether it is there, though. */
static void
test_udp_probe (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *text =
      g_strdup_printf ("[t]\naor=sip:me@127.0.0.1:%u\nexpires=0\noptions=60\n",
          sip_peer_get_port (peer));
  g_autofree gchar *file = write_trunks (text);
  g_autofree gchar *own = expand ("tls-certificate=@good");
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sips:127.0.0.1:PORT account=%s on-hangup=wait %s", file, own);
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autofree gchar *ping = assert_message (peer, "OPTIONS ");
  sip_peer_respond (peer, ping, "200 OK", NULL, NULL);
  line_stop (&line);
  g_unlink (file);
}

/* A call that goes on by another trunk goes out where the line is, not where its first
 * try went out. */
static void
test_spare_trunk (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *text = g_strdup_printf (
      "[dead]\naor=sips:you@127.0.0.1:%u\nexpires=0\n"
      "[spare]\naor=sip:me@127.0.0.1:%u\nexpires=0\nweight=0\n",
      free_port (), sip_peer_get_port (peer));
  g_autofree gchar *file = write_trunks (text);
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s on-hangup=wait dial-allow=+*",
      file);
  const guint port = free_port ();
  gboolean called = FALSE;
  Line line;

  line_start_on (&line, port, settings);
  wait_for_line (port);
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (line.pipeline), "s");
  g_signal_emit_by_name (element, "call", "+4930123", &called);
  g_assert_true (called);
  g_autofree gchar *invite =
      assert_message (peer, "INVITE sip:+4930123@127.0.0.1:");
  g_autofree gchar *via =
      g_strdup_printf ("Via: SIP/2.0/UDP 127.0.0.1:%u;", port);
  g_autofree gchar *contact =
      g_strdup_printf ("<sip:me@127.0.0.1:%u;transport=udp>", port);
  g_assert_nonnull (strstr (invite, via));
  g_assert_nonnull (strstr (invite, contact));
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  skip_message (peer, "ACK ");
  assert_ended (&line, "peer", 486);
  line_stop (&line);
  g_unlink (file);
}

/* ---- Files */

static const struct
{
  const gchar *settings;
  gint code;
  const gchar *text;
} faults[] = {
  { "local-uri=sips:127.0.0.1:5061", GST_RESOURCE_ERROR_SETTINGS,
      "set tls-certificate" },
  { "local-uri=sip:127.0.0.1:5061;transport=tls", GST_RESOURCE_ERROR_SETTINGS,
      "set tls-certificate" },
  { "tls-certificate=@absent", GST_RESOURCE_ERROR_NOT_FOUND,
      "cannot be read: No such file" },
  { "tls-certificate=/", GST_RESOURCE_ERROR_OPEN_READ, "directory" },
  { "tls-certificate=@junk", GST_RESOURCE_ERROR_SETTINGS,
      "there is no certificate" },
  { "tls-certificate=@good tls-key=@junk", GST_RESOURCE_ERROR_SETTINGS,
      "there is no private key" },
  { "tls-certificate=@good tls-key=@named", GST_RESOURCE_ERROR_SETTINGS,
      "does not belong to the certificate" },
  { "tls-certificate=@open", GST_RESOURCE_ERROR_SETTINGS, "chmod" },
  { "tls-key=@good", GST_RESOURCE_ERROR_SETTINGS, "tls-certificate is not" },
  { "tls-ca=@junk", GST_RESOURCE_ERROR_SETTINGS, "there is no certificate" },
  { "tls-verify=mutual", GST_RESOURCE_ERROR_SETTINGS, "needs tls-ca" },
};

static void
test_fault (gconstpointer index)
{
  const gsize i = GPOINTER_TO_SIZE (index);
  g_autofree gchar *settings = expand (faults[i].settings);
  g_autoptr (GError) error = NULL;
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (line.bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, faults[i].code);
  if (!strstr (error->message, faults[i].text))
    g_error ("\"%s\" is not in \"%s\"", faults[i].text, error->message);
  line_stop (&line);
}

static void
replace (const gchar *name, const gchar *by)
{
  g_autofree gchar *from = g_strdup_printf ("%s/%s.pem", folder, by);
  g_autofree gchar *to = g_strdup_printf ("%s/%s.pem", folder, name);
  g_autofree gchar *text = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (from, &text, &size, NULL));
  g_assert_true (g_file_set_contents_full (to, text, (gssize) size,
      G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

/* The line goes on; what is no certificate does not take its place. */
static void
test_renewal (void)
{
  Line callee, caller;

  replace ("renewed", "expired");
  start_callee (&callee, "tls-certificate=@renewed");
  start_caller (&caller, &callee, "localhost", "tls-ca=@ca");
  assert_refused (&caller, "expired");
  line_stop (&caller);
  replace ("renewed", "good");
  start_caller (&caller, &callee, "localhost", "tls-ca=@ca");
  skip_state (&caller, "answered");
  line_stop (&caller);
  replace ("renewed", "junk");
  start_caller (&caller, &callee, "localhost", "tls-ca=@ca");
  skip_state (&caller, "answered");
  line_stop (&caller);
  line_stop (&callee);
}

/* ---- Addresses */

/* TLS at the port after the one that is asked for. */
static void
test_beside (void)
{
  g_autofree gchar *settings = expand (
      "local-uri=sip:127.0.0.1:PORT tls-certificate=@good on-hangup=wait");
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line callee, caller;

  line_start_on (&callee, free_port (), settings);
  wait_for_line (callee.port);
  call_in (peer, callee.port);
  assert_signalling (&callee, "answered", "udp");
  bye (peer);
  skip_state (&callee, "ended");
  const Line beside = { .port = callee.port + 1 };
  start_caller (&caller, &beside, "localhost", "tls-ca=@ca");
  assert_signalling (&callee, "answered", "tls");
  line_stop (&caller);
  line_stop (&callee);
}

static void
test_contradiction (void)
{
  Line first, second;

  start_callee (&first, "tls-certificate=@good");
  g_autofree gchar *settings =
      expand ("local-uri=sips:127.0.0.1:PORT tls-certificate=@named");
  line_start_on (&second, first.port, settings);
  assert_error (&second, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  line_stop (&second);
  line_stop (&first);
}

/* FALSE: an error came first. */
static gboolean
is_answered (Line *line)
{
  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        SOON * GST_MSECOND, GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);
    g_assert_nonnull (message);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      return FALSE;
    const GstStructure *s = gst_message_get_structure (message);
    if (!g_strcmp0 (gst_structure_get_string (s, "state"), "answered"))
      return TRUE;
  }
}

/* Whoever comes next at an address has settings of his own: the agent that was there
 * goes first, which takes a moment. */
static void
test_restart (void)
{
  gboolean answered = FALSE;
  Line first, second, caller;

  start_callee (&first, "tls-certificate=@expired");
  line_stop (&first);
  g_autofree gchar *settings = expand (
      "local-uri=sips:127.0.0.1:PORT tls-certificate=@good on-hangup=wait");
  line_start_on (&second, first.port, settings);
  for (guint i = 0; i < 50 && !answered; i++) {
    start_caller (&caller, &second, "localhost", "tls-ca=@ca");
    answered = is_answered (&caller);
    line_stop (&caller);
  }
  g_assert_true (answered);
  line_stop (&second);
}

/* ---- Strangers */

static GSocketConnection *
connect_stranger (const Line *callee)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  GSocketConnection *connection = g_socket_client_connect_to_host (client,
      "127.0.0.1", callee->port, NULL, NULL);

  g_assert_nonnull (connection);
  return connection;
}

static void
wait_closed (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  gchar buffer[256];

  g_socket_set_timeout (g_socket_connection_get_socket (connection),
      SOON / 1000);
  while (g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL) > 0)
    ;
  g_assert_false (
      g_socket_condition_timed_wait (g_socket_connection_get_socket (
                                         connection),
          G_IO_IN, 0, NULL, NULL) &&
      g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL) > 0);
}

/* Whoever has a call hears nothing of them. */
static void
test_strangers (void)
{
  static const gchar nonsense[] = "INVITE sip:you@localhost SIP/2.0\r\n\r\n";
  Line callee, caller;

  start_callee (&callee, "tls-certificate=@good");
  start_caller (&caller, &callee, "localhost", "tls-ca=@ca");
  skip_state (&caller, "answered");
  skip_state (&callee, "answered");
  for (guint i = 0; i < STRANGERS; i++) {
    g_autoptr (GSocketConnection) connection = connect_stranger (&callee);
    GOutputStream *output =
        g_io_stream_get_output_stream (G_IO_STREAM (connection));
    if (i % 2) {
      g_output_stream_write_all (output, nonsense, strlen (nonsense), NULL,
          NULL, NULL);
      wait_closed (connection);
    }
  }
  g_assert_true (emit (&callee, "hang-up"));
  skip_state (&callee, "ended");
  assert_ended (&caller, "peer", 0);
  line_stop (&caller);
  line_stop (&callee);
}

/* Whoever says nothing goes. */
static void
test_silence (void)
{
  Line callee;

  tls_port_handshake = 200;
  start_callee (&callee, "tls-certificate=@good");
  g_autoptr (GSocketConnection) connection = connect_stranger (&callee);
  const gint64 before = g_get_monotonic_time ();
  wait_closed (connection);
  g_assert_cmpint (g_get_monotonic_time () - before, <,
      SOON / 2 * G_TIME_SPAN_MILLISECOND);
  tls_port_handshake = 8000;
  line_stop (&callee);
}

/* ---- The test's own */

static void
make_files (void)
{
  g_autofree gchar *junk = NULL, *open = NULL;

  folder = g_dir_make_tmp ("siptls-XXXXXX", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    test_certificate_make (folder, &certificates[i]);
  junk = g_build_filename (folder, "junk.pem", NULL);
  g_file_set_contents (junk, "no certificate\n", -1, NULL);
  /* Whom this system believes: to read all of Debian's takes a sanitizer seconds. */
  g_autofree gchar *other = g_build_filename (folder, "other.pem", NULL);
  g_setenv ("SSL_CERT_FILE", other, TRUE);
  g_setenv ("SSL_CERT_DIR", folder, TRUE);
  replace ("open", "good");
  open = g_build_filename (folder, "open.pem", NULL);
  g_chmod (open, 0644);
}

static void
remove_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
}

static void
add_tests (void)
{
  sip_dialog_try_wait = SOON; /* a busy machine is no server that is lost */
  g_test_add_data_func ("/siptls/call/caller-ends", NULL, test_call);
  g_test_add_data_func ("/siptls/call/callee-ends", GUINT_TO_POINTER (1),
      test_call);
  for (gsize i = 0; i < G_N_ELEMENTS (proofs); i++) {
    g_autofree gchar *path = g_strdup_printf ("/siptls/proof/%zu", i);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_proof);
  }
  g_test_add_func ("/siptls/other-name", test_other_name);
  g_test_add_func ("/siptls/other-account", test_other_account);
  g_test_add_func ("/siptls/udp-account", test_udp_account);
  g_test_add_func ("/siptls/udp-probe", test_udp_probe);
  g_test_add_func ("/siptls/spare-trunk", test_spare_trunk);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree gchar *path = g_strdup_printf ("/siptls/fault/%zu", i);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_fault);
  }
  g_test_add_func ("/siptls/renewal", test_renewal);
  g_test_add_func ("/siptls/beside", test_beside);
  g_test_add_func ("/siptls/contradiction", test_contradiction);
  g_test_add_func ("/siptls/restart", test_restart);
  g_test_add_func ("/siptls/strangers", test_strangers);
  g_test_add_func ("/siptls/silence", test_silence);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  make_files ();
  add_tests ();
  const int code = g_test_run ();
  remove_files ();
  return code;
}
