/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A WebSocket (RFC 6455) to somebody's agent, by libsoup. All of it on the agent loop.
 *
 * A far side that does not read costs a bounded amount of memory: what is sent waits here
 * while the kernel's buffer is full, and of what waits too long the oldest audio goes.
 *
 * One that is frozen, or whose network is gone, does not close: pings tell (RFC 6455
 * 5.5.2), which whoever is alive answers without being asked for anything. */

#define AGENT_SOCKET_MAX_QUEUED (512 * 1024) /* bytes */
/* One message of the far side's, which is in memory several times until it is read: 60 s of
 * PCM at 24 kHz as base64 are 3.8 MB. */
#define AGENT_SOCKET_MAX_MESSAGE (4 * 1024 * 1024)

typedef struct _AgentSocket AgentSocket;

typedef enum
{
  AGENT_SOCKET_UNREACHABLE, /* no connection, no TLS, no answer in time */
  AGENT_SOCKET_REFUSED, /* another answer than 101, a redirection, too: code is
                           the HTTP status */
  AGENT_SOCKET_CLOSED, /* by the far side: code is that of RFC 6455 7.4 */
  AGENT_SOCKET_LOST, /* without a word, or what came is no WebSocket */
  AGENT_SOCKET_SLOW, /* too much that may not be left out waited for it */
  AGENT_SOCKET_SILENT, /* no sign of life within the patience */
} AgentSocketEnd;

typedef struct
{
  AgentSocketEnd how;
  guint code; /* 0 = none */
  gint retry_after; /* s, of a REFUSED one; -1 = it did not say */
  const gchar *text; /* for a person, valid until the function returns */
} AgentSocketFailure;

/* None is called before agent_socket_open() returns, nor behind agent_socket_free(), which
 * any of them may call. */
typedef struct
{
  void (*opened) (gpointer user, const gchar *protocol); /* "" = none agreed */
  /* @text is terminated, and UTF-8. */
  void (*text) (gpointer user, const gchar *text, gsize size);
  void (*binary) (gpointer user, const guint8 *data, gsize size);
  /* Once, and nothing behind it. */
  void (*ended) (gpointer user, const AgentSocketFailure *failure);
} AgentSocketEvents;

/* @uri: ws or wss. @headers: names and values in turn, NULL at the end, or NULL.
 * @protocols: subprotocols, or NULL. @timeout: ms until it has to be open. */
AgentSocket *agent_socket_open (const gchar *uri, const gchar *const *headers,
    const gchar *const *protocols, guint timeout,
    const AgentSocketEvents *events, gpointer user);
/* Closes it, with @code (RFC 6455 7.4) if it is open, behind the texts that wait; what that
 * takes, 2 s at most, is nobody's concern any more. */
void agent_socket_free (AgentSocket *self, guint code);

/* How long an open one may answer no ping, nor say anything, in ms, with a second or a quarter
 * of it more; 0 = for ever, as it is at first. Before `opened`. */
void agent_socket_set_patience (AgentSocket *self, guint patience);

/* Nothing happens before `opened` and behind `ended`. None of the events comes before they
 * return: one that is lost meanwhile takes no more, and says so later. */
void agent_socket_send_text (AgentSocket *self, const gchar *text);
/* Audio, which may be left out if the far side is slow; text or binary. */
void agent_socket_send_audio_text (AgentSocket *self, const gchar *text);
void agent_socket_send_audio (AgentSocket *self, const guint8 *data,
    gsize size);
/* Messages of audio that were left out. */
guint64 agent_socket_get_dropped (const AgentSocket *self);

G_END_DECLS
