/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "targetmemory.h"

struct _TargetMemory
{
  GHashTable *untils; /* name -> gint64 * */
};

TargetMemory *
target_memory_new (void)
{
  TargetMemory *self = g_new (TargetMemory, 1);

  self->untils =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
target_memory_free (TargetMemory *self)
{
  g_hash_table_unref (self->untils);
  g_free (self);
}

static void
forget_soonest (TargetMemory *self)
{
  GHashTableIter iter;
  gpointer name, until;
  const gchar *soonest = NULL;
  gint64 end = G_MAXINT64;

  g_hash_table_iter_init (&iter, self->untils);
  while (g_hash_table_iter_next (&iter, &name, &until))
    if (*(gint64 *) until < end) {
      end = *(gint64 *) until;
      soonest = name;
    }
  g_hash_table_remove (self->untils, soonest);
}

void
target_memory_avoid (TargetMemory *self, const gchar *name, gint64 until)
{
  gint64 *known = g_hash_table_lookup (self->untils, name);

  if (known) {
    *known = MAX (*known, until);
    return;
  }
  if (g_hash_table_size (self->untils) >= TARGET_MEMORY_MAX)
    forget_soonest (self);
  g_hash_table_insert (self->untils, g_strdup (name),
      g_memdup2 (&until, sizeof until));
}

void
target_memory_clear (TargetMemory *self, const gchar *name)
{
  g_hash_table_remove (self->untils, name);
}

gboolean
target_memory_is_avoided (TargetMemory *self, const gchar *name, gint64 now)
{
  const gint64 *until = g_hash_table_lookup (self->untils, name);

  if (!until || *until > now)
    return until != NULL;
  g_hash_table_remove (self->untils, name);
  return FALSE;
}
