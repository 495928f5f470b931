/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What was said may have meant something: the caller is asked, as people ask one another.
 * Whoever says something else in place of yes or no is listened to. */

#include "dialogueprivate.h"
#include "confirmation.h"

#include <string.h>

gboolean
dialogue_answers_suspicion (const Dialogue *self, const gchar *words)
{
  return self->suspected && self->question_heard &&
      confirmation_find (words) != CONFIRMATION_NONE;
}

void
dialogue_drop_suspicion (Dialogue *self)
{
  g_clear_pointer (&self->suspected, g_free);
}

/* The intent that has @words, and what they name in it. */
static const DialogueIntent *
find_intent (const Dialogue *self, const gchar *words, GMatchInfo **found)
{
  for (guint i = 0; i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    for (guint m = 0; m < intent->matchers->len; m++) {
      if (g_regex_match (g_ptr_array_index (intent->matchers, m), words, 0,
              found))
        return intent;
      g_clear_pointer (found, g_match_info_unref);
    }
  }
  return NULL;
}

/* "Did you want to speak to ${department}?" with what the words name. */
static gchar *
fill_in (const Dialogue *self, const gchar *text, const GMatchInfo *found)
{
  DialogueMemory memory;

  dialogue_memory_copy (&memory, &self->memory);
  dialogue_memory_remember (&memory, found);
  gchar *filled = dialogue_memory_expand (&memory, text, TRUE);
  dialogue_memory_clear (&memory);
  return filled;
}

void
dialogue_suspect (Dialogue *self, const gchar *words, gint64 now)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);
  g_autoptr (GMatchInfo) found = NULL;
  const DialogueIntent *intent = find_intent (self, spaced, &found);

  if (!intent || self->suspected || self->digits->len ||
      dialogue_is_over (self, now)) {
    dialogue_not_understood (self, now);
    return;
  }
  g_autofree gchar *text = intent->confirm
      ? fill_in (self, intent->confirm, found)
      : g_strdup_printf ("Did you say: %s?", words);
  self->quiet = now;
  self->suspected = g_strdup (words);
  self->question_heard = FALSE;
  dialogue_say (self, text, TRUE)->question = ++self->question;
}
