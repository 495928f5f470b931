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
 * one that is free. With `busy-wait` it waits for one, while it drains none takes it.
 *
 * Each session is on the bus as `voice/call`, as a phone's call is: ringing (its offer was
 * accepted), answered (encrypted, with the offered certificate), ended; an offer that
 * never became one as refused, with who made it (from, address, transport, user-agent)
 * and why not (status, cause), by one of the lines of its address.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink aiagentsrc ! opusenc ! rtpopuspay ! web. whipserver on-hangup=wait
 * ]| Open http://localhost:8080 and press Call.
 */

#include "gstwhip.h"
#include "gstwhipproperties.h"
#include "http/httpendpoint.h"
#include "line/whiploop.h"
#include "webrtc/webrtcpeer.h"
#include "webrtc/webrtcsetup.h"

#include "common/pair/gstlatesetting.h"
#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoicetime.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (whipserver_debug);
#define GST_CAT_DEFAULT whipserver_debug

#define GST_TYPE_WHIP_SERVER (gst_whip_server_get_type ())
G_DECLARE_FINAL_TYPE (GstWhipServer, gst_whip_server, GST, WHIP_SERVER,
    GstElement)

#define BIND_TIME 500 /* ms */
#define WARM_TIME 1000 /* ms */

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

  /* Object lock. */
  WhipConfig config;
  const gchar *admitted; /* of the calls of this run, a literal */
};

G_DEFINE_TYPE_WITH_CODE (GstWhipServer, gst_whip_server, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (whipserver_debug, "whipserver", 0, "WHIP server"))
GST_ELEMENT_REGISTER_DEFINE (whipserver, "whipserver", GST_RANK_NONE,
    GST_TYPE_WHIP_SERVER)

/* ---- What the session tells */

static void
on_session (GstElement *element, const WhipSessionEvent *event)
{
  GstWhipServer *self = GST_WHIP_SERVER (element);

  GST_OBJECT_LOCK (self);
  g_autofree gchar *line = g_strdup (self->config.line);
  gboolean waits = self->config.on_hangup == WHIP_ON_HANGUP_WAIT;
  const gchar *admitted = self->admitted;
  GST_OBJECT_UNLOCK (self);
  gst_element_post_message (element,
      gst_whip_message_new_call (element, line, admitted,
          gst_voice_running_time_now (element), event));
  if (event->state != GST_VOICE_CALL_ENDED || !event->is_failure)
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

static void
registration_free (gpointer data)
{
  Registration *self = data;

  whip_config_clear (&self->config);
  webrtc_peer_unref (self->line.peer);
  gst_object_unref (self->element);
  g_free (self);
}

/* The settings of a run, with their secrets. */
static gboolean
copy_config (GstWhipServer *self, WhipConfig *config, GError **error)
{
  GST_OBJECT_LOCK (self);
  whip_config_copy (config, &self->config);
  GST_OBJECT_UNLOCK (self);
  return whip_config_resolve (config, error);
}

/* NULL: posted. */
static Registration *
registration_new (GstWhipServer *self)
{
  Registration *registration = g_new0 (Registration, 1);
  g_autoptr (GError) error = NULL;

  registration->element = gst_object_ref (self);
  const gboolean ok = copy_config (self, &registration->config, &error);
  registration->line = (WhipLine){
    .config = &registration->config,
    .iface = &webrtc_peer_interface,
    .peer = webrtc_peer_ref (self->peer),
    .refused = on_session,
    .element = registration->element,
  };
  if (!ok) {
    on_failed (registration->element, error);
    registration_free (registration);
    return NULL;
  }
  GST_OBJECT_LOCK (self);
  self->admitted = whip_config_admits (&registration->config);
  GST_OBJECT_UNLOCK (self);
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

  gboolean ok = copy_config (self, &config, &error) &&
      whip_config_check (&config, &error) &&
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
  if (!self->registration) {
    webrtc_peer_stop (self->peer);
    return FALSE;
  }
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
  webrtc_warm_up_wait (WARM_TIME);
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

static void
gst_whip_server_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstWhipServer *self = GST_WHIP_SERVER (object);

  gst_late_setting_check (GST_ELEMENT (self), pspec, value);
  GST_OBJECT_LOCK (self);
  gst_whip_properties_set (&self->config, id, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_whip_server_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstWhipServer *self = GST_WHIP_SERVER (object);

  if (id == GST_WHIP_PROP_STATS) {
    g_value_take_boxed (value, webrtc_peer_get_stats (self->peer));
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_whip_properties_get (&self->config, id, value);
  GST_OBJECT_UNLOCK (self);
}

/* ---- Object */

static gboolean
gst_whip_server_hang_up (GstWhipServer *self)
{
  return webrtc_peer_hang_up (self->peer);
}

static gboolean
gst_whip_server_drain (GstWhipServer *self, gboolean drain)
{
  webrtc_peer_set_draining (self->peer, drain);
  return TRUE;
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
  gst_whip_properties_install (object_class);
  /**
   * GstWhipServer::hang-up:
   *
   * Ends the call.
   *
   * Returns: FALSE if there is none. Action; any thread, never waits.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("hang-up", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (gst_whip_server_hang_up),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
  /**
   * GstWhipServer::drain:
   *
   * @drain: whether new calls are refused
   *
   * While it drains nobody takes a new call at the host and port, and POST gets 503; PATCH
   * and DELETE of those that are up go on.
   *
   * Returns: TRUE. Action; any thread, never waits.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("drain", G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (gst_whip_server_drain),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_BOOLEAN);
  gst_element_class_add_static_metadata (element_class,
      GST_VOICE_CHANNEL_METADATA, "webrtc");
  gst_element_class_set_static_metadata (element_class, "WHIP server",
      "Network/WebRTC", "Lets browsers call the webrtcbin beside it",
      "gst-voice-agent authors");
}
