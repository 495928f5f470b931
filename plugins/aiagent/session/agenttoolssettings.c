/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a line has set of its tools, and AgentTools as a whole. */

#include "agenttoolsprivate.h"

#include <string.h>
#include <unistd.h>

/* ---- Life */

static void
settings_clear (gpointer data)
{
  AgentToolsSettings *self = data;

  g_free (self->enabled);
  g_free (self->file);
  g_free (self->command);
  g_free (self->phrase);
  g_free (self->music);
  g_strfreev (self->names);
  g_free (self->program);
  g_clear_pointer (&self->list, tool_list_free);
}

void
agent_tools_settings_unref (AgentToolsSettings *self)
{
  g_atomic_rc_box_release_full (self, settings_clear);
}

AgentTools *
agent_tools_new (AgentHost *host)
{
  AgentTools *self = g_atomic_rc_box_new0 (AgentTools);

  self->host = g_object_ref (host);
  self->filler = agent_filler_new ();
  g_queue_init (&self->calls);
  return self;
}

AgentTools *
agent_tools_ref (AgentTools *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  AgentTools *self = data;

  g_queue_clear_full (&self->calls, agent_tool_call_free);
  g_clear_pointer (&self->next, agent_tools_settings_unref);
  g_clear_pointer (&self->set, agent_tools_settings_unref);
  g_clear_pointer (&self->loop, io_loop_unref);
  agent_filler_free (self->filler);
  g_object_unref (self->host);
}

void
agent_tools_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
agent_tools_drop (AgentTools *self)
{
  agent_tools_end (self); /* nothing keeps it then */
  agent_tools_unref (self);
}

AgentFiller *
agent_tools_get_filler (AgentTools *self)
{
  return self->filler;
}

/* ---- Settings */

/* Names with commas between them. */
static gchar **
split (const gchar *text)
{
  gchar **names = g_strsplit (text ? text : "", ",", -1);

  for (guint i = 0; names[i]; i++)
    g_strstrip (names[i]);
  return names;
}

void
agent_tools_read_settings_unlocked (AgentTools *self,
    const GstPairSettings *settings, GObjectClass *klass)
{
  AgentToolsSettings *set = g_atomic_rc_box_new0 (AgentToolsSettings);
  g_autofree gchar *names =
      gst_pair_settings_dup_string (settings, klass, "tool-environment");

  set->enabled =
      gst_pair_settings_dup_string (settings, klass, "tools-enabled");
  set->file = gst_pair_settings_dup_string (settings, klass, "tools");
  set->command = gst_pair_settings_dup_string (settings, klass, "tool-command");
  set->phrase = gst_pair_settings_dup_string (settings, klass, "tool-phrase");
  set->music = gst_pair_settings_dup_string (settings, klass, "hold-music");
  set->names = split (names);
  set->timeout = gst_pair_settings_get_uint (settings, klass, "tool-timeout");
  set->wait =
      (AgentToolWait) gst_pair_settings_get_enum (settings, klass, "tool-wait");
  g_clear_pointer (&self->next, agent_tools_settings_unref);
  self->next = set;
}

static gboolean
fail (GError **error, GstResourceError code, const gchar *what, GError *why)
{
  g_set_error (error, GST_RESOURCE_ERROR, code, "%s%s", what, why->message);
  g_error_free (why);
  return FALSE;
}

static gboolean
read_file (AgentToolsSettings *set, GError **error)
{
  g_autofree gchar *text = NULL;
  GError *why = NULL;
  gsize size;

  if (!set->file || !*set->file)
    return TRUE;
  if (!g_file_get_contents (set->file, &text, &size, &why))
    return fail (error, GST_RESOURCE_ERROR_NOT_FOUND,
        "The agent's tools cannot be read: ", why);
  return tool_list_add_own (set->list, text, size, &why) ||
      fail (error, GST_RESOURCE_ERROR_SETTINGS,
          "The agent's tools cannot be used: ", why);
}

static gboolean
find_program (AgentToolsSettings *set, GError **error)
{
  if (!set->command || !*set->command)
    return TRUE;
  g_autofree gchar *found = g_find_program_in_path (set->command);
  if (!found) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "There is no program \"%s\" to run the agent's tools (tool-command).",
        set->command);
    return FALSE;
  }
  set->program = g_canonicalize_filename (found, NULL);
  return TRUE;
}

gboolean
agent_tools_prepare (AgentTools *self, GError **error)
{
  AgentToolsSettings *set = g_steal_pointer (&self->next);
  GError *why = NULL;

  if (!set)
    return TRUE;
  set->list = tool_list_new ();
  gboolean ok = tool_list_enable (set->list, set->enabled, &why) ||
      fail (error, GST_RESOURCE_ERROR_SETTINGS, "tools-enabled: ", why);
  ok = ok && read_file (set, error) && find_program (set, error) &&
      agent_filler_prepare (self->filler, set->wait, set->phrase, set->music,
          error);
  if (ok) {
    g_mutex_lock (&self->host->lock);
    AgentToolsSettings *last = self->set;
    self->set = g_steal_pointer (&set);
    g_mutex_unlock (&self->host->lock);
    set = last;
  }
  if (set)
    agent_tools_settings_unref (set);
  return ok;
}
