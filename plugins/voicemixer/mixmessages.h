/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* "voicemixer/speaker": state (string: started, stopped), pad (string, as
 * "sink_2"), call-id (string, "" = none), level (double, dBFS), running-time
 * (guint64, ns). */
GstMessage *mix_message_new_speaker (GstElement *element, guint number,
    const gchar *call_id, gboolean started, gdouble level,
    GstClockTime running_time);

G_END_DECLS
