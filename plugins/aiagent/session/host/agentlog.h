/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The log of dialogues, category "aiagent". Each line begins with the call-id, so that
 * one call can be followed; where there is none, with the name of the session. What was
 * said does not stand in it.
 *
 * INFO: a dialogue begins. DEBUG: what happens in it. LOG: each buffer. */

/* Before the first session. */
void agent_log_init (void);
gboolean agent_log_shows (GstDebugLevel level);
/* @id: what the line begins with. */
void agent_log_write (const gchar *id, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, const gchar *text);
/* What a line says of @fact; (transfer full). */
gchar *agent_log_dup_fact (const GstStructure *fact);

G_END_DECLS
