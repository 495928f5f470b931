/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "interjection.h"

#include <string.h>

/* Words that the dictionary has, and the ways in which they are said that it lacks: of
 * "stop" a telephone leaves little but "op". */
static const struct
{
  const gchar *words;
  Interjection kind;
  /* STOP: confidence that pieces of an agent's own voice, 300 to 450 ms long, do not
   * reach: "hang on" is in most of what is said. */
  gdouble sure;
} all[] = {
  { "mm hm", INTERJECTION_LISTENING },
  { "mhm", INTERJECTION_LISTENING },
  { "uh huh", INTERJECTION_LISTENING },
  { "yeah", INTERJECTION_LISTENING },
  { "okay", INTERJECTION_LISTENING },
  { "right", INTERJECTION_LISTENING },
  { "stop", INTERJECTION_STOP, 0.6 },
  { "wait", INTERJECTION_STOP, 0.8 },
  { "hang on", INTERJECTION_STOP, 0.92 },
  { "hold on", INTERJECTION_STOP, 0.92 },
  { "hello", INTERJECTION_GREETING },
};

static const struct
{
  const gchar *word, *phones;
} ways[] = {
  { "stop", "S T AA P|T AA P|S T AO P|D AA P|S D AA P" },
  { "hm", "HH M|HH AH M|M" },
};

Interjection
interjection_find (const gchar *words)
{
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (!strcmp (all[i].words, words))
      return all[i].kind;
  return INTERJECTION_NONE;
}

gboolean
interjection_stops (const gchar *words, gdouble confidence)
{
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].kind == INTERJECTION_STOP && !strcmp (all[i].words, words))
      return confidence >= all[i].sure;
  return FALSE;
}

const gchar *
interjection_get (guint n)
{
  return n < G_N_ELEMENTS (all) ? all[n].words : NULL;
}

const gchar *
interjection_get_phones (const gchar *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (!strcmp (ways[i].word, word))
      return ways[i].phones;
  return "";
}
