/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "namebudget.h"

static gboolean
take_of_source (NameBudget *self, const gchar *source)
{
  if (!self->sources)
    self->sources =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const guint n =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->sources, source));
  if (n >= NAME_BUDGET_SOURCE)
    return FALSE;
  g_hash_table_replace (self->sources, g_strdup (source),
      GUINT_TO_POINTER (n + 1));
  return TRUE;
}

gboolean
name_budget_take (NameBudget *self, const gchar *stranger)
{
  if (!stranger)
    return self->known < NAME_BUDGET_KNOWN && ++self->known;
  if (self->strangers >= NAME_BUDGET_STRANGERS ||
      !take_of_source (self, stranger))
    return FALSE;
  self->strangers++;
  return TRUE;
}

void
name_budget_clear (NameBudget *self)
{
  g_clear_pointer (&self->sources, g_hash_table_unref);
}
