/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipline.h"

#include <gst/gst.h>

G_BEGIN_DECLS

GST_ELEMENT_REGISTER_DECLARE (whipserver);

#define GST_TYPE_WHIP_ON_HANGUP (gst_whip_on_hangup_get_type ())
GType gst_whip_on_hangup_get_type (void);

/* "voice/call", and of a browser also: user-agent (string); with state=answered setup-time
 * (guint64, ns from the offer to an encrypted connection); with state=refused address
 * (string, "host:port" that the offer came from), transport (string: http, https) and
 * untold (uint: how many were refused before it and not told, for they were too many);
 * of what the stranger says of itself 256 bytes. @line: the property. */
GstMessage *gst_whip_message_new_call (GstElement *element, const gchar *line,
    const gchar *admitted, GstClockTime running_time,
    const WhipSessionEvent *event);

G_END_DECLS
