/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "playout.h"

#include <string.h>

#define FRAME_MS 20
/* Played bytes of clauses that are over are given back in pieces of this size: a long
 * answer does not stay in memory. */
#define PIECE 65536

typedef struct
{
  gsize start; /* byte of the item, from its first on */
  gchar *text;
} Clause;

typedef struct
{
  PlayoutNoteType type; /* MARK, or STARTED for an item */
  guint id;
  guint64 order; /* in which they came */
  gpointer data; /* of a mark */
  gboolean interruptible;
  gboolean ended; /* no more bytes come */
  gboolean started;
  GByteArray *bytes;
  gsize at; /* bytes before it are played */
  gsize gone; /* played bytes that are not kept any more */
  GArray *clauses; /* Clause, in order; of an item */
} Entry;

struct _Playout
{
  gsize frame_size;
  guint8 silence;
  GDestroyNotify free_mark;
  GQueue entries; /* Entry: items and marks in order */
  GQueue held; /* the same: what playout_hold() took out */
  GQueue notes; /* PlayoutNote */
  guint last_id;
  guint64 n_entries; /* ever */
};

Playout *
playout_new (gsize frame_size, guint8 silence, GDestroyNotify free_mark)
{
  Playout *self = g_new0 (Playout, 1);

  self->frame_size = frame_size;
  self->silence = silence;
  self->free_mark = free_mark;
  g_queue_init (&self->entries);
  g_queue_init (&self->held);
  g_queue_init (&self->notes);
  return self;
}

static void
clause_clear (gpointer data)
{
  g_free (((Clause *) data)->text);
}

static void
entry_free (Playout *self, Entry *entry)
{
  if (entry->data && self->free_mark)
    self->free_mark (entry->data);
  g_clear_pointer (&entry->bytes, g_byte_array_unref);
  g_clear_pointer (&entry->clauses, g_array_unref);
  g_free (entry);
}

static void
drop (Playout *self, GQueue *entries)
{
  Entry *entry;

  while ((entry = g_queue_pop_head (entries)))
    entry_free (self, entry);
}

void
playout_reset (Playout *self)
{
  PlayoutNote *note;

  drop (self, &self->entries);
  drop (self, &self->held);
  while ((note = g_queue_pop_head (&self->notes))) {
    if (note->data && self->free_mark)
      self->free_mark (note->data);
    g_free (note);
  }
}

void
playout_free (Playout *self)
{
  playout_reset (self);
  g_free (self);
}

void
playout_number_after (Playout *self, const Playout *other)
{
  self->last_id = other->last_id;
}

/* ---- In */

static Entry *
append (Playout *self, PlayoutNoteType type)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->type = type;
  entry->order = self->n_entries++;
  g_queue_push_tail (&self->entries, entry);
  return entry;
}

guint
playout_begin (Playout *self, gboolean interruptible)
{
  Entry *entry = append (self, PLAYOUT_ITEM_STARTED);

  entry->id = ++self->last_id ? self->last_id : ++self->last_id;
  entry->interruptible = interruptible;
  entry->bytes = g_byte_array_new ();
  entry->clauses = g_array_new (FALSE, FALSE, sizeof (Clause));
  g_array_set_clear_func (entry->clauses, clause_clear);
  return entry->id;
}

static Entry *
find_in (const GQueue *entries, guint item)
{
  for (GList *l = entries->tail; l; l = l->prev) {
    Entry *entry = l->data;
    if (entry->id == item && entry->bytes)
      return entry;
  }
  return NULL;
}

static Entry *
find (Playout *self, guint item)
{
  Entry *entry = find_in (&self->entries, item);

  return entry ? entry : find_in (&self->held, item);
}

gboolean
playout_write (Playout *self, guint item, gconstpointer data, gsize size)
{
  Entry *entry = find (self, item);

  if (!entry || entry->ended)
    return FALSE;
  g_byte_array_append (entry->bytes, data, (guint) size);
  return TRUE;
}

void
playout_clause (Playout *self, guint item, const gchar *text)
{
  Entry *entry = find (self, item);

  if (!entry || entry->ended)
    return;
  const Clause clause = { entry->gone + entry->bytes->len, g_strdup (text) };
  g_array_append_val (entry->clauses, clause);
}

void
playout_end (Playout *self, guint item)
{
  Entry *entry = find (self, item);

  if (entry)
    entry->ended = TRUE;
}

void
playout_mark (Playout *self, gpointer data)
{
  append (self, PLAYOUT_MARK)->data = data;
}

/* ---- Out */

static guint
milliseconds (const Playout *self, gsize bytes)
{
  return (guint) (bytes * FRAME_MS / self->frame_size);
}

static void
note (Playout *self, PlayoutNoteType type, guint item, guint heard,
    gpointer data)
{
  PlayoutNote *entry = g_new (PlayoutNote, 1);

  *entry = (PlayoutNote){ type, item, heard, data };
  g_queue_push_tail (&self->notes, entry);
}

static gsize
available (const Entry *entry)
{
  return entry->bytes->len - entry->at;
}

/* Takes what is over off the head: marks, and items with nothing left. */
static void
retire (Playout *self)
{
  Entry *entry;

  while ((entry = g_queue_peek_head (&self->entries))) {
    if (entry->bytes && (!entry->ended || available (entry)))
      return;
    if (entry->bytes)
      note (self, PLAYOUT_ITEM_DONE, entry->id,
          milliseconds (self, entry->gone + entry->at), NULL);
    else
      note (self, PLAYOUT_MARK, 0, 0, g_steal_pointer (&entry->data));
    g_queue_pop_head (&self->entries);
    entry_free (self, entry);
  }
}

/* The clause that byte @at of the item is in; the number of them if in none. */
static guint
find_clause (const Entry *entry, gsize at)
{
  guint i = entry->clauses->len;

  while (i > 0 && g_array_index (entry->clauses, Clause, i - 1).start > at)
    i--;
  return i > 0 ? i - 1 : entry->clauses->len;
}

/* Where the clause that was last heard begins. */
static gsize
clause_start (const Entry *entry)
{
  const gsize at = entry->gone + entry->at;
  const guint i = find_clause (entry, at > 0 ? at - 1 : 0);

  return i < entry->clauses->len
      ? g_array_index (entry->clauses, Clause, i).start
      : 0;
}

/* What was said is kept as far as it may be said again. */
static void
give_back (Playout *self, Entry *entry)
{
  const gsize most = self->frame_size * (PLAYOUT_KEEP / FRAME_MS);
  const gsize start = clause_start (entry);
  gsize over = start > entry->gone ? start - entry->gone : 0;

  if (entry->at - over > most)
    over = entry->at;
  if (over < PIECE)
    return;
  g_byte_array_remove_range (entry->bytes, 0, (guint) over);
  entry->gone += over;
  entry->at -= over;
}

static void
take (Playout *self, Entry *entry, guint8 *frame)
{
  gsize n = MIN (available (entry), self->frame_size);

  memcpy (frame, entry->bytes->data + entry->at, n);
  memset (frame + n, self->silence, self->frame_size - n);
  entry->at += n;
  give_back (self, entry);
}

gboolean
playout_read (Playout *self, guint8 *frame)
{
  retire (self);
  Entry *entry = g_queue_peek_head (&self->entries);
  if (!entry || (!entry->ended && available (entry) < self->frame_size))
    return FALSE;
  if (!entry->started)
    note (self, PLAYOUT_ITEM_STARTED, entry->id, 0, NULL);
  entry->started = TRUE;
  take (self, entry, frame);
  retire (self);
  return TRUE;
}

gboolean
playout_next_note (Playout *self, PlayoutNote *next)
{
  g_autofree PlayoutNote *head = g_queue_pop_head (&self->notes);

  if (head)
    *next = *head;
  return head != NULL;
}

/* ---- Hold */

static gboolean
is_silent (const Playout *self, const Entry *entry, gsize end)
{
  for (gsize i = entry->at; i < end; i++)
    if (entry->bytes->data[i] != self->silence)
      return FALSE;
  return TRUE;
}

/* All that would be heard of the clause was: its pause is left, or nothing. */
static gboolean
is_said (const Playout *self, const Entry *entry)
{
  const guint next = find_clause (entry, clause_start (entry)) + 1;
  const gboolean last = next >= entry->clauses->len;
  const gsize end = last
      ? entry->bytes->len
      : g_array_index (entry->clauses, Clause, next).start - entry->gone;

  return (!last || entry->ended) && is_silent (self, entry, end);
}

static void
rewind_entry (Playout *self, Entry *entry)
{
  if (!entry || !entry->bytes || !entry->at || is_said (self, entry))
    return;
  const gsize start = clause_start (entry);
  if (start >= entry->gone)
    entry->at = start - entry->gone;
}

void
playout_rewind (Playout *self)
{
  rewind_entry (self, g_queue_peek_head (&self->entries));
  rewind_entry (self, g_queue_peek_head (&self->held));
}

/* ---- Interruption */

static void
measure (const Playout *self, const Entry *entry, PlayoutCut *cut)
{
  if (!entry->started || cut->item)
    return;
  cut->item = entry->id;
  cut->heard = milliseconds (self, entry->gone + entry->at);
  cut->total = milliseconds (self, entry->gone + entry->bytes->len);
}

/* All that may be interrupted: from the queue to @out, behind what is there. */
static void
take_interruptible (Playout *self, GQueue *out, PlayoutCut *cut)
{
  gboolean kept = TRUE;

  for (GList *l = self->entries.head, *next; l; l = next) {
    Entry *entry = l->data;
    next = l->next;
    /* A mark goes with the item before it; one that has none was waited for. */
    if (entry->bytes)
      kept = !entry->interruptible;
    if (kept)
      continue;
    if (entry->bytes)
      measure (self, entry, cut);
    g_queue_unlink (&self->entries, l);
    g_queue_push_tail_link (out, l);
  }
}

gboolean
playout_interrupt (Playout *self, PlayoutCut *cut)
{
  GQueue dropped = G_QUEUE_INIT;

  *cut = (PlayoutCut){ 0 };
  take_interruptible (self, &dropped, cut);
  gboolean any = dropped.length > 0;
  for (GList *l = self->held.head; l; l = l->next)
    if (((Entry *) l->data)->bytes)
      measure (self, l->data, cut);
  drop (self, &dropped);
  drop (self, &self->held);
  return any;
}

gboolean
playout_hold (Playout *self, PlayoutCut *cut)
{
  guint before = self->held.length;

  *cut = (PlayoutCut){ 0 };
  take_interruptible (self, &self->held, cut);
  return self->held.length > before;
}

static gint
by_order (gconstpointer a, gconstpointer b, gpointer data)
{
  const Entry *x = a, *y = b;

  return (x->order > y->order) - (x->order < y->order);
}

gboolean
playout_resume (Playout *self)
{
  gboolean any = self->held.length > 0;
  Entry *entry;

  while ((entry = g_queue_pop_head (&self->held)))
    g_queue_insert_sorted (&self->entries, entry, by_order, NULL);
  return any;
}

gboolean
playout_is_speaking (const Playout *self)
{
  return !g_queue_is_empty ((GQueue *) &self->entries);
}

guint
playout_get_pending (const Playout *self)
{
  const GQueue *both[] = { &self->entries, &self->held };
  gsize bytes = 0;

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (GList *l = both[i]->head; l; l = l->next) {
      const Entry *entry = l->data;
      if (entry->bytes)
        bytes += available (entry);
    }
  return milliseconds (self, bytes);
}
