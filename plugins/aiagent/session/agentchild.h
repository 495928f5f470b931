/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One run of a user's program for a tool: its name as the only argument, JSON in, JSON out.
 *
 * It has an environment of its own, no descriptors but stdin, stdout and /dev/null, and a
 * process group of its own, all of which is killed when it ends, takes too long or says too
 * much. All functions: any thread, never wait; the work is done on the agent loop. */

#define AGENT_CHILD_MAX_OUTPUT 65536 /* bytes */

typedef struct _AgentChild AgentChild;

/* On the agent loop, once. @output: what it has written, of a run that went well; else NULL,
 * and @fault says what did not, for a person. */
typedef void (*AgentChildDone) (gpointer user, const gchar *output, gsize size,
    const gchar *fault);

/* @program: a path. @environment: NULL at its end. @timeout: ms. @user is freed by @free
 * behind @done, or when there will be none; both on the agent loop. */
AgentChild *agent_child_start (const gchar *program, const gchar *name,
    const gchar *const *environment, const gchar *input, guint timeout,
    AgentChildDone done, gpointer user, GDestroyNotify free);
/* Kills it, if it runs still: then nothing is told any more. Drops @self. */
void agent_child_drop (AgentChild *self);

G_END_DECLS
