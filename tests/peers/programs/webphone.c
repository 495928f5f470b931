/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Callers over WebRTC, for tests: each offers as a browser does, by HTTP, and says
 * what became of it, one line a fact. Any number of them at once. */

#define GST_USE_UNSTABLE_API
#include "packetfiles.h"
#include "webrelay.h"

#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gint calls = 1, seconds = 5, interval = 50, payload = 111, loss, jitter;
static gchar *play, *record, *token, *codec, *packets;
static gboolean forge, channel, abandon, quiet, trip;

static const GOptionEntry options[] = {
  { "calls", 'n', 0, G_OPTION_ARG_INT, &calls, "How many, at once", "N" },
  { "seconds", 't', 0, G_OPTION_ARG_INT, &seconds, "How long each lasts", "S" },
  { "interval", 'i', 0, G_OPTION_ARG_INT, &interval, "ms between two", "MS" },
  { "play", 'p', 0, G_OPTION_ARG_STRING, &play, "WAV file to say", "FILE" },
  { "record", 'r', 0, G_OPTION_ARG_STRING, &record, "WAV file of what is heard",
      "FILE" },
  { "codec", 'c', 0, G_OPTION_ARG_STRING, &codec, "opus, pcmu or pcma",
      "NAME" },
  { "packets", 0, 0, G_OPTION_ARG_STRING, &packets,
      "Folder for each packet said and heard", "DIR" },
  { "payload", 0, 0, G_OPTION_ARG_INT, &payload, "Payload type of Opus", "PT" },
  { "token", 0, 0, G_OPTION_ARG_STRING, &token, "Bearer token", "TOKEN" },
  { "loss", 0, 0, G_OPTION_ARG_INT, &loss, "Packets lost, in a hundred", "N" },
  { "jitter", 0, 0, G_OPTION_ARG_INT, &jitter, "Packets 0 to MS late", "MS" },
  { "forge", 0, 0, G_OPTION_ARG_NONE, &forge, "Offer another fingerprint",
      NULL },
  { "channel", 0, 0, G_OPTION_ARG_NONE, &channel, "Open oai-events", NULL },
  { "abandon", 0, 0, G_OPTION_ARG_NONE, &abandon, "Vanish without DELETE",
      NULL },
  { "trip", 0, 0, G_OPTION_ARG_NONE, &trip,
      "Say a tick a second and time its echo", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Only the summary", NULL },
  { NULL },
};

typedef struct
{
  guint number;
  GstElement *pipeline, *webrtc;
  GObject *channel;
  WebRelay *relay;
  gchar *location;
  gint64 posted, answered, heard; /* us; 0 = not yet */
  gint packets; /* atomic */
  guint status;
  gboolean offering, over;
  gint64 ticked; /* trips_lock; us, 0 = no tick is on its way */
} Phone;

static GMainLoop *loop;
static SoupSession *http;
static GUri *uri;
static Phone *phones;
static gint left;
static GMutex trips_lock;
static GArray *trips; /* trips_lock; gint64, us */

static void say (const Phone *phone, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static void
say (const Phone *phone, const gchar *format, ...)
{
  va_list args;

  if (quiet)
    return;
  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("%u %s\n", phone->number, text);
}

/* ---- Ending */

static void
finish (Phone *phone)
{
  if (phone->over)
    return;
  phone->over = TRUE;
  say (phone, "packets %d", g_atomic_int_get (&phone->packets));
  if (g_atomic_int_get (&phone->packets) > 0)
    gst_element_send_event (phone->pipeline, gst_event_new_eos ());
  g_clear_object (&phone->channel);
  if (--left == 0)
    g_main_loop_quit (loop);
}

static void
on_deleted (GObject *session, GAsyncResult *result, gpointer data)
{
  GBytes *body =
      soup_session_send_and_read_finish (SOUP_SESSION (session), result, NULL);

  g_clear_pointer (&body, g_bytes_unref);
  finish (data);
}

static SoupMessage *
request (const gchar *method, const gchar *path, const gchar *body,
    const gchar *type)
{
  g_autoptr (GUri) target =
      path ? g_uri_parse_relative (uri, path, 0, NULL) : g_uri_ref (uri);
  SoupMessage *message = soup_message_new_from_uri (method, target);

  if (body) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
    soup_message_set_request_body_from_bytes (message, type, bytes);
  }
  if (token) {
    g_autofree gchar *value = g_strconcat ("Bearer ", token, NULL);
    soup_message_headers_append (soup_message_get_request_headers (message),
        "Authorization", value);
  }
  return message;
}

static gboolean
hang_up (gpointer data)
{
  Phone *phone = data;

  if (phone->over)
    return G_SOURCE_REMOVE;
  if (!phone->location || abandon) {
    finish (phone);
    return G_SOURCE_REMOVE;
  }
  g_autoptr (SoupMessage) message =
      request ("DELETE", phone->location, NULL, NULL);
  soup_session_send_and_read_async (http, message, G_PRIORITY_DEFAULT, NULL,
      on_deleted, phone);
  return G_SOURCE_REMOVE;
}

/* ---- Media */

static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Phone *phone = data;

  if (g_atomic_int_add (&phone->packets, 1) == 0)
    phone->heard = g_get_monotonic_time ();
  return GST_PAD_PROBE_OK;
}

static gboolean
is_loud (GstBuffer *buffer)
{
  GstMapInfo map;
  gint peak = 0;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return FALSE;
  for (gsize i = 0; i < map.size / sizeof (gint16); i++)
    peak = MAX (peak, ABS (((const gint16 *) map.data)[i]));
  gst_buffer_unmap (buffer, &map);
  return peak > 2000;
}

/* Before the encoder: the tick is the first sound of its frame. */
static GstPadProbeReturn
on_said (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Phone *phone = data;

  if (!is_loud (GST_PAD_PROBE_INFO_BUFFER (info)))
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&trips_lock);
  phone->ticked = g_get_monotonic_time ();
  g_mutex_unlock (&trips_lock);
  return GST_PAD_PROBE_OK;
}

/* Behind the decoder. */
static GstPadProbeReturn
on_heard (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Phone *phone = data;

  if (!is_loud (GST_PAD_PROBE_INFO_BUFFER (info)))
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&trips_lock);
  gint64 took = g_get_monotonic_time () - phone->ticked;
  /* What was said before the connection stood waited for it. */
  if (phone->ticked && g_atomic_int_get (&phone->packets) > 75)
    g_array_append_val (trips, took);
  phone->ticked = 0;
  g_mutex_unlock (&trips_lock);
  return GST_PAD_PROBE_OK;
}

/* The sink pad of the element called @name. */
static void
watch_pad (GstElement *bin, const gchar *name, GstPadProbeCallback callback,
    Phone *phone)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (bin), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, phone, NULL);
}

static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer data)
{
  Phone *phone = data;
  const gchar *decoder = !strcmp (codec, "pcmu")
      ? "rtppcmudepay ! mulawdec name=opener"
      : !strcmp (codec, "pcma") ? "rtppcmadepay ! alawdec name=opener"
                                : "rtpopusdepay ! opusdec name=opener plc=true";
  g_autofree gchar *text = record
      ? g_strdup_printf ("%s ! audioconvert ! audioresample ! "
                         "audio/x-raw,rate=16000,channels=1 ! wavenc ! "
                         "filesink location=%s async=false",
            decoder, record)
      : g_strdup_printf ("%s ! fakesink name=heard async=false", decoder);

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  GstElement *bin = gst_parse_bin_from_description (text, TRUE, NULL);
  gst_bin_add (GST_BIN (phone->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (bin, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, phone, NULL);
  if (trip)
    watch_pad (bin, "heard", on_heard, phone);
  if (packets)
    packet_files_write (bin, "opener", packets, "heard");
  gst_pad_link (pad, sink);
}

static void
on_message_string (GObject *self, const gchar *text, gpointer data)
{
  say (data, "event %s", text);
}

static void
on_state (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  Phone *phone = data;
  GstWebRTCPeerConnectionState state;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    say (phone, "connected %" G_GINT64_FORMAT " us",
        g_get_monotonic_time () - phone->posted);
}

/* ---- Offer and answer */

/* The first candidate becomes the relay's, the others go. */
static gchar *
through_relay (Phone *phone, const gchar *sdp)
{
  g_autoptr (GRegex) one = g_regex_new ("a=candidate:\\S+ 1 UDP \\d+ "
                                        "(\\d+\\.\\S+) (\\d+) typ host",
      G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GRegex) all = g_regex_new ("a=candidate:[^\r]*\r\n", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (one, sdp, 0, &match))
    return g_strdup (sdp);
  g_autofree gchar *host = g_match_info_fetch (match, 1);
  g_autofree gchar *port = g_match_info_fetch (match, 2);
  phone->relay = web_relay_new (host, (guint16) atoi (port), loss, jitter);
  g_autofree gchar *bare = g_regex_replace (all, sdp, -1, 0, "", 0, NULL);
  g_autofree gchar *line =
      g_strdup_printf ("a=candidate:1 1 UDP 2015363327 %s %u typ host\r\n"
                       "m=application",
          host, web_relay_get_port (phone->relay));
  GString *text = g_string_new (bare);
  if (g_string_replace (text, "m=application", line, 1) == 0)
    g_string_append_len (text, line, (gssize) strlen (line) - 13);
  return g_string_free (text, FALSE);
}

/* For a far end that is to know of the relay only. */
static gchar *
without_candidates (const gchar *sdp)
{
  g_autoptr (GRegex) all = g_regex_new ("a=candidate:[^\r]*\r\n", 0, 0, NULL);

  return g_regex_replace (all, sdp, -1, 0, "", 0, NULL);
}

static void
take_answer (Phone *phone, const gchar *text)
{
  g_autofree gchar *mended =
      loss || jitter ? through_relay (phone, text) : g_strdup (text);
  GstSDPMessage *sdp;

  if (gst_sdp_message_new_from_text (mended, &sdp) != GST_SDP_OK) {
    say (phone, "the answer is no SDP");
    return;
  }
  GstWebRTCSessionDescription *answer =
      gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  g_signal_emit_by_name (phone->webrtc, "set-remote-description", answer, NULL);
  gst_webrtc_session_description_free (answer);
}

static void
on_posted (GObject *session, GAsyncResult *result, gpointer data)
{
  Phone *phone = data;
  SoupMessage *message =
      soup_session_get_async_result_message (SOUP_SESSION (session), result);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body =
      soup_session_send_and_read_finish (SOUP_SESSION (session), result,
          &error);

  phone->answered = g_get_monotonic_time ();
  phone->status = soup_message_get_status (message);
  if (phone->status == 503 && error == NULL)
    say (phone, "busy");
  if (phone->status != 201) {
    say (phone, "status %u %.*s", phone->status,
        body ? (int) g_bytes_get_size (body) : 0,
        body ? (const gchar *) g_bytes_get_data (body, NULL) : "");
    finish (phone);
    return;
  }
  phone->location = g_strdup (
      soup_message_headers_get_one (soup_message_get_response_headers (message),
          "Location"));
  say (phone, "answered %" G_GINT64_FORMAT " us",
      phone->answered - phone->posted);
  g_autofree gchar *text =
      g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  take_answer (phone, text);
  g_timeout_add_seconds ((guint) seconds, hang_up, phone);
}

static gchar *
forged (const gchar *sdp)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("(a=fingerprint:\\S+ )\\S{8}", 0, 0, NULL);

  return g_regex_replace (regex, sdp, -1, 0, "\\g<1>00:11:22", 0, NULL);
}

static gboolean
post_offer (gpointer data)
{
  Phone *phone = data;
  GstWebRTCSessionDescription *local = NULL;
  GstWebRTCICEGatheringState gathering;

  g_object_get (phone->webrtc, "local-description", &local,
      "ice-gathering-state", &gathering, NULL);
  if (!local || gathering != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE) {
    g_clear_pointer (&local, gst_webrtc_session_description_free);
    return G_SOURCE_CONTINUE;
  }
  g_autofree gchar *text = gst_sdp_message_as_text (local->sdp);
  g_autofree gchar *body = forge ? forged (text)
      : loss || jitter           ? without_candidates (text)
                                 : g_strdup (text);
  gst_webrtc_session_description_free (local);
  g_autoptr (SoupMessage) message =
      request ("POST", NULL, body, "application/sdp");
  phone->posted = g_get_monotonic_time ();
  soup_session_send_and_read_async (http, message, G_PRIORITY_DEFAULT, NULL,
      on_posted, phone);
  return G_SOURCE_REMOVE;
}

static void
on_offer (GstPromise *promise, gpointer data)
{
  Phone *phone = data;
  GstWebRTCSessionDescription *offer = NULL;

  gst_structure_get (gst_promise_get_reply (promise), "offer",
      GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  gst_promise_unref (promise);
  g_signal_emit_by_name (phone->webrtc, "set-local-description", offer, NULL);
  gst_webrtc_session_description_free (offer);
  g_timeout_add (2, post_offer, phone);
}

static gboolean
offer (gpointer data)
{
  Phone *phone = data;

  g_signal_emit_by_name (phone->webrtc, "create-offer", NULL,
      gst_promise_new_with_change_func (on_offer, phone, NULL));
  return G_SOURCE_REMOVE;
}

/* webrtcbin can offer once it knows what it is to send. */
static void
on_negotiation_needed (GstElement *webrtc, gpointer data)
{
  Phone *phone = data;

  if (!phone->offering)
    g_timeout_add (0, offer, phone);
  phone->offering = TRUE;
}

static GstBusSyncReply
on_bus (GstBus *bus, GstMessage *message, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    say (data, "error %s", error->message);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* ---- Pipelines */

static gchar *
sender_text (void)
{
  g_autofree gchar *source = play
      ? g_strdup_printf ("filesrc location=%s ! wavparse ! audioconvert ! "
                         "audioresample ! clocksync",
            play)
      : g_strdup_printf ("audiotestsrc is-live=true freq=440 volume=0.2 "
                         "samplesperbuffer=960 wave=%s",
            trip ? "ticks" : "sine");
  const gchar *law = !strcmp (codec, "pcmu")
      ? "mulawenc ! rtppcmupay name=payer"
      : !strcmp (codec, "pcma") ? "alawenc ! rtppcmapay name=payer"
                                : NULL;

  if (law)
    return g_strdup_printf ("%s ! audio/x-raw,rate=8000,channels=1 ! %s "
                            "min-ptime=20000000 max-ptime=20000000",
        source, law);
  return g_strdup_printf (
      "%s ! audio/x-raw,rate=48000,channels=1 ! opusenc name=said ! "
      "rtpopuspay name=payer pt=%d ! application/x-rtp,media=audio,"
      "encoding-name=OPUS,payload=%d",
      source, payload, payload);
}

static gboolean
begin (gpointer data)
{
  Phone *phone = data;
  g_autofree gchar *sender = sender_text ();
  g_autofree gchar *text =
      g_strdup_printf ("webrtcbin name=web latency=20 bundle-policy=max-bundle "
                       "%s ! web.",
          sender);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;

  phone->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (phone->pipeline);
  if (trip)
    watch_pad (phone->pipeline, "said", on_said, phone);
  if (packets)
    packet_files_write (phone->pipeline, "payer", packets, "said");
  phone->webrtc = gst_bin_get_by_name (GST_BIN (phone->pipeline), "web");
  g_object_get (phone->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (phone->pipeline);
  gst_bus_set_sync_handler (bus, on_bus, phone, NULL);
  g_signal_connect (phone->webrtc, "pad-added", G_CALLBACK (on_pad_added),
      phone);
  g_signal_connect (phone->webrtc, "notify::connection-state",
      G_CALLBACK (on_state), phone);
  g_signal_connect (phone->webrtc, "on-negotiation-needed",
      G_CALLBACK (on_negotiation_needed), phone);
  gst_element_set_state (phone->pipeline, GST_STATE_READY);
  if (channel) {
    g_signal_emit_by_name (phone->webrtc, "create-data-channel", "oai-events",
        NULL, &phone->channel);
    g_signal_connect (phone->channel, "on-message-string",
        G_CALLBACK (on_message_string), phone);
  }
  gst_element_set_state (phone->pipeline, GST_STATE_PLAYING);
  return G_SOURCE_REMOVE;
}

/* ---- Summary */

static gint
compare (gconstpointer a, gconstpointer b)
{
  return (*(const gint64 *) a > *(const gint64 *) b) -
      (*(const gint64 *) a < *(const gint64 *) b);
}

static void
print_times (const gchar *name, GArray *times)
{
  guint n = times->len;

  g_array_sort (times, compare);
  if (n)
    g_print ("%s n %u p50 %.1f p95 %.1f max %.1f ms\n", name, n,
        g_array_index (times, gint64, n / 2) / 1000.0,
        g_array_index (times, gint64, n * 95 / 100) / 1000.0,
        g_array_index (times, gint64, n - 1) / 1000.0);
}

static void
summarize (const gchar *name, gsize field)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint i = 0; i < calls; i++) {
    gint64 at = G_STRUCT_MEMBER (gint64, &phones[i], field);
    gint64 took = at - phones[i].posted;
    if (at && phones[i].status == 201)
      g_array_append_val (times, took);
  }
  print_times (name, times);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context =
      g_option_context_new ("URL - calls a whipserver");
  g_autoptr (GError) error = NULL;
  gint good = 0;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 ||
      !(uri = g_uri_parse (argv[1], 0, &error))) {
    g_printerr ("webphone: %s\n", error ? error->message : "URL is missing");
    return 2;
  }
  if (!codec)
    codec = g_strdup ("opus");
  trips = g_array_new (FALSE, FALSE, sizeof (gint64));
  loop = g_main_loop_new (NULL, FALSE);
  http = soup_session_new_with_options ("max-conns-per-host", 100, "max-conns",
      200, NULL);
  phones = g_new0 (Phone, calls);
  left = calls;
  for (gint i = 0; i < calls; i++) {
    phones[i].number = (guint) i;
    g_timeout_add ((guint) (i * interval), begin, &phones[i]);
  }
  g_main_loop_run (loop);
  for (gint i = 0; i < calls; i++) {
    good += phones[i].packets > 0;
    g_autoptr (GstBus) bus = gst_element_get_bus (phones[i].pipeline);
    if (record)
      g_usleep (200000);
    /* One that never connected holds its source for ever. */
    if (phones[i].packets > 0)
      gst_element_set_state (phones[i].pipeline, GST_STATE_NULL);
    gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
    g_clear_pointer (&phones[i].relay, web_relay_free);
    g_free (phones[i].location);
  }
  summarize ("answer", G_STRUCT_OFFSET (Phone, answered));
  summarize ("first-packet", G_STRUCT_OFFSET (Phone, heard));
  print_times ("trip", trips);
  g_print ("good %d of %d\n", good, calls);
  fflush (stdout);
  _exit (good == calls ? 0 : 1);
}
