/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

/* One channel of a 16 bit PCM WAV file (@channel: 0 = left); also of one whose
 * header was never finished (size fields 0 or too large). */
typedef struct
{
  gint16 *samples;
  gsize length;
  guint rate;
  guint channels;
} WavFile;

gboolean wav_file_read (const gchar *path, guint channel, WavFile *wav);
void wav_file_clear (WavFile *wav);
gboolean wav_file_write (const gchar *path, const gint16 *samples, gsize length,
    guint rate);
/* From a higher rate to 8 kHz, by averaging: good enough to recognise. */
void wav_file_to_8k (WavFile *wav);
