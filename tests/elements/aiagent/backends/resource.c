/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The first use of a resource, by several threads in one moment: a process has only one
 * such moment, so that this test is a program of its own. */

#include "common/base/gstvoiceresource.h"

#define THREADS 8

GResource *aiagent_get_resource (void); /* of a header made by the build */

static gint ready;

static gpointer
first_use (gpointer unused)
{
  g_atomic_int_inc (&ready);
  while (g_atomic_int_get (&ready) < THREADS)
    ;
  return gst_voice_resource_get (aiagent_get_resource);
}

static void
test_first_use (void)
{
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("first-use", first_use, NULL);
  for (guint i = 0; i < THREADS; i++)
    g_assert_nonnull (g_thread_join (threads[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resource/first-use", test_first_use);
  return g_test_run ();
}
