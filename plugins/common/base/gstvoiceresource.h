/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceapi.h"

#include <gio/gio.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* What @get gives, a function that glib-compile-resources made. Any thread: GLib's own
 * first use of it gives NULL to a thread that comes while another registers. */
GResource *gst_voice_resource_get (GResource *(*get) (void) );

VOICE_API_END
G_END_DECLS
