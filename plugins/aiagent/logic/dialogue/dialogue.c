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

#include "dialogueprivate.h"
#include "confirmation.h"
#include "dialoguematch.h"
#include "interjection.h"

#include <string.h>

static const gchar *const default_not_understood[] = {
  "Sorry, I did not understand.", "I still did not understand.", NULL
};
static const gchar *const default_silences[] = { "Are you still there?", NULL };

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
  copy->suspected = g_strdup (self->suspected);
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
  g_free (self->suspected);
  g_free (self);
}

/* ---- Words */

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
  dialogue_memory_remember (&self->memory, found);
  const gchar *name = dialogue_memory_get (&self->memory, slot);
  for (guint i = 0; name && i < slot->values->len; i++) {
    const DialogueValue *value = g_ptr_array_index (slot->values, i);
    if (strcmp (value->name, name))
      continue;
    dialogue_fill (self, slot, value->name, value);
    return TRUE;
  }
  return FALSE;
}

/* ---- What happens */

void
dialogue_begin (Dialogue *self, const gchar *caller, guint nth, gint64 now)
{
  GStrv greetings = self->file->greetings;

  self->memory.caller = g_strdup (caller);
  self->quiet = now;
  if (greetings && *greetings)
    dialogue_say (self, greetings[nth % g_strv_length (greetings)], TRUE);
  dialogue_ask (self, self->file->ask);
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
  return (found || dialogue_answers_suspicion (self, words)) &&
      !self->controls.over;
}

gboolean
dialogue_is_answer (const Dialogue *self, const gchar *words)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  g_autoptr (GMatchInfo) found = match_answer (self, spaced);

  return found || dialogue_answers_suspicion (self, words);
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
    dialogue_ask (self, self->asked);
  return TRUE;
}

static const gchar *
hear (Dialogue *self, const gchar *words, gint64 now)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  const DialogueSlot *asked = self->asked;

  if (answers_question (self, spaced)) {
    dialogue_understood (self, now);
    return asked->name;
  }
  for (guint i = 0; i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    g_autoptr (GMatchInfo) found = dialogue_match (intent->matchers, spaced);
    if (!found)
      continue;
    dialogue_understood (self, now);
    self->asked = NULL;
    dialogue_memory_begin (&self->memory, intent);
    dialogue_memory_remember (&self->memory, found);
    dialogue_proceed (self, intent);
    return intent->name;
  }
  if (take_interjection (self, words, now))
    return NULL;
  if (self->file->fallback && !self->asked) {
    dialogue_understood (self, now);
    dialogue_memory_begin (&self->memory, self->file->fallback);
    dialogue_proceed (self, self->file->fallback);
  } else {
    dialogue_not_understood (self, now);
  }
  return NULL;
}

const gchar *
dialogue_heard (Dialogue *self, const gchar *words, gint64 now)
{
  if (dialogue_is_over (self, now))
    return NULL;
  const gboolean answered = dialogue_answers_suspicion (self, words);
  g_autofree gchar *suspected = g_strdup (self->suspected);
  dialogue_drop_suspicion (self);
  if (!answered)
    return hear (self, words, now);
  if (confirmation_find (words) == CONFIRMATION_YES)
    return hear (self, suspected, now);
  dialogue_not_understood (self, now);
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
  dialogue_say (self, used[rung], TRUE);
  dialogue_ask (self, self->asked);
  return TRUE;
}

void
dialogue_not_understood (Dialogue *self, gint64 now)
{
  if (dialogue_is_over (self, now))
    return;
  self->quiet = now;
  self->silences = 0;
  dialogue_drop_suspicion (self);
  if (self->digits->len) /* a noise, of the keys maybe: the number goes on */
    return;
  if (!climb (self, self->file->not_understood, default_not_understood,
          self->misses++))
    dialogue_give_up (self);
}

void
dialogue_result (Dialogue *self, guint number, DialogueOutcome outcome,
    gint64 now)
{
  const DialogueIntent *intent = dialogue_controls_result (&self->controls,
      number, outcome == DIALOGUE_ACCEPTED, now);

  self->quiet = now;
  if (intent)
    dialogue_settle (self, intent, outcome);
}

void
dialogue_progress (Dialogue *self, guint number, gint64 now)
{
  const DialogueIntent *at_it =
      dialogue_controls_progress (&self->controls, number);

  self->quiet = now;
  if (at_it)
    dialogue_settle (self, at_it, DIALOGUE_ACCEPTED);
}

void
dialogue_busy (Dialogue *self, gint64 now)
{
  self->quiet = now;
}

void
dialogue_tick (Dialogue *self, gint64 now)
{
  if (dialogue_is_over (self, now))
    return;
  if (self->digits->len) {
    if (now - self->last_digit >= DIALOGUE_DIGIT_TIME)
      dialogue_finish_number (self, now);
    return;
  }
  if (!self->file->silence_time || now - self->quiet < self->file->silence_time)
    return;
  self->quiet = now;
  if (!climb (self, self->file->silences, default_silences, self->silences++))
    dialogue_give_up (self);
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
