/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * SECTION:element-voicemixer
 * @title: voicemixer
 *
 * A room for phones, browsers and agents: what comes into `sink_N` is heard by all
 * others, and `minus_N`, which comes with it, carries everybody but `sink_N`. The
 * pad `src` carries all, for a recording; it costs nothing unlinked.
 *
 * It is a bridge that waits for nobody: every 20 ms it mixes what is there. Its own
 * delay is what a frame waits for the next tick: between 5 and 25 ms, more only for
 * a participant whose audio jitters by more than 5 ms, as much as that one needs.
 * Rates and clocks of the inputs may differ: 8, 16, 24 and 48 kHz and both laws of
 * G.711. The mix has the highest rate of them. Each output keeps the format that is
 * behind it, the rate of the mix where that has no preference.
 *
 * A `minus_N` on a launch line that has no `sink_N` is a warning ("Delayed linking
 * failed"); so is a call that comes into `sink_N` while nothing is linked to `minus_N`,
 * unless that `hears` nobody.
 *
 * Who hears whom is a matter of the pads' properties `hears` and `heard-by`:
 * `sink_3::heard-by=2` is a supervisor who whispers to participant 2.
 *
 * A `voice-control` event goes to the call it names, else to whoever spoke last; what
 * agents tell (`voice-event`) goes to all others, digits only to pads with
 * `relay-dtmf`. The agent's dialogue begins with the first call of the room and ends
 * with the last; it waits while all of them are on hold. A participant on hold is not
 * heard, nor is its music. Early media is heard by callers and in `src`, not by
 * agents.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 voicemixer name=room sipsrc on-hangup=wait ! room.sink_0 room.minus_0 ! sipsink aiagentsrc ! room.sink_1 room.minus_1 ! aiagentsink
 * ]| A phone line and an agent in one room; add more of either.
 */

#include "gstvoicemixerpad.h"

#include "mixlog.h"

#include "common/pair/gstlatesetting.h"
#include "common/frame/gstvoiceformat.h"
#include "config.h"

#include <string.h>

#define GST_CAT_DEFAULT voicemixer_debug

#define LATENCY (20 * GST_MSECOND) /* a frame is pushed when its time begins */

#define GST_TYPE_VOICE_MIXER (gst_voice_mixer_get_type ())
G_DECLARE_FINAL_TYPE (GstVoiceMixer, gst_voice_mixer, GST, VOICE_MIXER,
    GstElement)

struct _GstVoiceMixer
{
  GstElement parent;

  MixRoom *room; /* set when made, never changed */

  /* Under the object lock. */
  gchar *context;
  guint next_number;
};

enum
{
  PROP_0,
  PROP_CONTEXT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink_%u",
    GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (GST_VOICE_CAPS));
static GstStaticPadTemplate minus_template =
    GST_STATIC_PAD_TEMPLATE ("minus_%u", GST_PAD_SRC, GST_PAD_SOMETIMES,
        GST_STATIC_CAPS (GST_VOICE_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VOICE_CAPS));

static void child_proxy_init (gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE (GstVoiceMixer, gst_voice_mixer, GST_TYPE_ELEMENT,
                         G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY,
                             child_proxy_init) mix_log_init ();)
GST_ELEMENT_REGISTER_DECLARE (voicemixer);
GST_ELEMENT_REGISTER_DEFINE (voicemixer, "voicemixer", GST_RANK_NONE,
    GST_TYPE_VOICE_MIXER)

/* ---- Outputs */

static gboolean
query_output (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_latency (query, TRUE, LATENCY, GST_CLOCK_TIME_NONE);
  return TRUE;
}

/* The sink pad that a minus pad belongs to; asked for by name, since it may go at any
 * moment. NULL for src. */
static GstVoiceMixerPad *
sink_of (GstPad *minus, GstObject *mixer)
{
  if (!g_str_has_prefix (GST_OBJECT_NAME (minus), "minus_"))
    return NULL;
  g_autofree gchar *name =
      g_strconcat ("sink_", GST_OBJECT_NAME (minus) + strlen ("minus_"), NULL);

  return (GstVoiceMixerPad *) gst_element_get_static_pad (GST_ELEMENT (mixer),
      name);
}

/* Nothing goes through to the inputs but what answers them. */
static gboolean
take_output_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  const gboolean refused = GST_EVENT_TYPE (event) == GST_EVENT_SEEK;
  g_autoptr (GstVoiceMixerPad) sink =
      GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_UPSTREAM
      ? sink_of (pad, parent)
      : NULL;

  if (sink)
    return gst_voice_mixer_pad_take_upstream (sink, event);
  gst_event_unref (event);
  return !refused;
}

static GstPad *
output_new (GstStaticPadTemplate *template, const gchar *name)
{
  g_autoptr (GstPadTemplate) real = gst_static_pad_template_get (template);
  GstPad *pad = gst_pad_new_from_template (real, name);

  gst_pad_set_query_function (pad, query_output);
  gst_pad_set_event_function (pad, take_output_event);
  gst_pad_use_fixed_caps (pad);
  return pad;
}

/* ---- Participants */

/* FALSE: there is one of that name. */
static gboolean
choose_number (GstVoiceMixer *self, const gchar *name, guint *number)
{
  guint64 wanted;

  GST_OBJECT_LOCK (self);
  *number = self->next_number;
  if (name && g_str_has_prefix (name, "sink_") &&
      g_ascii_string_to_unsigned (name + 5, 10, 0, G_MAXUINT - 1, &wanted,
          NULL))
    *number = (guint) wanted;
  self->next_number = MAX (self->next_number, *number + 1);
  GST_OBJECT_UNLOCK (self);
  g_autofree gchar *pad_name = g_strdup_printf ("sink_%u", *number);
  g_autoptr (GstPad) there =
      gst_element_get_static_pad (GST_ELEMENT (self), pad_name);
  return !there;
}

static GstPad *
gst_voice_mixer_request_new_pad (GstElement *element, GstPadTemplate *template,
    const gchar *name, const GstCaps *caps)
{
  GstVoiceMixer *self = GST_VOICE_MIXER (element);
  guint number;

  if (!choose_number (self, name, &number)) {
    GST_WARNING_OBJECT (self, "there is a pad %s already", name);
    return NULL;
  }
  g_autofree gchar *minus_name = g_strdup_printf ("minus_%u", number);
  GstPad *minus = output_new (&minus_template, minus_name);
  GstVoiceMixerPad *sink =
      gst_voice_mixer_pad_new (template, number, self->room, minus);
  if (GST_STATE_TARGET (element) > GST_STATE_READY) {
    gst_pad_set_active (minus, TRUE);
    gst_pad_set_active (GST_PAD (sink), TRUE);
  }
  gst_element_add_pad (element, GST_PAD (sink));
  gst_element_add_pad (element, minus);
  gst_child_proxy_child_added (GST_CHILD_PROXY (self), G_OBJECT (sink),
      GST_OBJECT_NAME (sink));
  return GST_PAD (sink);
}

static void
gst_voice_mixer_release_pad (GstElement *element, GstPad *pad)
{
  GstVoiceMixerPad *sink = GST_VOICE_MIXER_PAD (pad);
  g_autoptr (GstPad) minus = gst_voice_mixer_pad_leave (sink);

  gst_object_ref (pad);
  gst_pad_set_active (pad, FALSE);
  gst_pad_set_active (minus, FALSE);
  gst_element_remove_pad (element, minus);
  gst_child_proxy_child_removed (GST_CHILD_PROXY (element), G_OBJECT (pad),
      GST_OBJECT_NAME (pad));
  gst_element_remove_pad (element, pad);
  gst_object_unref (pad);
}

/* ---- Children: the sink pads */

static GObject *
get_child_by_index (GstChildProxy *proxy, guint index)
{
  GstElement *element = GST_ELEMENT (proxy);

  GST_OBJECT_LOCK (element);
  GstPad *pad = g_list_nth_data (element->sinkpads, index);
  if (pad)
    gst_object_ref (pad);
  GST_OBJECT_UNLOCK (element);
  return (GObject *) pad;
}

static guint
get_children_count (GstChildProxy *proxy)
{
  GST_OBJECT_LOCK (proxy);
  guint count = GST_ELEMENT (proxy)->numsinkpads;
  GST_OBJECT_UNLOCK (proxy);
  return count;
}

static void
child_proxy_init (gpointer iface, gpointer data)
{
  GstChildProxyInterface *proxy = iface;

  proxy->get_child_by_index = get_child_by_index;
  proxy->get_children_count = get_children_count;
}

/* ---- State */

static gboolean
check_pad (GstElement *element, GstPad *pad, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  if (gst_voice_mixer_pad_check (GST_VOICE_MIXER_PAD (pad), &error))
    return TRUE;
  GST_ELEMENT_ERROR (element, RESOURCE, SETTINGS, ("%s", error->message),
      (NULL));
  return FALSE;
}

static void
start (GstVoiceMixer *self)
{
  GST_OBJECT_LOCK (self);
  MediaLoop *loop = media_loop_acquire (self->context);
  GST_OBJECT_UNLOCK (self);
  mix_room_start (self->room, loop);
}

static GstStateChangeReturn
gst_voice_mixer_change_state (GstElement *element, GstStateChange transition)
{
  GstVoiceMixer *self = GST_VOICE_MIXER (element);

  if (transition == GST_STATE_CHANGE_NULL_TO_READY &&
      !gst_element_foreach_sink_pad (element, check_pad, NULL))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    start (self);
  else if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    mix_room_set_playing (self->room, FALSE);
  else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    mix_room_stop (self->room); /* whoever waits goes, ahead of the pads */
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gst_voice_mixer_parent_class)
                                    ->change_state (element, transition);
  if (result == GST_STATE_CHANGE_FAILURE) {
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
      mix_room_stop (self->room);
    return result;
  }
  /* Whoever links a launch line tells then which minus_N has no sink_N. */
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    gst_element_no_more_pads (element);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    mix_room_set_playing (self->room, TRUE);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED ||
      transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    return GST_STATE_CHANGE_NO_PREROLL;
  return result;
}

/* ---- Object */

static void
gst_voice_mixer_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstVoiceMixer *self = GST_VOICE_MIXER (object);

  if (id != PROP_CONTEXT) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  gst_late_setting_check (GST_ELEMENT (self), pspec, value);
  GST_OBJECT_LOCK (self);
  g_free (self->context);
  self->context = g_value_dup_string (value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_voice_mixer_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstVoiceMixer *self = GST_VOICE_MIXER (object);

  if (id != PROP_CONTEXT) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  g_value_set_string (value, self->context);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_voice_mixer_finalize (GObject *object)
{
  GstVoiceMixer *self = GST_VOICE_MIXER (object);

  mix_room_unref (self->room);
  g_free (self->context);
  G_OBJECT_CLASS (gst_voice_mixer_parent_class)->finalize (object);
}

static void
gst_voice_mixer_init (GstVoiceMixer *self)
{
  GstPad *src = output_new (&src_template, "src");

  self->room = mix_room_new (GST_ELEMENT (self), src);
  gst_element_add_pad (GST_ELEMENT (self), src);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_REQUIRE_CLOCK);
}

/**
 * GstVoiceMixer:context:
 *
 * Name of a media thread. Mixers and sources that name the same share it, and promise
 * that nothing behind them blocks. Default: unset, a thread of its own. Changeable in
 * READY.
 *
 * Since: 0.1
 */

static void
gst_voice_mixer_class_init (GstVoiceMixerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_voice_mixer_set_property;
  object_class->get_property = gst_voice_mixer_get_property;
  object_class->finalize = gst_voice_mixer_finalize;
  element_class->change_state = gst_voice_mixer_change_state;
  element_class->request_new_pad = gst_voice_mixer_request_new_pad;
  element_class->release_pad = gst_voice_mixer_release_pad;

  props[PROP_CONTEXT] = g_param_spec_string ("context", "Context",
      "Mixers and sources of the same context share a media thread; unset gives "
      "this one its own",
      NULL,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &sink_template, GST_TYPE_VOICE_MIXER_PAD);
  gst_element_class_add_static_pad_template (element_class, &minus_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Voice mixer",
      "Generic/Audio/Network",
      "A room in which each hears the others and not itself",
      "gst-voice-agent authors");
  gst_type_mark_as_plugin_api (GST_TYPE_VOICE_MIXER_PAD, 0);
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  return GST_ELEMENT_REGISTER (voicemixer, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, voicemixer,
    "A room for phones, browsers and agents", plugin_init, PACKAGE_VERSION,
    GST_LICENSE, PACKAGE_NAME, PACKAGE_ORIGIN)
