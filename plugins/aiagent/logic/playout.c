/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "playoutprivate.h"

#include <string.h>

#define FRAME_MS 20
/* Played bytes of clauses that are over are given back in pieces of this size: a long
 * answer does not stay in memory. */
#define PIECE 65536

struct _Playout
{
  gsize frame_size;
  guint8 silence;
  GDestroyNotify free_mark;
  GQueue entries; /* PlayoutEntry: items and marks in order */
  GQueue held; /* the same: what playout_hold() took out */
  GQueue notes; /* PlayoutNote */
  guint last_hold;
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
  g_free (((PlayoutClause *) data)->text);
}

static void
entry_free (Playout *self, PlayoutEntry *entry)
{
  if (entry->data && self->free_mark)
    self->free_mark (entry->data);
  g_clear_pointer (&entry->bytes, g_byte_array_unref);
  g_clear_pointer (&entry->clauses, g_array_unref);
  g_clear_pointer (&entry->points, g_array_unref);
  g_free (entry->text);
  g_free (entry);
}

static void
free_all (Playout *self, GQueue *entries)
{
  PlayoutEntry *entry;

  while ((entry = g_queue_pop_head (entries)))
    entry_free (self, entry);
}

void
playout_reset (Playout *self)
{
  PlayoutNote *note;

  free_all (self, &self->entries);
  free_all (self, &self->held);
  while ((note = g_queue_pop_head (&self->notes))) {
    if (note->data && self->free_mark)
      self->free_mark (note->data);
    g_free (note->words);
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
  self->last_hold = other->last_hold;
}

void
playout_number_answers_after (Playout *self, guint answer)
{
  self->last_id = answer;
}

guint
playout_get_last_answer (const Playout *self)
{
  return self->last_id;
}

/* ---- In */

static PlayoutEntry *
append (Playout *self, PlayoutNoteType type)
{
  PlayoutEntry *entry = g_new0 (PlayoutEntry, 1);

  entry->type = type;
  entry->order = self->n_entries++;
  g_queue_push_tail (&self->entries, entry);
  return entry;
}

guint
playout_begin (Playout *self, gboolean interruptible)
{
  PlayoutEntry *entry = append (self, PLAYOUT_ITEM_STARTED);

  entry->id = ++self->last_id ? self->last_id : ++self->last_id;
  entry->interruptible = interruptible;
  entry->bytes = g_byte_array_new ();
  entry->clauses = g_array_new (FALSE, FALSE, sizeof (PlayoutClause));
  g_array_set_clear_func (entry->clauses, clause_clear);
  return entry->id;
}

static PlayoutEntry *
find_in (const GQueue *entries, guint item)
{
  for (GList *l = entries->tail; l; l = l->prev) {
    PlayoutEntry *entry = l->data;
    if (entry->id == item && entry->bytes)
      return entry;
  }
  return NULL;
}

static PlayoutEntry *
find (Playout *self, guint item)
{
  PlayoutEntry *entry = find_in (&self->entries, item);

  return entry ? entry : find_in (&self->held, item);
}

gboolean
playout_write (Playout *self, guint item, gconstpointer data, gsize size)
{
  PlayoutEntry *entry = find (self, item);

  if (!entry || entry->ended)
    return FALSE;
  g_byte_array_append (entry->bytes, data, (guint) size);
  return TRUE;
}

void
playout_tag (Playout *self, guint item, guint64 tag)
{
  PlayoutEntry *entry = find (self, item);

  if (entry)
    entry->tag = tag;
}

void
playout_text (Playout *self, guint item, const gchar *text)
{
  PlayoutEntry *entry = find (self, item);

  if (!entry)
    return;
  g_free (entry->text);
  entry->text = g_strdup (text);
}

void
playout_clause (Playout *self, guint item, const gchar *text)
{
  PlayoutEntry *entry = find (self, item);

  if (!entry || entry->ended)
    return;
  const PlayoutClause clause = { entry->gone + entry->bytes->len,
    g_strdup (text) };
  g_array_append_val (entry->clauses, clause);
}

gboolean
playout_end (Playout *self, guint item)
{
  PlayoutEntry *entry = find (self, item);
  const gboolean open = entry && !entry->ended;

  if (entry)
    entry->ended = TRUE;
  return open;
}

void
playout_give_up (Playout *self)
{
  if (self->entries.head)
    ((PlayoutEntry *) self->entries.head->data)->ended = TRUE;
}

static gboolean
has_items (const GQueue *entries)
{
  for (const GList *l = entries->head; l; l = l->next)
    if (((const PlayoutEntry *) l->data)->bytes)
      return TRUE;
  return FALSE;
}

guint64
playout_mark (Playout *self, gpointer data)
{
  const gboolean waits = self->held.length && !has_items (&self->entries);
  PlayoutEntry *entry = append (self, PLAYOUT_MARK);

  entry->data = data;
  if (waits) {
    entry->hold = self->last_hold;
    g_queue_push_tail (&self->held, g_queue_pop_tail (&self->entries));
  }
  return entry->order;
}

gboolean
playout_has_mark (const Playout *self, guint64 mark)
{
  const GQueue *both[] = { &self->entries, &self->held };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (GList *l = both[i]->head; l; l = l->next)
      if (((PlayoutEntry *) l->data)->order == mark)
        return TRUE;
  return FALSE;
}

/* ---- Out */

static guint
milliseconds (const Playout *self, gsize bytes)
{
  return (guint) (bytes * FRAME_MS / self->frame_size);
}

static void
note (Playout *self, const PlayoutNote *note)
{
  g_queue_push_tail (&self->notes, g_memdup2 (note, sizeof *note));
}

static void
note_points (Playout *self, PlayoutEntry *entry)
{
  const guint last = playout_entry_take_points (entry);

  if (last)
    note (self, &(PlayoutNote){ .type = PLAYOUT_POINT, .point = last });
}

gboolean
playout_point (Playout *self, guint item, guint number)
{
  PlayoutEntry *entry = find (self, item);

  if (!entry)
    return FALSE;
  playout_entry_add_point (entry, number);
  note_points (self, entry); /* it may have been taken already */
  return TRUE;
}

static gsize
available (const PlayoutEntry *entry)
{
  return entry->bytes->len - entry->at;
}

/* ---- Out: taking */

/* A mark, or an item with nothing left. */
static gboolean
is_over (const PlayoutEntry *entry)
{
  return !entry->bytes || (entry->ended && !available (entry));
}

/* Takes what is over off the head. */
static void
retire (Playout *self)
{
  PlayoutEntry *entry;

  while ((entry = g_queue_peek_head (&self->entries))) {
    if (!is_over (entry))
      return;
    note_points (self, entry);
    if (entry->bytes)
      note (self,
          &(PlayoutNote){ .type = PLAYOUT_ITEM_DONE,
              .item = entry->id,
              .heard = milliseconds (self, entry->gone + entry->at),
              .tag = entry->tag,
              .words = playout_entry_dup_words (entry) });
    else
      note (self,
          &(PlayoutNote){ .type = PLAYOUT_MARK,
              .data = g_steal_pointer (&entry->data) });
    g_queue_pop_head (&self->entries);
    entry_free (self, entry);
  }
}

/* What was said is kept as far as it may be said again. */
static void
give_back (Playout *self, PlayoutEntry *entry)
{
  const gsize most = self->frame_size * (PLAYOUT_KEEP / FRAME_MS);
  const gsize start = playout_entry_get_clause_start (entry);
  gsize over = start > entry->gone ? start - entry->gone : 0;

  if (entry->at - over > most)
    over = entry->at;
  if (over < PIECE)
    return;
  g_byte_array_remove_range (entry->bytes, 0, (guint) over);
  entry->gone += over;
  entry->at -= over;
}

/* What is missing at the end of an item is silence. */
static gsize
copy_frame (const Playout *self, const PlayoutEntry *entry, guint8 *frame)
{
  gsize n = MIN (available (entry), self->frame_size);

  memcpy (frame, entry->bytes->data + entry->at, n);
  memset (frame + n, self->silence, self->frame_size - n);
  return n;
}

static void
take (Playout *self, PlayoutEntry *entry, guint8 *frame)
{
  entry->at += copy_frame (self, entry, frame);
  note_points (self, entry);
  give_back (self, entry);
}

/* The entry that the next read takes a frame of, NULL: none. @over: others are over
 * before it. */
static const PlayoutEntry *
find_next (const Playout *self, gboolean *over)
{
  const GList *l = self->entries.head;

  while (l && is_over (l->data))
    l = l->next;
  *over = l != self->entries.head;
  const PlayoutEntry *entry = l ? l->data : NULL;
  return entry && (entry->ended || available (entry) >= self->frame_size)
      ? entry
      : NULL;
}

gboolean
playout_peek (const Playout *self, guint *item, gsize *before, guint8 *frame)
{
  gboolean over;
  const PlayoutEntry *entry = find_next (self, &over);

  *item = entry ? entry->id : 0;
  *before = entry ? entry->gone + entry->at : 0;
  if (entry)
    copy_frame (self, entry, frame);
  return entry || over || self->notes.length;
}

gboolean
playout_read (Playout *self, guint8 *frame)
{
  retire (self);
  PlayoutEntry *entry = g_queue_peek_head (&self->entries);
  if (!entry || (!entry->ended && available (entry) < self->frame_size))
    return FALSE;
  if (!entry->started)
    note (self,
        &(PlayoutNote){ .type = PLAYOUT_ITEM_STARTED,
            .item = entry->id,
            .tag = entry->tag });
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

void
playout_rewind (Playout *self)
{
  playout_entry_rewind (g_queue_peek_head (&self->entries), self->silence);
  playout_entry_rewind (g_queue_peek_head (&self->held), self->silence);
}

/* ---- Interruption */

static void
measure (const Playout *self, const PlayoutEntry *entry, PlayoutCut *cut)
{
  if (!entry->started || cut->item)
    return;
  cut->item = entry->id;
  cut->heard = milliseconds (self, entry->gone + entry->at);
  cut->total = milliseconds (self, entry->gone + entry->bytes->len);
  cut->tag = entry->tag;
  cut->words = playout_entry_dup_heard (entry, self->silence);
}

/* All that may be interrupted: from the queue to @out, behind what is there. */
static void
take_interruptible (Playout *self, GQueue *out, PlayoutCut *cut)
{
  gboolean kept = TRUE;

  for (GList *l = self->entries.head, *next; l; l = next) {
    PlayoutEntry *entry = l->data;
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

/* What was held by @hold or before. TRUE: something was. */
static gboolean
drop_held (Playout *self, guint hold, PlayoutCut *cut)
{
  gboolean any = FALSE;

  for (GList *l = self->held.head, *next; l; l = next) {
    PlayoutEntry *entry = l->data;
    next = l->next;
    if (entry->hold > hold)
      continue;
    if (entry->bytes)
      measure (self, entry, cut);
    g_queue_delete_link (&self->held, l);
    entry_free (self, entry);
    any = TRUE;
  }
  return any;
}

gboolean
playout_interrupt (Playout *self, PlayoutCut *cut)
{
  GQueue dropped = G_QUEUE_INIT;

  *cut = (PlayoutCut){ 0 };
  take_interruptible (self, &dropped, cut);
  gboolean any = dropped.length > 0;
  any |= drop_held (self, self->last_hold, cut);
  free_all (self, &dropped);
  return any;
}

void
playout_stop (Playout *self, PlayoutCut *cut)
{
  const GQueue *both[] = { &self->entries, &self->held };

  *cut = (PlayoutCut){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (GList *l = both[i]->head; l; l = l->next)
      if (((PlayoutEntry *) l->data)->bytes)
        measure (self, l->data, cut);
  playout_reset (self);
}

gboolean
playout_hold (Playout *self, PlayoutCut *cut)
{
  GQueue taken = G_QUEUE_INIT;
  const guint hold = ++self->last_hold;
  PlayoutEntry *entry;

  *cut = (PlayoutCut){ 0 };
  take_interruptible (self, &taken, cut);
  gboolean any = taken.length > 0;
  while ((entry = g_queue_pop_head (&taken))) {
    entry->hold = hold;
    g_queue_push_tail (&self->held, entry);
  }
  return any;
}

guint
playout_get_hold (const Playout *self)
{
  return self->held.length ? self->last_hold : 0;
}

gboolean
playout_drop (Playout *self, guint hold, PlayoutCut *cut)
{
  *cut = (PlayoutCut){ 0 };
  return drop_held (self, hold, cut);
}

static gint
by_order (gconstpointer a, gconstpointer b, gpointer data)
{
  const PlayoutEntry *x = a, *y = b;

  return (x->order > y->order) - (x->order < y->order);
}

gboolean
playout_resume (Playout *self, guint hold)
{
  gboolean any = hold && hold == playout_get_hold (self);
  PlayoutEntry *entry;

  while (any && (entry = g_queue_pop_head (&self->held))) {
    entry->hold = 0;
    g_queue_insert_sorted (&self->entries, entry, by_order, NULL);
  }
  return any;
}

gboolean
playout_is_speaking (const Playout *self)
{
  return !g_queue_is_empty ((GQueue *) &self->entries);
}

gboolean
playout_is_open (const Playout *self)
{
  const GQueue *both[] = { &self->entries, &self->held };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (const GList *l = both[i]->head; l; l = l->next)
      if (((const PlayoutEntry *) l->data)->bytes &&
          !((const PlayoutEntry *) l->data)->ended)
        return TRUE;
  return FALSE;
}

gboolean
playout_may_interrupt (const Playout *self)
{
  for (const GList *l = self->entries.head; l; l = l->next)
    if (!is_over (l->data))
      return ((const PlayoutEntry *) l->data)->interruptible;
  return self->held.length > 0;
}

guint
playout_get_pending (const Playout *self)
{
  const GQueue *both[] = { &self->entries, &self->held };
  gsize bytes = 0;

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (GList *l = both[i]->head; l; l = l->next) {
      const PlayoutEntry *entry = l->data;
      if (entry->bytes)
        bytes += available (entry);
    }
  return milliseconds (self, bytes);
}
