/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A room in virtual time: a manual loop, a test clock, and pads that keep what they
 * are given. Each participant's frame comes 5 ms before its tick. */

#include "voicemixer/mixroom.h"

#include "common/event/gstvoiceevents.h"
#include "common/event/gstvoicelistener.h"

#include <gst/check/gsttestclock.h>
#include <math.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define MANY 100

typedef struct
{
  GstPad *sink, *minus, *hears; /* hears: what minus is linked to */
  MixParticipant *participant;
  GArray *heard; /* gint16, of everything */
  GPtrArray *events; /* custom ones and EOS, downstream */
  GPtrArray *answers; /* upstream, through sink */
  guint frames, discontinuous, gaps;
  GstClockTime last_pts;
  guint rate;
  gdouble phase;
  gboolean is_agent;
} Member;

typedef struct
{
  GstElement *pipeline;
  GstClock *clock;
  MediaLoop *loop;
  MixRoom *room;
  GstBus *bus;
  Member members[MANY + 1]; /* the last one: the full mix */
  guint n;
  gint64 now;
} Rig;

static GstFlowReturn
take_frame (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Member *member = gst_pad_get_element_private (pad);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_array_append_vals (member->heard, map.data, (guint) map.size / 2);
  gst_buffer_unmap (buffer, &map);
  member->frames++;
  member->discontinuous += GST_BUFFER_IS_DISCONT (buffer);
  member->gaps += GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  member->last_pts = GST_BUFFER_PTS (buffer);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
take_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Member *member = gst_pad_get_element_private (pad);

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS ||
      (GST_EVENT_TYPE (event) & GST_EVENT_TYPE_DOWNSTREAM &&
          GST_EVENT_TYPE (event) >= GST_EVENT_CUSTOM_DOWNSTREAM))
    g_ptr_array_add (member->events, event);
  else
    gst_event_unref (event);
  return TRUE;
}

/* Of the pad before a participant's sink. */
static gboolean
take_answer (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Member *member = gst_pad_get_element_private (pad);

  g_ptr_array_add (member->answers, event);
  return TRUE;
}

static gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  Member *member = gst_pad_get_element_private (pad);

  return (member->is_agent && gst_voice_listener_query_answer_agent (query)) ||
      gst_pad_query_default (pad, parent, query);
}

static GstPad *
listener_new (Member *member, GstPad *pad)
{
  GstPad *hears = gst_pad_new ("hears", GST_PAD_SINK);

  gst_pad_set_element_private (hears, member);
  gst_pad_set_chain_function (hears, take_frame);
  gst_pad_set_event_function (hears, take_event);
  gst_pad_set_query_function (hears, answer_query);
  gst_pad_set_active (hears, TRUE);
  gst_pad_link (pad, hears);
  member->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  member->events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_event_unref);
  member->answers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_event_unref);
  return hears;
}

static Member *
join (Rig *rig, guint rate)
{
  const guint number = rig->n++;
  Member *member = &rig->members[number];
  g_autofree gchar *name = g_strdup_printf ("minus_%u", number);

  member->rate = rate;
  member->sink = gst_pad_new ("sink", GST_PAD_SINK);
  member->minus = gst_pad_new (name, GST_PAD_SRC);
  gst_pad_set_active (member->minus, TRUE);
  gst_pad_set_active (member->sink, TRUE);
  member->hears = listener_new (member, member->minus);
  GstPad *before = gst_pad_new ("before", GST_PAD_SRC);
  gst_pad_set_element_private (before, member);
  gst_pad_set_event_function (before, take_answer);
  gst_pad_set_active (before, TRUE);
  gst_pad_link (before, member->sink);
  member->participant =
      mix_room_join (rig->room, number, member->sink, member->minus);
  mix_room_set_rate (rig->room, member->participant, rate);
  return member;
}

static void
member_clear (Member *member)
{
  if (member->sink) {
    g_autoptr (GstPad) before = gst_pad_get_peer (member->sink);
    gst_pad_set_active (before, FALSE);
    gst_pad_unlink (before, member->sink);
    gst_object_unref (before);
    gst_pad_set_active (member->sink, FALSE);
    gst_object_unref (member->sink);
  }
  gst_pad_set_active (member->minus, FALSE);
  gst_pad_set_active (member->hears, FALSE);
  gst_pad_unlink (member->minus, member->hears);
  gst_object_unref (member->minus);
  gst_object_unref (member->hears);
  g_array_unref (member->heard);
  g_ptr_array_unref (member->events);
  g_ptr_array_unref (member->answers);
}

static Rig *
rig_new (void)
{
  Rig *rig = g_new0 (Rig, 1);
  Member *all = &rig->members[MANY];

  rig->pipeline = gst_pipeline_new ("rig");
  rig->clock = gst_test_clock_new ();
  gst_pipeline_use_clock (GST_PIPELINE (rig->pipeline), rig->clock);
  gst_element_set_state (rig->pipeline, GST_STATE_PLAYING);
  rig->bus = gst_element_get_bus (rig->pipeline);
  rig->loop = media_loop_new_manual (0);
  all->minus = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (all->minus, TRUE);
  all->hears = listener_new (all, all->minus);
  rig->room = mix_room_new (rig->pipeline, all->minus);
  mix_room_start (rig->room, media_loop_ref (rig->loop));
  mix_room_set_playing (rig->room, TRUE);
  return rig;
}

static void
rig_free (Rig *rig)
{
  mix_room_stop (rig->room);
  media_loop_step (rig->loop, rig->now);
  for (guint i = 0; i < rig->n; i++) {
    if (rig->members[i].participant)
      mix_room_leave (rig->room, rig->members[i].participant);
    member_clear (&rig->members[i]);
  }
  member_clear (&rig->members[MANY]);
  mix_room_unref (rig->room);
  media_loop_unref (rig->loop);
  gst_object_unref (rig->bus);
  gst_element_set_state (rig->pipeline, GST_STATE_NULL);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (rig->pipeline), ==, 1);
  gst_object_unref (rig->pipeline);
  gst_object_unref (rig->clock);
  g_free (rig);
}

static inline void
advance (Rig *rig, gint64 time)
{
  for (gint64 end = rig->now + time; rig->now < end;) {
    rig->now += MS;
    gst_test_clock_set_time (GST_TEST_CLOCK (rig->clock),
        (GstClockTime) rig->now);
    media_loop_step (rig->loop, rig->now);
  }
}

static inline void
say (Rig *rig, Member *member, const gint16 *samples)
{
  g_assert_cmpint (mix_room_write (rig->room, member->participant, samples,
                       member->rate / 50, FALSE),
      ==, GST_FLOW_OK);
}

static inline void
say_noise (Rig *rig, Member *member, gint16 *samples)
{
  for (guint i = 0; i < member->rate / 50; i++)
    samples[i] = (gint16) g_test_rand_int_range (-300, 300);
  say (rig, member, samples);
}

static inline void
say_tone (Rig *rig, Member *member, gdouble frequency)
{
  gint16 samples[960];

  for (guint i = 0; i < member->rate / 50; i++) {
    samples[i] = (gint16) (6000 * sin (member->phase));
    member->phase += 2 * G_PI * frequency / member->rate;
  }
  say (rig, member, samples);
}

/* @n frames of everybody, who all speak. */
static inline void
talk (Rig *rig, guint n)
{
  for (guint i = 0; i < n; i++) {
    for (guint k = 0; k < rig->n; k++)
      if (rig->members[k].participant)
        say_tone (rig, &rig->members[k], 200 + 100 * k);
    advance (rig, 20 * MS);
  }
}

/* The strength of a tone in the last second of what was heard. */
static inline gdouble
strength (const Member *member, guint rate, gdouble frequency)
{
  const guint n = rate;
  gdouble re = 0, im = 0;

  g_assert_cmpuint (member->heard->len, >=, n);
  const gint16 *samples =
      (const gint16 *) member->heard->data + member->heard->len - n;
  for (guint i = 0; i < n; i++) {
    re += samples[i] * cos (2 * G_PI * frequency * i / rate);
    im += samples[i] * sin (2 * G_PI * frequency * i / rate);
  }
  return 2 * sqrt (re * re + im * im) / n;
}

static inline gint
steepest (const Member *member)
{
  const gint16 *samples = (const gint16 *) member->heard->data;
  gint most = 0;

  for (guint i = 1; i < member->heard->len; i++)
    most = MAX (most, ABS (samples[i] - samples[i - 1]));
  return most;
}
