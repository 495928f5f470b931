/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatwav.h"

static void
add_number (GByteArray *out, guint32 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++) {
    const guint8 byte = (guint8) (value >> (8 * i));
    g_byte_array_append (out, &byte, 1);
  }
}

static void
add_name (GByteArray *out, const gchar *name)
{
  g_byte_array_append (out, (const guint8 *) name, 4);
}

GBytes *
chat_wav_new (const gint16 *samples, gsize size, guint rate)
{
  GByteArray *out = g_byte_array_new ();

  add_name (out, "RIFF");
  add_number (out, (guint32) (36 + size), 4);
  add_name (out, "WAVE");
  add_name (out, "fmt ");
  add_number (out, 16, 4);
  add_number (out, 1, 2); /* PCM */
  add_number (out, 1, 2); /* channels */
  add_number (out, rate, 4);
  add_number (out, rate * 2, 4);
  add_number (out, 2, 2);
  add_number (out, 16, 2);
  add_name (out, "data");
  add_number (out, (guint32) size, 4);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  g_byte_array_append (out, (const guint8 *) samples, (guint) size);
#else
  for (gsize i = 0; i < size / 2; i++)
    add_number (out, (guint16) samples[i], 2);
#endif
  return g_byte_array_free_to_bytes (out);
}
