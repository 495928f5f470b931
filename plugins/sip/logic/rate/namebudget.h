/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many names of headers may be kept for the life of the process: those of callers who
 * are known are not to be had by strangers, nor those of all strangers by one of them. */

#define NAME_BUDGET_KNOWN 1000
#define NAME_BUDGET_STRANGERS 500
#define NAME_BUDGET_SOURCE 50 /* of one stranger */

/* Zeroed in the beginning. */
typedef struct
{
  guint known, strangers;
  GHashTable *sources; /* host -> how many */
} NameBudget;

/* TRUE: one more. @stranger: the host of a caller who is not known, else NULL. */
gboolean name_budget_take (NameBudget *self, const gchar *stranger);
void name_budget_clear (NameBudget *self);

G_END_DECLS
