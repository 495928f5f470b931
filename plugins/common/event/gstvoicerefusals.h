/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* How many calls this process has refused that no line ever had, so that no element
 * could tell of them. Any thread. */

typedef enum
{
  GST_VOICE_SIP,
  GST_VOICE_WEBRTC,
  GST_VOICE_N_CHANNELS
} GstVoiceChannel;

/* @status: of the response. 486 is busy, 404 unknown, 503 unavailable, all others
 * bad. */
void gst_voice_refusals_count (GstVoiceChannel channel, guint status);

/* Adds the fields refused-busy, refused-unknown, refused-unavailable and refused-bad,
 * all uint, to a `stats` structure. */
void gst_voice_refusals_add (GstVoiceChannel channel, GstStructure *stats);

/* In place, and returned: of what a stranger says of itself at most 256 bytes, in whole
 * characters. NULL stays NULL. */
gchar *gst_voice_refusals_bound (gchar *text);

VOICE_API_END
G_END_DECLS
