/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where the calls of a pipeline come in, address and name, as in
 * "sip:sales@0.0.0.0:5060" or "http://127.0.0.1:8080/whip/sales"; pairs that dial are
 * called nowhere. Two that are the same share their callers. (transfer full) */
GStrv call_places_of (GstElement *pipeline);

G_END_DECLS
