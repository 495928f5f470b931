/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How well the local agent understands a telephone: utterances on stdin, one a line,
 *
 *   EXPECTED|VOICE|TEXT-OR-FILE
 *
 * EXPECTED: the intent or slot, "-" = none (what the grammar does not have). VOICE:
 * a flite voice that says the text, "wav", or "wav:FROM-TO" (ms of it). Each goes through
 * G.711, as it is and with noise, at a telephone's rate and as a room has it; and at 16 kHz
 * without G.711; in 20 ms pieces. A table by condition is printed.
 *
 *   recognition DIALOGUE-FILE [FALSE CONDITION=RIGHT...]
 *   recognition DIALOGUE-FILE losses    by loss, in calls of Opus and of G.722
 *   recognition say VOICE TEXT FILE     writes such an utterance, 8 kHz
 *
 * With percentages only those conditions are tried, and the exit code is 1 unless at
 * least RIGHT are right in each, and at most FALSE of what the grammar lacks is accepted
 * in the first. With losses it is 1 unless Opus keeps what it may lose of ten: 1, 1 and 3
 * at 5, 10 and 20 %. */

#include "aiagent/backends/local/recognizer.h"
#include "aiagent/backends/local/synthesizer.h"
#include "aiagent/logic/dialogue/dialogue.h"
#include "common/frame/gstvoiceformat.h"
#include "lossycall.h"
#include "wavfile.h"

#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 16000 /* Hz, of what is said */
#define TELEPHONE 8000 /* Hz */
#define LEAD (RATE * 3 / 10)
#define HANG_OVER (RATE * 3 / 10)
#define QUIET 130 /* below the peak: what is less is no speech */

#define WIDE 5 /* of the conditions: 16 kHz */

typedef struct
{
  gchar *expected, *voice, *text;
  gint16 *samples;
  gsize length;
} Item;

typedef struct
{
  guint n, right, rejected, wrong;
} Count;

static const struct
{
  const gchar *name;
  gdouble noise; /* dB below speech, 0 = none */
  gboolean law; /* through G.711 */
  guint rate; /* Hz, that the recogniser gets */
} conditions[] = { { "clean", 0, TRUE, TELEPHONE },
  { "20dB", 20, TRUE, TELEPHONE }, { "15dB", 15, TRUE, TELEPHONE },
  { "room", 0, TRUE, RATE }, { "room-20dB", 20, TRUE, RATE },
  { "wide", 0, FALSE, RATE }, { "wide-20dB", 20, FALSE, RATE } };

static gint16 *
convert (const gint16 *samples, guint from_rate, guint rate, gsize *length)
{
  const GstVoiceFormat from = { GST_VOICE_S16, from_rate },
                       to = { GST_VOICE_S16, rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  g_autoptr (GByteArray) audio = g_byte_array_new ();

  gst_voice_converter_process (converter, samples, *length * 2, audio);
  *length = audio->len / 2;
  return (
      gint16 *) (gpointer) g_byte_array_free (g_steal_pointer (&audio), FALSE);
}

static void
take_samples (Item *item, const gint16 *samples, gsize n)
{
  item->length = n + LEAD + HANG_OVER;
  item->samples = g_new0 (gint16, item->length);
  memcpy (item->samples + LEAD, samples, n * sizeof *samples);
}

static void
speak (Item *item)
{
  g_autoptr (GByteArray) audio = g_byte_array_new ();
  Speech *speech = speech_new (item->voice, item->text, RATE);

  for (gboolean done = FALSE; !done; g_usleep (1000)) {
    g_autoptr (GByteArray) some = speech_take (speech, NULL, &done);
    g_byte_array_append (audio, some->data, some->len);
  }
  speech_drop (speech);
  take_samples (item, (const gint16 *) (gconstpointer) audio->data,
      audio->len / 2);
}

static void
load (Item *item)
{
  guint from_ms = 0, to_ms = G_MAXUINT / 1000;
  WavFile wav;

  if (!wav_file_read (item->text, 0, &wav))
    g_error ("%s cannot be read", item->text);
  sscanf (item->voice, "wav:%u-%u", &from_ms, &to_ms);
  gsize first = MIN ((gsize) from_ms * (wav.rate / 1000), wav.length);
  gsize last = MIN ((gsize) to_ms * (wav.rate / 1000), wav.length);
  gsize length = MAX (first, last) - first;
  g_autofree gint16 *samples =
      convert (wav.samples + first, wav.rate, RATE, &length);
  wav_file_clear (&wav);
  take_samples (item, samples, length);
}

/* Speech at -20 dBFS, white noise @noise dB below it. */
static void
make_noisy (gint16 *samples, gsize length, gdouble noise)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gdouble power = 0;
  guint voiced = 0;
  gint peak = 0;

  for (gsize i = 0; i < length; i++)
    peak = MAX (peak, ABS (samples[i]));
  for (gsize i = 0; i < length; i++)
    if (ABS (samples[i]) > peak / QUIET) {
      power += (gdouble) samples[i] * samples[i];
      voiced++;
    }
  gdouble gain = voiced ? 3277 / sqrt (power / voiced) : 1;
  gdouble level = noise > 0 ? 3277 * pow (10, -noise / 20) * sqrt (3) : 0;
  for (gsize i = 0; i < length; i++) {
    gdouble sample =
        samples[i] * gain + level * g_rand_double_range (random, -1, 1);
    samples[i] = (gint16) CLAMP (sample, -32767, 32767);
  }
}

/* What the recogniser gets of it under that condition. */
static gint16 *
distort (const Item *item, guint condition, gsize *length)
{
  guint rate = conditions[condition].rate;

  *length = item->length;
  if (!conditions[condition].law) {
    gint16 *wide = g_memdup2 (item->samples, *length * sizeof *wide);
    make_noisy (wide, *length, conditions[condition].noise);
    return wide;
  }
  gint16 *samples = convert (item->samples, RATE, TELEPHONE, length);
  g_autofree guint8 *law = g_malloc (*length);
  make_noisy (samples, *length, conditions[condition].noise);
  gst_voice_law_encode (GST_VOICE_MULAW, samples, law, *length);
  gst_voice_law_decode (GST_VOICE_MULAW, law, samples, *length);
  if (rate == TELEPHONE)
    return samples;
  gint16 *wide = convert (samples, TELEPHONE, rate, length);
  g_free (samples);
  return wide;
}

static LossyCall *call; /* that all goes through, or NULL */

static gint16 *
transmit (const Item *item, guint condition, gsize *length)
{
  if (!call)
    return distort (item, condition, length);
  g_autofree gint16 *said =
      g_memdup2 (item->samples, item->length * sizeof *said);
  make_noisy (said, item->length, 0);
  return lossy_call_say (call, said, item->length, length);
}

/* What the words mean when a conversation begins, or when a question is open. */
static gboolean
means (const DialogueFile *file, const gchar *words, const gchar *expected)
{
  g_autofree gchar *spaced = g_strdup_printf ("%s ", words);

  for (guint i = 0; i < file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (file->slots, i);
    for (guint m = 0; m < slot->matchers->len; m++)
      if (!strcmp (slot->name, expected) &&
          g_regex_match (g_ptr_array_index (slot->matchers, m), spaced, 0,
              NULL))
        return TRUE;
  }
  for (guint i = 0; i < file->intents->len; i++) {
    const DialogueIntent *intent = g_ptr_array_index (file->intents, i);
    for (guint m = 0; m < intent->matchers->len; m++)
      if (!strcmp (intent->name, expected) &&
          g_regex_match (g_ptr_array_index (intent->matchers, m), spaced, 0,
              NULL))
        return TRUE;
  }
  return FALSE;
}

static void
recognize (Recognizer *recognizer, const Item *item, guint condition,
    RecognizerResult *result)
{
  const RecognizerChannel channel = { 0 };
  guint rate = conditions[condition].rate;
  gsize length;
  g_autofree gint16 *samples = transmit (item, condition, &length);
  Utterance *utterance = utterance_new (recognizer, rate, &channel);

  for (gsize at = 0; at < length; at += rate / 50)
    utterance_push (utterance, samples + at,
        (guint) MIN (rate / 50, length - at));
  utterance_finish (utterance);
  while (!utterance_take_result (utterance, result))
    g_usleep (500);
  utterance_drop (utterance);
}

static void
count (Count *count, const DialogueFile *file, const Item *item,
    const RecognizerResult *result)
{
  gboolean right = strcmp (item->expected, "-")
      ? !result->rejected && means (file, result->words, item->expected)
      : result->rejected != NULL;

  count->n++;
  count->right += right;
  count->rejected += result->rejected != NULL;
  count->wrong += !right && !result->rejected;
  if (!right && g_getenv ("VERBOSE"))
    printf ("  %s \"%s\": heard \"%s\" confidence %.2f%s\n", item->voice,
        item->text, result->words, result->confidence,
        result->rejected ? ", rejected" : "");
}

static gdouble
percent (guint part, guint all)
{
  return all ? 100.0 * part / all : 0;
}

static GPtrArray *
read_items (void)
{
  GPtrArray *items = g_ptr_array_new ();
  gchar line[1000];

  while (fgets (line, sizeof line, stdin)) {
    g_auto (GStrv) parts = g_strsplit (g_strchomp (line), "|", 3);
    if (g_strv_length (parts) != 3)
      continue;
    Item *item = g_new0 (Item, 1);
    item->expected = g_strdup (parts[0]);
    item->voice = g_strdup (parts[1]);
    item->text = g_strdup (parts[2]);
    if (g_str_has_prefix (item->voice, "wav"))
      load (item);
    else
      speak (item);
    g_ptr_array_add (items, item);
  }
  return items;
}

static int
say (const gchar *voice, const gchar *text, const gchar *path)
{
  Item item = { .voice = (gchar *) voice, .text = (gchar *) text };

  speak (&item);
  g_autofree gint16 *samples =
      convert (item.samples, RATE, TELEPHONE, &item.length);
  gboolean written = wav_file_write (path, samples, item.length, TELEPHONE);
  g_free (item.samples);
  return written ? 0 : 1;
}

/* Of "NAME=RIGHT" */
static guint
find_condition (const gchar *text)
{
  for (guint c = 0; c < G_N_ELEMENTS (conditions); c++) {
    gsize length = strlen (conditions[c].name);
    if (g_str_has_prefix (text, conditions[c].name) && text[length] == '=')
      return c;
  }
  g_error ("%s is no condition", text);
}

/* ---- By loss */

static guint
count_right (Recognizer *recognizer, const DialogueFile *file,
    const GPtrArray *items, const gchar *codec, guint loss, guint *n,
    gdouble *lost)
{
  Count in = { 0 };

  call = lossy_call_new (codec, loss);
  for (guint i = 0; i < items->len; i++) {
    const Item *item = g_ptr_array_index (items, i);
    RecognizerResult result;
    if (!strcmp (item->expected, "-"))
      continue;
    recognize (recognizer, item, WIDE, &result);
    count (&in, file, item, &result);
    recognizer_result_clear (&result);
  }
  *lost = lossy_call_get_lost (call);
  g_clear_pointer (&call, lossy_call_free);
  *n = in.n;
  return in.right;
}

static gint
try_losses (Recognizer *recognizer, const DialogueFile *file,
    const GPtrArray *items)
{
  static const gchar *const codecs[] = { "opus", "G722" };
  static const struct
  {
    guint loss; /* percent */
    gdouble fewer; /* of ten, at most */
  } goals[] = { { 0, 0 }, { 5, 1 }, { 10, 1 }, { 20, 3 } };
  gint result = 0;

  printf ("codec   lost  questions  understood  fewer of ten\n");
  for (guint c = 0; c < G_N_ELEMENTS (codecs); c++) {
    guint n, clean = 0;
    gdouble lost;
    for (guint i = 0; i < G_N_ELEMENTS (goals); i++) {
      const guint right = count_right (recognizer, file, items, codecs[c],
          goals[i].loss, &n, &lost);
      clean = i ? clean : right;
      const gdouble fewer = 10.0 * ((gdouble) clean - right) / n;
      printf ("%-5s  %4.1f%%  %9u  %9.1f%%  %12.1f\n", codecs[c], lost, n,
          percent (right, n), fewer);
      fflush (stdout);
      result |= c == 0 && fewer > goals[i].fewer;
    }
  }
  return result;
}

/* A line of the table; 1 unless at least @right ("=95") percent are, and at most @accepted
 * of what the grammar lacks is accepted. */
static gint
try_condition (guint c, Recognizer *recognizer, const DialogueFile *file,
    const GPtrArray *items, const gchar *right, gdouble accepted)
{
  Count in = { 0 }, out = { 0 };

  for (guint i = 0; i < items->len; i++) {
    const Item *item = g_ptr_array_index (items, i);
    RecognizerResult result;
    recognize (recognizer, item, c, &result);
    count (strcmp (item->expected, "-") ? &in : &out, file, item, &result);
    recognizer_result_clear (&result);
  }
  printf ("%-9s  %10u  %4.1f%%  %7.1f%%  %4.1f%% | %7u  %7.1f%%\n",
      conditions[c].name, in.n, percent (in.right, in.n),
      percent (in.rejected, in.n), percent (in.wrong, in.n), out.n,
      percent (out.n - out.rejected, out.n));
  fflush (stdout);
  return percent (in.right, in.n) < atof (right + 1) ||
      percent (out.n - out.rejected, out.n) > accepted;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = NULL;
  gint result = 0;
  gsize size;

  gst_init (NULL, NULL);
  if (argc == 5 && !strcmp (argv[1], "say"))
    return say (argv[2], argv[3], argv[4]);
  if (argc < 2 || !g_file_get_contents (argv[1], &text, &size, &error))
    g_error ("%s", error ? error->message : "which dialogue file?");
  g_autoptr (DialogueFile) file = dialogue_file_parse (text, size, &error);
  if (!file)
    g_error ("%s: %s", argv[1], error->message);
  Recognizer *recognizer =
      recognizer_acquire (file->jsgf, file->words, file->origins, NULL, &error);
  if (!recognizer)
    g_error ("%s", error->message);
  GPtrArray *items = read_items ();
  if (argc == 3 && !strcmp (argv[2], "losses"))
    return try_losses (recognizer, file, items);
  printf (
      "condition  utterances  right  rejected  wrong | foreign  accepted\n");
  for (gint i = 3; i < argc; i++)
    result |= try_condition (find_condition (argv[i]), recognizer, file, items,
        strchr (argv[i], '='), i == 3 ? atof (argv[2]) : 100);
  for (guint c = 0; argc < 3 && c < G_N_ELEMENTS (conditions); c++)
    try_condition (c, recognizer, file, items, "=0", 100);
  recognizer_release (recognizer);
  return result;
}
