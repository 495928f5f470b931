/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "ngram.h"

#include <math.h>
#include <string.h>

#define ORDER 3
#define EVEN 0.05 /* share of the even distribution in that of single words */
#define NEVER -99.0 /* logarithm of a probability of 0, as the format has it */

/* What follows a history. */
typedef struct
{
  gdouble count; /* of all that follows */
  guint types; /* how many words do */
} History;

struct _Ngram
{
  GHashTable *counts[ORDER]; /* "A B C" -> gdouble */
  GHashTable *histories[ORDER]; /* "A B" -> History; of single words: "" */
};

Ngram *
ngram_new (void)
{
  Ngram *self = g_new (Ngram, 1);

  for (guint i = 0; i < ORDER; i++) {
    self->counts[i] =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    self->histories[i] =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  }
  return self;
}

void
ngram_free (Ngram *self)
{
  for (guint i = 0; i < ORDER; i++) {
    g_hash_table_unref (self->counts[i]);
    g_hash_table_unref (self->histories[i]);
  }
  g_free (self);
}

/* @gram: words with a space between them; takes it. */
static void
add_gram (Ngram *self, guint order, gchar *gram, gdouble weight)
{
  gdouble *count = g_hash_table_lookup (self->counts[order], gram);
  const gchar *last = strrchr (gram, ' ');
  g_autofree gchar *before = g_strndup (gram, last ? (gsize) (last - gram) : 0);
  History *history = g_hash_table_lookup (self->histories[order], before);

  if (!history) {
    history = g_new0 (History, 1);
    g_hash_table_insert (self->histories[order], g_steal_pointer (&before),
        history);
  }
  history->count += weight;
  if (count) {
    *count += weight;
    g_free (gram);
    return;
  }
  history->types++;
  count = g_new (gdouble, 1);
  *count = weight;
  g_hash_table_insert (self->counts[order], gram, count);
}

void
ngram_add (Ngram *self, const gchar *sentence, gdouble weight)
{
  g_autofree gchar *whole = g_strdup_printf ("<s> %s </s>", sentence);
  g_auto (GStrv) words = g_strsplit (whole, " ", -1);

  for (guint i = 1; words[i]; i++) {
    add_gram (self, 0, g_strdup (words[i]), weight);
    add_gram (self, 1, g_strjoin (" ", words[i - 1], words[i], NULL), weight);
    if (i > 1)
      add_gram (self, 2,
          g_strjoin (" ", words[i - 2], words[i - 1], words[i], NULL), weight);
  }
}

static gdouble
count_of (Ngram *self, guint order, const gchar *gram)
{
  const gdouble *count = g_hash_table_lookup (self->counts[order], gram);

  return count ? *count : 0;
}

/* What is left for words that never followed. */
static gdouble
rest_of (const History *history)
{
  return history ? history->types / (history->count + history->types) : 1;
}

/* Of the last of the @order + 1 words of @gram. */
static gdouble
probability (Ngram *self, guint order, const gchar *gram)
{
  const gchar *last = strrchr (gram, ' ');
  g_autofree gchar *before = g_strndup (gram, last ? (gsize) (last - gram) : 0);
  const History *history = g_hash_table_lookup (self->histories[order], before);
  const gdouble count = count_of (self, order, gram);

  if (!order)
    return EVEN / MAX (g_hash_table_size (self->counts[0]), 1) +
        (history ? (1 - EVEN) * count / history->count : 0);
  const gdouble lower = probability (self, order - 1, strchr (gram, ' ') + 1);
  if (!history)
    return lower;
  return (count + history->types * lower) / (history->count + history->types);
}

gdouble
ngram_get_probability (Ngram *self, const gchar *before, const gchar *last,
    const gchar *word)
{
  g_autofree gchar *gram = before && last
      ? g_strjoin (" ", before, last, word, NULL)
      : last ? g_strjoin (" ", last, word, NULL)
             : g_strdup (word);

  return probability (self, last ? before ? 2 : 1 : 0, gram);
}

static void
write_gram (Ngram *self, guint order, const gchar *gram, GString *out)
{
  const gboolean begins = !strcmp (gram, "<s>");
  const gdouble p = begins ? NEVER : log10 (probability (self, order, gram));

  g_string_append_printf (out, "%.4f %s", p, gram);
  if (order + 1 < ORDER)
    g_string_append_printf (out, " %.4f",
        log10 (
            rest_of (g_hash_table_lookup (self->histories[order + 1], gram))));
  g_string_append_c (out, '\n');
}

static gint
compare_grams (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

gchar *
ngram_write (Ngram *self)
{
  GString *out = g_string_new ("\\data\\\n");

  /* Nothing ends in <s>, but all sentences begin behind it. */
  for (guint order = 0; order < ORDER; order++)
    g_string_append_printf (out, "ngram %u=%u\n", order + 1,
        g_hash_table_size (self->counts[order]) + !order);
  for (guint order = 0; order < ORDER; order++) {
    g_autoptr (GList) grams =
        g_list_sort (g_hash_table_get_keys (self->counts[order]),
            compare_grams);
    g_string_append_printf (out, "\n\\%u-grams:\n", order + 1);
    if (!order)
      write_gram (self, 0, "<s>", out);
    for (GList *gram = grams; gram; gram = gram->next)
      write_gram (self, order, gram->data, out);
  }
  g_string_append (out, "\n\\end\\\n");
  return g_string_free (out, FALSE);
}
