/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Somebody's agent: a WebSocket server on a port of 127.0.0.1 that the kernel chose, with a
 * thread of its own. What comes to it is taken out by the test, what it says is said by
 * the test. */

typedef struct _AgentServer AgentServer;

typedef enum
{
  AGENT_SERVER_ASKED, /* a handshake: text is the path with its query */
  AGENT_SERVER_OPENED, /* ... was accepted */
  AGENT_SERVER_TEXT,
  AGENT_SERVER_BINARY,
  AGENT_SERVER_CLOSED, /* code: as the client said; 0 = without a word */
} AgentServerEventType;

typedef struct
{
  AgentServerEventType type;
  guint connection; /* 1, 2, ...; of ASKED 0 */
  gchar *text; /* TEXT, ASKED */
  gchar *headers; /* ASKED: "Name: value\n" for each, as they came */
  GBytes *data; /* BINARY */
  guint code; /* CLOSED */
  gint64 time; /* monotonic, µs */
} AgentServerEvent;

void agent_server_event_free (AgentServerEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgentServerEvent, agent_server_event_free)

/* @protocol: the subprotocol that it speaks, NULL = none. */
AgentServer *agent_server_new (const gchar *protocol);
void agent_server_free (AgentServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgentServer, agent_server_free)

/* ws://127.0.0.1:PORT */
const gchar *agent_server_get_uri (const AgentServer *self);
/* Handshakes from now on are answered with this HTTP status; 0 = accepted; 3xx: with
 * /elsewhere on this server. @retry_after: s, -1 = not said. */
void agent_server_refuse (AgentServer *self, guint status, gint retry_after);
/* ... are not answered at all. */
void agent_server_stall (AgentServer *self, gboolean stall);

/* It does nothing at all, and closes nothing; thawed by the thread that froze it. */
void agent_server_freeze (AgentServer *self, gboolean freeze);

/* Waits @timeout ms for what comes next; NULL: nothing came. */
AgentServerEvent *agent_server_pop (AgentServer *self, guint timeout);
/* Waits for the next event of @type and drops those before it; aborts the test behind 10 s. */
AgentServerEvent *agent_server_wait (AgentServer *self,
    AgentServerEventType type);
/* The next text in which @part is; as above. */
AgentServerEvent *agent_server_wait_text (AgentServer *self, const gchar *part);

void agent_server_send (AgentServer *self, guint connection, const gchar *text);
void agent_server_send_binary (AgentServer *self, guint connection,
    gconstpointer data, gsize size);
void agent_server_close (AgentServer *self, guint connection, guint code,
    const gchar *reason);
/* Without a word. */
void agent_server_cut (AgentServer *self, guint connection);

G_END_DECLS
