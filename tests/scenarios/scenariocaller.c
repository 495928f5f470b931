/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - Who is not answered for PATIENCE speaks again.
 * - The agent is taken to be speaking until it was silent for REST: it may pause. */

#include "scenariocaller.h"

#include "syntheticvoice.h"

#include <math.h>
#include <string.h>

#define PATIENCE 8000 /* ms */
#define REST 500
#define LOUD 200 /* of 32768: what the phone plays is not silent */
#define COUGH 6000.0 /* rms */
#define OVER_MIN 300 /* ms into an answer that somebody speaks over it */
#define OVER_MAX 2500

struct _ScenarioCaller
{
  const Scenario *set;
  guint64 chance;
  guint now; /* ms */
  GArray *sounds;

  guint audible; /* when the agent was last */
  gboolean answering; /* it is, or was within REST */
  guint due; /* when a sentence begins, 0: not decided */
  guint over, cough; /* the same of what is said into the answer */

  GArray *echo; /* gint16: played and not given back yet */
  gsize echo_at;
};

/* 0 to 1 */
static gdouble
draw (ScenarioCaller *self)
{
  self->chance ^= self->chance << 13;
  self->chance ^= self->chance >> 7;
  self->chance ^= self->chance << 17;
  return (gdouble) (self->chance >> 11) / (G_GUINT64_CONSTANT (1) << 53);
}

static guint
draw_between (ScenarioCaller *self, guint least, guint most)
{
  return least + (guint) (draw (self) * (most - least));
}

static gboolean
happens (ScenarioCaller *self, guint per_mille)
{
  return draw (self) * 1000 < per_mille;
}

ScenarioCaller *
scenario_caller_new (const Scenario *scenario)
{
  ScenarioCaller *self = g_new0 (ScenarioCaller, 1);

  self->set = scenario;
  self->chance = scenario->seed * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + 1;
  self->sounds = g_array_new (FALSE, TRUE, sizeof (Sound));
  self->echo = g_array_new (FALSE, TRUE, sizeof (gint16));
  g_array_set_size (self->echo, scenario->echo_delay * SCENARIO_RATE / 1000);
  return self;
}

void
scenario_caller_free (ScenarioCaller *self)
{
  g_array_unref (self->sounds);
  g_array_unref (self->echo);
  g_free (self);
}

const GArray *
scenario_caller_get_sounds (const ScenarioCaller *self)
{
  return self->sounds;
}

/* ---- What is heard */

static void
begin_answer (ScenarioCaller *self)
{
  self->answering = TRUE;
  self->due = 0;
  self->over = happens (self, self->set->talks_over)
      ? self->now + draw_between (self, OVER_MIN, OVER_MAX)
      : 0;
  self->cough = !self->over && happens (self, self->set->coughs)
      ? self->now + draw_between (self, OVER_MIN, OVER_MAX)
      : 0;
}

void
scenario_caller_play (ScenarioCaller *self, const gint16 *samples, guint n)
{
  gboolean loud = FALSE;

  for (guint i = 0; i < n && !loud; i++)
    loud = ABS (samples[i]) > LOUD;
  if (loud) {
    self->audible = self->now;
    if (!self->answering)
      begin_answer (self);
  }
  if (self->set->echo)
    g_array_append_vals (self->echo, samples, n);
}

/* ---- What is said */

static void
begin_sound (ScenarioCaller *self, SoundKind kind, guint length)
{
  Sound sound = { kind, self->now, self->now + length };

  if (kind == SOUND_SENTENCE && happens (self, self->set->hesitates)) {
    sound.pause_start = self->now + length / 2;
    sound.pause_end = sound.pause_start +
        draw_between (self, self->set->hesitation_min,
            self->set->hesitation_max);
    sound.end += sound.pause_end - sound.pause_start;
  }
  g_array_append_val (self->sounds, sound);
}

static const Sound *
get_sound (const ScenarioCaller *self)
{
  const guint n = self->sounds->len;

  return n ? &g_array_index (self->sounds, Sound, n - 1) : NULL;
}

static guint
draw_length (ScenarioCaller *self)
{
  return draw_between (self, self->set->length_min, self->set->length_max);
}

static gboolean
is_due (ScenarioCaller *self, guint *when)
{
  if (*when == 0 || self->now < *when)
    return FALSE;
  *when = 0;
  return TRUE;
}

static void
look_at_clock (ScenarioCaller *self)
{
  const Sound *last = get_sound (self);
  const guint spoken = MAX (last ? last->end : 0, self->audible);

  if (self->answering && self->now >= self->audible + REST) {
    self->answering = FALSE;
    self->over = self->cough = 0;
    self->due = self->now +
        draw_between (self, self->set->wait_min, self->set->wait_max);
  }
  if (!self->answering && !self->due)
    self->due = spoken + PATIENCE;
}

/* TRUE: of a sound that is being made. */
static gboolean
decide (ScenarioCaller *self)
{
  const Sound *sound = get_sound (self);

  if (sound && self->now < sound->end)
    return TRUE;
  look_at_clock (self);
  if (is_due (self, &self->over))
    begin_sound (self, SOUND_OVER, draw_length (self));
  else if (is_due (self, &self->cough))
    begin_sound (self, SOUND_COUGH, draw_between (self, 100, 160));
  else if (!self->answering && is_due (self, &self->due))
    begin_sound (self, SOUND_SENTENCE, draw_length (self));
  else
    return FALSE;
  return TRUE;
}

static gdouble
make_noise (ScenarioCaller *self, gdouble rms)
{
  return (draw (self) + draw (self) + draw (self) - 1.5) * 2 * rms;
}

static gdouble
get_sample (ScenarioCaller *self, const Sound *sound, guint i)
{
  const guint at = self->now + i * 1000 / SCENARIO_RATE;

  if (at >= sound->end || (at >= sound->pause_start && at < sound->pause_end))
    return 0;
  if (sound->kind == SOUND_COUGH)
    return make_noise (self, COUGH);
  return synthetic_voice ((self->now - sound->start) * (SCENARIO_RATE / 1000) +
          i,
      SCENARIO_RATE);
}

static gdouble
take_echo (ScenarioCaller *self)
{
  if (self->echo_at >= self->echo->len)
    return 0;
  return g_array_index (self->echo, gint16, self->echo_at++) *
      pow (10, self->set->echo / -20.0);
}

gboolean
scenario_caller_speak (ScenarioCaller *self, gint16 *samples)
{
  const gboolean speaks = decide (self);
  const gdouble floor =
      self->set->noise ? 32768 * pow (10, self->set->noise / -20.0) : 0;

  for (guint i = 0; i < SCENARIO_FRAME; i++) {
    gdouble sum = speaks ? get_sample (self, get_sound (self), i) : 0;
    if (floor > 0)
      sum += make_noise (self, floor);
    if (self->set->echo)
      sum += take_echo (self);
    samples[i] = (gint16) CLAMP (sum, -32768, 32767);
  }
  self->now += SCENARIO_TICK;
  return speaks || floor > 0 || self->set->echo;
}
