/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "playout.h"

G_BEGIN_DECLS

/* What the files of Playout share: playout.c (the queue), playoutclauses.c,
 * playoutwords.c and playoutpoints.c. */

typedef struct
{
  gsize start; /* byte of the item, from its first on */
  gchar *text;
} PlayoutClause;

typedef struct
{
  gsize at; /* byte of the item, from its first on */
  guint number;
} PlayoutPoint;

typedef struct
{
  PlayoutNoteType type; /* MARK, or STARTED for an item */
  guint id;
  guint64 order; /* in which they came */
  gpointer data; /* of a mark */
  gboolean interruptible;
  gboolean ended; /* no more bytes come */
  guint hold; /* number of the hold that took it out first, 0 = none has */
  gboolean started;
  GByteArray *bytes;
  gsize at; /* bytes before it are played */
  gsize gone; /* played bytes that are not kept any more */
  GArray *clauses; /* PlayoutClause, in order; of an item */
  GArray
      *points; /* PlayoutPoint, in order, that were not reached; NULL = none */
  guint64 tag;
  gchar *text; /* NULL: that of the clauses */
} PlayoutEntry;

/* The words of @entry, NULL if it has none. */
gchar *playout_entry_dup_words (const PlayoutEntry *entry);
/* Those that were heard, as far as it was played; a byte of @silence is none. */
gchar *playout_entry_dup_heard (const PlayoutEntry *entry, guint8 silence);

/* Where the clause that was last heard begins: a byte of the item. */
gsize playout_entry_get_clause_start (const PlayoutEntry *entry);
/* Back to there, or not, if all of it was said; @entry may be NULL, or a mark. */
void playout_entry_rewind (PlayoutEntry *entry, guint8 silence);

void playout_entry_add_point (PlayoutEntry *entry, guint number);
/* Takes out those that were reached: the number of the last, 0 = none was. */
guint playout_entry_take_points (PlayoutEntry *entry);

G_END_DECLS
