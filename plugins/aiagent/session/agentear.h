/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/logic/turn/bargein.h"
#include "aiagent/logic/turn/onset.h"
#include "aiagent/logic/turn/speechend.h"
#include "aiagent/logic/turn/turndetector.h"
#include "aiagent/logic/turn/turnwait.h"
#include "aiagent/logic/turn/voicing.h"
#include "aiagent/logic/hearing/talker.h"
#include "aiagent/logic/hearing/vad.h"
#include "common/frame/gstvoiceformat.h"

G_BEGIN_DECLS

/* The caller's sound, cut into turns: brought down to the rate that the detector of
 * speech takes, judged, and counted. Whoever brings the sound has one for itself: there
 * is no lock. Times are running time, in ns. */

typedef struct
{
  guint min_speech; /* as in TurnDetector */
  guint end_min, end_max; /* ms of silence that end a turn, as in TurnWait */
  guint confirm; /* ms; as in BargeIn; 0 = there is no doubt */
} AgentEarSettings;

/* What the ear cannot know by itself, set by its owner before what is heard. */
typedef struct
{
  gboolean agent_speaks; /* what may be interrupted, by somebody who is heard */
  gdouble complete; /* as in turn_wait_get() */
} AgentEarScene;

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
  AgentEarSettings settings;
  AgentEarScene scene;
  Onset onset;
  Voicing voicing;
  gboolean voiced; /* the last piece of which it was measured */
  TurnDetector detector;
  TurnWait wait;
  BargeIn barge_in;
  SpeechEnd speech_end;
} AgentEar;

/* At the moment of an event, or after what was heard. */
typedef struct
{
  TurnEvent event;
  gboolean speaking; /* a turn is under way */
  gboolean doubtful; /* it may be no interruption of the agent */
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
  gboolean sounds; /* something that may become a turn, or is one */
} AgentEarHeard;

void agent_ear_init (AgentEar *self);
void agent_ear_clear (AgentEar *self);
/* Another caller, in S16 of @rate Hz. */
void agent_ear_begin (AgentEar *self, const AgentVad *kind, guint rate,
    const AgentEarSettings *settings);
/* At most 20 ms; @gap: they are known to be silent. */
void agent_ear_hear (AgentEar *self, const gint16 *samples, guint n_samples,
    GstClockTime pts, gboolean gap, AgentEarHeard *heard);
/* A turn is under way, and nobody speaks now: it is worth asking how complete it is. */
gboolean agent_ear_is_in_pause (const AgentEar *self);
/* The turn, if any, is over; what was left of the sound, too. */
void agent_ear_finish (AgentEar *self);
/* Running time began anew, by so much earlier. */
void agent_ear_move_back (AgentEar *self, GstClockTime by);

G_END_DECLS
