/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "expansion.h"

#include <string.h>

typedef struct
{
  const DialogueFile *file;
  const gchar *at;
} Reader;

static GPtrArray *read_choice (Reader *self);

static void
expansion_free (gpointer data)
{
  Expansion *self = data;

  g_free (self->words);
  g_free (self->values);
  g_free (self);
}

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func (expansion_free);
}

static gchar *
join (const gchar *one, const gchar *other)
{
  return g_strconcat (one, *one && *other ? " " : "", other, NULL);
}

static void
add (GPtrArray *list, gchar *words, gchar *values)
{
  Expansion *one = g_new (Expansion, 1);

  *one = (Expansion){ words, values };
  g_ptr_array_add (list, one);
}

/* Each of @left before each of @right, both of which are taken. If there are too many, each
 * of @right has some of @left, by turns: a name is missed, another way to ask for it is not. */
static GPtrArray *
multiply (GPtrArray *left, GPtrArray *right)
{
  GPtrArray *product = list_new ();
  const guint some =
      MIN (left->len, MAX (1, EXPANSION_MAX / MAX (right->len, 1)));

  for (guint r = 0; r < right->len; r++)
    for (guint i = 0; i < some && product->len < EXPANSION_MAX; i++) {
      const guint l = (r + i * (left->len / some)) % left->len;
      const Expansion *one = g_ptr_array_index (left, l);
      const Expansion *other = g_ptr_array_index (right, r);
      add (product, join (one->words, other->words),
          join (one->values, other->values));
    }
  g_ptr_array_unref (left);
  g_ptr_array_unref (right);
  return product;
}

static const DialogueSlot *
find_slot (const DialogueFile *file, const gchar *name)
{
  for (guint i = 0; i < file->slots->len; i++) {
    const DialogueSlot *slot = g_ptr_array_index (file->slots, i);
    if (!strcmp (slot->name, name))
      return slot;
  }
  return NULL;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static GPtrArray *
read_slot (Reader *self)
{
  GPtrArray *list = list_new ();
  const gsize n = strcspn (self->at, ">");
  g_autofree gchar *name = g_strndup (self->at + 1, n - 1);
  const DialogueSlot *slot = find_slot (self->file, name);
  /* in the same order each time */
  g_autoptr (GList) spoken = slot
      ? g_list_sort (g_hash_table_get_keys (slot->spoken), compare_names)
      : NULL;

  self->at += n + 1;
  for (GList *words = spoken; words; words = words->next) {
    const DialogueValue *value =
        g_hash_table_lookup (slot->spoken, words->data);
    add (list, g_strdup (words->data),
        g_strdup_printf ("%s=%s", slot->name, value->name));
  }
  return list;
}

static GPtrArray *
read_item (Reader *self)
{
  if (*self->at == '<')
    return read_slot (self);
  if (*self->at == '[' || *self->at == '(') {
    const gboolean optional = *self->at++ == '[';
    GPtrArray *list = read_choice (self);
    if (optional)
      add (list, g_strdup (""), g_strdup (""));
    self->at++;
    return list;
  }
  GPtrArray *list = list_new ();
  const gsize n = MAX (strcspn (self->at, " \t[]()<>|"), 1);
  add (list, g_ascii_strdown (self->at, (gssize) n), g_strdup (""));
  self->at += n;
  return list;
}

static GPtrArray *
read_sequence (Reader *self)
{
  GPtrArray *list = list_new ();

  add (list, g_strdup (""), g_strdup (""));
  for (;;) {
    self->at += strspn (self->at, " \t");
    if (!*self->at || strchr ("|])", *self->at))
      return list;
    list = multiply (list, read_item (self));
  }
}

static GPtrArray *
read_choice (Reader *self)
{
  GPtrArray *list = read_sequence (self);

  while (*self->at == '|') {
    self->at++;
    g_autoptr (GPtrArray) more = read_sequence (self);
    g_ptr_array_extend_and_steal (list, g_steal_pointer (&more));
  }
  return list;
}

GPtrArray *
expansion_collect (const DialogueFile *file, const gchar *phrase)
{
  Reader reader = { file, phrase };

  return read_choice (&reader);
}
