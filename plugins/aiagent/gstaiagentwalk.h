/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether the agent of @src, an aiagentsrc, waits in vain if it waits for a caller: no
 * element of the pipeline announces calls, and what comes into @sink, the aiagentsink
 * of its session (NULL: there is none), is the voice of agents only. Where a pad may be
 * linked later, and without a pipeline, nobody knows. */
gboolean gst_aiagent_walk_is_in_vain (GstElement *src, GstElement *sink);

G_END_DECLS
