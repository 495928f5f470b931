/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "dialoguefile.h"

G_BEGIN_DECLS

/* What a conversation asked for and what became of it: whether the caller is being
 * hung up on, or is gone. Times as in Dialogue. */
typedef struct
{
  GQueue waiting; /* those whose result is not known */
  guint n; /* asked for so far */
  gboolean over; /* nothing counts any more */
  gboolean gone; /* ... because the caller has gone, at @gone_at */
  gint64 gone_at;
} DialogueControls;

void dialogue_controls_init (DialogueControls *self);
void dialogue_controls_copy (DialogueControls *self,
    const DialogueControls *other);
void dialogue_controls_clear (DialogueControls *self);

/* The number of the control. @intent: whose action it is; may be NULL. */
guint dialogue_controls_add (DialogueControls *self, const gchar *what,
    const DialogueIntent *intent);
/* The intent that says what follows; NULL: nothing does. Those before @number that nothing
 * is known of were never asked for. */
const DialogueIntent *dialogue_controls_result (DialogueControls *self,
    guint number, gboolean accepted, gint64 now);
/* It is under way: the intent whose words are said, once for each; NULL: none. */
const DialogueIntent *dialogue_controls_progress (DialogueControls *self,
    guint number);
/* TRUE, once: the caller is gone and the conversation is not, so somebody else is
 * there. */
gboolean dialogue_controls_begin_again (DialogueControls *self, gint64 now);

G_END_DECLS
