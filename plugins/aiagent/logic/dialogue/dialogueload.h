/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "dialoguefile.h"
#include "dialoguetext.h"

G_BEGIN_DECLS

/* What the files that read a dialogue file share: dialogueload.c, dialogueslots.c for the
 * slots, and beneath them dialoguereferences.c for what sections say of one another, and
 * dialoguegrammar.c for the grammar. All functions: FALSE with @error. */

typedef struct
{
  DialogueText text;
  DialogueFile *file;
  GHashTable *slots, *intents; /* name -> struct, owned by file */
  GHashTable *regexes; /* slot name -> regex of its values */
  GHashTable *reached; /* intents that something leads to */
  GHashTable *asked; /* slots that something asks */
  GHashTable *led; /* slots that an ask= names -> its section */
  GString *jsgf;
  gsize rule; /* where the rule under way begins */
  guint phrases; /* of it */
} DialogueLoader;

DialogueFile *dialogue_file_new (void);
DialogueSlot *dialogue_slot_new (const gchar *name);
DialogueIntent *dialogue_intent_new (const gchar *name);

/* The intent that is called @name; NULL in @intent when @name is. */
gboolean dialogue_load_find_intent (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *name, const DialogueIntent **intent,
    GError **error);
gboolean dialogue_load_find_slot (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *name, const DialogueSlot **slot,
    GError **error);
/* What `ask` names; NULL in @slot when the key is absent. */
gboolean dialogue_load_ask (DialogueLoader *self, const gchar *group,
    const DialogueSlot **slot, GError **error);
/* ${NAME} in @text must be known. */
gboolean dialogue_load_check_variables (DialogueLoader *self,
    const gchar *group, const gchar *key, const gchar *text, GError **error);
/* NULL in @intent when the key is absent. */
gboolean dialogue_load_intent (DialogueLoader *self, const gchar *group,
    const gchar *key, const DialogueIntent **intent, GError **error);
/* A list of texts for the caller. */
gboolean dialogue_load_texts (DialogueLoader *self, const gchar *group,
    const gchar *key, GStrv *texts, GError **error);
/* A rule of the grammar, <KIND_NAME>; it is not there if it got no phrase. */
void dialogue_load_begin_rule (DialogueLoader *self, const gchar *kind,
    const gchar *name);
void dialogue_load_end_rule (DialogueLoader *self);
/* Adds the words of the grammar in the set @words, which stand at @key. */
void dialogue_load_words (DialogueLoader *self, GHashTable *words,
    const gchar *group, const gchar *key);
/* Adds one phrase to the rule under way, or all of the key `phrases`. What is in
 * `wordings` is no part of the grammar. */
gboolean dialogue_load_phrase (DialogueLoader *self, const gchar *group,
    const gchar *key, const gchar *text, GPtrArray *matchers,
    GPtrArray *phrases, GError **error);
gboolean dialogue_load_phrases (DialogueLoader *self, const gchar *group,
    const gchar *key, GPtrArray *matchers, GPtrArray *phrases, GError **error);
/* All rules are there: makes the grammar of them. */
void dialogue_load_finish_grammar (DialogueLoader *self);
/* The values of all slots, then what refers to something else. */
gboolean dialogue_load_slots (DialogueLoader *self, GError **error);

G_END_DECLS
