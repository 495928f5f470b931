/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A conversation by keypad. */

#include "dialogueprivate.h"
#include "dialoguetext.h"

#include <string.h>

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

void
dialogue_finish_number (Dialogue *self, gint64 now)
{
  const DialogueSlot *slot = self->asked;
  g_autofree gchar *number = g_strdup (self->digits->str);

  g_string_truncate (self->digits, 0);
  if (strlen (number) < slot->min_digits) {
    dialogue_not_understood (self, now);
    return;
  }
  dialogue_understood (self, now);
  dialogue_fill (self, slot, number, NULL);
}

static void
add_digit (Dialogue *self, gchar digit, gint64 now)
{
  if (digit == '*') { /* as on most keypads: begin again */
    g_string_truncate (self->digits, 0);
  } else if (digit == '#') {
    dialogue_finish_number (self, now);
  } else {
    g_string_append_c (self->digits, digit);
    self->last_digit = now;
    self->completed = self->digits->len >= self->asked->max_digits;
    if (self->completed)
      dialogue_finish_number (self, now);
  }
}

gboolean
dialogue_ignores (const Dialogue *self, gchar digit, gint64 now)
{
  return digit == '#' && self->completed && !self->digits->len &&
      now - self->last_digit < DIALOGUE_DIGIT_TIME;
}

void
dialogue_digit (Dialogue *self, gchar digit, gint64 now)
{
  const gchar text[] = { digit, '\0' };
  gint number = dialogue_text_digit (text);

  if (dialogue_is_over (self, now) || number < 0)
    return;
  self->quiet = now;
  if (dialogue_ignores (self, digit, now)) {
    self->completed = FALSE;
    return;
  }
  self->completed = FALSE;
  dialogue_drop_suspicion (self);
  const DialogueSlot *slot = self->asked;
  const DialogueValue *value = slot ? slot->keys[number] : NULL;
  const DialogueIntent *intent = find_key (self, DIALOGUE_TEXT_DIGITS[number]);
  if (slot && slot->max_digits) {
    add_digit (self, digit, now);
  } else if (value) {
    dialogue_understood (self, now);
    dialogue_fill (self, slot, value->name, value);
  } else if (intent) {
    dialogue_understood (self, now);
    dialogue_memory_begin (&self->memory, intent);
    dialogue_proceed (self, intent);
  } else {
    dialogue_not_understood (self, now);
  }
}
