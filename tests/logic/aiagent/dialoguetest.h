/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A conversation under test: what is said to it, and what it is to do. */

#include "aiagent/logic/dialogue/dialogue.h"

#include <string.h>

static DialogueFile *file;
static Dialogue *dialogue;
static guint n_controls; /* taken */

static inline void
begin_text (const gchar *text)
{
  g_autoptr (GError) error = NULL;

  file = dialogue_file_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  n_controls = 0;
  dialogue = dialogue_new (file);
  dialogue_begin (dialogue, "alice", 0, 0);
}

static inline void
begin_file (const gchar *name)
{
  g_autofree gchar *path =
      g_build_filename (TEST_DATA_DIR, "../../pipelines/agents", name, NULL);
  g_autofree gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  begin_text (text);
}

static inline void
finish (void)
{
  g_clear_pointer (&dialogue, dialogue_free);
  g_clear_pointer (&file, dialogue_file_free);
}

/* All that is to be done, as "text" and <control target>. */
static inline gchar *
take (void)
{
  GString *out = g_string_new (NULL);
  DialogueAction action;

  while (dialogue_next (dialogue, &action)) {
    if (out->len)
      g_string_append_c (out, ' ');
    if (action.type == DIALOGUE_SAY)
      g_string_append_printf (out, "%s%s", action.interruptible ? "" : "!",
          action.text);
    else
      g_string_append_printf (out, "<%s %s>", action.text,
          action.target ? action.target : "-");
    if (action.number)
      n_controls = action.number;
    if (action.question) /* all that is taken is heard */
      dialogue_question_heard (dialogue, action.question);
    dialogue_action_clear (&action);
  }
  return g_string_free (out, FALSE);
}

static inline void
expect (const gchar *what)
{
  g_autofree gchar *got = take ();

  g_assert_cmpstr (got, ==, what);
}

static inline void
expect_part (const gchar *what)
{
  g_autofree gchar *got = take ();

  if (!strstr (got, what))
    g_error ("\"%s\" is not in \"%s\"", what, got);
}

/* Of the last control. */
static inline void
result (gboolean accepted, gint64 now)
{
  g_free (take ());
  dialogue_result (dialogue, n_controls,
      accepted ? DIALOGUE_ACCEPTED : DIALOGUE_FAILED, now);
}

static inline void
press (const gchar *digits, gint64 now)
{
  for (; *digits; digits++)
    dialogue_digit (dialogue, *digits, now);
}

/* By a caller who has listened to the end. */
static inline const gchar *
heard (const gchar *words, gint64 now)
{
  dialogue_question_heard (dialogue, 0);
  return dialogue_heard (dialogue, words, now);
}
