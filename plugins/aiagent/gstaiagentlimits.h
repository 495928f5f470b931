/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The properties of the pair that say who gets the agent, and for how long: in the order
 * admit, max-sessions, sessions-per-minute, max-duration, caller-instructions, from @specs
 * on. */

#define GST_AIAGENT_N_LIMITS 5

#define GST_TYPE_AIAGENT_ADMIT (gst_aiagent_admit_get_type ())
GType gst_aiagent_admit_get_type (void);

void gst_aiagent_limits_make (GParamSpec **specs);

G_END_DECLS
