/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/mixmatrix.h"
#include "mixoutput.h"
#include "mixseats.h"

#include "common/loop/medialoop.h"

G_BEGIN_DECLS

/* The mixing desk: one tick takes from each in the room what it said, mixes, and gives
 * each what it is to hear. Nobody is waited for.
 *
 * Lock order: the desk's lock, a pad's STREAM_LOCK, the room's lock. */
typedef struct
{
  /* Set when made, never changed: read freely. */
  GstElement *element; /* not owned */
  MixSeats *seats; /* not owned */
  MixOutput *full; /* of everybody */

  GMutex lock; /* held through a tick; protects everything below */
  guint64 frames; /* since `base` */
  GstClockTime base; /* running time of the first of them */
  MixMatrix *matrix, *old_matrix; /* old: of the last tick, NULL = the same */
  guint rate; /* of the mix, Hz; 0 = to be chosen */
  guint quiet; /* ticks in which nobody spoke */
  gboolean full_ended;
  guint64 ticks; /* since it was made, for `spoke` */
} MixDesk;

/* Called in the midst of a tick, the room's lock held: whether it is to go on. */
typedef gboolean (*MixGoesOn) (gint64 now, gpointer data);

/* @full is the pad of everybody. */
void mix_desk_init (MixDesk *self, GstElement *element, MixSeats *seats,
    GstPad *full);
void mix_desk_clear (MixDesk *self);

/* The desk's lock held: streams begin. */
void mix_desk_restart (MixDesk *self, guint group_id);

/* The room's lock held. FALSE: there is nothing to do until somebody says something. */
gboolean mix_desk_has_work (MixDesk *self, gint64 now);

/* Loop thread, the desk's lock held. FALSE: @goes_on said so. @messages are to be
 * posted without any lock. */
gboolean mix_desk_tick (MixDesk *self, MediaLoop *loop, gint64 now,
    MixGoesOn goes_on, gpointer data, GPtrArray *messages);

G_END_DECLS
