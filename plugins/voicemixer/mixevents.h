/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mixseats.h"

G_BEGIN_DECLS

/* Events to be given to pads once the audio before them went out. */
GArray *mix_deliveries_new (void);
/* Loop thread; the room's lock is not held, the desk's may be. */
void mix_deliveries_send (GArray *deliveries);

/* The room's lock held: decides who is given @event of @from; takes it. */
void mix_events_route (MixSeats *self, MixParticipant *from, GstEvent *event,
    GArray *deliveries);
/* The room's lock held: tells those for whom the talk has begun or ended. */
void mix_events_update_talk (MixSeats *self, GArray *deliveries);

/* Any thread, no lock: @event goes to everybody else who hears @from at once.
 * Takes it. */
void mix_events_broadcast (MixSeats *self, MixParticipant *from,
    GstEvent *event);
/* Any thread, no lock: @event came from behind @to's minus pad. Takes it. */
gboolean mix_events_take_upstream (MixSeats *self, MixParticipant *to,
    GstEvent *event);

G_END_DECLS
