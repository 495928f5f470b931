/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewayline.h"
#include "gatewaypipeline.h"

/* A line whose calls are over ends by EOS, or after so long. */
#define LINGER 10000 /* ms */

struct _GatewayLine
{
  const GatewayRoute *route;
  gchar *entry; /* NULL: none */
  gchar id[13];
  gchar *address;
  GatewayLineState state;
  gint64 began;
  GstElement *pipeline;
  GPtrArray *calls; /* GatewayCall, those that are up */
  gboolean ended; /* the listener was told */
  guint linger; /* source: the calls are over, EOS has not come */
  const GatewayLineListener *listener;
  gpointer user;
};

/* ---- Messages */

static void
end (GatewayLine *self, const gchar *error)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  self->listener->ended (self, error, self->user);
}

/* A pipeline with a part that never ends, say a tone for waiting callers, posts no
 * EOS. */
static gboolean
on_linger (gpointer data)
{
  GatewayLine *self = data;

  self->linger = 0;
  end (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
take (GatewayLine *self)
{
  g_clear_handle_id (&self->linger, g_source_remove);
  if (self->state == GATEWAY_LINE_TAKEN)
    return;
  self->state = GATEWAY_LINE_TAKEN;
  self->listener->taken (self, self->user);
}

static GatewayCall *
find_call (GatewayLine *self, const GstStructure *s)
{
  for (guint i = 0; i < self->calls->len; i++) {
    GatewayCall *call = g_ptr_array_index (self->calls, i);
    if (gateway_call_is_about (call, s))
      return call;
  }
  return NULL;
}

static void
keep_media_stats (GatewayCall *call, GstMessage *message)
{
  GstElement *element = GST_ELEMENT (GST_MESSAGE_SRC (message));

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "stats"))
    g_object_get (element, "stats", &call->media, NULL);
}

static void
on_call (GatewayLine *self, GstMessage *message, const GstStructure *s)
{
  gint64 now = g_get_real_time ();
  GatewayCall *call = find_call (self, s);

  if (!call && gateway_call_is_beginning (s)) {
    g_ptr_array_add (self->calls, gateway_call_new (s, now));
    take (self);
    return;
  }
  if (!call)
    return;
  gboolean answered = call->answered != 0;
  gboolean over = gateway_call_update (call, s, now);
  if (!answered && call->answered)
    self->listener->answered (self, call, self->user);
  if (!over)
    return;
  keep_media_stats (call, message);
  self->listener->over (self, call, self->user);
  g_ptr_array_remove (self->calls, call);
  if (!self->calls->len && !self->linger)
    self->linger = g_timeout_add (LINGER, on_linger, self);
}

static void
on_turn (GatewayLine *self, const GstStructure *s)
{
  guint64 turn_around = 0;

  for (guint i = 0; i < self->calls->len; i++)
    turn_around = gateway_call_add_turn (g_ptr_array_index (self->calls, i), s);
  if (turn_around)
    self->listener->turn (self, turn_around, self->user);
}

static gboolean
is_our_event (const GstStructure *s)
{
  static const gchar *const starts[] = { "sip/", "aiagent/", "whip/",
    "voicemixer/" };

  for (guint i = 0; s && i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (gst_structure_get_name (s), starts[i]))
      return TRUE;
  return FALSE;
}

static void
on_element_message (GatewayLine *self, GstMessage *message)
{
  const GstStructure *s = gst_message_get_structure (message);

  if (!is_our_event (s))
    return;
  self->listener->event (self, s, self->user);
  if (gateway_call_is_report (s))
    on_call (self, message, s);
  else if (gst_structure_has_name (s, "aiagent/turn"))
    on_turn (self, s);
}

static void
on_error (GatewayLine *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  self->listener->problem (self, message, self->user);
  end (self, error->message);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user)
{
  GatewayLine *self = user;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      on_element_message (self, message);
      break;
    case GST_MESSAGE_WARNING:
      self->listener->problem (self, message, self->user);
      break;
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_EOS:
      end (self, NULL);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

/* ---- Life */

static void
free_parts (GatewayLine *self)
{
  g_ptr_array_unref (self->calls);
  g_free (self->entry);
  g_free (self->address);
  g_free (self);
}

GatewayLine *
gateway_line_new (const GatewayRoute *route, const gchar *entry, guint number,
    guint busy_wait, const GatewayLineListener *listener, gpointer user,
    GError **error)
{
  GatewayLine *self = g_new0 (GatewayLine, 1);
  const GatewayLineNames names = { self->id, number, entry };

  g_snprintf (self->id, sizeof self->id, "%08x%04x", g_random_int (),
      g_random_int () & 0xffff);
  self->route = route;
  self->entry = g_strdup (entry);
  self->began = g_get_monotonic_time ();
  self->calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gateway_call_free);
  self->listener = listener;
  self->user = user;
  self->pipeline = gateway_pipeline_new (route, &names, busy_wait, error);
  if (!self->pipeline) {
    free_parts (self);
    return NULL;
  }
  self->address = gateway_pipeline_dup_address (self->pipeline);
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  gst_bus_add_watch (bus, on_message, self);
  return self;
}

gboolean
gateway_line_start (GatewayLine *self, gchar **reason)
{
  g_autoptr (GError) error = NULL;

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) !=
      GST_STATE_CHANGE_FAILURE)
    return TRUE;
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message) {
    self->listener->problem (self, message, self->user);
    gst_message_parse_error (message, &error, NULL);
  }
  *reason = g_strdup (error ? error->message : "The pipeline does not start.");
  return FALSE;
}

void
gateway_line_free (GatewayLine *self, const gchar *cause)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  g_clear_handle_id (&self->linger, g_source_remove);
  gst_bus_remove_watch (bus);
  /* What is told from here on nobody reads. */
  gst_bus_set_flushing (bus, TRUE);
  for (guint i = 0; i < self->calls->len; i++) {
    GatewayCall *call = g_ptr_array_index (self->calls, i);
    gateway_call_cut (call, cause, g_get_real_time ());
    self->listener->over (self, call, self->user);
  }
  gateway_pipeline_discard (g_steal_pointer (&self->pipeline));
  free_parts (self);
}

void
gateway_line_drain (GatewayLine *self)
{
  gateway_pipeline_drain (self->pipeline);
}

/* ---- Facts */

GatewayLineState
gateway_line_get_state (const GatewayLine *self)
{
  return self->state;
}

gboolean
gateway_line_has_ended (const GatewayLine *self)
{
  return self->ended;
}

guint
gateway_line_get_calls (const GatewayLine *self)
{
  return self->calls->len;
}

const gchar *
gateway_line_get_id (const GatewayLine *self)
{
  return self->id;
}

const GatewayRoute *
gateway_line_get_route (const GatewayLine *self)
{
  return self->route;
}

const gchar *
gateway_line_get_entry (const GatewayLine *self)
{
  return self->entry;
}

gint64
gateway_line_get_age (const GatewayLine *self)
{
  return g_get_monotonic_time () - self->began;
}

const gchar *
gateway_line_get_address (const GatewayLine *self)
{
  return self->address;
}
