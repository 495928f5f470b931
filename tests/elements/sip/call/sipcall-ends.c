/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a call that ended, or never began, says about why: over loopback, against a
 * scripted peer. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "freeport.h"
#include "mock/sipline.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT 600 /* ms: T1x64 here */
#define SRTP_ONLY \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" \
  "m=audio 9 RTP/SAVP 0\r\n"

/* ---- A call without sound */

static void
assert_cause (Line *line, const gchar *by, guint status, const gchar *cause)
{
  g_autoptr (GstMessage) message = expect_state (line, "ended");
  const GstStructure *s = gst_message_get_structure (message);
  guint found = 0;

  gst_structure_get_uint (s, "status", &found);
  g_assert_cmpstr (gst_structure_get_string (s, "cause"), ==, cause);
  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, by);
  g_assert_cmpuint (found, ==, status);
}

static void
test_never_any_audio (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " media-timeout=200");
  call_in (peer, line.port);
  assert_cause (&line, "network", 408, "No audio ever came from the far end");
  line_stop (&line);
}

/* 100 ms of it, to the port that our @answer names. */
static void
send_audio (const gchar *answer)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  const gchar *media = strstr (answer, "m=audio ");
  g_assert_nonnull (media);
  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new_from_string ("127.0.0.1",
          (guint) strtoul (media + strlen ("m=audio "), NULL, 10));
  gchar packet[172] = { (gchar) 0x80, 0 };

  for (guint i = 0; i < 5; i++) {
    packet[3] = (gchar) i;
    packet[7] = (gchar) (i * 160);
    g_assert_cmpint (g_socket_send_to (socket, to, packet, sizeof packet, NULL,
                         NULL),
        ==, sizeof packet);
    g_usleep (20000);
  }
}

static void
test_no_audio_any_more (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " media-timeout=500");
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  send_audio (answer);
  assert_cause (&line, "network", 408,
      "No audio came from the far end any more, for 0.5 s");
  line_stop (&line);
}

/* Whichever is over first, the wait for the ACK or that for audio. */
static void
test_no_ack (gconstpointer settings)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, settings);
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  assert_cause (&line, "network", 408,
      "The far end never confirmed the answer: no ACK came");
  line_stop (&line);
}

/* ---- A call that was refused by the far end */

static const struct
{
  const gchar *answer, *headers, *body;
  gboolean stream_error;
  gint code;
  guint retry_after;
  const gchar *cause;
} refusals[] = {
  { "503 Service Unavailable", NULL, NULL, FALSE,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, 0,
      "The far end takes no more calls now" },
  { "503 Service Unavailable", "Retry-After: 120\r\n", NULL, FALSE,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, 120,
      "The far end takes no more calls now; it asks to try again in 120 s" },
  { "503 Service Unavailable", "Retry-After: 1\r\n", NULL, FALSE,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, 1,
      "The far end takes no more calls now; it asks to try again in 1 s" },
  { "486 Busy Here", "Retry-After: 9 (in a meeting)\r\n", NULL, FALSE,
      GST_RESOURCE_ERROR_BUSY, 9,
      "The line is busy; it asks to try again in 9 s" },
  { "488 Not Acceptable Here", NULL, NULL, TRUE,
      GST_STREAM_ERROR_CODEC_NOT_FOUND, 0, "No codec in common" },
  { "488 Not Acceptable Here", NULL, SRTP_ONLY, FALSE,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, 0,
      "The far end wants encrypted audio (SRTP), which this line has with "
      "srtp=optional or required only" },
  { "415 Unsupported Media Type", "Warning: 399 pbx \"srtp is mandatory\"\r\n",
      NULL, FALSE, GST_RESOURCE_ERROR_OPEN_READ_WRITE, 0,
      "The far end wants encrypted audio (SRTP), which this line has with "
      "srtp=optional or required only" },
  { "302 Moved", "Contact: <sips:you@192.0.2.1>\r\n", NULL, FALSE,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, 0,
      "The far end wants an encrypted connection: call it by TLS "
      "(;transport=tls)" },
  { "494 Security Agreement Required", NULL, NULL, FALSE,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE, 0,
      "The far end wants an encrypted connection: call it by TLS "
      "(;transport=tls)" },
};

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    guint retry_after = 0;
    Line line;

    line_call (&line, peer, "eos");
    g_autofree gchar *invite = assert_message (peer, "INVITE ");
    sip_peer_respond (peer, invite, refusals[i].answer, refusals[i].headers,
        refusals[i].body);
    skip_message (peer, "ACK ");
    g_autoptr (GstMessage) message = expect_state (&line, "ended");
    const GstStructure *s = gst_message_get_structure (message);
    g_assert_cmpstr (gst_structure_get_string (s, "cause"), ==,
        refusals[i].cause);
    g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, "peer");
    g_assert_true (gst_structure_get_uint (s, "retry-after", &retry_after));
    g_assert_cmpuint (retry_after, ==, refusals[i].retry_after);
    assert_error (&line,
        refusals[i].stream_error ? GST_STREAM_ERROR : GST_RESOURCE_ERROR,
        refusals[i].code);
    line_stop (&line);
  }
}

/* A 200 that takes the call but not its audio. */
static void
test_accepted_with_srtp (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_call (&line, peer, "eos");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "200 OK", NULL, SRTP_ONLY);
  assert_cause (&line, "us", 200,
      "The far end wants encrypted audio (SRTP), which this line has with "
      "srtp=optional or required only");
  line_stop (&line);
}

/* Nothing came back: only that is unreachable. */
static void
test_unreachable (gconstpointer transport)
{
  g_autofree gchar *settings = g_strdup_printf (
      "local-uri=sip:me@127.0.0.1:PORT uri=sip:you@127.0.0.1:9;transport=%s",
      (const gchar *) transport);
  Line line;

  line_start_on (&line, free_port (), settings);
  g_autoptr (GstMessage) message = expect_state (&line, "ended");
  const GstStructure *s = gst_message_get_structure (message);
  const gchar *cause = gst_structure_get_string (s, "cause");
  /* No server said anything: none was unavailable. */
  if (!g_str_equal (cause,
          "The far end cannot be reached: nothing takes calls "
          "at its address, or no way leads there") &&
      !g_str_equal (cause, "The far end does not react"))
    g_error ("%s", cause);
  g_assert_cmpstr (gst_structure_get_string (s, "by"), ==, "network");
  line_stop (&line);
}

static void
test_other_family (void)
{
  Line line;

  line_start_on (&line, free_port (),
      "local-uri=sip:me@127.0.0.1:PORT uri=sip:you@[::1]:9");
  g_autoptr (GstMessage) message = expect_state (&line, "ended");
  const gchar *cause =
      gst_structure_get_string (gst_message_get_structure (message), "cause");
  g_assert_nonnull (strstr (cause, "IPv4"));
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_timeout = TIMEOUT;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-ends/never-any-audio", test_never_any_audio);
  g_test_add_func ("/sipcall-ends/no-audio-any-more", test_no_audio_any_more);
  g_test_add_data_func ("/sipcall-ends/no-ack", WAITING, test_no_ack);
  g_test_add_data_func ("/sipcall-ends/no-ack-nor-audio",
      WAITING " media-timeout=100", test_no_ack);
  g_test_add_func ("/sipcall-ends/refused", test_refused);
  g_test_add_func ("/sipcall-ends/accepted-with-srtp", test_accepted_with_srtp);
  g_test_add_data_func ("/sipcall-ends/unreachable/udp", "udp",
      test_unreachable);
  g_test_add_data_func ("/sipcall-ends/unreachable/tcp", "tcp",
      test_unreachable);
  g_test_add_func ("/sipcall-ends/other-family", test_other_family);
  return g_test_run ();
}
