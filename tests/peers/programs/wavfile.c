/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "wavfile.h"

#include <stdio.h>
#include <string.h>

static guint32
le32 (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (guint32) bytes[3] << 24;
}

static guint
le16 (const guint8 *bytes)
{
  return bytes[0] | bytes[1] << 8;
}

static void
take_samples (WavFile *wav, const guint8 *data, gsize size, guint channel)
{
  guint step = 2 * wav->channels;

  wav->length = size / step;
  wav->samples = g_new (gint16, wav->length + 1);
  for (gsize i = 0; i < wav->length; i++)
    wav->samples[i] = (gint16) le16 (data + i * step + 2 * channel);
}

gboolean
wav_file_read (const gchar *path, guint channel, WavFile *wav)
{
  g_autofree gchar *bytes = NULL;
  gsize size, at = 12;

  *wav = (WavFile){ 0 };
  if (!g_file_get_contents (path, &bytes, &size, NULL) || size < 44 ||
      memcmp (bytes, "RIFF", 4) != 0)
    return FALSE;
  while (at + 8 <= size) {
    const guint8 *chunk = (const guint8 *) bytes + at;
    gsize length = le32 (chunk + 4), room = size - at - 8;
    if (memcmp (chunk, "fmt ", 4) == 0 && room >= 16) {
      wav->channels = le16 (chunk + 10);
      wav->rate = le32 (chunk + 12);
      if (le16 (chunk + 22) != 16 || wav->channels <= channel)
        return FALSE;
    } else if (memcmp (chunk, "data", 4) == 0 && wav->channels > 0) {
      take_samples (wav, chunk + 8,
          length == 0 || length > room ? room : length, channel);
      return TRUE;
    }
    at += 8 + length + (length & 1);
  }
  return FALSE;
}

void
wav_file_clear (WavFile *wav)
{
  g_clear_pointer (&wav->samples, g_free);
}

static void
put32 (FILE *file, guint32 value)
{
  guint8 bytes[4] = { value, value >> 8, value >> 16, value >> 24 };
  fwrite (bytes, 1, 4, file);
}

gboolean
wav_file_write (const gchar *path, const gint16 *samples, gsize length,
    guint rate)
{
  FILE *file = fopen (path, "wb");

  if (file == NULL)
    return FALSE;
  fwrite ("RIFF", 1, 4, file);
  put32 (file, 36 + 2 * length);
  fwrite ("WAVEfmt ", 1, 8, file);
  put32 (file, 16);
  put32 (file, 1 | 1 << 16);
  put32 (file, rate);
  put32 (file, 2 * rate);
  put32 (file, 2 | 16 << 16);
  fwrite ("data", 1, 4, file);
  put32 (file, 2 * length);
  for (gsize i = 0; i < length; i++) {
    guint8 bytes[2] = { samples[i] & 0xff, (guint16) samples[i] >> 8 };
    fwrite (bytes, 1, 2, file);
  }
  return fclose (file) == 0;
}

void
wav_file_to_8k (WavFile *wav)
{
  gdouble step = wav->rate / 8000.0;
  gsize length = wav->length / step;

  if (wav->rate == 8000)
    return;
  for (gsize i = 0; i < length; i++) {
    gsize from = i * step, to = MAX (from + 1, (gsize) ((i + 1) * step));
    gint sum = 0;
    for (gsize k = from; k < to; k++)
      sum += wav->samples[k];
    wav->samples[i] = sum / (gint) (to - from);
  }
  wav->length = length;
  wav->rate = 8000;
}
