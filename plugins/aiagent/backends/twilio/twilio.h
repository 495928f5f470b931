/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Any bot that a carrier's media streams reach: here we are the carrier. */

#define AGENT_TYPE_TWILIO (agent_twilio_get_type ())
GType agent_twilio_get_type (void);
/* The same in another dialect. */
#define AGENT_TYPE_TELNYX (agent_telnyx_get_type ())
GType agent_telnyx_get_type (void);

G_END_DECLS
