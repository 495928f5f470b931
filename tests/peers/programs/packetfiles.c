/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "packetfiles.h"

typedef struct
{
  gchar *path;
  guint n;
} Files;

static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Files *self = data;
  g_autofree gchar *path = g_strdup_printf ("%s-%05u", self->path, self->n++);
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  g_file_set_contents (path, (const gchar *) map.data, (gssize) map.size, NULL);
  gst_buffer_unmap (buffer, &map);
  return GST_PAD_PROBE_OK;
}

static void
files_free (gpointer data)
{
  Files *self = data;

  g_free (self->path);
  g_free (self);
}

void
packet_files_write (GstElement *bin, const gchar *name, const gchar *folder,
    const gchar *word)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (bin), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");
  Files *self = g_new0 (Files, 1);

  self->path = g_build_filename (folder, word, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, self,
      files_free);
}
