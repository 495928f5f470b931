/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - The dictionary goes to the library through a memory file: it reads files only.
 * - Words are believed when free phones do not fit the same sound much better, and
 *   when they cover what is loud of it. */

#include "speechdecoder.h"
#include "speechdecoderprivate.h"
#include "logic/dialogue/dialoguetext.h"

#include <math.h>
#include <pocketsphinx.h>
#include <sphinxbase/jsgf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MODEL POCKETSPHINX_MODEL_DIR "/en-us/en-us"
#define FRAME (SPEECH_DECODER_RATE / 100)
#define BEAM "1e-80"
#define WORD_BEAM "1e-40"
/* How well free phones fit is asked for, not which they are: narrower beams take half
 * the time for the same, in place of two and a half times that of the words. */
#define PHONE_BEAM "1e-30"
#define PHONE_WORD_BEAM "1e-15"

/* Log likelihood a frame that the grammar's words may fit worse than free phones;
 * and how steeply confidence falls around that. By tests/speech/run. */
#define MARGIN -7.7
#define STEEPNESS 0.5
#define MAX_LOST 20 /* frames of 10 ms at the end without a hypothesis */
#define MIN_COVERED 0.6 /* of what is loud, by words */
#define TAIL 20 /* frames of silence that count */
#define MAX_LEFT 12 /* loud frames behind words that are all there is so far */

/* As ps_set_jsgf_string(), which does not free what it parsed. */
static gboolean
set_grammar (ps_decoder_t *decoder, const gchar *text)
{
  jsgf_t *jsgf = jsgf_parse_string (text, NULL);
  jsgf_rule_t *rule = jsgf ? jsgf_get_public_rule (jsgf) : NULL;
  fsg_model_t *fsg = rule
      ? jsgf_build_fsg (jsgf, rule, ps_get_logmath (decoder),
            (float32) cmd_ln_float32_r (ps_get_config (decoder), "-lw"))
      : NULL;
  gboolean set = fsg && !ps_set_fsg (decoder, "agent", fsg) &&
      !ps_set_search (decoder, "agent");

  if (fsg)
    fsg_model_free (fsg);
  if (jsgf)
    jsgf_grammar_free (jsgf);
  return set;
}

/* A file in memory; -1: there is none. */
static int
open_text (const gchar *text, gchar **path)
{
  const gssize size = (gssize) strlen (text);
  int file = memfd_create ("speech", MFD_CLOEXEC);

  if (file >= 0 && write (file, text, (gsize) size) != size) {
    close (file);
    file = -1;
  }
  *path = g_strdup_printf ("/proc/self/fd/%d", file);
  return file;
}

static ps_decoder_t *
load_decoder (const gchar *dictionary, const gchar *jsgf, const gchar *beam,
    const gchar *word_beam)
{
  g_autofree gchar *path = NULL;
  ps_decoder_t *decoder = NULL;
  int file = open_text (dictionary, &path);

  if (file < 0)
    return NULL;
  cmd_ln_t *config = cmd_ln_init (NULL, ps_args (), TRUE, "-hmm", MODEL,
      "-dict", path, "-samprate", G_STRINGIFY (SPEECH_DECODER_RATE), "-beam",
      beam, "-wbeam", word_beam, "-remove_silence", "no", NULL);
  decoder = config ? ps_init (config) : NULL;
  cmd_ln_free_r (config);
  close (file);
  if (decoder && !set_grammar (decoder, jsgf))
    g_clear_pointer (&decoder, ps_free);
  return decoder;
}

static ps_decoder_t *
load_wordings (const SpeechWordings *wordings)
{
  g_autofree gchar *words = NULL, *model = NULL;
  ps_decoder_t *decoder = NULL;
  int word_file = open_text (wordings->dictionary, &words);
  int model_file = open_text (wordings->model, &model);

  if (word_file >= 0 && model_file >= 0) {
    cmd_ln_t *config = cmd_ln_init (NULL, ps_args (), TRUE, "-hmm", MODEL,
        "-dict", words, "-lm", model, "-samprate",
        G_STRINGIFY (SPEECH_DECODER_RATE), "-beam", BEAM, "-wbeam", WORD_BEAM,
        "-lw", "6.5", "-wip", "0.65", "-fwdflat", "yes", "-bestpath", "yes",
        "-remove_silence", "no", NULL);
    decoder = config ? ps_init (config) : NULL;
    cmd_ln_free_r (config);
  }
  if (word_file >= 0)
    close (word_file);
  if (model_file >= 0)
    close (model_file);
  return decoder;
}

static ps_decoder_t *
load_phones (void)
{
  g_autoptr (GString) dictionary = g_string_new (NULL);
  g_autoptr (GString) jsgf = g_string_new (
      "#JSGF V1.0;\ngrammar phones;\npublic <all> = <one>+;\n<one> = ");

  for (guint i = 0; dialogue_text_phones[i]; i++) {
    const gchar *phone = dialogue_text_phones[i];
    g_string_append_printf (dictionary, "g%s %s\n", phone, phone);
    g_string_append_printf (jsgf, "%sg%s", i ? " | " : "", phone);
  }
  g_string_append (jsgf, ";\n");
  return load_decoder (dictionary->str, jsgf->str, PHONE_BEAM, PHONE_WORD_BEAM);
}

SpeechDecoder *
speech_decoder_new (const gchar *dictionary, const gchar *jsgf,
    const SpeechWordings *wordings)
{
  SpeechDecoder *self = g_new0 (SpeechDecoder, 1);

  self->powers = g_array_new (FALSE, FALSE, sizeof (gfloat));
  self->grammar = load_decoder (dictionary, jsgf, BEAM, WORD_BEAM);
  self->phones = self->grammar ? load_phones () : NULL;
  if (self->phones && wordings)
    self->wordings = load_wordings (wordings);
  if (!self->phones || (wordings && !self->wordings))
    g_clear_pointer (&self, speech_decoder_free);
  return self;
}

void
speech_decoder_free (SpeechDecoder *self)
{
  if (self->grammar)
    ps_free (self->grammar);
  if (self->phones)
    ps_free (self->phones);
  if (self->wordings)
    ps_free (self->wordings);
  g_array_unref (self->powers);
  g_free (self);
}

/* ---- An utterance */

void
speech_decoder_begin (SpeechDecoder *self, const gfloat *means)
{
  ps_decoder_t *all[] = { self->grammar, self->phones, self->wordings };

  g_array_set_size (self->powers, 0);
  for (guint i = 0; i < G_N_ELEMENTS (all) && all[i]; i++) {
    cmn_live_set (ps_get_feat (all[i])->cmn_struct, means);
    ps_start_utt (all[i]);
  }
}

static void
measure (SpeechDecoder *self, const gint16 *samples, gsize n)
{
  for (gsize at = 0; at + FRAME <= n; at += FRAME) {
    gfloat power = 0;
    for (guint i = 0; i < FRAME; i++)
      power += (gfloat) samples[at + i] * samples[at + i];
    g_array_append_val (self->powers, power);
  }
}

void
speech_decoder_process (SpeechDecoder *self, const gint16 *samples,
    gsize n_samples)
{
  measure (self, samples, n_samples);
  ps_process_raw (self->grammar, samples, n_samples, FALSE, FALSE);
  ps_process_raw (self->phones, samples, n_samples, FALSE, FALSE);
  if (self->wordings)
    ps_process_raw (self->wordings, samples, n_samples, FALSE, FALSE);
}

static gfloat
find_loudest (const GArray *powers)
{
  gfloat most = 0;

  for (guint i = 0; i < powers->len; i++)
    most = MAX (most, g_array_index (powers, gfloat, i));
  return most;
}

guint
speech_decoder_count_loud (const GArray *powers, guint first)
{
  const gfloat most = find_loudest (powers);
  guint n = 0;

  for (guint i = first; i < powers->len; i++)
    n += g_array_index (powers, gfloat, i) > most / 100;
  return n;
}

/* The words do not go on to the end of the sound, or leave most of what is loud to
 * the model's silence, which takes nearly anything: that was something else. */
static gboolean
is_elsewhere (const SpeechDecoder *self, gint n_frames)
{
  gint start = 0, end = 0;
  guint spoken = 0;

  for (ps_seg_t *word = ps_seg_iter (self->grammar); word;
       word = ps_seg_next (word)) {
    ps_seg_frames (word, &start, &end);
    if (!strchr ("<[(", *ps_seg_word (word)))
      spoken += end + 1 - start;
  }
  return end < n_frames - MAX_LOST ||
      spoken < MIN_COVERED * speech_decoder_count_loud (self->powers, 0);
}

/* "open(2)" -> "open" */
static gchar *
plain_words (const gchar *hypothesis)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (; hypothesis && *hypothesis; hypothesis++) {
    if (*hypothesis == '(')
      hypothesis += strcspn (hypothesis, ")");
    else
      g_string_append_c (out, *hypothesis);
    if (!*hypothesis)
      break;
  }
  return g_strstrip (g_string_free (g_steal_pointer (&out), FALSE));
}

/* By what was said in @n_frames. */
static gchar *
guess (SpeechDecoder *self, gint n_frames, gdouble *confidence)
{
  int32 score = 0, free_score = 0;
  gchar *words = plain_words (ps_get_hyp (self->grammar, &score));

  ps_get_hyp (self->phones, &free_score);
  gdouble margin = ((gdouble) score - free_score) / MAX (n_frames, 1);
  *confidence = *words ? 1 / (1 + exp (-STEEPNESS * (margin - MARGIN))) : 0;
  return words;
}

gchar *
speech_decoder_guess (SpeechDecoder *self, gdouble *confidence)
{
  return guess (self, ps_get_n_frames (self->grammar), confidence);
}

/* Any words fit silence, which makes no words more likely. */
static guint
count_until_silent (const GArray *powers)
{
  const gfloat most = find_loudest (powers);
  guint n = powers->len;

  while (n > 0 && g_array_index (powers, gfloat, n - 1) <= most / 100)
    n--;
  return MIN (n + TAIL, powers->len);
}

/* What is loud is mostly in words, up to the end: else more was said than they are. */
static gboolean
are_all (SpeechDecoder *self)
{
  gint start = 0, end = 0, last = 0;
  guint spoken = 0;

  for (ps_seg_t *word = ps_seg_iter (self->grammar); word;
       word = ps_seg_next (word)) {
    ps_seg_frames (word, &start, &end);
    if (strchr ("<[(", *ps_seg_word (word)))
      continue;
    spoken += end + 1 - start;
    last = end + 1;
  }
  return spoken >= MIN_COVERED * speech_decoder_count_loud (self->powers, 0) &&
      speech_decoder_count_loud (self->powers, (guint) last) <= MAX_LEFT;
}

gchar *
speech_decoder_guess_now (SpeechDecoder *self, gdouble *confidence,
    guint *sound)
{
  gchar *words =
      guess (self, (gint) count_until_silent (self->powers), confidence);

  *sound = speech_decoder_count_loud (self->powers, 0) * 10;
  if (*words && !are_all (self))
    *words = '\0';
  return words;
}

gchar *
speech_decoder_finish (SpeechDecoder *self, gdouble *confidence,
    const gchar **fault, gfloat *means)
{
  ps_end_utt (self->grammar);
  ps_end_utt (self->phones);
  gchar *words = speech_decoder_guess (self, confidence);
  gint n_frames = ps_get_n_frames (self->grammar);
  *fault = NULL;
  self->elsewhere = is_elsewhere (self, n_frames);
  if (!*words || self->elsewhere)
    *fault = "no words of the grammar";
  else if (*confidence < 0.5)
    *fault = "the words do not fit what was said";
  cmn_live_get (ps_get_feat (self->grammar)->cmn_struct, means);
  return words;
}
