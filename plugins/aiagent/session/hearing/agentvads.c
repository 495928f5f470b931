/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentvads.h"

#include "aiagent/logic/hearing/silerovad.h"
#include "aiagent/logic/hearing/webrtcvad.h"

typedef struct
{
  AgentVad vad;
  gchar *trouble;
} Choice;

static SileroWeights *
read_weights (const gchar *path, GError **error)
{
  g_autofree gchar *data = NULL;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, error))
    return NULL;
  return silero_weights_parse ((const guint8 *) data, size, error);
}

/* Empty: none is wanted. That none are installed is no fault. */
static void
choose (Choice *choice)
{
  const gchar *named = g_getenv ("GST_VOICE_SILERO");
  const gchar *path = named ? named : SILERO_WEIGHTS;
  g_autoptr (GError) error = NULL;

  choice->vad = webrtc_vad;
  if (!*path)
    return;
  SileroWeights *weights = read_weights (path, &error);
  if (weights)
    choice->vad = silero_vad_make (weights);
  else if (named || !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    choice->trouble = g_strdup_printf ("%s: %s", path, error->message);
}

/* Kept for as long as the process. */
static const Choice *
get_choice (void)
{
  static Choice choice;
  static gsize made;

  if (g_once_init_enter (&made)) {
    choose (&choice);
    g_once_init_leave (&made, 1);
  }
  return &choice;
}

const AgentVad *
agent_vads_get (void)
{
  return &get_choice ()->vad;
}

const gchar *
agent_vads_get_trouble (void)
{
  return get_choice ()->trouble;
}
