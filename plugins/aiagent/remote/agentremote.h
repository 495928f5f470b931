/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentsocket.h"

#include "aiagent/logic/remote/history.h"
#include "voiceagent/gstvoiceagentbackend.h"

G_BEGIN_DECLS

/* What backends have in common whose agent is reached by a WebSocket: the connection of
 * each dialogue, from the time at which its call rings; what waits for it; how often and
 * when it is tried again; what has been said, for who must begin anew. A protocol is a
 * subclass, which says where it connects, and what is said there.
 *
 * All functions of the class and all below but those marked run on the agent loop: a
 * subclass needs no lock for what it has of a dialogue.
 *
 * A far side that goes away, says nothing, or sends without end does not end the call:
 * agentremotelink.c has when it is tried again, logic/remote/vigil.h when it is taken to be
 * gone, agentremotebridge.c what the caller hears meanwhile, agentremotefallback.c what
 * happens if it does not come back. For that a subclass says its answers with the
 * functions of this header, not with those of its parent, and what a new connection of an
 * old dialogue needs is here: the history, and whether an answer is due. Its prepare(), if
 * it has one, calls that of this class. */

#define AGENT_TYPE_REMOTE (agent_remote_get_type ())
GType agent_remote_get_type (void);
G_DECLARE_DERIVABLE_TYPE (AgentRemote, agent_remote, AGENT, REMOTE,
    GstVoiceAgentBackend)

/* Where a connection goes; see agent_socket_open(). */
typedef struct
{
  gchar *uri;
  GPtrArray *headers; /* names and values in turn, NULL at the end */
  GPtrArray *protocols; /* NULL at the end */
  gchar
      *secret; /* not told to anybody if the far side repeats it; NULL = none */
} AgentRemoteAddress;

void agent_remote_address_header (AgentRemoteAddress *self, const gchar *name,
    const gchar *value);

/* A call, as a GstVoiceCall; strings are never NULL. */
typedef struct
{
  gchar *call_id, *channel, *session, *line, *from, *to, *display_name;
  gboolean outgoing;
  GstStructure *headers; /* NULL = none */
  GstStructure *origin; /* the same */
} AgentRemoteCall;

struct _AgentRemoteClass
{
  GstVoiceAgentBackendClass parent_class;

  /* Defaults of the properties of these names, ms; 0 = never. That of the class:
   * 8000, 0. */
  guint response_timeout, session_length;

  /* A connection is wanted. FALSE, with @error: it cannot be, and is not tried again. */
  gboolean (*get_address) (AgentRemote *self, AgentRemoteAddress *address,
      GError **error);
  /* It is open: say what has to be said first; @protocol was agreed on. Audio comes
   * behind agent_remote_set_ready(), which may be called from here. What was said before
   * on another connection of the dialogue is in agent_remote_get_history(). */
  void (*connected) (AgentRemote *self, const gchar *protocol);
  /* It is not any more: what hung on it is void. An answer that was open has been
   * ended. */
  void (*disconnected) (AgentRemote *self);
  /* The far side ended it, or refused. TRUE: that is how it should be, and what follows is
   * the protocol's business; FALSE, and where it is NULL: it is tried again. */
  gboolean (*hung_up) (AgentRemote *self, const AgentSocketFailure *failure);
  void (*text) (AgentRemote *self, const gchar *text, gsize size);
  void (*binary) (AgentRemote *self, const guint8 *data, gsize size);

  /* While it is ready: the caller's audio, in the dialogue's format. */
  void (*audio) (AgentRemote *self, const guint8 *data, gsize size,
      GstClockTime time, gboolean speaking);
  /* As GstVoiceAgentBackendClass; while it is ready. Turns, keys, texts and holds that came
   * while it was not come then, in order with the audio. */
  void (*turn_changed) (AgentRemote *self, gboolean began, GstClockTime time);
  void (*interrupted) (AgentRemote *self, guint answer, guint heard);
  void (*played) (AgentRemote *self, guint answer);
  void (*marked) (AgentRemote *self, guint mark);
  void (*key) (AgentRemote *self, gchar digit);
  void (*tool_done) (AgentRemote *self, const gchar *id, const gchar *json);
  void (*control_done) (AgentRemote *self, const gchar *id, const gchar *result,
      const gchar *reason);
  void (*speak) (AgentRemote *self, const gchar *text); /* NULL: cannot */
  void (*wrote) (AgentRemote *self, const gchar *text); /* NULL: cannot */
  void (*instructed) (AgentRemote *self, const gchar *text); /* NULL: cannot */
  void (*on_hold) (AgentRemote *self, gboolean held);
  /* The dialogue begins, on a connection that is ready, or is over, on one that is
   * open still: a last word. */
  void (*begun) (AgentRemote *self);
  void (*ending) (AgentRemote *self);
};

/* ---- For subclasses */

/* The far side has agreed to all: what waits is given to audio(). */
void agent_remote_set_ready (AgentRemote *self);
gboolean agent_remote_is_ready (AgentRemote *self);
/* Ends the connection; nothing if there is none. @again: another one is tried, after a
 * while. */
void agent_remote_give_up (AgentRemote *self, gboolean again,
    const gchar *reason);
/* It will end soon: another one takes its place in the next pause of the dialogue. */
void agent_remote_renew (AgentRemote *self);

/* Answers, as gst_voice_agent_backend_begin_answer(), _write() and _end_answer(), of this
 * dialogue. What the caller hears while the agent is away makes room for the first audio;
 * what would have to wait for over ten minutes ends the connection: be ready for
 * disconnected() within. */
guint agent_remote_begin_answer (AgentRemote *self, gboolean interruptible);
gboolean agent_remote_write (AgentRemote *self, guint answer,
    gconstpointer data, gsize size);
gboolean agent_remote_end_answer (AgentRemote *self, guint answer);

/* An answer is due from now on, and if it is late ("response-timeout") the connection is
 * lost. Said by the class itself where a turn is over that turn_changed() tells; by the
 * protocol where the far side finds turns, or where a text or a tool's result asks for an
 * answer. */
void agent_remote_expect_answer (AgentRemote *self);
/* ... it is not: there is one, without audio; a tool is called; nothing is to be said. Audio
 * says so by itself. */
void agent_remote_answered (AgentRemote *self);
/* In connected(), or when it is ready: on another connection something was said, and not
 * answered, or not to the end: ask for it at once. */
gboolean agent_remote_owes_answer (AgentRemote *self);

/* NULL: not connected. */
AgentSocket *agent_remote_get_socket (AgentRemote *self);
/* Of the dialogue; 0: it has not begun, or is over. */
guint64 agent_remote_get_dialogue (AgentRemote *self);
void agent_remote_get_format (AgentRemote *self, GstVoiceFormat *format);
/* NULL: nobody says who calls. */
const AgentRemoteCall *agent_remote_get_call (AgentRemote *self);
/* What was said in this dialogue, as far as it was heard; never NULL. */
AgentHistory *agent_remote_get_history (AgentRemote *self);
/* The log of dialogues, by call-id. */
void agent_remote_log (AgentRemote *self, GstDebugLevel level,
    const gchar *file, const gchar *function, gint line, const gchar *format,
    ...) G_GNUC_PRINTF (6, 7);
#define AGENT_REMOTE_LOG(self, level, ...) \
  agent_remote_log (AGENT_REMOTE (self), level, __FILE__, G_STRFUNC, __LINE__, \
      __VA_ARGS__)

/* Any thread. */
gchar *agent_remote_dup_uri (AgentRemote *self);

G_END_DECLS
