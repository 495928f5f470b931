/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openailate.h"

#include "openaiclock.h"

struct _OpenaiLate
{
  GPtrArray *speeches; /* OpenaiSpeech */
  GPtrArray *calls; /* OpenaiCall */
};

static void
speech_free (gpointer data)
{
  OpenaiSpeech *self = data;

  g_free (self->item);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
call_free (gpointer data)
{
  OpenaiCall *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

OpenaiLate *
openai_late_new (void)
{
  OpenaiLate *self = g_new (OpenaiLate, 1);

  self->speeches = g_ptr_array_new_with_free_func (speech_free);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  return self;
}

void
openai_late_free (OpenaiLate *self)
{
  g_ptr_array_unref (self->speeches);
  g_ptr_array_unref (self->calls);
  g_free (self);
}

void
openai_late_clear (OpenaiLate *self)
{
  g_ptr_array_set_size (self->speeches, 0);
  g_ptr_array_set_size (self->calls, 0);
}

/* ---- The caller's turns */

OpenaiSpeech *
openai_late_add_speech (OpenaiLate *self, const gchar *item, guint64 start)
{
  OpenaiSpeech *speech = g_new0 (OpenaiSpeech, 1);

  if (self->speeches->len >= OPENAI_SPEECHES)
    g_ptr_array_remove_index (self->speeches, 0);
  speech->item = g_strdup (item);
  speech->start = start;
  speech->end = OPENAI_NO_TIME;
  speech->text = g_string_new (NULL);
  g_ptr_array_add (self->speeches, speech);
  return speech;
}

OpenaiSpeech *
openai_late_find_speech (OpenaiLate *self, const gchar *item)
{
  for (guint i = self->speeches->len; *item && i > 0; i--) {
    OpenaiSpeech *speech = g_ptr_array_index (self->speeches, i - 1);
    if (g_str_equal (speech->item, item))
      return speech;
  }
  return NULL;
}

OpenaiSpeech *
openai_late_get_last_speech (OpenaiLate *self)
{
  return self->speeches->len
      ? g_ptr_array_index (self->speeches, self->speeches->len - 1)
      : NULL;
}

OpenaiSpeech *
openai_late_get_nameless_speech (OpenaiLate *self)
{
  for (guint i = 0; i < self->speeches->len; i++) {
    OpenaiSpeech *speech = g_ptr_array_index (self->speeches, i);
    if (!*speech->item)
      return speech;
  }
  return NULL;
}

void
openai_late_answered (OpenaiLate *self, guint answer)
{
  for (guint i = 0; i < self->speeches->len; i++) {
    OpenaiSpeech *speech = g_ptr_array_index (self->speeches, i);
    if (!speech->answer)
      speech->answer = answer;
  }
}

/* ---- Tools */

OpenaiCall *
openai_late_find_call (OpenaiLate *self, const gchar *id)
{
  for (guint i = self->calls->len; i > 0; i--) {
    OpenaiCall *call = g_ptr_array_index (self->calls, i - 1);
    if (g_str_equal (call->id, id))
      return call;
  }
  return NULL;
}

OpenaiCall *
openai_late_get_call (OpenaiLate *self, const gchar *id, const gchar *name,
    guint connection)
{
  OpenaiCall *call = openai_late_find_call (self, id);

  if (!call) {
    if (self->calls->len >= OPENAI_CALLS)
      g_ptr_array_remove_index (self->calls, 0);
    call = g_new0 (OpenaiCall, 1);
    call->id = g_strdup (id);
    call->connection = connection;
    g_ptr_array_add (self->calls, call);
  }
  if (*name) {
    g_free (call->name);
    call->name = g_strdup (name);
  }
  return call;
}

guint
openai_late_count_open (OpenaiLate *self, guint connection)
{
  guint n = 0;

  for (guint i = 0; i < self->calls->len; i++) {
    const OpenaiCall *call = g_ptr_array_index (self->calls, i);
    n += call->called && !call->answered && call->connection == connection;
  }
  return n;
}
