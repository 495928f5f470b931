/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "trunkplace.h"

#include "freeport.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

void
place_init (Place *self, const gchar *west, const gchar *east)
{
  GString *text = g_string_new (NULL);
  const gint fd = g_file_open_tmp ("trunks-XXXXXX", &self->file, NULL);

  g_assert_true (g_close (fd, NULL));
  for (guint i = 0; i < TRUNKS; i++) {
    self->peers[i] = sip_peer_new (FALSE);
    g_string_append_printf (text, "[%s]\naor=sip:%s@127.0.0.1:%u\n%s\n",
        i ? "east" : "west", i ? "you" : "me",
        sip_peer_get_port (self->peers[i]), i ? east : west);
  }
  g_assert_true (g_file_set_contents (self->file, text->str, -1, NULL));
  g_string_free (text, TRUE);
}

void
place_start (Place *self, Line *line, const gchar *names)
{
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s%s on-hangup=wait "
      "refer=follow dial-allow=+*,sip:*@127.0.0.1:*",
      self->file, names);

  line_start_on (line, free_port (), settings);
  wait_for_line (line->port);
}

void
place_begin (Place *self, const gchar *west, const gchar *east)
{
  place_init (self, west, east);
  place_start (self, &self->line, "");
}

void
place_clear (Place *self)
{
  for (guint i = 0; i < TRUNKS; i++)
    g_clear_pointer (&self->peers[i], sip_peer_free);
  g_unlink (self->file);
  g_free (self->file);
}

void
place_end (Place *self)
{
  line_stop (&self->line);
  place_clear (self);
}

void
call (Line *line, const gchar *target)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean called = FALSE;

  g_signal_emit_by_name (element, "call", target, &called);
  g_assert_true (called);
}

void
assert_try (Line *line, const gchar *state, const gchar *trunk, guint number,
    guint status)
{
  const gint64 end = g_get_monotonic_time () + SOON * 1000;

  while (g_get_monotonic_time () < end) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    const GstStructure *s =
        message ? gst_message_get_structure (message) : NULL;
    guint attempt, said;
    if (!s || !gst_structure_has_name (s, "voice/try"))
      continue;
    g_assert_cmpstr (gst_structure_get_string (s, "state"), ==, state);
    g_assert_cmpstr (gst_structure_get_string (s, "trunk"), ==, trunk);
    g_assert_true (gst_structure_get (s, "attempt", G_TYPE_UINT, &attempt,
        "status", G_TYPE_UINT, &said, NULL));
    g_assert_cmpuint (attempt, ==, number);
    g_assert_cmpuint (said, ==, status);
    return;
  }
  g_error ("no try of %s", trunk);
}

void
assert_account (Line *line, const gchar *state, const gchar *account,
    const gchar *cause)
{
  const gint64 end = g_get_monotonic_time () + SOON * 1000;

  while (g_get_monotonic_time () < end) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        50 * GST_MSECOND, GST_MESSAGE_ELEMENT);
    if (!message || !gst_message_has_name (message, "voice/account"))
      continue;
    const GstStructure *s = gst_message_get_structure (message);
    g_assert_cmpstr (gst_structure_get_string (s, "state"), ==, state);
    g_assert_cmpstr (gst_structure_get_string (s, "account"), ==, account);
    g_assert_cmpstr (gst_structure_get_string (s, "cause"), ==, cause);
    return;
  }
  g_error ("account %s is not %s", account, state);
}

void
assert_trunk (Line *line, const gchar *state, const gchar *trunk)
{
  g_autoptr (GstMessage) message = expect_state (line, state);
  const GstStructure *s = gst_message_get_structure (message);

  g_assert_cmpstr (gst_structure_get_string (s, "trunk"), ==, trunk);
}

GError *
expect_warning (Line *line)
{
  GError *error = NULL;
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  return error;
}

void
answer (SipPeer *peer)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
}

void
refuse (SipPeer *peer, const gchar *status, const gchar *headers)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  sip_peer_respond (peer, invite, status, headers, NULL);
  skip_message (peer, "ACK ");
}

void
talk (Line *line, SipPeer *peer)
{
  answer (peer);
  skip_state (line, "answered");
  bye (peer);
  assert_ended (line, "peer", 0);
}
