/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentchild.h"
#include "agenttools.h"

#include "aiagent/logic/tools/toolcount.h"
#include "aiagent/logic/tools/tooldigits.h"
#include "aiagent/logic/tools/toollist.h"
#include "common/loop/ioloop.h"

G_BEGIN_DECLS

/* What the files of AgentTools share: agenttools.c (what is called), agenttoolsown.c (who does
 * it that is not built in), agenttoolsresult.c (what comes of it) and agenttoolssettings.c. */

/* The id of a control that a tool asks for: this and its serial. */
#define AGENT_TOOLS_ID "tool-"

typedef enum
{
  AGENT_TOOL_QUEUED, /* behind words */
  AGENT_TOOL_SENT, /* to the channel */
  AGENT_TOOL_COLLECTING, /* digits */
  AGENT_TOOL_CHILD,
  AGENT_TOOL_APPLICATION,
} AgentToolStage;

typedef struct
{
  guint64 serial;
  guint64 dialogue;
  ToolKind kind;
  AgentToolStage stage;
  gchar *id; /* the backend's */
  gchar *name; /* as it is told */
  guint64 mark; /* QUEUED: in the playout */
  AgentChild *child; /* CHILD */
  GSource *timer; /* NULL = none */
} AgentToolCall;

typedef struct
{
  /* As they were set. */
  gchar *enabled, *file, *command, *phrase, *music;
  gchar **names; /* of variables that a child has */
  guint timeout; /* ms */
  AgentToolWait wait;

  ToolList *list;
  gchar *program; /* a path, NULL = the application does it */
} AgentToolsSettings;

struct _AgentTools
{
  /* Set when made, never changed: read freely. */
  AgentHost *host;
  AgentFiller *filler; /* of the src's media loop */

  /* Of who prepares. */
  AgentToolsSettings *next; /* as they were read */

  /* The lock of the host protects everything below. */
  IoLoop *loop; /* NULL: was not needed yet */
  AgentToolsSettings *set; /* refcounted, does not change; NULL: none yet */
  guint64 serial;
  GQueue calls; /* AgentToolCall */
  ToolCount count;
  guint unable; /* bits of ToolKind: what the channel cannot do */
  guint64 inputs; /* of callers, that are no spoken turns */
  ToolDigits digits; /* of who collects */
};

void agent_tools_settings_unref (AgentToolsSettings *self);

/* ---- agenttools.c */

const gchar *agent_tools_get_name (const gchar *tool);
AgentToolCall *agent_tools_add_unlocked (AgentTools *self, const Tool *tool,
    const gchar *id, AgentToolStage stage);
AgentToolCall *agent_tools_find_unlocked (AgentTools *self, guint64 serial);
/* No lock, as below. */
void agent_tool_call_free (gpointer call);
/* Takes @call, which is not in the queue any more. @shown: what is posted, NULL = @json. */
void agent_tools_answer (AgentTools *self, AgentToolCall *call,
    const gchar *json, const gchar *shown, const gchar *reason);
void agent_tools_answer_control (AgentTools *self, AgentToolCall *call,
    const gchar *result, const gchar *reason);
void agent_tools_answer_error (AgentTools *self, AgentToolCall *call,
    const gchar *message);

/* ---- agenttoolsown.c */

void agent_tools_run_own (AgentTools *self, const AgentToolsSettings *set,
    guint64 dialogue, const Tool *tool, const gchar *id, JsonNode *arguments);

/* ---- agenttoolsresult.c */

/* In @ms, from now on, if it is not over. */
void agent_tools_set_timer (AgentTools *self, guint64 serial, guint ms);
/* Out of the queue; NULL: it is over. */
AgentToolCall *agent_tools_steal (AgentTools *self, guint64 serial);
AgentTools *agent_tools_ref (AgentTools *self);
void agent_tools_unref (gpointer self);

G_END_DECLS
