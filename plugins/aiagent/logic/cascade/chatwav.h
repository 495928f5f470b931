/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @size bytes of S16, one channel, as a file (RIFF/WAVE): what a recogniser is sent. */
GBytes *chat_wav_new (const gint16 *samples, gsize size, guint rate);

G_END_DECLS
