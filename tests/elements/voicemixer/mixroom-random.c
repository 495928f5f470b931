/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A room driven by seeded random schedules in virtual time: a live source, one on
 * the room's loop and a file that waits for room, which give blocks of any size,
 * stop, flush and change their rate, while the room pauses, the machine stands still
 * and running time begins anew. Whatever happens, nothing that was said waits for
 * ever, and who speaks afterwards is heard. */

#include "mixrig.h"
#include "../seeds.h"
#include "mock/foreignthread.h"

#include "voicemixer/mixlog.h"
#include "voicemixer/mixparticipantprivate.h"
#include "voicemixer/mixroomprivate.h"

#define N_STEPS 24
#define N_MEMBERS 3
#define ENOUGH (60 * MS) /* what a file's thread waits for */

typedef struct
{
  Rig *rig;
  GRand *rand;
  ForeignThread *thread;
  gboolean playing;

  /* The block at work on the thread: always the file's. */
  Member *speaker;
  guint n_samples;
} Schedule;

static Member *
get_file (Schedule *self)
{
  return &self->rig->members[2];
}

static gint32
between (Schedule *self, gint32 least, gint32 most)
{
  return g_rand_int_range (self->rand, least, most + 1);
}

static gboolean
one_in (Schedule *self, gint32 n)
{
  return between (self, 1, n) == 1;
}

static void
pass (Schedule *self, gint64 time)
{
  Rig *rig = self->rig;
  for (gint64 end = rig->now + time; rig->now < end;) {
    rig->now = MIN (rig->now + 10 * MS, end);
    gst_test_clock_set_time (GST_TEST_CLOCK (rig->clock),
        (GstClockTime) rig->now);
    media_loop_step (rig->loop, rig->now);
    foreign_thread_settle (self->thread);
  }
}

static void
stall (Schedule *self)
{
  Rig *rig = self->rig;
  rig->now += between (self, 20, 2500) * MS;
  gst_test_clock_set_time (GST_TEST_CLOCK (rig->clock),
      (GstClockTime) rig->now);
  media_loop_stall (rig->loop, rig->now);
}

/* As a flushing seek does to the whole pipeline. By so much that it is no correction
 * of the clock. */
static void
begin_time_anew (Schedule *self)
{
  GstElement *pipeline = self->rig->pipeline;
  gint64 base = self->rig->now - between (self, 0, 300) * MS;
  if (base - (gint64) gst_element_get_base_time (pipeline) >= 1100 * MS)
    gst_element_set_base_time (pipeline, (GstClockTime) base);
}

/* ---- What they say */

static GstFlowReturn
write_block (Schedule *self, Member *member, guint n, gboolean waits)
{
  static const gint16 samples[960] = { 3000, -3000, 9000 };
  GstFlowReturn flow = GST_FLOW_OK;
  for (guint step; n && flow == GST_FLOW_OK; n -= step) {
    step = MIN (n, member->rate / 50);
    flow = mix_room_write (self->rig->room, member->participant, samples, step,
        waits);
  }
  return flow;
}

static void
write_file (gpointer data, gpointer user)
{
  Schedule *self = data;
  write_block (self, self->speaker, self->n_samples, TRUE);
}

static gint64
get_delay (Schedule *self, Member *member)
{
  g_mutex_lock (&self->rig->room->seats.lock);
  gint64 delay = mix_input_get_delay (member->participant->input);
  g_mutex_unlock (&self->rig->room->seats.lock);
  return delay;
}

static gboolean
waits_for_room (gpointer data)
{
  Schedule *self = data;
  return get_delay (self, self->speaker) > ENOUGH;
}

static guint
choose_size (Schedule *self, const Member *member)
{
  const guint frame = member->rate / 50;
  switch (between (self, 0, 3)) {
    case 0:
      return frame;
    case 1:
      return (guint) between (self, 1, (gint32) frame);
    default:
      return (guint) between (self, 1, (gint32) (10 * frame));
  }
}

static void
speak (Schedule *self)
{
  Member *member = &self->rig->members[between (self, 0, N_MEMBERS - 1)];
  guint n = choose_size (self, member);
  if (member != get_file (self)) {
    write_block (self, member, n, FALSE);
    return;
  }
  if (!foreign_thread_settle (self->thread))
    return;
  self->speaker = member;
  self->n_samples = n;
  foreign_thread_do (self->thread, write_file, self, waits_for_room);
}

/* ---- Everything else */

static void
set_playing (Schedule *self, gboolean playing)
{
  self->playing = playing;
  mix_room_set_playing (self->rig->room, playing);
}

static void
flush (Schedule *self)
{
  Member *member = &self->rig->members[between (self, 0, N_MEMBERS - 1)];
  mix_room_set_flushing (self->rig->room, member->participant, TRUE);
  pass (self, between (self, 0, 100) * MS);
  while (member == get_file (self) && !foreign_thread_settle (self->thread))
    pass (self, MS);
  mix_room_set_flushing (self->rig->room, member->participant, FALSE);
}

static void
change_rate (Schedule *self)
{
  static const guint rates[] = { 8000, 16000 };
  Member *member = &self->rig->members[between (self, 0, 1)];
  member->rate = rates[between (self, 0, 1)];
  mix_room_set_rate (self->rig->room, member->participant, member->rate);
}

static void
disturb (Schedule *self)
{
  Rig *rig = self->rig;
  switch (between (self, 0, 7)) {
    case 0:
      set_playing (self, !self->playing);
      break;
    case 1:
      flush (self);
      break;
    case 2:
      stall (self);
      break;
    case 3:
      change_rate (self);
      break;
    case 4:
      mix_room_write_event (rig->room, rig->members[0].participant,
          gst_voice_dtmf_event_new ('5', 100));
      break;
    case 5:
      begin_time_anew (self);
      break;
    default:
      pass (self, between (self, 20, 1300) * MS);
      break;
  }
}

/* Nobody says anything more: the 400 ms that a ring holds are taken,
 * and the events. */
static void
check (Schedule *self)
{
  Rig *rig = self->rig;
  if (!self->playing)
    set_playing (self, TRUE);
  pass (self, 500 * MS);
  g_assert_true (foreign_thread_settle (self->thread));
  for (guint i = 0; i < N_MEMBERS; i++) {
    Member *member = &rig->members[i];
    g_assert_cmpint (get_delay (self, member), ==, 0);
    g_assert_null (mix_input_take_event (member->participant->input));
  }
}

static void
begin (Schedule *self, guint32 seed, ForeignThread *thread)
{
  *self = (Schedule){ .rig = rig_new (),
    .rand = g_rand_new_with_seed (seed),
    .thread = thread,
    .playing = TRUE };
  for (guint i = 0; i < N_MEMBERS; i++)
    join (self->rig, 8000);
}

static void
say_frames (Schedule *self, Member *speaker, guint n)
{
  for (guint i = 0; i < n; i++) {
    write_block (self, speaker, speaker->rate / 50, FALSE);
    pass (self, 20 * MS);
  }
}

/* 400 ms of one, of which all but what is on the way reach another. Who has seen the
 * clock only now and then may take a new time for a correction, of a second at most. */
static void
check_heard (Schedule *self)
{
  Member *speaker = &self->rig->members[1], *listener = &self->rig->members[0];
  if (one_in (self, 2))
    begin_time_anew (self);
  say_frames (self, speaker, 50);
  guint frames = listener->frames, gaps = listener->gaps;
  say_frames (self, speaker, 20);
  frames = listener->frames - frames;
  gaps = listener->gaps - gaps;
  g_assert_cmpuint (frames, >=, 19);
  g_assert_cmpuint (frames - gaps, >=, 19);
}

static void
run_seed (guint32 seed, ForeignThread *thread)
{
  Schedule self;
  begin (&self, seed, thread);
  for (guint i = 0; i < N_STEPS; i++) {
    speak (&self);
    if (one_in (&self, 5))
      disturb (&self);
    pass (&self, between (&self, 0, 40) * MS);
    if (i % 12 == 11)
      check (&self);
  }
  check_heard (&self);
  g_rand_free (self.rand);
  rig_free (self.rig);
}

static void
test_random (void)
{
  ForeignThread *thread = foreign_thread_new ();
  for (guint32 seed = 1; seed <= N_SEEDS; seed++)
    run_seed (seed, thread);
  foreign_thread_free (thread);
}

/* A file fills the room while that is paused, or stands still with it, for over a
 * second, in which nothing new is said. */
static void
test_file_after (gconstpointer data)
{
  const gboolean pauses = GPOINTER_TO_INT (data);
  Schedule self;
  begin (&self, 1, foreign_thread_new ());
  self.speaker = get_file (&self);
  self.n_samples = 160 * 50;
  foreign_thread_do (self.thread, write_file, &self, waits_for_room);
  pass (&self, 200 * MS);
  if (pauses)
    set_playing (&self, FALSE);
  pass (&self, pauses ? 1500 * MS : 0);
  if (pauses)
    set_playing (&self, TRUE);
  else
    stall (&self);
  pass (&self, 1500 * MS);
  g_assert_true (foreign_thread_settle (self.thread));
  g_assert_cmpuint (self.rig->members[0].frames, >=, 50);
  foreign_thread_free (self.thread);
  g_rand_free (self.rand);
  rig_free (self.rig);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  mix_log_init ();
  g_test_add_data_func ("/mixroom-random/file-after-pause",
      GINT_TO_POINTER (TRUE), test_file_after);
  g_test_add_data_func ("/mixroom-random/file-after-stall",
      GINT_TO_POINTER (FALSE), test_file_after);
  g_test_add_func ("/mixroom-random/schedules", test_random);
  return g_test_run ();
}
