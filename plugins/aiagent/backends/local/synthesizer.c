/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - A voice is used by several threads at once: flite only reads it once it was used
 *   (with its streaming interface it would not, which is not needed: clauses are
 *   short). Its first use is alone.
 * - A voice begins with up to a quarter of a second of silence, which the caller
 *   would have to wait for: all below QUIET is cut at both ends, and a pause of
 *   known length put behind.
 * - Voices are not equally loud, and louder than people on a telephone, as their echo
 *   would be: each clause is brought to LEVEL. */

#include "synthesizer.h"
#include "speechpool.h"
#include "logic/clauses.h"
#include "logic/turn/speechlevel.h"

#include "common/frame/gstvoiceformat.h"

#include <flite/flite.h>
#include <math.h>
#include <string.h>

#define QUIET 300 /* of 32767 */
#define LEVEL -23.0 /* dBov, active (P.56): of people on a telephone */
#define MARGIN_MS 5 /* kept before the first and after the last sound */

cst_voice *register_cmu_us_slt (const char *directory);
cst_voice *register_cmu_us_rms (const char *directory);
cst_voice *register_cmu_us_awb (const char *directory);
cst_voice *register_cmu_us_kal16 (const char *directory);
cst_voice *register_cmu_us_kal (const char *directory);

static const struct
{
  const gchar *name;
  cst_voice *(*make) (const char *directory);
} voices[] = { { "slt", register_cmu_us_slt }, { "rms", register_cmu_us_rms },
  { "awb", register_cmu_us_awb }, { "kal16", register_cmu_us_kal16 },
  { "kal", register_cmu_us_kal } };

typedef struct
{
  gchar *key;
  GBytes *audio;
} Entry;

struct _Speech
{
  /* Set when made, never changed: read freely. */
  gchar *voice, *text;
  guint rate;
  gint ref_count; /* atomic */

  /* Whoever makes it: no lock. */
  const gchar *at;

  GMutex lock; /* leaf; protects everything below */
  GByteArray *ready;
  gboolean done, dropped;
  GArray *starts; /* Start */
  guint n_taken; /* of them */
  gsize made; /* bytes */
};

/* Where in the sound a clause begins. */
typedef struct
{
  gsize byte;
  const gchar *text;
  gsize length;
} Start;

static GMutex voice_lock; /* protects first use */
static cst_voice *loaded[G_N_ELEMENTS (voices)];

static GMutex cache_lock; /* leaf; protects everything below */
static GHashTable *cache; /* key -> link of order */
static GQueue order; /* Entry, the latest used first */
static SynthesizerStats stats;

/* ---- The cache */

static GBytes *
cache_get (const gchar *key)
{
  GBytes *audio = NULL;

  g_mutex_lock (&cache_lock);
  GList *link = cache ? g_hash_table_lookup (cache, key) : NULL;
  if (link) {
    g_queue_unlink (&order, link);
    g_queue_push_head_link (&order, link);
    audio = g_bytes_ref (((Entry *) link->data)->audio);
    stats.reused++;
  }
  g_mutex_unlock (&cache_lock);
  return audio;
}

static void
cache_trim_unlocked (void)
{
  while (stats.cached > SYNTHESIZER_CACHE) {
    Entry *entry = g_queue_pop_tail (&order);
    stats.cached -= g_bytes_get_size (entry->audio);
    g_hash_table_remove (cache, entry->key);
    g_bytes_unref (entry->audio);
    g_free (entry->key);
    g_free (entry);
  }
}

static void
cache_put (const gchar *key, GBytes *audio)
{
  g_mutex_lock (&cache_lock);
  if (!cache)
    cache = g_hash_table_new (g_str_hash, g_str_equal);
  stats.made++;
  if (!g_hash_table_contains (cache, key)) { /* else another was as fast */
    Entry *entry = g_new (Entry, 1);
    *entry = (Entry){ g_strdup (key), g_bytes_ref (audio) };
    g_queue_push_head (&order, entry);
    g_hash_table_insert (cache, entry->key, order.head);
    stats.cached += g_bytes_get_size (audio);
    cache_trim_unlocked ();
  }
  g_mutex_unlock (&cache_lock);
}

void
synthesizer_get_stats (SynthesizerStats *out)
{
  g_mutex_lock (&cache_lock);
  *out = stats;
  g_mutex_unlock (&cache_lock);
}

/* ---- Making sound */

static cst_voice *
get_voice (const gchar *name)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (voices) && strcmp (voices[i].name, name))
    i++;
  g_mutex_lock (&voice_lock);
  if (!loaded[i]) {
    flite_init ();
    loaded[i] = voices[i].make (NULL);
    delete_wave (flite_text_to_wave ("hello", loaded[i]));
  }
  g_mutex_unlock (&voice_lock);
  return loaded[i];
}

static gboolean
is_quiet (gint16 sample)
{
  return sample > -QUIET && sample < QUIET;
}

/* The part of @wave with sound in it. */
static void
trim (const cst_wave *wave, guint *first, guint *n)
{
  guint margin = (guint) wave->sample_rate * MARGIN_MS / 1000;
  guint start = 0, end = (guint) MAX (wave->num_samples, 0);

  while (start < end && is_quiet (wave->samples[start]))
    start++;
  while (end > start && is_quiet (wave->samples[end - 1]))
    end--;
  *first = start > margin ? start - margin : 0;
  *n = MIN (end + margin, (guint) MAX (wave->num_samples, 0)) - *first;
  if (start == end)
    *n = 0;
}

static void
set_level (gint16 *samples, guint n, guint rate)
{
  gdouble gain = speech_level_get_gain (samples, n, rate, LEVEL);

  for (guint i = 0; i < n; i++)
    samples[i] = (gint16) CLAMP (lrint (samples[i] * gain), -32767, 32767);
}

static GBytes *
make_clause (const gchar *voice, const Clause *clause, guint rate)
{
  g_autofree gchar *text = g_strndup (clause->text, clause->length);
  cst_wave *wave = flite_text_to_wave (text, get_voice (voice));
  GByteArray *out = g_byte_array_new ();
  guint first, n;

  if (!wave)
    return g_byte_array_free_to_bytes (out);
  const GstVoiceFormat from = { GST_VOICE_S16, (guint) wave->sample_rate },
                       to = { GST_VOICE_S16, rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  gsize pause = (gsize) wave->sample_rate * clause->pause / 1000 * 2;
  g_autofree guint8 *silence = g_malloc0 (pause);
  trim (wave, &first, &n);
  set_level (wave->samples + first, n, (guint) wave->sample_rate);
  gst_voice_converter_process (converter, wave->samples + first, n * 2, out);
  gst_voice_converter_process (converter, silence, pause, out);
  delete_wave (wave);
  return g_byte_array_free_to_bytes (out);
}

static gchar *
clause_key (const gchar *voice, const Clause *clause, guint rate)
{
  return g_strdup_printf ("%s %u %u %.*s", voice, rate, clause->pause,
      (gint) clause->length, clause->text);
}

/* ---- Speech */

static void make_next (gpointer data);

static void
append (Speech *self, const Clause *clause, GBytes *audio)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (audio, &size);

  g_mutex_lock (&self->lock);
  const Start start = { self->made, clause->text, clause->length };
  g_array_append_val (self->starts, start);
  self->made += size;
  if (size)
    g_byte_array_append (self->ready, data, (guint) size);
  g_mutex_unlock (&self->lock);
}

/* Takes over all that was made before, up to the first that was not. TRUE at the end
 * of the text. */
static gboolean
append_cached (Speech *self)
{
  for (;;) {
    const gchar *at = self->at;
    Clause clause;
    if (!clauses_next (&at, &clause))
      break;
    g_autofree gchar *key = clause_key (self->voice, &clause, self->rate);
    g_autoptr (GBytes) audio = cache_get (key);
    if (!audio)
      return FALSE;
    append (self, &clause, audio);
    self->at = at;
  }
  g_mutex_lock (&self->lock);
  self->done = TRUE;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

Speech *
speech_new (const gchar *voice, const gchar *text, guint rate)
{
  Speech *self = g_new0 (Speech, 1);

  self->voice = g_strdup (voice);
  self->text = g_strdup (text);
  self->rate = rate;
  self->at = self->text;
  self->ref_count = 1;
  self->ready = g_byte_array_new ();
  self->starts = g_array_new (FALSE, FALSE, sizeof (Start));
  g_mutex_init (&self->lock);
  if (append_cached (self))
    return self;
  g_atomic_int_inc (&self->ref_count);
  speech_pool_push (SPEECH_POOL_SYNTHESIS, make_next, self);
  return self;
}

static void
speech_unref (Speech *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_byte_array_unref (self->ready);
  g_array_unref (self->starts);
  g_mutex_clear (&self->lock);
  g_free (self->voice);
  g_free (self->text);
  g_free (self);
}

/* On the pool: one clause, then whoever else wants one has a turn. */
static void
make_next (gpointer data)
{
  Speech *self = data;
  Clause clause;

  g_mutex_lock (&self->lock);
  gboolean dropped = self->dropped;
  g_mutex_unlock (&self->lock);
  if (dropped || append_cached (self)) {
    speech_unref (self);
    return;
  }
  const gchar *at = self->at;
  clauses_next (&at, &clause);
  g_autofree gchar *key = clause_key (self->voice, &clause, self->rate);
  g_autoptr (GBytes) audio = make_clause (self->voice, &clause, self->rate);
  cache_put (key, audio);
  append (self, &clause, audio);
  self->at = at;
  speech_pool_push (SPEECH_POOL_SYNTHESIS, make_next, self);
}

GByteArray *
speech_take (Speech *self, gchar **text, gboolean *done)
{
  GByteArray *audio = g_byte_array_new ();

  if (text)
    *text = NULL;
  g_mutex_lock (&self->lock);
  const guint n = self->n_taken, last = self->starts->len;
  const Start *start = &g_array_index (self->starts, Start, n);
  if (n < last) {
    const gsize end = n + 1 < last ? start[1].byte : self->made;
    const guint size = (guint) (end - start->byte);
    g_byte_array_append (audio, self->ready->data, size);
    g_byte_array_remove_range (self->ready, 0, size);
    if (text)
      *text = g_strndup (start->text, start->length);
    self->n_taken++;
  }
  *done = self->done && self->n_taken == last;
  g_mutex_unlock (&self->lock);
  return audio;
}

void
speech_drop (Speech *self)
{
  g_mutex_lock (&self->lock);
  self->dropped = TRUE;
  g_mutex_unlock (&self->lock);
  speech_unref (self);
}

/* ---- Ahead of time */

typedef struct
{
  gchar *voice, *text;
  guint rate;
  gsize at;
} Ahead;

static void
make_ahead (gpointer data)
{
  Ahead *self = data;
  const gchar *at = self->text + self->at;
  Clause clause;

  if (!clauses_next (&at, &clause)) {
    g_free (self->voice);
    g_free (self->text);
    g_free (self);
    return;
  }
  g_autofree gchar *key = clause_key (self->voice, &clause, self->rate);
  g_autoptr (GBytes) audio = cache_get (key);
  if (!audio) {
    audio = make_clause (self->voice, &clause, self->rate);
    cache_put (key, audio);
  }
  self->at = at - self->text;
  speech_pool_push (SPEECH_POOL_AHEAD, make_ahead, self);
}

void
synthesizer_prepare (const gchar *voice, const gchar *text, guint rate)
{
  Ahead *ahead = g_new (Ahead, 1);

  *ahead = (Ahead){ g_strdup (voice), g_strdup (text), rate, 0 };
  speech_pool_push (SPEECH_POOL_AHEAD, make_ahead, ahead);
}
