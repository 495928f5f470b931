/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whoever follows calls on the bus asks for no channel: a phone's and a browser's are
 * told of in the same fields and words. */

#include "elements/whip/whipcaller.h"

#include "mock/sippeer.h"

#define NAME "support"

/* ---- One who subscribes to voice/call, and to nothing else */

typedef struct
{
  GString *states; /* of the one call, or of who was refused */
  gchar *call_id;
  GstStructure *last;
} Follower;

/* Every field is there, in every state, of its type. */
static void
assert_whole (const GstStructure *s)
{
  static const gchar *const texts[] = { "state", "call-id", "channel",
    "session", "line", "direction", "from", "to", "display-name", "source",
    "admitted", "trunk", "by", "cause" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!gst_structure_get_string (s, texts[i]))
      g_error ("no %s: %s", texts[i], gst_structure_to_string (s));
  g_assert_true (gst_structure_has_field_typed (s, "status", G_TYPE_UINT));
  g_assert_true (
      gst_structure_has_field_typed (s, "running-time", G_TYPE_UINT64));
}

static void
follow (Follower *self, const GstStructure *s)
{
  const gchar *call_id = gst_structure_get_string (s, "call-id");

  assert_whole (s);
  if (!self->call_id)
    self->call_id = g_strdup (call_id);
  g_assert_cmpstr (call_id, ==, self->call_id);
  if (self->states->len)
    g_string_append_c (self->states, ' ');
  g_string_append (self->states, gst_structure_get_string (s, "state"));
  g_clear_pointer (&self->last, gst_structure_free);
  self->last = gst_structure_copy (s);
}

/* All that is said up to @state. */
static void
follow_until (Follower *self, GstElement *pipeline, const gchar *state)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  *self = (Follower){ .states = g_string_new (NULL) };
  while (!g_str_has_suffix (self->states->str, state)) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
        SOON * GST_MSECOND, GST_MESSAGE_ELEMENT);
    if (!message)
      g_error ("not %s, but: %s", state, self->states->str);
    if (gst_message_has_name (message, "voice/call"))
      follow (self, gst_message_get_structure (message));
  }
}

static void
assert_text (const Follower *self, const gchar *field, const gchar *text)
{
  g_assert_cmpstr (gst_structure_get_string (self->last, field), ==, text);
}

static void
follower_clear (Follower *self)
{
  g_string_free (self->states, TRUE);
  g_free (self->call_id);
  gst_structure_free (self->last);
}

/* ---- What both channels are expected to say */

static void
check_call (GstElement *pipeline, const gchar *channel, const gchar *by)
{
  Follower calls;

  follow_until (&calls, pipeline, "ended");
  g_assert_cmpstr (calls.states->str, ==, "ringing answered ended");
  g_assert_cmpuint (strlen (calls.call_id), >, 0);
  assert_text (&calls, "channel", channel);
  assert_text (&calls, "direction", "incoming");
  assert_text (&calls, "line", NAME);
  assert_text (&calls, "by", by);
  g_assert_nonnull (
      strstr (gst_structure_get_string (calls.last, "from"), "127.0.0.1"));
  g_assert_nonnull (strstr (gst_structure_get_string (calls.last, "to"), NAME));
  g_assert_cmpuint (strlen (gst_structure_get_string (calls.last, "cause")), >,
      0);
  follower_clear (&calls);
}

static void
check_refused (GstElement *pipeline, const gchar *channel)
{
  Follower calls;
  guint status = 0;

  follow_until (&calls, pipeline, "refused");
  g_assert_cmpstr (calls.states->str, ==, "refused");
  gst_structure_get_uint (calls.last, "status", &status);
  g_assert_cmpuint (status, ==, 404);
  assert_text (&calls, "channel", channel);
  assert_text (&calls, "direction", "incoming");
  assert_text (&calls, "line", "nobody");
  assert_text (&calls, "by", "us");
  g_assert_true (
      g_str_has_prefix (gst_structure_get_string (calls.last, "address"),
          "127.0.0.1:"));
  follower_clear (&calls);
}

static void
hang_up_here (GstElement *element)
{
  gboolean done = FALSE;

  g_signal_emit_by_name (element, "hang-up", &done);
  g_assert_true (done);
}

/* A call is up when its line says so. */
static void
wait_until_up (GstElement *element, const gchar *field, const gchar *up)
{
  for (guint i = 0; i < SOON / 5; i++) {
    g_autoptr (GstStructure) stats = NULL;
    g_object_get (element, "stats", &stats, NULL);
    g_autofree gchar *value =
        gst_value_serialize (gst_structure_get_value (stats, field));
    if (g_str_equal (value, up))
      return;
    g_usleep (5000);
  }
  g_error ("%s is not %s", field, up);
}

/* ---- By phone */

typedef struct
{
  GstElement *pipeline, *src;
  guint port;
} Phone;

static void
phone_start (Phone *self, SipPeer *peer)
{
  g_autoptr (GError) error = NULL;

  self->port = free_port ();
  g_autofree gchar *text = g_strdup_printf (
      "sipsrc name=s on-hangup=wait local-uri=sip:" NAME
      "@127.0.0.1:%u rtp-port-range=27000-27999 ! fakesink sync=false",
      self->port);
  self->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  self->src = gst_bin_get_by_name (GST_BIN (self->pipeline), "s");
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 200; i++) {
    sip_peer_begin (peer, "", self->port);
    sip_peer_request (peer, "OPTIONS", NULL, NULL);
    g_autofree gchar *answer = sip_peer_wait (peer, "SIP/2.0 200", 50);
    if (answer)
      return;
  }
  g_error ("no line");
}

static void
phone_stop (Phone *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->src);
  gst_object_unref (self->pipeline);
}

static void
expect (SipPeer *peer, const gchar *start)
{
  g_autofree gchar *message = sip_peer_wait (peer, start, SOON);

  if (!message)
    g_error ("no %s", start);
}

static void
dial (SipPeer *peer, Phone *phone, const gchar *user, const gchar *answer)
{
  sip_peer_begin (peer, user, phone->port);
  sip_peer_request (peer, "INVITE", NULL, sip_peer_sdp (peer, 0, "sendrecv"));
  expect (peer, answer);
  sip_peer_request (peer, "ACK", NULL, NULL);
}

static void
test_phone (void)
{
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Phone phone;

  phone_start (&phone, peer);
  dial (peer, &phone, NAME, "SIP/2.0 200");
  wait_until_up (phone.src, "state", "answered");
  sip_peer_request (peer, "BYE", NULL, NULL);
  check_call (phone.pipeline, "sip", "peer");
  dial (peer, &phone, "nobody", "SIP/2.0 404");
  check_refused (phone.pipeline, "sip");
  dial (peer, &phone, NAME, "SIP/2.0 200");
  wait_until_up (phone.src, "state", "answered");
  hang_up_here (phone.src);
  check_call (phone.pipeline, "sip", "us");
  phone_stop (&phone);
}

/* ---- By browser */

static void
browse (Line *line, gboolean hangs_up)
{
  Caller caller = { .path = "/whip/" NAME };

  caller_init (&caller, "", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV,
      FALSE);
  caller_call (&caller, line);
  wait_until_up (line->server, "connected", "true");
  if (!hangs_up) {
    hang_up_here (line->server);
    g_clear_pointer (&caller.session, g_free);
  }
  caller_end (&caller, line);
}

static void
test_browser (void)
{
  Line line;

  line_launch (&line, free_port (), WAITING " line=" NAME,
      "webrtcbin name=web audiotestsrc is-live=true ! opusenc ! rtpopuspay ! "
      "web.");
  line_wait (&line);
  browse (&line, TRUE);
  check_call (line.pipeline, "webrtc", "peer");
  ask (line.port, "POST", "/whip/nobody", "application/sdp", offer, 404);
  check_refused (line.pipeline, "webrtc");
  line_wait (&line);
  browse (&line, FALSE);
  check_call (line.pipeline, "webrtc", "us");
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  whip_test_begin (&argc, &argv);
  g_test_add_func ("/callwords/phone", test_phone);
  g_test_add_func ("/callwords/browser", test_browser);
  return whip_test_run ();
}
