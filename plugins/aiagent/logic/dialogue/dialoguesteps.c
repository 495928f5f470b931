/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a conversation says, asks and does next. */

#include "dialogueprivate.h"

#include <string.h>

static const gchar default_refusal[] = "I am sorry, I cannot do that.";

/* ---- Texts */

DialogueAction *
dialogue_say (Dialogue *self, const gchar *text, gboolean interruptible)
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

  return text ? dialogue_say (self, text, interruptible) : NULL;
}

/* @intent: whose action it is; may be NULL. */
void
dialogue_control (Dialogue *self, const gchar *what, const gchar *target,
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

void
dialogue_ask (Dialogue *self, const DialogueSlot *slot)
{
  gboolean again = slot && slot == self->asked;

  dialogue_drop_suspicion (self); /* yes and no are for this question now */
  self->asked = slot;
  g_string_truncate (self->digits, 0);
  DialogueAction *action = slot ? say_next (self, slot->questions, TRUE) : NULL;
  self->question++;
  self->question_heard = !action || (again && self->question_heard);
  if (action)
    action->question = self->question;
}

/* Asks for what is missing, or answers. */
void
dialogue_proceed (Dialogue *self, const DialogueIntent *intent)
{
  self->intent = NULL;
  for (guint i = 0; i < intent->needs->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (intent->needs, i);
    if (dialogue_memory_has (&self->memory, slot, intent))
      continue;
    self->intent = intent;
    dialogue_ask (self, slot);
    return;
  }
  gboolean promises = !g_strcmp0 (intent->action, "transfer");
  if (!promises)
    say_next (self, intent->answers, intent->interruptible);
  if (intent->action)
    dialogue_control (self, intent->action, intent->target, intent);
  dialogue_ask (self, promises || self->controls.over ? NULL : intent->ask);
}

/* What was promised is done, or not. */
void
dialogue_settle (Dialogue *self, const DialogueIntent *intent,
    DialogueOutcome outcome)
{
  const DialogueIntent *follows =
      dialogue_intent_get_next (intent, outcome == DIALOGUE_REFUSED);

  self->asked = NULL;
  if (outcome == DIALOGUE_ACCEPTED) {
    say_next (self, intent->answers, FALSE);
  } else if (follows) {
    dialogue_proceed (self, follows);
  } else {
    dialogue_say (self, default_refusal, TRUE);
    dialogue_ask (self, intent->ask);
  }
}

void
dialogue_give_up (Dialogue *self)
{
  const GPtrArray *intents = self->file->give_up;
  guint n = self->given_up++;

  dialogue_drop_suspicion (self);
  self->intent = NULL;
  if (n + 1 >= intents->len)
    self->misses = self->silences = 0;
  if (intents->len)
    dialogue_proceed (self,
        g_ptr_array_index (intents, MIN (n, intents->len - 1)));
  else
    dialogue_control (self, "hang-up", NULL, NULL);
}

void
dialogue_understood (Dialogue *self, gint64 now)
{
  self->misses = self->silences = self->given_up = 0;
  self->quiet = now;
}

/* The open question has its answer. */
void
dialogue_fill (Dialogue *self, const DialogueSlot *slot, const gchar *text,
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
    dialogue_proceed (self, goes);
  else if (waiting)
    dialogue_proceed (self, waiting);
}

/* Of one who is gone nothing is remembered. */
gboolean
dialogue_is_over (Dialogue *self, gint64 now)
{
  if (dialogue_controls_begin_again (&self->controls, now)) {
    dialogue_memory_forget_caller (&self->memory);
    g_string_truncate (self->digits, 0);
    self->asked = NULL;
    self->intent = NULL;
    dialogue_drop_suspicion (self);
    self->completed = FALSE;
    self->misses = self->silences = self->given_up = 0;
    self->quiet = now;
  }
  return self->controls.over;
}
