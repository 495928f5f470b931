/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a caller may say, in the subset of JSGF (Java Speech Grammar Format) that a
 * person writes without a manual:
 *
 *   transfer me to <department> [please]
 *   (when|what time) do you open
 *
 * Words are letters and apostrophes; [..] may be left out, (..|..) is a choice,
 * <name> stands for any value of a slot. From it come both the grammar of the
 * recogniser and the expression that finds the slots in what it recognised, so
 * that the two cannot differ. */

typedef struct
{
  gchar *jsgf;
  gchar *regex; /* each word followed by one space; slots are named groups */
} Phrase;

/* @words: every word is added (a set of strings, owned by it). @slots: the regex of
 * the values of each slot that may be named. FALSE with G_KEY_FILE_ERROR and what
 * is wrong, in words for whoever wrote it. */
gboolean phrase_parse (Phrase *self, const gchar *text, GHashTable *words,
    GHashTable *slots, GError **error);
void phrase_clear (Phrase *self);

/* "Sales  Department" -> "sales department"; NULL with @error when it is not words
 * only. (transfer full) */
gchar *phrase_normalize_words (const gchar *text, GHashTable *words,
    GError **error);

G_END_DECLS
