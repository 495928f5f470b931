/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether an element may share a media loop with those of other lines: that is a
 * promise that nothing behind it blocks. */

/* One of this project's elements. */
gboolean context_walk_is_ours (GstElement *element);

/* TRUE if every path downstream of @element ends at one of our elements or in a
 * leaky queue, with nothing on it but what is known not to block. */
gboolean context_walk_is_safe (GstElement *element);

G_END_DECLS
