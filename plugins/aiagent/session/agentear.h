/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/turn/speechend.h"
#include "aiagent/logic/turn/turndetector.h"
#include "aiagent/logic/hearing/talker.h"
#include "aiagent/logic/hearing/vad.h"
#include "common/frame/gstvoiceformat.h"

G_BEGIN_DECLS

/* The caller's sound, cut into turns: brought down to the rate that the detector of
 * speech takes, judged, and counted. Whoever brings the sound has one for itself: there
 * is no lock. Times are running time, in ns. */

typedef struct
{
  const AgentVad *kind;
  gpointer vad; /* NULL: hears nothing yet */
  guint vad_rate;
  GstVoiceConverter *converter; /* NULL: the VAD knows the rate */
  GByteArray *input; /* S16 at vad_rate: what is not cut into pieces yet */
  gsize judged; /* bytes of it */
  GstClockTime base; /* of the first byte of input */
  Talker talker;
  TurnDetector detector;
  SpeechEnd speech_end;
} AgentEar;

/* At the moment of an event, or after what was heard. */
typedef struct
{
  TurnEvent event;
  gboolean speaking; /* a turn is under way */
  GstClockTime onset; /* of the turn */
  GstClockTime last_speech; /* end of it, as the turn was decided by */
  GstClockTime end; /* of its last sound */
} AgentEarTurn;

/* 20 ms have one event; two where the next turn begins at once. */
#define AGENT_EAR_MAX_EVENTS 4

typedef struct
{
  AgentEarTurn events[AGENT_EAR_MAX_EVENTS];
  guint n;
  AgentEarTurn now;
} AgentEarHeard;

void agent_ear_init (AgentEar *self);
void agent_ear_clear (AgentEar *self);
/* Another caller, in S16 of @rate Hz; @silence and @min_speech as in TurnDetector. */
void agent_ear_begin (AgentEar *self, const AgentVad *kind, guint rate,
    guint silence, guint min_speech);
/* At most 20 ms; @gap: they are known to be silent. */
void agent_ear_hear (AgentEar *self, const gint16 *samples, guint n_samples,
    GstClockTime pts, gboolean gap, AgentEarHeard *heard);
/* The turn, if any, is over; what was left of the sound, too. */
void agent_ear_finish (AgentEar *self);
/* Running time began anew, by so much earlier. */
void agent_ear_move_back (AgentEar *self, GstClockTime by);

G_END_DECLS
