/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The echo canceller of WebRTC (libwebrtc-audio-processing 0.3), whose interface is C++.
 * It learns the way from the loudspeaker of a far end to its microphone, and takes out
 * what came by it; what is left where nobody else speaks it turns down. One thread. */

typedef struct _EchoCanceller EchoCanceller;

/* How much earlier than its echo what was sent is best given: the filter finds it from there
 * to 80 ms behind. ns */
#define ECHO_CANCELLER_LEAD G_GINT64_CONSTANT (40000000)

/* @rate 8000, 16000, 32000 or 48000. */
EchoCanceller *echo_canceller_new (guint rate);
void echo_canceller_free (EchoCanceller *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EchoCanceller, echo_canceller_free)

/* Samples by which what comes out is later than what goes in. */
#define ECHO_CANCELLER_DELAY 112

/* 10 ms of what was sent, and of what has come, which is cleaned in place, and comes out
 * so much later. */
void echo_canceller_process (EchoCanceller *self, const gint16 *sent,
    gint16 *heard);

G_END_DECLS
