/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/**
 * GstVoiceMixerPad:
 *
 * What one participant of a voicemixer says, and its settings.
 */

#include "gstvoicemixerpad.h"

#include "mixlog.h"

#include "common/base/gstvoicelog.h"
#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"

#include <string.h>

#define GST_CAT_DEFAULT voicemixer_debug

#define MAX_GAP (10 * GST_SECOND)

struct _GstVoiceMixerPad
{
  GstPad parent;

  /* Set when made, never changed: read freely. */
  MixRoom *room;
  MixParticipant *participant;
  GstPad *minus;

  /* Under the STREAM_LOCK. */
  GstVoiceFormat format; /* rate 0 = none yet */
  gboolean asked; /* whether the source is live */
  gboolean waits; /* it is not */
  gboolean told; /* that its caller hears nothing */

  /* Under the object lock. */
  gboolean mute, relay_dtmf;
  gdouble volume;
  gchar *hears, *heard_by;
};

enum
{
  PROP_0,
  PROP_MUTE,
  PROP_VOLUME,
  PROP_HEARS,
  PROP_HEARD_BY,
  PROP_RELAY_DTMF,
  PROP_STATS,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (GstVoiceMixerPad, gst_voice_mixer_pad, GST_TYPE_PAD)

/* ---- Audio */

/* Asked once a stream: a file is read as fast as the room takes it, what is live
 * never waits. */
static gboolean
source_waits (GstVoiceMixerPad *self)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  gboolean live = FALSE;

  if (gst_pad_peer_query (GST_PAD (self), query))
    gst_query_parse_latency (query, &live, NULL, NULL);
  return !live;
}

static GstFlowReturn
write_audio (GstVoiceMixerPad *self, const gint16 *samples, guint n)
{
  const guint most = GST_VOICE_FRAME_SAMPLES (self->format.rate);
  GstFlowReturn flow = GST_FLOW_OK;

  if (!self->asked)
    self->waits = source_waits (self) && !media_loop_get_current ();
  self->asked = TRUE;
  /* In pieces: the room holds less than some sources give at once. */
  for (guint at = 0; at < n && flow == GST_FLOW_OK; at += most)
    flow = mix_room_write (self->room, self->participant, samples + at,
        MIN (most, n - at), self->waits);
  return flow;
}

static GstFlowReturn
write_law (GstVoiceMixerPad *self, const GstMapInfo *map)
{
  g_autofree gint16 *samples = g_new (gint16, map->size);

  gst_voice_law_decode (self->format.encoding, map->data, samples, map->size);
  return write_audio (self, samples, (guint) map->size);
}

static GstFlowReturn
write_silence (GstVoiceMixerPad *self, guint n)
{
  g_autofree gint16 *samples = g_new0 (gint16, n);

  return write_audio (self, samples, n);
}

static GstFlowReturn
gst_voice_mixer_pad_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstVoiceMixerPad *self = GST_VOICE_MIXER_PAD (pad);
  GstFlowReturn flow;
  GstMapInfo map;

  if (!self->format.rate || !gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_NOT_NEGOTIATED;
  }
  const guint n =
      (guint) (map.size / GST_VOICE_SAMPLE_SIZE (self->format.encoding));
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP))
    flow = write_silence (self, n);
  else if (self->format.encoding == GST_VOICE_S16)
    flow = write_audio (self, (const gint16 *) map.data, n);
  else
    flow = write_law (self, &map);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
  return flow;
}

/* ---- Events */

static void
take_gap (GstVoiceMixerPad *self, GstEvent *event)
{
  GstClockTime duration;

  gst_event_parse_gap (event, NULL, &duration);
  if (GST_CLOCK_TIME_IS_VALID (duration) && self->format.rate)
    write_silence (self,
        (guint) gst_util_uint64_scale (MIN (duration, MAX_GAP),
            self->format.rate, GST_SECOND));
}

static gboolean
take_caps (GstVoiceMixerPad *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (!gst_voice_format_from_caps (&self->format, caps))
    return FALSE;
  mix_room_set_rate (self->room, self->participant, self->format.rate);
  g_autofree gchar *id = mix_room_dup_log_id (self->room, self->participant);
  GST_DEBUG_OBJECT (self, "%s: speaks at %u Hz", id, self->format.rate);
  return TRUE;
}

/* With hears=none it is as it was meant. */
static gboolean
is_to_hear (GstVoiceMixerPad *self)
{
  GST_OBJECT_LOCK (self);
  gboolean hears = g_strcmp0 (self->hears, "none") != 0;
  GST_OBJECT_UNLOCK (self);
  return hears && !gst_pad_is_linked (self->minus);
}

/* Whoever calls listens, too; others, as players and agents that only speak, need not. */
static void
check_heard (GstVoiceMixerPad *self, GstElement *mixer, GstEvent *event)
{
  GstVoiceCall call;

  if (self->told || !gst_voice_call_event_parse (event, &call) ||
      !gst_voice_call_state_is_up (call.state) || !is_to_hear (self))
    return;
  self->told = TRUE;
  GST_ELEMENT_WARNING (mixer, RESOURCE, SETTINGS,
      ("The caller at %s:%s hears nothing, since nothing is linked to %s. Link "
       "what goes back to that caller, or set %s::hears=none if nothing shall.",
          GST_OBJECT_NAME (mixer), GST_OBJECT_NAME (self),
          GST_OBJECT_NAME (self->minus), GST_OBJECT_NAME (self)),
      (NULL));
}

static void
log_call (GstVoiceMixerPad *self, const GstVoiceCall *call)
{
  g_autofree gchar *from = gst_voice_log_text (call->from);
  g_autofree gchar *to = gst_voice_log_text (call->to);
  g_autofree gchar *id = gst_voice_log_text (call->call_id);

  if (call->state == GST_VOICE_CALL_ANSWERED)
    GST_INFO_OBJECT (self, "%s: is in the room, from %s to %s by %s", id, from,
        to, call->channel);
  else
    GST_DEBUG_OBJECT (self, "%s: its call is %s", id,
        gst_voice_call_state_to_string (call->state));
}

/* What others may be given, in its place among the audio. */
static void
take_custom (GstVoiceMixerPad *self, GstEvent *event)
{
  GstVoiceCall call;

  if (gst_voice_call_event_parse (event, &call))
    log_call (self, &call);
  if (GST_EVENT_IS_SERIALIZED (event))
    mix_room_write_event (self->room, self->participant, event);
  else
    mix_room_broadcast (self->room, self->participant, event);
}

static gboolean
gst_voice_mixer_pad_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstVoiceMixerPad *self = GST_VOICE_MIXER_PAD (pad);
  gboolean ok = TRUE;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CUSTOM_DOWNSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
    case GST_EVENT_CUSTOM_DOWNSTREAM_OOB:
      if (GST_EVENT_IS_SERIALIZED (event)) /* under the STREAM_LOCK */
        check_heard (self, GST_ELEMENT (parent), event);
      take_custom (self, event);
      return TRUE;
    case GST_EVENT_STREAM_START:
      self->asked = FALSE;
      mix_room_set_ended (self->room, self->participant, FALSE);
      break;
    case GST_EVENT_CAPS:
      ok = take_caps (self, event);
      break;
    case GST_EVENT_GAP:
      take_gap (self, event);
      break;
    case GST_EVENT_EOS:
      mix_room_set_ended (self->room, self->participant, TRUE);
      break;
    case GST_EVENT_FLUSH_START:
      mix_room_set_flushing (self->room, self->participant, TRUE);
      break;
    case GST_EVENT_FLUSH_STOP:
      mix_room_set_flushing (self->room, self->participant, FALSE);
      mix_room_set_ended (self->room, self->participant, FALSE);
      break;
    default: /* tags and the like are of one stream, the mix is another */
      break;
  }
  gst_event_unref (event);
  return ok;
}

static gboolean
gst_voice_mixer_pad_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  /* Each takes the formats of the template, whatever the others have. */
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CAPS:
    case GST_QUERY_ACCEPT_CAPS:
      return gst_pad_query_default (pad, parent, query);
    default:
      return FALSE;
  }
}

gboolean
gst_voice_mixer_pad_take_upstream (GstVoiceMixerPad *self, GstEvent *event)
{
  return mix_room_take_upstream (self->room, self->participant, event);
}

/* ---- Properties */

/* What is not understood is nobody: a supervisor's whisper must not go to all. */
static MixSet *
parse_members (const gchar *text)
{
  MixSet *set = mix_set_parse (text, NULL);

  return set ? set : mix_set_parse ("none", NULL);
}

static void
apply_settings (GstVoiceMixerPad *self)
{
  MixSettings settings;

  GST_OBJECT_LOCK (self);
  settings = (MixSettings){ self->mute, self->volume, self->relay_dtmf,
    parse_members (self->hears), parse_members (self->heard_by) };
  GST_OBJECT_UNLOCK (self);
  mix_room_set_settings (self->room, self->participant, &settings);
}

static void
set_members (GstVoiceMixerPad *self, gchar **text, const gchar *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MixSet) set = mix_set_parse (value, &error);
  g_autoptr (GstElement) mixer = gst_pad_get_parent_element (GST_PAD (self));

  GST_OBJECT_LOCK (self);
  g_free (*text);
  *text = g_strdup (value ? value : "all");
  GST_OBJECT_UNLOCK (self);
  if (!set && mixer && GST_STATE (mixer) > GST_STATE_READY)
    GST_ELEMENT_WARNING (mixer, RESOURCE, SETTINGS,
        ("%s: %s Until then it is nobody.", GST_OBJECT_NAME (self),
            error->message),
        (NULL));
}

gboolean
gst_voice_mixer_pad_check (GstVoiceMixerPad *self, GError **error)
{
  GST_OBJECT_LOCK (self);
  g_autoptr (MixSet) hears = mix_set_parse (self->hears, error);
  g_autoptr (MixSet) heard_by =
      hears ? mix_set_parse (self->heard_by, error) : NULL;
  GST_OBJECT_UNLOCK (self);
  if (!heard_by)
    g_prefix_error (error, "%s: ", GST_OBJECT_NAME (self));
  return heard_by != NULL;
}

static void
gst_voice_mixer_pad_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstVoiceMixerPad *self = GST_VOICE_MIXER_PAD (object);

  if (id == PROP_HEARS) {
    set_members (self, &self->hears, g_value_get_string (value));
  } else if (id == PROP_HEARD_BY) {
    set_members (self, &self->heard_by, g_value_get_string (value));
  } else {
    GST_OBJECT_LOCK (self);
    if (id == PROP_MUTE)
      self->mute = g_value_get_boolean (value);
    else if (id == PROP_VOLUME)
      self->volume = g_value_get_double (value);
    else if (id == PROP_RELAY_DTMF)
      self->relay_dtmf = g_value_get_boolean (value);
    else
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    GST_OBJECT_UNLOCK (self);
  }
  apply_settings (self);
}

static void
gst_voice_mixer_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstVoiceMixerPad *self = GST_VOICE_MIXER_PAD (object);

  if (id == PROP_STATS) {
    g_value_take_boxed (value,
        mix_room_get_stats (self->room, self->participant));
    return;
  }
  GST_OBJECT_LOCK (self);
  if (id == PROP_MUTE)
    g_value_set_boolean (value, self->mute);
  else if (id == PROP_VOLUME)
    g_value_set_double (value, self->volume);
  else if (id == PROP_HEARS)
    g_value_set_string (value, self->hears);
  else if (id == PROP_HEARD_BY)
    g_value_set_string (value, self->heard_by);
  else if (id == PROP_RELAY_DTMF)
    g_value_set_boolean (value, self->relay_dtmf);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

/* ---- Life */

GstVoiceMixerPad *
gst_voice_mixer_pad_new (GstPadTemplate *template, guint number, MixRoom *room,
    GstPad *minus)
{
  g_autofree gchar *name = g_strdup_printf ("sink_%u", number);
  GstVoiceMixerPad *self = g_object_new (GST_TYPE_VOICE_MIXER_PAD, "name", name,
      "direction", GST_PAD_SINK, "template", template, NULL);

  self->room = mix_room_ref (room);
  self->minus = gst_object_ref (minus);
  self->participant = mix_room_join (room, number, GST_PAD (self), minus);
  return self;
}

GstPad *
gst_voice_mixer_pad_leave (GstVoiceMixerPad *self)
{
  mix_room_leave (self->room, mix_participant_ref (self->participant));
  return gst_object_ref (self->minus);
}

static void
gst_voice_mixer_pad_finalize (GObject *object)
{
  GstVoiceMixerPad *self = GST_VOICE_MIXER_PAD (object);

  g_clear_pointer (&self->participant, mix_participant_unref);
  g_clear_pointer (&self->room, mix_room_unref);
  gst_clear_object (&self->minus);
  g_free (self->hears);
  g_free (self->heard_by);
  G_OBJECT_CLASS (gst_voice_mixer_pad_parent_class)->finalize (object);
}

/* Not in init: there it has no direction yet. */
static void
gst_voice_mixer_pad_constructed (GObject *object)
{
  GstPad *pad = GST_PAD (object);

  gst_pad_set_chain_function (pad, gst_voice_mixer_pad_chain);
  gst_pad_set_event_function (pad, gst_voice_mixer_pad_event);
  gst_pad_set_query_function (pad, gst_voice_mixer_pad_query);
  G_OBJECT_CLASS (gst_voice_mixer_pad_parent_class)->constructed (object);
}

static void
gst_voice_mixer_pad_init (GstVoiceMixerPad *self)
{
  self->volume = 1;
  self->hears = g_strdup ("all");
  self->heard_by = g_strdup ("all");
}

#define FLAGS \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)

/**
 * GstVoiceMixerPad:mute:
 *
 * Nobody hears this participant. Default: false. Changeable at any time, on any
 * thread.
 *
 * Since: 0.1
 */

/**
 * GstVoiceMixerPad:volume:
 *
 * Factor by which the others hear this participant, 0 to 10. Default: 1, as it is.
 * Changeable at any time, on any thread.
 *
 * Since: 0.1
 */

/**
 * GstVoiceMixerPad:hears:
 *
 * Numbers of the pads that this participant hears, as "0,2"; or "all", or "none". It
 * hears whom both this and their #GstVoiceMixerPad:heard-by allow. Default: "all".
 * Changeable at any time, on any thread.
 *
 * Since: 0.1
 */

/**
 * GstVoiceMixerPad:heard-by:
 *
 * Numbers of the pads that hear this participant, as "0,2"; or "all", or "none".
 * Default: "all". Changeable at any time, on any thread.
 *
 * Since: 0.1
 */

/**
 * GstVoiceMixerPad:relay-dtmf:
 *
 * This participant is given the digits that those press whom it hears. Default: false.
 * Changeable at any time, on any thread.
 *
 * Since: 0.1
 */

static void
gst_voice_mixer_pad_class_init (GstVoiceMixerPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = gst_voice_mixer_pad_set_property;
  object_class->get_property = gst_voice_mixer_pad_get_property;
  object_class->constructed = gst_voice_mixer_pad_constructed;
  object_class->finalize = gst_voice_mixer_pad_finalize;
  props[PROP_MUTE] = g_param_spec_boolean ("mute", "Mute",
      "Let nobody hear this participant", FALSE, FLAGS);
  props[PROP_VOLUME] = g_param_spec_double ("volume", "Volume",
      "How loud the others hear this participant, 1 = as it is", 0, 10, 1,
      FLAGS);
  props[PROP_HEARS] = g_param_spec_string ("hears", "Hears",
      "Numbers of the pads that this participant hears, as 0,2; or all, or none",
      "all", FLAGS);
  props[PROP_HEARD_BY] = g_param_spec_string ("heard-by", "Heard by",
      "Numbers of the pads that hear this participant, as 0,2; or all, or none",
      "all", FLAGS);
  props[PROP_RELAY_DTMF] = g_param_spec_boolean ("relay-dtmf", "Relay DTMF",
      "Give this participant the digits that others press", FALSE, FLAGS);
  /**
   * GstVoiceMixerPad:stats:
   *
   * application/x-voicemixer-pad-stats: rate (uint, Hz, 0 = no format yet), call-id
   * (string, "" = not in a call), level (double, RMS of the last 20 ms in dBFS),
   * speaking, stalled (booleans; stalled: nothing came for 100 ms), drift (int,
   * ppm by which its audio is read faster at the moment), delay (uint64, ns of audio
   * that waits), slack (uint64, ns by which audio is early for its tick at the least,
   * over some seconds), underruns (uint: how often it ran dry), dropped, skipped
   * (uint64, samples: that did not fit; silence left out to shorten the delay). Read
   * only; any thread.
   *
   * Since: 0.1
   */
  props[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "State and counters of this participant, times in ns", GST_TYPE_STRUCTURE,
      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}
