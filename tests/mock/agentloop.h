/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A test waits for what it left to the agent loop. Audio may lie in the loop's inbox for
 * 8 ms, which is longer than many frames take in virtual time: to ask the loop itself is
 * not enough. */

#include "aiagent/remote/agentnet.h"

typedef struct
{
  AgentNetWork parent;
  GMutex lock; /* protects everything below */
  GCond changed;
  gboolean done;
} Settling;

static inline void
run_settling (AgentNetWork *work)
{
  Settling *self = (Settling *) work;

  g_mutex_lock (&self->lock);
  self->done = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

static inline void
pass_inbox (void)
{
  const gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  Settling self = { .done = FALSE };

  g_mutex_init (&self.lock);
  g_cond_init (&self.changed);
  agent_net_post (&self.parent, run_settling, FALSE);
  g_mutex_lock (&self.lock);
  while (!self.done)
    if (!g_cond_wait_until (&self.changed, &self.lock, until))
      g_error ("the agent loop stands still");
  g_mutex_unlock (&self.lock);
  g_mutex_clear (&self.lock);
  g_cond_clear (&self.changed);
}

/* All that was left for the agent loop has been done, and what follows from it at once. */
static inline void
settle (void)
{
  for (guint i = 0; i < 2; i++)
    pass_inbox ();
}
