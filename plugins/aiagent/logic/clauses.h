/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cuts a text into pieces that can be spoken one after the other, so that the first
 * is heard while the rest is still being made: behind . ? ! ; : and, in a piece of
 * some length, behind a comma. */

typedef struct
{
  const gchar *text; /* not terminated */
  gsize length;
  guint pause; /* ms of silence behind it, as a speaker would leave */
} Clause;

/* @at: set to the beginning of the text before the first call. FALSE at the end. */
gboolean clauses_next (const gchar **at, Clause *clause);

G_END_DECLS
