/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaiitems.h"

struct _OpenaiItems
{
  GPtrArray *items;
};

static void
item_free (gpointer data)
{
  OpenaiItem *self = data;

  g_free (self->id);
  g_free (self->response);
  g_string_free (self->text, TRUE);
  g_free (self);
}

OpenaiItems *
openai_items_new (void)
{
  OpenaiItems *self = g_new (OpenaiItems, 1);

  self->items = g_ptr_array_new_with_free_func (item_free);
  return self;
}

void
openai_items_free (OpenaiItems *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

void
openai_items_clear (OpenaiItems *self)
{
  g_ptr_array_set_size (self->items, 0);
}

OpenaiItem *
openai_items_find (OpenaiItems *self, const gchar *id)
{
  for (guint i = self->items->len; i > 0; i--) {
    OpenaiItem *item = g_ptr_array_index (self->items, i - 1);
    if (g_str_equal (item->id, id))
      return item;
  }
  return NULL;
}

/* How much is lost with it. @first: of those that have sound. */
static guint
get_worth (const OpenaiItem *item, gboolean first)
{
  return (first ? 4 : 0) + (item->answer ? 2 : 0) + (item->ended ? 0 : 1);
}

OpenaiItem *
openai_items_get_excess (OpenaiItems *self)
{
  OpenaiItem *excess = NULL;
  guint least = G_MAXUINT;
  gboolean spoken = FALSE; /* there was one that is being spoken */

  for (guint i = 0; self->items->len >= OPENAI_ITEMS && i < self->items->len;
       i++) {
    OpenaiItem *item = g_ptr_array_index (self->items, i);
    const guint worth = get_worth (item, item->answer && !spoken);
    spoken = spoken || item->answer;
    if (worth >= least)
      continue;
    least = worth;
    excess = item;
  }
  return excess;
}

OpenaiItem *
openai_items_get (OpenaiItems *self, const gchar *id, const gchar *response)
{
  OpenaiItem *item = openai_items_find (self, id);

  if (item)
    return item;
  OpenaiItem *excess = openai_items_get_excess (self);
  if (excess)
    g_ptr_array_remove (self->items, excess);
  item = g_new0 (OpenaiItem, 1);
  item->id = g_strdup (id);
  item->response = g_strdup (response);
  item->odd = -1;
  item->text = g_string_new (NULL);
  g_ptr_array_add (self->items, item);
  return item;
}

guint
openai_items_get_length (const OpenaiItems *self)
{
  return self->items->len;
}

OpenaiItem *
openai_items_get_at (OpenaiItems *self, guint index)
{
  return g_ptr_array_index (self->items, index);
}

void
openai_items_played (OpenaiItems *self, guint answer)
{
  for (guint i = self->items->len; answer && i > 0; i--) {
    const OpenaiItem *item = g_ptr_array_index (self->items, i - 1);
    if (item->answer && item->answer <= answer)
      g_ptr_array_remove_index (self->items, i - 1);
  }
}

static void
cut_clear (gpointer data)
{
  g_free (((OpenaiCut *) data)->id);
}

GArray *
openai_items_cut (OpenaiItems *self, guint answer, guint heard, guint byte_rate)
{
  GArray *cuts = g_array_new (FALSE, FALSE, sizeof (OpenaiCut));

  g_array_set_clear_func (cuts, cut_clear);
  for (guint i = 0; i < self->items->len; i++) {
    const OpenaiItem *item = g_ptr_array_index (self->items, i);
    if (item->answer && item->answer < answer)
      continue; /* heard, and not said to be yet */
    const gint64 received = (gint64) (item->bytes * 1000 / byte_rate);
    const OpenaiCut cut = { g_strdup (item->id), item->content_index,
      item->answer && item->answer == answer ? MIN (heard, received) : 0 };
    g_array_append_val (cuts, cut);
  }
  openai_items_clear (self);
  return cuts;
}
