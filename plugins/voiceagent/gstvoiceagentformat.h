/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GstVoiceEncoding:
 * @GST_VOICE_S16: audio/x-raw, S16LE, which is the machine's own byte order: others are
 *     not supported
 * @GST_VOICE_MULAW: audio/x-mulaw, ITU-T G.711
 * @GST_VOICE_ALAW: audio/x-alaw, ITU-T G.711
 * @GST_VOICE_OPUS: audio/x-opus, in packets: no backend is given it
 *
 * How a sample is written.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_VOICE_S16,
  GST_VOICE_MULAW,
  GST_VOICE_ALAW,
  GST_VOICE_OPUS,
} GstVoiceEncoding;

/**
 * GstVoiceFormat:
 * @encoding: how a sample is written
 * @rate: samples in a second (Hz): 8000, 16000, 24000 or 48000; a law has 8000, Opus
 *     48000
 *
 * Audio of one channel. A value, closed: no field will be added to it.
 *
 * Since: 0.1
 */
typedef struct
{
  GstVoiceEncoding encoding;
  guint rate;
} GstVoiceFormat;

G_END_DECLS
