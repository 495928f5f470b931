/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "pipelinejob.h"

typedef struct
{
  PipelineJob job;
  GstElement *pipeline;
  PipelineJobDone done;
  gpointer user;
  gboolean good;
} Work;

static gboolean
report (gpointer data)
{
  Work *work = data;

  if (work->done)
    work->done (work->good, work->user);
  gst_object_unref (work->pipeline);
  g_free (work);
  return G_SOURCE_REMOVE;
}

static void
run (gpointer data, gpointer unused)
{
  Work *work = data;

  work->good = work->job (work->pipeline);
  g_idle_add_full (G_PRIORITY_DEFAULT, report, work, NULL);
}

void
pipeline_job_run (PipelineJob job, GstElement *pipeline, PipelineJobDone done,
    gpointer user)
{
  static GThreadPool *threads;
  Work *work = g_new (Work, 1);

  /* As many as there are jobs: those that hang must not hold up the others. */
  if (!threads)
    threads = g_thread_pool_new (run, NULL, -1, FALSE, NULL);
  *work = (Work){ job, gst_object_ref (pipeline), done, user, FALSE };
  g_thread_pool_push (threads, work, NULL);
}
