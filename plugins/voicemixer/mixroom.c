/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixroomprivate.h"

#include "common/base/gstvoicelog.h"
#include "mixevents.h"
#include "mixlog.h"
#include "mixparticipantprivate.h"

#define GST_CAT_DEFAULT voicemixer_debug

/* A source that is not live is held up while more than this waits, ns. */
#define ENOUGH (60 * G_GINT64_CONSTANT (1000000))

/* ---- Life */

MixRoom *
mix_room_new (GstElement *element, GstPad *full)
{
  MixRoom *self = g_new0 (MixRoom, 1);

  self->ref_count = 1;
  self->element = element;
  mix_seats_init (&self->seats);
  mix_desk_init (&self->desk, element, &self->seats, full);
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
  mix_desk_clear (&self->desk);
  mix_seats_clear (&self->seats);
  g_cond_clear (&self->space);
  g_free (self);
}

/* ---- The loop */

/* In the midst of a tick; lock held. */
static gboolean
goes_on (gint64 now, gpointer data)
{
  MixRun *run = data;
  MixRoom *room = run->room;

  if (room->run == run && room->playing &&
      mix_desk_has_work (&room->desk, now)) {
    /* Who waits for room looks when the lock is given up, behind the reading. */
    g_cond_broadcast (&room->space);
    return TRUE;
  }
  room->ticking &= room->run != run;
  return FALSE;
}

/* Of voicemixer/speaker. */
static void
tell (GstElement *element, GstMessage *message)
{
  const GstStructure *s = gst_message_get_structure (message);
  g_autofree gchar *id =
      gst_voice_log_text (gst_structure_get_string (s, "call-id"));

  GST_DEBUG_OBJECT (element, "%s: %s has %s to speak", id,
      gst_structure_get_string (s, "pad"),
      gst_structure_get_string (s, "state"));
  gst_element_post_message (element, message);
}

static void
on_tick (gint64 now, gpointer data)
{
  MixRun *run = data;
  MixRoom *room = run->room;
  g_autoptr (GstElement) element = gst_object_ref (room->element);
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();

  g_mutex_lock (&room->desk.lock);
  if (!mix_desk_tick (&room->desk, run->loop, now, goes_on, run, messages))
    media_ticker_stop (&run->ticker);
  g_mutex_unlock (&room->desk.lock);
  for (guint i = 0; i < messages->len; i++)
    tell (element, g_ptr_array_index (messages, i));
}

/* Somebody has just begun to speak, and will every 20 ms: what comes then waits for
 * the tick no longer than it must. */
static void
begin_ticking (gpointer data)
{
  MixRun *run = data;

  if (!run->ticker.timer.loop || run->ticker.phase < 0)
    media_ticker_start_at (&run->ticker, run->loop,
        media_loop_now (run->loop) + MIX_RING_MARGIN, on_tick, run);
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

  g_mutex_lock (&self->desk.lock);
  mix_desk_restart (&self->desk, group_id);
  g_mutex_lock (&self->seats.lock);
  self->seats.group_id = group_id;
  self->run = run_new (self, loop);
  self->ticking = self->playing = FALSE;
  g_autoptr (GPtrArray) all = mix_seats_dup_all (&self->seats);
  for (guint i = 0; i < all->len; i++)
    mix_participant_begin (g_ptr_array_index (all, i));
  g_mutex_unlock (&self->seats.lock);
  for (guint i = 0; i < all->len; i++)
    mix_output_restart (((MixParticipant *) g_ptr_array_index (all, i))->output,
        group_id);
  g_mutex_unlock (&self->desk.lock);
}

void
mix_room_set_playing (MixRoom *self, gboolean playing)
{
  g_mutex_lock (&self->seats.lock);
  self->playing = playing;
  wake (self);
  g_mutex_unlock (&self->seats.lock);
}

void
mix_room_stop (MixRoom *self)
{
  g_mutex_lock (&self->seats.lock);
  MixRun *run = g_steal_pointer (&self->run);
  self->playing = FALSE;
  for (guint i = 0; i < self->seats.slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats.slots, i);
    if (!p)
      continue;
    mix_input_clear (p->input);
    mix_participant_forget_call (p);
    if (p->leaving)
      mix_seats_remove (&self->seats, p);
  }
  g_cond_broadcast (&self->space);
  g_mutex_unlock (&self->seats.lock);
  if (run)
    media_loop_invoke (run->loop, end_run, run, run_free);
}

/* ---- Participants */

MixParticipant *
mix_room_join (MixRoom *self, guint number, GstPad *sink, GstPad *minus)
{
  MixOutput *output = mix_output_new (self->element, minus);
  MixParticipant *p = mix_participant_new (number, sink, output);

  g_mutex_lock (&self->seats.lock);
  const guint group_id = self->seats.group_id;
  g_mutex_unlock (&self->seats.lock);
  mix_output_restart (output, group_id);
  g_mutex_lock (&self->seats.lock);
  mix_seats_add (&self->seats, mix_participant_ref (p));
  g_mutex_unlock (&self->seats.lock);
  GST_INFO_OBJECT (sink, "joins the room");
  return p;
}

void
mix_room_leave (MixRoom *self, MixParticipant *participant)
{
  g_mutex_lock (&self->seats.lock);
  participant->leaving = TRUE;
  GstPad *sink = g_steal_pointer (&participant->sink);
  g_autofree gchar *id = mix_participant_dup_log_id (participant);
  g_autoptr (GstStructure) stats = mix_participant_get_stats (participant);
  mix_participant_forget_call (participant);
  for (guint i = 0; i < self->seats.slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats.slots, i);
    if (p && p->asked_by == participant)
      p->asked_by = NULL;
  }
  self->seats.pending = TRUE;
  g_cond_broadcast (&self->space);
  /* Without a tick there is nothing to fade. */
  if (self->playing)
    wake (self);
  else
    mix_seats_remove (&self->seats, participant);
  g_mutex_unlock (&self->seats.lock);
  GST_INFO_OBJECT (sink, "%s: leaves the room: %" GST_PTR_FORMAT, id, stats);
  if (sink)
    gst_object_unref (sink);
  mix_participant_unref (participant);
}

void
mix_room_set_settings (MixRoom *self, MixParticipant *participant,
    const MixSettings *settings)
{
  g_mutex_lock (&self->seats.lock);
  mix_participant_set_settings (participant, settings);
  self->seats.matrix_dirty = TRUE;
  g_mutex_unlock (&self->seats.lock);
}

gchar *
mix_room_dup_log_id (MixRoom *self, MixParticipant *participant)
{
  g_mutex_lock (&self->seats.lock);
  gchar *id = mix_participant_dup_log_id (participant);
  g_mutex_unlock (&self->seats.lock);
  return id;
}

GstStructure *
mix_room_get_stats (MixRoom *self, MixParticipant *participant)
{
  g_mutex_lock (&self->seats.lock);
  GstStructure *stats = mix_participant_get_stats (participant);
  g_mutex_unlock (&self->seats.lock);
  return stats;
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

  g_mutex_lock (&self->seats.lock);
  while (waits && is_open (self, participant) &&
      mix_input_get_delay (participant->input) > ENOUGH)
    g_cond_wait (&self->space, &self->seats.lock);
  if (!is_open (self, participant)) {
    flow = GST_FLOW_FLUSHING;
  } else if (participant->ended) {
    flow = GST_FLOW_EOS;
  } else {
    mix_input_write (participant->input, samples, n,
        media_loop_now (self->run->loop), waits);
    wake (self);
  }
  g_mutex_unlock (&self->seats.lock);
  return flow;
}

void
mix_room_set_rate (MixRoom *self, MixParticipant *participant, guint rate)
{
  g_mutex_lock (&self->seats.lock);
  mix_input_set_rate (participant->input, rate);
  g_mutex_unlock (&self->seats.lock);
}

void
mix_room_write_event (MixRoom *self, MixParticipant *participant,
    GstEvent *event)
{
  g_mutex_lock (&self->seats.lock);
  mix_input_write_event (participant->input, event);
  wake (self);
  g_mutex_unlock (&self->seats.lock);
}

void
mix_room_set_flushing (MixRoom *self, MixParticipant *participant,
    gboolean flushing)
{
  g_mutex_lock (&self->seats.lock);
  participant->flushing = flushing;
  if (flushing)
    mix_input_clear (participant->input);
  g_cond_broadcast (&self->space);
  g_mutex_unlock (&self->seats.lock);
}

void
mix_room_set_ended (MixRoom *self, MixParticipant *participant, gboolean ended)
{
  g_mutex_lock (&self->seats.lock);
  participant->ended = ended;
  self->seats.pending |= ended;
  wake (self);
  g_mutex_unlock (&self->seats.lock);
}

void
mix_room_broadcast (MixRoom *self, MixParticipant *participant, GstEvent *event)
{
  mix_events_broadcast (&self->seats, participant, event);
}

gboolean
mix_room_take_upstream (MixRoom *self, MixParticipant *participant,
    GstEvent *event)
{
  return mix_events_take_upstream (&self->seats, participant, event);
}
