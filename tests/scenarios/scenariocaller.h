/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "scenariofile.h"

G_BEGIN_DECLS

/* The caller of a scenario: waits until the agent has spoken, says something, sometimes
 * hesitates in it, talks or coughs into an answer; and gives back what the phone plays. */

#define SCENARIO_RATE 8000
#define SCENARIO_FRAME (SCENARIO_RATE / 50)
#define SCENARIO_TICK 20 /* ms */

typedef enum
{
  SOUND_SENTENCE, /* in turn */
  SOUND_OVER, /* a sentence into an answer */
  SOUND_COUGH,
} SoundKind;

/* What the caller said, ms from the call's beginning, in order. */
typedef struct
{
  SoundKind kind;
  guint start, end;
  guint pause_start, pause_end; /* 0: no pause in it */
} Sound;

typedef struct _ScenarioCaller ScenarioCaller;

/* @scenario must outlive it. */
ScenarioCaller *scenario_caller_new (const Scenario *scenario);
void scenario_caller_free (ScenarioCaller *self);
/* What the phone plays: any number of samples. */
void scenario_caller_play (ScenarioCaller *self, const gint16 *samples,
    guint n);
/* The next SCENARIO_FRAME samples of the microphone; FALSE: they are silent. */
gboolean scenario_caller_speak (ScenarioCaller *self, gint16 *samples);
/* Sound, of all that was begun so far. */
const GArray *scenario_caller_get_sounds (const ScenarioCaller *self);

G_END_DECLS
