/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "lib/logic/launchroute.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Pipelines as lines: one call each, media loops shared where nothing blocks. */

/* Parses, sets what the route says, does not start; NULL with @error. @busy_wait: ms
 * that callers wait for a line, 0 = not. (transfer full) */
GstElement *launch_pipeline_new (const LaunchRoute *route,
    const LaunchLineNames *names, guint busy_wait, GError **error);
/* No new calls, and say so. */
void launch_pipeline_drain (GstElement *pipeline);
/* `stats` of the first element of @factory; NULL if there is none. (transfer full) */
GstStructure *launch_pipeline_get_stats (GstElement *pipeline,
    const gchar *factory);
/* Where it can be called, to tell which lines share an address; "" if it cannot.
 * (transfer full) */
gchar *launch_pipeline_dup_address (GstElement *pipeline);

/* Ends its calls. */
void launch_pipeline_hang_up (GstElement *pipeline);
/* It plays, and from now on no call comes to it. Like all state changes of elements
 * of ours this waits for nothing. */
void launch_pipeline_unregister (GstElement *pipeline);

G_END_DECLS
