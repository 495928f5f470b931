/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/mixset.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Who is in the room: what comes from one sink pad, and what its minus pad is given. */
typedef struct _MixParticipant MixParticipant;

/* What a pad's properties say. */
typedef struct
{
  gboolean mute;
  gdouble volume;
  gboolean relay_dtmf;
  MixSet *hears, *heard_by; /* NULL = all */
} MixSettings;

MixParticipant *mix_participant_ref (MixParticipant *self);
void mix_participant_unref (MixParticipant *self);

G_END_DECLS
