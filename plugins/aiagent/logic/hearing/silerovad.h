/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "silero.h"
#include "vad.h"

G_BEGIN_DECLS

/* The network of silero.h for the ear, behind a gate: what is no louder than the noise of
 * the line is no speech, and costs nothing. */

/* @weights outlive it. */
AgentVad silero_vad_make (const SileroWeights *weights);

G_END_DECLS
