/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What becomes of something that was heard, by what is known of it beside its words. While
 * the agent speaks most of what is heard is itself, from the caller's loudspeaker, or
 * somebody who listens: from that nothing is taken but what lasts longer than an echo
 * can, which ends soon after the agent has fallen silent. */

#define VERDICT_TAIL \
  300 /* ms after the agent's last sound that count as its speech */

typedef enum
{
  VERDICT_WORDS, /* they count */
  VERDICT_GO_ON, /* as if nobody had spoken */
  VERDICT_STOP, /* the agent is to be silent, and wait */
  VERDICT_MISS, /* it was not understood */
} Verdict;

typedef struct
{
  const gchar *words;
  gdouble confidence;
  gboolean believed; /* the words, by the recogniser */
  gboolean known; /* they mean something at this point */
  guint length; /* ms of speech */
  gboolean
      over; /* it began while the agent was audible, or VERDICT_TAIL after */
  gboolean behind; /* ... but after its last sound */
  gboolean early; /* ... or before its first words were heard */
  gboolean
      lasted; /* ... and went on with a voice when the agent had been silent for long */
} Spoken;

Verdict verdict_judge (const Spoken *self);
/* What was said before, followed by @self within a second, was understood as @words with
 * @confidence: may that count in place of the two? */
gboolean verdict_joins (const Spoken *self, gdouble confidence);

/* What is known while a caller is silent, who may not have finished. */
typedef struct
{
  gdouble fits; /* the words, as in dialogue_match_completeness() */
  gdouble confidence; /* of them */
  gboolean asked; /* a question waits for its answer */
  guint sound; /* ms that were loud so far; 0: not known */
  gboolean over; /* as in Spoken */
} SpokenSoFar;

/* As in turn_wait_get(); -1: nothing speaks for either. */
gdouble verdict_get_completeness (const SpokenSoFar *self);

G_END_DECLS
