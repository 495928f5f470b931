/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the agent has said and the caller has not heard yet. Bursts of any size go
 * in, frames come out; each byte belongs to an item (one answer), and what was
 * taken out of an item is what was heard of it, to the sample. An item may consist of
 * clauses: what was heard of one last can be heard again.
 *
 * Bytes are of one fixed format: mono, @frame_size bytes every 20 ms. */

#define PLAYOUT_KEEP 15000 /* ms of what was said of a clause */

typedef struct _Playout Playout;

/* Handed out when the audio before it has been taken. */
typedef enum
{
  PLAYOUT_ITEM_STARTED, /* its first frame was just taken */
  PLAYOUT_ITEM_DONE, /* its last frame was just taken, or it was empty */
  PLAYOUT_MARK, /* playout_mark() */
  PLAYOUT_POINT, /* playout_point() */
} PlayoutNoteType;

typedef struct
{
  PlayoutNoteType type;
  guint item;
  guint heard; /* DONE: ms of it, all of it */
  guint64 tag; /* of the item */
  gchar *words; /* DONE: all of its words, NULL = not known; (transfer full) */
  gpointer data; /* MARK: (transfer full) */
  guint
      point; /* POINT: its number; those of the item before it are passed, too */
} PlayoutNote;

/* What an interrupt cut off. */
typedef struct
{
  guint item; /* the one audible, 0 = none was */
  guint heard; /* ms of it that were taken out */
  guint total; /* ms of it that had come in */
  guint64 tag; /* of the item */
  gchar *
      words; /* what was heard of its words; NULL = not known; (transfer full) */
} PlayoutCut;

Playout *playout_new (gsize frame_size, guint8 silence,
    GDestroyNotify free_mark);
void playout_free (Playout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Playout, playout_free)

/* Before the first item: numbers go on where those of @other end, so that what was
 * begun there is refused here. */
void playout_number_after (Playout *self, const Playout *other);
/* The same behind an answer, of a playout that is no more. */
void playout_number_answers_after (Playout *self, guint answer);
/* 0: there was none. */
guint playout_get_last_answer (const Playout *self);

/* A new item; its number is never 0. @interruptible FALSE: playout_interrupt()
 * leaves it. */
guint playout_begin (Playout *self, gboolean interruptible);
/* FALSE: the item was cut off or has ended; the bytes are dropped. */
gboolean playout_write (Playout *self, guint item, gconstpointer data,
    gsize size);
/* Notes and cuts of @item carry @tag; 0 without one. */
void playout_tag (Playout *self, guint item, guint64 tag);
/* All that @item says, or will say. Of an interrupted clause those words count as heard
 * of which more than half was, as if all letters took the same time. */
void playout_text (Playout *self, guint item, const gchar *text);
/* What is written to @item from here to the next says @text. What is written before the
 * first belongs to none. */
void playout_clause (Playout *self, guint item, const gchar *text);
/* No more comes for @item: its last, partial frame is filled with silence. FALSE: it was
 * cut off, has ended, or never was. */
gboolean playout_end (Playout *self, guint item);
/* Nothing comes for what is being said, and nothing will: as if it had ended. */
void playout_give_up (Playout *self);
/* Puts @data behind all that was written so far, and waits with it where nothing but what is
 * held was; a number that no other mark has. */
guint64 playout_mark (Playout *self, gpointer data);
/* It is there still: neither taken nor dropped. */
gboolean playout_has_mark (const Playout *self, guint64 mark);

/* Tells by a note when all that was written to @item so far was taken; @number is not 0.
 * FALSE: it was cut off, has been taken, or never was. */
gboolean playout_point (Playout *self, guint item, guint number);

/* What playout_read() would do now. FALSE: nothing is to be heard, and nothing becomes
 * true. @item: that it takes @frame of, behind @before bytes; 0 = none. */
gboolean playout_peek (const Playout *self, guint *item, gsize *before,
    guint8 *frame);
/* Takes one frame. FALSE: nothing to say, @frame is untouched. An item whose end
 * is open gives only whole frames. */
gboolean playout_read (Playout *self, guint8 *frame);
/* What became true by the last read, in order; FALSE when there is no more. */
gboolean playout_next_note (Playout *self, PlayoutNote *note);

/* Drops everything that may be interrupted with the marks behind it (freed), and what is
 * held. TRUE if anything audible or pending was dropped; @cut is about that. */
gboolean playout_interrupt (Playout *self, PlayoutCut *cut);
/* As playout_interrupt(), but it may be taken back: nothing of it is heard, and bytes
 * for it are taken, until playout_resume() or playout_interrupt(). TRUE if there was
 * anything that was not held before. */
gboolean playout_hold (Playout *self, PlayoutCut *cut);
/* The number of the last hold, 0 = nothing is held. */
guint playout_get_hold (const Playout *self);
/* On with what is held, from the very sample at which it was cut. FALSE: nothing is, or
 * it was held again since @hold, for another reason. */
gboolean playout_resume (Playout *self, guint hold);
/* It was an interruption: drops what was held by @hold or before; @cut is about that.
 * FALSE: nothing was. */
gboolean playout_drop (Playout *self, guint hold, PlayoutCut *cut);
/* Nobody could hear the last of it: the clause that was being said is said again from
 * its beginning, or the next one, if all that was left of it is silence. Without
 * clauses the whole item is one. What was said more than PLAYOUT_KEEP ms ago is not
 * there any more: then it goes on where it was. The same for what is held. */
void playout_rewind (Playout *self);
/* Drops everything, what may not be interrupted, too; @cut as above. */
void playout_stop (Playout *self, PlayoutCut *cut);
/* Drops everything. */
void playout_reset (Playout *self);

/* TRUE while an item has begun and not ended: the agent is speaking, even if the
 * model is slow. What is held does not count. */
gboolean playout_is_speaking (const Playout *self);
/* What comes next, or is held, is of an item that may be interrupted. */
gboolean playout_may_interrupt (const Playout *self);
/* More of some item may come, also of what is held. */
gboolean playout_is_open (const Playout *self);
/* ms that wait, or are held. */
guint playout_get_pending (const Playout *self);

G_END_DECLS
