/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* References between sections need all of them: first the sections are made, then
 * the values of slots are read, then what refers to them. */

#include "dialogueload.h"

#include <string.h>

#define MAX_SECTIONS 500
#define LONGEST_SILENCE 600000 /* ms */

static const gchar *const agent_keys[] = { "voice", "language", "greeting",
  "ask", "default", "not-understood", "silence", "silence-time", "give-up",
  NULL };
static const gchar *const slot_keys[] = { "question", "phrases", "digits",
  NULL };
static const gchar *const slot_prefixes[] = { "value.", "key.", "go.", NULL };
static const gchar *const intent_keys[] = { "phrases", "key", "needs", "answer",
  "ask", "action", "target", "failed", "refused", "interruptible", "confirm",
  "wordings", "wordings", NULL };
static const gchar *const no_prefixes[] = { NULL };

static const struct
{
  const gchar *voice, *language;
} voices[] = { { "slt", "en-US" }, { "rms", "en-US" }, { "kal16", "en-US" },
  { "kal", "en-US" }, { "awb", "en-GB" } };

/* ---- Sections */

static gboolean
add_section (DialogueLoader *self, const gchar *group, GError **error)
{
  const gchar *name = strchr (group, ' ');
  gboolean is_slot = g_str_has_prefix (group, "slot ");
  gboolean is_intent = g_str_has_prefix (group, "intent ");

  if (!strcmp (group, "agent") || !strcmp (group, "words"))
    return TRUE;
  if (!is_slot && !is_intent)
    return dialogue_text_fail (&self->text, group, NULL, error,
        "the sections are [agent], [slot NAME], [intent NAME] and [words]");
  if (!dialogue_text_is_name (++name) || !strcmp (name, "caller"))
    return dialogue_text_fail (&self->text, group, NULL, error,
        "\"%s\" cannot be a name: small letters, digits and _ are, at most 30",
        name);
  if (is_slot) {
    DialogueSlot *slot = dialogue_slot_new (name);
    g_ptr_array_add (self->file->slots, slot);
    g_hash_table_insert (self->slots, slot->name, slot);
  } else {
    DialogueIntent *intent = dialogue_intent_new (name);
    g_ptr_array_add (self->file->intents, intent);
    g_hash_table_insert (self->intents, intent->name, intent);
  }
  return TRUE;
}

static gboolean
make_sections (DialogueLoader *self, GError **error)
{
  gsize n;
  g_auto (GStrv) groups = g_key_file_get_groups (self->text.file, &n);

  if (!g_key_file_has_group (self->text.file, "agent"))
    return dialogue_text_fail (&self->text, NULL, NULL, error,
        "there is no section [agent]");
  if (n > MAX_SECTIONS)
    return dialogue_text_fail (&self->text, groups[MAX_SECTIONS], NULL, error,
        "there are more than %d sections", MAX_SECTIONS);
  for (gchar **group = groups; *group; group++) {
    const gchar *const *keys = g_str_has_prefix (*group, "slot ") ? slot_keys
        : g_str_has_prefix (*group, "intent ")                    ? intent_keys
        : !strcmp (*group, "agent")                               ? agent_keys
                                                                  : NULL;
    if (!add_section (self, *group, error) ||
        (keys &&
            !dialogue_text_check_keys (&self->text, *group, keys,
                keys == slot_keys ? slot_prefixes : no_prefixes, error)))
      return FALSE;
  }
  return TRUE;
}

/* ---- Intents */

static gboolean
read_action (DialogueLoader *self, DialogueIntent *intent, const gchar *group,
    GError **error)
{
  static const gchar *const actions[] = { "hang-up", "transfer", "hold",
    "resume", "send-dtmf", NULL };

  intent->action = dialogue_text_get (&self->text, group, "action");
  intent->target = dialogue_text_get (&self->text, group, "target");
  gboolean needs_target = !g_strcmp0 (intent->action, "transfer") ||
      !g_strcmp0 (intent->action, "send-dtmf");
  if (intent->action && !g_strv_contains (actions, intent->action))
    return dialogue_text_fail (&self->text, group, "action", error,
        "\"%s\" is not hang-up, transfer, hold, resume or send-dtmf",
        intent->action);
  if (needs_target && !(intent->target && *intent->target))
    return dialogue_text_fail (&self->text, group, "action", error,
        "%s needs a target=", intent->action);
  if (intent->target && !needs_target)
    return dialogue_text_fail (&self->text, group, "target", error,
        "only transfer and send-dtmf have a target");
  if (intent->target && !strcmp (intent->action, "send-dtmf") &&
      !strstr (intent->target, "${") &&
      intent->target[strspn (intent->target, "0123456789*#ABCDabcd")])
    return dialogue_text_fail (&self->text, group, "target", error,
        "\"%s\" are not keys of a phone", intent->target);
  return !intent->target ||
      dialogue_load_check_variables (self, group, "target", intent->target,
          error);
}

static gboolean
read_needs (DialogueLoader *self, DialogueIntent *intent, const gchar *group,
    GError **error)
{
  g_auto (GStrv) names = NULL;
  const DialogueSlot *slot;

  if (!dialogue_text_get_list (&self->text, group, "needs", &names, error))
    return FALSE;
  for (gchar **name = names; name && *name; name++) {
    if (!dialogue_load_find_slot (self, group, "needs", *name, &slot, error))
      return FALSE;
    g_ptr_array_add (intent->needs, (gpointer) slot);
  }
  return TRUE;
}

static gboolean
read_intent_key (DialogueLoader *self, DialogueIntent *intent,
    const gchar *group, GError **error)
{
  g_autofree gchar *key = dialogue_text_get (&self->text, group, "key");
  gint digit = key ? dialogue_text_digit (key) : -1;

  if (key && digit < 0)
    return dialogue_text_fail (&self->text, group, "key", error,
        "\"%s\" is not a key of a phone", key);
  intent->key = key ? DIALOGUE_TEXT_DIGITS[digit] : 0;
  for (guint i = 0; key && i < self->file->intents->len; i++) {
    const DialogueIntent *other = g_ptr_array_index (self->file->intents, i);
    if (other != intent && other->key == intent->key)
      return dialogue_text_fail (&self->text, group, "key", error,
          "[intent %s] has key %c already", other->name, intent->key);
  }
  return TRUE;
}

static gboolean
read_interruptible (DialogueLoader *self, DialogueIntent *intent,
    const gchar *group, GError **error)
{
  g_autofree gchar *text =
      dialogue_text_get (&self->text, group, "interruptible");

  if (text && strcmp (text, "true") && strcmp (text, "false"))
    return dialogue_text_fail (&self->text, group, "interruptible", error,
        "\"%s\" is neither true nor false", text);
  /* The last words before a hang-up are heard: nothing can follow them. */
  gboolean last = !g_strcmp0 (intent->action, "hang-up");
  if (last && text && !strcmp (text, "true"))
    return dialogue_text_fail (&self->text, group, "interruptible", error,
        "what is said before a hang-up cannot be interrupted");
  intent->interruptible = text ? !strcmp (text, "true") : !last;
  return TRUE;
}

/* It may be said before anything else is known than what the phrase names. */
static gboolean
read_confirm (DialogueLoader *self, DialogueIntent *intent, const gchar *group,
    GError **error)
{
  intent->confirm = dialogue_text_get (&self->text, group, "confirm");
  return !intent->confirm ||
      dialogue_load_check_variables (self, group, "confirm", intent->confirm,
          error);
}

static gboolean
read_intent (DialogueLoader *self, DialogueIntent *intent, GError **error)
{
  g_autofree gchar *group = g_strdup_printf ("intent %s", intent->name);

  dialogue_load_begin_rule (self, "intent", intent->name);
  if (!dialogue_load_phrases (self, group, "phrases", intent->matchers,
          intent->phrases, error))
    return FALSE;
  intent->in_grammar = self->phrases > 0;
  dialogue_load_end_rule (self);
  if (!dialogue_load_phrases (self, group, "wordings", intent->matchers,
          intent->phrases, error))
    return FALSE;
  if (!read_intent_key (self, intent, group, error) ||
      !read_needs (self, intent, group, error) ||
      !dialogue_load_texts (self, group, "answer", &intent->answers, error) ||
      !dialogue_load_ask (self, group, &intent->ask, error) ||
      !read_action (self, intent, group, error) ||
      !dialogue_load_intent (self, group, "failed", &intent->failed, error) ||
      !dialogue_load_intent (self, group, "refused", &intent->refused, error) ||
      !read_confirm (self, intent, group, error) ||
      !read_interruptible (self, intent, group, error))
    return FALSE;
  return intent->answers || intent->action || intent->ask ||
      dialogue_text_fail (&self->text, group, NULL, error,
          "it does nothing: give it an answer, an action or a question (ask)");
}

/* ---- [agent] and [words] */

static gboolean
read_voice (DialogueLoader *self, GError **error)
{
  DialogueFile *file = self->file;
  g_autofree gchar *language =
      dialogue_text_get (&self->text, "agent", "language");

  file->voice = dialogue_text_get (&self->text, "agent", "voice");
  if (!file->voice)
    file->voice = g_strdup (
        language && !g_ascii_strcasecmp (language, "en-GB") ? "awb" : "slt");
  for (guint i = 0; i < G_N_ELEMENTS (voices); i++) {
    if (strcmp (voices[i].voice, file->voice))
      continue;
    if (!language || !g_ascii_strcasecmp (language, voices[i].language) ||
        !strcmp (language, "en"))
      return TRUE;
    return dialogue_text_fail (&self->text, "agent", "language", error,
        "voice %s speaks %s, not \"%s\"", file->voice, voices[i].language,
        language);
  }
  return dialogue_text_fail (&self->text, "agent", "voice", error,
      "\"%s\" is not slt, rms, awb, kal16 or kal", file->voice);
}

static gboolean
read_give_up (DialogueLoader *self, GError **error)
{
  g_auto (GStrv) names = NULL;
  const DialogueIntent *intent;

  if (!dialogue_text_get_list (&self->text, "agent", "give-up", &names, error))
    return FALSE;
  for (gchar **name = names; name && *name; name++) {
    if (!dialogue_load_find_intent (self, "agent", "give-up", *name, &intent,
            error))
      return FALSE;
    g_ptr_array_add (self->file->give_up, (gpointer) intent);
  }
  return TRUE;
}

static gboolean
read_agent (DialogueLoader *self, GError **error)
{
  DialogueFile *file = self->file;
  g_autofree gchar *time =
      dialogue_text_get (&self->text, "agent", "silence-time");
  guint64 ms = 8000;

  if (time &&
      !g_ascii_string_to_unsigned (time, 10, 0, LONGEST_SILENCE, &ms, NULL))
    return dialogue_text_fail (&self->text, "agent", "silence-time", error,
        "\"%s\" is not a number of ms from 0 to %d", time, LONGEST_SILENCE);
  file->silence_time = (guint) ms;
  return read_voice (self, error) &&
      dialogue_load_texts (self, "agent", "greeting", &file->greetings,
          error) &&
      dialogue_load_texts (self, "agent", "not-understood",
          &file->not_understood, error) &&
      dialogue_load_texts (self, "agent", "silence", &file->silences, error) &&
      dialogue_load_ask (self, "agent", &file->ask, error) &&
      dialogue_load_intent (self, "agent", "default", &file->fallback, error) &&
      read_give_up (self, error);
}

static gboolean
read_words (DialogueLoader *self, GError **error)
{
  g_auto (GStrv) words =
      g_key_file_get_keys (self->text.file, "words", NULL, NULL);

  for (gchar **word = words; word && *word; word++) {
    g_autofree gchar *phones = dialogue_text_get (&self->text, "words", *word);
    gchar *lower = g_ascii_strdown (*word, -1);
    if (!dialogue_text_are_phones (phones)) {
      g_free (lower);
      return dialogue_text_fail (&self->text, "words", *word, error,
          "\"%s\" are not phones of the CMU set, as in HH AH L OW", phones);
    }
    if (g_hash_table_contains (self->file->words, lower))
      g_hash_table_insert (self->file->words, lower, g_strdup (phones));
    else
      g_free (lower);
  }
  return TRUE;
}

/* ---- The whole */

/* What a target stands for has to be known when it is used. */
static gboolean
check_target (DialogueLoader *self, const DialogueIntent *intent,
    const gchar *group, GError **error)
{
  const gchar *target = intent->target ? intent->target : "";

  for (const gchar *at = strstr (target, "${"); at;
       at = strstr (at + 2, "${")) {
    g_autofree gchar *name = g_strndup (at + 2, strcspn (at + 2, "}"));
    gpointer slot = g_hash_table_lookup (self->slots, name);
    if (slot && !g_ptr_array_find (intent->needs, slot, NULL))
      return dialogue_text_fail (&self->text, group, "target", error,
          "${%s} may not be known by then: add needs=%s", name, name);
  }
  return TRUE;
}

/* @follows: the one that @key names, may be NULL. */
static gboolean
check_follows (DialogueLoader *self, const DialogueIntent *intent,
    const gchar *group, const gchar *key, const DialogueIntent *follows,
    GError **error)
{
  if (!follows)
    return TRUE;
  if (!intent->action || !strcmp (intent->action, "hang-up"))
    return dialogue_text_fail (&self->text, group, key, error,
        intent->action ? "nothing follows a hang-up"
                       : "there is no action= that could fail");
  return !follows->action || !strcmp (follows->action, "hang-up") ||
      dialogue_text_fail (&self->text, group, key, error,
          "[intent %s] has an action that may fail, too", follows->name);
}

static gboolean
check_failed (DialogueLoader *self, const DialogueIntent *intent,
    const gchar *group, GError **error)
{
  if (intent->refused && g_strcmp0 (intent->action, "transfer"))
    return dialogue_text_fail (&self->text, group, "refused", error,
        "only who is called by a transfer can refuse");
  return check_follows (self, intent, group, "failed", intent->failed, error) &&
      check_follows (self, intent, group, "refused", intent->refused, error);
}

/* After ask= no intent waits for the answer: it has to lead to one. */
static gboolean
check_answers (DialogueLoader *self, const DialogueSlot *slot, GError **error)
{
  const gchar *group = g_hash_table_lookup (self->led, slot);

  if (!group)
    return TRUE;
  if (slot->max_digits)
    return dialogue_text_fail (&self->text, group, "ask", error,
        "[slot %s] is a number, which leads nowhere: let an intent need it",
        slot->name);
  for (guint i = 0; i < slot->values->len; i++) {
    const DialogueValue *value = g_ptr_array_index (slot->values, i);
    if (!g_hash_table_contains (slot->goes, value))
      return dialogue_text_fail (&self->text, group, "ask", error,
          "nothing follows the answer \"%s\": add go.%s=INTENT to [slot %s], "
          "or let an intent need it",
          value->spoken, value->name, slot->name);
  }
  return TRUE;
}

static gboolean
check_use (DialogueLoader *self, GError **error)
{
  for (guint i = 0; i < self->file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (self->file->intents, i);
    g_autofree gchar *group = g_strdup_printf ("intent %s", intent->name);
    if (!intent->matchers->len && !intent->key &&
        !g_hash_table_contains (self->reached, intent))
      return dialogue_text_fail (&self->text, group, NULL, error,
          "nothing leads here: no phrases, no key, no other section");
    if (!check_target (self, intent, group, error) ||
        !check_failed (self, intent, group, error))
      return FALSE;
  }
  for (guint i = 0; i < self->file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (self->file->slots, i);
    g_autofree gchar *group = g_strdup_printf ("slot %s", slot->name);
    if (g_hash_table_contains (self->asked, slot) && !slot->questions)
      return dialogue_text_fail (&self->text, group, NULL, error,
          "it is asked for, but has no question=");
    if (!check_answers (self, slot, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load (DialogueLoader *self, GError **error)
{
  DialogueFile *file = self->file;

  if (!make_sections (self, error))
    return FALSE;
  if (!dialogue_load_slots (self, error))
    return FALSE;
  for (guint i = 0; i < file->intents->len; i++)
    if (!read_intent (self, g_ptr_array_index (file->intents, i), error))
      return FALSE;
  if (!read_agent (self, error) || !read_words (self, error) ||
      !check_use (self, error))
    return FALSE;
  dialogue_load_finish_grammar (self);
  return TRUE;
}

DialogueFile *
dialogue_file_parse (const gchar *data, gsize size, GError **error)
{
  DialogueLoader loader = { .file = dialogue_file_new (),
    .slots = g_hash_table_new (g_str_hash, g_str_equal),
    .intents = g_hash_table_new (g_str_hash, g_str_equal),
    .regexes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free),
    .reached = g_hash_table_new (NULL, NULL),
    .asked = g_hash_table_new (NULL, NULL),
    .led = g_hash_table_new_full (NULL, NULL, NULL, g_free),
    .jsgf = g_string_new (NULL) };

  if (!dialogue_text_open (&loader.text, data, size, error) ||
      !load (&loader, error))
    g_clear_pointer (&loader.file, dialogue_file_free);
  dialogue_text_close (&loader.text);
  g_hash_table_unref (loader.slots);
  g_hash_table_unref (loader.intents);
  g_hash_table_unref (loader.regexes);
  g_hash_table_unref (loader.reached);
  g_hash_table_unref (loader.asked);
  g_hash_table_unref (loader.led);
  g_string_free (loader.jsgf, TRUE);
  return loader.file;
}
