/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * SECTION:element-whipserver
 * @title: whipserver
 *
 * Lets browsers call the webrtcbin that stands in the same pipeline. It has no
 * pads: it is an HTTP server that takes offers as WHIP has it (RFC 9725), with
 * audio both ways, answers them through webrtcbin, and gives out a page to call
 * from. It also mends what a stock webrtcbin lacks: the payload type that the
 * browser chose, the comparison of its DTLS certificate, the next caller after a
 * hang-up, browsers that vanish, the end of the stream.
 *
 * The sticky event `voice-call` goes behind webrtcbin's decoder when a call begins
 * and ends. A `voice-control` event that asks for a hang-up is obeyed after the
 * last words. What an agent says and hears goes to the page on the data channel
 * `oai-events`, as server events of OpenAI's Realtime API. The event comes as soon as the
 * call is up, with made-up caps and segment if the decoder has told none yet: also a
 * browser that is muted, or only listens, is greeted.
 *
 * Any number of them share a host and port, each with its webrtcbin: a call goes to
 * one that is free. With `busy-wait` it waits for one, with `draining` none takes it.
 *
 * Each session is on the bus as `whip/session`: connecting, connected, ended; an offer
 * that never became one as refused, with who made it (from, address, transport,
 * user-agent) and why not (http-status, cause), by one of the lines of its address.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink aiagentsrc ! opusenc ! rtpopuspay ! web. whipserver on-hangup=wait
 * ]| Open http://localhost:8080 and press Call.
 */

#include "gstwhip.h"
#include "httpendpoint.h"
#include "webrtcsetup.h"

#include "common/gstlatesetting.h"
#include "common/gstvoiceevents.h"
#include "common/gstvoicetime.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (whipserver_debug);
#define GST_CAT_DEFAULT whipserver_debug

#define GST_TYPE_WHIP_SERVER (gst_whip_server_get_type ())
G_DECLARE_FINAL_TYPE (GstWhipServer, gst_whip_server, GST, WHIP_SERVER,
    GstElement)

#define BIND_TIME 500 /* ms */
/* No caller waits longer without hearing anything. */
#define LONGEST_BUSY_WAIT 30000

/* What the HTTP loop knows of the element between READY->PAUSED and back. */
typedef struct
{
  GstElement *element; /* a reference */
  HttpEndpoint *endpoint;
  WhipConfig config;
  WhipLine line;
} Registration;

struct _GstWhipServer
{
  GstElement parent;

  WebrtcPeer *peer; /* set when made, never changed */
  Registration *registration; /* state changes only */

  WhipConfig config; /* object lock */
};

enum
{
  PROP_0,
  PROP_PEER,
  PROP_LINE,
  PROP_HOST,
  PROP_PORT,
  PROP_TLS_CERTIFICATE,
  PROP_TLS_KEY,
  PROP_TOKEN,
  PROP_ALLOWED_ORIGINS,
  PROP_STUN_SERVER,
  PROP_TURN_SERVER,
  PROP_RTP_PORT_RANGE,
  PROP_EXTERNAL_ADDRESS,
  PROP_ICE_TCP,
  PROP_INACTIVITY_TIMEOUT,
  PROP_HANG_UP_DELAY,
  PROP_ON_HANGUP,
  PROP_BUSY_WAIT,
  PROP_DRAINING,
  PROP_PAGE,
  PROP_STATS,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE_WITH_CODE (GstWhipServer, gst_whip_server, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (whipserver_debug, "whipserver", 0, "WHIP server"))
GST_ELEMENT_REGISTER_DEFINE (whipserver, "whipserver", GST_RANK_NONE,
    GST_TYPE_WHIP_SERVER)

/* ---- What the session tells */

static void
on_session (GstElement *element, const WebrtcSessionEvent *event)
{
  GstWhipServer *self = GST_WHIP_SERVER (element);

  GST_OBJECT_LOCK (self);
  g_autofree gchar *line = g_strdup (self->config.line);
  gboolean waits = self->config.on_hangup == WHIP_ON_HANGUP_WAIT;
  GST_OBJECT_UNLOCK (self);
  gst_element_post_message (element,
      gst_whip_message_new_session (element, line,
          gst_voice_running_time_now (element), event));
  if (event->state != WEBRTC_SESSION_ENDED || !event->is_failure)
    return;
  /* Anybody can make an offer and spoil it: no reason to end the pipeline. */
  GST_ELEMENT_WARNING (self, RESOURCE, OPEN_READ_WRITE,
      ("A browser could not call. %s", event->cause),
      ("session %s from %s%s", event->id, event->from ? event->from : "?",
          waits ? "" : "; the line goes on waiting"));
}

static void
on_failed (GstElement *element, const GError *error)
{
  gst_element_post_message (element,
      gst_message_new_error (GST_OBJECT (element), (GError *) error, NULL));
}

static const WebrtcPeerListener listener = {
  .session = on_session,
  .failed = on_failed,
};

/* ---- Registration; HTTP loop but as said */

static Registration *
registration_new (GstWhipServer *self)
{
  Registration *registration = g_new0 (Registration, 1);

  registration->element = gst_object_ref (self);
  GST_OBJECT_LOCK (self);
  whip_config_copy (&registration->config, &self->config);
  GST_OBJECT_UNLOCK (self);
  registration->line.peer = webrtc_peer_ref (self->peer);
  registration->line.config = &registration->config;
  return registration;
}

static void
registration_begin (gpointer data)
{
  Registration *self = data;
  g_autoptr (GError) error = NULL;

  self->endpoint = http_endpoint_open (&self->config, &error);
  if (self->endpoint)
    http_endpoint_add_line (self->endpoint, &self->line);
  else
    on_failed (self->element, error);
}

static void
registration_end (gpointer data)
{
  Registration *self = data;

  if (!self->endpoint)
    return;
  http_endpoint_remove_line (self->endpoint, &self->line);
  http_endpoint_close (self->endpoint);
}

static void
registration_free (gpointer data)
{
  Registration *self = data;

  whip_config_clear (&self->config);
  webrtc_peer_unref (self->line.peer);
  gst_object_unref (self->element);
  g_free (self);
}

/* ---- State */

static void
post_settings_error (GstWhipServer *self, GError *error)
{
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_error (GST_OBJECT (self), error, NULL));
}

static gboolean
attach (GstWhipServer *self)
{
  g_autoptr (GError) error = NULL;
  WhipConfig config;

  GST_OBJECT_LOCK (self);
  whip_config_copy (&config, &self->config);
  GST_OBJECT_UNLOCK (self);
  gboolean ok = whip_config_check (&config, &error) &&
      webrtc_peer_attach (self->peer, &config, &error);
  whip_config_clear (&config);
  if (ok)
    webrtc_warm_up_begin ();
  else
    post_settings_error (self, error);
  return ok;
}

static void
stop (GstWhipServer *self)
{
  webrtc_peer_stop (self->peer);
  if (self->registration)
    io_loop_invoke (whip_loop_get (), registration_end,
        g_steal_pointer (&self->registration), registration_free);
}

static gboolean
start (GstWhipServer *self)
{
  if (!webrtc_peer_start (self->peer))
    return FALSE;
  self->registration = registration_new (self);
  /* To bind a port is no matter of the network. An error that came a moment later,
   * between two steps of a pipeline's start, is lost on gst-launch-1.0, which would
   * then wait for ever. */
  if (!io_loop_invoke_wait (whip_loop_get (), registration_begin,
          self->registration, NULL, BIND_TIME) ||
      self->registration->endpoint)
    return TRUE;
  stop (self);
  return FALSE;
}

static void
detach (GstWhipServer *self)
{
  webrtc_peer_detach (self->peer);
  webrtc_warm_up_wait ();
}

static GstStateChangeReturn
gst_whip_server_change_state (GstElement *element, GstStateChange transition)
{
  GstWhipServer *self = GST_WHIP_SERVER (element);

  if ((transition == GST_STATE_CHANGE_NULL_TO_READY && !attach (self)) ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self)))
    return GST_STATE_CHANGE_FAILURE;
  /* Ahead of webrtcbin, which in PAUSED holds whoever pushes into it. */
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    webrtc_peer_set_playing (self->peer, FALSE);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    stop (self);
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    detach (self);
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_whip_server_parent_class)
                                    ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    webrtc_peer_set_playing (self->peer, TRUE);
  return result;
}

/* The bin asks all sinks; nothing of it is ours. */
static gboolean
gst_whip_server_query (GstElement *element, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return FALSE;
  gst_query_set_latency (query, FALSE, 0, GST_CLOCK_TIME_NONE);
  return TRUE;
}

/* A source to its bin, so that `gst-launch-1.0 -e` reaches it: the call ends, and
 * with it the stream. What goes to all sinks is taken, and ignored. */
static gboolean
gst_whip_server_send_event (GstElement *element, GstEvent *event)
{
  GstWhipServer *self = GST_WHIP_SERVER (element);
  gboolean eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;

  if (eos)
    webrtc_peer_end_stream (self->peer);
  gboolean taken = eos || GST_EVENT_IS_UPSTREAM (event);
  gst_event_unref (event);
  return taken;
}

/* ---- Properties */

/* The string of a property; object lock held. */
static gchar **
string_of (GstWhipServer *self, guint id)
{
  switch (id) {
    case PROP_PEER:
      return &self->config.peer;
    case PROP_LINE:
      return &self->config.line;
    case PROP_HOST:
      return &self->config.host;
    case PROP_TLS_CERTIFICATE:
      return &self->config.tls_certificate;
    case PROP_TLS_KEY:
      return &self->config.tls_key;
    case PROP_TOKEN:
      return &self->config.token;
    case PROP_ALLOWED_ORIGINS:
      return &self->config.allowed_origins;
    case PROP_STUN_SERVER:
      return &self->config.stun_server;
    case PROP_TURN_SERVER:
      return &self->config.turn_server;
    case PROP_RTP_PORT_RANGE:
      return &self->config.rtp_port_range;
    case PROP_EXTERNAL_ADDRESS:
      return &self->config.external_address;
    case PROP_PAGE:
      return &self->config.page;
    default:
      return NULL;
  }
}

/* Nothing and "" are the same; the token then comes from the environment. */
static void
set_string (gchar **string, guint id, const gchar *value)
{
  g_free (*string);
  if (value && !*value)
    value = NULL;
  if (!value && id == PROP_TOKEN)
    value = g_getenv ("WHIP_TOKEN");
  if (!value && id == PROP_PAGE)
    value = "on";
  *string = g_strdup (value);
}

static void
gst_whip_server_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstWhipServer *self = GST_WHIP_SERVER (object);

  gst_late_setting_check (GST_ELEMENT (self), pspec, value);
  if (id == PROP_DRAINING) {
    webrtc_peer_set_draining (self->peer, g_value_get_boolean (value));
    return;
  }
  GST_OBJECT_LOCK (self);
  gchar **string = string_of (self, id);
  if (string)
    set_string (string, id, g_value_get_string (value));
  else if (id == PROP_PORT)
    self->config.port = g_value_get_uint (value);
  else if (id == PROP_ICE_TCP)
    self->config.ice_tcp = g_value_get_boolean (value);
  else if (id == PROP_INACTIVITY_TIMEOUT)
    self->config.inactivity_timeout = g_value_get_uint (value);
  else if (id == PROP_HANG_UP_DELAY)
    self->config.hang_up_delay = g_value_get_uint (value);
  else if (id == PROP_BUSY_WAIT)
    self->config.busy_wait = g_value_get_uint (value);
  else if (id == PROP_ON_HANGUP)
    self->config.on_hangup = (WhipOnHangup) g_value_get_enum (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_whip_server_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstWhipServer *self = GST_WHIP_SERVER (object);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, webrtc_peer_get_stats (self->peer));
    return;
  }
  if (id == PROP_DRAINING) {
    g_value_set_boolean (value, webrtc_peer_is_draining (self->peer));
    return;
  }
  GST_OBJECT_LOCK (self);
  gchar **string = string_of (self, id);
  if (string)
    g_value_set_string (value, *string);
  else if (id == PROP_PORT)
    g_value_set_uint (value, self->config.port);
  else if (id == PROP_ICE_TCP)
    g_value_set_boolean (value, self->config.ice_tcp);
  else if (id == PROP_INACTIVITY_TIMEOUT)
    g_value_set_uint (value, self->config.inactivity_timeout);
  else if (id == PROP_HANG_UP_DELAY)
    g_value_set_uint (value, self->config.hang_up_delay);
  else if (id == PROP_BUSY_WAIT)
    g_value_set_uint (value, self->config.busy_wait);
  else if (id == PROP_ON_HANGUP)
    g_value_set_enum (value, (gint) self->config.on_hangup);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

#define FLAGS_WRITE \
  (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define FLAGS (FLAGS_WRITE | G_PARAM_READABLE)

static void
string_spec (guint id, const gchar *name, const gchar *nick, const gchar *blurb,
    const gchar *value, GParamFlags flags)
{
  props[id] = g_param_spec_string (name, nick, blurb, value, flags);
}

static void
make_http_specs (void)
{
  string_spec (PROP_PEER, "peer", "Peer",
      "Name of the webrtcbin to serve; unset takes the only one there is", NULL,
      FLAGS);
  string_spec (PROP_LINE, "line", "Line",
      "Name of the line, as in POST /whip/NAME; unset takes calls for any name",
      NULL, FLAGS);
  string_spec (PROP_HOST, "host", "Host",
      "Numeric address of this machine to be reached at over HTTP, 0.0.0.0 for "
      "all of them",
      "127.0.0.1", FLAGS);
  props[PROP_PORT] = g_param_spec_uint ("port", "Port",
      "TCP port of the HTTP server", 1, G_MAXUINT16, 8080, FLAGS);
  string_spec (PROP_TLS_CERTIFICATE, "tls-certificate", "TLS certificate",
      "PEM file with the certificate for HTTPS, which browsers demand of every "
      "host but localhost; unset serves HTTP",
      NULL, FLAGS);
  string_spec (PROP_TLS_KEY, "tls-key", "TLS key",
      "PEM file with the private key of the certificate", NULL, FLAGS);
  string_spec (PROP_TOKEN, "token", "Token",
      "Bearer token that callers must show; unset reads WHIP_TOKEN from the "
      "environment, without which anybody may call",
      NULL, FLAGS_WRITE);
  string_spec (PROP_ALLOWED_ORIGINS, "allowed-origins", "Allowed origins",
      "Origins of other pages that may call, separated by commas, as "
      "https://example.com, or * for any",
      NULL, FLAGS);
  string_spec (PROP_PAGE, "page", "Page",
      "The call page: on, off, or a folder with an index.html of one's own",
      "on", FLAGS);
}

static void
make_ice_specs (void)
{
  string_spec (PROP_STUN_SERVER, "stun-server", "STUN server",
      "STUN server for both sides, as stun://host:port", NULL, FLAGS);
  string_spec (PROP_TURN_SERVER, "turn-server", "TURN server",
      "TURN server for both sides, as turn://user:password@host:port; callers "
      "are told the password",
      NULL, FLAGS_WRITE);
  string_spec (PROP_RTP_PORT_RANGE, "rtp-port-range", "RTP port range",
      "First and last UDP port for media, one a call; unset takes any", NULL,
      FLAGS);
  string_spec (PROP_EXTERNAL_ADDRESS, "external-address", "External address",
      "Address that browsers are told to send media to, for a machine behind "
      "NAT",
      NULL, FLAGS);
  props[PROP_ICE_TCP] = g_param_spec_boolean ("ice-tcp", "ICE over TCP",
      "Offer TCP for media, too; a caller on a slow one may hold up what feeds "
      "this line",
      FALSE, FLAGS);
}

static void
make_call_specs (void)
{
  props[PROP_INACTIVITY_TIMEOUT] = g_param_spec_uint ("inactivity-timeout",
      "Inactivity timeout",
      "How long a browser that has sent audio may send none before its call is "
      "over (ms, 0 = for ever)",
      0, G_MAXINT, 5000, FLAGS);
  props[PROP_HANG_UP_DELAY] =
      g_param_spec_uint ("hang-up-delay", "Hang-up delay",
          "Pause between the agent's last word and its hang-up, for what the "
          "browser has not played yet (ms)",
          0, 60000, 300, FLAGS);
  props[PROP_ON_HANGUP] = g_param_spec_enum ("on-hangup", "On hang-up",
      "What happens when the call is over", GST_TYPE_WHIP_ON_HANGUP,
      WHIP_ON_HANGUP_EOS, FLAGS);
  props[PROP_BUSY_WAIT] = g_param_spec_uint ("busy-wait", "Busy wait",
      "How long a call waits for a line to become free before it is told that "
      "all are busy (ms, 0 = not at all)",
      0, LONGEST_BUSY_WAIT, 0, FLAGS);
  props[PROP_DRAINING] = g_param_spec_boolean ("draining", "Draining",
      "Take no new call at the host and port, and say so: 503 to whoever calls",
      FALSE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  /**
   * GstWhipServer:stats:
   *
   * application/x-whip-stats. Of the line since it was made (uint): sessions, failures
   * (offers taken, and how many of them came to nothing), buffers-received,
   * buffers-sent (raw, as decoded and as given to the encoder), buffers-refused (that
   * webrtcbin did not take). Of this session or the last one (uint64): answer-time,
   * connect-time, first-audio-time (ns from the offer to the answer, to the verified
   * connection, to the first decoded buffer); by RTP and RTCP, a second old at most:
   * packets-sent, packets-received, packets-lost (towards us) of all media together,
   * jitter and round-trip (ns) of the medium where they are worst. in-session,
   * connected (booleans). Of the process (uint): refused-busy, refused-unknown,
   * refused-unavailable, refused-bad, calls that no line of it ever had (unknown: 404,
   * unavailable: it drains).
   */
  props[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Counters of the line; times (ns) and RTP packets of its last session",
      GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

/* ---- Object */

static gboolean
gst_whip_server_hang_up (GstWhipServer *self)
{
  return webrtc_peer_hang_up (self->peer);
}

static void
gst_whip_server_finalize (GObject *object)
{
  GstWhipServer *self = GST_WHIP_SERVER (object);

  whip_config_clear (&self->config);
  webrtc_peer_unref (self->peer);
  G_OBJECT_CLASS (gst_whip_server_parent_class)->finalize (object);
}

static void
gst_whip_server_init (GstWhipServer *self)
{
  /* A sink, too: bins change the state of sinks first. */
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK);
  self->peer = webrtc_peer_new (GST_ELEMENT (self), &listener);
  self->config = (WhipConfig){ .host = g_strdup ("127.0.0.1"),
    .port = 8080,
    .token = g_strdup (g_getenv ("WHIP_TOKEN")),
    .inactivity_timeout = 5000,
    .hang_up_delay = 300,
    .page = g_strdup ("on") };
}

static void
gst_whip_server_class_init (GstWhipServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_whip_server_set_property;
  object_class->get_property = gst_whip_server_get_property;
  object_class->finalize = gst_whip_server_finalize;
  element_class->change_state = gst_whip_server_change_state;
  element_class->query = gst_whip_server_query;
  element_class->send_event = gst_whip_server_send_event;
  make_http_specs ();
  make_ice_specs ();
  make_call_specs ();
  g_object_class_install_properties (object_class, N_PROPS, props);
  /**
   * GstWhipServer::hang-up:
   *
   * Ends the call. Returns FALSE when there is none.
   */
  g_signal_new_class_handler ("hang-up", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (gst_whip_server_hang_up),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  gst_element_class_add_static_metadata (element_class,
      GST_VOICE_CHANNEL_METADATA, "webrtc");
  gst_element_class_set_static_metadata (element_class, "WHIP server",
      "Network/WebRTC", "Lets browsers call the webrtcbin beside it",
      "gst-voice-agent authors");
}
