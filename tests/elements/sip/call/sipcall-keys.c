/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* In which form keys leave, by what the far end can do, against a scripted peer over
 * loopback. */

#include "sip/gstsip.h"

#include "mock/sipline.h"

#include <string.h>

#define NO_EVENTS \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n" \
  "t=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
#define EVENTS \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n" \
  "t=0 0\r\nm=audio 9 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
#define TAKES_INFO "Allow: INVITE, ACK, BYE, CANCEL, INFO\r\n"
#define TAKES_NONE "Allow: INVITE, ACK, BYE, CANCEL\r\n"

static gboolean
press (Line *line, const gchar *digits)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  gboolean done = FALSE;

  g_signal_emit_by_name (src, "send-dtmf", digits, &done);
  return done;
}

static guint64
dtmf_sent (Line *line)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstStructure) stats = NULL;
  guint64 n = 0;

  g_object_get (src, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "dtmf-sent", &n));
  return n;
}

static void
call_up (Line *line, SipPeer *peer, const gchar *mode, const gchar *headers,
    const gchar *sdp)
{
  g_autofree gchar *settings = g_strconcat (WAITING " dtmf=", mode, NULL);

  line_start (line, settings);
  sip_peer_begin (peer, "line", line->port);
  sip_peer_request (peer, "INVITE", headers, sdp);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (line, "answered");
}

static void
hang_up (Line *line, SipPeer *peer)
{
  bye (peer);
  assert_ended (line, "peer", 0);
  line_stop (line);
}

static void
expect_key (SipPeer *peer, gchar key)
{
  g_autofree gchar *request = assert_message (peer, "INFO ");
  g_autofree gchar *type = sip_peer_header (request, "Content-Type");
  g_autofree gchar *body =
      g_strdup_printf ("\r\n\r\nSignal=%c\r\nDuration=160\r\n", key);

  g_assert_cmpstr (type, ==, "application/dtmf-relay");
  g_assert_true (g_str_has_suffix (request, body));
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
}

typedef struct
{
  const gchar *name, *mode, *headers, *sdp;
  gboolean by_info;
} Form;

static const Form forms[] = {
  { "/sipcall/keys/auto-info", "auto", TAKES_INFO, NO_EVENTS, TRUE },
  { "/sipcall/keys/info", "info", TAKES_INFO, EVENTS, TRUE },
  { "/sipcall/keys/info-unasked", "info", NULL, EVENTS, TRUE },
  { "/sipcall/keys/auto-events", "auto", TAKES_INFO, EVENTS, FALSE },
  { "/sipcall/keys/auto-tones", "auto", TAKES_NONE, NO_EVENTS, FALSE },
  { "/sipcall/keys/auto-silent", "auto", NULL, NO_EVENTS, FALSE },
  { "/sipcall/keys/inband", "inband", TAKES_INFO, EVENTS, FALSE },
};

static void
test_form (gconstpointer data)
{
  const Form *form = data;
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer, form->mode, form->headers, form->sdp);
  g_assert_true (press (&line, "5#"));
  if (form->by_info) {
    expect_key (peer, '5');
    expect_key (peer, '#');
  }
  while (dtmf_sent (&line) < 2)
    g_thread_yield ();
  sip_peer_request (peer, "OPTIONS", NULL, NULL); /* nothing is in between */
  g_autofree gchar *next = sip_peer_receive (peer, SOON);
  g_assert_true (g_str_has_prefix (next, "SIP/2.0 200"));
  hang_up (&line, peer);
}

/* Who takes no events, where nothing else may be. */
static void
test_none (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer, "rfc4733", TAKES_INFO, NO_EVENTS);
  g_assert_false (press (&line, "5"));
  hang_up (&line, peer);
}

static void
test_refused (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  call_up (&line, peer, "info", NULL, EVENTS);
  g_assert_true (press (&line, "5"));
  g_autofree gchar *request = assert_message (peer, "INFO ");
  sip_peer_respond (peer, request, "415 Unsupported Media Type", NULL, NULL);
  g_autoptr (GstMessage) warning = gst_bus_timed_pop_filtered (line.bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (warning);
  gst_message_parse_warning (warning, &error, NULL);
  g_assert_nonnull (strstr (error->message, "does not take keys by INFO"));
  hang_up (&line, peer);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    g_test_add_data_func (forms[i].name, &forms[i], test_form);
  g_test_add_func ("/sipcall/keys/none", test_none);
  g_test_add_func ("/sipcall/keys/refused", test_refused);
  return g_test_run ();
}
