/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/playout.h"

#include <string.h>

#define FRAME 320 /* 8 kHz, 16 bit */
#define MS (FRAME / 20) /* bytes */

static guint n_freed;

static void
count_free (gpointer data)
{
  n_freed++;
}

static Playout *
make (void)
{
  n_freed = 0;
  return playout_new (FRAME, 0xaa, count_free);
}

/* @ms of a sequence of bytes that goes on from @at. */
static gboolean
write_ms (Playout *playout, guint item, guint ms, guint *at)
{
  g_autofree guint8 *data = g_malloc (ms * MS + 1);

  for (guint i = 0; i < ms * MS; i++)
    data[i] = (guint8) (*at)++ % 251;
  return playout_write (playout, item, data, ms * MS);
}

/* The frame continues the sequence at @at for @n bytes, then is silence. */
static void
check_frame (const guint8 *frame, guint *at, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (frame[i], ==, (guint8) (*at)++ % 251);
  for (guint i = n; i < FRAME; i++)
    g_assert_cmpuint (frame[i], ==, 0xaa);
}

static void
expect_note (Playout *playout, PlayoutNoteType type, guint item)
{
  PlayoutNote note;

  g_assert_true (playout_next_note (playout, &note));
  g_assert_cmpint (note.type, ==, type);
  g_assert_cmpuint (note.item, ==, item);
}

static void
expect_mark (Playout *playout, gpointer data)
{
  PlayoutNote note;

  g_assert_true (playout_next_note (playout, &note));
  g_assert_cmpint (note.type, ==, PLAYOUT_MARK);
  g_assert_true (note.data == data);
}

static void
expect_no_note (Playout *playout)
{
  PlayoutNote note;

  g_assert_false (playout_next_note (playout, &note));
}

static void
test_empty (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME] = { 1 };
  PlayoutCut cut;

  g_assert_false (playout_read (playout, frame));
  g_assert_cmpuint (frame[0], ==, 1);
  g_assert_false (playout_is_speaking (playout));
  g_assert_false (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.item, ==, 0);
  g_assert_cmpuint (playout_get_pending (playout), ==, 0);
  expect_no_note (playout);
}

/* Bursts of odd sizes come out as whole frames, in order, byte for byte. */
static void
test_bursts (void)
{
  static const guint bursts[] = { 1, 3, 170, 19, 21, 7, 400, 2, 20, 57 };
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint in = 0, out = 0, frames = 0;
  guint item = playout_begin (playout, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (bursts); i++) {
    g_assert_true (write_ms (playout, item, bursts[i], &in));
    while (playout_read (playout, frame)) {
      check_frame (frame, &out, FRAME);
      frames++;
    }
  }
  g_assert_cmpuint (frames, ==, 700 / 20);
  playout_end (playout, item);
  g_assert_false (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_STARTED, item);
  expect_note (playout, PLAYOUT_ITEM_DONE, item);
  expect_no_note (playout);
}

/* The rest of an item is filled up only once no more can come. */
static void
test_partial_frame (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint in = 0, out = 0;
  guint item = playout_begin (playout, TRUE);

  write_ms (playout, item, 25, &in);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &out, FRAME);
  g_assert_false (playout_read (playout, frame));
  g_assert_true (playout_is_speaking (playout));
  g_assert_cmpuint (playout_get_pending (playout), ==, 5);
  playout_end (playout, item);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &out, 5 * MS);
  g_assert_false (playout_is_speaking (playout));
}

/* An answer starts a frame of its own, and what is said of it is its own. */
static void
test_items_in_order (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint a_in = 0, a_out = 0, b_in = 100, b_out = 100;
  guint a = playout_begin (playout, TRUE), b = playout_begin (playout, TRUE);

  g_assert_cmpuint (a, !=, b);
  /* The second is complete before the first: it waits. */
  write_ms (playout, b, 20, &b_in);
  playout_end (playout, b);
  g_assert_false (playout_read (playout, frame));
  write_ms (playout, a, 30, &a_in);
  playout_end (playout, a);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &a_out, FRAME);
  expect_note (playout, PLAYOUT_ITEM_STARTED, a);
  expect_no_note (playout);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &a_out, 10 * MS);
  expect_note (playout, PLAYOUT_ITEM_DONE, a);
  expect_no_note (playout);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &b_out, FRAME);
  expect_note (playout, PLAYOUT_ITEM_STARTED, b);
  expect_note (playout, PLAYOUT_ITEM_DONE, b);
  g_assert_false (playout_write (playout, b, frame, FRAME));
}

static void
test_ended_item_takes_nothing (void)
{
  g_autoptr (Playout) playout = make ();
  guint in = 0;
  guint item = playout_begin (playout, TRUE);

  write_ms (playout, item, 40, &in);
  playout_end (playout, item);
  g_assert_false (write_ms (playout, item, 40, &in));
  g_assert_false (write_ms (playout, item + 1, 40, &in));
  g_assert_cmpuint (playout_get_pending (playout), ==, 40);
}

/* A mark comes out with the frame that it stands behind, not before. */
static void
test_marks (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint in = 0;
  guint item = playout_begin (playout, TRUE);

  write_ms (playout, item, 40, &in);
  playout_end (playout, item);
  playout_mark (playout, GINT_TO_POINTER (7));
  playout_mark (playout, GINT_TO_POINTER (8));
  g_assert_true (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_STARTED, item);
  expect_no_note (playout);
  g_assert_true (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_DONE, item);
  expect_mark (playout, GINT_TO_POINTER (7));
  expect_mark (playout, GINT_TO_POINTER (8));
  expect_no_note (playout);
  /* With nothing before it, at the next read. */
  playout_mark (playout, GINT_TO_POINTER (9));
  g_assert_false (playout_read (playout, frame));
  expect_mark (playout, GINT_TO_POINTER (9));
  g_assert_cmpuint (n_freed, ==, 0);
}

static void
test_interrupt (gconstpointer data)
{
  guint frames = GPOINTER_TO_UINT (data);
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0;
  guint a = playout_begin (playout, TRUE), b = playout_begin (playout, TRUE);

  write_ms (playout, a, 5000, &in);
  playout_end (playout, a);
  write_ms (playout, b, 100, &in);
  playout_mark (playout, GINT_TO_POINTER (1));
  for (guint i = 0; i < frames; i++)
    g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.item, ==, frames ? a : 0);
  g_assert_cmpuint (cut.heard, ==, frames * 20);
  g_assert_cmpuint (cut.total, ==, frames ? 5000 : 0);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_false (playout_read (playout, frame));
  g_assert_false (playout_is_speaking (playout));
  /* What is still under way of it is refused. */
  g_assert_false (write_ms (playout, b, 20, &in));
  g_assert_false (playout_interrupt (playout, &cut));
}

/* What was heard counts from the beginning of the item that is audible. */
static void
test_heard_of_second_item (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0;
  guint a = playout_begin (playout, TRUE), b = playout_begin (playout, TRUE);

  write_ms (playout, a, 130, &in); /* seven frames, the last one half full */
  playout_end (playout, a);
  write_ms (playout, b, 200, &in);
  for (guint i = 0; i < 7 + 3; i++)
    g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.item, ==, b);
  g_assert_cmpuint (cut.heard, ==, 60);
  g_assert_cmpuint (cut.total, ==, 200);
}

static void
test_not_interruptible (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0;
  guint a = playout_begin (playout, FALSE);

  write_ms (playout, a, 60, &in);
  playout_end (playout, a);
  playout_mark (playout, GINT_TO_POINTER (1));
  guint b = playout_begin (playout, TRUE);
  write_ms (playout, b, 60, &in);
  playout_mark (playout, GINT_TO_POINTER (2));
  g_assert_true (playout_read (playout, frame));
  /* The second goes, with its mark; the first is said to its end. */
  g_assert_true (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.item, ==, 0);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_cmpuint (playout_get_pending (playout), ==, 40);
  g_assert_false (playout_interrupt (playout, &cut));
  g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_STARTED, a);
  expect_note (playout, PLAYOUT_ITEM_DONE, a);
  expect_mark (playout, GINT_TO_POINTER (1));
}

/* An interruption that was none: not a sample is lost, heard twice or out of order. */
static void
test_hold_and_resume (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0, out = 0;
  guint a = playout_begin (playout, TRUE);

  write_ms (playout, a, 100, &in);
  for (guint i = 0; i < 2; i++) {
    g_assert_true (playout_read (playout, frame));
    check_frame (frame, &out, FRAME);
  }
  g_assert_true (playout_hold (playout, &cut));
  g_assert_cmpuint (cut.item, ==, a);
  g_assert_cmpuint (cut.heard, ==, 40);
  g_assert_false (playout_is_speaking (playout));
  g_assert_false (playout_read (playout, frame));
  g_assert_false (playout_hold (playout, &cut)); /* there is no more */
  /* What is still being made of it is not lost. */
  g_assert_true (write_ms (playout, a, 20, &in));
  playout_end (playout, a);
  playout_mark (playout, GINT_TO_POINTER (1));
  g_assert_cmpuint (playout_get_pending (playout), ==, 80);
  g_assert_true (playout_resume (playout, playout_get_hold (playout)));
  g_assert_false (playout_resume (playout, playout_get_hold (playout)));
  for (guint i = 0; i < 4; i++) {
    g_assert_true (playout_read (playout, frame));
    check_frame (frame, &out, FRAME);
  }
  expect_note (playout, PLAYOUT_ITEM_STARTED, a);
  expect_note (playout, PLAYOUT_ITEM_DONE, a);
  expect_mark (playout, GINT_TO_POINTER (1));
  expect_no_note (playout);
}

/* It was one: what was held is gone with its marks, and what comes for it is refused. */
static void
test_hold_and_interrupt (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0;
  guint a = playout_begin (playout, TRUE);

  write_ms (playout, a, 100, &in);
  playout_mark (playout, GINT_TO_POINTER (1));
  g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_hold (playout, &cut));
  g_assert_true (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.item, ==, a);
  g_assert_cmpuint (cut.heard, ==, 20);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_false (write_ms (playout, a, 20, &in));
  g_assert_false (playout_resume (playout, playout_get_hold (playout)));
  g_assert_false (playout_read (playout, frame));
  /* ... without what has come meanwhile */
  guint b = playout_begin (playout, TRUE);
  write_ms (playout, b, 20, &in);
  g_assert_true (playout_hold (playout, &cut));
  guint c = playout_begin (playout, TRUE);
  write_ms (playout, c, 20, &in);
  g_assert_true (playout_drop (playout, playout_get_hold (playout), &cut));
  g_assert_cmpuint (cut.item, ==, 0); /* nobody had heard of it */
  g_assert_cmpuint (playout_get_pending (playout), ==, 20);
  g_assert_true (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_STARTED, a);
  expect_note (playout, PLAYOUT_ITEM_STARTED, c);
}

/* What is told behind held words waits with them: a hang-up behind a goodbye. */
static void
test_mark_behind_held (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0;
  guint a = playout_begin (playout, TRUE);

  write_ms (playout, a, 40, &in);
  g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_hold (playout, &cut));
  playout_end (playout, a);
  playout_mark (playout, GINT_TO_POINTER (1));
  g_assert_false (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_STARTED, a);
  expect_no_note (playout);
  g_assert_true (playout_resume (playout, playout_get_hold (playout)));
  g_assert_true (playout_read (playout, frame));
  expect_note (playout, PLAYOUT_ITEM_DONE, a);
  expect_mark (playout, GINT_TO_POINTER (1));
  /* ... and goes with them */
  guint b = playout_begin (playout, TRUE);
  write_ms (playout, b, 40, &in);
  g_assert_true (playout_hold (playout, &cut));
  playout_mark (playout, GINT_TO_POINTER (2));
  g_assert_true (playout_drop (playout, playout_get_hold (playout), &cut));
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_false (playout_read (playout, frame));
  expect_no_note (playout);
}

/* Held again, for another reason: what was decided of the first does not let it go on,
 * and drops only what it was about. */
static void
test_hold_again (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0;

  g_assert_cmpuint (playout_get_hold (playout), ==, 0);
  write_ms (playout, playout_begin (playout, TRUE), 40, &in);
  g_assert_true (playout_hold (playout, &cut));
  const guint first = playout_get_hold (playout);
  g_assert_false (playout_hold (playout, &cut));
  const guint second = playout_get_hold (playout);
  g_assert_cmpuint (second, >, first);
  g_assert_false (playout_resume (playout, first));
  g_assert_false (playout_read (playout, frame));
  g_assert_true (playout_resume (playout, second));
  g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_hold (playout, &cut));
  const guint third = playout_get_hold (playout);
  write_ms (playout, playout_begin (playout, TRUE), 20, &in);
  g_assert_true (playout_hold (playout, &cut));
  g_assert_true (playout_drop (playout, third, &cut));
  g_assert_false (playout_drop (playout, third, &cut));
  g_assert_cmpuint (playout_get_pending (playout), ==, 20);
  g_assert_true (playout_resume (playout, playout_get_hold (playout)));
}

/* What may not be interrupted goes on meanwhile, and comes first afterwards, too. */
static void
test_hold_behind_kept (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0, out = 0;
  guint a = playout_begin (playout, FALSE);

  write_ms (playout, a, 60, &in);
  playout_end (playout, a);
  guint b = playout_begin (playout, TRUE);
  write_ms (playout, b, 40, &in);
  playout_end (playout, b);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &out, FRAME);
  g_assert_true (playout_hold (playout, &cut));
  g_assert_cmpuint (cut.item, ==, 0);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &out, FRAME);
  g_assert_true (playout_resume (playout, playout_get_hold (playout)));
  for (guint i = 0; i < 3; i++) {
    g_assert_true (playout_read (playout, frame));
    check_frame (frame, &out, FRAME);
  }
  g_assert_false (playout_read (playout, frame));
}

static void
test_reset_held (void)
{
  g_autoptr (Playout) playout = make ();
  PlayoutCut cut;
  guint in = 0;

  write_ms (playout, playout_begin (playout, TRUE), 20, &in);
  playout_mark (playout, GINT_TO_POINTER (1));
  g_assert_true (playout_hold (playout, &cut));
  playout_reset (playout);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_false (playout_resume (playout, playout_get_hold (playout)));
}

/* What a mark at the head waited for has been heard. */
static void
expect_point (Playout *playout, guint number)
{
  PlayoutNote note;

  g_assert_true (playout_next_note (playout, &note));
  g_assert_cmpint (note.type, ==, PLAYOUT_POINT);
  g_assert_cmpuint (note.point, ==, number);
}

/* Points lie in an answer wherever they like, and take nothing from its sound. */
static void
test_points (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint at = 0, heard = 0;

  const guint item = playout_begin (playout, TRUE);
  g_assert_true (playout_point (playout, item, 1));
  expect_point (playout, 1);
  write_ms (playout, item, 20, &at);
  g_assert_true (playout_point (playout, item, 2));
  write_ms (playout, item, 5, &at);
  g_assert_true (playout_point (playout, item, 3));
  write_ms (playout, item, 5, &at);
  g_assert_true (playout_point (playout, item, 4));
  write_ms (playout, item, 15, &at);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &heard, FRAME);
  expect_note (playout, PLAYOUT_ITEM_STARTED, item);
  expect_point (playout, 2);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &heard, FRAME);
  expect_point (playout, 4); /* and 3 with it */
  g_assert_true (playout_point (playout, item, 5));
  g_assert_false (playout_read (playout, frame));
  expect_no_note (playout);
  playout_end (playout, item);
  g_assert_true (playout_read (playout, frame));
  check_frame (frame, &heard, 5 * MS);
  expect_point (playout, 5);
  expect_note (playout, PLAYOUT_ITEM_DONE, item);
  g_assert_false (playout_point (playout, item, 6));
}

static void
test_points_cut (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint at = 0;

  const guint item = playout_begin (playout, TRUE);
  write_ms (playout, item, 40, &at);
  g_assert_true (playout_point (playout, item, 1));
  g_assert_true (playout_read (playout, frame));
  g_assert_true (playout_interrupt (playout, &cut));
  expect_note (playout, PLAYOUT_ITEM_STARTED, item);
  expect_no_note (playout);
  g_assert_false (playout_point (playout, item, 2));
}

static void
test_mark_alone (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;

  playout_mark (playout, GINT_TO_POINTER (1));
  g_assert_false (playout_interrupt (playout, &cut));
  g_assert_false (playout_read (playout, frame));
  expect_mark (playout, GINT_TO_POINTER (1));
}

/* Items of the last dialogue are none of this one. */
static void
test_numbers_go_on (void)
{
  g_autoptr (Playout) last = make ();
  g_autoptr (Playout) playout = make ();
  guint in = 0;

  guint old = playout_begin (last, TRUE);
  playout_number_after (playout, last);
  guint item = playout_begin (playout, TRUE);
  g_assert_cmpuint (item, !=, old);
  g_assert_false (write_ms (playout, old, 20, &in));
  g_assert_true (write_ms (playout, item, 20, &in));
}

static void
test_reset (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint in = 0;
  guint a = playout_begin (playout, FALSE);

  write_ms (playout, a, 20, &in);
  playout_end (playout, a);
  playout_mark (playout, GINT_TO_POINTER (1));
  g_assert_true (playout_read (playout, frame));
  playout_begin (playout, FALSE);
  playout_mark (playout, GINT_TO_POINTER (2));
  /* One mark is a note already, one still waits. */
  playout_reset (playout);
  g_assert_cmpuint (n_freed, ==, 2);
  expect_no_note (playout);
  g_assert_false (playout_is_speaking (playout));
  guint b = playout_begin (playout, TRUE);
  g_assert_cmpuint (b, !=, a);
}

/* Minutes at once, read at the pace of a call: nothing lost, and exact to the
 * end, long after played audio was given back. */
static void
test_long_burst (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  PlayoutCut cut;
  guint in = 0, out = 0;
  guint item = playout_begin (playout, TRUE);

  for (guint i = 0; i < 10; i++)
    g_assert_true (write_ms (playout, item, 30000, &in));
  g_assert_cmpuint (playout_get_pending (playout), ==, 300000);
  for (guint i = 0; i < 14000; i++) {
    g_assert_true (playout_read (playout, frame));
    check_frame (frame, &out, FRAME);
  }
  g_assert_true (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.heard, ==, 280000);
  g_assert_cmpuint (cut.total, ==, 300000);
}

/* ---- Clauses */

static gsize
kept (Playout *playout)
{
  return playout_get_pending (playout);
}

static void
read_frames (Playout *playout, guint n)
{
  guint8 frame[FRAME];

  for (guint i = 0; i < n; i++)
    g_assert_true (playout_read (playout, frame));
}

/* Three clauses of 400, 600 and 1000 ms. */
static guint
write_clauses (Playout *playout, guint *at)
{
  guint item = playout_begin (playout, TRUE);

  playout_clause (playout, item, "one");
  write_ms (playout, item, 400, at);
  playout_clause (playout, item, "two");
  write_ms (playout, item, 600, at);
  playout_clause (playout, item, "three");
  write_ms (playout, item, 1000, at);
  return item;
}

/* What was being said is said again, from the beginning of its clause. */
static void
test_rewind (void)
{
  static const struct
  {
    guint frames, left; /* ms that are to be said then */
  } cases[] = { { 0, 2000 }, { 1, 2000 }, { 19, 2000 }, { 20, 1600 },
    { 21, 1600 }, { 49, 1600 }, { 50, 1000 }, { 51, 1000 }, { 100, 1000 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Playout) playout = make ();
    guint8 frame[FRAME];
    guint at = 0;
    write_clauses (playout, &at);
    read_frames (playout, cases[i].frames);
    playout_rewind (playout);
    playout_rewind (playout); /* twice is once */
    g_assert_cmpuint (kept (playout), ==, cases[i].left);
    g_assert_true (playout_read (playout, frame));
    at = (2000 - cases[i].left) * MS;
    check_frame (frame, &at, FRAME);
  }
}

static void
test_rewind_without_clauses (void)
{
  g_autoptr (Playout) playout = make ();
  guint at = 0;
  guint item;

  playout_rewind (playout);
  item = playout_begin (playout, TRUE);
  write_ms (playout, item, 1000, &at);
  read_frames (playout, 20);
  playout_rewind (playout);
  g_assert_cmpuint (kept (playout), ==, 1000);
}

/* A clause of which only the pause is left was heard. */
static void
test_rewind_in_pause (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 pause[100 * MS];
  guint at = 0;
  guint item = playout_begin (playout, TRUE);

  memset (pause, 0xaa, sizeof pause);
  for (guint i = 0; i < 2; i++) {
    playout_clause (playout, item, "words");
    write_ms (playout, item, 400, &at);
    playout_write (playout, item, pause, sizeof pause);
  }
  read_frames (playout, 22);
  playout_rewind (playout);
  g_assert_cmpuint (kept (playout), ==, 60 + 500);
  /* Without its end nobody knows that nothing follows. */
  read_frames (playout, 3 + 22);
  playout_rewind (playout);
  g_assert_cmpuint (kept (playout), ==, 500);
  read_frames (playout, 22);
  playout_end (playout, item);
  playout_rewind (playout);
  g_assert_cmpuint (kept (playout), ==, 60);
}

/* What was said of a long answer does not stay in memory, but for the clause. */
static void
test_rewind_in_long_answer (void)
{
  g_autoptr (Playout) playout = make ();
  guint at = 0;
  guint item = playout_begin (playout, TRUE);

  for (guint i = 0; i < 60; i++) {
    playout_clause (playout, item, "words");
    write_ms (playout, item, 1000, &at);
  }
  read_frames (playout, 50 * 50 + 10);
  playout_rewind (playout);
  g_assert_cmpuint (kept (playout), ==, 10000);
  /* One without an end: too long to be said again. */
  playout_reset (playout);
  item = playout_begin (playout, TRUE);
  write_ms (playout, item, 60000, &at);
  read_frames (playout, 50 * 30);
  playout_rewind (playout);
  g_assert_cmpuint (kept (playout), ==, 30000);
}

/* ---- Words */

static void
assert_words (Playout *playout, const gchar *expected)
{
  PlayoutCut cut;

  g_assert_true (playout_interrupt (playout, &cut));
  g_assert_cmpuint (cut.tag, ==, 7);
  g_assert_cmpstr (cut.words, ==, expected);
  g_free (cut.words);
}

/* A second of "one two three four" and 200 ms of pause, then "five six". */
static guint
write_words (Playout *playout)
{
  guint8 pause[200 * MS];
  guint at = 0;
  guint item = playout_begin (playout, TRUE);

  memset (pause, 0xaa, sizeof pause);
  playout_tag (playout, item, 7);
  playout_clause (playout, item, "one two  three four,");
  write_ms (playout, item, 1000, &at);
  playout_write (playout, item, pause, sizeof pause);
  playout_clause (playout, item, "five six.");
  write_ms (playout, item, 1000, &at);
  playout_write (playout, item, pause, sizeof pause);
  return item;
}

static void
test_words (void)
{
  static const struct
  {
    guint frames;
    const gchar *words;
  } cases[] = { { 1, "" }, { 3, "" }, { 5, "one" }, { 25, "one two" },
    { 40, "one two three" }, { 50, "one two three four," },
    { 60, "one two three four," }, { 62, "one two three four," },
    { 80, "one two three four, five" },
    { 108, "one two three four, five six." } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Playout) playout = make ();
    write_words (playout);
    read_frames (playout, cases[i].frames);
    assert_words (playout, cases[i].words);
  }
}

/* The text of a whole answer, and that of its clauses. */
static void
test_text (void)
{
  g_autoptr (Playout) playout = make ();
  PlayoutNote note;
  guint at = 0;
  guint item = playout_begin (playout, TRUE);

  playout_tag (playout, item, 7);
  playout_text (playout, item, "one two");
  write_ms (playout, item, 200, &at);
  read_frames (playout, 6);
  assert_words (playout, "one");
  while (playout_next_note (playout, &note))
    g_free (note.words);
  for (guint with_text = 0; with_text < 2; with_text++) {
    item = write_words (playout);
    if (with_text)
      playout_text (playout, item, "1 2 3 4, 5 6.");
    playout_end (playout, item);
    read_frames (playout, 120);
    expect_note (playout, PLAYOUT_ITEM_STARTED, item);
    g_assert_true (playout_next_note (playout, &note));
    g_assert_cmpint (note.type, ==, PLAYOUT_ITEM_DONE);
    g_assert_cmpuint (note.tag, ==, 7);
    g_assert_cmpstr (note.words, ==,
        with_text ? "1 2 3 4, 5 6." : "one two  three four, five six.");
    g_free (note.words);
  }
}

/* What is said to come does: the frame, and whether anything becomes true. */
static gboolean
read_as_peeked (Playout *playout, guint *last)
{
  guint8 frame[FRAME], peeked[FRAME], again[FRAME];
  gsize before, then;
  PlayoutNote note;
  guint item, n = 0;

  const gboolean any = playout_peek (playout, &item, &before, peeked);
  g_assert_cmpint (playout_peek (playout, last, &then, again), ==, any);
  g_assert_cmpuint (*last, ==, item);
  g_assert_cmpuint (then, ==, before);
  const gboolean spoken = playout_read (playout, frame);
  g_assert_cmpint (spoken, ==, item != 0);
  if (spoken)
    g_assert_cmpmem (frame, FRAME, peeked, FRAME);
  while (playout_next_note (playout, &note)) {
    n++;
    g_free (note.words);
  }
  g_assert_cmpint (any, ==, spoken || n > 0);
  return any;
}

static void
test_peek (void)
{
  g_autoptr (Playout) playout = make ();
  guint at = 0, item;

  g_assert_false (read_as_peeked (playout, &item));
  playout_mark (playout, &item);
  guint one = playout_begin (playout, TRUE);
  g_assert_true (read_as_peeked (playout, &item)); /* the mark alone */
  g_assert_cmpuint (item, ==, 0);
  write_ms (playout, one, 30, &at);
  g_assert_true (read_as_peeked (playout, &item));
  g_assert_cmpuint (item, ==, one);
  g_assert_false (read_as_peeked (playout, &item)); /* no whole frame */
  playout_end (playout, one);
  guint two = playout_begin (playout, TRUE);
  write_ms (playout, two, 20, &at);
  g_assert_true (read_as_peeked (playout, &item));
  g_assert_cmpuint (item, ==, one);
  g_assert_true (read_as_peeked (playout, &item));
  g_assert_cmpuint (item, ==, two);
  playout_end (playout, two);
  g_assert_true (read_as_peeked (playout, &item)); /* that it is done */
  g_assert_cmpuint (item, ==, 0);
  g_assert_false (read_as_peeked (playout, &item));
}

/* A mark is there until it is taken, or dropped with the item before it. */
static void
test_has_mark (void)
{
  g_autoptr (Playout) playout = make ();
  guint8 frame[FRAME];
  guint at = 0;
  PlayoutCut cut;
  const guint one = playout_begin (playout, TRUE);

  write_ms (playout, one, 20, &at);
  const guint64 first = playout_mark (playout, GINT_TO_POINTER (1));
  playout_end (playout, one);
  const guint two = playout_begin (playout, TRUE);
  write_ms (playout, two, 40, &at);
  const guint64 second = playout_mark (playout, GINT_TO_POINTER (2));
  g_assert_cmpuint (first, !=, second);
  g_assert_true (playout_has_mark (playout, first));
  g_assert_true (playout_read (playout, frame));
  g_assert_false (playout_has_mark (playout, first));
  playout_hold (playout, &cut);
  g_assert_true (playout_has_mark (playout, second));
  playout_drop (playout, 1, &cut);
  g_assert_false (playout_has_mark (playout, second));
  g_free (cut.words);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playout/has-mark", test_has_mark);
  g_test_add_func ("/playout/empty", test_empty);
  g_test_add_func ("/playout/bursts", test_bursts);
  g_test_add_func ("/playout/partial-frame", test_partial_frame);
  g_test_add_func ("/playout/items-in-order", test_items_in_order);
  g_test_add_func ("/playout/ended-item", test_ended_item_takes_nothing);
  g_test_add_func ("/playout/marks", test_marks);
  g_test_add_func ("/playout/points", test_points);
  g_test_add_func ("/playout/points-cut", test_points_cut);
  g_test_add_func ("/playout/mark-alone", test_mark_alone);
  g_test_add_func ("/playout/numbers-go-on", test_numbers_go_on);
  g_test_add_data_func ("/playout/interrupt/unheard", GUINT_TO_POINTER (0),
      test_interrupt);
  g_test_add_data_func ("/playout/interrupt/first-frame", GUINT_TO_POINTER (1),
      test_interrupt);
  g_test_add_data_func ("/playout/interrupt/late", GUINT_TO_POINTER (249),
      test_interrupt);
  g_test_add_func ("/playout/heard-of-second", test_heard_of_second_item);
  g_test_add_func ("/playout/not-interruptible", test_not_interruptible);
  g_test_add_func ("/playout/hold-and-resume", test_hold_and_resume);
  g_test_add_func ("/playout/hold-and-interrupt", test_hold_and_interrupt);
  g_test_add_func ("/playout/hold-behind-kept", test_hold_behind_kept);
  g_test_add_func ("/playout/hold-again", test_hold_again);
  g_test_add_func ("/playout/reset-held", test_reset_held);
  g_test_add_func ("/playout/mark-behind-held", test_mark_behind_held);
  g_test_add_func ("/playout/reset", test_reset);
  g_test_add_func ("/playout/long-burst", test_long_burst);
  g_test_add_func ("/playout/rewind", test_rewind);
  g_test_add_func ("/playout/rewind/no-clauses", test_rewind_without_clauses);
  g_test_add_func ("/playout/rewind/pause", test_rewind_in_pause);
  g_test_add_func ("/playout/rewind/long", test_rewind_in_long_answer);
  g_test_add_func ("/playout/words", test_words);
  g_test_add_func ("/playout/text", test_text);
  g_test_add_func ("/playout/peek", test_peek);
  return g_test_run ();
}
