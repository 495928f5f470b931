/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What may take long, or for ever, is done to a pipeline in a thread of its own: a
 * file that is a pipe, a device, a disk that is full. */

typedef gboolean (*PipelineJob) (GstElement *pipeline);
/* In the main thread. */
typedef void (*PipelineJobDone) (gboolean good, gpointer user);

/* @done may be NULL: nobody waits for it. */
void pipeline_job_run (PipelineJob job, GstElement *pipeline,
    PipelineJobDone done, gpointer user);

G_END_DECLS
