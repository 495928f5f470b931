/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/line/sipline.h"

#include "common/event/gstvoiceevents.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Does what a `voice-control` event asks of @line, also of a call that rings, and says
 * upstream of @pad what came of it. */
void gst_sip_control_obey (GstPad *pad, SipLine *line,
    const GstVoiceControl *control);

/* Media loop thread: what comes of what was asked for so. */
void gst_sip_control_tell (GstPad *pad, const SipCallEvent *event);

G_END_DECLS
