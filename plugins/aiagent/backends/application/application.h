/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* backend=application: an application of any language is the agent, by signals. */

#define AGENT_TYPE_APPLICATION (agent_application_get_type ())
GType agent_application_get_type (void);

G_END_DECLS
