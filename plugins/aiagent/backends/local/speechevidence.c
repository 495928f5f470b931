/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the search for other wordings has found: each word, how likely it is among what
 * else could have been said, and how much better than free phones it fits. */

#include "speechdecoderprivate.h"

#include <pocketsphinx.h>
#include <string.h>

#define LATTICE_SCALE 1024 /* by which scores of the best path are multiplied */

/* Log likelihood of free phones up to each frame. Frames are counted from where the
 * utterance begins: the library counts on from one to the next. */
static GArray *
sum_phones (const SpeechDecoder *self)
{
  GArray *sums = g_array_new (FALSE, TRUE, sizeof (gdouble));
  gdouble sum = 0;
  gint origin = -1;

  g_array_append_val (sums, sum);
  for (ps_seg_t *phone = ps_seg_iter (self->phones); phone;
       phone = ps_seg_next (phone)) {
    int32 acoustic = 0, language, back;
    gint start, end;
    ps_seg_frames (phone, &start, &end);
    ps_seg_prob (phone, &acoustic, &language, &back);
    if (origin < 0)
      origin = start;
    for (gint frame = start; frame <= end; frame++) {
      sum += (gdouble) acoustic / (end + 1 - start);
      g_array_append_val (sums, sum);
    }
  }
  return sums;
}

static gdouble
sum_until (const GArray *sums, gint frame)
{
  return g_array_index (sums, gdouble, CLAMP (frame, 0, (gint) sums->len - 1));
}

static void
add_word (UnderstandingEvidence *evidence, GStringChunk *names,
    const gchar *name, gdouble posterior, gdouble margin, guint frames)
{
  g_autofree gchar *plain = g_strndup (name, strcspn (name, "("));
  const UnderstandingWord word = { g_string_chunk_insert_const (names, plain),
    understanding_rate_word (posterior, margin, frames) };

  g_array_append_val (evidence->heard, word);
  evidence->covered += frames;
}

static void
collect (const SpeechDecoder *self, UnderstandingEvidence *evidence,
    GStringChunk *names)
{
  g_autoptr (GArray) sums = sum_phones (self);
  gint origin = -1;
  gdouble total = 0;

  for (ps_seg_t *word = ps_seg_iter (self->wordings); word;
       word = ps_seg_next (word)) {
    int32 acoustic = 0, language, back;
    gint start, end;
    ps_seg_frames (word, &start, &end);
    const int32 posterior = ps_seg_prob (word, &acoustic, &language, &back);
    const gdouble score = (gdouble) acoustic / LATTICE_SCALE;
    const guint frames = (guint) MAX (end + 1 - start, 1);
    if (origin < 0)
      origin = start;
    if (strchr ("<[(", *ps_seg_word (word)))
      continue;
    const gdouble free_score =
        sum_until (sums, end + 1 - origin) - sum_until (sums, start - origin);
    add_word (evidence, names, ps_seg_word (word),
        logmath_exp (ps_get_logmath (self->wordings), posterior),
        (score - free_score) / frames, frames);
    total += score - free_score;
  }
  evidence->margin = total / MAX (evidence->covered, 1);
}

void
speech_decoder_understand (SpeechDecoder *self,
    const Understanding *understanding, const gchar *phrase, gdouble confidence,
    UnderstandingJudgement *judgement)
{
  g_autoptr (GStringChunk) names = g_string_chunk_new (256);
  g_autoptr (GArray) heard =
      g_array_new (FALSE, FALSE, sizeof (UnderstandingWord));
  UnderstandingEvidence evidence = { .heard = heard,
    .loud = speech_decoder_count_loud (self->powers, 0),
    .phrase = phrase,
    .phrase_confidence = confidence,
    .phrase_elsewhere = self->elsewhere };

  ps_end_utt (self->wordings);
  collect (self, &evidence, names);
  understanding_judge (understanding, &evidence, judgement);
}
