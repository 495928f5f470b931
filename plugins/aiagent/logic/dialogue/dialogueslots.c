/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "dialogueload.h"
#include "phrase.h"

#include <string.h>

#define MAX_DIGITS 32

static DialogueValue *
find_value (const DialogueSlot *slot, const gchar *name)
{
  for (guint i = 0; i < slot->values->len; i++) {
    DialogueValue *value = g_ptr_array_index (slot->values, i);
    if (!strcmp (value->name, name))
      return value;
  }
  return NULL;
}

static gboolean
read_value (DialogueLoader *self, DialogueSlot *slot, const gchar *group,
    const gchar *key, GString *jsgf, GString *regex, GError **error)
{
  g_auto (GStrv) spoken = NULL;
  g_autoptr (GHashTable) set =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) wrong = NULL;

  if (!dialogue_text_get_list (&self->text, group, key, &spoken, error))
    return FALSE;
  DialogueValue *value = g_new0 (DialogueValue, 1);
  value->name = g_strdup (key + strlen ("value."));
  value->spoken = g_strdup (spoken[0]);
  g_ptr_array_add (slot->values, value);
  for (gchar **one = spoken; *one; one++) {
    gchar *words = phrase_normalize_words (*one, set, &wrong);
    if (!words)
      return dialogue_text_fail (&self->text, group, key, error, "%s",
          wrong->message);
    g_string_append_printf (jsgf, "%s%s", jsgf->len ? " | " : "", words);
    g_string_append_printf (regex, "%s%s ", regex->len ? "|" : "", words);
    if (!g_hash_table_insert (slot->spoken, words, value))
      return dialogue_text_fail (&self->text, group, key, error,
          "\"%s\" stands twice in this section", *one);
  }
  dialogue_load_words (self, set, group, key);
  return TRUE;
}

static gboolean
read_values (DialogueLoader *self, DialogueSlot *slot, const gchar *group,
    GError **error)
{
  g_auto (GStrv) keys =
      g_key_file_get_keys (self->text.file, group, NULL, NULL);
  g_autoptr (GString) jsgf = g_string_new (NULL);
  g_autoptr (GString) regex = g_string_new (NULL);

  for (gchar **key = keys; *key; key++)
    if (g_str_has_prefix (*key, "value.") &&
        !read_value (self, slot, group, *key, jsgf, regex, error))
      return FALSE;
  if (!slot->values->len)
    return TRUE;
  g_string_append_printf (self->jsgf, "<slot_%s> = %s;\n", slot->name,
      jsgf->str);
  g_hash_table_insert (self->regexes, slot->name,
      g_string_free (g_steal_pointer (&regex), FALSE));
  return TRUE;
}

static gboolean
read_digits (DialogueLoader *self, DialogueSlot *slot, const gchar *group,
    GError **error)
{
  g_autofree gchar *text = dialogue_text_get (&self->text, group, "digits");
  g_auto (GStrv) ends = text ? g_strsplit (text, "-", 2) : NULL;
  guint64 low = 0, high = 0;

  if (!text)
    return slot->values->len ||
        dialogue_text_fail (&self->text, group, NULL, error,
            "it has neither values (value.NAME=...) nor digits");
  if (slot->values->len)
    return dialogue_text_fail (&self->text, group, "digits", error,
        "a slot has values or digits, not both");
  if (!g_ascii_string_to_unsigned (ends[0], 10, 1, MAX_DIGITS, &low, NULL) ||
      !g_ascii_string_to_unsigned (ends[1] ? ends[1] : ends[0], 10, low,
          MAX_DIGITS, &high, NULL))
    return dialogue_text_fail (&self->text, group, "digits", error,
        "\"%s\" is neither a number from 1 to %d nor a range like 2-8", text,
        MAX_DIGITS);
  slot->min_digits = (guint) low;
  slot->max_digits = (guint) high;
  return TRUE;
}

/* key.DIGIT=VALUE, go.VALUE=INTENT */
static gboolean
read_slot_key (DialogueLoader *self, DialogueSlot *slot, const gchar *group,
    const gchar *key, GError **error)
{
  gboolean is_key = g_str_has_prefix (key, "key.");
  g_autofree gchar *text = dialogue_text_get (&self->text, group, key);
  const gchar *after = strchr (key, '.') + 1;
  const gchar *name = is_key ? text : after;
  DialogueValue *value = find_value (slot, name);
  gint digit = is_key ? dialogue_text_digit (after) : 0;
  const DialogueIntent *intent = NULL;

  if (!value)
    return dialogue_text_fail (&self->text, group, key, error,
        "there is no value.%s here", name);
  if (digit < 0)
    return dialogue_text_fail (&self->text, group, key, error,
        "\"%s\" is not a key of a phone", after);
  if (is_key) {
    slot->keys[digit] = value;
    return TRUE;
  }
  if (!dialogue_load_intent (self, group, key, &intent, error))
    return FALSE;
  g_hash_table_insert (slot->goes, value, (gpointer) intent);
  return TRUE;
}

/* What does not name a value is no answer. */
static gboolean
check_phrases (DialogueLoader *self, const DialogueSlot *slot,
    const gchar *group, const gchar *itself, GError **error)
{
  g_auto (GStrv) phrases = NULL;

  if (!dialogue_text_get_list (&self->text, group, "phrases", &phrases, error))
    return FALSE;
  if (phrases && slot->max_digits)
    return dialogue_text_fail (&self->text, group, "phrases", error,
        "a number is typed, not spoken: digits= has no phrases");
  for (gchar **phrase = phrases; phrase && *phrase; phrase++)
    if (!strstr (*phrase, itself))
      return dialogue_text_fail (&self->text, group, "phrases", error,
          "\"%s\" does not say where the value stands: it needs %s", *phrase,
          itself);
  return TRUE;
}

static gboolean
read_slot (DialogueLoader *self, DialogueSlot *slot, GError **error)
{
  g_autofree gchar *group = g_strdup_printf ("slot %s", slot->name);
  g_auto (GStrv) keys =
      g_key_file_get_keys (self->text.file, group, NULL, NULL);
  g_autofree gchar *itself = g_strdup_printf ("<%s>", slot->name);

  for (gchar **key = keys; *key; key++)
    if ((g_str_has_prefix (*key, "key.") || g_str_has_prefix (*key, "go.")) &&
        !read_slot_key (self, slot, group, *key, error))
      return FALSE;
  if (!read_digits (self, slot, group, error) ||
      !dialogue_load_texts (self, group, "question", &slot->questions, error) ||
      !check_phrases (self, slot, group, itself, error))
    return FALSE;
  dialogue_load_begin_rule (self, "answer", slot->name);
  if ((slot->values->len &&
          !dialogue_load_phrase (self, group, "phrases", itself, slot->matchers,
              slot->phrases, error)) ||
      !dialogue_load_phrases (self, group, "phrases", slot->matchers,
          slot->phrases, error))
    return FALSE;
  dialogue_load_end_rule (self);
  return TRUE;
}

gboolean
dialogue_load_slots (DialogueLoader *self, GError **error)
{
  GPtrArray *slots = self->file->slots;

  for (guint i = 0; i < slots->len; i++) {
    DialogueSlot *slot = g_ptr_array_index (slots, i);
    g_autofree gchar *group = g_strdup_printf ("slot %s", slot->name);
    if (!read_values (self, slot, group, error))
      return FALSE;
  }
  for (guint i = 0; i < slots->len; i++)
    if (!read_slot (self, g_ptr_array_index (slots, i), error))
      return FALSE;
  return TRUE;
}
