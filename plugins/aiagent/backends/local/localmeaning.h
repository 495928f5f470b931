/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "recognizer.h"

#include "aiagent/logic/dialogue/dialogue.h"

G_BEGIN_DECLS

/* Decides, at this point of @dialogue, which of the two readings of what was said counts:
 * words, confidence and rejected of @result are those of it then. While a question is open
 * its answers go by the grammar, as does what people say on any telephone; @over: it was
 * said while the agent spoke, whose echo may be all of it, so nothing else counts. Of what
 * people say on any telephone both may be sure. */
void local_meaning_settle (const Dialogue *dialogue, gboolean over,
    RecognizerResult *result);

/* What may have been meant, worth asking about; NULL: nothing. (transfer full) */
gchar *local_meaning_dup_suspicion (const RecognizerResult *result);

G_END_DECLS
