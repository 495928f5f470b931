/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* Somebody with a voice who calls the embedded agent. */

#include "backends/agentlocaltest.h"

#include "aiagent/backends/local/synthesizer.h"

static inline GByteArray *
render (const gchar *voice, const gchar *words)
{
  GByteArray *audio = g_byte_array_new ();
  Speech *speech = speech_new (voice, words, RATE);

  for (gboolean done = FALSE; !done; g_usleep (1000)) {
    g_autoptr (GByteArray) some = speech_take (speech, NULL, &done);
    g_byte_array_append (audio, some->data, some->len);
  }
  speech_drop (speech);
  g_byte_array_set_size (audio, audio->len - RATE / 4 * 2); /* its pause */
  return audio;
}

/* One frame of both directions. Time stands still while speech is looked at or made. @in: RATE / 50 samples. */
static inline gboolean
step_with (const gint16 *in)
{
  guint8 out[RATE / 50 * 2];

  agent_session_hear (session, in, RATE / 50, now, FALSE);
  gboolean spoken =
      ticking && agent_session_speak (session, out, now, &controls);
  if (spoken)
    g_byte_array_append (said, out, sizeof out);
  n_spoken += spoken;
  now += FRAME_TIME;
  speech_pool_wait ();
  return spoken;
}

static inline void
speak (const gchar *voice, const gchar *words)
{
  g_autoptr (GByteArray) audio = render (voice, words);

  for (guint at = 0; at < audio->len; at += RATE / 50 * 2) {
    gint16 in[RATE / 50] = { 0 };
    memcpy (in, audio->data + at, MIN (sizeof in, audio->len - at));
    step_with (in);
  }
}

static inline void
wait_ms (guint ms)
{
  const gint16 silence[RATE / 50] = { 0 };

  for (guint i = 0; i < ms / 20; i++)
    step_with (silence);
}

/* Until it is known what the @n-th words of the caller were. */
static inline void
until_decided (guint n)
{
  const gint16 silence[RATE / 50] = { 0 };

  for (guint i = 0; i < 30000 && count_texts ("caller", "") < n; i++)
    step_with (silence);
  g_assert_cmpuint (count_texts ("caller", ""), ==, n);
}

static inline guint
count_accepted (void)
{
  guint n = 0;

  for (guint i = 0; i < facts->len; i++) {
    const GstStructure *fact = g_ptr_array_index (facts, i);
    n += gst_structure_has_name (fact, "aiagent/transcript") &&
        !g_strcmp0 (gst_structure_get_string (fact, "role"), "caller") &&
        !*gst_structure_get_string (fact, "rejected");
  }
  return n;
}

static inline gchar *
read_agent (const gchar *name)
{
  g_autofree gchar *path =
      g_build_filename (TEST_DATA_DIR, "../../pipelines/agents", name, NULL);
  gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}
