/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoicerefusals.h"

#include <string.h>

#define MAX_TEXT 256 /* bytes */

static const struct
{
  guint status; /* 0: any other */
  const gchar *field;
} reasons[] = {
  { 486, "refused-busy" },
  { 404, "refused-unknown" },
  { 503, "refused-unavailable" },
  { 0, "refused-bad" },
};

static guint counts[GST_VOICE_N_CHANNELS][G_N_ELEMENTS (reasons)]; /* atomic */

void
gst_voice_refusals_count (GstVoiceChannel channel, guint status)
{
  guint i = 0;

  while (reasons[i].status && reasons[i].status != status)
    i++;
  g_atomic_int_inc (&counts[channel][i]);
}

void
gst_voice_refusals_add (GstVoiceChannel channel, GstStructure *stats)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    gst_structure_set (stats, reasons[i].field, G_TYPE_UINT,
        (guint) g_atomic_int_get (&counts[channel][i]), NULL);
}

gchar *
gst_voice_refusals_bound (gchar *text)
{
  if (!text || strlen (text) <= MAX_TEXT)
    return text;
  gchar *end = g_utf8_find_prev_char (text, text + MAX_TEXT + 1);
  *(end ? end : text) = '\0';
  return text;
}
