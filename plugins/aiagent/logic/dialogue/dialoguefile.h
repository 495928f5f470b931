/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the `local` agent says and understands: a GKeyFile, described for its
 * authors in pipelines/agents/README.md. Lists are separated by semicolons.
 *
 *   [agent]
 *   voice=slt             slt, rms, awb, kal16 or kal
 *   language=en-US        of the voice: en-US (awb: en-GB)
 *   greeting=TEXT;...     said when the call begins; the next one each call
 *   ask=SLOT              question after the greeting; its values all have a go.
 *   default=INTENT        for words that mean nothing while no question is open
 *   not-understood=TEXT;...   the first, second, ... time in a row
 *   silence=TEXT;...      the first, second, ... time nobody speaks
 *   silence-time=8000     ms of silence before that, 0 = for ever
 *   give-up=INTENT;...    after the last of these; the next one if that did not help
 *                         either. Without it: hang-up
 *
 *   [slot NAME]           something to find out and remember
 *   question=TEXT;...
 *   value.VALUE=WORDS;... what is said for it; the first is used in answers
 *   phrases=PHRASE;...    how the question may be answered, around <NAME>, beside
 *                         <NAME> alone
 *   key.DIGIT=VALUE       the same by keypad
 *   digits=4 or 1-8       a number by keypad; # ends it
 *   go.VALUE=INTENT       where this value leads
 *
 *   [intent NAME]
 *   phrases=PHRASE;...    see phrase.h
 *   wordings=PHRASE;...   other ways to say it, found by the words that are heard: not in
 *                         the grammar, which gets the sharper the fewer phrases it has
 *   key=DIGIT             the same by keypad
 *   needs=SLOT;...        asked for before the answer, each time the caller comes
 *                         with this, unless the phrase names it
 *   answer=TEXT;...       one after the other when it comes again
 *   ask=SLOT              question behind the answer; its values all have a go.
 *   action=...            hang-up, hold, resume, send-dtmf: after the words were
 *                         heard; transfer: before, they are said once it is under way
 *   target=TEXT           of transfer and send-dtmf
 *   failed=INTENT         when the action was not done
 *   refused=INTENT        of transfer: when who was called did not take the call, in
 *                         place of that
 *   confirm=TEXT          asks whether this was meant, when that is not sure
 *   interruptible=true    false: the caller hears all of it, as before a hang-up
 *
 *   [words]
 *   WORD=PHONES           how a word is pronounced that the dictionary lacks
 *
 * ${SLOT} and ${caller} in texts and targets stand for what is known. */

typedef struct
{
  gchar *name;
  gchar *spoken; /* the first way to say it */
} DialogueValue;

typedef struct _DialogueIntent DialogueIntent;

typedef struct
{
  gchar *name;
  GStrv questions;
  GPtrArray *values; /* DialogueValue */
  GHashTable *spoken; /* words -> DialogueValue */
  GPtrArray *matchers; /* GRegex: an answer to the question */
  GPtrArray *phrases; /* the same as they are written */
  const DialogueValue *keys[16]; /* by RFC 4733 event number */
  guint min_digits, max_digits; /* 0: no number */
  GHashTable *goes; /* DialogueValue -> DialogueIntent */
} DialogueSlot;

struct _DialogueIntent
{
  gchar *name;
  GPtrArray *matchers; /* GRegex */
  GPtrArray *phrases; /* the same as they are written */
  GPtrArray *needs; /* DialogueSlot */
  GStrv answers;
  gchar *confirm; /* NULL: the phrase that it sounded like is asked about */
  const DialogueSlot *ask;
  gchar *action, *target; /* NULL: none */
  const DialogueIntent *failed;
  const DialogueIntent *refused;
  gboolean interruptible;
  gboolean in_grammar; /* it has phrases, not wordings alone */
  gchar key; /* 0: none */
};

typedef struct
{
  gchar *voice;
  GStrv greetings, not_understood, silences;
  guint silence_time; /* ms, 0 = for ever */
  const DialogueSlot *ask;
  const DialogueIntent *fallback;
  GPtrArray *give_up; /* DialogueIntent */
  GPtrArray *slots; /* DialogueSlot */
  GPtrArray *intents; /* DialogueIntent */
  GHashTable *words; /* all that the grammar has; -> phones, "" = dictionary */
  GHashTable *origins; /* the same -> "line N: [section] key" */
  gchar *jsgf; /* grammar of everything, "" if nothing can be said */
} DialogueFile;

/* NULL with G_KEY_FILE_ERROR: "line N: [section] key: what is wrong." */
DialogueFile *dialogue_file_parse (const gchar *data, gsize size,
    GError **error);
void dialogue_file_free (DialogueFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DialogueFile, dialogue_file_free)

/* Every text that needs nothing to be known, to be made into speech ahead of
 * time; (transfer container) of texts that belong to @self. */
GPtrArray *dialogue_file_fixed_texts (const DialogueFile *self);

/* What follows when its action was not done, @refused by who was called; NULL: nothing. */
const DialogueIntent *dialogue_intent_get_next (const DialogueIntent *self,
    gboolean refused);

G_END_DECLS
