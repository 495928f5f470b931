/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tells speech from other sound, as a table of functions: the ear knows none by
 * its name. */

typedef struct
{
  const gchar *name;
  guint window; /* ms that are judged at a time */
  /* What it takes for sound of @rate Hz: that rate, or a lower one to bring it down to. */
  guint (*choose_rate) (guint rate);
  gpointer (*create) (guint rate, gconstpointer model);
  void (*destroy) (gpointer vad);
  /* Whether the next window is speech, 0 to 1. */
  gdouble (*judge) (gpointer vad, const gint16 *samples);
  gboolean sure; /* what it takes for speech is somebody's */
  gconstpointer model; /* for create; outlives all that it makes */
} AgentVad;

#define AGENT_VAD_SPEECH 0.5 /* from there on it is taken for speech, */
#define AGENT_VAD_GOES_ON 0.35 /* ... in a turn from here */

G_END_DECLS
