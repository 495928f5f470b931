/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What carriers, telephone exchanges and devices send beside the textbook: bodies of
 * several parts, other profiles, numbers, keys by INFO, requests at odd times. */

#include "sip/gstsip.h"
#include "sip/signalling/sipagent.h"

#include "mock/sipline.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <string.h>

#define MIXED "Content-Type: multipart/mixed; boundary=\"gw part\"\r\n"

static void
invite_with (SipPeer *peer, Line *line, const gchar *headers, const gchar *body)
{
  sip_peer_begin (peer, "anybody", line->port);
  sip_peer_request (peer, "INVITE", headers, body);
}

/* A telephone exchange's own part before the SDP, and a preamble. */
static gchar *
with_isup (const gchar *sdp)
{
  return g_strconcat ("for others\r\n--gw part\r\nContent-Type: "
                      "application/isup; version=itu-t92+\r\n"
                      "Content-Disposition: signal; handling=required\r\n"
                      "\r\n\x01\x11\x48\r\n--gw part\r\n"
                      "Content-Type: application/sdp\r\n\r\n",
      sdp, "\r\n--gw part--\r\n", NULL);
}

static void
assert_refused (SipPeer *peer, const gchar *start, const gchar *words)
{
  g_autofree gchar *answer = assert_message (peer, start);

  if (!strstr (answer, words))
    g_error ("no %s in %s", words, answer);
  sip_peer_request (peer, "ACK", NULL, NULL);
}

/* ---- Bodies */

static void
test_multipart_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *offer = with_isup (sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *hold = with_isup (sip_peer_sdp (peer, 8, "sendonly"));
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, MIXED, offer);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "RTP/AVP 8 101"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  sip_peer_request (peer, "INVITE", MIXED, hold);
  g_autofree gchar *held = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (held, "a=recvonly"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  bye (peer);
  line_stop (&line);
}

/* The other way round: in the 200 to our offer, and in the ACK. */
static void
test_multipart_answer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *body = with_isup (sip_peer_sdp (peer, 8, "sendrecv"));
  Line line;

  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "200 OK", MIXED, body);
  skip_message (peer, "ACK ");
  skip_state (&line, "answered");
  line_stop (&line);
  line_start (&line, WAITING);
  invite_with (peer, &line, NULL, NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", MIXED, body);
  skip_state (&line, "answered");
  line_stop (&line);
}

/* The SDP stands a level below, in one of several alternatives. */
static void
test_nested_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *inner = with_isup (sip_peer_sdp (peer, 8, "sendrecv"));
  g_autofree gchar *offer =
      g_strconcat ("--out\r\n" MIXED "\r\n", inner, "--out--\r\n", NULL);
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, "Content-Type: multipart/mixed;boundary=out\r\n",
      offer);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "RTP/AVP 8 101"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  bye (peer);
  line_stop (&line);
}

/* There is an offer, which cannot be read: ours would be a second one. */
static void
test_encoded_offer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  const gchar *body = "--gw part\r\nContent-Transfer-Encoding: base64\r\n"
                      "Content-Type: application/sdp\r\n\r\ndj0w\r\n"
                      "--gw part--\r\n";
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, MIXED, body);
  assert_refused (peer, "SIP/2.0 415", "Accept: application/sdp, multipart");
  call_in (peer, line.port);
  sip_peer_request (peer, "INVITE", MIXED, body);
  assert_refused (peer, "SIP/2.0 415", "Accept: application/sdp, multipart");
  bye (peer);
  line_stop (&line);
}

/* An answer to what we cannot read says what we can. */
static void
test_unreadable_bodies (void)
{
  static const gchar *const headers[] = { "Content-Type: text/plain\r\n",
    "Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n",
    "Content-Type: multipart/mixed\r\n",
    "Content-Type: multipart/mixed;boundary=other\r\n" };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  const gchar *accept = "Accept: application/sdp, multipart/mixed";
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    invite_with (peer, &line, headers[i], sip_peer_sdp (peer, 0, "sendrecv"));
    assert_refused (peer, "SIP/2.0 415", accept);
  }
  call_in (peer, line.port);
  sip_peer_request (peer, "INVITE", headers[0], "x");
  assert_refused (peer, "SIP/2.0 415", accept);
  sip_peer_request (peer, "OPTIONS", NULL, NULL);
  g_autofree gchar *abilities = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (abilities, accept));
  bye (peer);
  line_stop (&line);
}

static gchar *
sdp_with (SipPeer *peer, const gchar *old, const gchar *new)
{
  g_auto (GStrv) parts =
      g_strsplit (sip_peer_sdp (peer, 0, "sendrecv"), old, -1);

  return g_strjoinv (new, parts);
}

/* Plain RTP in another profile is taken and answered in it, SRTP is not. */
static void
test_profiles (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *feedback = sdp_with (peer, "RTP/AVP", "RTP/AVPF");
  g_autofree gchar *secure = sdp_with (peer, "RTP/AVP", "RTP/SAVP");
  g_autofree gchar *g729 = sdp_with (peer, "AVP 0 101", "AVP 18");
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, NULL, feedback);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "RTP/AVPF 0 101"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  sip_peer_request (peer, "INVITE", NULL, secure);
  assert_refused (peer, "SIP/2.0 488", "SRTP is wanted");
  bye (peer);
  invite_with (peer, &line, NULL, secure);
  assert_refused (peer, "SIP/2.0 488", "Warning: 399 gst-voice-agent \"SRTP");
  invite_with (peer, &line, NULL, g729);
  assert_refused (peer, "SIP/2.0 488", "No codec in common");
  line_stop (&line);
}

/* ---- Names in place of addresses */

static gboolean
sends_to (Line *line, const gchar *address)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (src, "stats", &stats, NULL);
  return !g_strcmp0 (gst_structure_get_string (stats, "remote-rtp"), address);
}

static void
assert_sends_to (Line *line, const gchar *address)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (!sends_to (line, address)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_usleep (5000);
  }
}

static void
test_host_name (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *named = sdp_with (peer,
      "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=", "c=IN IP4 localhost\r\nt=0 0\r\nm=");
  g_autofree gchar *address = g_strdup_printf ("127.0.0.1:%u",
      (guint) g_ascii_strtoull (strstr (named, "audio ") + 6, NULL, 10));
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, NULL, named);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_sends_to (&line, address);
  bye (peer);
  line_stop (&line);
  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  sip_peer_respond (peer, invite, "200 OK", NULL, named);
  skip_message (peer, "ACK ");
  assert_sends_to (&line, address);
  line_stop (&line);
}

static void
assert_warning (Line *line, const gchar *words)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
      SOON * GST_MSECOND, GST_MESSAGE_WARNING);
  g_autoptr (GError) warning = NULL;

  g_assert_nonnull (message);
  gst_message_parse_warning (message, &warning, NULL);
  if (!strstr (warning->message, words))
    g_error ("no %s in %s", words, warning->message);
}

/* A label longer than DNS has: no server is asked. The call may still find its audio
 * where the signalling is, and it ends as any other. */
static void
test_unknown_host_name (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  g_autofree gchar *label = g_strnfill (70, 'a');
  g_autofree gchar *connection =
      g_strdup_printf ("c=IN IP4 %s.invalid\r\nt=0 0\r\nm=", label);
  g_autofree gchar *named =
      sdp_with (peer, "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=", connection);
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, NULL, named);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  assert_warning (&line, "Where the far end wants its audio");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* Whose names stand for what is in front of ".test", with "x" for the dots. */
G_DECLARE_FINAL_TYPE (FakeResolver, fake_resolver, FAKE, RESOLVER, GResolver)

struct _FakeResolver
{
  GResolver parent;
};

G_DEFINE_TYPE (FakeResolver, fake_resolver, G_TYPE_RESOLVER)

static void
fake_resolver_lookup_async (GResolver *resolver, const gchar *name,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  g_auto (GStrv) parts = g_strsplit (name, ".test", 2);
  GInetAddress *address =
      g_inet_address_new_from_string (g_strdelimit (parts[0], "x", '.'));

  g_assert_nonnull (address);
  g_task_return_pointer (task, g_list_append (NULL, address), NULL);
}

static GList *
fake_resolver_lookup_finish (GResolver *resolver, GAsyncResult *result,
    GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_resolver_class_init (FakeResolverClass *klass)
{
  GResolverClass *resolver = G_RESOLVER_CLASS (klass);

  resolver->lookup_by_name_async = fake_resolver_lookup_async;
  resolver->lookup_by_name_finish = fake_resolver_lookup_finish;
}

static void
fake_resolver_init (FakeResolver *self)
{
}

/* What may not stand in SDP as an address may not as a name of it. */
static void
test_host_name_of_a_group (void)
{
  static const gchar *const names[] = { "224x0x1x75.test", "239x1x2x3.test",
    "255x255x255x255.test", "0x0x0x0.test" };
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) fake = g_object_new (fake_resolver_get_type (), NULL);

  g_resolver_set_default (fake);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
    g_autofree gchar *connection =
        g_strdup_printf ("c=IN IP4 %s\r\nt=0 0\r\nm=", names[i]);
    g_autofree gchar *named =
        sdp_with (peer, "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=", connection);
    Line line;

    line_start (&line, WAITING);
    invite_with (peer, &line, NULL, named);
    skip_message (peer, "SIP/2.0 200");
    sip_peer_request (peer, "ACK", NULL, NULL);
    assert_warning (&line, "Where the far end wants its audio");
    assert_sends_to (&line, "");
    bye (peer);
    line_stop (&line);
  }
  g_resolver_set_default (before);
}

/* ---- Who calls */

static void
assert_text (const GstStructure *s, const gchar *field, const gchar *text)
{
  g_assert_cmpstr (gst_structure_get_string (s, field), ==, text);
}

static void
test_numbers (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, "local-uri=sip:+49301234@127.0.0.1:PORT on-hangup=wait");
  sip_peer_begin (peer, "anybody", line.port);
  sip_peer_set_parties (peer,
      "\"Doe, \\\"Joan\\\" \xc3\xa4\" <tel:+4940555;phone-context=x>",
      "<tel:+49-30-1234>", "tel:+49-30-1234");
  sip_peer_request (peer, "INVITE",
      "P-Asserted-Identity: \"Joan\" <sip:joan@example.org>\r\n"
      "P-Asserted-Identity: <tel:+4940555>\r\n",
      sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 200");
  g_autoptr (GstMessage) message = expect_state (&line, "ringing");
  const GstStructure *s = gst_message_get_structure (message);
  g_autoptr (GstStructure) headers = NULL;
  assert_text (s, "from", "tel:+4940555");
  assert_text (s, "to", "tel:+49-30-1234");
  assert_text (s, "display-name", "Doe, \"Joan\" \xc3\xa4");
  gst_structure_get (s, "headers", GST_TYPE_STRUCTURE, &headers, NULL);
  assert_text (headers, "P-Asserted-Identity",
      "\"Joan\" <sip:joan@example.org>, <tel:+4940555>");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (peer);
  assert_ended (&line, "peer", 0);
  line_stop (&line);
}

/* ---- Keys by INFO */

static const struct
{
  const gchar *type, *body;
  const gchar *digit; /* NULL: it cannot be read */
} keys[] = {
  { "application/dtmf-relay", "Signal= 5\r\nDuration= 160\r\n", "5" },
  { "Application/DTMF-Relay; x=y", "signal=*\r\nDuration=160\r\n", "*" },
  { "application/dtmf-relay", "Signal=11\r\nDuration=160\r\n", "#" },
  { "application/dtmf-relay", "Signal=10\r\n", "*" },
  { "application/dtmf-relay", "Signal=16\r\n", NULL },
  { "application/dtmf-relay", "Signal=pound\r\n", "#" },
  { "application/dtmf-relay", "Signal=12345\r\n", NULL },
  { "application/dtmf", "#", "#" },
  { "application/dtmf", "d\r\n", "D" },
  { "application/dtmf", "1", "1" },
};

static void
expect_digit (Line *line, const gchar *digit)
{
  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        SOON * GST_MSECOND, GST_MESSAGE_ELEMENT);
    if (!message)
      g_error ("no digit %s", digit);
    const GstStructure *s = gst_message_get_structure (message);
    if (!gst_structure_has_name (s, "voice/dtmf"))
      continue;
    assert_text (s, "digit", digit);
    return;
  }
}

static void
test_info (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  skip_state (&line, "answered");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree gchar *headers =
        g_strdup_printf ("Content-Type: %s\r\n", keys[i].type);
    sip_peer_request (peer, "INFO", headers, keys[i].body);
    skip_message (peer, keys[i].digit ? "SIP/2.0 200" : "SIP/2.0 400");
  }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].digit)
      expect_digit (&line, keys[i].digit);
  bye (peer);
  line_stop (&line);
}

static void
test_info_unreadable (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  sip_peer_request (peer, "INFO", NULL, NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "INFO", "Content-Type: application/dtmf\r\n", "?");
  skip_message (peer, "SIP/2.0 400");
  assert_warning (&line, "cannot be read");
  sip_peer_request (peer, "INFO", "Content-Type: text/plain\r\n", "5");
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 415");
  g_assert_nonnull (strstr (answer, "Accept: application/dtmf-relay"));
  bye (peer);
  line_stop (&line);
}

/* The keys that the application is told of until the call ends. */
static gchar *
digits_until_end (Line *line)
{
  GString *digits = g_string_new (NULL);

  for (;;) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (line->bus,
        SOON * GST_MSECOND, GST_MESSAGE_ELEMENT);
    g_assert_nonnull (message);
    const GstStructure *s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "voice/dtmf"))
      g_string_append (digits, gst_structure_get_string (s, "digit"));
    else if (!g_strcmp0 (gst_structure_get_string (s, "state"), "ended"))
      return g_string_free (digits, FALSE);
  }
}

static void
press_by_info (SipPeer *peer, const gchar *digit)
{
  sip_peer_request (peer, "INFO", "Content-Type: application/dtmf\r\n", digit);
  skip_message (peer, "SIP/2.0 200");
}

static guint64
dtmf_received (Line *line)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstStructure) stats = NULL;
  guint64 n = 0;

  g_object_get (src, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, "dtmf-received", &n);
  return n;
}

typedef struct
{
  Line line;
  GSocket *socket;
  GSocketAddress *to;
  guint16 sequence;
} KeyPhone;

/* A whole key of RFC 4733, its start and its end. Returns when it has come. */
static void
press_by_rtp (KeyPhone *self, guint8 digit)
{
  gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;
  guint64 before = dtmf_received (&self->line);

  for (guint i = 0; i < 2; i++) {
    self->sequence++;
    const guint8 packet[] = { 0x80, i ? 101 : 0x80 | 101, self->sequence >> 8,
      self->sequence & 0xff, 0, 0, digit, 0, 1, 2, 3, 4, digit,
      i ? 0x80 | 10 : 10, 0x05, 0x00 };
    g_socket_send_to (self->socket, self->to, (const gchar *) packet,
        sizeof packet, NULL, NULL);
  }
  while (dtmf_received (&self->line) == before) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_usleep (1000);
  }
}

static void
key_phone_call (KeyPhone *self, SipPeer *peer)
{
  g_autoptr (GSocketAddress) here =
      g_socket_get_local_address (self->socket, NULL);
  g_autofree gchar *sdp = g_strdup_printf (
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
      "m=audio %u RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here)));

  invite_with (peer, &self->line, NULL, sdp);
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  const gchar *port = strstr (answer, "m=audio ") + strlen ("m=audio ");
  g_clear_object (&self->to);
  self->to = g_inet_socket_address_new_from_string ("127.0.0.1",
      (guint) g_ascii_strtoull (port, NULL, 10));
  self->sequence = 0;
}

/* Some gateways send each key both ways, so that at least one is understood. */
static void
test_keys_both_ways (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  KeyPhone phone = { .socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
                         G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT,
                         NULL) };
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  g_socket_bind (phone.socket, any, FALSE, NULL);
  line_start (&phone.line, WAITING);
  key_phone_call (&phone, peer);
  press_by_rtp (&phone, 1);
  press_by_info (peer, "1");
  press_by_rtp (&phone, 2);
  press_by_info (peer, "2");
  bye (peer);
  g_autofree gchar *digits = digits_until_end (&phone.line);
  g_assert_cmpstr (digits, ==, "12");

  /* the next caller has keys by INFO alone */
  key_phone_call (&phone, peer);
  press_by_info (peer, "3");
  press_by_info (peer, "3");
  bye (peer);
  g_autofree gchar *alone = digits_until_end (&phone.line);
  g_assert_cmpstr (alone, ==, "33");
  line_stop (&phone.line);
  g_object_unref (phone.socket);
  g_object_unref (phone.to);
}

/* ---- Requests at odd times */

static void
test_update_while_ringing (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " answer-mode=manual");
  invite_with (peer, &line, NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 180");
  skip_state (&line, "ringing");
  sip_peer_request (peer, "UPDATE",
      "P-Asserted-Identity: <sip:other@example.org>\r\n", NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "UPDATE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  g_autofree gchar *refusal = assert_message (peer, "SIP/2.0 500");
  g_assert_nonnull (strstr (refusal, "\r\nRetry-After: "));
  emit (&line, "answer");
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  skip_state (&line, "answered");
  bye (peer);
  line_stop (&line);
}

/* RFC 5626 4.4.1, 5.4 */
static void
test_pong (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (TRUE);
  Line line;

  line_start (&line, WAITING);
  call_in (peer, line.port);
  for (guint i = 0; i < 2; i++) {
    sip_peer_send_raw (peer, "\r\n\r\n", 4);
    g_assert_true (sip_peer_wait_bytes (peer, "\r\n", SOON));
  }
  bye (peer);
  line_stop (&line);
}

static void
test_bye_reason (void)
{
  static const struct
  {
    const gchar *headers, *cause;
  } byes[] = {
    { "Reason: Q.850;cause=16;text=\"Normal \\\"call\\\" clearing\"\r\n",
        "Normal \"call\" clearing" },
    { "Reason: SIP;cause=200, Q.850;cause=17;text=\"User busy\"\r\n",
        "User busy" },
    { "Reason: Q.850;cause=16;text=Bye\r\n", "Bye" },
    { NULL, "The far end hung up" },
  };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  for (guint i = 0; i < G_N_ELEMENTS (byes); i++) {
    call_in (peer, line.port);
    skip_state (&line, "answered");
    sip_peer_request (peer, "BYE", byes[i].headers, NULL);
    skip_message (peer, "SIP/2.0 200");
    g_autoptr (GstMessage) ended = expect_state (&line, "ended");
    assert_text (gst_message_get_structure (ended), "cause", byes[i].cause);
  }
  line_stop (&line);
}

/* RFC 3326 3.3: why a call that rang is taken back. */
static void
test_cancel_reason (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " answer-mode=manual");
  invite_with (peer, &line, NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  skip_message (peer, "SIP/2.0 180");
  sip_peer_request (peer, "CANCEL",
      "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n", NULL);
  skip_message (peer, "SIP/2.0 487");
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autoptr (GstMessage) ended = expect_state (&line, "ended");
  assert_text (gst_message_get_structure (ended), "cause",
      "Call completed elsewhere");
  line_stop (&line);
}

/* RFC 3261 13.3.1.4: without an answer to our offer there is no call. */
static void
test_ack_without_answer (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line, NULL, NULL);
  skip_message (peer, "SIP/2.0 200");
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autofree gchar *request = assert_message (peer, "BYE ");
  sip_peer_respond (peer, request, "200 OK", NULL, NULL);
  g_autoptr (GstMessage) ended = expect_state (&line, "ended");
  const gchar *cause =
      gst_structure_get_string (gst_message_get_structure (ended), "cause");
  g_assert_nonnull (strstr (cause, "no SDP in ACK"));
  call_in (peer, line.port);
  skip_state (&line, "answered");
  bye (peer);
  line_stop (&line);
}

/* RFC 4028 7.4: what was agreed holds, not what we would have liked. */
static void
test_session_refresh (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING);
  invite_with (peer, &line,
      "Supported: timer\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n"
      "Session-Expires: 3;refresher=uas\r\n",
      sip_peer_sdp (peer, 0, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_assert_nonnull (strstr (answer, "Session-Expires: 3;refresher=uas"));
  sip_peer_request (peer, "ACK", NULL, NULL);
  g_autofree gchar *refresh = assert_message (peer, "UPDATE ");
  g_autofree gchar *expires = sip_peer_header (refresh, "Session-Expires");
  g_assert_cmpstr (expires, ==, "3;refresher=uac");
  sip_peer_respond (peer, refresh, "200 OK",
      "Session-Expires: 3;refresher=uac\r\n", NULL);
  bye (peer);
  line_stop (&line);
}

/* RFC 4028 9: who does not know of Min-SE cannot be told of it, but nobody makes us
 * refresh each second. */
static void
assert_slow_session (SipPeer *peer, const gchar *expires)
{
  sip_peer_request (peer, "INVITE", expires,
      sip_peer_sdp (peer, 0, "sendrecv"));
  g_autofree gchar *answer = assert_message (peer, "SIP/2.0 200");
  g_autofree gchar *agreed = sip_peer_header (answer, "Session-Expires");
  if (agreed && g_ascii_strtoull (agreed, NULL, 10) < 90)
    g_error ("too fast: %s", answer);
  sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
test_session_floor (void)
{
  static const gchar *const expires[] = {
    "Session-Expires: 1;refresher=uas\r\n", "Session-Expires: 1\r\n",
    "Session-Expires: 0;refresher=uas\r\n"
  };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  sip_agent_min_session = 90;
  line_start (&line, WAITING);
  for (guint i = 0; i < G_N_ELEMENTS (expires); i++) {
    sip_peer_begin (peer, "anybody", line.port);
    assert_slow_session (peer, expires[i]);
    assert_slow_session (peer, expires[i]);
    sip_peer_request (peer, "INVITE",
        "Supported: timer\r\nSession-Expires: 1\r\n",
        sip_peer_sdp (peer, 0, "sendrecv"));
    assert_refused (peer, "SIP/2.0 422", "Min-SE: 90");
    bye (peer);
    skip_state (&line, "ended");
  }
  line_stop (&line);
  line_call (&line, peer, "wait");
  g_autofree gchar *invite = assert_message (peer, "INVITE ");
  g_autofree gchar *least = sip_peer_header (invite, "Min-SE");
  g_assert_cmpstr (least, ==, "90");
  line_stop (&line);
  sip_agent_min_session = 1;
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  sip_agent_min_session = 1;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-field/multipart/offer", test_multipart_offer);
  g_test_add_func ("/sipcall-field/multipart/answer", test_multipart_answer);
  g_test_add_func ("/sipcall-field/multipart/nested", test_nested_offer);
  g_test_add_func ("/sipcall-field/multipart/encoded", test_encoded_offer);
  g_test_add_func ("/sipcall-field/unreadable-bodies", test_unreadable_bodies);
  g_test_add_func ("/sipcall-field/profiles", test_profiles);
  g_test_add_func ("/sipcall-field/host-name/known", test_host_name);
  g_test_add_func ("/sipcall-field/host-name/unknown", test_unknown_host_name);
  g_test_add_func ("/sipcall-field/host-name/of-a-group",
      test_host_name_of_a_group);
  g_test_add_func ("/sipcall-field/numbers", test_numbers);
  g_test_add_func ("/sipcall-field/info/dialects", test_info);
  g_test_add_func ("/sipcall-field/info/unreadable", test_info_unreadable);
  g_test_add_func ("/sipcall-field/info/and-rtp", test_keys_both_ways);
  g_test_add_func ("/sipcall-field/update-while-ringing",
      test_update_while_ringing);
  g_test_add_func ("/sipcall-field/pong", test_pong);
  g_test_add_func ("/sipcall-field/bye-reason", test_bye_reason);
  g_test_add_func ("/sipcall-field/cancel-reason", test_cancel_reason);
  g_test_add_func ("/sipcall-field/ack-without-answer",
      test_ack_without_answer);
  g_test_add_func ("/sipcall-field/session-refresh", test_session_refresh);
  g_test_add_func ("/sipcall-field/session-floor", test_session_floor);
  return g_test_run ();
}
