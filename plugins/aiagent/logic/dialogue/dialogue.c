/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - While a question is open its own answers are looked for first, then all
 *   intents: a caller may change the subject or say goodbye at any time. The
 *   question is then dropped, unless the intent asks again.
 * - What was not understood and silence are one ladder each; both begin anew with
 *   anything understood. Their texts are followed by the open question. A ladder's end
 *   is `give-up`, whose next intent follows the next time, or a hang-up.
 * - What an intent needs is forgotten when the caller asks for that intent a second
 *   time, by voice or key, or is led to it, unless the phrase names it: a second
 *   appointment is another one, and is agreed to again. Other intents need not ask.
 * - An answer that led to an intent (`go`) is one for that intent only: a "no" that
 *   led elsewhere must not let the intent go on which asked for a "yes".
 * - Words are an answer only to a question that was heard; who presses keys knows it.
 * - A transfer is promised once the channel is at it; else words come before deeds.
 * - Who was hung up on, or transferred, is gone. In a room somebody else may be there:
 *   it begins again, without greeting. */

#include "dialogue.h"
#include "dialoguecontrols.h"
#include "dialoguematch.h"
#include "dialoguememory.h"
#include "dialoguetext.h"
#include "interjection.h"

#include <string.h>

#define DIGIT_TIME 4000 /* ms */

static const gchar *const default_not_understood[] = {
  "Sorry, I did not understand.", "I still did not understand.", NULL
};
static const gchar *const default_silences[] = { "Are you still there?", NULL };
static const gchar *const default_refusal = "I am sorry, I cannot do that.";

struct _Dialogue
{
  const DialogueFile *file;
  DialogueMemory memory;
  GQueue actions; /* DialogueAction */

  const DialogueSlot *asked; /* the open question */
  guint question; /* its number */
  gboolean question_heard;
  const DialogueIntent *intent; /* waits for what it needs */
  DialogueControls controls;
  GString *digits;
  gint64 last_digit;
  gboolean completed; /* a number by its last digit: no # was needed */
  guint misses, silences; /* in a row */
  guint given_up; /* in a row, too */
  gint64 quiet; /* since when nobody speaks */
};

/* ---- Life */

void
dialogue_action_clear (DialogueAction *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->target, g_free);
}

static void
action_free (gpointer data)
{
  dialogue_action_clear (data);
  g_free (data);
}

Dialogue *
dialogue_new (const DialogueFile *file)
{
  Dialogue *self = g_new0 (Dialogue, 1);

  self->file = file;
  self->digits = g_string_new (NULL);
  g_queue_init (&self->actions);
  dialogue_memory_init (&self->memory, file);
  dialogue_controls_init (&self->controls);
  return self;
}

Dialogue *
dialogue_copy (const Dialogue *self)
{
  Dialogue *copy = g_memdup2 (self, sizeof *self);

  copy->digits = g_string_new (self->digits->str);
  g_queue_init (&copy->actions);
  dialogue_memory_copy (&copy->memory, &self->memory);
  dialogue_controls_copy (&copy->controls, &self->controls);
  return copy;
}

void
dialogue_number_after (Dialogue *self, const Dialogue *other)
{
  self->controls.n = MAX (self->controls.n, other->controls.n);
}

void
dialogue_free (Dialogue *self)
{
  g_queue_clear_full (&self->actions, action_free);
  dialogue_controls_clear (&self->controls);
  dialogue_memory_clear (&self->memory);
  g_string_free (self->digits, TRUE);
  g_free (self);
}

/* ---- Texts */

static DialogueAction *
say (Dialogue *self, const gchar *text, gboolean interruptible)
{
  DialogueAction *action = g_new0 (DialogueAction, 1);

  action->text = dialogue_memory_expand (&self->memory, text, TRUE);
  action->interruptible = interruptible;
  g_queue_push_tail (&self->actions, action);
  return action;
}

/* The next one of @texts, after the last the first again; NULL: there is none. */
static DialogueAction *
say_next (Dialogue *self, GStrv texts, gboolean interruptible)
{
  const gchar *text = dialogue_memory_next_text (&self->memory, texts);

  return text ? say (self, text, interruptible) : NULL;
}

/* @intent: whose action it is; may be NULL. */
static void
control (Dialogue *self, const gchar *what, const gchar *target,
    const DialogueIntent *intent)
{
  DialogueAction *action = g_new0 (DialogueAction, 1);

  action->type = DIALOGUE_CONTROL;
  action->text = g_strdup (what);
  action->target =
      target ? dialogue_memory_expand (&self->memory, target, FALSE) : NULL;
  action->number = dialogue_controls_add (&self->controls, what, intent);
  g_queue_push_tail (&self->actions, action);
}

/* ---- Steps */

static void
ask (Dialogue *self, const DialogueSlot *slot)
{
  gboolean again = slot && slot == self->asked;

  self->asked = slot;
  g_string_truncate (self->digits, 0);
  DialogueAction *action = slot ? say_next (self, slot->questions, TRUE) : NULL;
  self->question++;
  self->question_heard = !action || (again && self->question_heard);
  if (action)
    action->question = self->question;
}

/* Asks for what is missing, or answers. */
static void
proceed (Dialogue *self, const DialogueIntent *intent)
{
  self->intent = NULL;
  for (guint i = 0; i < intent->needs->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (intent->needs, i);
    if (dialogue_memory_has (&self->memory, slot, intent))
      continue;
    self->intent = intent;
    ask (self, slot);
    return;
  }
  gboolean promises = !g_strcmp0 (intent->action, "transfer");
  if (!promises)
    say_next (self, intent->answers, intent->interruptible);
  if (intent->action)
    control (self, intent->action, intent->target, intent);
  ask (self, promises || self->controls.over ? NULL : intent->ask);
}

/* What was promised is done, or not. */
static void
settle (Dialogue *self, const DialogueIntent *intent, DialogueOutcome outcome)
{
  const DialogueIntent *follows =
      dialogue_intent_get_next (intent, outcome == DIALOGUE_REFUSED);

  self->asked = NULL;
  if (outcome == DIALOGUE_ACCEPTED) {
    say_next (self, intent->answers, FALSE);
  } else if (follows) {
    proceed (self, follows);
  } else {
    say (self, default_refusal, TRUE);
    ask (self, intent->ask);
  }
}

static void
give_up (Dialogue *self)
{
  const GPtrArray *intents = self->file->give_up;
  guint n = self->given_up++;

  self->intent = NULL;
  if (n + 1 >= intents->len)
    self->misses = self->silences = 0;
  if (intents->len)
    proceed (self, g_ptr_array_index (intents, MIN (n, intents->len - 1)));
  else
    control (self, "hang-up", NULL, NULL);
}

static void
understood (Dialogue *self, gint64 now)
{
  self->misses = self->silences = self->given_up = 0;
  self->quiet = now;
}

/* The open question has its answer. */
static void
fill (Dialogue *self, const DialogueSlot *slot, const gchar *text,
    const DialogueValue *value)
{
  const DialogueIntent *goes =
      value ? g_hash_table_lookup (slot->goes, value) : NULL;
  const DialogueIntent *waiting = self->intent;

  if (goes && goes != waiting)
    dialogue_memory_begin (&self->memory, goes);
  dialogue_memory_set (&self->memory, slot, text, goes);
  self->asked = NULL;
  if (goes && goes == waiting) /* all over again */
    dialogue_memory_forget_needs (&self->memory, goes);
  if (goes)
    proceed (self, goes);
  else if (waiting)
    proceed (self, waiting);
}

/* Remembers the slots that were named. */
static void
remember (Dialogue *self, const GMatchInfo *found)
{
  for (guint i = 0; i < self->file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (self->file->slots, i);
    g_autofree gchar *words =
        slot->values->len ? g_match_info_fetch_named (found, slot->name) : NULL;
    const DialogueValue *value =
        words ? g_hash_table_lookup (slot->spoken, g_strchomp (words)) : NULL;
    if (value)
      dialogue_memory_set (&self->memory, slot, value->name, NULL);
  }
}

/* What the words say to the open question, each followed by a space; NULL: nothing. Who
 * nods says yes. */
static GMatchInfo *
match_answer (const Dialogue *self, const gchar *words)
{
  const DialogueSlot *slot = self->question_heard ? self->asked : NULL;
  g_autofree gchar *plain = g_strchomp (g_strdup (words));

  GMatchInfo *found = slot ? dialogue_match (slot->matchers, words) : NULL;
  if (!found && slot && interjection_find (plain) == INTERJECTION_LISTENING)
    found = dialogue_match (slot->matchers, "yes ");
  return found;
}

static gboolean
answers_question (Dialogue *self, const gchar *words)
{
  const DialogueSlot *slot = self->asked;
  g_autoptr (GMatchInfo) found = match_answer (self, words);

  if (!found)
    return FALSE;
  dialogue_memory_set (&self->memory, slot, NULL, NULL);
  remember (self, found);
  const gchar *name = dialogue_memory_get (&self->memory, slot);
  for (guint i = 0; name && i < slot->values->len; i++) {
    const DialogueValue *value = g_ptr_array_index (slot->values, i);
    if (strcmp (value->name, name))
      continue;
    fill (self, slot, value->name, value);
    return TRUE;
  }
  return FALSE;
}

/* ---- What happens */

/* Of one who is gone nothing is remembered. */
static gboolean
is_over (Dialogue *self, gint64 now)
{
  if (dialogue_controls_begin_again (&self->controls, now)) {
    dialogue_memory_forget_caller (&self->memory);
    g_string_truncate (self->digits, 0);
    self->asked = NULL;
    self->intent = NULL;
    self->completed = FALSE;
    self->misses = self->silences = self->given_up = 0;
    self->quiet = now;
  }
  return self->controls.over;
}

void
dialogue_begin (Dialogue *self, const gchar *caller, guint nth, gint64 now)
{
  GStrv greetings = self->file->greetings;

  self->memory.caller = g_strdup (caller);
  self->quiet = now;
  if (greetings && *greetings)
    say (self, greetings[nth % g_strv_length (greetings)], TRUE);
  ask (self, self->file->ask);
}

gboolean
dialogue_knows (const Dialogue *self, const gchar *words)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  g_autoptr (GMatchInfo) found = match_answer (self, spaced);

  for (guint i = 0; !found && i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    found = dialogue_match (intent->matchers, spaced);
  }
  return found && !self->controls.over;
}

gdouble
dialogue_get_completeness (const Dialogue *self, const gchar *words)
{
  return dialogue_match_completeness (self->file,
      self->question_heard ? self->asked : NULL, words);
}

void
dialogue_question_heard (Dialogue *self, guint number)
{
  self->question_heard |= !number || number == self->question;
}

/* FALSE: it was none, or the file knows what to do then. */
static gboolean
take_interjection (Dialogue *self, const gchar *words, gint64 now)
{
  Interjection kind = interjection_find (words);

  if (kind == INTERJECTION_NONE ||
      (kind == INTERJECTION_GREETING && !self->asked))
    return FALSE;
  self->quiet = now;
  if (kind == INTERJECTION_GREETING)
    ask (self, self->asked);
  return TRUE;
}

const gchar *
dialogue_heard (Dialogue *self, const gchar *words, gint64 now)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  const DialogueSlot *asked = self->asked;

  if (is_over (self, now))
    return NULL;
  if (answers_question (self, spaced)) {
    understood (self, now);
    return asked->name;
  }
  for (guint i = 0; i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    g_autoptr (GMatchInfo) found = dialogue_match (intent->matchers, spaced);
    if (!found)
      continue;
    understood (self, now);
    self->asked = NULL;
    dialogue_memory_begin (&self->memory, intent);
    remember (self, found);
    proceed (self, intent);
    return intent->name;
  }
  if (take_interjection (self, words, now))
    return NULL;
  if (self->file->fallback && !self->asked) {
    understood (self, now);
    dialogue_memory_begin (&self->memory, self->file->fallback);
    proceed (self, self->file->fallback);
  } else {
    dialogue_not_understood (self, now);
  }
  return NULL;
}

/* All that is to be done when these words are heard. (transfer full) */
static gchar *
describe_answer (const Dialogue *self, const gchar *words)
{
  g_autoptr (Dialogue) copy = dialogue_copy (self);
  GString *out = g_string_new (NULL);
  DialogueAction action;

  dialogue_heard (copy, words, copy->quiet);
  while (dialogue_next (copy, &action)) {
    g_string_append_printf (out, "%d %s %s\n", action.type, action.text,
        action.target ? action.target : "");
    dialogue_action_clear (&action);
  }
  return g_string_free (out, FALSE);
}

gboolean
dialogue_answers_alike (const Dialogue *self, const gchar *words,
    const gchar *others)
{
  g_autofree gchar *one = describe_answer (self, words);
  g_autofree gchar *other = describe_answer (self, others);

  return !strcmp (one, other);
}

/* A rung of a ladder; FALSE at its end. */
static gboolean
climb (Dialogue *self, GStrv texts, const gchar *const *otherwise, guint rung)
{
  GStrv used = texts ? texts : (GStrv) otherwise;

  if (rung >= g_strv_length (used))
    return FALSE;
  say (self, used[rung], TRUE);
  ask (self, self->asked);
  return TRUE;
}

void
dialogue_not_understood (Dialogue *self, gint64 now)
{
  if (is_over (self, now))
    return;
  self->quiet = now;
  self->silences = 0;
  if (self->digits->len) /* a noise, of the keys maybe: the number goes on */
    return;
  if (!climb (self, self->file->not_understood, default_not_understood,
          self->misses++))
    give_up (self);
}

static const DialogueIntent *
find_key (Dialogue *self, gchar digit)
{
  for (guint i = 0; i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    if (intent->key == digit)
      return intent;
  }
  return NULL;
}

static void
finish_number (Dialogue *self, gint64 now)
{
  const DialogueSlot *slot = self->asked;
  g_autofree gchar *number = g_strdup (self->digits->str);

  g_string_truncate (self->digits, 0);
  if (strlen (number) < slot->min_digits) {
    dialogue_not_understood (self, now);
    return;
  }
  understood (self, now);
  fill (self, slot, number, NULL);
}

static void
add_digit (Dialogue *self, gchar digit, gint64 now)
{
  if (digit == '*') { /* as on most keypads: begin again */
    g_string_truncate (self->digits, 0);
  } else if (digit == '#') {
    finish_number (self, now);
  } else {
    g_string_append_c (self->digits, digit);
    self->last_digit = now;
    self->completed = self->digits->len >= self->asked->max_digits;
    if (self->completed)
      finish_number (self, now);
  }
}

gboolean
dialogue_ignores (const Dialogue *self, gchar digit, gint64 now)
{
  return digit == '#' && self->completed && !self->digits->len &&
      now - self->last_digit < DIGIT_TIME;
}

void
dialogue_digit (Dialogue *self, gchar digit, gint64 now)
{
  const gchar text[] = { digit, '\0' };
  gint number = dialogue_text_digit (text);

  if (is_over (self, now) || number < 0)
    return;
  self->quiet = now;
  if (dialogue_ignores (self, digit, now)) {
    self->completed = FALSE;
    return;
  }
  self->completed = FALSE;
  const DialogueSlot *slot = self->asked;
  const DialogueValue *value = slot ? slot->keys[number] : NULL;
  const DialogueIntent *intent = find_key (self, DIALOGUE_TEXT_DIGITS[number]);
  if (slot && slot->max_digits) {
    add_digit (self, digit, now);
  } else if (value) {
    understood (self, now);
    fill (self, slot, value->name, value);
  } else if (intent) {
    understood (self, now);
    dialogue_memory_begin (&self->memory, intent);
    proceed (self, intent);
  } else {
    dialogue_not_understood (self, now);
  }
}

void
dialogue_result (Dialogue *self, guint number, DialogueOutcome outcome,
    gint64 now)
{
  const DialogueIntent *intent = dialogue_controls_result (&self->controls,
      number, outcome == DIALOGUE_ACCEPTED, now);

  self->quiet = now;
  if (intent)
    settle (self, intent, outcome);
}

void
dialogue_progress (Dialogue *self, guint number, gint64 now)
{
  const DialogueIntent *at_it =
      dialogue_controls_progress (&self->controls, number);

  self->quiet = now;
  if (at_it)
    settle (self, at_it, DIALOGUE_ACCEPTED);
}

void
dialogue_busy (Dialogue *self, gint64 now)
{
  self->quiet = now;
}

void
dialogue_tick (Dialogue *self, gint64 now)
{
  if (is_over (self, now))
    return;
  if (self->digits->len) {
    if (now - self->last_digit >= DIGIT_TIME)
      finish_number (self, now);
    return;
  }
  if (!self->file->silence_time || now - self->quiet < self->file->silence_time)
    return;
  self->quiet = now;
  if (!climb (self, self->file->silences, default_silences, self->silences++))
    give_up (self);
}

gboolean
dialogue_next (Dialogue *self, DialogueAction *action)
{
  DialogueAction *next = g_queue_pop_head (&self->actions);

  if (!next)
    return FALSE;
  *action = *next;
  g_free (next);
  return TRUE;
}
