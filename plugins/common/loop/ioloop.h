/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <glib.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* A thread that runs a GMainContext, shared by name ("sip", "agent", "http")
 * within the process: signalling and backends, never media. */
typedef struct _IoLoop IoLoop;

IoLoop *io_loop_acquire (const gchar *name);
IoLoop *io_loop_ref (IoLoop *self);
/* The thread ends with the last reference; may be dropped on the thread. What
 * was invoked before still runs. */
void io_loop_unref (IoLoop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IoLoop, io_loop_unref)

GMainContext *io_loop_get_context (IoLoop *self);
gboolean io_loop_is_current (IoLoop *self);

/* Any thread: @func runs on the loop, in order, never before this returns. */
void io_loop_invoke (IoLoop *self, GSourceOnceFunc func, gpointer data,
    GDestroyNotify destroy);

/* Runs @func on the loop and waits at most @timeout ms for it to have run. TRUE
 * if it has. On the loop itself it runs at once. For the one wait that a state
 * change may do (a BYE being written). */
gboolean io_loop_invoke_wait (IoLoop *self, GSourceOnceFunc func, gpointer data,
    GDestroyNotify destroy, guint timeout);

/* A timeout source on the loop (ms); (transfer full): io_loop_clear_timeout(). */
GSource *io_loop_add_timeout (IoLoop *self, guint interval, GSourceFunc func,
    gpointer data);
/* On the loop: it does not fire any more, and *@timeout is NULL, which it may be before. */
void io_loop_clear_timeout (GSource **timeout);

VOICE_API_END
G_END_DECLS
