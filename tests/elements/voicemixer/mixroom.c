/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Rooms of which each participant's every sample is known. */

#include "mixrig.h"

#include "common/event/gstvoiceevents.h"
#include "voicemixer/logic/mixkernel.h"
#include "voicemixer/mixlog.h"

/* ---- Mixing */

/* A hundred: each is given the limited sum of all others, to the sample. */
static void
test_identical (void)
{
  Rig *rig = rig_new ();
  static gint16 said[MANY][320];

  for (guint i = 0; i < MANY; i++)
    join (rig, 16000);
  for (guint tick = 0; tick < 20; tick++) {
    gint32 total[320] = { 0 };
    for (guint i = 0; i < MANY; i++) {
      say_noise (rig, &rig->members[i], said[i]);
      for (guint s = 0; s < 320; s++)
        total[s] += said[i][s];
    }
    advance (rig, 20 * MS);
    for (guint i = 0; i < MANY && tick > 2; i++) {
      const Member *member = &rig->members[i];
      gint32 naive[320];
      gint16 expected[320];
      for (guint s = 0; s < 320; s++)
        naive[s] = total[s] - said[i][s];
      mix_limit (naive, expected, 320);
      g_assert_cmpmem (member->heard->data + (member->heard->len - 320) * 2,
          640, expected, 640);
    }
  }
  g_assert_cmpuint (rig->members[0].frames, >=, 19);
  g_assert_cmpuint (rig->members[0].discontinuous, ==, 1);
  rig_free (rig);
}

/* One stops in the middle of a word, one comes, one goes: who stays hears every
 * frame of the others, and no click. */
static void
test_come_and_go (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);

  talk (rig, 100);
  MixParticipant *stalled = b->participant;
  b->participant = NULL;
  talk (rig, 100);
  b->participant = stalled;
  Member *c = join (rig, 8000);
  talk (rig, 100);
  mix_room_leave (rig->room, g_steal_pointer (&c->participant));
  talk (rig, 100);
  g_assert_cmpuint (a->frames, >=, 399);
  g_assert_cmpuint (a->discontinuous, ==, 1);
  g_assert_cmpuint (b->frames, ==, a->frames);
  g_assert_cmpuint (c->frames, >=, 100);
  /* 300 and 400 Hz of 6000: 1413 and 1884 a sample at the steepest. */
  g_assert_cmpint (steepest (a), <, 3400);
  g_assert_cmpint (steepest (b), <, 3000);
  g_assert_cmpfloat (strength (b, 8000, 200), >, 5500);
  g_assert_cmpfloat (strength (b, 8000, 400), <, 50);
  rig_free (rig);
}

/* Phone, browser and agent at their rates; nobody hears itself. */
static void
test_rates (void)
{
  Rig *rig = rig_new ();
  const guint rates[] = { 8000, 48000, 16000 };

  for (guint i = 0; i < 3; i++)
    join (rig, rates[i]);
  talk (rig, 200);
  for (guint i = 0; i < 3; i++)
    for (guint k = 0; k < 3; k++) {
      gdouble heard = strength (&rig->members[i], 48000, 200 + 100 * k);
      if (i == k)
        g_assert_cmpfloat (heard, <, 20);
      else
        g_assert_cmpfloat_with_epsilon (heard, 6000, 150);
    }
  g_assert_cmpfloat (strength (&rig->members[MANY], 48000, 300), >, 5500);
  rig_free (rig);
}

static void
set (Rig *rig, Member *member, MixSettings settings, const gchar *hears,
    const gchar *heard_by)
{
  settings.hears = mix_set_parse (hears, NULL);
  settings.heard_by = mix_set_parse (heard_by, NULL);
  mix_room_set_settings (rig->room, member->participant, &settings);
}

/* A supervisor whom only the agent hears; a muted one; one at half its volume. */
static void
test_settings (void)
{
  Rig *rig = rig_new ();
  Member *caller = join (rig, 8000);
  Member *agent = join (rig, 8000);
  Member *supervisor = join (rig, 8000);

  set (rig, supervisor, (MixSettings){ .volume = 1 }, NULL, "1");
  talk (rig, 150);
  g_assert_cmpfloat (strength (caller, 8000, 400), <, 20);
  g_assert_cmpfloat (strength (agent, 8000, 400), >, 5500);
  g_assert_cmpfloat (strength (supervisor, 8000, 200), >, 5500);
  set (rig, agent, (MixSettings){ .volume = 0.5 }, NULL, NULL);
  set (rig, supervisor, (MixSettings){ .volume = 1, .mute = TRUE }, NULL, NULL);
  talk (rig, 100);
  g_assert_cmpfloat_with_epsilon (strength (caller, 8000, 300), 3000, 100);
  g_assert_cmpfloat (strength (agent, 8000, 400), <, 20);
  g_assert_cmpint (steepest (caller), <, 3200);
  rig_free (rig);
}

/* Nothing runs while nobody says anything, and it begins again. */
static void
test_idle (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);

  advance (rig, 5000 * MS);
  g_assert_cmpuint (a->frames, ==, 0);
  talk (rig, 50);
  advance (rig, 5000 * MS);
  guint frames = b->frames;
  g_assert_cmpuint (frames, >=, 49);
  g_assert_cmpuint (frames, <, 50 + 60);
  g_assert_cmpuint (b->gaps, >, 10);
  advance (rig, 5000 * MS);
  g_assert_cmpuint (b->frames, ==, frames);
  talk (rig, 50);
  g_assert_cmpuint (b->frames, >=, frames + 49);
  g_assert_cmpuint (b->discontinuous, ==, 2);
  g_assert_cmpuint (b->last_pts / GST_MSECOND, >, 16900);
  rig_free (rig);
}

typedef struct
{
  Rig *rig;
  gint written; /* frames; atomic */
  gint done; /* atomic */
} Reader;

/* A file: as fast as it is let. */
static gpointer
read_file (gpointer data)
{
  Reader *reader = data;
  gint16 samples[160] = { 0 };

  for (guint i = 0; i < 100; i++) {
    if (mix_room_write (reader->rig->room, reader->rig->members[0].participant,
            samples, 160, TRUE) != GST_FLOW_OK)
      break;
    g_atomic_int_inc (&reader->written);
  }
  g_atomic_int_set (&reader->done, TRUE);
  return NULL;
}

static void
test_file (void)
{
  Rig *rig = rig_new ();
  Reader reader = { rig, 0, FALSE };

  join (rig, 8000);
  GThread *thread = g_thread_new ("file", read_file, &reader);
  while (g_atomic_int_get (&reader.written) < 60) {
    gint before = g_atomic_int_get (&reader.written);
    g_assert_cmpint (before, <=, (gint) (rig->now / (20 * MS)) + 5);
    advance (rig, 20 * MS);
    g_thread_yield ();
  }
  mix_room_stop (rig->room); /* it waits no more */
  g_thread_join (thread);
  g_assert_true (g_atomic_int_get (&reader.done));
  g_assert_cmpint (g_atomic_int_get (&reader.written), <, 100);
  rig_free (rig);
}

/* ---- Events */

static void
tell_call (Rig *rig, Member *member, const gchar *id, GstVoiceCallState state)
{
  const GstVoiceCall call = {
    .state = state,
    .call_id = id,
    .channel = "sip",
    .from = "sip:a@b",
    .to = "sip:c@d",
  };

  mix_room_write_event (rig->room, member->participant,
      gst_voice_call_event_new (&call));
}

static void
begin_call (Rig *rig, Member *member, const gchar *id, gboolean started)
{
  tell_call (rig, member, id,
      started ? GST_VOICE_CALL_ANSWERED : GST_VOICE_CALL_ENDED);
}

static guint
count_states (const GPtrArray *events, GstVoiceCallState state)
{
  guint n = 0;

  for (guint i = 0; i < events->len; i++) {
    GstVoiceCall call;
    if (gst_voice_call_event_parse (g_ptr_array_index (events, i), &call))
      n += call.state == state;
  }
  return n;
}

static guint
count_calls (const GPtrArray *events, gboolean started)
{
  return count_states (events,
      started ? GST_VOICE_CALL_ANSWERED : GST_VOICE_CALL_ENDED);
}

/* An agent is in the talk from the first caller to the last, and told once. */
static void
test_talk (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);
  Member *agent = join (rig, 16000);

  begin_call (rig, a, "one", TRUE);
  talk (rig, 5);
  begin_call (rig, b, "two", TRUE);
  talk (rig, 5);
  begin_call (rig, a, "one", FALSE);
  talk (rig, 5);
  g_assert_cmpuint (count_calls (agent->events, TRUE), ==, 1);
  g_assert_cmpuint (count_calls (agent->answers, TRUE), ==, 1);
  g_assert_cmpuint (count_calls (agent->events, FALSE), ==, 0);
  begin_call (rig, b, "two", FALSE);
  talk (rig, 5);
  g_assert_cmpuint (count_calls (agent->events, FALSE), ==, 1);
  GstVoiceCall call;
  g_assert_true (gst_voice_call_event_parse (g_ptr_array_index (agent->events,
                                                 agent->events->len - 1),
      &call));
  g_assert_cmpstr (call.call_id, ==, "one"); /* by which it began */
  g_assert_cmpuint (count_calls (agent->answers, FALSE), ==, 1);
  rig_free (rig);
}

/* Music on hold is not meant for the room, and an agent waits only when nobody else is
 * there. */
static void
test_hold (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);
  Member *agent = join (rig, 8000);

  begin_call (rig, a, "one", TRUE);
  begin_call (rig, b, "two", TRUE);
  talk (rig, 5);
  tell_call (rig, a, "one", GST_VOICE_CALL_HELD);
  talk (rig, 60);
  g_assert_cmpfloat (strength (b, 8000, 200), <, 1);
  g_assert_cmpfloat (strength (agent, 8000, 200), <, 1);
  g_assert_cmpfloat (strength (&rig->members[MANY], 8000, 200), <, 1);
  g_assert_cmpfloat (strength (agent, 8000, 300), >, 5000);
  g_assert_cmpuint (count_states (agent->events, GST_VOICE_CALL_HELD), ==, 0);
  tell_call (rig, b, "two", GST_VOICE_CALL_HELD);
  talk (rig, 5);
  g_assert_cmpuint (count_states (agent->events, GST_VOICE_CALL_HELD), ==, 1);
  g_assert_cmpuint (count_states (agent->answers, GST_VOICE_CALL_HELD), ==, 1);
  tell_call (rig, a, "one", GST_VOICE_CALL_RESUMED);
  talk (rig, 60);
  g_assert_cmpuint (count_states (agent->events, GST_VOICE_CALL_RESUMED), ==,
      1);
  g_assert_cmpfloat (strength (agent, 8000, 200), >, 5000);
  /* The one who goes leaves one who is on hold. */
  begin_call (rig, a, "one", FALSE);
  talk (rig, 5);
  g_assert_cmpuint (count_states (agent->events, GST_VOICE_CALL_HELD), ==, 2);
  g_assert_cmpuint (count_calls (agent->events, TRUE), ==, 1);
  begin_call (rig, b, "two", FALSE);
  talk (rig, 5);
  g_assert_cmpuint (count_calls (agent->events, FALSE), ==, 1);
  rig_free (rig);
}

/* Ring-back is for people, not for agents. */
static void
test_early_media (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *called = join (rig, 8000);
  Member *agent = join (rig, 8000);
  Member *desk = join (rig, 8000); /* a microphone and a loudspeaker */

  agent->is_agent = TRUE;
  tell_call (rig, called, "two", GST_VOICE_CALL_EARLY);
  talk (rig, 60);
  g_assert_cmpuint (count_calls (agent->events, TRUE), ==, 0);
  g_assert_cmpfloat (strength (agent, 8000, 300), <, 1);
  g_assert_cmpfloat (strength (desk, 8000, 300), >, 5000);
  begin_call (rig, a, "one", TRUE);
  talk (rig, 60);
  g_assert_cmpfloat (strength (a, 8000, 300), >, 5000);
  g_assert_cmpfloat (strength (&rig->members[MANY], 8000, 300), >, 5000);
  g_assert_cmpfloat (strength (agent, 8000, 300), <, 1);
  g_assert_cmpfloat (strength (agent, 8000, 200), >, 5000);
  g_assert_cmpfloat (strength (desk, 8000, 300), >, 5000);
  begin_call (rig, called, "two", TRUE);
  talk (rig, 60);
  g_assert_cmpfloat (strength (agent, 8000, 300), >, 5000);
  g_assert_cmpfloat (strength (desk, 8000, 300), >, 5000);
  rig_free (rig);
}

static void
control (Rig *rig, Member *from, const gchar *to)
{
  const GstVoiceControl control = { GST_VOICE_CONTROL_HANG_UP, "7", to, NULL };

  mix_room_write_event (rig->room, from->participant,
      gst_voice_control_event_new (&control));
}

static guint
count_controls (const Member *member)
{
  guint n = 0;

  for (guint i = 0; i < member->events->len; i++) {
    GstVoiceControl control;
    n += gst_voice_control_event_parse (g_ptr_array_index (member->events, i),
        &control);
  }
  return n;
}

static const gchar *
last_result (const Member *member)
{
  GstVoiceControlResult result;

  g_assert_cmpuint (member->answers->len, >, 0);
  g_assert_true (
      gst_voice_control_result_event_parse (g_ptr_array_index (member->answers,
                                                member->answers->len - 1),
          &result));
  return result.result;
}

static void
test_control (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);
  Member *agent = join (rig, 16000);
  gint16 samples[320];

  begin_call (rig, a, "one", TRUE);
  begin_call (rig, b, "two", TRUE);
  advance (rig, 40 * MS);
  control (rig, agent, NULL);
  advance (rig, 40 * MS);
  g_assert_cmpstr (last_result (agent), ==, "ambiguous");
  control (rig, agent, "two");
  control (rig, agent, "three");
  advance (rig, 40 * MS);
  g_assert_cmpuint (count_controls (a), ==, 0);
  g_assert_cmpuint (count_controls (b), ==, 1);
  g_assert_cmpstr (last_result (agent), ==, "failed");
  for (guint i = 0; i < 50; i++) {
    say_noise (rig, b, samples);
    say_tone (rig, a, 200);
    advance (rig, 20 * MS);
  }
  for (guint i = 0; i < 20; i++) {
    say_tone (rig, agent, 300);
    advance (rig, 20 * MS);
  }
  control (rig, agent, NULL); /* the one who spoke before the agent did */
  advance (rig, 40 * MS);
  g_assert_cmpuint (count_controls (a), ==, 1);
  const GstVoiceControlResult done = { GST_VOICE_CONTROL_HANG_UP, "7",
    "accepted", NULL };
  g_assert_true (mix_room_take_upstream (rig->room, a->participant,
      gst_voice_control_result_event_new (&done)));
  g_assert_cmpstr (last_result (agent), ==, "accepted");
  rig_free (rig);
}

/* A hang-up comes out behind the last word before it. */
static void
test_order (void)
{
  Rig *rig = rig_new ();
  Member *caller = join (rig, 8000);
  Member *agent = join (rig, 8000);
  gint16 word[480];

  begin_call (rig, caller, "one", TRUE);
  talk (rig, 5);
  for (guint i = 0; i < G_N_ELEMENTS (word); i++)
    word[i] = 5000;
  mix_room_write (rig->room, agent->participant, word, 480, FALSE);
  control (rig, agent, NULL);
  for (guint i = 0; i < 10 && !count_controls (caller); i++)
    advance (rig, 20 * MS);
  g_assert_cmpuint (count_controls (caller), ==, 1);
  const gint16 *heard = (const gint16 *) caller->heard->data;
  g_assert_cmpint (heard[caller->heard->len - 1], ==, 5000);
  rig_free (rig);
}

static void
test_relay (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);
  Member *agent = join (rig, 16000);

  set (rig, agent, (MixSettings){ .volume = 1, .relay_dtmf = TRUE }, NULL,
      NULL);
  mix_room_write_event (rig->room, a->participant,
      gst_voice_dtmf_event_new ('5', 100));
  mix_room_write_event (rig->room, agent->participant,
      gst_voice_event_new (gst_structure_new_empty ("aiagent/transcript")));
  advance (rig, 40 * MS);
  mix_room_broadcast (rig->room, b->participant,
      gst_voice_input_event_new (GST_VOICE_INPUT_TEXT, "hello"));
  g_assert_cmpuint (a->events->len, ==, 2); /* the fact, the text */
  g_assert_cmpuint (b->events->len, ==, 1); /* the fact */
  g_assert_cmpuint (agent->events->len, ==, 2); /* the digit, the text */
  rig_free (rig);
}

static gboolean
has_ended (const Member *member)
{
  for (guint i = 0; i < member->events->len; i++)
    if (GST_EVENT_TYPE (g_ptr_array_index (member->events, i)) == GST_EVENT_EOS)
      return TRUE;
  return FALSE;
}

/* An output ends with its own side, or with all that it hears. */
static void
test_end (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);
  Member *c = join (rig, 8000);

  talk (rig, 10);
  mix_room_set_ended (rig->room, a->participant, TRUE);
  advance (rig, 100 * MS);
  g_assert_true (has_ended (a));
  g_assert_false (has_ended (b));
  g_assert_cmpint (mix_room_write (rig->room, a->participant, NULL, 0, FALSE),
      ==, GST_FLOW_EOS);
  mix_room_set_ended (rig->room, b->participant, TRUE);
  advance (rig, 100 * MS);
  g_assert_true (has_ended (b));
  g_assert_true (has_ended (c));
  g_assert_false (has_ended (&rig->members[MANY]));
  mix_room_set_ended (rig->room, c->participant, TRUE);
  advance (rig, 100 * MS);
  g_assert_true (has_ended (&rig->members[MANY]));
  rig_free (rig);
}

/* A stream that begins anew is heard, and hears. */
static void
test_begin_again (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *b = join (rig, 8000);

  talk (rig, 10);
  mix_room_set_ended (rig->room, a->participant, TRUE);
  advance (rig, 100 * MS);
  g_assert_true (has_ended (a));
  g_assert_true (has_ended (b));
  guint frames = a->frames;
  mix_room_set_ended (rig->room, a->participant, FALSE);
  talk (rig, 100);
  g_assert_cmpuint (a->frames, >=, frames + 98);
  g_assert_cmpfloat (strength (b, 8000, 200), >, 5500);
  rig_free (rig);
}

/* Who goes with a request under way gets no answer, and nobody else is hurt. */
static void
test_gone (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *agent = join (rig, 16000);

  begin_call (rig, a, "one", TRUE);
  talk (rig, 5);
  control (rig, agent, NULL);
  mix_room_leave (rig->room, g_steal_pointer (&agent->participant));
  talk (rig, 5);
  const GstVoiceControlResult done = { GST_VOICE_CONTROL_HANG_UP, "7",
    "accepted", NULL };
  g_assert_true (mix_room_take_upstream (rig->room, a->participant,
      gst_voice_control_result_event_new (&done)));
  g_assert_cmpuint (count_controls (a), ==, 1);
  rig_free (rig);
}

/* Whoever begins is heard as soon as a busy machine allows, whenever that is. */
static void
test_prompt (void)
{
  for (gint64 phase = 0; phase < 20; phase++) {
    Rig *rig = rig_new ();
    Member *a = join (rig, 8000);
    Member *b = join (rig, 8000);

    advance (rig, (100 + phase) * MS);
    g_assert_cmpuint (b->frames, ==, 0);
    for (guint i = 0; i < 50; i++) {
      say_tone (rig, a, 440);
      advance (rig, 6 * MS);
      g_assert_cmpuint (b->frames, ==, i + 1);
      advance (rig, 14 * MS);
    }
    g_assert_cmpuint (b->gaps, ==, 0);
    rig_free (rig);
  }
}

/* Digits that nobody may be given, text before the first sound. */
static void
test_early (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  Member *agent = join (rig, 16000);

  mix_room_broadcast (rig->room, a->participant,
      gst_voice_input_event_new (GST_VOICE_INPUT_TEXT, "hello"));
  g_assert_cmpuint (agent->events->len, ==, 1);
  mix_room_broadcast (rig->room, a->participant,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_OOB,
          gst_structure_new ("dtmf-event", "type", G_TYPE_INT, 1, NULL)));
  g_assert_cmpuint (agent->events->len, ==, 1);
  rig_free (rig);
}

/* Running time begins anew, as behind a flushing seek of another branch. */
static void
test_clock_set_back (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  join (rig, 8000);

  talk (rig, 150);
  const guint frames = a->frames, discontinuous = a->discontinuous;
  gst_element_set_base_time (rig->pipeline, (GstClockTime) rig->now);
  talk (rig, 60);
  g_assert_cmpuint (a->frames - frames, >=, 59);
  g_assert_cmpuint (a->discontinuous - discontinuous, ==, 1);
  g_assert_cmpuint (a->last_pts, <=, 60 * 20 * MS);
  g_assert_cmpfloat (strength (a, 8000, 300), >, 5000);
  /* So little is a correction of the clock, which is waited for. */
  gst_element_set_base_time (rig->pipeline,
      gst_element_get_base_time (rig->pipeline) + 800 * MS);
  talk (rig, 30);
  g_assert_cmpuint (a->frames - frames, <=, 62);
  talk (rig, 20);
  g_assert_cmpuint (a->discontinuous - discontinuous, ==, 2);
  rig_free (rig);
}

/* The rate rises when nobody speaks, though silence flows. */
static void
test_rise (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);
  const gint16 silence[960] = { 0 };

  talk (rig, 20);
  Member *b = join (rig, 48000);
  for (guint i = 0; i < 60; i++) {
    say (rig, a, silence);
    say (rig, b, silence);
    advance (rig, 20 * MS);
  }
  talk (rig, 60);
  /* b's own tone is far above what 8 kHz can carry. */
  g_assert_cmpuint (b->frames, >, 100);
  g_assert_cmpfloat (strength (&rig->members[MANY], 8000, 200), >, 5000);
  GstCaps *caps = gst_pad_get_current_caps (b->minus);
  gint rate = 0;
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  gst_caps_unref (caps);
  g_assert_cmpint (rate, ==, 8000); /* it keeps what it was given first */
  rig_free (rig);
}

static void
test_speaker_messages (void)
{
  Rig *rig = rig_new ();
  Member *a = join (rig, 8000);

  join (rig, 8000);
  for (guint i = 0; i < 20; i++) {
    say_tone (rig, a, 200);
    advance (rig, 20 * MS);
  }
  advance (rig, 1500 * MS);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (rig->bus, GST_MESSAGE_ELEMENT);
    g_assert_nonnull (message);
    const GstStructure *s = gst_message_get_structure (message);
    g_assert_true (gst_structure_has_name (s, "voicemixer/speaker"));
    g_assert_cmpstr (gst_structure_get_string (s, "pad"), ==, "sink_0");
    g_assert_cmpstr (gst_structure_get_string (s, "state"), ==,
        i ? "stopped" : "started");
  }
  g_assert_null (gst_bus_pop_filtered (rig->bus, GST_MESSAGE_ELEMENT));
  g_autoptr (GstStructure) stats =
      mix_room_get_stats (rig->room, a->participant);
  gboolean stalled = FALSE;
  gst_structure_get_boolean (stats, "stalled", &stalled);
  g_assert_true (stalled);
  rig_free (rig);
}

int
main (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  mix_log_init ();
  g_test_add_func ("/mixroom/identical", test_identical);
  g_test_add_func ("/mixroom/come-and-go", test_come_and_go);
  g_test_add_func ("/mixroom/rates", test_rates);
  g_test_add_func ("/mixroom/settings", test_settings);
  g_test_add_func ("/mixroom/idle", test_idle);
  g_test_add_func ("/mixroom/file", test_file);
  g_test_add_func ("/mixroom/talk", test_talk);
  g_test_add_func ("/mixroom/hold", test_hold);
  g_test_add_func ("/mixroom/early-media", test_early_media);
  g_test_add_func ("/mixroom/control", test_control);
  g_test_add_func ("/mixroom/order", test_order);
  g_test_add_func ("/mixroom/relay", test_relay);
  g_test_add_func ("/mixroom/end", test_end);
  g_test_add_func ("/mixroom/begin-again", test_begin_again);
  g_test_add_func ("/mixroom/gone", test_gone);
  g_test_add_func ("/mixroom/prompt", test_prompt);
  g_test_add_func ("/mixroom/early", test_early);
  g_test_add_func ("/mixroom/clock-set-back", test_clock_set_back);
  g_test_add_func ("/mixroom/rise", test_rise);
  g_test_add_func ("/mixroom/speaker-messages", test_speaker_messages);
  return g_test_run ();
}
