/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentbackend.h"
#include "agentmouth.h"
#include "agentreport.h"

G_BEGIN_DECLS

/* What a backend calls: the mouth that it speaks with, and those who are told of what
 * it says. The session that stands above opens it for each dialogue. */

#define AGENT_TYPE_HOST (agent_host_get_type ())
G_DECLARE_FINAL_TYPE (AgentHost, agent_host, AGENT, HOST, GObject)

/* The backend says that the caller's turn began, or is over; at @time, NONE = now. */
typedef gboolean (
    *AgentHostTurn) (GObject *session, gboolean began, GstClockTime time);

struct _AgentHost
{
  GObject parent;

  AgentReport report;
  /* Set when made, never changed: read freely. */
  GWeakRef session;
  AgentHostTurn turn;

  /* Set by the session before its elements are active: who is in a dialogue reads
   * freely. */
  GstVoiceAgentBackend *backend;

  GMutex lock; /* the session's: a leaf; protects everything below */
  gboolean open; /* a dialogue is under way */
  guint64 dialogues; /* ever: number of the last */
  AgentMouth mouth;
};

/* @session: whose it is, and may be gone before it. @turn: to it, any thread. */
AgentHost *agent_host_new (const gchar *name, GObject *session,
    AgentHostTurn turn);
/* What @backend calls comes here, until the other. */
void agent_host_serve (AgentHost *self, GstVoiceAgentBackend *backend);
void agent_host_leave (AgentHost *self);

/* Barge-in or command. FALSE: there was nothing to interrupt. */
gboolean agent_host_cut (AgentHost *self);
/* Barge-in of a caller whose words are not known yet: what was being said is kept. */
void agent_host_hold (AgentHost *self);

G_END_DECLS
