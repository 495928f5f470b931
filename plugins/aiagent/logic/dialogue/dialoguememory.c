/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "dialoguememory.h"

#include <string.h>

typedef struct
{
  gchar *text; /* name of the value, or digits */
  const DialogueIntent *led_to; /* by `go`; NULL: nowhere */
} Known;

static void
known_free (gpointer data)
{
  g_free (((Known *) data)->text);
  g_free (data);
}

void
dialogue_memory_init (DialogueMemory *self, const DialogueFile *file)
{
  *self = (DialogueMemory){ .file = file };
  self->known = g_hash_table_new_full (NULL, NULL, NULL, known_free);
  self->begun = g_hash_table_new (NULL, NULL);
  self->turns = g_hash_table_new (NULL, NULL);
}

static void
copy_all (GHashTable *to, GHashTable *from)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (to, key, value);
}

void
dialogue_memory_copy (DialogueMemory *self, const DialogueMemory *other)
{
  GHashTableIter iter;
  gpointer slot, value;

  dialogue_memory_init (self, other->file);
  self->caller = g_strdup (other->caller);
  copy_all (self->begun, other->begun);
  copy_all (self->turns, other->turns);
  g_hash_table_iter_init (&iter, other->known);
  while (g_hash_table_iter_next (&iter, &slot, &value))
    dialogue_memory_set (self, slot, ((Known *) value)->text,
        ((Known *) value)->led_to);
}

void
dialogue_memory_clear (DialogueMemory *self)
{
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->begun);
  g_hash_table_unref (self->turns);
  g_free (self->caller);
}

void
dialogue_memory_forget_caller (DialogueMemory *self)
{
  g_hash_table_remove_all (self->known);
  g_hash_table_remove_all (self->begun);
}

/* ---- What is known */

const gchar *
dialogue_memory_get (const DialogueMemory *self, const DialogueSlot *slot)
{
  const Known *known = g_hash_table_lookup (self->known, slot);

  return known ? known->text : NULL;
}

gboolean
dialogue_memory_has (const DialogueMemory *self, const DialogueSlot *slot,
    const DialogueIntent *intent)
{
  const Known *known = g_hash_table_lookup (self->known, slot);

  return known && (!known->led_to || known->led_to == intent);
}

void
dialogue_memory_set (DialogueMemory *self, const DialogueSlot *slot,
    const gchar *text, const DialogueIntent *led_to)
{
  if (!text) {
    g_hash_table_remove (self->known, slot);
    return;
  }
  Known *known = g_new (Known, 1);
  *known = (Known){ g_strdup (text), led_to };
  g_hash_table_insert (self->known, (gpointer) slot, known);
}

void
dialogue_memory_begin (DialogueMemory *self, const DialogueIntent *intent)
{
  if (!g_hash_table_add (self->begun, (gpointer) intent))
    dialogue_memory_forget_needs (self, intent);
}

void
dialogue_memory_forget_needs (DialogueMemory *self,
    const DialogueIntent *intent)
{
  for (guint i = 0; i < intent->needs->len; i++)
    g_hash_table_remove (self->known, g_ptr_array_index (intent->needs, i));
}

/* ---- Texts */

static void
append_known (const DialogueMemory *self, GString *out, const gchar *name,
    gboolean aloud)
{
  for (guint i = 0; i < self->file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (self->file->slots, i);
    const gchar *known =
        strcmp (slot->name, name) ? NULL : dialogue_memory_get (self, slot);
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

void
dialogue_memory_remember (DialogueMemory *self, const GMatchInfo *found)
{
  for (guint i = 0; i < self->file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (self->file->slots, i);
    g_autofree gchar *words =
        slot->values->len ? g_match_info_fetch_named (found, slot->name) : NULL;
    const DialogueValue *value =
        words ? g_hash_table_lookup (slot->spoken, g_strchomp (words)) : NULL;
    if (value)
      dialogue_memory_set (self, slot, value->name, NULL);
  }
}

gchar *
dialogue_memory_expand (const DialogueMemory *self, const gchar *text,
    gboolean aloud)
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

const gchar *
dialogue_memory_next_text (DialogueMemory *self, GStrv texts)
{
  if (!texts || !*texts)
    return NULL;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->turns, texts));
  g_hash_table_insert (self->turns, texts, GUINT_TO_POINTER (n + 1));
  return texts[n % g_strv_length (texts)];
}
