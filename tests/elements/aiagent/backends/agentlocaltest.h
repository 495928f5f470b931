/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A dialogue with the embedded agent in virtual time. Its workers have real time: what
 * waits for them waits in steps of a ms. */

#include "../agentdialogue.h"

#include "aiagent/backends/local/local.h"
#include "aiagent/backends/local/speechpool.h"

#include <string.h>

/* One with the dialogue of @text. */
static inline void
begin_local_only (const gchar *text)
{
  GstVoiceAgentBackend *backend = g_object_new (AGENT_TYPE_LOCAL, NULL);
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("dialogue-XXXXXX.ini", &path, NULL);

  g_assert_true (fd >= 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_object_set (backend, "agent-file", path, NULL);
  begin (backend, NULL, 0);
  g_remove (path);
}

/* ... and a call */
static inline void
begin_local (const gchar *text)
{
  begin_local_only (text);
  call ("1", TRUE);
}

static inline void
text (const gchar *words)
{
  agent_session_input (session, GST_VOICE_INPUT_TEXT, words);
}

/* Until the agent speaks, or does not any more. */
static inline void
until (gboolean speaks)
{
  guint quiet = 0;

  for (guint i = 0; i < 5000 && quiet < (speaks ? 1 : 25); i++) {
    quiet = step (FALSE) == speaks ? quiet + 1 : 0;
    speech_pool_wait ();
  }
  g_assert_cmpuint (quiet, >, 0);
}

/* Until the agent has begun to say it. */
static inline void
until_said (const gchar *part)
{
  for (guint i = 0; i < 5000 && !count_texts ("agent", part); i++) {
    step (FALSE);
    speech_pool_wait ();
  }
  g_assert_cmpuint (count_texts ("agent", part), ==, 1);
}

/* Until the @n-th answer was heard to its end: silence may be a clause that is made
 * late. */
static inline void
until_done (guint n)
{
  for (guint i = 0;
       i < 30000 && count_facts ("aiagent/turn", "response-done") < n; i++) {
    step (FALSE);
    speech_pool_wait ();
  }
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-done"), ==, n);
}

/* Until the agent has asked for something. */
static inline void
until_asked (void)
{
  for (guint i = 0; i < 5000 && g_queue_is_empty (&controls); i++) {
    step (FALSE);
    speech_pool_wait ();
  }
  g_assert_cmpuint (g_queue_get_length (&controls), ==, 1);
}

/* A sound that is no word, up to its result. */
static inline void
cough (void)
{
  guint before = count_texts ("caller", "");

  run (200, TRUE);
  for (guint i = 0; i < 5000 && count_texts ("caller", "") == before; i++) {
    step (FALSE);
    speech_pool_wait ();
  }
  g_assert_cmpuint (count_texts ("caller", ""), ==, before + 1);
}
