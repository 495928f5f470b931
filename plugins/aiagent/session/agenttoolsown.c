/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Tools of the user's own: by a program of his, or by the application. */

#include "agenttoolsprivate.h"

#include "logic/tools/tooljson.h"

#include <string.h>

typedef struct
{
  AgentTools *tools;
  guint64 serial;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  agent_tools_unref (self->tools);
  g_free (self);
}

/* A tool that says nothing has done something. */
static void
on_done (gpointer data, const gchar *output, gsize size, const gchar *fault)
{
  Run *self = data;
  g_autoptr (GError) error = NULL;
  AgentToolCall *call = agent_tools_steal (self->tools, self->serial);

  if (!call)
    return;
  if (fault) {
    agent_tools_answer_error (self->tools, call, fault);
    return;
  }
  g_autofree gchar *text = g_strndup (size ? output : "{}", size ? size : 2);
  g_strstrip (text);
  g_autoptr (JsonNode) node =
      tool_json_parse ("What the tool said", text, strlen (text), &error);
  if (node)
    agent_tools_answer (self->tools, call, text, NULL, NULL);
  else
    agent_tools_answer_error (self->tools, call, error->message);
}

static gchar **
make_environment (const AgentToolsSettings *set)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const gchar *path = g_getenv ("PATH");
  g_autofree gchar *first =
      g_strconcat ("PATH=", path ? path : "/usr/bin:/bin", NULL);

  g_strv_builder_add (builder, first);
  for (guint i = 0; set->names && set->names[i]; i++) {
    const gchar *value = g_getenv (set->names[i]);
    g_autofree gchar *line = g_strconcat (set->names[i], "=", value, NULL);
    if (value && strcmp (set->names[i], "PATH"))
      g_strv_builder_add (builder, line);
  }
  return g_strv_builder_end (builder);
}

static void
start_child (AgentTools *self, const AgentToolsSettings *set, guint64 serial,
    const gchar *name, const gchar *arguments)
{
  g_auto (GStrv) environment = make_environment (set);
  Run *run = g_new (Run, 1);

  *run = (Run){ agent_tools_ref (self), serial };
  AgentChild *child =
      agent_child_start (set->program, name, (const gchar *const *) environment,
          arguments, set->timeout, on_done, run, run_free);
  g_mutex_lock (&self->host->lock);
  AgentToolCall *call = agent_tools_find_unlocked (self, serial);
  if (call)
    call->child = g_steal_pointer (&child);
  g_mutex_unlock (&self->host->lock);
  if (child)
    agent_child_drop (child); /* it is over already */
}

void
agent_tools_run_own (AgentTools *self, const AgentToolsSettings *set,
    guint64 dialogue, const Tool *tool, const gchar *id, JsonNode *arguments)
{
  guint64 serial = 0;

  g_mutex_lock (&self->host->lock);
  if (self->host->open && self->host->dialogues == dialogue)
    serial = agent_tools_add_unlocked (self, tool, id,
        set->program ? AGENT_TOOL_CHILD : AGENT_TOOL_APPLICATION)
                 ->serial;
  g_mutex_unlock (&self->host->lock);
  if (!serial)
    return;
  if (!set->program) {
    agent_tools_set_timer (self, serial, set->timeout);
    return;
  }
  g_autofree gchar *text = json_to_string (arguments, FALSE);
  start_child (self, set, serial, tool->name, text);
}
