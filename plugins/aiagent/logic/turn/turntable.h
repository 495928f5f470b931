/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "turnstages.h"

G_BEGIN_DECLS

/* Turns as a person reads them: a row each, what every stage took, and percentiles below.
 * Whoever has one keeps others out. */

#define TURN_TABLE_ROWS 1000 /* of the last turns; percentiles are over these */

typedef struct
{
  gchar *session;
  guint64 turn; /* number */
  guint64 at; /* ns of running time: when the answer began */
  TurnStages stages;
  guint64 turn_around; /* ns */
  gint64 left; /* ns of the budget, < 0 = late; 0 also without one */
} TurnRow;

typedef struct _TurnTable TurnTable;

TurnTable *turn_table_new (void);
void turn_table_free (TurnTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TurnTable, turn_table_free)

/* Takes a copy. */
void turn_table_add (TurnTable *self, const TurnRow *row);
/* In ms, of at most 90 columns a line; NULL: there was no turn. (transfer full) */
gchar *turn_table_print (const TurnTable *self);

G_END_DECLS
