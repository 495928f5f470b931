/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The embedded agent's parts that work on the pool: recognition under overload,
 * speech in pieces, and the errors of a mind that cannot be made. */

#include "aiagent/backends/local/localmind.h"
#include "aiagent/backends/local/recognizer.h"
#include "aiagent/backends/local/speechpool.h"
#include "aiagent/backends/local/synthesizer.h"
#include "aiagent/logic/turn/speechlevel.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#define RATE 8000
#define JSGF \
  "#JSGF V1.0;\ngrammar agent;\npublic <all> = what is your address | thank " \
  "you goodbye;\n"

static Recognizer *
acquire (void)
{
  g_autoptr (GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  static const gchar *const all[] = { "what", "is", "your", "address", "thank",
    "you", "goodbye" };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_hash_table_insert (words, (gpointer) all[i], (gpointer) "");
  Recognizer *recognizer = recognizer_acquire (JSGF, words, NULL, NULL, &error);
  g_assert_no_error (error);
  return recognizer;
}

static void
take_all (const gchar *voice, const gchar *text, guint rate, GByteArray *audio)
{
  Speech *speech = speech_new (voice, text, rate);

  for (gboolean done = FALSE; !done; g_usleep (1000)) {
    g_autoptr (GByteArray) some = speech_take (speech, NULL, &done);
    g_byte_array_append (audio, some->data, some->len);
  }
  speech_drop (speech);
}

/* @text at RATE, with silence around it. */
static GByteArray *
speak (const gchar *text)
{
  GByteArray *audio = g_byte_array_new ();

  g_byte_array_set_size (audio, RATE / 10 * 3 * 2);
  memset (audio->data, 0, audio->len);
  take_all ("rms", text, RATE, audio);
  return audio;
}

static void
push (Utterance *utterance, const GByteArray *audio)
{
  utterance_push (utterance, (const gint16 *) (gconstpointer) audio->data,
      audio->len / 2);
}

static void
wait_for (Utterance *utterance, RecognizerResult *result)
{
  while (!utterance_take_result (utterance, result))
    g_usleep (1000);
}

static void
check_address (Utterance *utterance)
{
  RecognizerResult result;

  utterance_finish (utterance);
  wait_for (utterance, &result);
  g_assert_cmpstr (result.words, ==, "what is your address");
  g_assert_null (result.rejected);
  recognizer_result_clear (&result);
  utterance_drop (utterance);
}

/* More utterances than decoders: those that are too many wait, and none is lost. */
static void
test_overload (void)
{
  const RecognizerChannel channel = { 0 };
  guint limit = RECOGNIZER_MAX_PER_CORE * g_get_num_processors ();
  guint n = limit + 3;
  g_autofree Utterance **utterances = g_new (Utterance *, n);
  Recognizer *recognizer = acquire ();
  g_autoptr (GByteArray) audio = speak ("what is your address");
  RecognizerStats stats;

  g_assert_true (acquire () == recognizer);
  recognizer_release (recognizer);
  for (guint i = 0; i < n; i++) {
    utterances[i] = utterance_new (recognizer, RATE, &channel);
    push (utterances[i], audio);
  }
  do {
    g_usleep (1000);
    recognizer_get_stats (recognizer, &stats);
  } while (stats.waits < 3);
  g_assert_cmpuint (stats.waits, ==, 3);
  g_assert_cmpuint (stats.decoders, ==, limit);
  utterance_drop (utterances[n - 1]); /* while it waits for a decoder */
  utterance_drop (utterances[limit]); /* the first that waits for one */
  utterance_drop (utterances[0]); /* while it has one: it is for the next */
  check_address (utterances[limit + 1]);
  for (guint i = 1; i < limit; i++)
    check_address (utterances[i]);
  do { /* those that nobody needs are given up */
    g_usleep (1000);
    recognizer_get_stats (recognizer, &stats);
  } while (stats.decoders > speech_pool_get_size ());
  recognizer_release (recognizer);
}

static void
test_rejection (void)
{
  const RecognizerChannel channel = { 0 };
  Recognizer *recognizer = acquire ();
  g_autoptr (GByteArray) foreign =
      speak ("my neighbour plays the piano every other sunday");
  g_autoptr (GByteArray) silence = g_byte_array_new ();
  g_autoptr (GByteArray) endless = g_byte_array_new ();
  GByteArray *all[] = { foreign, silence, endless };

  g_byte_array_set_size (silence, RATE * 2);
  memset (silence->data, 0, silence->len);
  while (endless->len < RATE * 2 * 15)
    g_byte_array_append (endless, foreign->data, foreign->len);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    Utterance *utterance = utterance_new (recognizer, RATE, &channel);
    RecognizerResult result;
    push (utterance, all[i]);
    utterance_finish (utterance);
    wait_for (utterance, &result);
    g_assert_nonnull (result.rejected);
    recognizer_result_clear (&result);
    utterance_drop (utterance);
  }
  recognizer_release (recognizer);
}

/* As loud as people on a telephone are, whichever the voice: who is louder is louder in
 * the echo, too. */
static void
test_level (void)
{
  static const gchar *const voices[] = { "slt", "rms", "awb", "kal16", "kal" };
  static const gchar *const texts[] = {
    "Welcome to Example Limited. How can I help you?",
    "We are open from Monday to Friday, from nine until six.", "All right.",
    "Is there anything else I can do for you?"
  };
  static const guint rates[] = { 8000, 16000 };

  for (guint v = 0; v < G_N_ELEMENTS (voices); v++)
    for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
      for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
        g_autoptr (GByteArray) audio = g_byte_array_new ();
        take_all (voices[v], texts[t], rates[r], audio);
        guint pause = rates[r] / 4; /* behind a sentence */
        gdouble level =
            speech_level_measure ((const gint16 *) (gconstpointer) audio->data,
                audio->len / 2 - pause, rates[r]);
        g_test_message ("%s %u \"%s\": %.1f dBov", voices[v], rates[r],
            texts[t], level);
        g_assert_cmpfloat (level, >=, -24.5);
        g_assert_cmpfloat (level, <=, -21.5);
      }
}

static void
expect_error (const gchar *text, gint code, const gchar *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = NULL;
  gint file = g_file_open_tmp ("mind-XXXXXX.ini", &path, NULL);

  g_assert_cmpint (file, >=, 0);
  g_close (file, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  LocalMind *mind = local_mind_acquire (path, &error);
  g_assert_null (mind);
  g_assert_error (error, GST_RESOURCE_ERROR, code);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, message));
  g_unlink (path);
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (local_mind_acquire ("/nowhere/at-all.ini", &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  expect_error ("[agent]\ngreeting=Hi\nvoice=bob\n",
      GST_RESOURCE_ERROR_SETTINGS, "line 3: [agent] voice");
  expect_error (
      "[agent]\ngreeting=Hi\n[intent a]\nphrases=hello zyxwv\nanswer=x\n",
      GST_RESOURCE_ERROR_SETTINGS,
      "line 4: [intent a] phrases: the dictionary does not know how \"zyxwv\"");
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recognizer/overload", test_overload);
  g_test_add_func ("/recognizer/rejection", test_rejection);
  g_test_add_func ("/recognizer/level", test_level);
  g_test_add_func ("/recognizer/errors", test_errors);
  return g_test_run ();
}
