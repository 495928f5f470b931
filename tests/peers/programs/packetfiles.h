/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Every buffer that comes to the sink pad of the element @name in @bin is written to
 * @folder/@word-00000, -00001 and so on. */
void packet_files_write (GstElement *bin, const gchar *name,
    const gchar *folder, const gchar *word);

G_END_DECLS
