/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "confirmation.h"
#include "interjection.h"

#include <string.h>

/* The first SPOKEN are in every grammar: the rest is understood if a file has it. */
#define SPOKEN 4

static const struct
{
  const gchar *words;
  Confirmation kind;
} all[] = {
  { "yes", CONFIRMATION_YES },
  { "yes please", CONFIRMATION_YES },
  { "no", CONFIRMATION_NO },
  { "no thank you", CONFIRMATION_NO },
  { "sure", CONFIRMATION_YES },
  { "correct", CONFIRMATION_YES },
  { "that is right", CONFIRMATION_YES },
  { "of course", CONFIRMATION_YES },
  { "no thanks", CONFIRMATION_NO },
  { "not really", CONFIRMATION_NO },
  { "wrong", CONFIRMATION_NO },
};

Confirmation
confirmation_find (const gchar *words)
{
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (!strcmp (all[i].words, words))
      return all[i].kind;
  return interjection_find (words) == INTERJECTION_LISTENING
      ? CONFIRMATION_YES
      : CONFIRMATION_NONE;
}

const gchar *
confirmation_get (guint n)
{
  return n < SPOKEN ? all[n].words : NULL;
}
