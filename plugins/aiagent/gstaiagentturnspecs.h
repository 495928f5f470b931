/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The properties of the pair that say when the caller speaks, has finished, and interrupts:
 * in the order turn-detection, end-of-turn-min, end-of-turn-max, min-speech, barge-in,
 * barge-in-confirm, latency-budget, from @specs on. */

#define GST_AIAGENT_N_TURN_SPECS 7

void gst_aiagent_turn_specs_make (GParamSpec **specs);

G_END_DECLS
