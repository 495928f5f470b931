/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixparticipantprivate.h"

#include "common/base/gstvoicelog.h"
#include "common/event/gstvoiceevents.h"

static void
settings_clear (MixSettings *settings)
{
  g_clear_pointer (&settings->hears, mix_set_free);
  g_clear_pointer (&settings->heard_by, mix_set_free);
}

MixParticipant *
mix_participant_new (guint number, GstPad *sink, MixOutput *output)
{
  MixParticipant *self = g_new0 (MixParticipant, 1);

  self->ref_count = 1;
  self->number = number;
  self->sink = gst_object_ref (sink);
  self->output = output;
  self->input = mix_input_new ();
  self->settings = (MixSettings){ .volume = 1,
    .hears = mix_set_parse (NULL, NULL),
    .heard_by = mix_set_parse (NULL, NULL) };
  return self;
}

MixParticipant *
mix_participant_ref (MixParticipant *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
mix_participant_unref (MixParticipant *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  mix_input_free (self->input);
  mix_output_unref (self->output);
  settings_clear (&self->settings);
  g_free (self->call_id);
  gst_clear_event (&self->call);
  gst_clear_event (&self->talk);
  gst_clear_object (&self->sink);
  g_free (self);
}

void
mix_participant_begin (MixParticipant *self)
{
  self->flushing = self->ended = self->end_told = FALSE;
  gst_clear_event (&self->talk);
  self->speaker = (Speaker){ 0 };
  self->gain = 0;
}

void
mix_participant_set_settings (MixParticipant *self, const MixSettings *settings)
{
  settings_clear (&self->settings);
  self->settings = *settings;
}

void
mix_participant_forget_call (MixParticipant *self)
{
  g_clear_pointer (&self->call_id, g_free);
  gst_clear_event (&self->call);
  self->early = self->held = FALSE;
  self->spoke = 0;
}

gboolean
mix_participant_hears (const MixParticipant *self,
    const MixParticipant *speaker)
{
  return self != speaker &&
      mix_set_contains (self->settings.hears, speaker->number) &&
      mix_set_contains (speaker->settings.heard_by, self->number);
}

gchar *
mix_participant_dup_log_id (const MixParticipant *self)
{
  GstVoiceCall call = { .call_id = "" };

  if (self->call_id)
    return gst_voice_log_text (self->call_id);
  if (self->talk)
    gst_voice_call_event_parse (self->talk, &call);
  return gst_voice_log_text (call.call_id);
}

GstStructure *
mix_participant_get_stats (const MixParticipant *self)
{
  static const MixRingCounts none;

  const MixRing *ring = mix_input_get_ring (self->input);
  const MixRingCounts *counts = ring ? mix_ring_get_counts (ring) : &none;
  gint64 slack = ring ? mix_ring_get_slack (ring) : -1;

  return gst_structure_new ("application/x-voicemixer-pad-stats", "rate",
      G_TYPE_UINT, mix_input_get_rate (self->input), "call-id", G_TYPE_STRING,
      self->call_id ? self->call_id : "", "level", G_TYPE_DOUBLE,
      (gdouble) self->level, "speaking", G_TYPE_BOOLEAN, self->is_speaking,
      "stalled", G_TYPE_BOOLEAN, self->is_stalled, "drift", G_TYPE_INT,
      ring ? mix_ring_get_correction (ring) : 0, "delay", G_TYPE_UINT64,
      (guint64) mix_input_get_delay (self->input), "slack", G_TYPE_UINT64,
      (guint64) MAX (slack, 0), "underruns", G_TYPE_UINT, counts->underruns,
      "dropped", G_TYPE_UINT64, counts->dropped, "skipped", G_TYPE_UINT64,
      counts->skipped, NULL);
}
