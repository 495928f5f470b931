/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/ioloop.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The agent loop: the one thread of the process on which backends have their network. What
 * media threads have for a backend comes to it in one queue, in order, and wakes it once,
 * however much waits. */

/* Never freed: the thread stays with the process. Any thread. */
IoLoop *agent_net_get_loop (void);
/* Certificates are verified. The agent loop only. HTTP: */
SoupSession *agent_net_get_session (void);
/* ... and WebSocket: whoever refuses one is not asked on the same connection again, which is
 * not kept. */
SoupSession *agent_net_get_socket_session (void);

typedef struct _AgentNetWork AgentNetWork;
typedef void (*AgentNetFunc) (AgentNetWork *work);

/* What is to be done: the first field of a caller's struct, which @run frees. */
struct _AgentNetWork
{
  AgentNetFunc run;
  GList link; /* the queue's */
};

/* Any thread, never blocks: @work runs on the agent loop, in order with all others.
 * @can_wait: 8 ms, where there is much to do. */
void agent_net_post (AgentNetWork *work, AgentNetFunc run, gboolean can_wait);

G_END_DECLS
