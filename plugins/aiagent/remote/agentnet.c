/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentnet.h"

/* A call brings 50 pieces of audio in a second: a GSource for each would cost as much as
 * what is done with them. And each time that the loop wakes it asks for every socket: where
 * many calls bring something all the time, their audio is taken at most this often. */
#define PAUSE 8000 /* us */

typedef struct
{
  GSource parent;

  GMutex lock; /* protects everything below */
  GQueue waiting; /* AgentNetWork, by link */
  gboolean due; /* it will be dispatched, now or after a pause */
  gint64 last; /* dispatch, monotonic us */
} Inbox;

/* Takes what waits. */
static GQueue
inbox_take (Inbox *self)
{
  const gint64 now = g_source_get_time ((GSource *) self);

  g_mutex_lock (&self->lock);
  GQueue work = self->waiting;
  g_queue_init (&self->waiting);
  self->due = work.length > 0 && now - self->last < PAUSE;
  self->last = now;
  g_source_set_ready_time ((GSource *) self, self->due ? now + PAUSE : -1);
  g_mutex_unlock (&self->lock);
  return work;
}

static gboolean
inbox_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  GQueue taken = inbox_take ((Inbox *) source);
  GList *link;

  while ((link = g_queue_pop_head_link (&taken))) {
    AgentNetWork *work = link->data;
    work->run (work);
  }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs inbox_funcs = { .dispatch = inbox_dispatch };

static Inbox *
inbox_new (IoLoop *loop)
{
  GSource *source = g_source_new (&inbox_funcs, sizeof (Inbox));
  Inbox *self = (Inbox *) source;

  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
  g_source_set_static_name (source, "agent-inbox");
  g_source_attach (source, io_loop_get_context (loop));
  return self;
}

IoLoop *
agent_net_get_loop (void)
{
  static gsize loop = 0;

  if (g_once_init_enter (&loop))
    g_once_init_leave (&loop, (gsize) io_loop_acquire ("agent"));
  return (IoLoop *) loop;
}

static Inbox *
get_inbox (void)
{
  static gsize inbox = 0;

  if (g_once_init_enter (&inbox))
    g_once_init_leave (&inbox, (gsize) inbox_new (agent_net_get_loop ()));
  return (Inbox *) inbox;
}

void
agent_net_post (AgentNetWork *work, AgentNetFunc run, gboolean can_wait)
{
  Inbox *inbox = get_inbox ();

  work->run = run;
  work->link = (GList){ .data = work };
  g_mutex_lock (&inbox->lock);
  g_queue_push_tail_link (&inbox->waiting, &work->link);
  if (!inbox->due || !can_wait)
    g_source_set_ready_time ((GSource *) inbox, 0);
  inbox->due = TRUE;
  g_mutex_unlock (&inbox->lock);
}

/* A vendor is one host, and has as many connections as there are calls. No time-out of the
 * library's: silence on a WebSocket is none, requests have timers. @idle: s */
static SoupSession *
make_session (guint idle)
{
  return soup_session_new_with_options ("max-conns", 4096, "max-conns-per-host",
      4096, "timeout", 0, "idle-timeout", idle, "user-agent",
      "gst-voice-agent ", NULL);
}

SoupSession *
agent_net_get_session (void)
{
  static SoupSession *session;

  g_return_val_if_fail (io_loop_is_current (agent_net_get_loop ()), NULL);
  if (!session)
    session = make_session (60);
  return session;
}

SoupSession *
agent_net_get_socket_session (void)
{
  static SoupSession *session;

  g_return_val_if_fail (io_loop_is_current (agent_net_get_loop ()), NULL);
  if (!session)
    session = make_session (1);
  return session;
}
