/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call between two lines whose pads carry packets of Opus: byte for byte where the
 * call is one of Opus, else coded on one side of it. And one that has audio, and other
 * codecs in the middle. */

#include "sip/codec/codectable.h"
#include "sip/gstsip.h"

#include "freeport.h"
#include "mock/sipline.h"
#include "../../../syntheticvoice.h"

#define N_PACKETS 100

typedef struct
{
  GstElement *pipeline;
  GstBus *bus;
  GstPad *pad; /* into its sipsink */
  GThread *speaker;
  gint16 *samples;
  GPtrArray *sent; /* GBytes */

  GMutex lock; /* of the one below */
  GPtrArray *heard;
} Party;

static GPtrArray *
make_packets (guint seed)
{
  GPtrArray *packets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree gpointer encoder = rtp_codec_opus.encoder_new (16000);

  for (guint k = 0; k < N_PACKETS; k++) {
    gint16 samples[320];
    guint8 payload[1275];
    for (guint i = 0; i < 320; i++)
      samples[i] = synthetic_voice (seed + k * 320 + i, 16000) / 2;
    gsize size = rtp_codec_opus.encode (encoder, samples, 320, payload);
    g_ptr_array_add (packets, g_bytes_new (payload, size));
  }
  return packets;
}

static void
on_handoff (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer user)
{
  Party *self = user;
  GstMapInfo map;

  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, 20 * GST_MSECOND);
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->heard, g_bytes_new (map.data, map.size));
  g_mutex_unlock (&self->lock);
  gst_buffer_unmap (buffer, &map);
}

static void
party_start (Party *self, guint port, const gchar *settings, guint seed)
{
  g_autofree gchar *text = g_strdup_printf (
      "sipsrc local-uri=sip:127.0.0.1:%u rtp-port-range=27000-27999 %s ! "
      "capsfilter caps=audio/x-opus ! fakesink name=out sync=false "
      "signal-handoffs=true   sipsink name=in",
      port, settings);
  g_autoptr (GError) error = NULL;

  *self = (Party){ .sent = make_packets (seed),
    .heard = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
  g_mutex_init (&self->lock);
  self->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  self->bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstElement) out =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "out");
  g_autoptr (GstElement) in =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "in");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (in, "sink");
  g_signal_connect (out, "handoff", G_CALLBACK (on_handoff), self);
  self->pad = gst_pad_new ("speaker", GST_PAD_SRC);
  gst_pad_set_active (self->pad, TRUE);
  g_assert_cmpint (gst_pad_link (self->pad, sink), ==, GST_PAD_LINK_OK);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/* It is no live source: the line takes its packets as it sends them. */
static gpointer
speak (gpointer data)
{
  Party *self = data;
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("audio/x-opus, channel-mapping-family=(int)0");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->pad, gst_event_new_stream_start ("packets"));
  gst_pad_push_event (self->pad, gst_event_new_caps (caps));
  gst_pad_push_event (self->pad, gst_event_new_segment (&segment));
  for (guint i = 0; i < self->sent->len; i++) {
    GstBuffer *buffer = gst_buffer_new_wrapped_bytes (self->sent->pdata[i]);
    GST_BUFFER_PTS (buffer) = i * 20 * GST_MSECOND;
    GST_BUFFER_DURATION (buffer) = 20 * GST_MSECOND;
    g_assert_cmpint (gst_pad_push (self->pad, buffer), ==, GST_FLOW_OK);
  }
  return NULL;
}

static guint
count_heard (Party *self)
{
  g_mutex_lock (&self->lock);
  guint n = self->heard->len;
  g_mutex_unlock (&self->lock);
  return n;
}

static guint
get_transcodes (Party *self, const gchar *codec)
{
  g_autoptr (GstElement) in =
      gst_bin_get_by_name (GST_BIN (self->pipeline), "in");
  g_autoptr (GstStructure) stats = NULL;
  guint transcodes = 77;

  g_object_get (in, "stats", &stats, NULL);
  g_assert_cmpstr (gst_structure_get_string (stats, "codec"), ==, codec);
  g_assert_true (gst_structure_get_uint (stats, "transcodes", &transcodes));
  return transcodes;
}

static void
party_stop (Party *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_thread_join (self->speaker);
  gst_object_unref (self->pad);
  gst_object_unref (self->bus);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->sent);
  g_ptr_array_unref (self->heard);
  g_mutex_clear (&self->lock);
}

/* What @self heard are packets of @other, to the byte and in order. What had left before
 * @self was up is lost, and what a busy machine sends or takes too late. */
static void
assert_same_bytes (Party *self, const Party *other)
{
  guint next = 0, n_missing = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->heard->len; i++) {
    while (next < N_PACKETS &&
        !g_bytes_equal (other->sent->pdata[next], self->heard->pdata[i])) {
      next++;
      n_missing++;
    }
    g_assert_cmpuint (next, <, N_PACKETS);
    next++;
  }
  g_test_message ("%u packets, %u missing", self->heard->len, n_missing);
  g_assert_cmpuint (next, ==, N_PACKETS);
  g_assert_cmpuint (n_missing, <, 10);
  g_mutex_unlock (&self->lock);
}

static void
wait_for_packets (Party *self, guint n)
{
  const gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;

  while (count_heard (self) < n && g_get_monotonic_time () < end)
    g_usleep (5000);
  g_assert_cmpuint (count_heard (self), >=, n);
}

/* Until the last of @other's packets is there. */
static void
wait_for_last (Party *self, const Party *other)
{
  const gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;
  gboolean there = FALSE;

  while (!there && g_get_monotonic_time () < end) {
    g_mutex_lock (&self->lock);
    there = g_bytes_equal (self->heard->pdata[self->heard->len - 1],
        other->sent->pdata[N_PACKETS - 1]);
    g_mutex_unlock (&self->lock);
    g_usleep (5000);
  }
}

static void
talk (Party *a, Party *b, const gchar *codecs)
{
  const guint port = free_port ();
  g_autofree gchar *waiting =
      g_strdup_printf ("on-hangup=wait latency=1000 codecs=%s", codecs);
  g_autofree gchar *calling =
      g_strdup_printf ("%s uri=sip:you@127.0.0.1:%u", waiting, port);

  party_start (b, port, waiting, 0);
  wait_for_line (port);
  party_start (a, free_port (), calling, 7777);
  a->speaker = g_thread_new ("speaker", speak, a);
  b->speaker = g_thread_new ("speaker", speak, b);
  wait_for_packets (a, N_PACKETS - 10);
  wait_for_packets (b, N_PACKETS - 10);
}

static void
test_same_codec (void)
{
  Party a, b;

  talk (&a, &b, "opus");
  g_assert_cmpuint (get_transcodes (&a, "opus"), ==, 0);
  g_assert_cmpuint (get_transcodes (&b, "opus"), ==, 0);
  wait_for_last (&a, &b);
  wait_for_last (&b, &a);
  assert_same_bytes (&a, &b);
  assert_same_bytes (&b, &a);
  party_stop (&a);
  party_stop (&b);
}

/* The peak of what the packets @from to @to say. */
static gint
get_peak (GPtrArray *packets, guint from, guint to)
{
  g_autofree gpointer decoder = rtp_codec_opus.decoder_new (16000);
  gint peak = 0;

  for (guint k = 0; k < to; k++) {
    gint16 samples[320];
    gsize size;
    const guint8 *data = g_bytes_get_data (packets->pdata[k], &size);
    g_assert_cmpuint (rtp_codec_opus.get_duration (data, size), ==, 320);
    rtp_codec_opus.decode (decoder, data, size, samples);
    for (guint i = 0; k >= from && i < 320; i++)
      peak = MAX (peak, ABS (samples[i]));
  }
  return peak;
}

/* The call has a telephone's codec: the same is heard, in packets of our own. */
static void
test_other_codec (gconstpointer codec)
{
  Party a, b;

  talk (&a, &b, codec);
  g_assert_cmpuint (get_transcodes (&a, codec), ==, 2);
  g_assert_cmpuint (get_transcodes (&b, codec), ==, 2);
  g_mutex_lock (&b.lock);
  const gint said = get_peak (a.sent, 20, 80);
  const gint heard = get_peak (b.heard, 20, 80);
  g_mutex_unlock (&b.lock);
  g_test_message ("peak said %d, heard %d", said, heard);
  g_assert_cmpint (heard, >, said / 2);
  g_assert_cmpint (heard, <, said * 2);
  party_stop (&a);
  party_stop (&b);
}

/* ---- Caps of a line that is asked for audio follow the codec */

static gint
get_rate (Line *line)
{
  g_autoptr (GstElement) src =
      gst_bin_get_by_name (GST_BIN (line->pipeline), "s");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (src, "src");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  gint rate = 0;

  if (caps)
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  return rate;
}

static void
test_caps_follow (void)
{
  static const struct
  {
    const gchar *formats;
    gint rate;
  } offers[] = { { "0", 8000 }, { "96\r\na=rtpmap:96 opus/48000/2", 16000 },
    { "8", 8000 }, { "9", 16000 },
    { "111\r\na=rtpmap:111 opus/48000/2", 16000 }, { "0", 8000 } };
  g_autoptr (SipPeer) peer = sip_peer_new (FALSE);
  Line line;

  line_start (&line, WAITING " codecs=opus,G722,PCMA,PCMU");
  sip_peer_begin (peer, "anybody", line.port);
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    const gint64 end = g_get_monotonic_time () + SOON * G_TIME_SPAN_MILLISECOND;
    g_autofree gchar *offer =
        g_strdup_printf ("v=0\r\no=- 1 %u IN IP4 127.0.0.1\r\ns=-\r\n"
                         "c=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                         "m=audio 9 RTP/AVP %s\r\n",
            i + 1, offers[i].formats);
    sip_peer_request (peer, "INVITE", NULL, offer);
    skip_message (peer, "SIP/2.0 200");
    sip_peer_request (peer, "ACK", NULL, NULL);
    while (get_rate (&line) != offers[i].rate && g_get_monotonic_time () < end)
      g_usleep (5000);
    g_assert_cmpint (get_rate (&line), ==, offers[i].rate);
  }
  bye (peer);
  line_stop (&line);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GST_ELEMENT_REGISTER (sipsrc, NULL);
  GST_ELEMENT_REGISTER (sipsink, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sipcall-packets/same-codec", test_same_codec);
  g_test_add_data_func ("/sipcall-packets/g711", "PCMU", test_other_codec);
  g_test_add_data_func ("/sipcall-packets/g722", "G722", test_other_codec);
  g_test_add_func ("/sipcall-packets/caps-follow", test_caps_follow);
  return g_test_run ();
}
