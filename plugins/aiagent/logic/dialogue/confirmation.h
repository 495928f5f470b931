/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How people say yes or no to an agent that asks whether it has understood them. Every agent
 * knows these words beside those of its dialogue file. */

typedef enum
{
  CONFIRMATION_NONE,
  CONFIRMATION_YES,
  CONFIRMATION_NO,
} Confirmation;

/* @words: small letters. */
Confirmation confirmation_find (const gchar *words);
/* The words of the @n-th way; NULL: there are no more. */
const gchar *confirmation_get (guint n);

G_END_DECLS
