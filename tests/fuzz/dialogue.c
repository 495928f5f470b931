/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/clauses.h"
#include "aiagent/logic/dialogue/dialogue.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
drain (Dialogue *dialogue)
{
  DialogueAction action;

  while (dialogue_next (dialogue, &action)) {
    const gchar *at = action.text;
    Clause clause;
    while (clauses_next (&at, &clause))
      ;
    dialogue_action_clear (&action);
  }
}

/* A file that can be read is gone through: every key, words, silence, failures. */
static void
walk (const DialogueFile *file, guint size)
{
  g_autoptr (Dialogue) dialogue = dialogue_new (file);
  GHashTableIter iter;
  gpointer word;
  gint64 now = 0;

  dialogue_begin (dialogue, "caller", size, 0);
  g_hash_table_iter_init (&iter, file->words);
  for (guint i = 0; i < 100; i++) {
    dialogue_digit (dialogue, "0123456789*#ABCD"[i % 16], now);
    if (g_hash_table_iter_next (&iter, &word, NULL))
      dialogue_heard (dialogue, word, now);
    dialogue_result (dialogue, i + 1, (DialogueOutcome) (i % 3), now);
    dialogue_tick (dialogue, now += 1000);
    drain (dialogue);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DialogueFile) file =
      dialogue_file_parse ((const gchar *) data, size, &error);

  g_assert (!file == (error != NULL));
  if (file)
    walk (file, (guint) size);
  return 0;
}
