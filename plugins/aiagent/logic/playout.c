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
  guint hold; /* number of the hold that took it out first, 0 = none has */
  gboolean started;
  GByteArray *bytes;
  gsize at; /* bytes before it are played */
  gsize gone; /* played bytes that are not kept any more */
  GArray *clauses; /* Clause, in order; of an item */
  guint64 tag;
  gchar *text; /* NULL: that of the clauses */
} Entry;

struct _Playout
{
  gsize frame_size;
  guint8 silence;
  GDestroyNotify free_mark;
  GQueue entries; /* Entry: items and marks in order */
  GQueue held; /* the same: what playout_hold() took out */
  GQueue notes; /* PlayoutNote */
  guint last_hold;
  guint last_id;
  guint64 n_entries; /* ever */
  guint read_item; /* see playout_get_last() */
  gsize read_before;
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
  g_free (entry->text);
  g_free (entry);
}

static void
free_all (Playout *self, GQueue *entries)
{
  Entry *entry;

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
playout_tag (Playout *self, guint item, guint64 tag)
{
  Entry *entry = find (self, item);

  if (entry)
    entry->tag = tag;
}

void
playout_text (Playout *self, guint item, const gchar *text)
{
  Entry *entry = find (self, item);

  if (!entry)
    return;
  g_free (entry->text);
  entry->text = g_strdup (text);
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
note (Playout *self, const PlayoutNote *note)
{
  g_queue_push_tail (&self->notes, g_memdup2 (note, sizeof *note));
}

static gsize
available (const Entry *entry)
{
  return entry->bytes->len - entry->at;
}

/* ---- Words */

static gchar *
all_words (const Entry *entry)
{
  if (entry->text || !entry->clauses->len)
    return g_strdup (entry->text);
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < entry->clauses->len; i++)
    g_string_append_printf (words, i ? " %s" : "%s",
        g_array_index (entry->clauses, Clause, i).text);
  return g_string_free (words, FALSE);
}

/* Clause @i, or the whole item where there are none: where it ends, but for the
 * silence behind it. */
static gsize
find_sound_end (const Playout *self, const Entry *entry, guint i)
{
  const gboolean last = i + 1 >= entry->clauses->len;
  gsize end = last ? entry->gone + entry->bytes->len
                   : g_array_index (entry->clauses, Clause, i + 1).start;

  while (end > entry->gone &&
      entry->bytes->data[end - entry->gone - 1] == self->silence)
    end--;
  return end;
}

/* The words of @text of which at least half lies within its first @part. */
static void
add_words (GString *words, const gchar *text, gdouble part)
{
  const glong letters = g_utf8_strlen (text, -1);
  const gchar *c = text;

  while (*c) {
    const gchar *start = c + strspn (c, " \t\n");
    const gchar *end = start + strcspn (start, " \t\n");
    const gdouble middle = (gdouble) (g_utf8_pointer_to_offset (text, start) +
                               g_utf8_pointer_to_offset (text, end)) /
        2;
    if (start == end || middle > part * letters)
      return;
    if (words->len)
      g_string_append_c (words, ' ');
    g_string_append_len (words, start, end - start);
    c = end;
  }
}

static gdouble
heard_part (const Playout *self, const Entry *entry, guint i)
{
  const gsize at = entry->gone + entry->at;
  const gsize start = i < entry->clauses->len
      ? g_array_index (entry->clauses, Clause, i).start
      : 0;
  const gsize end = find_sound_end (self, entry, i);

  if (at <= start)
    return 0;
  return at >= end ? 1 : (gdouble) (at - start) / (gdouble) (end - start);
}

static gchar *
heard_words (const Playout *self, const Entry *entry)
{
  GString *words = g_string_new (NULL);

  if (!entry->clauses->len && !entry->text)
    return g_string_free (words, TRUE);
  if (!entry->clauses->len)
    add_words (words, entry->text, heard_part (self, entry, 0));
  for (guint i = 0; i < entry->clauses->len; i++)
    add_words (words, g_array_index (entry->clauses, Clause, i).text,
        heard_part (self, entry, i));
  return g_string_free (words, FALSE);
}

/* ---- Out: taking */

/* Takes what is over off the head: marks, and items with nothing left. */
static void
retire (Playout *self)
{
  Entry *entry;

  while ((entry = g_queue_peek_head (&self->entries))) {
    if (entry->bytes && (!entry->ended || available (entry)))
      return;
    if (entry->bytes)
      note (self,
          &(PlayoutNote){ .type = PLAYOUT_ITEM_DONE,
              .item = entry->id,
              .heard = milliseconds (self, entry->gone + entry->at),
              .tag = entry->tag,
              .words = all_words (entry) });
    else
      note (self,
          &(PlayoutNote){ .type = PLAYOUT_MARK,
              .data = g_steal_pointer (&entry->data) });
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
  self->read_item = 0;
  retire (self);
  Entry *entry = g_queue_peek_head (&self->entries);
  if (!entry || (!entry->ended && available (entry) < self->frame_size))
    return FALSE;
  if (!entry->started)
    note (self,
        &(PlayoutNote){ .type = PLAYOUT_ITEM_STARTED,
            .item = entry->id,
            .tag = entry->tag });
  entry->started = TRUE;
  self->read_item = entry->id;
  self->read_before = entry->gone + entry->at;
  take (self, entry, frame);
  retire (self);
  return TRUE;
}

guint
playout_get_last (const Playout *self, gsize *before)
{
  *before = self->read_before;
  return self->read_item;
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
  cut->tag = entry->tag;
  cut->words = heard_words (self, entry);
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

/* What was held by @hold or before. TRUE: something was. */
static gboolean
drop_held (Playout *self, guint hold, PlayoutCut *cut)
{
  gboolean any = FALSE;

  for (GList *l = self->held.head, *next; l; l = next) {
    Entry *entry = l->data;
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
      if (((Entry *) l->data)->bytes)
        measure (self, l->data, cut);
  playout_reset (self);
}

gboolean
playout_hold (Playout *self, PlayoutCut *cut)
{
  GQueue taken = G_QUEUE_INIT;
  const guint hold = ++self->last_hold;
  Entry *entry;

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
  const Entry *x = a, *y = b;

  return (x->order > y->order) - (x->order < y->order);
}

gboolean
playout_resume (Playout *self, guint hold)
{
  gboolean any = hold && hold == playout_get_hold (self);
  Entry *entry;

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
