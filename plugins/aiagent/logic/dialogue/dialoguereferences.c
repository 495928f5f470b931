/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the sections of a dialogue file say of one another. */

#include "dialogueload.h"

#include <string.h>

gboolean
dialogue_load_find_intent (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *name, const DialogueIntent **intent,
    GError **error)
{
  *intent = name ? g_hash_table_lookup (self->intents, name) : NULL;
  if (name && !*intent)
    return dialogue_text_fail (&self->text, group, key, error,
        "there is no [intent %s]", name);
  if (*intent)
    g_hash_table_add (self->reached, (gpointer) *intent);
  return TRUE;
}

gboolean
dialogue_load_intent (DialogueLoader *self, const gchar *group,
    const gchar *key, const DialogueIntent **intent, GError **error)
{
  g_autofree gchar *name = dialogue_text_get (&self->text, group, key);

  return dialogue_load_find_intent (self, group, key, name, intent, error);
}

gboolean
dialogue_load_find_slot (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *name, const DialogueSlot **slot,
    GError **error)
{
  *slot = name ? g_hash_table_lookup (self->slots, name) : NULL;
  if (name && !*slot)
    return dialogue_text_fail (&self->text, group, key, error,
        "there is no [slot %s]", name);
  if (*slot)
    g_hash_table_add (self->asked, (gpointer) *slot);
  return TRUE;
}

gboolean
dialogue_load_ask (DialogueLoader *self, const gchar *group,
    const DialogueSlot **slot, GError **error)
{
  g_autofree gchar *name = dialogue_text_get (&self->text, group, "ask");

  if (!dialogue_load_find_slot (self, group, "ask", name, slot, error))
    return FALSE;
  if (*slot && !g_hash_table_contains (self->led, *slot))
    g_hash_table_insert (self->led, (gpointer) *slot, g_strdup (group));
  return TRUE;
}

gboolean
dialogue_load_check_variables (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *text, GError **error)
{
  for (const gchar *at = strstr (text, "${"); at; at = strstr (at + 2, "${")) {
    gsize n = strcspn (at + 2, "}");
    g_autofree gchar *name = g_strndup (at + 2, n);
    if (!at[2 + n])
      return dialogue_text_fail (&self->text, group, key, error,
          "the } of \"%s\" is missing", at);
    if (strcmp (name, "caller") && !g_hash_table_contains (self->slots, name))
      return dialogue_text_fail (&self->text, group, key, error,
          "${%s} is neither ${caller} nor a [slot %s]", name, name);
  }
  return TRUE;
}

gboolean
dialogue_load_texts (DialogueLoader *self, const gchar *group, const gchar *key,
    GStrv *texts, GError **error)
{
  if (!dialogue_text_get_list (&self->text, group, key, texts, error))
    return FALSE;
  for (gchar **text = *texts; text && *text; text++)
    if (!dialogue_load_check_variables (self, group, key, *text, error))
      return FALSE;
  return TRUE;
}
