/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line with several trunks: which one has a call, and what becomes of one that a trunk
 * did not take. */

#include "sip/dialog/sipdialog.h"
#include "sip/gstsip.h"
#include "sip/target/sipprobe.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#define NUMBER "+4930123"
#define INVITE "INVITE sip:" NUMBER "@127.0.0.1:"
#define N 2

typedef struct
{
  SipPeer *peers[N]; /* of the trunks "west", "east" */
  gchar *file;
  Line line;
} Place;

/* @west and @east: what else their sections have. */
static void
place_init (Place *self, const gchar *west, const gchar *east)
{
  GString *text = g_string_new (NULL);
  const gint fd = g_file_open_tmp ("trunks-XXXXXX", &self->file, NULL);

  g_assert_true (g_close (fd, NULL));
  for (guint i = 0; i < N; i++) {
    self->peers[i] = sip_peer_new (FALSE);
    g_string_append_printf (text, "[%s]\naor=sip:%s@127.0.0.1:%u\n%s\n",
        i ? "east" : "west", i ? "you" : "me",
        sip_peer_get_port (self->peers[i]), i ? east : west);
  }
  g_assert_true (g_file_set_contents (self->file, text->str, -1, NULL));
  g_string_free (text, TRUE);
}

static void
place_start (Place *self, Line *line, const gchar *names)
{
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:127.0.0.1:PORT account=%s%s on-hangup=wait "
      "refer=follow dial-allow=+*,sip:*@127.0.0.1:*",
      self->file, names);

  line_start_on (line, free_port (), settings);
  wait_for_line (line->port);
}

static void
place_begin (Place *self, const gchar *west, const gchar *east)
{
  place_init (self, west, east);
  place_start (self, &self->line, "");
}

static void
place_clear (Place *self)
{
  for (guint i = 0; i < N; i++)
    g_clear_pointer (&self->peers[i], sip_peer_free);
  g_unlink (self->file);
  g_free (self->file);
}

static void
place_end (Place *self)
{
  line_stop (&self->line);
  place_clear (self);
}

static void
call (Line *line, const gchar *target)
{
  g_autoptr (GstElement) element =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean called = FALSE;

  g_signal_emit_by_name (element, "call", target, &called);
  g_assert_true (called);
}

/* The next voice/try. */
static void
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

/* What it says in the next warning, which is why a call has ended; (transfer full). */
static GError *
expect_warning (Line *line)
{
  GError *error = NULL;
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  return error;
}

static void
answer (SipPeer *peer)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  sip_peer_respond (peer, invite, "200 OK", NULL,
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "ACK ");
}

static void
refuse (SipPeer *peer, const gchar *status, const gchar *headers)
{
  g_autofree gchar *invite = assert_message (peer, "INVITE ");

  sip_peer_respond (peer, invite, status, headers, NULL);
  skip_message (peer, "ACK ");
}

/* Answers, and hangs up. */
static void
talk (Line *line, SipPeer *peer)
{
  answer (peer);
  skip_state (line, "answered");
  bye (peer);
  assert_ended (line, "peer", 0);
}

/* ---- Which */

/* Of four calls one has three, the other one; each at its own server, from its own
 * address. */
static void
test_weights (void)
{
  static const guint turns[] = { 0, 0, 1, 0 };
  Place place;

  place_begin (&place, "expires=0\nweight=3", "expires=0");
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++) {
    SipPeer *peer = place.peers[turns[i]];
    call (&place.line, NUMBER);
    g_autofree gchar *invite = assert_message (peer, INVITE);
    g_autofree gchar *to =
        g_strdup_printf (INVITE "%u", sip_peer_get_port (peer));
    g_autofree gchar *from = sip_peer_header (invite, "From");
    g_assert_true (g_str_has_prefix (invite, to));
    g_assert_nonnull (strstr (from, turns[i] ? "sip:you@" : "sip:me@"));
    sip_peer_respond (peer, invite, "200 OK", NULL,
        sip_peer_sdp (peer, 0, "sendrecv"));
    skip_message (peer, "ACK ");
    assert_try (&place.line, "trying", turns[i] ? "east" : "west", 1, 0);
    skip_state (&place.line, "answered");
    bye (peer);
    assert_ended (&place.line, "peer", 0);
  }
  place_end (&place);
}

/* The longest; an address goes where it says. */
static void
test_prefix (void)
{
  Place place;

  place_begin (&place, "expires=0\nprefix=+49", "expires=0\nprefix=+4930");
  g_autofree gchar *address = g_strdup_printf ("sip:bob@127.0.0.1:%u",
      sip_peer_get_port (place.peers[0]));
  call (&place.line, "0049 30 123");
  talk (&place.line, place.peers[1]);
  call (&place.line, "+4989123");
  talk (&place.line, place.peers[0]);
  call (&place.line, address);
  g_autofree gchar *invite = assert_message (place.peers[0], "INVITE sip:bob@");
  sip_peer_respond (place.peers[0], invite, "486 Busy", NULL, NULL);
  skip_message (place.peers[0], "ACK ");
  assert_ended (&place.line, "peer", 486);
  call (&place.line, "+331");
  g_autoptr (GstMessage) ended = expect_state (&place.line, "ended");
  g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (ended),
                       "cause"),
      ==, "No trunk takes the call: west is for others, east is for others");
  g_autoptr (GError) error = expect_warning (&place.line);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  place_end (&place);
}

/* One of them alone. */
static void
test_named (void)
{
  Place place;
  Line line;

  place_init (&place, "expires=0", "expires=0\ncodecs=PCMA");
  place_start (&place, &line, "#east");
  call (&line, NUMBER);
  g_autofree gchar *invite = assert_message (place.peers[1], INVITE);
  g_assert_nonnull (strstr (invite, "RTP/AVP 8 "));
  sip_peer_respond (place.peers[1], invite, "603 No", NULL, NULL);
  skip_message (place.peers[1], "ACK ");
  assert_ended (&line, "peer", 603);
  line_stop (&line);
  place_clear (&place);
}

/* ---- Where one does not take it */

/* It is the same call; who asks for quiet has it. */
static void
test_full (void)
{
  Place place;

  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  g_autofree gchar *first = assert_message (place.peers[0], INVITE);
  sip_peer_respond (place.peers[0], first, "503 Full", "Retry-After: 60\r\n",
      NULL);
  skip_message (place.peers[0], "ACK ");
  g_autofree gchar *second = assert_message (place.peers[1], INVITE);
  g_autofree gchar *id = sip_peer_header (first, "Call-ID");
  g_autofree gchar *same = sip_peer_header (second, "Call-ID");
  g_assert_cmpstr (id, ==, same);
  sip_peer_respond (place.peers[1], second, "200 OK", NULL,
      sip_peer_sdp (place.peers[1], 0, "sendrecv"));
  skip_message (place.peers[1], "ACK ");
  assert_try (&place.line, "trying", "west", 1, 0);
  assert_try (&place.line, "failed", "west", 1, 503);
  assert_try (&place.line, "trying", "east", 2, 0);
  skip_state (&place.line, "answered");
  bye (place.peers[1]);
  assert_ended (&place.line, "peer", 0);
  call (&place.line, NUMBER);
  refuse (place.peers[1], "500 Broken", NULL);
  assert_try (&place.line, "trying", "east", 1, 0);
  g_autoptr (GError) error = expect_warning (&place.line);
  g_assert_nonnull (strstr (error->message, "west wants no call for another "));
  g_assert_nonnull (strstr (error->message, "east was tried ("));
  place_end (&place);
}

/* Who says nothing is not waited for as long as if there was nobody else; what it says
 * late is ended. */
static void
test_silent (void)
{
  Place place;

  sip_dialog_try_wait = 300;
  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  g_autofree gchar *unheard = assert_message (place.peers[0], INVITE);
  answer (place.peers[1]);
  assert_try (&place.line, "trying", "west", 1, 0);
  assert_try (&place.line, "failed", "west", 1, 408);
  assert_try (&place.line, "trying", "east", 2, 0);
  skip_state (&place.line, "answered");
  sip_peer_respond (place.peers[0], unheard, "200 OK", NULL,
      sip_peer_sdp (place.peers[0], 0, "sendrecv"));
  skip_message (place.peers[0], "ACK ");
  g_autofree gchar *request = assert_message (place.peers[0], "BYE ");
  sip_peer_respond (place.peers[0], request, "200 OK", NULL, NULL);
  bye (place.peers[1]);
  assert_ended (&place.line, "peer", 0);
  sip_dialog_try_wait = SOON;
  call (&place.line, NUMBER); /* it is tried last from now on */
  refuse (place.peers[1], "486 Busy", NULL);
  assert_ended (&place.line, "peer", 486);
  place_end (&place);
}

static const struct
{
  const gchar *status;
  gboolean passed;
} statuses[] = { { "486 Busy", FALSE }, { "404 No", FALSE },
  { "500 Broken", TRUE }, { "603 No", FALSE }, { "504 Late", TRUE },
  { "408 Late", TRUE } };

/* What a callee says is his last word; what a server says of itself is not. */
static void
test_passed_on (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    Place place;

    place_begin (&place, "expires=0\nweight=1000", "expires=0");
    call (&place.line, NUMBER);
    refuse (place.peers[0], statuses[i].status, NULL);
    if (statuses[i].passed)
      talk (&place.line, place.peers[1]);
    else
      assert_ended (&place.line, "peer",
          (guint) g_ascii_strtoull (statuses[i].status, NULL, 10));
    if (!statuses[i].passed)
      g_assert_null (sip_peer_wait (place.peers[1], "INVITE ", 0));
    place_end (&place);
  }
}

/* Somebody heard it ring. */
static void
test_rung (void)
{
  Place place;

  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  g_autofree gchar *invite = assert_message (place.peers[0], INVITE);
  sip_peer_respond (place.peers[0], invite, "180 Ringing", NULL, NULL);
  skip_state (&place.line, "ringing");
  sip_peer_respond (place.peers[0], invite, "500 Broken", NULL, NULL);
  skip_message (place.peers[0], "ACK ");
  assert_ended (&place.line, "peer", 500);
  g_assert_null (sip_peer_wait (place.peers[1], "INVITE ", 0));
  place_end (&place);
}

/* Nobody waits for what comes of the first one. */
static void
test_hang_up (void)
{
  Place place;

  place_begin (&place, "expires=0\nweight=1000", "expires=0");
  call (&place.line, NUMBER);
  refuse (place.peers[0], "500 Broken", NULL);
  g_autofree gchar *invite = assert_message (place.peers[1], INVITE);
  sip_peer_respond (place.peers[1], invite, "100 Trying", NULL, NULL);
  assert_try (&place.line, "trying", "west", 1, 0);
  assert_try (&place.line, "failed", "west", 1, 500);
  assert_try (&place.line, "trying", "east", 2, 0);
  g_assert_true (emit (&place.line, "hang-up"));
  g_autofree gchar *cancel = assert_message (place.peers[1], "CANCEL ");
  sip_peer_respond (place.peers[1], cancel, "200 OK", NULL, NULL);
  sip_peer_respond (place.peers[1], invite, "487 Cancelled", NULL, NULL);
  skip_message (place.peers[1], "ACK ");
  assert_ended (&place.line, "us", 0);
  place_end (&place);
}

/* ---- Limits */

/* Of the process, whichever line has the calls; all are taken: one clear error. */
static void
test_max_calls (void)
{
  Place place;
  Line other, third;

  place_begin (&place, "expires=0\nmax-calls=1\nweight=1000",
      "expires=0\nmax-calls=1");
  place_start (&place, &other, "#west,east");
  place_start (&place, &third, "#east,west");
  call (&place.line, NUMBER);
  answer (place.peers[0]);
  skip_state (&place.line, "answered");
  call (&other, NUMBER);
  answer (place.peers[1]);
  skip_state (&other, "answered");
  call (&third, NUMBER);
  g_autoptr (GError) error = expect_warning (&third);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==,
      "No trunk takes the call: east has 1 of 1 calls (max-calls), "
      "west has 1 of 1 calls (max-calls)");
  bye (place.peers[1]);
  assert_ended (&other, "peer", 0);
  call (&third, NUMBER);
  talk (&third, place.peers[1]);
  line_stop (&third);
  line_stop (&other);
  place_end (&place);
}

static void
test_max_rate (void)
{
  Place place;

  place_begin (&place, "expires=0\nmax-rate=1\nweight=1000", "expires=0");
  const gint64 before = g_get_monotonic_time ();
  call (&place.line, NUMBER);
  refuse (place.peers[0], "486 Busy", NULL);
  assert_ended (&place.line, "peer", 486);
  call (&place.line, NUMBER);
  g_autoptr (GstMessage) message = expect_state (&place.line, "calling");
  /* the same one only when its second is over, on a busy machine */
  g_autofree gchar *again = sip_peer_wait (place.peers[0], "INVITE ", 100);
  if (again)
    g_assert_cmpint (g_get_monotonic_time () - before, >, G_TIME_SPAN_SECOND);
  else
    skip_message (place.peers[1], "INVITE ");
  place_end (&place);
}

/* ---- Which are there */

static void
answer_options (SipPeer *peer, const gchar *status)
{
  g_autofree gchar *options = assert_message (peer, "OPTIONS ");

  sip_peer_respond (peer, options, status, NULL, NULL);
}

/* It does not register, and is asked: the second time after what came of the first. */
static void
test_options (void)
{
  Place place;

  place_begin (&place, "expires=0\noptions=1\nweight=1000", "expires=0");
  answer_options (place.peers[0], "503 Full");
  skip_message (place.peers[0], "OPTIONS ");
  call (&place.line, NUMBER);
  talk (&place.line, place.peers[1]);
  line_stop (&place.line);
  place_start (&place, &place.line, "");
  answer_options (place.peers[0], "200 OK");
  skip_message (place.peers[0], "OPTIONS ");
  call (&place.line, NUMBER);
  talk (&place.line, place.peers[0]);
  place_end (&place);
}

static void
answer_register (SipPeer *peer, const gchar *status, const gchar *headers)
{
  g_autofree gchar *request = assert_message (peer, "REGISTER ");

  sip_peer_respond (peer, request, status, headers, NULL);
}

/* One cannot register: a warning, not an error, and the other has the calls. */
static void
test_refused (void)
{
  Place place;

  place_begin (&place, "weight=1000", "");
  answer_register (place.peers[0], "403 Who", NULL);
  g_autoptr (GError) error = expect_warning (&place.line);
  g_assert_nonnull (strstr (error->message, "Account west"));
  answer_register (place.peers[1], "200 OK", "Expires: 600\r\n");
  call (&place.line, NUMBER);
  talk (&place.line, place.peers[1]);
  gst_element_set_state (place.line.pipeline, GST_STATE_NULL);
  answer_register (place.peers[1], "200 OK", NULL);
  place_end (&place);
}

static void
test_all_refused (void)
{
  Place place;

  place_begin (&place, "", "");
  answer_register (place.peers[0], "403 Who", NULL);
  answer_register (place.peers[1], "403 Who", NULL);
  assert_error (&place.line, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  place_end (&place);
}

/* Calls in by either. */
static void
test_incoming (void)
{
  static const gchar *const users[] = { "me", "you" };
  Place place;

  place_begin (&place, "max-calls=1", "");
  for (guint i = 0; i < N; i++)
    answer_register (place.peers[i], "200 OK", "Expires: 600\r\n");
  for (guint i = 0; i < N; i++) {
    SipPeer *peer = place.peers[i];
    wait_for_line (place.line.port);
    sip_peer_begin (peer, users[i], place.line.port);
    sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
    skip_message (peer, "SIP/2.0 200");
    sip_peer_request (peer, "ACK", NULL, NULL);
    g_autoptr (GstMessage) message = expect_state (&place.line, "answered");
    g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (
                                                   message),
                         "admitted"),
        ==, "account");
    sip_peer_request (peer, "BYE", NULL, NULL);
    assert_ended (&place.line, "peer", 0);
  }
  gst_element_set_state (place.line.pipeline, GST_STATE_NULL);
  for (guint i = 0; i < N; i++)
    answer_register (place.peers[i], "200 OK", NULL);
  place_end (&place);
}

static void
skip_notify (SipPeer *peer)
{
  g_autofree gchar *notify = assert_message (peer, "NOTIFY ");

  sip_peer_respond (peer, notify, "200 OK", NULL, NULL);
}

/* Whom a far end names is called by a trunk, too, which has a call then. */
static void
test_referred (void)
{
  g_autoptr (SipPeer) alice = sip_peer_new (FALSE);
  Place place;
  Line other;

  place_begin (&place, "expires=0\nmax-calls=1\nweight=1000", "expires=0");
  place_start (&place, &other, "");
  g_autofree gchar *header =
      g_strdup_printf ("Refer-To: <sip:" NUMBER "@127.0.0.1:%u>\r\n",
          sip_peer_get_port (place.peers[1]));
  call_in (alice, place.line.port);
  skip_state (&place.line, "answered");
  sip_peer_request (alice, "REFER", header, NULL);
  skip_message (alice, "SIP/2.0 202");
  skip_notify (alice);
  answer (place.peers[0]);
  skip_notify (alice);
  skip_state (&place.line, "changed");
  bye (alice);
  call (&other, NUMBER);
  refuse (place.peers[1], "486 Busy", NULL);
  assert_ended (&other, "peer", 486);
  bye (place.peers[0]);
  assert_ended (&place.line, "peer", 0);
  call (&other, NUMBER);
  refuse (place.peers[0], "486 Busy", NULL);
  assert_ended (&other, "peer", 486);
  line_stop (&other);
  place_end (&place);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_dialog_try_wait = sip_probe_wait = SOON;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/siptrunks/weights", test_weights);
  g_test_add_func ("/siptrunks/prefix", test_prefix);
  g_test_add_func ("/siptrunks/named", test_named);
  g_test_add_func ("/siptrunks/full", test_full);
  g_test_add_func ("/siptrunks/silent", test_silent);
  g_test_add_func ("/siptrunks/passed-on", test_passed_on);
  g_test_add_func ("/siptrunks/rung", test_rung);
  g_test_add_func ("/siptrunks/hang-up", test_hang_up);
  g_test_add_func ("/siptrunks/max-calls", test_max_calls);
  g_test_add_func ("/siptrunks/max-rate", test_max_rate);
  g_test_add_func ("/siptrunks/options", test_options);
  g_test_add_func ("/siptrunks/refused", test_refused);
  g_test_add_func ("/siptrunks/all-refused", test_all_refused);
  g_test_add_func ("/siptrunks/incoming", test_incoming);
  g_test_add_func ("/siptrunks/referred", test_referred);
  return g_test_run ();
}
