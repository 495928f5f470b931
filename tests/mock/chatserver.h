/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The servers of a cascade in one: /models, /audio/transcriptions, /chat/completions and
 * /audio/speech on a port of 127.0.0.1 that the kernel chose. Each connection has a thread
 * and is written to as the test says, byte by byte if it likes. What comes is taken out by
 * the test. */

typedef struct _ChatServer ChatServer;

typedef enum
{
  CHAT_SERVER_ASKED, /* a whole request */
  CHAT_SERVER_ANSWERED, /* all of its answer was written */
  CHAT_SERVER_GONE, /* the client has gone before that */
} ChatServerEventType;

typedef struct
{
  ChatServerEventType type;
  gchar *path;
  gchar *headers; /* ASKED: with the request line, as they came */
  GBytes *body; /* ASKED */
  guint connection; /* 1, 2, ... */
  guint pieces; /* ANSWERED, GONE: that were written */
} ChatServerEvent;

void chat_server_event_free (ChatServerEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatServerEvent, chat_server_event_free)

typedef enum
{
  CHAT_SERVER_ENDS, /* as it should */
  CHAT_SERVER_CUTS, /* the connection breaks */
  CHAT_SERVER_STALLS, /* nothing more comes, and no end */
  CHAT_SERVER_REPEATS, /* the last piece again and again */
} ChatServerEnd;

ChatServer *chat_server_new (void);
/* What is under way is broken off. */
void chat_server_free (ChatServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatServer, chat_server_free)

/* http://127.0.0.1:PORT/v1 */
const gchar *chat_server_get_uri (const ChatServer *self);

/* ---- What the next request for a path is answered that has no answer yet; others get
 * their path's usual one */

/* @pieces: each is written by itself, @interval ms behind the last; (transfer none). The
 * first comes after @delay ms. */
void chat_server_answer (ChatServer *self, const gchar *path, guint status,
    const gchar *type, GPtrArray *pieces, guint delay, guint interval,
    ChatServerEnd end);
/* A body in one piece. */
void chat_server_answer_body (ChatServer *self, const gchar *path, guint status,
    const gchar *type, const gchar *body);
/* Chat completions: the words of @text, one chunk each. */
void chat_server_answer_words (ChatServer *self, const gchar *text, guint delay,
    guint interval, ChatServerEnd end);
/* ... a call of a tool behind @text, which may be "". */
void chat_server_answer_tool (ChatServer *self, const gchar *text,
    const gchar *id, const gchar *name, const gchar *arguments);
/* The recogniser understands @text. */
void chat_server_answer_transcript (ChatServer *self, const gchar *text);
/* The voice says @ms of sound. */
void chat_server_answer_sound (ChatServer *self, guint ms);

/* ---- What came */

/* Waits for the next event of @type at @path (NULL: any) and drops those before it;
 * aborts the test behind 10 s. */
ChatServerEvent *chat_server_wait (ChatServer *self, ChatServerEventType type,
    const gchar *path);
/* The same, but at once: NULL if there is none. */
ChatServerEvent *chat_server_pop (ChatServer *self, ChatServerEventType type,
    const gchar *path);

G_END_DECLS
