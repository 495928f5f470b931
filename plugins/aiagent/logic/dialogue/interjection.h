/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people say on any telephone without asking for anything. Every agent knows these
 * words beside those of its dialogue file: unknown, they would be taken for what in the
 * file sounds most like them, "hello" for "no". */

typedef enum
{
  INTERJECTION_NONE,
  INTERJECTION_LISTENING, /* go on, I hear you */
  INTERJECTION_STOP, /* be silent, and wait */
  INTERJECTION_GREETING,
} Interjection;

/* @words: small letters. */
Interjection interjection_find (const gchar *words);
/* They are INTERJECTION_STOP, and sound like nothing that an agent says itself. */
gboolean interjection_stops (const gchar *words, gdouble confidence);
/* The words of the @n-th; NULL: there are no more. */
const gchar *interjection_get (guint n);
/* How one of these words is said, one way or more with | between; "" = as in the
 * dictionary. */
const gchar *interjection_get_phones (const gchar *word);

G_END_DECLS
