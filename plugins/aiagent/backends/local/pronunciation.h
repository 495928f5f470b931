/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The entries of pocketsphinx's dictionary for @words (-> phones, "" = look them up),
 * in its format; (transfer full). NULL with @error: G_IO_ERROR_NOT_FOUND when the
 * dictionary is not installed, G_KEY_FILE_ERROR for a word it lacks: "ORIGIN: ..." by
 * @origins (word -> where it stands; may be NULL). */
gchar *pronunciation_collect (GHashTable *words, GHashTable *origins,
    GError **error);

G_END_DECLS
