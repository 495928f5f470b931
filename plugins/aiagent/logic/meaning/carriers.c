/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "carriers.h"

#include <string.h>

#define GREETS 0.5 /* how often somebody greets, */
#define GREETS_AGAIN 0.1 /* ... twice, */
#define ASKS 0.4 /* ... leads up to a question, */
#define WANTS 0.2 /* ... or to something else, */
#define ENDS 0.4 /* ... or adds something behind it */
#define SWAPS 0.3 /* or says what can be said another way */

static const gchar *const greetings[] = { "hello", "hi", "hey", "hi there",
  "hello there", "good morning", "good afternoon", "good evening", "good day",
  "yes", "yes hello", "okay", "well", "so", "um", "uh", "excuse me", "sorry",
  "please", "oh", "great", "all right" };

static const gchar *const before_questions[] = { "can you tell me",
  "could you tell me", "could you please tell me", "would you tell me",
  "tell me", "please tell me", "do you know", "i would like to know",
  "i'd like to know", "i want to know", "i need to know",
  "i just wanted to ask", "i wanted to ask", "may i ask", "can i ask",
  "i was wondering", "i wonder", "let me know", "i have a question",
  "quick question", "i'm calling to ask" };

static const gchar *const before_others[] = { "i would like", "i'd like",
  "i need", "i want", "can i have", "could i have", "could you", "can you",
  "would you", "please", "could you please", "i would like to", "i'd like to",
  "i need to", "i want to", "i'm calling about", "i am calling about",
  "it is about", "it's about", "i have a question about", "i think", "just",
  "i'm looking for", "can you give me", "let me", "give me",
  "i would like you to", "i need you to", "is it possible to", "how can i" };

static const gchar *const tails[] = { "please", "thank you", "thanks", "today",
  "now", "right now", "please thank you", "if you can", "if possible", "for me",
  "for me please", "tomorrow", "this week", "this afternoon", "tonight", "then",
  "again", "at the moment", "by the way", "or not", "if you don't mind",
  "if that's okay", "at your company", "over there", "with you", "actually" };

static const gchar *const questions[] = { "what", "when", "where", "how", "who",
  "which", "are", "is", "can", "could", "may", "do", "does", "will", "until",
  "what's", "where's", "when's" };

/* What may stand in place of the other. */
static const struct
{
  const gchar *one, *other;
} swaps[] = { { "can", "could" }, { "could", "can" }, { "can i", "may i" },
  { "may i", "can i" }, { "i would like", "i'd like" },
  { "i would like", "i want" }, { "i want", "i would like" },
  { "i want", "i'd like" }, { "i want", "i need" }, { "speak to", "talk to" },
  { "talk to", "speak to" }, { "speak to", "speak with" },
  { "talk to", "talk with" }, { "what is", "what's" }, { "what's", "what is" },
  { "that is", "that's" }, { "somebody", "someone" }, { "someone", "somebody" },
  { "do not", "don't" }, { "thank you", "thanks" }, { "i am", "i'm" },
  { "your", "the" }, { "my", "the" }, { "are you", "are you guys" } };

static const gchar *
pick (const gchar *const *list, guint n, GRand *random)
{
  return list[g_rand_int_range (random, 0, (gint32) n)];
}

static gboolean
happens (gdouble probability, GRand *random)
{
  return g_rand_double (random) < probability;
}

static gboolean
is_question (const gchar *phrase)
{
  g_autofree gchar *first = g_strndup (phrase, strcspn (phrase, " "));

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (!strcmp (questions[i], first))
      return TRUE;
  return FALSE;
}

/* @phrase has spaces at both ends, and so has what is given back. */
static gchar *
swap (gchar *phrase, GRand *random)
{
  for (guint i = 0; i < G_N_ELEMENTS (swaps); i++) {
    g_autofree gchar *one = g_strdup_printf (" %s ", swaps[i].one);
    const gchar *at = strstr (phrase, one);
    if (!at || !happens (SWAPS, random))
      continue;
    gchar *other = g_strdup_printf ("%.*s %s %s", (gint) (at - phrase), phrase,
        swaps[i].other, at + strlen (one));
    g_free (phrase);
    phrase = other;
  }
  return phrase;
}

static void
append (GString *out, const gchar *words)
{
  g_string_append_printf (out, "%s%s", out->len ? " " : "", words);
}

gchar *
carriers_wrap (const gchar *phrase, GRand *random)
{
  GString *out = g_string_new (NULL);
  const gboolean question = is_question (phrase);

  if (happens (GREETS, random)) {
    append (out, pick (greetings, G_N_ELEMENTS (greetings), random));
    if (happens (GREETS_AGAIN / GREETS, random))
      append (out, pick (greetings, G_N_ELEMENTS (greetings), random));
  }
  if (question && happens (ASKS, random))
    append (out,
        pick (before_questions, G_N_ELEMENTS (before_questions), random));
  if (!question && happens (WANTS, random))
    append (out, pick (before_others, G_N_ELEMENTS (before_others), random));
  g_autofree gchar *spaced = swap (g_strdup_printf (" %s ", phrase), random);
  append (out, g_strstrip (spaced));
  if (happens (ENDS, random))
    append (out, pick (tails, G_N_ELEMENTS (tails), random));
  return g_string_free (out, FALSE);
}

static void
collect (GHashTable *words, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  for (gchar **part = parts; *part; part++)
    if (!g_hash_table_contains (words, *part))
      g_hash_table_insert (words, g_strdup (*part), g_strdup (""));
}

void
carriers_collect_words (GHashTable *words)
{
  for (guint i = 0; i < G_N_ELEMENTS (greetings); i++)
    collect (words, greetings[i]);
  for (guint i = 0; i < G_N_ELEMENTS (before_questions); i++)
    collect (words, before_questions[i]);
  for (guint i = 0; i < G_N_ELEMENTS (before_others); i++)
    collect (words, before_others[i]);
  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    collect (words, tails[i]);
  for (guint i = 0; i < G_N_ELEMENTS (swaps); i++)
    collect (words, swaps[i].other);
}
