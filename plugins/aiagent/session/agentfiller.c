/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentfiller.h"

#include "backends/local/synthesizer.h"
#include "logic/agentscript.h"

#include <gst/gst.h>
#include <string.h>

#define VOICE "slt"
#define AFTER 25 /* frames of silence before it begins: 0.5 s */
#define AGAIN 400 /* ... before the phrase is said again: 8 s */
#define PIECE 40 /* ms of music at a time */

struct _AgentFiller
{
  AgentToolWait wait;
  gchar *phrase;
  GByteArray *music; /* S16; empty: none */
  guint music_rate;

  AgentFillerNeed need; /* for which it plays, or waits to */
  guint silent; /* frames, up to now */
  guint after; /* ... of them before it begins */
  gboolean playing;
  Speech *speech; /* NULL: all of it was made */
  gsize at; /* byte of the music */
  GstVoiceConverter *converter;
  GByteArray *ready; /* in the dialogue's format */
};

AgentFiller *
agent_filler_new (void)
{
  AgentFiller *self = g_new0 (AgentFiller, 1);

  self->music = g_byte_array_new ();
  self->ready = g_byte_array_new ();
  self->after = AFTER;
  return self;
}

void
agent_filler_free (AgentFiller *self)
{
  agent_filler_stop (self);
  g_free (self->phrase);
  g_byte_array_unref (self->music);
  g_byte_array_unref (self->ready);
  g_free (self);
}

/* ---- Settings */

static gboolean
read_music (AgentFiller *self, const gchar *path, GError **error)
{
  g_autofree gchar *data = NULL;
  g_autoptr (GError) failure = NULL;
  gsize size;

  if (!path || !g_file_get_contents (path, &data, &size, &failure)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "The music for callers who wait (hold-music) cannot be "
        "read: %s",
        failure ? failure->message : "no file is set");
    return FALSE;
  }
  if (agent_script_read_wav ((const guint8 *) data, size, &self->music_rate,
          self->music, &failure) &&
      self->music->len > 0)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "The music for callers who wait (hold-music) cannot be used: "
      "%s",
      failure ? failure->message : "it is empty");
  return FALSE;
}

gboolean
agent_filler_prepare (AgentFiller *self, AgentToolWait wait,
    const gchar *phrase, const gchar *music, GError **error)
{
  agent_filler_stop (self);
  self->wait = wait;
  g_free (self->phrase);
  self->phrase = g_strdup (phrase);
  g_byte_array_set_size (self->music, 0);
  return (wait != AGENT_TOOL_WAIT_MUSIC && !(music && *music)) ||
      read_music (self, music, error);
}

/* ---- Frames */

void
agent_filler_stop (AgentFiller *self)
{
  self->silent = 0;
  self->after = AFTER;
  self->playing = FALSE;
  self->at = 0;
  g_clear_pointer (&self->speech, speech_drop);
  g_clear_pointer (&self->converter, gst_voice_converter_free);
  g_byte_array_set_size (self->ready, 0);
}

static gboolean
is_music (const AgentFiller *self)
{
  return self->need == AGENT_FILLER_HOLD || self->wait == AGENT_TOOL_WAIT_MUSIC;
}

static void
start (AgentFiller *self, const GstVoiceFormat *format)
{
  const gboolean music = is_music (self);
  const GstVoiceFormat from = { GST_VOICE_S16,
    music ? self->music_rate : format->rate };

  agent_filler_stop (self);
  self->playing = TRUE;
  self->converter = gst_voice_converter_new (&from, format);
  if (!music)
    self->speech = speech_new (VOICE, self->phrase, format->rate);
}

static void
add_music (AgentFiller *self)
{
  const gsize n = MIN ((gsize) self->music_rate * PIECE / 1000 * 2,
      self->music->len - self->at);

  gst_voice_converter_process (self->converter, self->music->data + self->at, n,
      self->ready);
  self->at = (self->at + n) % self->music->len;
}

/* FALSE: there is nothing more, or as yet. */
static gboolean
add_speech (AgentFiller *self)
{
  gboolean done = FALSE;

  if (!self->speech)
    return FALSE;
  g_autoptr (GByteArray) audio = speech_take (self->speech, NULL, &done);
  gst_voice_converter_process (self->converter, audio->data, audio->len,
      self->ready);
  if (done)
    g_clear_pointer (&self->speech, speech_drop);
  return audio->len > 0;
}

/* The phrase is over: it is said again when it has been quiet for long. */
static gboolean
pause_phrase (AgentFiller *self)
{
  agent_filler_stop (self);
  self->after = AGAIN;
  return FALSE;
}

static gboolean
play (AgentFiller *self, const GstVoiceFormat *format, guint8 *frame)
{
  const gsize size = GST_VOICE_FRAME_SIZE (format);

  while (self->ready->len < size)
    if (is_music (self))
      add_music (self);
    else if (!add_speech (self))
      break;
  if (self->ready->len < size && self->speech)
    return FALSE; /* it is being made */
  if (!self->ready->len)
    return pause_phrase (self);
  const gsize n = MIN (size, self->ready->len);
  memcpy (frame, self->ready->data, n);
  gst_voice_format_silence (format->encoding, frame + n, size - n);
  g_byte_array_remove_range (self->ready, 0, (guint) n);
  return TRUE;
}

static gboolean
has_some (const AgentFiller *self, AgentFillerNeed need)
{
  if (need == AGENT_FILLER_HOLD ||
      (need == AGENT_FILLER_TOOL && self->wait == AGENT_TOOL_WAIT_MUSIC))
    return self->music->len > 0;
  return need == AGENT_FILLER_TOOL && self->wait == AGENT_TOOL_WAIT_PHRASE &&
      self->phrase && *self->phrase;
}

gboolean
agent_filler_take (AgentFiller *self, AgentFillerNeed need,
    const GstVoiceFormat *format, guint8 *frame)
{
  if (need != self->need)
    agent_filler_stop (self);
  self->need = need;
  if (!has_some (self, need)) {
    agent_filler_stop (self);
    return FALSE;
  }
  if (!self->playing && need == AGENT_FILLER_TOOL &&
      ++self->silent <= self->after)
    return FALSE;
  if (!self->playing)
    start (self, format);
  return play (self, format, frame);
}
