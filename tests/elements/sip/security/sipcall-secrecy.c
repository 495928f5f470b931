/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* An encrypted call with keys in SDP, and requests of it that come by another way, on which
 * everybody could read them: they get none, and the call keeps its own. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"
#include "ownnetwork.h"

#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */
#define INSIDE "127.0.0.1"
#define OUTSIDE "192.0.2.7"
#define KEY "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define SETTINGS \
  "local-uri=sip:*:PORT on-hangup=wait srtp=required early-media=agent "

static gboolean has_outside;

typedef struct
{
  SipPeer *peer;
  Line line;
} Call;

/* FALSE: it cannot be. */
static gboolean
call_begin (Call *self, const gchar *settings)
{
  g_autofree gchar *all = g_strconcat (SETTINGS, settings, NULL);

  if (!has_outside) {
    g_test_skip ("no network of its own");
    return FALSE;
  }
  self->peer = sip_peer_new (FALSE);
  line_start (&self->line, all);
  sip_peer_begin (self->peer, "anybody", self->line.port);
  return TRUE;
}

static void
call_end (Call *self)
{
  line_stop (&self->line);
  sip_peer_free (self->peer);
}

static const gchar *
make_sdp (void)
{
  static gchar text[512];
  static guint version;

  g_snprintf (text, sizeof text,
      "v=0\r\no=- 1 %u IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
      "t=0 0\r\nm=audio 9000 RTP/SAVP 0\r\n"
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n",
      ++version);
  return text;
}

/* @keys: with some of ours. */
static gchar *
expect (Call *self, const gchar *start, gboolean keys)
{
  gchar *message = assert_message (self->peer, start);

  g_assert_cmpint (strstr (message, "inline:") != NULL, ==, keys);
  return message;
}

/* A request with an offer, from @host. */
static void
change (Call *self, const gchar *host, const gchar *status)
{
  sip_peer_move (self->peer, host);
  sip_peer_request (self->peer, "INVITE", NULL, make_sdp ());
  g_free (expect (self, status, g_str_equal (status, "SIP/2.0 200")));
  sip_peer_request (self->peer, "ACK", NULL, NULL);
}

static void
answered (Call *self)
{
  sip_peer_request (self->peer, "INVITE", NULL, make_sdp ());
  g_free (expect (self, "SIP/2.0 200", TRUE));
  sip_peer_request (self->peer, "ACK", NULL, NULL);
  skip_state (&self->line, "answered");
}

/* Whatever else the line can do: here it cannot answer. */
static void
test_change (gconstpointer keys)
{
  Call call;

  if (!call_begin (&call, keys))
    return;
  answered (&call);
  change (&call, OUTSIDE, "SIP/2.0 488");
  change (&call, INSIDE, "SIP/2.0 200");
  call_end (&call);
}

static void
prack (Call *self, const gchar *early, const gchar *host, const gchar *body)
{
  g_autofree gchar *rseq = sip_peer_header (early, "RSeq");
  g_autofree gchar *cseq = sip_peer_header (early, "CSeq");
  g_autofree gchar *rack = g_strdup_printf ("RAck: %s %s\r\n", rseq, cseq);

  sip_peer_move (self->peer, host);
  sip_peer_request (self->peer, "PRACK", rack, body);
}

static void
test_prack (void)
{
  Call call;

  if (!call_begin (&call, "answer-mode=manual"))
    return;
  sip_peer_request (call.peer, "INVITE", "Require: 100rel\r\n", make_sdp ());
  g_autofree gchar *early = expect (&call, "SIP/2.0 183", TRUE);
  prack (&call, early, OUTSIDE, make_sdp ());
  g_free (expect (&call, "SIP/2.0 488", FALSE));
  call_end (&call);
}

/* Keys of theirs that came this way are none. */
static void
test_ack (void)
{
  Call call;

  if (!call_begin (&call, ""))
    return;
  sip_peer_request (call.peer, "INVITE", NULL, NULL);
  g_free (expect (&call, "SIP/2.0 200", TRUE));
  sip_peer_move (call.peer, OUTSIDE);
  sip_peer_request (call.peer, "ACK", NULL, make_sdp ());
  g_autoptr (GstMessage) ended = expect_state (&call.line, "ended");
  g_assert_nonnull (
      strstr (gst_structure_get_string (gst_message_get_structure (ended),
                  "cause"),
          "in clear"));
  call_end (&call);
}

int
main (int argc, char **argv)
{
  has_outside = have_own_network () && add_own_address (OUTSIDE);
  gst_init (&argc, &argv);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_add_data_func ("/sipcall-secrecy/change/sdes", "srtp-keys=sdes",
      test_change);
  g_test_add_data_func ("/sipcall-secrecy/change/both", "srtp-keys=both",
      test_change);
  g_test_add_func ("/sipcall-secrecy/prack", test_prack);
  g_test_add_func ("/sipcall-secrecy/ack", test_ack);
  return g_test_run ();
}
