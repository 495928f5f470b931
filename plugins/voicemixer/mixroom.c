/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixroomprivate.h"

#include <string.h>

/* A source that is not live is held up while more than this waits, ns. */
#define ENOUGH (60 * G_GINT64_CONSTANT (1000000))

/* ---- Life */

static void
settings_clear (MixSettings *settings)
{
  g_clear_pointer (&settings->hears, mix_set_free);
  g_clear_pointer (&settings->heard_by, mix_set_free);
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

MixRoom *
mix_room_new (GstElement *element, GstPad *full)
{
  MixRoom *self = g_new0 (MixRoom, 1);

  self->ref_count = 1;
  self->element = element;
  self->full = mix_output_new (element, full);
  self->slots = g_ptr_array_new ();
  self->base = GST_CLOCK_TIME_NONE;
  g_mutex_init (&self->tick_lock);
  g_mutex_init (&self->lock);
  g_cond_init (&self->space);
  return self;
}

MixRoom *
mix_room_ref (MixRoom *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
mix_room_unref (MixRoom *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  for (guint i = 0; i < self->slots->len; i++)
    if (self->slots->pdata[i])
      mix_participant_unref (self->slots->pdata[i]);
  g_ptr_array_unref (self->slots);
  mix_output_unref (self->full);
  g_clear_pointer (&self->matrix, mix_matrix_unref);
  g_clear_pointer (&self->old_matrix, mix_matrix_unref);
  g_cond_clear (&self->space);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->tick_lock);
  g_free (self);
}

/* Lock held. */
static GPtrArray *
dup_members (MixRoom *self)
{
  GPtrArray *members =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mix_participant_unref);

  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (p)
      g_ptr_array_add (members, mix_participant_ref (p));
  }
  return members;
}

void
mix_participant_forget_call (MixParticipant *self)
{
  g_clear_pointer (&self->call_id, g_free);
  gst_clear_event (&self->call);
  self->early = self->held = FALSE;
  self->spoke = 0;
}

/* tick_lock and lock held. */
static void
begin_participant (MixParticipant *self)
{
  self->flushing = self->ended = self->end_told = FALSE;
  gst_clear_event (&self->talk);
  self->speaker = (Speaker){ 0 };
  self->gain = 0;
}

/* ---- The loop */

static void
on_tick (gint64 now, gpointer data)
{
  MixRun *run = data;
  MixRoom *room = run->room;
  g_autoptr (GstElement) element = gst_object_ref (room->element);
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();

  g_mutex_lock (&room->tick_lock);
  if (!mix_room_tick (room, run, now, messages))
    media_ticker_stop (&run->ticker);
  g_mutex_unlock (&room->tick_lock);
  for (guint i = 0; i < messages->len; i++)
    gst_element_post_message (element, g_ptr_array_index (messages, i));
}

static void
begin_ticking (gpointer data)
{
  MixRun *run = data;

  if (!run->ticker.timer.loop || run->ticker.phase < 0)
    media_ticker_start (&run->ticker, run->loop, on_tick, run);
}

/* Lock held. */
static void
wake (MixRoom *self)
{
  if (self->ticking || !self->playing || !self->run)
    return;
  self->ticking = TRUE;
  media_loop_invoke (self->run->loop, begin_ticking, self->run, NULL);
}

static void
end_run (gpointer data)
{
  MixRun *run = data;

  if (run->ticker.timer.loop)
    media_ticker_stop (&run->ticker);
}

static void
run_free (gpointer data)
{
  MixRun *run = data;
  GstElement *element = run->room->element;

  media_loop_unref (run->loop);
  mix_room_unref (run->room);
  gst_object_unref (element);
  g_free (run);
}

static MixRun *
run_new (MixRoom *self, MediaLoop *loop)
{
  MixRun *run = g_new0 (MixRun, 1);

  gst_object_ref (self->element);
  run->room = mix_room_ref (self);
  run->loop = loop;
  return run;
}

/* The pads are not active: what a tick of the last run still pushes is refused at
 * once, so this is no wait. */
void
mix_room_start (MixRoom *self, MediaLoop *loop)
{
  const guint group_id = gst_util_group_id_next ();

  g_mutex_lock (&self->tick_lock);
  mix_output_restart (self->full, group_id);
  self->full_ended = FALSE;
  self->rate = 0;
  self->base = GST_CLOCK_TIME_NONE;
  self->group_id = group_id;
  g_mutex_lock (&self->lock);
  self->run = run_new (self, loop);
  self->ticking = self->playing = FALSE;
  g_autoptr (GPtrArray) members = dup_members (self);
  for (guint i = 0; i < members->len; i++)
    begin_participant (g_ptr_array_index (members, i));
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < members->len; i++)
    mix_output_restart (((MixParticipant *) g_ptr_array_index (members, i))
                            ->output,
        group_id);
  g_mutex_unlock (&self->tick_lock);
}

void
mix_room_set_playing (MixRoom *self, gboolean playing)
{
  g_mutex_lock (&self->lock);
  self->playing = playing;
  wake (self);
  g_mutex_unlock (&self->lock);
}

void
mix_room_stop (MixRoom *self)
{
  g_mutex_lock (&self->lock);
  MixRun *run = g_steal_pointer (&self->run);
  self->playing = FALSE;
  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (!p)
      continue;
    mix_input_clear (p->input);
    mix_participant_forget_call (p);
    if (p->leaving)
      mix_room_empty_slot (self, p);
  }
  g_cond_broadcast (&self->space);
  g_mutex_unlock (&self->lock);
  if (run)
    media_loop_invoke (run->loop, end_run, run, run_free);
}

/* ---- Participants */

/* The lowest that is free; lock held. */
static guint
take_slot (MixRoom *self, MixParticipant *participant)
{
  guint slot = 0;

  while (slot < self->slots->len && self->slots->pdata[slot])
    slot++;
  if (slot == self->slots->len)
    g_ptr_array_add (self->slots, NULL);
  self->slots->pdata[slot] = participant;
  return slot;
}

MixParticipant *
mix_room_join (MixRoom *self, guint number, GstPad *sink, GstPad *minus)
{
  MixParticipant *p = g_new0 (MixParticipant, 1);

  p->ref_count = 2; /* the pad's and the slot's */
  p->number = number;
  p->sink = gst_object_ref (sink);
  p->output = mix_output_new (self->element, minus);
  p->input = mix_input_new ();
  p->settings = (MixSettings){ .volume = 1,
    .hears = mix_set_parse (NULL, NULL),
    .heard_by = mix_set_parse (NULL, NULL) };
  mix_output_restart (p->output, self->group_id);
  g_mutex_lock (&self->lock);
  p->slot = take_slot (self, p);
  self->matrix_dirty = TRUE;
  g_mutex_unlock (&self->lock);
  return p;
}

void
mix_room_empty_slot (MixRoom *self, MixParticipant *participant)
{
  self->slots->pdata[participant->slot] = NULL;
  self->matrix_dirty = TRUE;
  mix_participant_unref (participant);
}

void
mix_room_leave (MixRoom *self, MixParticipant *participant)
{
  g_mutex_lock (&self->lock);
  participant->leaving = TRUE;
  GstPad *sink = g_steal_pointer (&participant->sink);
  mix_participant_forget_call (participant);
  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (p && p->asked_by == participant)
      p->asked_by = NULL;
  }
  self->pending = TRUE;
  g_cond_broadcast (&self->space);
  /* Without a tick there is nothing to fade. */
  if (self->playing)
    wake (self);
  else
    mix_room_empty_slot (self, participant);
  g_mutex_unlock (&self->lock);
  if (sink)
    gst_object_unref (sink);
  mix_participant_unref (participant);
}

void
mix_room_set_settings (MixRoom *self, MixParticipant *participant,
    const MixSettings *settings)
{
  g_mutex_lock (&self->lock);
  settings_clear (&participant->settings);
  participant->settings = *settings;
  self->matrix_dirty = TRUE;
  g_mutex_unlock (&self->lock);
}

GstStructure *
mix_room_get_stats (MixRoom *self, MixParticipant *p)
{
  static const MixRingCounts none;

  g_mutex_lock (&self->lock);
  const MixRing *ring = mix_input_get_ring (p->input);
  const MixRingCounts *counts = ring ? mix_ring_get_counts (ring) : &none;
  gint64 slack = ring ? mix_ring_get_slack (ring) : -1;
  GstStructure *s = gst_structure_new ("application/x-voicemixer-pad-stats",
      "rate", G_TYPE_UINT, mix_input_get_rate (p->input), "call-id",
      G_TYPE_STRING, p->call_id ? p->call_id : "", "level", G_TYPE_DOUBLE,
      (gdouble) p->level, "speaking", G_TYPE_BOOLEAN, p->is_speaking, "stalled",
      G_TYPE_BOOLEAN, p->is_stalled, "drift", G_TYPE_INT,
      ring ? mix_ring_get_correction (ring) : 0, "delay", G_TYPE_UINT64,
      (guint64) mix_input_get_delay (p->input), "slack", G_TYPE_UINT64,
      (guint64) MAX (slack, 0), "underruns", G_TYPE_UINT, counts->underruns,
      "dropped", G_TYPE_UINT64, counts->dropped, "skipped", G_TYPE_UINT64,
      counts->skipped, NULL);
  g_mutex_unlock (&self->lock);
  return s;
}

/* ---- What they say */

/* Lock held: FALSE, it is to wait no more. */
static gboolean
is_open (MixRoom *self, const MixParticipant *p)
{
  return self->run && !p->flushing && !p->leaving;
}

GstFlowReturn
mix_room_write (MixRoom *self, MixParticipant *participant,
    const gint16 *samples, guint n, gboolean waits)
{
  GstFlowReturn flow = GST_FLOW_OK;

  g_mutex_lock (&self->lock);
  while (waits && is_open (self, participant) &&
      mix_input_get_delay (participant->input) > ENOUGH)
    g_cond_wait (&self->space, &self->lock);
  if (!is_open (self, participant)) {
    flow = GST_FLOW_FLUSHING;
  } else if (participant->ended) {
    flow = GST_FLOW_EOS;
  } else {
    mix_input_write (participant->input, samples, n,
        media_loop_now (self->run->loop), waits);
    wake (self);
  }
  g_mutex_unlock (&self->lock);
  return flow;
}

void
mix_room_set_rate (MixRoom *self, MixParticipant *participant, guint rate)
{
  g_mutex_lock (&self->lock);
  mix_input_set_rate (participant->input, rate);
  g_mutex_unlock (&self->lock);
}

void
mix_room_write_event (MixRoom *self, MixParticipant *participant,
    GstEvent *event)
{
  g_mutex_lock (&self->lock);
  mix_input_write_event (participant->input, event);
  wake (self);
  g_mutex_unlock (&self->lock);
}

void
mix_room_set_flushing (MixRoom *self, MixParticipant *participant,
    gboolean flushing)
{
  g_mutex_lock (&self->lock);
  participant->flushing = flushing;
  if (flushing)
    mix_input_clear (participant->input);
  g_cond_broadcast (&self->space);
  g_mutex_unlock (&self->lock);
}

void
mix_room_set_ended (MixRoom *self, MixParticipant *participant, gboolean ended)
{
  g_mutex_lock (&self->lock);
  participant->ended = ended;
  self->pending |= ended;
  wake (self);
  g_mutex_unlock (&self->lock);
}

/* Lock held. */
gboolean
mix_room_hears (MixRoom *self, const MixParticipant *listener,
    const MixParticipant *speaker)
{
  return listener != speaker &&
      mix_set_contains (listener->settings.hears, speaker->number) &&
      mix_set_contains (speaker->settings.heard_by, listener->number);
}
