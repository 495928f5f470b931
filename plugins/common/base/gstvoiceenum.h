/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* While a plugin is loaded: marks @type, an enumeration, as part of its API. Texts are
 * read as GStreamer reads them, but of one that is no value a warning says what is. Whoever
 * sets a property by a text, as gst-launch-1.0 does and gst_util_set_object_arg(),
 * says no more than that it failed, or not even that. */
void gst_voice_enum_register (GType type);

VOICE_API_END
G_END_DECLS
