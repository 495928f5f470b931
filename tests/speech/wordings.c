/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How well the built-in agent understands what people say in their own words: recordings
 * named on stdin, one a line,
 *
 *   SET|EXPECTED|FILE|TEXT
 *
 * EXPECTED: the intent, the slot that is answered, or the department that is called; "-" =
 * nothing that the agent could do. Each goes through G.711 at -20 dBov, those of the set
 * "quiet" at -45 and those of "clipped" at -3, which no line can carry; of those of
 * "fragments" only a piece of 200 to 800 ms does. A table by set is printed, and what it
 * has cost.
 *
 *   wordings DIALOGUE-FILE
 *
 * VERBOSE=1: each that was not understood, too. */

#include "aiagent/backends/local/localmeaning.h"
#include "aiagent/logic/dialogue/dialogue.h"
#include "common/frame/gstvoiceformat.h"
#include "wavfile.h"

#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define RATE 8000 /* Hz */
#define LEAD (RATE * 3 / 10)
#define PAUSE 130 /* below the peak: what is less is no speech */
#define LEVEL -20.0 /* dBov, of speech */
#define QUIET -45.0
#define CLIPPED -3.0

typedef struct
{
  gchar *name;
  gboolean foreign; /* nothing of it is to be understood */
  guint n, understood, asked, rejected, wrong;
} Set;

typedef struct
{
  Recognizer *recognizer;
  Understanding *understanding;
  DialogueFile *file;
  GPtrArray *sets; /* Set */
  GRand *random;
  guint64 heard; /* samples */
} Trial;

static const struct
{
  const gchar *name, *extension;
} departments[] = { { "sales", "201" }, { "support", "202" },
  { "billing", "203" } };

/* ---- Sound */

static gdouble
level_of (const gint16 *samples, gsize length)
{
  gdouble power = 0;
  guint voiced = 0;
  gint peak = 0;

  for (gsize i = 0; i < length; i++)
    peak = MAX (peak, ABS (samples[i]));
  for (gsize i = 0; i < length; i++)
    if (ABS (samples[i]) > peak / PAUSE) {
      power += (gdouble) samples[i] * samples[i];
      voiced++;
    }
  return voiced ? sqrt (power / voiced) : 1;
}

/* As a telephone line would carry it. */
static void
carry (gint16 *samples, gsize length, gdouble gain)
{
  g_autofree guint8 *law = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    samples[i] = (gint16) CLAMP (samples[i] * gain, -32768, 32767);
  gst_voice_law_encode (GST_VOICE_MULAW, samples, law, length);
  gst_voice_law_decode (GST_VOICE_MULAW, law, samples, length);
}

static gdouble
find_gain (const gchar *set, const gint16 *samples, gsize length)
{
  const gdouble level = !strcmp (set, "quiet") ? QUIET
      : !strcmp (set, "clipped")               ? CLIPPED
                                               : LEVEL;

  return 32768 * pow (10, level / 20) / level_of (samples, length);
}

/* A piece of what is loud. */
static void
cut_fragment (Trial *self, gint16 **samples, gsize *length)
{
  const gsize piece =
      RATE / 1000 * (gsize) g_rand_int_range (self->random, 200, 801);
  gsize first = 0, last = *length;
  gint peak = 0;

  for (gsize i = 0; i < *length; i++)
    peak = MAX (peak, ABS ((*samples)[i]));
  while (first < last && ABS ((*samples)[first]) < peak / 30)
    first++;
  while (last > first && ABS ((*samples)[last - 1]) < peak / 30)
    last--;
  if (last - first > piece) {
    first += (gsize) g_rand_int_range (self->random, 0,
        (gint32) (last - first - piece));
    last = first + piece;
  }
  gint16 *cut = g_memdup2 (*samples + first, (last - first) * sizeof *cut);
  g_free (*samples);
  *samples = cut;
  *length = last - first;
}

static gint16 *
read_sound (Trial *self, const gchar *set, const gchar *path, gsize *length)
{
  const GstVoiceFormat to = { GST_VOICE_S16, RATE };
  g_autoptr (GByteArray) audio = g_byte_array_new ();
  WavFile wav;

  if (!wav_file_read (path, 0, &wav))
    g_error ("%s cannot be read", path);
  const GstVoiceFormat from = { GST_VOICE_S16, wav.rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  gst_voice_converter_process (converter, wav.samples, wav.length * 2, audio);
  wav_file_clear (&wav);
  gint16 *sound = g_memdup2 (audio->data, audio->len);
  *length = audio->len / 2;
  if (!strcmp (set, "fragments"))
    cut_fragment (self, &sound, length);
  gint16 *all = g_new0 (gint16, *length + 2 * LEAD);
  memcpy (all + LEAD, sound, *length * sizeof *sound);
  g_free (sound);
  *length += 2 * LEAD;
  carry (all, *length, find_gain (set, all, *length));
  return all;
}

/* ---- What it was taken for */

static void
drain (Dialogue *dialogue, gchar **called)
{
  DialogueAction action;

  while (dialogue_next (dialogue, &action)) {
    if (action.type == DIALOGUE_CONTROL && called && !*called)
      *called = g_strdup (action.target ? action.target : "");
    dialogue_action_clear (&action);
  }
}

/* A conversation in which somebody would say that. */
static Dialogue *
begin (const Trial *self, const gchar *expected)
{
  Dialogue *dialogue = dialogue_new (self->file);

  dialogue_begin (dialogue, "", 0, 0);
  if (!strcmp (expected, "department"))
    dialogue_heard (dialogue, "put me through", 0);
  if (!strcmp (expected, "sure")) {
    dialogue_heard (dialogue, "make an appointment", 0);
    for (const gchar *digit = "0503"; *digit; digit++)
      dialogue_digit (dialogue, *digit, 0);
  }
  drain (dialogue, NULL);
  dialogue_question_heard (dialogue, 0);
  return dialogue;
}

static gboolean
is_expected (const gchar *meant, const gchar *called, const gchar *expected)
{
  for (guint i = 0; i < G_N_ELEMENTS (departments); i++)
    if (!strcmp (expected, departments[i].name))
      return called && !strcmp (called, departments[i].extension);
  return !strcmp (meant, expected);
}

/* What the probability is made of, and whether it should be high. */
static void
print_features (const Trial *self, const Set *set, const gchar *expected,
    const RecognizerResult *result)
{
  if (!g_getenv ("FEATURES"))
    return;
  g_autoptr (Dialogue) dialogue = begin (self, expected);
  g_autofree gchar *called = NULL;
  const gchar *meant = dialogue_heard (dialogue, result->judgement.words, 0);
  drain (dialogue, &called);
  printf ("F %s %s %d", set->name, meant ? meant : "-",
      meant && is_expected (meant, called, expected));
  for (guint i = 0; i < UNDERSTANDING_N_FEATURES; i++)
    printf (" %.4f", result->judgement.features[i]);
  printf ("\n");
}

static void
judge (Trial *self, Set *set, const gchar *expected, const gchar *text,
    RecognizerResult *result)
{
  g_autoptr (Dialogue) dialogue = begin (self, expected);
  g_autofree gchar *called = NULL;
  const gchar *meant = NULL;

  print_features (self, set, expected, result);
  local_meaning_settle (dialogue, FALSE, result);
  if (!result->rejected)
    meant = dialogue_heard (dialogue, result->words, 0);
  drain (dialogue, &called);
  const gboolean right = meant && is_expected (meant, called, expected);
  g_autofree gchar *suspicion = local_meaning_dup_suspicion (result);
  const gboolean asked =
      !meant && suspicion && dialogue_knows (dialogue, suspicion);
  set->n++;
  set->asked += asked;
  set->foreign |= !strcmp (expected, "-");
  set->understood += right;
  set->rejected += !meant && !asked;
  set->wrong += meant && !right;
  if (!right && g_getenv ("VERBOSE"))
    printf ("  %s %s \"%s\": \"%s\" %s, confidence %.2f, or \"%s\" %.2f%s, or "
            "\"%s\" %.2f\n",
        set->name, expected, text, result->words, meant ? meant : "rejected",
        result->confidence, result->phrase ? result->phrase : "",
        result->phrase_confidence, result->phrase_rejected ? " rejected" : "",
        result->judgement.words, result->judgement.probability);
}

static void
recognize (Trial *self, const gint16 *samples, gsize length,
    RecognizerResult *result)
{
  const RecognizerChannel channel = { 0 };
  Utterance *utterance = utterance_new (self->recognizer, RATE, &channel);

  for (gsize at = 0; at < length; at += RATE / 50)
    utterance_push (utterance, samples + at,
        (guint) MIN (RATE / 50, length - at));
  utterance_finish (utterance);
  while (!utterance_take_result (utterance, result))
    g_usleep (500);
  utterance_drop (utterance);
  self->heard += length;
}

static Set *
find_set (Trial *self, const gchar *name)
{
  for (guint i = 0; i < self->sets->len; i++) {
    Set *set = g_ptr_array_index (self->sets, i);
    if (!strcmp (set->name, name))
      return set;
  }
  Set *set = g_new0 (Set, 1);
  set->name = g_strdup (name);
  g_ptr_array_add (self->sets, set);
  return set;
}

static void
try_line (Trial *self, gchar *line)
{
  g_auto (GStrv) parts = g_strsplit (g_strchomp (line), "|", 4);
  RecognizerResult result = { 0 };
  gsize length;

  if (g_strv_length (parts) != 4)
    return;
  g_autofree gint16 *samples = read_sound (self, parts[0], parts[2], &length);
  recognize (self, samples, length, &result);
  judge (self, find_set (self, parts[0]), parts[1], parts[3], &result);
  recognizer_result_clear (&result);
}

/* ---- The table */

static void
print_table (const Trial *self)
{
  struct rusage usage;

  printf ("%-12s %5s %11s %6s %9s %6s\n", "set", "n", "understood", "asked",
      "rejected", "wrong");
  for (guint i = 0; i < self->sets->len; i++) {
    const Set *set = g_ptr_array_index (self->sets, i);
    const gdouble percent = 100.0 / MAX (set->n, 1);
    printf ("%-12s %5u ", set->name, set->n);
    if (set->foreign)
      printf ("%11s ", "-");
    else
      printf ("%9.1f %% ", percent * set->understood);
    printf ("%4.1f %% %7.1f %% %4.1f %%\n", percent * set->asked,
        percent * set->rejected, percent * set->wrong);
  }
  getrusage (RUSAGE_SELF, &usage);
  const gdouble cpu =
      (gdouble) usage.ru_utime.tv_sec + (gdouble) usage.ru_utime.tv_usec / 1e6;
  printf ("CPU: %.3f of a core while somebody speaks; memory: %.1f MB\n",
      cpu * RATE / (gdouble) MAX (self->heard, 1),
      (gdouble) usage.ru_maxrss / 1024);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;
  Trial self = { .sets = g_ptr_array_new (),
    .random = g_rand_new_with_seed (11) };
  gchar line[1000];
  gsize size;

  gst_init (NULL, NULL);
  if (argc != 2 || !g_file_get_contents (argv[1], &text, &size, &error))
    g_error ("%s", error ? error->message : "which dialogue file?");
  self.file = dialogue_file_parse (text, size, &error);
  if (!self.file)
    g_error ("%s: %s", argv[1], error->message);
  self.understanding = understanding_new (self.file);
  self.recognizer = recognizer_acquire (self.file->jsgf, self.file->words,
      self.file->origins, self.understanding, &error);
  if (!self.recognizer)
    g_error ("%s", error->message);
  while (fgets (line, sizeof line, stdin))
    try_line (&self, line);
  print_table (&self);
  recognizer_release (self.recognizer);
  understanding_unref (self.understanding);
  dialogue_file_free (self.file);
  return 0;
}
