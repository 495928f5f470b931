/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whom a line calls on somebody else's word: nothing leaves for who is not in
 * `dial-allow`, however it is spelt. */

#include "sip/gstsip.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <string.h>

#define LINE_FOR "local-uri=sip:127.0.0.1:PORT on-hangup=wait dial-allow=%s"

static gboolean
dial (Line *line, const gchar *uri)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean done = FALSE;

  g_signal_emit_by_name (src, "call", uri, &done);
  return done;
}

static void
assert_warned (Line *line, const gchar *text)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  if (!strstr (error->message, text))
    g_error ("\"%s\" does not say \"%s\"", error->message, text);
}

/* Each of @tries, with %u for the port of a peer, is refused; then that peer is called as
 * "you", and hears of that first. */
static void
check_refused (const gchar *allow, const gchar *const *tries, guint n)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  const guint port = sip_peer_get_port (peer);
  g_autofree gchar *allowed = g_strdup_printf (allow, port);
  g_autofree gchar *settings = g_strdup_printf (LINE_FOR, allowed);
  g_autofree gchar *good = g_strdup_printf ("sip:you@127.0.0.1:%u", port);
  g_autofree gchar *to = g_strdup_printf ("<%s>", good);
  g_autofree gchar *port_text = g_strdup_printf ("%u", port);
  Line line;

  line_start (&line, settings);
  for (guint i = 0; i < n; i++) {
    g_auto (GStrv) parts = g_strsplit (tries[i], "PORT", -1);
    g_autofree gchar *target = g_strjoinv (port_text, parts);
    if (dial (&line, target))
      g_error ("%s may call %s", settings, target);
    assert_warned (&line, "forbidden");
  }
  g_assert_true (dial (&line, good));
  g_autofree gchar *first = sip_peer_receive (peer, SOON);
  g_assert_true (g_str_has_prefix (first, "INVITE "));
  g_autofree gchar *found = sip_peer_header (first, "To");
  g_assert_cmpstr (found, ==, to);
  sip_peer_respond (peer, first, "486 Busy", NULL, NULL);
  assert_ended (&line, "peer", 486);
  line_stop (&line);
}

static void
test_refused (void)
{
  static const gchar *const tries[] = {
    "sip:me@127.0.0.1:PORT",
    "sip:You@127.0.0.1:PORT",
    "sip:me%40x@127.0.0.1:PORT",
    "sip:you@you@127.0.0.1:PORT",
    "sip:you@127.0.0.1",
    "sip:you@localhost:PORT",
    "sip:you@127.1:PORT",
    "sip:you@127.0.0.1:PORT;maddr=127.0.0.1",
    "sip:you@127.0.0.1:PORT?Replaces=1",
    "sip:you@127.0.0.1:PORT;method=BYE",
    "sip:you:x@127.0.0.1:PORT",
    "sips:you@127.0.0.1:PORT",
    "sip:you@127.0.0.1:PORT\r\nX-Evil: 1",
    "<sip:you@127.0.0.1:PORT>",
    "you",
    "tel:+4930123",
    "+4930123",
    "",
  };

  check_refused ("sip:you@127.0.0.1:%u", tries, G_N_ELEMENTS (tries));
}

/* Who dials what was escaped dials what was tested. */
static void
test_canonical (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  const guint port = sip_peer_get_port (peer);
  g_autofree gchar *uri = g_strdup_printf ("SIP:%%79ou@127.0.0.1.:%u", port);
  g_autofree gchar *to = g_strdup_printf ("<sip:you@127.0.0.1:%u>", port);
  Line line;

  line_start (&line, WAITING);
  g_assert_true (dial (&line, uri));
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *found = sip_peer_header (invite, "To");
  g_assert_cmpstr (found, ==, to);
  sip_peer_respond (peer, invite, "486 Busy", NULL, NULL);
  assert_ended (&line, "peer", 486);
  line_stop (&line);
}

/* Nobody is in the list that nobody has written. */
static void
test_unset (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *uri =
      g_strdup_printf ("sip:you@127.0.0.1:%u", sip_peer_get_port (peer));
  Line line;

  line_start (&line, "local-uri=sip:127.0.0.1:PORT on-hangup=wait");
  g_assert_false (dial (&line, uri));
  assert_warned (&line, "dial-allow of the line is empty");
  line_stop (&line);
}

/* ---- A far end that names somebody else */

static void
redirect (SipPeer *peer, const gchar *request, const gchar *contacts)
{
  sip_peer_set_target (peer, contacts, NULL);
  sip_peer_respond (peer, request, "302 Moved", NULL, NULL);
}

static void
call_redirected (Line *line, SipPeer *peer, const gchar *settings)
{
  g_autofree gchar *text = g_strdup_printf (LINE_CALLING " %s",
      sip_peer_get_port (peer), "wait", settings);

  line_start_on (line, free_port (), text);
}

/* The one with the best q that may be called; it is the same call. */
static void
test_redirect (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  const guint port = sip_peer_get_port (second);
  g_autofree gchar *contacts = g_strdup_printf (
      "<sip:bad@127.0.0.1:%u>;q=0.9, <sip:carol@127.0.0.1:%u>;q=0.5, "
      "<sip:evil@127.0.0.1:%u>;q=0.1",
      port, port, port);
  Line line;

  call_redirected (&line, first, "dial-allow=sip:carol@127.0.0.1:*");
  g_autofree gchar *invite = assert_message (first, "INVITE ");
  redirect (first, invite, contacts);
  g_autofree gchar *again = assert_message (second, "INVITE sip:carol@");
  g_autofree gchar *call_id = sip_peer_header (invite, "Call-ID");
  g_autofree gchar *same = sip_peer_header (again, "Call-ID");
  g_assert_cmpstr (same, ==, call_id);
  sip_peer_respond (second, again, "200 OK", NULL,
      sip_peer_sdp (second, 0, "sendrecv"));
  skip_message (second, "ACK ");
  skip_state (&line, "answered");
  line_stop (&line);
}

/* Who is sent on and on is not for ever. */
static void
test_redirect_again (void)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autofree gchar *to_second =
      g_strdup_printf ("<sip:you@127.0.0.1:%u>", sip_peer_get_port (second));
  g_autofree gchar *to_first =
      g_strdup_printf ("<sip:you@127.0.0.1:%u>", sip_peer_get_port (first));
  Line line;

  call_redirected (&line, first, "dial-allow=sip:*@127.0.0.1:*");
  g_autofree gchar *invite = assert_message (first, "INVITE ");
  redirect (first, invite, to_second);
  g_autofree gchar *again = assert_message (second, "INVITE ");
  redirect (second, again, to_first);
  assert_ended (&line, "peer", 302);
  line_stop (&line);
}

/* Nothing is sent to whom the line may not call. */
static void
test_redirect_forbidden (gconstpointer settings)
{
  g_autoptr (SipPeer) first = sip_peer_new (FALSE);
  g_autoptr (SipPeer) second = sip_peer_new (FALSE);
  g_autofree gchar *contacts = g_strdup_printf (
      "<sip:carol@127.0.0.1:%u;maddr=127.0.0.1>, <sip:you@127.0.0.1:%u>",
      sip_peer_get_port (second), sip_peer_get_port (second));
  Line line;

  call_redirected (&line, first, settings);
  g_autofree gchar *invite = assert_message (first, "INVITE ");
  redirect (first, invite, contacts);
  g_autoptr (GstMessage) message = expect_state (&line, "ended");
  g_assert_nonnull (
      strstr (gst_structure_get_string (gst_message_get_structure (message),
                  "cause"),
          "is forbidden"));
  g_autofree gchar *any = sip_peer_receive (second, 100);
  g_assert_null (any);
  line_stop (&line);
}

static void
test_settings (void)
{
  static const gchar *const wrong[] = { "bob", "+49,", "sip:*@x;lr", "*" };
  g_autoptr (GstElement) src = gst_element_factory_make ("sipsrc", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();

  gst_element_set_bus (src, bus);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_object_set (src, "dial-allow", wrong[i], NULL);
    g_assert_cmpint (gst_element_set_state (src, GST_STATE_READY), ==,
        GST_STATE_CHANGE_FAILURE);
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    gst_message_parse_error (message, &error, NULL);
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, "dial-allow"));
  }
  gst_element_set_state (src, GST_STATE_NULL);
  gst_element_set_bus (src, NULL);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-dial/refused", test_refused);
  g_test_add_func ("/sipcall-dial/canonical", test_canonical);
  g_test_add_func ("/sipcall-dial/unset", test_unset);
  g_test_add_func ("/sipcall-dial/redirect", test_redirect);
  g_test_add_func ("/sipcall-dial/redirect-again", test_redirect_again);
  g_test_add_data_func ("/sipcall-dial/redirect-unset", "",
      test_redirect_forbidden);
  g_test_add_data_func ("/sipcall-dial/redirect-forbidden",
      "dial-allow=sip:carol@127.0.0.1:*", test_redirect_forbidden);
  g_test_add_func ("/sipcall-dial/settings", test_settings);
  return g_test_run ();
}
