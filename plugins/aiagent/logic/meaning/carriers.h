/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people put around what they want: "hi, can you tell me ... please". Nothing of it
 * belongs to what a dialogue file is about. */

/* @phrase, put in other words here and there, and between such words: one of very many
 * ways, by @random. (transfer full) */
gchar *carriers_wrap (const gchar *phrase, GRand *random);
/* The words that carriers_wrap() may add are keys of @words, with the value "". */
void carriers_collect_words (GHashTable *words);

G_END_DECLS
