/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipline.h"

#include "common/event/gstvoiceevents.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Does what a `voice-control` event asks of @line, whose call is @call_id (NULL: there
 * is none), and says upstream of @pad what came of it. */
void gst_sip_control_obey (GstPad *pad, SipLine *line, const gchar *call_id,
    const GstVoiceControl *control);

G_END_DECLS
