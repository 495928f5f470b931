/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixmessages.h"

GstMessage *
mix_message_new_speaker (GstElement *element, guint number,
    const gchar *call_id, gboolean started, gdouble level,
    GstClockTime running_time)
{
  g_autofree gchar *pad = g_strdup_printf ("sink_%u", number);

  return gst_message_new_element (GST_OBJECT (element),
      gst_structure_new ("voicemixer/speaker", "state", G_TYPE_STRING,
          started ? "started" : "stopped", "pad", G_TYPE_STRING, pad, "call-id",
          G_TYPE_STRING, call_id ? call_id : "", "level", G_TYPE_DOUBLE, level,
          "running-time", G_TYPE_UINT64, running_time, NULL));
}
