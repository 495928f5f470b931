/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "recognizer.h"

#include "aiagent/logic/dialogue/dialoguefile.h"

G_BEGIN_DECLS

/* What all lines with the same dialogue file share: read once, while any of them
 * has it. */
typedef struct _LocalMind LocalMind;

/* @path: NULL for the built-in receptionist. NULL with @error: a sentence that names
 * file and line. */
LocalMind *local_mind_acquire (const gchar *path, GError **error);
LocalMind *local_mind_ref (LocalMind *self);
void local_mind_release (LocalMind *self);

const DialogueFile *local_mind_get_file (LocalMind *self);
/* NULL: there is nothing that a caller could say. */
Recognizer *local_mind_get_recognizer (LocalMind *self);
/* How many dialogues there were before this one. */
guint local_mind_count_dialogue (LocalMind *self);
/* Lets what needs nothing to be known be made into speech, once a rate. */
void local_mind_prepare_voice (LocalMind *self, guint rate);

G_END_DECLS
