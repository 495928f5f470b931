/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentbackend.h"
#include "agentmouth.h"
#include "agentready.h"
#include "agentreport.h"

G_BEGIN_DECLS

/* What a backend calls: the mouth that it speaks with, and those who are told of what
 * it says. The session that stands above opens it for each dialogue. */

#define AGENT_TYPE_HOST (agent_host_get_type ())
G_DECLARE_FINAL_TYPE (AgentHost, agent_host, AGENT, HOST, GObject)

/* What the session above does for it; any thread, no lock. */
typedef struct
{
  /* The backend says that the caller's turn in @dialogue (0: whichever is on) began, or is
   * over; at @time, NONE = now. */
  gboolean (*turn) (GObject *session, guint64 dialogue, gboolean began,
      GstClockTime time);
  /* It asks for a tool, and which there are. */
  void (*tool) (GObject *session, guint64 dialogue, const gchar *name,
      const gchar *id, const gchar *arguments);
  gchar *(*dup_tools) (GObject *session);
  /* Something that waited to be heard was cut off. */
  void (*cut) (GObject *session);
} AgentHostSession;

#define AGENT_HOST_TOOLS 16

typedef struct
{
  gchar *id, *name;
} AgentHostTool;

struct _AgentHost
{
  GObject parent;

  AgentReport report;
  /* Set when made, never changed: read freely. */
  GWeakRef session;
  const AgentHostSession *above;

  /* Set by the session before its elements are active: who is in a dialogue reads
   * freely. */
  GstVoiceAgentBackend *backend;

  GMutex lock; /* the session's: a leaf; protects everything below */
  gboolean finds_turns; /* the backend */
  gboolean open; /* a dialogue is under way */
  guint64 dialogues; /* number of the last */
  guint64 others; /* of them: those that the backend had in other sessions */
  guint64 opened; /* number of the one that open() was called for last */
  gchar *
      rung; /* call that the backend was told of, and which has no dialogue yet */
  AgentReady ready;
  AgentHostTool tools[AGENT_HOST_TOOLS]; /* those asked for last */
  guint n_tools; /* ever */
  AgentMouth mouth;
};

/* @session: whose it is, and may be gone before it. */
AgentHost *agent_host_new (const gchar *name, GObject *session,
    const AgentHostSession *above);
/* What @backend calls comes here, until the other. FALSE, with @error: it is at work in
 * another session. */
gboolean agent_host_serve (AgentHost *self, GstVoiceAgentBackend *backend,
    GError **error);
void agent_host_leave (AgentHost *self, GstVoiceAgentBackend *backend);
/* The name of the tool that was asked for as @id; NULL: it was not lately. */
gchar *agent_host_dup_tool (AgentHost *self, const gchar *id);

/* Barge-in or command, in @dialogue, 0 = whichever is on. FALSE: there was nothing to
 * interrupt. */
gboolean agent_host_cut (AgentHost *self, guint64 dialogue);
/* How much of an answer was heard that was cut off: @cut's words go to the report. */
void agent_host_tell_heard (AgentHost *self, GstVoiceAgentBackend *backend,
    AgentMouthCut *cut);
/* Barge-in of a caller who may be none, or whose words are not known yet: what was being said is kept.
 * @all: what begins meanwhile, too. */
void agent_host_hold (AgentHost *self, gboolean all);
/* It was none: on with what was kept, from the sample at which it was cut. @over: the turn is,
 * and needs no answer. */
void agent_host_go_on (AgentHost *self, gboolean over);

G_END_DECLS
