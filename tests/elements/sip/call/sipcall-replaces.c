/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that takes the place of another (RFC 3891), against scripted peers over loopback. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */

typedef struct
{
  SipPeer *first, *second;
  Line line;
  gchar *call_id, *our_tag, *their_tag; /* of the first call */
} Pair;

static gchar *
dup_tag (const gchar *message, const gchar *name)
{
  g_autofree gchar *value = sip_peer_header (message, name);
  const gchar *tag = strstr (value, ";tag=");

  g_assert_nonnull (tag);
  return g_strdup (tag + strlen (";tag="));
}

/* The first is up. */
static void
pair_begin (Pair *self, const gchar *settings)
{
  self->first = sip_peer_new (FALSE);
  self->second = sip_peer_new_at ("127.0.0.2", FALSE);
  sip_peer_set_callee (self->second, "127.0.0.1");
  line_start (&self->line, settings);
  sip_peer_begin (self->first, "anybody", self->line.port);
  sip_peer_request (self->first, "INVITE", NULL,
      sip_peer_sdp (self->first, 0, "sendrecv"));
  g_autofree gchar *response = assert_message (self->first, "SIP/2.0 200");
  sip_peer_request (self->first, "ACK", NULL, NULL);
  skip_state (&self->line, "answered");
  self->call_id = sip_peer_header (response, "Call-ID");
  self->our_tag = dup_tag (response, "To");
  self->their_tag = dup_tag (response, "From");
}

static void
pair_end (Pair *self)
{
  line_stop (&self->line);
  sip_peer_free (self->first);
  sip_peer_free (self->second);
  g_free (self->call_id);
  g_free (self->our_tag);
  g_free (self->their_tag);
}

/* The second wants the place of the call with @their_tag. */
static void
replace (Pair *self, const gchar *their_tag, const gchar *more,
    const gchar *body)
{
  g_autofree gchar *headers = g_strdup_printf (
      "Require: replaces\r\nReplaces: %s;to-tag=%s;from-tag=%s%s\r\n",
      self->call_id, self->our_tag, their_tag, more);

  sip_peer_begin (self->second, "nobody", self->line.port);
  sip_peer_request (self->second, "INVITE", headers, body);
}

static void
expect_bye (SipPeer *peer)
{
  g_autofree gchar *request = assert_message (peer, "BYE ");

  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

/* Also where the first call would be the last, and the line rings for long. */
static void
test_replaced (gconstpointer settings)
{
  Pair pair;

  pair_begin (&pair, settings);
  replace (&pair, pair.their_tag, "",
      sip_peer_sdp (pair.second, 0, "sendrecv"));
  skip_message (pair.second, "SIP/2.0 200");
  expect_bye (pair.first);
  g_autoptr (GstMessage) ended = expect_state (&pair.line, "ended");
  g_assert_nonnull (
      strstr (gst_structure_get_string (gst_message_get_structure (ended),
                  "cause"),
          "took the place"));
  sip_peer_request (pair.second, "ACK", NULL, NULL);
  skip_state (&pair.line, "answered");
  bye (pair.second);
  assert_ended (&pair.line, "peer", 0);
  pair_end (&pair);
}

static void
assert_goes_on (Pair *pair)
{
  bye (pair->first);
  assert_ended (&pair->line, "peer", 0);
  pair_end (pair);
}

/* It is no such call. */
static void
test_unknown (void)
{
  Pair pair;

  pair_begin (&pair, WAITING);
  replace (&pair, "other", "", sip_peer_sdp (pair.second, 0, "sendrecv"));
  skip_message (pair.second, "SIP/2.0 481");
  assert_goes_on (&pair);
}

/* It is answered, and only one that rings was meant. */
static void
test_early_only (void)
{
  Pair pair;

  pair_begin (&pair, WAITING);
  replace (&pair, pair.their_tag, ";early-only",
      sip_peer_sdp (pair.second, 0, "sendrecv"));
  skip_message (pair.second, "SIP/2.0 486");
  assert_goes_on (&pair);
}

/* Who may not call may not take a call either. */
static void
test_stranger (void)
{
  Pair pair;

  pair_begin (&pair, WAITING " allow-from=127.0.0.1");
  replace (&pair, pair.their_tag, "",
      sip_peer_sdp (pair.second, 0, "sendrecv"));
  skip_message (pair.second, "SIP/2.0 403");
  assert_goes_on (&pair);
}

/* What cannot be agreed on takes nobody's place. */
static void
test_no_codec (void)
{
  Pair pair;

  pair_begin (&pair, WAITING " codecs=PCMU");
  replace (&pair, pair.their_tag, "",
      sip_peer_sdp (pair.second, 8, "sendrecv"));
  skip_message (pair.second, "SIP/2.0 488");
  /* Its audio still goes out and comes in: the stream of the line is the old one. */
  g_assert_true (emit (&pair.line, "hold"));
  g_autofree gchar *invite = assert_message (pair.first, "INVITE ");
  sip_peer_respond (pair.first, invite, "200 OK", NULL,
      sip_peer_sdp (pair.first, 0, "recvonly"));
  skip_message (pair.first, "ACK ");
  skip_state (&pair.line, "held");
  assert_goes_on (&pair);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sipcall-replaces/replaced", WAITING, test_replaced);
  g_test_add_data_func ("/sipcall-replaces/replaced-last",
      "local-uri=sip:127.0.0.1:PORT on-hangup=eos", test_replaced);
  g_test_add_func ("/sipcall-replaces/unknown", test_unknown);
  g_test_add_func ("/sipcall-replaces/early-only", test_early_only);
  g_test_add_func ("/sipcall-replaces/stranger", test_stranger);
  g_test_add_func ("/sipcall-replaces/no-codec", test_no_codec);
  return g_test_run ();
}
