/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mixparticipant.h"

G_BEGIN_DECLS

/* Who is in the room, each in a slot of its own; the lowest that is free is taken next.
 *
 * The lock is the room's: it protects what is said to be under it here, in the room and
 * in each participant. It is a leaf, but for what a media loop locks when it is asked for
 * the time or for a tick. */
typedef struct
{
  GMutex lock; /* protects everything below */
  GPtrArray *slots; /* MixParticipant or NULL, a reference each */
  gboolean matrix_dirty; /* who hears whom is to be found out again */
  gboolean pending; /* there is something to be done without any audio */
  guint group_id; /* of the streams of all outputs */
} MixSeats;

void mix_seats_init (MixSeats *self);
void mix_seats_clear (MixSeats *self);

/* ---- Lock held */

/* Takes @participant. */
void mix_seats_add (MixSeats *self, MixParticipant *participant);
/* It left, and faded out. */
void mix_seats_remove (MixSeats *self, MixParticipant *participant);
/* References to all. */
GPtrArray *mix_seats_dup_all (const MixSeats *self);

G_END_DECLS
