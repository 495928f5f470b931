/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the caller says, and what becomes of it.
 *
 * Decisions:
 * - What a caller said PRE_ROLL before the turn was noticed belongs to it.
 * - Whether a caller who speaks into an answer interrupts it is known when it is known
 *   what was said: until then the answer is held, and afterwards it goes on where it
 *   was, or is dropped.
 * - People pause within a sentence, for longer than a quick answer can wait. So what
 *   begins within SECOND_THOUGHT of the end of a turn is decoded twice, alone and
 *   together with it; together, it counts in place of both, and what came of the first
 *   is taken back. That something was not understood is said when that time is over. */

#include "localprivate.h"
#include "localmeaning.h"

#include <string.h>

#define PRE_ROLL 300 /* ms */
#define SECOND_THOUGHT 1000 /* ms */
#define DOUBT 300 /* ms that what is held waits for the words of a short turn */
#define LATE 100 /* ms after its onset that speech may be noticed */

static guint
bytes_of (const AgentLocal *self, guint ms)
{
  return self->rate / 1000 * ms * 2;
}

/* ---- What was said last */

void
local_forget_said_unlocked (AgentLocal *self)
{
  LocalSaid *said = &self->said;

  g_clear_pointer (&said->audio, g_byte_array_unref);
  g_clear_pointer (&said->words, g_free);
  g_clear_pointer (&said->missed, g_free);
  g_clear_pointer (&said->suspected, g_free);
  g_clear_pointer (&said->before, dialogue_free);
  *said = (LocalSaid){ .number = said->number };
}

static void
begin_said_unlocked (AgentLocal *self, GstClockTime start, gboolean over)
{
  local_forget_said_unlocked (self);
  self->said.number++;
  self->said.start = start;
  self->said.over = over;
  self->said.audio = g_byte_array_new ();
  g_byte_array_append (self->said.audio, self->pre_roll->data,
      self->pre_roll->len);
}

/* Nothing more belongs to it. */
static void
close_said_unlocked (AgentLocal *self)
{
  g_autofree gchar *missed = g_steal_pointer (&self->said.missed);
  g_autofree gchar *suspected = g_steal_pointer (&self->said.suspected);

  local_forget_said_unlocked (self);
  if (missed && suspected)
    dialogue_suspect (self->dialogue, suspected, self->now);
  else if (missed && *missed)
    dialogue_heard (self->dialogue, missed, self->now);
  else if (missed)
    dialogue_not_understood (self->dialogue, self->now);
}

/* ---- Turns */

static void
turn_free (gpointer data)
{
  LocalTurn *self = data;

  g_clear_pointer (&self->own, utterance_drop);
  g_clear_pointer (&self->joined, utterance_drop);
  recognizer_result_clear (&self->own_result);
  recognizer_result_clear (&self->joined_result);
  g_free (self);
}

void
local_forget_turns_unlocked (AgentLocal *self)
{
  g_clear_pointer (&self->turn, turn_free);
  g_queue_clear_full (&self->heard, turn_free);
  local_forget_said_unlocked (self);
  g_byte_array_set_size (self->pre_roll, 0);
}

static Utterance *
begin_utterance (AgentLocal *self, const GByteArray *audio)
{
  Recognizer *recognizer = local_mind_get_recognizer (self->mind);

  if (!recognizer)
    return NULL;
  Utterance *utterance = utterance_new (recognizer, self->rate, &self->channel);
  utterance_push (utterance, (const gint16 *) (gconstpointer) audio->data,
      audio->len / 2);
  return utterance;
}

static gboolean
is_rest_unlocked (const AgentLocal *self, GstClockTime start)
{
  const LocalSaid *said = &self->said;

  return said->open && said->audio && GST_CLOCK_TIME_IS_VALID (said->end) &&
      start <= said->end + SECOND_THOUGHT * GST_MSECOND &&
      said->audio->len < bytes_of (self, RECOGNIZER_MAX_LENGTH);
}

static void
end_turn_unlocked (AgentLocal *self, GstClockTime end, gboolean lasted)
{
  LocalTurn *turn = g_steal_pointer (&self->turn);
  gboolean timed = GST_CLOCK_TIME_IS_VALID (end);

  if (!turn)
    return;
  turn->end = end;
  turn->lasted = lasted;
  gint64 length =
      timed && end > turn->start ? (end - turn->start) / GST_MSECOND : 0;
  self->said.open = self->said.audio != NULL; /* or forgotten meanwhile */
  self->said.end = end;
  self->said.until =
      timed ? self->turn_began + length + SECOND_THOUGHT + LATE : self->now;
  if (turn->own)
    utterance_finish (turn->own);
  if (turn->joined)
    utterance_finish (turn->joined);
  g_queue_push_tail (&self->heard, turn);
}

void
local_end_turn_unlocked (AgentLocal *self, GstClockTime end)
{
  end_turn_unlocked (self, end, self->held != 0);
}

void
local_end_doubtful_turn_unlocked (AgentLocal *self, GstClockTime end)
{
  end_turn_unlocked (self, end, FALSE);
  self->doubt_until = self->now + DOUBT;
}

void
local_begin_turn_unlocked (AgentLocal *self, GstClockTime start,
    GstClockTime audible)
{
  LocalTurn *turn = g_new0 (LocalTurn, 1);

  g_clear_pointer (&self->turn, turn_free);
  self->turn = turn;
  self->turn_began = self->now;
  self->doubt_until = 0;
  turn->start = start;
  turn->end = GST_CLOCK_TIME_NONE;
  turn->early = !self->opened;
  turn->over = GST_CLOCK_TIME_IS_VALID (audible) &&
      start < audible + VERDICT_TAIL * GST_MSECOND;
  turn->behind = turn->over && start >= audible;
  turn->own = begin_utterance (self, self->pre_roll);
  if (is_rest_unlocked (self, start))
    turn->joined = begin_utterance (self, self->said.audio);
  else
    begin_said_unlocked (self, start, turn->over || turn->early);
  turn->said = self->said.number;
  g_byte_array_set_size (self->pre_roll, 0);
}

static void
remember_unlocked (AgentLocal *self, const gint16 *samples, guint n)
{
  guint limit = bytes_of (self, PRE_ROLL);

  g_byte_array_append (self->pre_roll, (const guint8 *) samples, n * 2);
  if (self->pre_roll->len > limit)
    g_byte_array_remove_range (self->pre_roll, 0, self->pre_roll->len - limit);
}

static gdouble
guess_unlocked (const AgentLocal *self, const LocalTurn *turn,
    Utterance *utterance)
{
  SpokenSoFar so_far = { .over = turn->over };
  g_autofree gchar *words =
      utterance_guess (utterance, &so_far.confidence, &so_far.sound);

  so_far.fits = dialogue_get_completeness (self->dialogue, words);
  so_far.asked = dialogue_get_completeness (self->dialogue, "") >= 0;
  return verdict_get_completeness (&so_far);
}

/* Alone it may be a phrase as well as with what was said just before. */
gdouble
local_get_completeness_unlocked (const AgentLocal *self)
{
  const LocalTurn *turn = self->turn;

  if (!self->dialogue || !turn || !turn->own)
    return -1;
  const gdouble own = guess_unlocked (self, turn, turn->own);
  return turn->joined && own < 1 ? guess_unlocked (self, turn, turn->joined)
                                 : own;
}

void
local_hear_unlocked (AgentLocal *self, const gint16 *samples, guint n)
{
  LocalTurn *turn = self->turn;
  GByteArray *said = self->said.audio;

  if (said && said->len < bytes_of (self, RECOGNIZER_MAX_LENGTH))
    g_byte_array_append (said, (const guint8 *) samples, n * 2);
  if (!turn)
    remember_unlocked (self, samples, n);
  if (turn && turn->own)
    utterance_push (turn->own, samples, n);
  if (turn && turn->joined)
    utterance_push (turn->joined, samples, n);
}

/* ---- What it meant */

static void
add_fact_unlocked (AgentLocal *self, const LocalTurn *turn,
    const RecognizerResult *result, const gchar *rejected)
{
  Fact *fact = g_new (Fact, 1);
  /* What was not taken was not understood: its words are invented. */
  *fact = (Fact){ g_strdup (rejected ? "" : result->words), result->confidence,
    rejected, result->failed && !self->failed ? result->rejected : NULL,
    turn->start, turn->end };
  self->failed |= result->failed;
  self->recognized += !rejected;
  self->rejected += rejected != NULL;
  g_queue_push_tail (&self->facts, fact);
}

/* These words count. */
static void
take_words_unlocked (AgentLocal *self, const LocalTurn *turn,
    const RecognizerResult *result)
{
  LocalSaid *said = &self->said;
  Dialogue *before = dialogue_copy (self->dialogue);

  local_collect_outputs_unlocked (self, 0); /* of turns before this one */
  /* Where nothing may interrupt it, it finishes what it was saying; and who asks before
   * the greeting was heard hears that first. */
  if (!turn->early && (self->held || !local_is_speaking_unlocked (self)))
    local_drop_unlocked (self);
  local_take_back_unlocked (self, turn->said, FALSE);
  local_release_unlocked (self, turn->early);
  dialogue_heard (self->dialogue, result->words, self->now);
  local_collect_outputs_unlocked (self, turn->said);
  self->channel = result->channel;
  add_fact_unlocked (self, turn, result, NULL);
  if (turn->said != said->number) {
    dialogue_free (before);
    return;
  }
  g_clear_pointer (&said->missed, g_free);
  g_clear_pointer (&said->before, dialogue_free);
  g_free (said->words);
  said->words = g_strdup (result->words);
  said->before = before;
  said->done = FALSE;
}

static guint
length_of (GstClockTime start, GstClockTime end)
{
  return GST_CLOCK_TIME_IS_VALID (end) && end > start
      ? (guint) ((end - start) / GST_MSECOND)
      : 0;
}

static Spoken
describe_unlocked (const AgentLocal *self, const LocalTurn *turn)
{
  const RecognizerResult *result = &turn->own_result;

  return (Spoken){ .words = result->words,
    .confidence = result->confidence,
    .believed = !result->rejected,
    .known =
        !result->rejected && dialogue_knows (self->dialogue, result->words),
    .length = length_of (turn->start, turn->end),
    .over = turn->over,
    .behind = turn->behind && !self->held,
    .lasted = turn->lasted,
    .early = turn->early };
}

/* The same of both together. */
static Spoken
describe_joined_unlocked (const AgentLocal *self, const LocalTurn *turn)
{
  const LocalSaid *said = &self->said;
  const RecognizerResult *result = &turn->joined_result;
  const Dialogue *state = said->before ? said->before : self->dialogue;

  return (Spoken){ .words = result->words,
    .confidence = result->confidence,
    .believed = !result->rejected,
    .known = !result->rejected && dialogue_knows (state, result->words),
    .length = length_of (said->start, turn->end),
    .over = said->over,
    .early = turn->early };
}

/* TRUE: @turn is the rest of what was said before, and that counts. */
static gboolean
take_joined_unlocked (AgentLocal *self, const LocalTurn *turn,
    const Spoken *own)
{
  LocalSaid *said = &self->said;
  const RecognizerResult *result = &turn->joined_result;

  if (!turn->has_joined || turn->said != said->number ||
      (said->before && said->done) || !verdict_joins (own, result->confidence))
    return FALSE;
  const Spoken both = describe_joined_unlocked (self, turn);
  const Dialogue *state = said->before ? said->before : self->dialogue;
  if (verdict_judge (&both) != VERDICT_WORDS ||
      (own->known && own->confidence > both.confidence) ||
      (said->words && dialogue_answers_alike (state, said->words, both.words)))
    return FALSE;
  if (said->before) {
    dialogue_number_after (said->before, self->dialogue);
    dialogue_free (self->dialogue);
    self->dialogue = g_steal_pointer (&said->before);
    local_release_unlocked (self, FALSE);
    local_drop_unlocked (self);
    local_take_back_unlocked (self, said->number, TRUE);
  }
  take_words_unlocked (self, turn, result);
  return TRUE;
}

/* @words: what they were, though they mean nothing; "" = not known. */
static void
miss_unlocked (AgentLocal *self, const LocalTurn *turn, const gchar *words)
{
  if (turn->said != self->said.number || !self->said.open) {
    dialogue_not_understood (self->dialogue, self->now);
    return;
  }
  g_free (self->said.missed);
  g_free (self->said.suspected);
  self->said.missed = g_strdup (words);
  self->said.suspected =
      *words ? NULL : local_meaning_dup_suspicion (&turn->own_result);
}

static const gchar *
reason_unlocked (const LocalTurn *turn, const Spoken *own)
{
  if (turn->own_result.rejected)
    return turn->own_result.rejected;
  return own->over || own->early ? "it was said while the agent spoke"
                                 : "the words mean nothing at this point";
}

static void
take_own_unlocked (AgentLocal *self, const LocalTurn *turn, const Spoken *own)
{
  const RecognizerResult *result = &turn->own_result;
  Verdict verdict = verdict_judge (own);

  /* What goes before was understood: this is its end, or a breath. */
  if (verdict == VERDICT_MISS && !own->lasted &&
      turn->said == self->said.number && self->said.words)
    verdict = VERDICT_GO_ON;
  if (verdict == VERDICT_WORDS) {
    take_words_unlocked (self, turn, result);
    return;
  }
  if (verdict == VERDICT_STOP &&
      (self->held || local_is_speaking_unlocked (self))) {
    local_stop_unlocked (self);
    add_fact_unlocked (self, turn, result, NULL);
    return;
  }
  if (verdict == VERDICT_MISS)
    miss_unlocked (self, turn, own->believed ? own->words : "");
  /* With nothing held a cut would take the apology with it. */
  if (verdict == VERDICT_MISS && own->lasted && self->held)
    local_stop_unlocked (self);
  else if (
      !self->turn) /* else the last word of a caller who has begun again decides */
    local_release_unlocked (self, TRUE);
  add_fact_unlocked (self, turn, result, reason_unlocked (turn, own));
}

static gboolean
take_results (LocalTurn *turn)
{
  if (turn->own && !turn->has_own)
    turn->has_own = utterance_take_result (turn->own, &turn->own_result);
  if (turn->joined && !turn->has_joined)
    turn->has_joined =
        utterance_take_result (turn->joined, &turn->joined_result);
  return (!turn->own || turn->has_own) && (!turn->joined || turn->has_joined);
}

static void
decide_turn_unlocked (AgentLocal *self, LocalTurn *turn)
{
  if (!turn->own) {
    if (!self->turn)
      local_release_unlocked (self, TRUE);
    return;
  }
  local_meaning_settle (self->dialogue, turn->over || turn->early,
      &turn->own_result);
  const Spoken own = describe_unlocked (self, turn);
  if (turn->has_joined)
    local_meaning_settle (self->said.before ? self->said.before
                                            : self->dialogue,
        self->said.over || turn->early, &turn->joined_result);
  if (!take_joined_unlocked (self, turn, &own))
    take_own_unlocked (self, turn, &own);
}

void
local_decide_unlocked (AgentLocal *self)
{
  LocalTurn *turn;

  while ((turn = g_queue_peek_head (&self->heard)) && take_results (turn)) {
    g_queue_pop_head (&self->heard);
    decide_turn_unlocked (self, turn);
    turn_free (turn);
  }
  if (self->said.open && !self->turn && !self->heard.length &&
      self->now >= self->said.until)
    close_said_unlocked (self);
}

/* ---- Without a voice */

void
local_read_unlocked (AgentLocal *self, gchar *words)
{
  Fact *fact = g_new (Fact, 1);

  local_forget_said_unlocked (self);
  dialogue_question_heard (self->dialogue, 0); /* or read, or known */
  const gchar *meant = dialogue_heard (self->dialogue, words, self->now);
  *fact =
      (Fact){ words, 1, meant ? NULL : "the words mean nothing at this point",
        NULL, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE };
  self->recognized += meant != NULL;
  self->rejected += meant == NULL;
  g_queue_push_tail (&self->facts, fact);
}
