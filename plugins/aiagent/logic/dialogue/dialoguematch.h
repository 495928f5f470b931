/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "dialoguefile.h"

G_BEGIN_DECLS

/* Words, each followed by a space, against the phrases of a file. */

/* NULL: they are none of @matchers. */
GMatchInfo *dialogue_match (GPtrArray *matchers, const gchar *words);
/* Whether who says @words (without that space), and pauses, has finished: 1, it is a phrase,
 * or an answer to @asked (NULL: no question was heard); 0: something is missing of one, or
 * @asked waits still; -1: it is nothing that the file has. */
gdouble dialogue_match_completeness (const DialogueFile *file,
    const DialogueSlot *asked, const gchar *words);

G_END_DECLS
