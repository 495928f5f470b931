/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "vad.h"

G_BEGIN_DECLS

/* Whether 10 ms of sound are speech: the detector of WebRTC at its most cautious
 * setting.
 *
 * Decision: the library's C++ interface (AudioProcessing) runs the same detector
 * behind a whole processing chain, per instance and frame many times the cost, and
 * offers no setting for it beyond "likelihood". The C functions beneath have been
 * exported unchanged for as long as the library exists; meson checks that they
 * link. They are declared in webrtcvad.c because the package has no header for them. */

typedef struct _WebrtcVad WebrtcVad;

/* @rate 8000, 16000, 32000 or 48000. */
WebrtcVad *webrtc_vad_new (guint rate);
void webrtc_vad_free (WebrtcVad *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebrtcVad, webrtc_vad_free)
void webrtc_vad_reset (WebrtcVad *self);
/* @samples: 10 ms. */
gboolean webrtc_vad_is_speech (WebrtcVad *self, const gint16 *samples);

/* The same for the ear. */
extern const AgentVad webrtc_vad;

G_END_DECLS
