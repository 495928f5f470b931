/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "localmind.h"

#include "aiagentresources.h"
#include "synthesizer.h"

#include "common/base/gstvoiceresource.h"

#include <gio/gio.h>
#include <gst/gst.h>

#define BUILT_IN "/gst-voice-agent/receptionist.ini"
#define MAX_RATES 4

struct _LocalMind
{
  /* Set when made, never changed: read freely. */
  gchar *key;
  DialogueFile *file;
  Understanding *understanding; /* NULL: nothing can be said */
  Recognizer *recognizer;

  gint ref_count; /* atomic; 0 only under table_lock */
  guint dialogues; /* atomic */

  GMutex lock; /* leaf; protects everything below */
  guint rates[MAX_RATES]; /* prepared */
};

/* Before any other; held while files and models are read: not for media loops. */
static GMutex table_lock;
static GHashTable *table; /* checksum of the file -> LocalMind */

static GBytes *
read_file (const gchar *path, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gchar *data;
  gsize size;

  if (!path)
    return g_resource_lookup_data (gst_voice_resource_get (
                                       aiagent_get_resource),
        BUILT_IN, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (g_file_get_contents (path, &data, &size, &wrong))
    return g_bytes_new_take (data, size);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "The dialogue file cannot be read: %s", wrong->message);
  return NULL;
}

static void
mind_free (LocalMind *self)
{
  g_clear_pointer (&self->recognizer, recognizer_release);
  g_clear_pointer (&self->understanding, understanding_unref);
  g_clear_pointer (&self->file, dialogue_file_free);
  g_mutex_clear (&self->lock);
  g_free (self->key);
  g_free (self);
}

static LocalMind *
mind_new (const gchar *path, const gchar *key, GBytes *bytes, GError **error)
{
  LocalMind *self = g_new0 (LocalMind, 1);
  g_autoptr (GError) wrong = NULL;
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);

  self->ref_count = 1;
  g_mutex_init (&self->lock);
  self->key = g_strdup (key);
  self->file = dialogue_file_parse (data, size, &wrong);
  if (self->file && *self->file->jsgf)
    self->understanding = understanding_new (self->file);
  if (self->understanding)
    self->recognizer = recognizer_acquire (self->file->jsgf, self->file->words,
        self->file->origins, self->understanding, &wrong);
  if (!wrong)
    return self;
  g_set_error (error, GST_RESOURCE_ERROR,
      g_error_matches (wrong, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
          ? GST_RESOURCE_ERROR_NOT_FOUND
          : GST_RESOURCE_ERROR_SETTINGS,
      wrong->domain == G_KEY_FILE_ERROR ? "%s, %s" : "%.0s%s",
      path ? path : "built-in dialogue", wrong->message);
  mind_free (self);
  return NULL;
}

LocalMind *
local_mind_acquire (const gchar *path, GError **error)
{
  g_autoptr (GBytes) bytes = read_file (path, error);

  if (!bytes)
    return NULL;
  g_autofree gchar *key =
      g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_mutex_lock (&table_lock);
  if (!table)
    table = g_hash_table_new (g_str_hash, g_str_equal);
  LocalMind *self = g_hash_table_lookup (table, key);
  if (self)
    local_mind_ref (self);
  else if ((self = mind_new (path, key, bytes, error)))
    g_hash_table_insert (table, self->key, self);
  g_mutex_unlock (&table_lock);
  return self;
}

LocalMind *
local_mind_ref (LocalMind *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
local_mind_release (LocalMind *self)
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
    mind_free (self);
}

const DialogueFile *
local_mind_get_file (LocalMind *self)
{
  return self->file;
}

Recognizer *
local_mind_get_recognizer (LocalMind *self)
{
  return self->recognizer;
}

guint
local_mind_count_dialogue (LocalMind *self)
{
  return (guint) g_atomic_int_add (&self->dialogues, 1);
}

static gboolean
is_first (LocalMind *self, guint rate)
{
  guint i = 0;

  g_mutex_lock (&self->lock);
  while (i < MAX_RATES && self->rates[i] && self->rates[i] != rate)
    i++;
  gboolean first = i < MAX_RATES && !self->rates[i];
  if (first)
    self->rates[i] = rate;
  g_mutex_unlock (&self->lock);
  return first;
}

void
local_mind_prepare_voice (LocalMind *self, guint rate)
{
  if (!is_first (self, rate))
    return;
  g_autoptr (GPtrArray) texts = dialogue_file_fixed_texts (self->file);
  for (guint i = 0; i < texts->len; i++)
    synthesizer_prepare (self->file->voice, g_ptr_array_index (texts, i), rate);
}
