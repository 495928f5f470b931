/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "dialoguefile.h"

G_BEGIN_DECLS

/* What a conversation remembers: what slots are known to be, what was asked for, and
 * which of several texts come next. */
typedef struct
{
  const DialogueFile *file;
  gchar *caller;
  GHashTable *known; /* DialogueSlot -> what it is known to be */
  GHashTable *begun; /* DialogueIntent: asked for in this conversation */
  GHashTable *turns; /* texts -> how often one of them was said */
} DialogueMemory;

void dialogue_memory_init (DialogueMemory *self, const DialogueFile *file);
void dialogue_memory_copy (DialogueMemory *self, const DialogueMemory *other);
void dialogue_memory_clear (DialogueMemory *self);
/* Somebody else is there now. */
void dialogue_memory_forget_caller (DialogueMemory *self);

/* Name of the value, or digits; NULL: not known. */
const gchar *dialogue_memory_get (const DialogueMemory *self,
    const DialogueSlot *slot);
/* It is known, and may be used for @intent: it led to no other. */
gboolean dialogue_memory_has (const DialogueMemory *self,
    const DialogueSlot *slot, const DialogueIntent *intent);
/* @text: NULL forgets it. @led_to: by `go`; may be NULL. */
void dialogue_memory_set (DialogueMemory *self, const DialogueSlot *slot,
    const gchar *text, const DialogueIntent *led_to);
/* The values that the words name which were @found to be a phrase. */
void dialogue_memory_remember (DialogueMemory *self, const GMatchInfo *found);
/* The caller asks for it, or an answer leads to it: a second time what it needs is asked
 * for anew. */
void dialogue_memory_begin (DialogueMemory *self, const DialogueIntent *intent);
void dialogue_memory_forget_needs (DialogueMemory *self,
    const DialogueIntent *intent);

/* With what is known in place of ${NAME}. @aloud: as it is spoken ("4 2" for the digits
 * 42), else as it is written. (transfer full) */
gchar *dialogue_memory_expand (const DialogueMemory *self, const gchar *text,
    gboolean aloud);
/* The next one of @texts, after the last the first again; NULL: there is none. */
const gchar *dialogue_memory_next_text (DialogueMemory *self, GStrv texts);

G_END_DECLS
