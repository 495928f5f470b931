/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/hearing/silero.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A file as it should be, of zeros. */
static GByteArray *
make_file (void)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "silero-6", 8);
  for (guint32 rate = 8000; rate <= 16000; rate += 8000) {
    const guint32 bins = rate * 8 / 1000 + 1;
    const guint32 sizes[] = { 2 * bins * 2 * (bins - 1), 128 * bins * 3, 128,
      64 * 128 * 3, 64, 64 * 64 * 3, 64, 128 * 64 * 3, 128, 512 * 128,
      512 * 128, 512, 512, 128, 1 };
    const guint32 word = GUINT32_TO_LE (rate);
    g_byte_array_append (file, (const guint8 *) &word, sizeof word);
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      const guint32 n = GUINT32_TO_LE (sizes[i]);
      const guint at = file->len;
      g_byte_array_append (file, (const guint8 *) &n, sizeof n);
      g_byte_array_set_size (file, at + 4 + sizes[i] * 4);
      memset (file->data + at + 4, 0, sizes[i] * 4);
    }
  }
  return file;
}

static gboolean
parse (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SileroWeights) weights = silero_weights_parse (data, size, &error);
  const gint16 samples[512] = { 0 };

  g_assert (!weights == !!error);
  for (guint rate = 8000; weights && rate <= 16000; rate += 8000) {
    Silero silero;
    silero_init (&silero, silero_weights_get (weights, rate));
    silero_judge (&silero, samples);
  }
  return weights != NULL;
}

/* As it is, and written over a part of a good file: three bytes say where. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static GByteArray *good;

  parse (data, size);
  if (!good) {
    good = make_file ();
    g_assert (parse (good->data, good->len));
  }
  if (size < 4)
    return 0;
  const gsize at = (data[0] | data[1] << 8 | data[2] << 16) % good->len;
  const gsize n = MIN (size - 3, good->len - at);
  g_autofree guint8 *before = g_memdup2 (good->data + at, n);
  memcpy (good->data + at, data + 3, n);
  parse (good->data, good->len);
  memcpy (good->data + at, before, n);
  return 0;
}
