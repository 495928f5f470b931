/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Second thoughts about somebody who speaks into the agent's words. The agent pauses
 * first, and this says within `barge-in-confirm` whether it was interrupted: who goes on
 * speaking has interrupted it; what is over by then, or has no voice, as a cough or a
 * click, has not; what falls silent just then has 150 ms more. The doubt is bounded: what lasts for three times
 * as long, or 1200 ms, is an interruption, whatever it sounds like. Backends that are told late
 * keep that much of what they hear. Times in ns. */

typedef enum
{
  BARGE_IN_NOTHING, /* new */
  BARGE_IN_CONFIRMED, /* the agent was interrupted; the doubt is over */
  BARGE_IN_RESUMED, /* the agent may go on; it may be an interruption still */
  BARGE_IN_REJECTED, /* it was none, and is over; so is the doubt */
} BargeInVerdict;

typedef struct
{
  gboolean doubting;
  gboolean resumed;
  gint64 onset, confirm;
  gint64 last_sound; /* end of it */
  guint sounding, voiced; /* pieces */
} BargeIn;

/* Something began at @onset. @confirm: how long the agent waits for certainty. */
void barge_in_begin (BargeIn *self, gint64 onset, gint64 confirm);
/* It does not matter any more. */
void barge_in_forget (BargeIn *self);
/* The next 10 ms, that began at @time: they @sound, and have a voice. */
BargeInVerdict barge_in_push (BargeIn *self, gboolean sounds, gboolean voiced,
    gint64 time);
void barge_in_move_back (BargeIn *self, gint64 by);

G_END_DECLS
