/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceagent/gstvoiceagentformat.h"

G_BEGIN_DECLS

/* The agent's voice while somebody may be about to speak: 10 dB softer, within a frame of
 * 20 ms, and as quickly back. Whoever takes the frames has one for itself: no lock. */

typedef struct
{
  gboolean down; /* as the last frame ended */
} AgentDuck;

/* The next frame, in place; what is not changed stays byte for byte. */
void agent_duck_apply (AgentDuck *self, gboolean down,
    const GstVoiceFormat *format, guint8 *frame);

G_END_DECLS
