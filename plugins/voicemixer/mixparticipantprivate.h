/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/speaker.h"
#include "mixinput.h"
#include "mixoutput.h"
#include "mixparticipant.h"

G_BEGIN_DECLS

#define MIX_MAX_FRAME 960 /* 20 ms at 48 kHz */

struct _MixParticipant
{
  /* Set when made, never changed: read freely. */
  gint ref_count; /* atomic */
  guint number;
  guint slot; /* from when it is in one */
  MixOutput *output;

  /* Under the desk's lock. */
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
      spoke; /* when it spoke last, by `ticks` of the desk; 0 = not in this call */
  gfloat level; /* dBFS; with the next two, of the last tick */
  gboolean is_speaking, is_stalled;
};

/* Takes @output. */
MixParticipant *mix_participant_new (guint number, GstPad *sink,
    MixOutput *output);

/* Both locks held: a stream begins. */
void mix_participant_begin (MixParticipant *self);

/* ---- The room's lock held */

/* Takes the sets of @settings. */
void mix_participant_set_settings (MixParticipant *self,
    const MixSettings *settings);
/* Its call is over, or it goes. */
void mix_participant_forget_call (MixParticipant *self);
gboolean mix_participant_hears (const MixParticipant *self,
    const MixParticipant *speaker);
/* For the log, (transfer full): the id of its own call, else of the one that it was
 * told of; "" for neither. */
gchar *mix_participant_dup_log_id (const MixParticipant *self);
/* application/x-voicemixer-pad-stats; (transfer full). */
GstStructure *mix_participant_get_stats (const MixParticipant *self);

G_END_DECLS
