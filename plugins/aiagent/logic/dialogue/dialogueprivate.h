/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "dialogue.h"
#include "dialoguecontrols.h"
#include "dialoguememory.h"

G_BEGIN_DECLS

/* What the files of a conversation share: dialogue.c and, beneath it, dialoguesteps.c,
 * which says, asks and does, dialoguekeys.c for the keypad, and dialoguesuspicion.c for
 * what was not understood for sure. */

struct _Dialogue
{
  const DialogueFile *file;
  DialogueMemory memory;
  GQueue actions; /* DialogueAction */

  const DialogueSlot *asked; /* the open question */
  guint question; /* its number */
  gboolean question_heard;
  const DialogueIntent *intent; /* waits for what it needs */
  DialogueControls controls;
  GString *digits;
  gint64 last_digit;
  gboolean completed; /* a number by its last digit: no # was needed */
  guint misses, silences; /* in a row */
  guint given_up; /* in a row, too */
  gint64 quiet; /* since when nobody speaks */
  gchar *suspected; /* words that the caller is asked about; NULL: it is not */
};

/* ---- dialoguesteps.c */

DialogueAction *dialogue_say (Dialogue *self, const gchar *text,
    gboolean interruptible);
void dialogue_control (Dialogue *self, const gchar *what, const gchar *target,
    const DialogueIntent *intent);
/* @slot: NULL: nothing is asked any more. */
void dialogue_ask (Dialogue *self, const DialogueSlot *slot);
/* Asks for what is missing, or answers. */
void dialogue_proceed (Dialogue *self, const DialogueIntent *intent);
/* What was promised is done, or not. */
void dialogue_settle (Dialogue *self, const DialogueIntent *intent,
    DialogueOutcome outcome);
void dialogue_give_up (Dialogue *self);
void dialogue_understood (Dialogue *self, gint64 now);
/* The open question has its answer. */
void dialogue_fill (Dialogue *self, const DialogueSlot *slot, const gchar *text,
    const DialogueValue *value);
/* Of one who is gone nothing is remembered. */
gboolean dialogue_is_over (Dialogue *self, gint64 now);

/* ---- dialoguekeys.c */

#define DIALOGUE_DIGIT_TIME \
  4000 /* ms: what is typed until then is one number */

void dialogue_finish_number (Dialogue *self, gint64 now);

/* ---- dialoguesuspicion.c */

/* @words, each followed by a space, say yes or no to what the caller was asked about. */
gboolean dialogue_answers_suspicion (const Dialogue *self, const gchar *words);
/* Whatever is said next is no answer to that. */
void dialogue_drop_suspicion (Dialogue *self);

G_END_DECLS
