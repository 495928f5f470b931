/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - A decoder reads the acoustic model itself (pocketsphinx shares none): 4.3 MB with
 *   a dictionary of the grammar's words only. As many as there are threads are kept
 *   for the next utterance, the others go.
 * - Cepstral means are the caller's, not the decoder's: a decoder serves another
 *   caller each time, and would bring along the channel of the one before. The first
 *   utterance of a telephone begins with the means of G.711 speech of several
 *   voices: with the model's own, of microphones, 22 % of words are right, not 96.
 * - The model was made from 16 kHz. What a telephone lacks above 4 kHz is filled by
 *   linear interpolation, whose images are closer to what the model expects than
 *   nothing is: 92 % instead of 89 % of utterances with noise at 20 dB.
 * - Whatever the rate, all is brought to a telephone's band first. What comes at 16 or
 *   48 kHz may have passed a telephone (a room, a gateway, a handset on a page), and
 *   of that the model itself understands 35 %, like this 96. Of wide-band voices 94
 *   instead of 84, with noise at 20 dB 88 instead of 38. */

#include "recognizer.h"
#include "pronunciation.h"
#include "speechdecoder.h"
#include "speechgain.h"
#include "speechpool.h"

#include <gio/gio.h>
#include <gst/audio/audio.h>
#include <sphinxbase/err.h>
#include <string.h>

#define RATE SPEECH_DECODER_RATE
#define TELEPHONE_RATE 8000
#define GAIN_FRAMES 30 /* of 20 ms, by which the caller's level is judged */

static const gfloat telephone_means[SPEECH_DECODER_MEANS] = { 56.58f, 6.37f,
  3.57f, 14.05f, 0.59f, -6.08f, -2.92f, -6.51f, -12.12f, 11.90f, -10.60f, 6.99f,
  -2.84f };

struct _Recognizer
{
  /* Set when made, never changed: read freely. */
  gchar *key;
  gchar *jsgf;
  gchar *dictionary;
  Understanding *understanding; /* NULL: the grammar is all */
  gchar *wordings; /* its dictionary */
  guint limit;

  gint ref_count; /* atomic; 0 only under table_lock */

  GMutex lock; /* before that of an utterance; protects everything below */
  GQueue idle; /* SpeechDecoder */
  GQueue waiting; /* Utterance, referenced */
  guint decoders;
  RecognizerStats stats;
};

struct _Utterance
{
  /* Set when made, never changed: read freely. */
  Recognizer *recognizer;
  gint ref_count; /* atomic */

  /* Whoever runs it: no lock. */
  SpeechDecoder *decoder;
  gboolean has_decoder; /* or its place, if it could not be made */
  GstAudioConverter *narrow; /* to TELEPHONE_RATE; NULL: it has that */
  GstAudioConverter *images; /* from there to RATE */
  guint frame; /* samples that come in at once, 20 ms */
  RecognizerChannel channel;
  guint length; /* samples at RATE */
  gdouble gain; /* 0: not known yet */

  GMutex lock; /* leaf; protects everything below */
  GByteArray *pending;
  guint room; /* samples that are still taken */
  gboolean scheduled; /* on the pool, or waits for a decoder */
  gboolean finished, dropped, done, taken;
  gboolean asked; /* for a guess */
  gchar *guess; /* NULL: there is none */
  gdouble guess_confidence;
  guint guess_sound; /* ms */
  RecognizerResult result;
};

static GMutex table_lock; /* before any other */
static GHashTable *table; /* key -> Recognizer, not referenced */

/* ---- Life */

static SpeechDecoder *
make_decoder (const Recognizer *self)
{
  if (!self->understanding)
    return speech_decoder_new (self->dictionary, self->jsgf, NULL);
  const SpeechWordings wordings = { self->wordings,
    understanding_get_model (self->understanding) };
  return speech_decoder_new (self->dictionary, self->jsgf, &wordings);
}

static void
free_settings (Recognizer *self)
{
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->understanding, understanding_unref);
  g_free (self->wordings);
  g_free (self->dictionary);
  g_free (self->jsgf);
  g_free (self->key);
  g_free (self);
}

static Recognizer *
recognizer_new (const gchar *key, const gchar *jsgf, GHashTable *words,
    GHashTable *origins, Understanding *understanding, GError **error)
{
  Recognizer *self = g_new0 (Recognizer, 1);

  self->key = g_strdup (key);
  self->jsgf = g_strdup (jsgf);
  self->limit = RECOGNIZER_MAX_PER_CORE * g_get_num_processors ();
  self->ref_count = 1;
  g_mutex_init (&self->lock);
  g_queue_init (&self->idle);
  g_queue_init (&self->waiting);
  self->dictionary = pronunciation_collect (words, origins, error);
  if (understanding && self->dictionary) {
    self->understanding = understanding_ref (understanding);
    self->wordings =
        pronunciation_collect (understanding_get_words (understanding), origins,
            error);
  }
  const gboolean spoken =
      self->dictionary && (!understanding || self->wordings);
  SpeechDecoder *decoder = spoken ? make_decoder (self) : NULL;
  if (decoder) {
    g_queue_push_tail (&self->idle, decoder);
    self->decoders = 1;
    return self;
  }
  if (spoken)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "The speech model cannot be loaded: look at %s (Debian package "
        "pocketsphinx-en-us)",
        POCKETSPHINX_MODEL_DIR);
  free_settings (self);
  return NULL;
}

Recognizer *
recognizer_acquire (const gchar *jsgf, GHashTable *words, GHashTable *origins,
    Understanding *understanding, GError **error)
{
  /* Pronunciations make a difference, too. */
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GList) names =
      g_list_sort (g_hash_table_get_keys (words), (GCompareFunc) strcmp);

  g_checksum_update (sum, (const guchar *) jsgf, -1);
  for (GList *name = names; name; name = name->next) {
    g_checksum_update (sum, name->data, (gssize) strlen (name->data) + 1);
    const gchar *phones = g_hash_table_lookup (words, name->data);
    g_checksum_update (sum, (const guchar *) phones,
        (gssize) strlen (phones) + 1);
  }
  if (understanding)
    understanding_add_to (understanding, sum);
  const gchar *key = g_checksum_get_string (sum);

  g_mutex_lock (&table_lock);
  if (!table) {
    table = g_hash_table_new (g_str_hash, g_str_equal);
    err_set_logfp (NULL);
  }
  Recognizer *self = g_hash_table_lookup (table, key);
  if (self)
    g_atomic_int_inc (&self->ref_count);
  else if ((self = recognizer_new (key, jsgf, words, origins, understanding,
                error)))
    g_hash_table_insert (table, self->key, self);
  g_mutex_unlock (&table_lock);
  return self;
}

static void
recognizer_free (Recognizer *self)
{
  g_queue_clear_full (&self->idle, (GDestroyNotify) speech_decoder_free);
  free_settings (self);
}

void
recognizer_release (Recognizer *self)
{
  /* Without the lock, under which models are loaded, if others are left: this may
   * be a media loop. */
  for (gint n = g_atomic_int_get (&self->ref_count); n > 1;
       n = g_atomic_int_get (&self->ref_count))
    if (g_atomic_int_compare_and_exchange (&self->ref_count, n, n - 1))
      return;
  g_mutex_lock (&table_lock);
  gboolean last = g_atomic_int_dec_and_test (&self->ref_count);
  if (last)
    g_hash_table_remove (table, self->key);
  g_mutex_unlock (&table_lock);
  if (last)
    recognizer_free (self);
}

void
recognizer_get_stats (Recognizer *self, RecognizerStats *stats)
{
  g_mutex_lock (&self->lock);
  *stats = self->stats;
  stats->decoders = self->decoders;
  g_mutex_unlock (&self->lock);
}

/* ---- Utterances */

static void run_utterance (gpointer data);

static GstAudioConverter *
make_converter (guint from, guint to, GstAudioResamplerMethod method)
{
  GstAudioInfo in, out;
  GstStructure *options =
      gst_structure_new ("options", GST_AUDIO_CONVERTER_OPT_RESAMPLER_METHOD,
          GST_TYPE_AUDIO_RESAMPLER_METHOD, method, NULL);

  gst_audio_info_set_format (&in, GST_AUDIO_FORMAT_S16, (gint) from, 1, NULL);
  gst_audio_info_set_format (&out, GST_AUDIO_FORMAT_S16, (gint) to, 1, NULL);
  return gst_audio_converter_new (GST_AUDIO_CONVERTER_FLAG_NONE, &in, &out,
      options);
}

Utterance *
utterance_new (Recognizer *recognizer, guint rate,
    const RecognizerChannel *channel)
{
  Utterance *self = g_new0 (Utterance, 1);

  self->recognizer = recognizer;
  g_atomic_int_inc (&recognizer->ref_count);
  self->ref_count = 1;
  self->frame = rate / 50;
  if (rate != TELEPHONE_RATE)
    self->narrow = make_converter (rate, TELEPHONE_RATE,
        GST_AUDIO_RESAMPLER_METHOD_KAISER);
  self->images =
      make_converter (TELEPHONE_RATE, RATE, GST_AUDIO_RESAMPLER_METHOD_LINEAR);
  self->pending = g_byte_array_new ();
  self->room = rate / 1000 * (RECOGNIZER_MAX_LENGTH + 1000);
  self->channel = *channel;
  if (!channel->known) {
    memcpy (self->channel.means, telephone_means, sizeof telephone_means);
    self->channel.known = TRUE;
  }
  g_mutex_init (&self->lock);
  g_mutex_lock (&recognizer->lock);
  recognizer->stats.utterances++;
  g_mutex_unlock (&recognizer->lock);
  return self;
}

static void
utterance_unref (Utterance *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_assert (!self->decoder);
  if (!self->taken)
    recognizer_result_clear (&self->result);
  g_free (self->guess);
  g_clear_pointer (&self->narrow, gst_audio_converter_free);
  gst_audio_converter_free (self->images);
  g_byte_array_unref (self->pending);
  g_mutex_clear (&self->lock);
  recognizer_release (self->recognizer);
  g_free (self);
}

static void
schedule_unlocked (Utterance *self)
{
  if (self->scheduled || self->done)
    return;
  self->scheduled = TRUE;
  g_atomic_int_inc (&self->ref_count);
  speech_pool_push (SPEECH_POOL_RECOGNITION, run_utterance, self);
}

void
utterance_push (Utterance *self, const gint16 *samples, guint n_samples)
{
  g_mutex_lock (&self->lock);
  if (self->room) /* the rest would be rejected, and may have to wait */
    g_byte_array_append (self->pending, (const guint8 *) samples,
        n_samples * 2);
  self->room -= MIN (self->room, n_samples);
  schedule_unlocked (self);
  g_mutex_unlock (&self->lock);
}

gchar *
utterance_guess (Utterance *self, gdouble *confidence, guint *sound)
{
  g_mutex_lock (&self->lock);
  gchar *words = g_strdup (self->guess ? self->guess : "");
  *confidence = self->guess_confidence;
  *sound = self->guess_sound;
  self->asked = TRUE;
  g_mutex_unlock (&self->lock);
  return words;
}

void
utterance_finish (Utterance *self)
{
  g_mutex_lock (&self->lock);
  self->finished = TRUE;
  schedule_unlocked (self);
  g_mutex_unlock (&self->lock);
}

gboolean
utterance_take_result (Utterance *self, RecognizerResult *result)
{
  g_mutex_lock (&self->lock);
  gboolean there = self->done && !self->taken;
  if (there) {
    *result = self->result;
    self->taken = TRUE;
  }
  g_mutex_unlock (&self->lock);
  return there;
}

void
utterance_drop (Utterance *self)
{
  g_mutex_lock (&self->lock);
  self->dropped = self->finished = TRUE;
  schedule_unlocked (self); /* its decoder goes back */
  g_mutex_unlock (&self->lock);
  utterance_unref (self);
}

/* ---- On the pool */

/* FALSE: there is none; the utterance waits, and will be run when there is. */
static gboolean
take_decoder (Utterance *self)
{
  Recognizer *recognizer = self->recognizer;
  gboolean make = FALSE;

  g_mutex_lock (&recognizer->lock);
  SpeechDecoder *decoder = g_queue_pop_head (&recognizer->idle);
  if (!decoder) {
    make = recognizer->decoders < recognizer->limit;
    recognizer->decoders += make;
    if (!make) {
      recognizer->stats.waits++;
      g_queue_push_tail (&recognizer->waiting, self);
    }
  }
  g_mutex_unlock (&recognizer->lock);
  if (!decoder && !make)
    return FALSE; /* another thread may run it already */
  if (make)
    decoder = make_decoder (recognizer);
  self->decoder = decoder;
  self->has_decoder = TRUE;
  return TRUE;
}

static void
give_decoder (Utterance *self)
{
  Recognizer *recognizer = self->recognizer;
  SpeechDecoder *decoder = g_steal_pointer (&self->decoder);

  g_mutex_lock (&recognizer->lock);
  Utterance *next = g_queue_pop_head (&recognizer->waiting);
  gboolean keep =
      decoder && (next || recognizer->idle.length < speech_pool_get_size ());
  if (keep)
    g_queue_push_head (&recognizer->idle, g_steal_pointer (&decoder));
  else
    recognizer->decoders--;
  g_mutex_unlock (&recognizer->lock);
  if (decoder)
    speech_decoder_free (decoder);
  if (next)
    speech_pool_push (SPEECH_POOL_RECOGNITION, run_utterance, next);
}

/* Nobody else would wake who waits for the decoder that was meant for one who has gone. */
static void
pass_on (Recognizer *self)
{
  g_mutex_lock (&self->lock);
  Utterance *next =
      self->idle.length ? g_queue_pop_head (&self->waiting) : NULL;
  g_mutex_unlock (&self->lock);
  if (next)
    speech_pool_push (SPEECH_POOL_RECOGNITION, run_utterance, next);
}

/* The @n samples at @samples, converted; their number is there then. */
static gint16 *
convert (GstAudioConverter *converter, gint16 *samples, gsize *n)
{
  gsize n_in = *n;

  *n = gst_audio_converter_get_out_frames (converter, n_in);
  gint16 *converted = g_new (gint16, *n);
  gpointer in[] = { samples }, out[] = { converted };
  if (*n &&
      !gst_audio_converter_samples (converter, GST_AUDIO_CONVERTER_FLAG_NONE,
          in, n_in, out, *n))
    *n = 0;
  return converted;
}

static void
decode_block (Utterance *self, gint16 *audio, gsize n)
{
  g_autofree gint16 *narrow =
      self->narrow ? convert (self->narrow, audio, &n) : NULL;
  g_autofree gint16 *samples =
      convert (self->images, narrow ? narrow : audio, &n);

  if (!n)
    return;
  self->length += (guint) n;
  if (self->length > RATE / 1000 * RECOGNIZER_MAX_LENGTH)
    return;
  speech_decoder_process (self->decoder, samples, n);
}

/* In blocks of a frame, however many have come in: the library moves its means at the
 * end of each block, and the same speech is to give the same words on a busy machine. */
static void
decode (Utterance *self, const GByteArray *audio)
{
  gsize n = audio->len / 2;

  if (!self->gain)
    self->gain = speech_gain_find ((gint16 *) (gpointer) audio->data, n,
        self->frame * 50);
  speech_gain_apply ((gint16 *) (gpointer) audio->data, n, self->gain);
  for (gsize at = 0; at < n; at += self->frame)
    decode_block (self, (gint16 *) (gpointer) audio->data + at,
        MIN (self->frame, n - at));
}

static void
understand (Utterance *self, RecognizerResult *result)
{
  UnderstandingJudgement judgement;

  speech_decoder_understand (self->decoder, self->recognizer->understanding,
      result->words, result->confidence, &judgement);
  recognizer_result_understand (result, &judgement);
}

static void
conclude (Utterance *self, RecognizerResult *result)
{
  RecognizerChannel after = { .known = TRUE };

  result->words = speech_decoder_finish (self->decoder, &result->confidence,
      &result->rejected, after.means);
  if (self->recognizer->understanding)
    understand (self, result);
  result->length = self->length / (RATE / 1000);
  if (result->length > RECOGNIZER_MAX_LENGTH)
    result->rejected = "it was too long";
  /* What is rejected may not have been the caller. */
  result->channel = result->rejected ? self->channel : after;
}

static void
fail (Utterance *self, RecognizerResult *result)
{
  result->words = g_strdup ("");
  result->rejected = "the speech model could not be loaded";
  result->failed = TRUE;
  result->channel = self->channel;
}

/* What has come in; NULL: nothing more to do now. */
static GByteArray *
take_pending (Utterance *self, gboolean *finished, gboolean *dropped)
{
  GByteArray *audio = NULL;

  g_mutex_lock (&self->lock);
  *finished = self->finished;
  *dropped = self->dropped;
  /* Before anything is decoded its level is to be known. */
  const gboolean enough = self->gain || self->finished ||
      self->pending->len >= self->frame * 2 * GAIN_FRAMES;
  if ((self->pending->len && enough) || self->finished) {
    audio = self->pending;
    self->pending = g_byte_array_new ();
  } else {
    self->scheduled = FALSE;
  }
  g_mutex_unlock (&self->lock);
  return audio;
}

static void
finish (Utterance *self)
{
  RecognizerResult result = { 0 };

  if (self->decoder)
    conclude (self, &result);
  else
    fail (self, &result);
  if (self->has_decoder)
    give_decoder (self);
  g_mutex_lock (&self->lock);
  self->result = result;
  self->done = TRUE;
  self->scheduled = FALSE;
  g_mutex_unlock (&self->lock);
}

/* Of what was decoded by now, if somebody wants to know. */
static void
guess (Utterance *self)
{
  gdouble confidence;
  guint sound;

  g_mutex_lock (&self->lock);
  const gboolean asked = self->asked;
  self->asked = FALSE;
  g_mutex_unlock (&self->lock);
  if (!asked)
    return;
  gchar *words = speech_decoder_guess_now (self->decoder, &confidence, &sound);
  g_mutex_lock (&self->lock);
  gchar *last = self->guess;
  self->guess = words;
  self->guess_confidence = confidence;
  self->guess_sound = sound;
  g_mutex_unlock (&self->lock);
  g_free (last);
}

static void
run_utterance (gpointer data)
{
  Utterance *self = data;
  gboolean finished, dropped;

  g_mutex_lock (&self->lock);
  dropped = self->dropped;
  g_mutex_unlock (&self->lock);
  if (!self->has_decoder && dropped) {
    pass_on (self->recognizer);
  } else if (!self->has_decoder) {
    if (!take_decoder (self))
      return; /* the queue has our reference now */
    if (self->decoder)
      speech_decoder_begin (self->decoder, self->channel.means);
  }
  for (;;) {
    g_autoptr (GByteArray) audio = take_pending (self, &finished, &dropped);
    if (!audio)
      break;
    if (self->decoder && !dropped)
      decode (self, audio);
    if (finished) {
      finish (self);
      break;
    }
    if (self->decoder && !dropped)
      guess (self);
  }
  utterance_unref (self);
}
