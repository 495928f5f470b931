/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "dialoguefile.h"

G_BEGIN_DECLS

/* One conversation after a DialogueFile: what was understood goes in, what to say and
 * do comes out. Times are ms of any clock that only this conversation reads. */

typedef struct _Dialogue Dialogue;

typedef enum
{
  DIALOGUE_FAILED, /* it was not done */
  DIALOGUE_REFUSED, /* ... as whoever was called did not take the call */
  DIALOGUE_ACCEPTED,
} DialogueOutcome;

typedef enum
{
  DIALOGUE_SAY,
  DIALOGUE_CONTROL,
} DialogueActionType;

typedef struct
{
  DialogueActionType type;
  gchar *text; /* SAY: sentences; CONTROL: hang-up, transfer, ... */
  gchar *target; /* CONTROL: may be NULL */
  gboolean interruptible; /* SAY */
  guint question; /* SAY: number of the question that it ends with; 0: none */
  guint number; /* CONTROL: in this conversation, from 1 */
} DialogueAction;

Dialogue *dialogue_new (const DialogueFile *file);
/* As it is now, without what is to be done. (transfer full) */
Dialogue *dialogue_copy (const Dialogue *self);
/* A copy that takes the place of @other: no control of either has the number of one of
 * the other's. */
void dialogue_number_after (Dialogue *self, const Dialogue *other);
void dialogue_free (Dialogue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dialogue, dialogue_free)

/* @caller: for ${caller}; may be "". @nth: which of the greetings, from 0; after the
 * last the first again. */
void dialogue_begin (Dialogue *self, const gchar *caller, guint nth,
    gint64 now);

/* Question @number was heard to its end, or nearly; 0: whichever is open. Before that no
 * words are an answer to it. */
void dialogue_question_heard (Dialogue *self, guint number);
/* The caller said these words of the grammar (small letters). The name of the intent
 * or slot that they were taken for; NULL: they mean nothing at this point. */
const gchar *dialogue_heard (Dialogue *self, const gchar *words, gint64 now);
/* FALSE: dialogue_heard() would take them for nothing. */
gboolean dialogue_knows (const Dialogue *self, const gchar *words);
/* As dialogue_match_completeness() has it, at this point. */
gdouble dialogue_get_completeness (const Dialogue *self, const gchar *words);
/* They answer the open question, which was heard. */
gboolean dialogue_is_answer (const Dialogue *self, const gchar *words);
/* It makes no difference, now, which of the two is said. */
gboolean dialogue_answers_alike (const Dialogue *self, const gchar *words,
    const gchar *others);
/* The caller said something else. */
void dialogue_not_understood (Dialogue *self, gint64 now);
/* The caller may have said @words, of the grammar: is asked, and may say yes or no. As
 * dialogue_not_understood() if they mean nothing at this point, or the caller was just
 * asked. */
void dialogue_suspect (Dialogue *self, const gchar *words, gint64 now);
/* TRUE: it means nothing now and is no mistake either, as # behind a number that
 * needs none; it should interrupt nothing. */
gboolean dialogue_ignores (const Dialogue *self, gchar digit, gint64 now);
void dialogue_digit (Dialogue *self, gchar digit, gint64 now);
/* What became of a control. */
void dialogue_result (Dialogue *self, guint number, DialogueOutcome outcome,
    gint64 now);
/* A transfer is under way, and may still fail. */
void dialogue_progress (Dialogue *self, guint number, gint64 now);
/* Somebody speaks: the time of silence begins when nobody does. */
void dialogue_busy (Dialogue *self, gint64 now);
/* Time went on. */
void dialogue_tick (Dialogue *self, gint64 now);

/* What is to be done, in order; FALSE when there is no more. (transfer full) */
gboolean dialogue_next (Dialogue *self, DialogueAction *action);
void dialogue_action_clear (DialogueAction *self);

G_END_DECLS
