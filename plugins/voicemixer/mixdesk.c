/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One tick, the desk's lock held: take from each what it said, under the room's lock;
 * mix; push without it. */

#include "mixdesk.h"

#include "mixevents.h"
#include "mixlog.h"
#include "mixmessages.h"
#include "mixparticipantprivate.h"

#include "common/frame/gstvoicetime.h"
#include "logic/mixkernel.h"

#include <string.h>

#define GST_CAT_DEFAULT voicemixer_debug

#define IDLE_AFTER (G_GINT64_CONSTANT (1000) * 1000000) /* ns */
#define STALLED_AFTER (G_GINT64_CONSTANT (100) * 1000000)
#define FRAME (20 * GST_MSECOND)
#define RESYNC (40 * GST_MSECOND)
#define DEFAULT_RATE 16000
#define QUIET_LEVEL -50 /* dBFS */
#define QUIET_TICKS 10

typedef struct
{
  GPtrArray *members; /* references, in no order */
  GPtrArray *listeners; /* those of them who stay, borrowed */
  const gint32 **inputs; /* by slot */
  guint n_slots, n; /* n: samples */
  GArray *deliveries;
  GPtrArray *ended; /* MixOutput, references */
  GPtrArray *restarted; /* the same */
  GPtrArray *messages; /* borrowed */
  guint group_id; /* of what is restarted */
  gboolean anybody; /* speaks, or is loud */
} Tick;

static void
tick_init (Tick *tick, GPtrArray *messages)
{
  memset (tick, 0, sizeof (*tick));
  tick->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mix_participant_unref);
  tick->listeners = g_ptr_array_new ();
  tick->deliveries = mix_deliveries_new ();
  tick->ended =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mix_output_unref);
  tick->restarted =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mix_output_unref);
  tick->messages = messages;
}

static void
tick_clear (Tick *tick)
{
  g_free (tick->inputs);
  g_ptr_array_unref (tick->members);
  g_ptr_array_unref (tick->listeners);
  g_array_unref (tick->deliveries);
  g_ptr_array_unref (tick->ended);
  g_ptr_array_unref (tick->restarted);
}

/* ---- The rate of the mix */

/* What the far side of a pad that has no format yet lists first. */
static guint
preferred_rate (GstPad *sink)
{
  g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (sink, NULL);
  gint rate = 0;

  if (!caps || gst_caps_is_any (caps) || gst_caps_is_empty (caps))
    return 0;
  caps = gst_caps_fixate (gst_caps_make_writable (g_steal_pointer (&caps)));
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  return (guint) MAX (rate, 0);
}

static guint
allowed_rate (guint rate)
{
  const guint rates[] = { 8000, 16000, 24000, 48000 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    if (rate <= rates[i])
      return rates[i];
  return 48000;
}

/* The highest that anybody speaks, or will. */
static guint
choose_rate (MixDesk *self)
{
  g_autoptr (GPtrArray) unknown =
      g_ptr_array_new_with_free_func (gst_object_unref);
  guint rate = 0;

  g_mutex_lock (&self->seats->lock);
  for (guint i = 0; i < self->seats->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    const guint own = p ? mix_input_get_rate (p->input) : 0;
    if (own)
      rate = MAX (rate, own);
    else if (p && p->sink)
      g_ptr_array_add (unknown, gst_object_ref (p->sink));
  }
  g_mutex_unlock (&self->seats->lock);
  for (guint i = 0; i < unknown->len; i++) {
    const guint preferred = preferred_rate (g_ptr_array_index (unknown, i));
    rate = MAX (rate, preferred);
  }
  return rate ? allowed_rate (rate) : DEFAULT_RATE;
}

/* Somebody with a higher rate than any before raises it, when nobody is heard: to
 * change the resamplers of all in the middle of a word would be heard by all. */
static void
raise_rate (MixDesk *self)
{
  guint rate = self->rate;

  for (guint i = 0; i < self->seats->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    const guint own = p ? mix_input_get_rate (p->input) : 0;
    rate = MAX (rate, own);
  }
  if (self->quiet >= QUIET_TICKS)
    self->rate = allowed_rate (rate);
}

/* ---- Taking; both locks held */

static void
rebuild_matrix (MixDesk *self)
{
  g_autofree MixMember *members =
      g_new0 (MixMember, self->seats->slots->len + 1);

  for (guint i = 0; i < self->seats->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    if (p)
      members[i] = (MixMember){ TRUE, p->number, p->settings.hears,
        p->settings.heard_by, p->early, p->is_agent && !p->call };
  }
  g_clear_pointer (&self->old_matrix, mix_matrix_free);
  self->old_matrix = self->matrix;
  self->matrix = mix_matrix_new (members, self->seats->slots->len);
  self->seats->matrix_dirty = FALSE;
}

/* Found, or linked in another's place. */
static void
note_agents (MixDesk *self)
{
  for (guint i = 0; i < self->seats->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    if (!p || p->is_agent == mix_output_is_agent (p->output))
      continue;
    p->is_agent = !p->is_agent;
    self->seats->matrix_dirty = TRUE;
  }
}

gboolean
mix_desk_has_work (MixDesk *self, gint64 now)
{
  gboolean active = self->seats->pending;

  self->seats->pending = FALSE;
  for (guint i = 0; i < self->seats->slots->len && !active; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    /* What waits is taken however long ago it came: the room was paused, the
     * machine stood still, and a file is held up until there is room. */
    active = p &&
        (mix_input_is_active (p->input, now, IDLE_AFTER) ||
            mix_input_get_delay (p->input) > 0);
  }
  return active;
}

static void
note_speaker (MixDesk *self, MixParticipant *p, Tick *tick)
{
  gboolean changed = p->heard ? speaker_push (&p->speaker, p->said, tick->n)
                              : speaker_push_silence (&p->speaker);

  p->level = p->speaker.level;
  p->is_speaking = p->speaker.speaking;
  if (p->speaker.speaking)
    p->spoke = self->ticks;
  tick->anybody |= p->speaker.speaking || p->level > QUIET_LEVEL;
  if (p->leaving && p->speaker.speaking) {
    p->speaker.speaking = FALSE;
    changed = TRUE;
  }
  if (changed)
    g_ptr_array_add (tick->messages,
        mix_message_new_speaker (self->element, p->number, p->call_id,
            p->speaker.speaking, p->speaker.level,
            self->base + self->frames * FRAME));
}

static void
take_said (MixDesk *self, MixParticipant *p, Tick *tick, gint64 now)
{
  gint16 samples[MIX_MAX_FRAME];
  const gboolean silent = p->leaving || p->settings.mute || p->held;
  const gfloat gain = silent ? 0 : (gfloat) p->settings.volume;
  GstEvent *event;

  p->heard = mix_input_read (p->input, samples, self->rate, now) &&
      (p->gain > 0 || gain > 0);
  if (p->heard) {
    mix_apply_gain (samples, p->said, tick->n, p->gain, gain);
    tick->inputs[p->slot] = p->said;
  }
  p->gain = gain;
  p->is_stalled = !mix_input_is_active (p->input, now, STALLED_AFTER);
  while ((event = mix_input_take_event (p->input)))
    mix_events_route (self->seats, p, event, tick->deliveries);
  note_speaker (self, p, tick);
}

static gboolean
is_over (const MixParticipant *p)
{
  return p->ended && mix_input_get_delay (p->input) < MIX_RING_TICK;
}

/* Its own side is over, or all that it hears is. */
static gboolean
hears_no_more (MixDesk *self, const MixParticipant *listener)
{
  gboolean hears = FALSE;

  if (is_over (listener))
    return TRUE;
  for (guint i = 0; i < self->seats->slots->len; i++) {
    const MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    if (!p || p->leaving || !mix_participant_hears (listener, p))
      continue;
    hears = TRUE;
    if (!is_over (p))
      return FALSE;
  }
  return hears;
}

/* A call that did not end before its stream did. */
static void
end_call (MixParticipant *p)
{
  if (is_over (p))
    mix_participant_forget_call (p);
}

static void
find_ended (MixDesk *self, Tick *tick)
{
  guint there = 0, over = 0;

  for (guint i = 0; i < tick->members->len; i++) {
    MixParticipant *p = g_ptr_array_index (tick->members, i);
    const gboolean ends = hears_no_more (self, p);
    there += !p->leaving;
    over += !p->leaving && is_over (p);
    if (ends != p->end_told)
      g_ptr_array_add (ends ? tick->ended : tick->restarted,
          mix_output_ref (p->output));
    p->end_told = ends;
  }
  const gboolean all = there ? over == there : self->full_ended;
  if (all != self->full_ended)
    g_ptr_array_add (all ? tick->ended : tick->restarted,
        mix_output_ref (self->full));
  self->full_ended = all;
}

/* They faded out in this tick. */
static void
drop_leaving (MixDesk *self, const Tick *tick)
{
  for (guint i = 0; i < tick->members->len; i++) {
    MixParticipant *p = g_ptr_array_index (tick->members, i);
    if (p->leaving && self->seats->slots->pdata[p->slot] == p)
      mix_seats_remove (self->seats, p);
  }
}

static void
take_all (MixDesk *self, Tick *tick, gint64 now)
{
  raise_rate (self);
  tick->n = self->rate / 50;
  tick->n_slots = self->seats->slots->len;
  tick->inputs = g_new0 (const gint32 *, tick->n_slots + 1);
  note_agents (self);
  if (self->seats->matrix_dirty || !self->matrix)
    rebuild_matrix (self);
  else
    g_clear_pointer (&self->old_matrix, mix_matrix_free);
  for (guint i = 0; i < self->seats->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->seats->slots, i);
    if (!p)
      continue;
    g_ptr_array_add (tick->members, mix_participant_ref (p));
    if (!p->leaving)
      g_ptr_array_add (tick->listeners, p);
    take_said (self, p, tick, now);
    end_call (p);
  }
  mix_events_update_talk (self->seats, tick->deliveries);
  find_ended (self, tick);
  drop_leaving (self, tick);
  self->quiet = tick->anybody ? 0 : self->quiet + 1;
  self->ticks++;
  tick->group_id = self->seats->group_id;
}

/* ---- Times */

static gboolean
update_base (MixDesk *self, MediaLoop *loop, gint64 now)
{
  GstClockTime time = gst_voice_running_time (self->element, loop, now);

  if (!GST_CLOCK_TIME_IS_VALID (time))
    time = 0;
  GstClockTimeDiff error = GST_CLOCK_STIME_NONE;
  if (GST_CLOCK_TIME_IS_VALID (self->base))
    error = GST_CLOCK_DIFF (self->base + self->frames * FRAME, time);
  if (GST_CLOCK_STIME_IS_VALID (error) && ABS (error) <= RESYNC)
    return FALSE;
  self->base = time;
  self->frames = 0;
  if (GST_CLOCK_STIME_IS_VALID (error))
    GST_DEBUG_OBJECT (self->element,
        "its time was off by %" GST_STIME_FORMAT
        ": goes on at %" GST_TIME_FORMAT,
        GST_STIME_ARGS (error), GST_TIME_ARGS (time));
  else
    GST_DEBUG_OBJECT (self->element, "wakes at %" GST_TIME_FORMAT,
        GST_TIME_ARGS (time));
  return TRUE;
}

/* ---- Mixing and pushing; the desk's lock held, the room's not */

static gboolean
is_zero (const gint32 *samples, guint n)
{
  for (guint i = 0; i < n; i++)
    if (samples[i])
      return FALSE;
  return TRUE;
}

static void
push_mix (MixDesk *self, MixOutput *output, const gint32 *mixed, guint n,
    gboolean discont)
{
  gint16 samples[MIX_MAX_FRAME];

  mix_limit (mixed, samples, n);
  mix_output_push (output, samples, self->rate,
      self->base + self->frames * FRAME, discont, is_zero (mixed, n));
}

static void
push_all (MixDesk *self, const Tick *tick, gboolean discont)
{
  gint32 total[MIX_MAX_FRAME] = { 0 };
  gint32 mixed[MIX_MAX_FRAME], before[MIX_MAX_FRAME];
  const guint n = tick->n;

  for (guint i = 0; i < tick->n_slots; i++)
    if (tick->inputs[i])
      mix_add (total, tick->inputs[i], n);
  for (guint i = 0; i < tick->listeners->len; i++) {
    MixParticipant *p = g_ptr_array_index (tick->listeners, i);
    mix_matrix_mix (self->matrix, p->slot, tick->inputs, tick->n_slots, total,
        mixed, n);
    if (self->old_matrix &&
        !mix_matrix_same_row (self->matrix, self->old_matrix, p->slot)) {
      mix_matrix_mix (self->old_matrix, p->slot, tick->inputs, tick->n_slots,
          total, before, n);
      mix_crossfade (before, mixed, n);
    }
    push_mix (self, p->output, mixed, n, discont);
  }
  push_mix (self, self->full, total, n, discont);
}

static void
restart (const Tick *tick)
{
  for (guint i = 0; i < tick->restarted->len; i++)
    mix_output_restart (g_ptr_array_index (tick->restarted, i), tick->group_id);
}

/* Behind the audio that came before. */
static void
finish (Tick *tick)
{
  mix_deliveries_send (tick->deliveries);
  for (guint i = 0; i < tick->ended->len; i++)
    mix_output_end (g_ptr_array_index (tick->ended, i));
}

gboolean
mix_desk_tick (MixDesk *self, MediaLoop *loop, gint64 now, MixGoesOn goes_on,
    gpointer data, GPtrArray *messages)
{
  const guint before = self->rate;
  Tick tick;

  if (!self->rate)
    self->rate = choose_rate (self);
  const gboolean discont = update_base (self, loop, now);
  g_mutex_lock (&self->seats->lock);
  if (!goes_on (now, data)) {
    g_mutex_unlock (&self->seats->lock);
    self->rate = 0;
    self->base = GST_CLOCK_TIME_NONE;
    GST_DEBUG_OBJECT (self->element, "sleeps until somebody says something");
    return FALSE;
  }
  tick_init (&tick, messages);
  take_all (self, &tick, now);
  g_mutex_unlock (&self->seats->lock);
  if (self->rate != before)
    GST_DEBUG_OBJECT (self->element, "mixes at %u Hz", self->rate);
  restart (&tick);
  push_all (self, &tick, discont);
  finish (&tick);
  self->frames++;
  tick_clear (&tick);
  return TRUE;
}

/* ---- Life */

void
mix_desk_init (MixDesk *self, GstElement *element, MixSeats *seats,
    GstPad *full)
{
  self->element = element;
  self->seats = seats;
  self->full = mix_output_new (element, full);
  self->base = GST_CLOCK_TIME_NONE;
  g_mutex_init (&self->lock);
}

void
mix_desk_clear (MixDesk *self)
{
  mix_output_unref (self->full);
  g_clear_pointer (&self->matrix, mix_matrix_free);
  g_clear_pointer (&self->old_matrix, mix_matrix_free);
  g_mutex_clear (&self->lock);
}

void
mix_desk_restart (MixDesk *self, guint group_id)
{
  mix_output_restart (self->full, group_id);
  self->full_ended = FALSE;
  self->rate = 0;
  self->base = GST_CLOCK_TIME_NONE;
}
