/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "scenariocaller.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a call of a scenario left behind. Times are ms of the line of the agent: where
 * what the caller said arrives, and what the agent says leaves. */
typedef struct
{
  GArray *sounds; /* Sound, in the caller's time */
  GArray *heard, *said; /* gint16 of SCENARIO_RATE from the call's beginning */
  GPtrArray *facts; /* GstStructure: what the session told */
  guint lost; /* packets */
  gchar *digest; /* SHA-256 of all this */
} ScenarioTape;

/* Way of the virtual network, ms, without jitter. */
#define SCENARIO_WAY 20

/* The whole call, in virtual time: RTP of a caller over the network, jitter buffer,
 * session, and back. (transfer full) */
ScenarioTape *scenario_call (const Scenario *scenario);
void scenario_tape_free (ScenarioTape *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScenarioTape, scenario_tape_free)

G_END_DECLS
