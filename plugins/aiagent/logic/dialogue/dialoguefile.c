/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a dialogue file became; dialogueload.c makes it. */

#include "dialogueload.h"

#include <string.h>

static void
value_free (gpointer data)
{
  DialogueValue *self = data;

  g_free (self->name);
  g_free (self->spoken);
  g_free (self);
}

static void
slot_free (gpointer data)
{
  DialogueSlot *self = data;

  g_free (self->name);
  g_strfreev (self->questions);
  g_hash_table_unref (self->spoken);
  g_hash_table_unref (self->goes);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->matchers);
  g_ptr_array_unref (self->phrases);
  g_free (self);
}

static void
intent_free (gpointer data)
{
  DialogueIntent *self = data;

  g_free (self->name);
  g_ptr_array_unref (self->matchers);
  g_ptr_array_unref (self->phrases);
  g_ptr_array_unref (self->needs);
  g_strfreev (self->answers);
  g_free (self->confirm);
  g_free (self->action);
  g_free (self->target);
  g_free (self);
}

void
dialogue_file_free (DialogueFile *self)
{
  g_free (self->voice);
  g_strfreev (self->greetings);
  g_strfreev (self->not_understood);
  g_strfreev (self->silences);
  g_ptr_array_unref (self->slots);
  g_ptr_array_unref (self->intents);
  g_ptr_array_unref (self->give_up);
  g_hash_table_unref (self->words);
  g_hash_table_unref (self->origins);
  g_free (self->jsgf);
  g_free (self);
}

DialogueFile *
dialogue_file_new (void)
{
  DialogueFile *self = g_new0 (DialogueFile, 1);

  self->slots = g_ptr_array_new_with_free_func (slot_free);
  self->intents = g_ptr_array_new_with_free_func (intent_free);
  self->give_up = g_ptr_array_new ();
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->origins =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

DialogueSlot *
dialogue_slot_new (const gchar *name)
{
  DialogueSlot *self = g_new0 (DialogueSlot, 1);

  self->name = g_strdup (name);
  self->values = g_ptr_array_new_with_free_func (value_free);
  self->spoken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->goes = g_hash_table_new (NULL, NULL);
  self->matchers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
  self->phrases = g_ptr_array_new_with_free_func (g_free);
  return self;
}

DialogueIntent *
dialogue_intent_new (const gchar *name)
{
  DialogueIntent *self = g_new0 (DialogueIntent, 1);

  self->name = g_strdup (name);
  self->interruptible = TRUE;
  self->needs = g_ptr_array_new ();
  self->matchers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
  self->phrases = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
add_fixed (GPtrArray *texts, GStrv list)
{
  for (gchar **text = list; text && *text; text++)
    if (!strstr (*text, "${"))
      g_ptr_array_add (texts, *text);
}

GPtrArray *
dialogue_file_fixed_texts (const DialogueFile *self)
{
  GPtrArray *texts = g_ptr_array_new ();

  add_fixed (texts, self->greetings);
  for (guint i = 0; i < self->slots->len; i++)
    add_fixed (texts,
        ((DialogueSlot *) g_ptr_array_index (self->slots, i))->questions);
  for (guint i = 0; i < self->intents->len; i++)
    add_fixed (texts,
        ((DialogueIntent *) g_ptr_array_index (self->intents, i))->answers);
  add_fixed (texts, self->not_understood);
  add_fixed (texts, self->silences);
  return texts;
}

const DialogueIntent *
dialogue_intent_get_next (const DialogueIntent *self, gboolean refused)
{
  return refused && self->refused ? self->refused : self->failed;
}
