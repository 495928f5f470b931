/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A dialogue in virtual time, whose agent is a server that does as the test says. What is
 * to come before something else is told by a key that is pressed in between: all that the
 * server is told comes in order. */

#include "../agentdialogue.h"
#include "../../../mock/agentloop.h"

#include "mock/agentserver.h"

#include <string.h>

static AgentServer *server;

#define AWAIT(condition) \
  G_STMT_START \
  { \
    const gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
    while (!(condition) && g_get_monotonic_time () < until) \
      settle (), g_usleep (1000); \
    g_assert_true (condition); \
  } \
  G_STMT_END

/* That many ms of the agent's are to be heard. */
static inline void
await_pending (guint ms)
{
  AWAIT (counter ("pending") == ms * GST_MSECOND);
}

static inline void
expect_text (const gchar *part)
{
  g_autoptr (AgentServerEvent) event =
      agent_server_wait (server, AGENT_SERVER_TEXT);

  if (!strstr (event->text, part))
    g_error ("not %s, but %s", part, event->text);
}

static inline void
await_text (const gchar *part)
{
  g_autoptr (AgentServerEvent) event = agent_server_wait_text (server, part);
}

static inline void
press (gchar key)
{
  agent_session_digit (session, key);
}

static inline void
say (const gchar *text)
{
  agent_server_send (server, 1, text);
}

static inline void
begin_stream (GstVoiceAgentBackend *backend, guint turn_detection)
{
  server = agent_server_new (NULL);
  /* On a busy machine to connect takes so long that the caller would be told. */
  g_object_set (backend, "uri", agent_server_get_uri (server), "bridge", 0,
      NULL);
  begin (backend, "turn-detection", turn_detection);
}

static inline void
end_stream (void)
{
  call ("call-1", FALSE);
  settle (); /* nothing of the session is in use any more */
  finish ();
  agent_server_free (server);
}

static inline gboolean
is_hang_up (GstEvent *event)
{
  GstVoiceControl control;

  return event && gst_voice_control_event_parse (event, &control) &&
      control.action == GST_VOICE_CONTROL_HANG_UP;
}
