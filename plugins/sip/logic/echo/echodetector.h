/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "envelope.h"

G_BEGIN_DECLS

/* Is what comes an echo of what was sent? It is if it rises and falls as that did some
 * time before, in three bands, and is quieter by what a way through the air, or a hybrid,
 * takes away. The correlation of the envelopes is kept for each delay up to 0.64 s, with two
 * memories: the short one says what is heard now, the long one what the far end is like.
 * Both agree 60 to 200 ms after an echo began, so that nobody need be told its delay
 * (the round trip of RTCP, which comes after seconds, lacks the far end's buffers), and
 * a call without an echo pays for no canceller.
 *
 * Nothing here knows time: pieces of 10 ms follow each other. */

#define ECHO_DETECTOR_LAGS 64

typedef enum
{
  ECHO_NOW, /* 0.3 s */
  ECHO_OF_LATE, /* 2 s */
  ECHO_N_MEMORIES,
} EchoMemory;

/* Of what was sent, by its age: the newest piece is at `newest`. Twice as long as the delays,
 * so that they lie in one row. */
typedef struct
{
  gfloat level[ENVELOPE_BANDS][2 * ECHO_DETECTOR_LAGS];
  gfloat all[2 * ECHO_DETECTOR_LAGS];
  /* When it was the newest. */
  gfloat mean[ECHO_N_MEMORIES][ENVELOPE_BANDS][2 * ECHO_DETECTOR_LAGS];
  gfloat square[ECHO_N_MEMORIES][ENVELOPE_BANDS][2 * ECHO_DETECTOR_LAGS];
} EchoSent;

typedef struct
{
  gfloat mean[ENVELOPE_BANDS], square[ENVELOPE_BANDS];
  gfloat product[ENVELOPE_BANDS][ECHO_DETECTOR_LAGS]; /* with what was sent */
} EchoHeard;

typedef struct
{
  EchoSent sent;
  guint newest;
  EchoHeard heard[ECHO_N_MEMORIES];
  gfloat loss[ECHO_DETECTOR_LAGS]; /* dB, of loud pieces of late: their sum, */
  gfloat weight[ECHO_DETECTOR_LAGS]; /* and that of their weights */
} EchoDetector;

typedef struct
{
  guint lag; /* pieces */
  gfloat correlation; /* 0 to 1 */
  gfloat loss; /* dB by which it is quieter */
} EchoMatch;

void echo_detector_init (EchoDetector *self);
/* The next 10 ms of both. */
void echo_detector_push (EchoDetector *self, const EnvelopeLevel *sent,
    const EnvelopeLevel *heard);
/* The delay that fits best. */
EchoMatch echo_detector_find (const EchoDetector *self, EchoMemory memory);
/* @lag: less than there are. */
gfloat echo_detector_correlate (const EchoDetector *self, EchoMemory memory,
    guint lag);
/* The loudest of what was sent from @to to @from pieces ago. */
gfloat echo_detector_get_loudest (const EchoDetector *self, guint from,
    guint to);

G_END_DECLS
