/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a service counts in ms of audio that it was sent, as running time: it counts no
 * gaps. Times are ns. */

#define OPENAI_NO_TIME G_MAXUINT64
#define OPENAI_CLOCK_ANCHORS 64

typedef struct
{
  guint64 samples; /* sent before */
  guint64 time; /* of the next one */
} OpenaiAnchor;

typedef struct
{
  guint rate; /* Hz */
  guint64 samples; /* sent */
  guint n_anchors; /* ever; the last ones are kept */
  OpenaiAnchor anchors[OPENAI_CLOCK_ANCHORS];
} OpenaiClock;

/* Nothing was sent. */
void openai_clock_reset (OpenaiClock *self, guint rate);
/* @n_samples more were, the first of them of @time. */
void openai_clock_add (OpenaiClock *self, guint64 n_samples, guint64 time);
/* The running time of what stands @ms behind the first sample; at most the end of what
 * was sent. OPENAI_NO_TIME: nothing was. */
guint64 openai_clock_get_time (const OpenaiClock *self, gint64 ms);

G_END_DECLS
