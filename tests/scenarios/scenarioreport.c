/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "scenarioreport.h"

#include <string.h>

#define LOUD 100 /* of 32768: not silent */
#define WINDOW 5 /* ms that are looked at as one */
#define SLACK 150 /* ms a turn may begin beside its sentence */
#define SOON 1500 /* ms in which an interruption must follow */
#define QUIET 300 /* ms of silence that end an answer */

/* ---- Sound */

static gboolean
is_loud (const GArray *tape, guint ms)
{
  const guint at = ms * (SCENARIO_RATE / 1000);

  for (guint i = 0; i < WINDOW * SCENARIO_RATE / 1000 && at + i < tape->len;
       i++)
    if (ABS (g_array_index (tape, gint16, at + i)) > LOUD)
      return TRUE;
  return FALSE;
}

/* The end of the last loud window before @ms, not before @from; 0: none. */
static guint
find_end (const GArray *tape, guint from, guint ms)
{
  for (guint at = ms - ms % WINDOW; at > from + WINDOW; at -= WINDOW)
    if (is_loud (tape, at - WINDOW))
      return at;
  return 0;
}

/* The beginning of the first one from @ms on, within a second; 0: none. */
static guint
find_begin (const GArray *tape, guint ms)
{
  for (guint at = ms - ms % WINDOW; at < ms + 1000; at += WINDOW)
    if (is_loud (tape, at))
      return at;
  return 0;
}

static guint
count_loud (const GArray *tape, guint from, guint to)
{
  guint n = 0;

  for (guint at = from - from % WINDOW; at < to; at += WINDOW)
    n += is_loud (tape, at) ? WINDOW : 0;
  return n;
}

/* From which on there is silence for QUIET, searched for up to @to; 0: there is none. */
static guint
find_silence (const GArray *tape, guint from, guint to)
{
  for (guint at = from; at < to; at += WINDOW)
    if (count_loud (tape, at, at + QUIET) == 0)
      return at;
  return 0;
}

/* ---- Facts */

static gboolean
is_turn (const GstStructure *fact, const gchar *state)
{
  return gst_structure_has_name (fact, "aiagent/turn") &&
      !g_strcmp0 (gst_structure_get_string (fact, "state"), state);
}

static guint
get_ms (const GstStructure *fact, const gchar *field)
{
  guint64 value = 0;

  gst_structure_get_uint64 (fact, field, &value);
  return (guint) (value / GST_MSECOND);
}

/* A fact of @state whose @field is from @from to @to, NULL: none. */
static const GstStructure *
find_fact (const ScenarioTape *tape, const gchar *state, const gchar *field,
    guint from, guint to)
{
  for (guint i = 0; i < tape->facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (tape->facts, i);
    const guint ms = get_ms (fact, field);
    if (is_turn (fact, state) && ms >= from && ms <= to)
      return fact;
  }
  return NULL;
}

/* A sentence is said at @ms, as the line hears it, or was up to @before ago. */
static gboolean
is_said (const ScenarioTape *tape, guint ms, guint before)
{
  for (guint i = 0; i < tape->sounds->len; i++) {
    const Sound *sound = &g_array_index (tape->sounds, Sound, i);
    if (sound->kind != SOUND_COUGH &&
        ms + SLACK >= sound->start + SCENARIO_WAY &&
        ms <= sound->end + SCENARIO_WAY + before)
      return TRUE;
  }
  return FALSE;
}

/* ---- Turns and interruptions */

static gint
compare (gconstpointer a, gconstpointer b)
{
  const guint *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static guint
get_percentile (GArray *values, guint percent)
{
  if (!values->len)
    return G_MAXUINT;
  g_array_sort (values, compare);
  return g_array_index (values, guint, (values->len - 1) * percent / 100);
}

static void
count_turns (ScenarioReport *self, const ScenarioTape *tape)
{
  for (guint i = 0; i < tape->sounds->len; i++) {
    const Sound *sound = &g_array_index (tape->sounds, Sound, i);
    if (sound->kind != SOUND_SENTENCE)
      continue;
    const guint at = sound->start + SCENARIO_WAY;
    self->sentences++;
    self->turns += find_fact (tape, "speech-started", "speech-start",
                       at - MIN (at, SLACK), sound->end + SCENARIO_WAY) != NULL;
  }
  for (guint i = 0; i < tape->facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (tape->facts, i);
    if (is_turn (fact, "speech-started"))
      self->false_turns +=
          !is_said (tape, get_ms (fact, "speech-start"), SLACK);
    else if (is_turn (fact, "interrupted"))
      self->false_interruptions +=
          !is_said (tape, get_ms (fact, "running-time"), SOON);
  }
}

/* Of a sentence into an answer that was to be heard when it came to the line. */
static void
count_interruption (ScenarioReport *self, const ScenarioTape *tape,
    const Sound *sound, GArray *silences)
{
  const guint at = sound->start + SCENARIO_WAY;

  if (count_loud (tape->said, at, at + QUIET) == 0)
    return;
  self->over++;
  if (!find_fact (tape, "interrupted", "running-time", at, at + SOON))
    return;
  const guint end = find_silence (tape->said, at, at + SOON);
  const guint silence = end - at;
  self->interruptions++;
  if (end)
    g_array_append_val (silences, silence);
}

static void
count_interruptions (ScenarioReport *self, const ScenarioTape *tape)
{
  g_autoptr (GArray) silences = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < tape->sounds->len; i++) {
    const Sound *sound = &g_array_index (tape->sounds, Sound, i);
    if (sound->kind == SOUND_OVER)
      count_interruption (self, tape, sound, silences);
  }
  self->silent_p50 = get_percentile (silences, 50);
  self->silent_p95 = get_percentile (silences, 95);
}

/* ---- Times of the session against the sound */

static void
raise_to (guint *most, guint a, guint b)
{
  const guint error = a > b ? a - b : b - a;

  if (*most == G_MAXUINT || error > *most)
    *most = error;
}

/* @exact: what the caller says stands out in the sound. */
static void
measure_turn (ScenarioReport *self, const ScenarioTape *tape,
    const GstStructure *fact, GArray *times, gboolean exact)
{
  const guint told = get_ms (fact, "turn-around"),
              decision = get_ms (fact, "decision");

  self->answers++;
  if (told == 0)
    return;
  const guint end =
      find_end (tape->heard, get_ms (fact, "speech-start"), decision);
  const guint begin = find_begin (tape->said, decision);
  if (!exact) {
    g_array_append_val (times, told);
    return;
  }
  if (!end || !begin)
    return;
  const guint time = begin - end;
  g_array_append_val (times, time);
  raise_to (&self->turn_around_error, time, told);
}

/* How much of an answer of which it was told when it began, and is told now. */
static void
measure_heard (ScenarioReport *self, const ScenarioTape *tape,
    const GstStructure *began, const GstStructure *ended)
{
  guint first = 0, second = 0;

  if (!began || !gst_structure_get_uint (began, "answer", &first) ||
      !gst_structure_get_uint (ended, "answer", &second) || first != second)
    return;
  raise_to (&self->heard_error, get_ms (ended, "heard"),
      count_loud (tape->said, get_ms (began, "first-audio-out"),
          get_ms (ended, "running-time") + SCENARIO_TICK));
}

static void
measure_answers (ScenarioReport *self, const ScenarioTape *tape, gboolean exact)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (guint));
  const GstStructure *began = NULL;

  for (guint i = 0; i < tape->facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (tape->facts, i);
    if (is_turn (fact, "response-started")) {
      measure_turn (self, tape, fact, times, exact);
      began = fact;
    } else if (is_turn (fact, "response-done") || is_turn (fact, "interrupted"))
      measure_heard (self, tape, began, fact);
  }
  self->turn_around_p50 = get_percentile (times, 50);
  self->turn_around_p95 = get_percentile (times, 95);
}

void
scenario_report_make (ScenarioReport *self, const Scenario *scenario,
    const ScenarioTape *tape)
{
  *self = (ScenarioReport){ .turn_around_error = G_MAXUINT,
    .heard_error = G_MAXUINT };
  count_turns (self, tape);
  count_interruptions (self, tape);
  measure_answers (self, tape, !scenario->noise && !scenario->echo);
}

/* ---- Promises */

static void
check_least (GString *out, const gchar *name, guint n, guint of, guint percent)
{
  if (percent != G_MAXUINT && (of == 0 || n * 100 < percent * of))
    g_string_append_printf (out, "%s%s %u of %u", out->len ? "; " : "", name, n,
        of);
}

static void
check_most (GString *out, const gchar *name, guint value, guint most)
{
  if (most != G_MAXUINT && value > most)
    g_string_append_printf (out, "%s%s %d", out->len ? "; " : "", name,
        (gint) value);
}

gchar *
scenario_report_check (const ScenarioReport *self, const Scenario *scenario)
{
  GString *out = g_string_new (NULL);
  const guint seconds = scenario->duration;

  check_least (out, "turns", self->turns, self->sentences, scenario->turns);
  check_least (out, "interruptions", self->interruptions, self->over,
      scenario->interruptions);
  check_most (out, "false turns in 10 min", self->false_turns * 600 / seconds,
      scenario->false_turns);
  check_most (out, "false interruptions in 10 min",
      self->false_interruptions * 600 / seconds, scenario->false_interruptions);
  check_most (out, "turn-around wrong by", self->turn_around_error,
      scenario->turn_around_error);
  check_most (out, "heard wrong by", self->heard_error, scenario->heard_error);
  return g_string_free (out, FALSE);
}
