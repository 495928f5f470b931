/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What media threads leave: the sound of a turn, from a little before the moment at which
 * it was found to be one. Nothing of it costs the agent loop anything while it comes. */

#include "cascadeprivate.h"

#include "aiagent/session/hearing/agentvads.h"

#include <string.h>

#define PRE_ROLL \
  (300 * GST_MSECOND) /* before the first sound that was noticed */
#define KEPT 1600 /* ms: of a turn it may be told 1200 ms late */
#define MIN_SPEECH 60 /* ms that are no pause any more */

void
cascade_turn_free (CascadeTurn *self)
{
  g_clear_pointer (&self->sound, g_byte_array_unref);
  g_clear_pointer (&self->utterance, utterance_drop);
  g_free (self);
}

void
cascade_ear_init (CascadeEar *self)
{
  g_mutex_init (&self->lock);
  self->before = g_byte_array_new ();
  agent_ear_init (&self->pauses);
}

void
cascade_ear_clear (CascadeEar *self)
{
  g_clear_pointer (&self->turn, cascade_turn_free);
  g_byte_array_unref (self->before);
  agent_ear_clear (&self->pauses);
  g_mutex_clear (&self->lock);
}

void
cascade_ear_begin (CascadeEar *self, Recognizer *recognizer, guint rate,
    guint pause)
{
  const AgentEarSettings settings = { MIN_SPEECH, pause, pause, 0 };

  g_mutex_lock (&self->lock);
  CascadeTurn *last = g_steal_pointer (&self->turn);
  self->recognizer = recognizer;
  self->rate = rate;
  self->channel = (RecognizerChannel){ 0 };
  g_byte_array_set_size (self->before, 0);
  self->hints = rate && pause && !recognizer;
  if (self->hints)
    agent_ear_begin (&self->pauses, agent_vads_get (), rate, &settings);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&last, cascade_turn_free);
}

/* ---- Sound */

static gsize
bytes_of (const CascadeEar *self, guint ms)
{
  return (gsize) self->rate / 1000 * ms * 2;
}

static void
add_unlocked (CascadeEar *self, gconstpointer data, gsize size)
{
  CascadeTurn *turn = self->turn;

  if (turn->utterance)
    utterance_push (turn->utterance, data, (guint) (size / 2));
  else if (turn->sound->len < bytes_of (self, CASCADE_LONGEST_TURN))
    g_byte_array_append (turn->sound, data, (guint) size);
}

static void
keep_unlocked (CascadeEar *self, gconstpointer data, gsize size)
{
  g_byte_array_append (self->before, data, (guint) size);
  /* Not at each frame: what stays is moved. */
  if (self->before->len > 2 * bytes_of (self, KEPT))
    g_byte_array_remove_range (self->before, 0,
        (guint) (self->before->len - bytes_of (self, KEPT)));
}

static CascadeTurn *
copy_turn_unlocked (const CascadeEar *self)
{
  CascadeTurn *copy = g_new0 (CascadeTurn, 1);

  copy->rate = self->rate;
  copy->sound = g_byte_array_sized_new (self->turn->sound->len);
  g_byte_array_append (copy->sound, self->turn->sound->data,
      self->turn->sound->len);
  return copy;
}

static CascadeHint
look_for_pause_unlocked (CascadeEar *self, const gint16 *samples, guint n,
    GstClockTime time, CascadeTurn **so_far)
{
  AgentEarHeard heard;

  agent_ear_hear (&self->pauses, samples, n, time, FALSE, &heard);
  if (!heard.n || !self->turn)
    return CASCADE_HINT_NONE;
  if (heard.events[heard.n - 1].event != TURN_ENDED)
    return CASCADE_HINT_ON;
  *so_far = copy_turn_unlocked (self);
  return CASCADE_HINT_PAUSE;
}

CascadeHint
cascade_ear_hear (CascadeEar *self, const gint16 *samples, guint n,
    GstClockTime time, CascadeTurn **so_far)
{
  CascadeHint hint = CASCADE_HINT_NONE;

  g_mutex_lock (&self->lock);
  if (self->rate) {
    self->before_end =
        time + gst_util_uint64_scale_int (n, GST_SECOND, (gint) self->rate);
    if (self->turn)
      add_unlocked (self, samples, n * sizeof *samples);
    else
      keep_unlocked (self, samples, n * sizeof *samples);
    if (self->hints)
      hint = look_for_pause_unlocked (self, samples, n, time, so_far);
  }
  g_mutex_unlock (&self->lock);
  return hint;
}

/* ---- Turns */

/* So much of what was kept belongs to a turn that began at @start. */
static gsize
pre_roll_unlocked (const CascadeEar *self, GstClockTime start)
{
  const GstClockTime from = start - MIN (start, PRE_ROLL);
  const GstClockTime length =
      self->before_end > from ? self->before_end - from : 0;
  const guint64 bytes =
      gst_util_uint64_scale_int (length, (gint) self->rate, GST_SECOND) * 2;

  return MIN (self->before->len, MIN (bytes, bytes_of (self, KEPT)));
}

void
cascade_ear_begin_turn (CascadeEar *self, GstClockTime start)
{
  g_mutex_lock (&self->lock);
  if (self->rate && !self->turn) {
    const gsize size = pre_roll_unlocked (self, start);
    self->turn = g_new0 (CascadeTurn, 1);
    self->turn->rate = self->rate;
    if (self->recognizer)
      self->turn->utterance =
          utterance_new (self->recognizer, self->rate, &self->channel);
    else
      self->turn->sound = g_byte_array_new ();
    add_unlocked (self, self->before->data + self->before->len - size, size);
    g_byte_array_set_size (self->before, 0);
  }
  g_mutex_unlock (&self->lock);
}

CascadeTurn *
cascade_ear_end_turn (CascadeEar *self)
{
  g_mutex_lock (&self->lock);
  CascadeTurn *turn = g_steal_pointer (&self->turn);
  g_mutex_unlock (&self->lock);
  if (turn && turn->utterance)
    utterance_finish (turn->utterance);
  return turn;
}

void
cascade_ear_set_channel (CascadeEar *self, const RecognizerChannel *channel)
{
  g_mutex_lock (&self->lock);
  self->channel = *channel;
  g_mutex_unlock (&self->lock);
}
