/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What may take long, or for ever, is done to a pipeline in a thread of its own: a
 * file that is a pipe, a device, a disk that is full. */

typedef gboolean (*GatewayJob) (GstElement *pipeline);
/* In the main thread. */
typedef void (*GatewayJobDone) (gboolean good, gpointer user);

/* @done may be NULL: nobody waits for it. */
void gateway_worker_run (GatewayJob job, GstElement *pipeline,
    GatewayJobDone done, gpointer user);

G_END_DECLS
