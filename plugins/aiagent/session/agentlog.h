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
#define AGENT_LOG(session, level, ...) \
  AGENT_LOG_CALL (session, NULL, level, __VA_ARGS__)
/* Of a call that may have no dialogue. */
#define AGENT_LOG_CALL(session, call_id, level, ...) \
  G_STMT_START \
  { \
    if (agent_session_logs (level)) \
      agent_session_log (session, call_id, level, __FILE__, G_STRFUNC, \
          __LINE__, __VA_ARGS__); \
  } \
  G_STMT_END

typedef struct _AgentSession AgentSession;

/* Before the first session. */
void agent_log_init (void);
gboolean agent_session_logs (GstDebugLevel level);
/* Takes the lock of the session. @call_id NULL: the dialogue's. */
void agent_session_log (AgentSession *self, const gchar *call_id,
    GstDebugLevel level, const gchar *file, const gchar *function, gint line,
    const gchar *format, ...) G_GNUC_PRINTF (7, 8);
/* One line for @fact. */
void agent_session_log_fact (AgentSession *self, const GstStructure *fact);

G_END_DECLS
