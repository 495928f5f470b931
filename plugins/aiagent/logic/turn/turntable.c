/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "turntable.h"

#include <math.h>
#include <string.h>

struct _TurnTable
{
  GQueue rows; /* of TurnRow, oldest first */
  guint64 n; /* ever */
};

static void
free_row (gpointer data)
{
  TurnRow *row = data;

  g_free (row->session);
  g_free (row);
}

TurnTable *
turn_table_new (void)
{
  TurnTable *self = g_new0 (TurnTable, 1);

  g_queue_init (&self->rows);
  return self;
}

void
turn_table_free (TurnTable *self)
{
  g_queue_clear_full (&self->rows, free_row);
  g_free (self);
}

void
turn_table_add (TurnTable *self, const TurnRow *row)
{
  TurnRow *copy = g_memdup2 (row, sizeof *row);

  copy->session = g_strdup (row->session);
  g_queue_push_tail (&self->rows, copy);
  self->n++;
  if (self->rows.length > TURN_TABLE_ROWS)
    free_row (g_queue_pop_head (&self->rows));
}

/* ---- Print */

static gint64
to_ms (gint64 ns)
{
  return (gint64) round ((gdouble) ns / 1e6);
}

/* As wide as its head. */
static void
print_stage (TurnStage stage, guint64 spent, GString *out)
{
  g_string_append_printf (out, " %*" G_GINT64_FORMAT,
      (gint) strlen (turn_stage_get_name (stage)), to_ms ((gint64) spent));
}

static void
print_row (const TurnRow *row, GString *out)
{
  g_string_append_printf (out, "%9.3f %-14.14s %5" G_GUINT64_FORMAT,
      (gdouble) row->at / 1e9, row->session, row->turn);
  for (TurnStage i = TURN_STAGE_DETECTION; i < TURN_N_STAGES; i++)
    print_stage (i, row->stages.spent[i], out);
  g_string_append_printf (out, " %7" G_GINT64_FORMAT,
      to_ms ((gint64) row->turn_around));
  if (row->left)
    g_string_append_printf (out, " %6" G_GINT64_FORMAT, to_ms (row->left));
  g_string_append_c (out, '\n');
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

/* Of a stage, or, at TURN_N_STAGES, of all together. */
static guint64
get_quantile (const TurnTable *self, guint column, gdouble quantile)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (const GList *item = self->rows.head; item; item = item->next) {
    const TurnRow *row = item->data;
    const guint64 value =
        column < TURN_N_STAGES ? row->stages.spent[column] : row->turn_around;
    g_array_append_val (values, value);
  }
  g_array_sort (values, compare);
  const guint rank = (guint) ceil (quantile * values->len);
  return g_array_index (values, guint64, CLAMP (rank, 1, values->len) - 1);
}

static void
print_quantile (const TurnTable *self, const gchar *name, gdouble quantile,
    GString *out)
{
  g_string_append_printf (out, "%9s %-14s %5s", name, "", "");
  for (TurnStage i = TURN_STAGE_DETECTION; i < TURN_N_STAGES; i++)
    print_stage (i, get_quantile (self, i, quantile), out);
  g_string_append_printf (out, " %7" G_GINT64_FORMAT "\n",
      to_ms ((gint64) get_quantile (self, TURN_N_STAGES, quantile)));
}

static void
print_head (GString *out)
{
  g_string_append_printf (out, "%9s %-14s %5s", "s", "session", "turn");
  for (TurnStage i = TURN_STAGE_DETECTION; i < TURN_N_STAGES; i++)
    g_string_append_printf (out, " %s", turn_stage_get_name (i));
  g_string_append (out, "     all   left\n");
}

gchar *
turn_table_print (const TurnTable *self)
{
  GString *out = g_string_new ("What callers waited for, ms:\n");

  if (!self->n) {
    g_string_free (out, TRUE);
    return NULL;
  }
  print_head (out);
  if (self->n > self->rows.length)
    g_string_append_printf (out, "... the last %u of %" G_GUINT64_FORMAT "\n",
        self->rows.length, self->n);
  for (const GList *item = self->rows.head; item; item = item->next)
    print_row (item->data, out);
  print_quantile (self, "p50", 0.5, out);
  print_quantile (self, "p95", 0.95, out);
  print_quantile (self, "max", 1, out);
  return g_string_free (out, FALSE);
}
