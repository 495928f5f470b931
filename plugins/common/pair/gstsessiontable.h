/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* How the two elements of a pair meet: a table (session type, name) -> weak
 * reference, one per pipeline, carried by GstContext "voice.sessions". */

#define GST_SESSION_TABLE_CONTEXT "voice.sessions"

/* Makes a session: a GObject whose type is the table's key beside the name. */
typedef GObject *(*GstSessionNew) (const gchar *name);

/* NULL->READY. The session called @name of @type in @element's pipeline, made
 * by @create if it is not there; (transfer full). Asks for the context with a
 * NEED_CONTEXT message, and makes one (HAVE_CONTEXT) where nobody has it. */
gpointer gst_session_table_join (GstElement *element, GType type,
    const gchar *name, GstSessionNew create);

/* NULL->READY, once @element is a half of @session, a result of join; and
 * READY->NULL, before it gives that up. */
void gst_session_table_enter (GstElement *element, gpointer session,
    const gchar *name);
void gst_session_table_leave (GstElement *element, gpointer session);

/* READY->PAUSED, when all elements of the pipeline have joined: warns on the bus,
 * once for the two, if @element is alone in its session and an element of the other
 * direction is alone in another of the same type. That is a `session` which was set
 * on one of them only, or misspelt. Half a pair with no other half anywhere is legal. */
void gst_session_table_check (GstElement *element, gpointer session);

/* A context with an empty table: for GstHarness (it has no bus) and for an
 * application that wants two pipelines to share sessions. */
GstContext *gst_session_table_context_new (void);

VOICE_API_END
G_END_DECLS
