/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siplinger.h"

#include <stdlib.h>

#define AT_EXIT 1000 /* ms */

static GMutex lock; /* leaf; protects unanswered */
static GCond changed;
static guint unanswered;

static void
count (gint change)
{
  g_mutex_lock (&lock);
  unanswered += (guint) change;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

static void
wait_at_exit (void)
{
  sip_linger_wait (AT_EXIT);
}

void
sip_linger_begin (void)
{
  static gsize registered = 0;

  if (g_once_init_enter (&registered)) {
    atexit (wait_at_exit);
    g_once_init_leave (&registered, 1);
  }
  count (1);
}

void
sip_linger_end (void)
{
  count (-1);
}

void
sip_linger_wait (guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&lock);
  while (unanswered && g_cond_wait_until (&changed, &lock, end))
    ;
  g_mutex_unlock (&lock);
}
