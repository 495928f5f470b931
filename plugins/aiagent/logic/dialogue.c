/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - While a question is open its own answers are looked for first, then all
 *   intents: a caller may change the subject or say goodbye at any time. The
 *   question is then dropped, unless the intent asks again.
 * - What was not understood and silence are one ladder each; both begin anew with
 *   anything understood. Their texts are followed by the open question. The end of
 *   a ladder is `give-up`, or a hang-up.
 * - Digits of a number are waited for DIGIT_TIME after the last one.
 * - What an intent needs is forgotten when the caller asks for that intent a second
 *   time, by voice or key, or is led to it, unless the phrase names it: a second
 *   appointment is another one, and must be agreed to again. Other intents may use it,
 *   and need not ask.
 * - An answer that led to an intent (`go`) is one for that intent only: a "no" that
 *   led elsewhere must not let the intent go on which asked for a "yes".
 * - Who was hung up on, or transferred, is gone. If the conversation is not, somebody
 *   else is there, as in a room: it begins again, without greeting. */

#include "dialogue.h"
#include "dialoguecontrols.h"
#include "dialoguetext.h"

#include <string.h>

#define DIGIT_TIME 4000 /* ms */

static const gchar *const default_not_understood[] = {
  "Sorry, I did not understand.", "I still did not understand.", NULL
};
static const gchar *const default_silences[] = { "Are you still there?", NULL };

/* What a slot is known to be. */
typedef struct
{
  gchar *text; /* name of the value, or digits */
  const DialogueIntent *led_to; /* by `go`; NULL: nowhere */
} Known;

struct _Dialogue
{
  const DialogueFile *file;
  gchar *caller;
  GHashTable *known; /* slot -> Known */
  GHashTable *begun; /* DialogueIntent: asked for in this conversation */
  GHashTable *turns; /* texts -> how often one of them was said */
  GQueue actions; /* DialogueAction */

  const DialogueSlot *asked; /* the open question */
  const DialogueIntent *intent; /* waits for what it needs */
  DialogueControls controls;
  GString *digits;
  gint64 last_digit;
  gboolean completed; /* a number by its last digit: no # was needed */
  guint misses, silences; /* in a row */
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

static void
known_free (gpointer data)
{
  g_free (((Known *) data)->text);
  g_free (data);
}

Dialogue *
dialogue_new (const DialogueFile *file)
{
  Dialogue *self = g_new0 (Dialogue, 1);

  self->file = file;
  self->known = g_hash_table_new_full (NULL, NULL, NULL, known_free);
  self->begun = g_hash_table_new (NULL, NULL);
  self->turns = g_hash_table_new (NULL, NULL);
  self->digits = g_string_new (NULL);
  g_queue_init (&self->actions);
  dialogue_controls_init (&self->controls);
  return self;
}

void
dialogue_free (Dialogue *self)
{
  g_queue_clear_full (&self->actions, action_free);
  dialogue_controls_clear (&self->controls);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->begun);
  g_hash_table_unref (self->turns);
  g_string_free (self->digits, TRUE);
  g_free (self->caller);
  g_free (self);
}

/* ---- Texts */

static const gchar *
get_known (Dialogue *self, const DialogueSlot *slot)
{
  const Known *known = g_hash_table_lookup (self->known, slot);

  return known ? known->text : NULL;
}

static void
set_known (Dialogue *self, const DialogueSlot *slot, const gchar *text,
    const DialogueIntent *led_to)
{
  Known *known = g_new (Known, 1);

  *known = (Known){ g_strdup (text), led_to };
  g_hash_table_insert (self->known, (gpointer) slot, known);
}

/* A value as it is spoken (@aloud: "4 2" for the digits 42) or as it is written. */
static void
append_known (Dialogue *self, GString *out, const gchar *name, gboolean aloud)
{
  for (guint i = 0; i < self->file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (self->file->slots, i);
    const gchar *known =
        strcmp (slot->name, name) ? NULL : get_known (self, slot);
    for (guint v = 0; known && aloud && v < slot->values->len; v++) {
      const DialogueValue *value = g_ptr_array_index (slot->values, v);
      if (!strcmp (value->name, known)) {
        known = value->spoken;
        break;
      }
    }
    for (const gchar *c = known; c && *c; c++)
      g_string_append_printf (out, aloud && slot->max_digits ? " %c" : "%c",
          *c);
  }
}

static gchar *
expand (Dialogue *self, const gchar *text, gboolean aloud)
{
  GString *out = g_string_new (NULL);

  while (*text) {
    const gchar *end =
        g_str_has_prefix (text, "${") ? strchr (text, '}') : NULL;
    if (!end) {
      g_string_append_c (out, *text++);
      continue;
    }
    g_autofree gchar *name = g_strndup (text + 2, end - text - 2);
    if (!strcmp (name, "caller"))
      g_string_append (out, self->caller);
    else
      append_known (self, out, name, aloud);
    text = end + 1;
  }
  return g_string_free (out, FALSE);
}

static void
say (Dialogue *self, const gchar *text, gboolean interruptible)
{
  DialogueAction *action = g_new0 (DialogueAction, 1);

  action->text = expand (self, text, TRUE);
  action->interruptible = interruptible;
  g_queue_push_tail (&self->actions, action);
}

/* The next one of @texts, after the last the first again. */
static void
say_next (Dialogue *self, GStrv texts, gboolean interruptible)
{
  if (!texts || !*texts)
    return;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->turns, texts));
  g_hash_table_insert (self->turns, texts, GUINT_TO_POINTER (n + 1));
  say (self, texts[n % g_strv_length (texts)], interruptible);
}

static void
control (Dialogue *self, const gchar *what, const gchar *target,
    const DialogueIntent *failed)
{
  DialogueAction *action = g_new0 (DialogueAction, 1);

  action->type = DIALOGUE_CONTROL;
  action->text = g_strdup (what);
  action->target = target ? expand (self, target, FALSE) : NULL;
  action->number = dialogue_controls_add (&self->controls, what, failed);
  g_queue_push_tail (&self->actions, action);
}

/* ---- Steps */

static void
ask (Dialogue *self, const DialogueSlot *slot)
{
  self->asked = slot;
  g_string_truncate (self->digits, 0);
  if (slot)
    say_next (self, slot->questions, TRUE);
}

/* Asks for what is missing, or answers. */
static void
proceed (Dialogue *self, const DialogueIntent *intent)
{
  self->intent = NULL;
  for (guint i = 0; i < intent->needs->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (intent->needs, i);
    const Known *known = g_hash_table_lookup (self->known, slot);
    if (known && (!known->led_to || known->led_to == intent))
      continue;
    self->intent = intent;
    ask (self, slot);
    return;
  }
  say_next (self, intent->answers, intent->interruptible);
  if (intent->action)
    control (self, intent->action, intent->target, intent->failed);
  ask (self, self->controls.over ? NULL : intent->ask);
}

static void
forget_needs (Dialogue *self, const DialogueIntent *intent)
{
  for (guint i = 0; i < intent->needs->len; i++)
    g_hash_table_remove (self->known, g_ptr_array_index (intent->needs, i));
}

static void
give_up (Dialogue *self)
{
  self->intent = NULL;
  self->misses = self->silences = 0;
  if (self->file->give_up)
    proceed (self, self->file->give_up);
  else
    control (self, "hang-up", NULL, NULL);
}

static void
understood (Dialogue *self, gint64 now)
{
  self->misses = self->silences = 0;
  self->quiet = now;
}

/* The caller asks for it, or an answer leads to it. */
static void
begin_intent (Dialogue *self, const DialogueIntent *intent)
{
  if (!g_hash_table_add (self->begun, (gpointer) intent))
    forget_needs (self, intent);
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
    begin_intent (self, goes);
  set_known (self, slot, text, goes);
  self->asked = NULL;
  if (goes && goes == waiting) /* all over again */
    forget_needs (self, goes);
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
      set_known (self, slot, value->name, NULL);
  }
}

/* NULL: none of @matchers. */
static GMatchInfo *
match (GPtrArray *matchers, const gchar *words)
{
  for (guint i = 0; i < matchers->len; i++) {
    g_autoptr (GMatchInfo) found = NULL;
    if (g_regex_match (g_ptr_array_index (matchers, i), words, 0, &found))
      return g_steal_pointer (&found);
  }
  return NULL;
}

static gboolean
answers_question (Dialogue *self, const gchar *words)
{
  const DialogueSlot *slot = self->asked;

  g_autoptr (GMatchInfo) found = slot ? match (slot->matchers, words) : NULL;
  if (!found)
    return FALSE;
  g_hash_table_remove (self->known, slot);
  remember (self, found);
  const gchar *name = get_known (self, slot);
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
    g_hash_table_remove_all (self->known);
    g_hash_table_remove_all (self->begun);
    g_string_truncate (self->digits, 0);
    self->asked = NULL;
    self->intent = NULL;
    self->completed = FALSE;
    self->misses = self->silences = 0;
    self->quiet = now;
  }
  return self->controls.over;
}

void
dialogue_begin (Dialogue *self, const gchar *caller, guint nth, gint64 now)
{
  GStrv greetings = self->file->greetings;

  self->caller = g_strdup (caller);
  self->quiet = now;
  if (greetings && *greetings)
    say (self, greetings[nth % g_strv_length (greetings)], TRUE);
  ask (self, self->file->ask);
}

gboolean
dialogue_knows (const Dialogue *self, const gchar *words)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  g_autoptr (GMatchInfo) found =
      self->asked ? match (self->asked->matchers, spaced) : NULL;

  for (guint i = 0; !found && i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    found = match (intent->matchers, spaced);
  }
  return found && !self->controls.over;
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
    g_autoptr (GMatchInfo) found = match (intent->matchers, spaced);
    if (!found)
      continue;
    understood (self, now);
    self->asked = NULL;
    begin_intent (self, intent);
    remember (self, found);
    proceed (self, intent);
    return intent->name;
  }
  if (self->file->fallback && !self->asked) {
    understood (self, now);
    begin_intent (self, self->file->fallback);
    proceed (self, self->file->fallback);
  } else {
    dialogue_not_understood (self, now);
  }
  return NULL;
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
    begin_intent (self, intent);
    proceed (self, intent);
  } else {
    dialogue_not_understood (self, now);
  }
}

void
dialogue_result (Dialogue *self, guint number, gboolean accepted, gint64 now)
{
  const DialogueIntent *failed =
      dialogue_controls_result (&self->controls, number, accepted, now);

  self->quiet = now;
  if (failed) {
    self->asked = NULL;
    proceed (self, failed);
  }
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
