/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/mixmatrix.h"
#include "logic/speaker.h"
#include "mixinput.h"
#include "mixoutput.h"
#include "mixroom.h"

G_BEGIN_DECLS

#define MIX_MAX_FRAME 960 /* 20 ms at 48 kHz */

struct _MixParticipant
{
  /* Set when made, never changed: read freely. */
  gint ref_count; /* atomic */
  guint number, slot;
  MixOutput *output;

  /* Under the room's tick_lock. */
  gint32 said[MIX_MAX_FRAME]; /* of this tick */
  gboolean heard; /* @said is not all silence */
  gfloat gain; /* that the last tick ended with */
  Speaker speaker;
  gboolean end_told; /* its output has had EOS */

  /* Under the room's lock. */
  GstPad *sink; /* a reference, NULL once it left */
  MixInput *input;
  MixSettings settings;
  gboolean leaving, ended, flushing;
  gchar *call_id; /* of the call that is up, NULL = none */
  GstEvent *call; /* its voice-call, for those who come later */
  gboolean is_agent; /* who listens to its output */
  gboolean early, held; /* that call is not up yet, or on hold */
  GstEvent
      *talk; /* voice-call of the call that it was told of, while that lasts */
  gboolean talk_held; /* it was told so */
  MixParticipant
      *asked_by; /* whose voice-control it was given last; borrowed */
  guint64
      spoke; /* when it spoke last, by `frames` of all; 0 = not in this call */
  gfloat level; /* dBFS; with the next two, of the last tick */
  gboolean is_speaking, is_stalled;
};

/* From READY->PAUSED to PAUSED->READY. Loops need not be shared: the last one may be
 * at its last tick when the next begins. */
typedef struct
{
  MixRoom *room; /* a reference */
  MediaLoop *loop;
  MediaTicker ticker; /* loop thread */
} MixRun;

/* Lock order: tick_lock, a pad's STREAM_LOCK, the room's lock, which is a leaf. */
struct _MixRoom
{
  /* Set when made, never changed: read freely. */
  gint ref_count; /* atomic */
  GstElement *element; /* not owned */
  MixOutput *full;

  GMutex tick_lock; /* held through a tick; protects the following */
  guint64 frames; /* since `base` */
  GstClockTime base; /* running time of the first of them */
  MixMatrix *matrix, *old_matrix; /* old: of the last tick, NULL = the same */
  guint rate; /* of the mix, Hz; 0 = to be chosen */
  guint quiet; /* ticks in which nobody spoke */
  gboolean full_ended;
  guint64 ticks; /* since it was made, for `spoke` */

  GMutex lock; /* protects everything below */
  GCond space; /* something was read, or somebody is to stop waiting */
  MixRun *run; /* NULL: READY or less */
  gboolean playing, ticking;
  gboolean matrix_dirty;
  gboolean pending; /* there is something to be done without any audio */
  GPtrArray *slots; /* MixParticipant or NULL, a reference each */
  guint group_id;
};

/* ---- mixevents.c; loop thread */

/* Events to be given to pads once the audio before them went out. */
typedef struct
{
  GstPad *sink; /* upstream through it; NULL: */
  MixOutput *output; /* downstream to it; a reference each */
  GstEvent *event;
} MixDelivery;

GArray *mix_deliveries_new (void);
/* Lock held: decides who is given @event of @from; takes it. */
void mix_room_route (MixRoom *self, MixParticipant *from, GstEvent *event,
    GArray *deliveries);
/* Lock held: tells those for whom the talk has begun or ended. */
void mix_room_update_talk (MixRoom *self, GArray *deliveries);
/* No lock. */
void mix_deliveries_send (GArray *deliveries);

/* Lock held: its call is over, or it goes. */
void mix_participant_forget_call (MixParticipant *self);
/* Lock held: it left, and faded out. */
void mix_room_empty_slot (MixRoom *self, MixParticipant *participant);
/* Lock held. */
gboolean mix_room_hears (MixRoom *self, const MixParticipant *listener,
    const MixParticipant *speaker);

/* ---- mixtick.c; loop thread */

/* FALSE: there is nothing to do until somebody says something. @messages are to be
 * posted without any lock. */
gboolean mix_room_tick (MixRoom *self, MixRun *run, gint64 now,
    GPtrArray *messages);

G_END_DECLS
