/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentchoice.h"

#include "backends/local/local.h"

#include "voiceagent/gstvoiceagentbackendprivate.h"

/* ---- What it is */

static GQuark
name_quark (void)
{
  return g_quark_from_static_string ("agent-choice-name");
}

void
agent_choice_set_name (GstVoiceAgentBackend *backend, const gchar *name)
{
  g_object_set_qdata (G_OBJECT (backend), name_quark (), (gpointer) name);
}

const gchar *
agent_choice_get_name (GstVoiceAgentBackend *backend)
{
  const gchar *name = g_object_get_qdata (G_OBJECT (backend), name_quark ());

  return name ? name : G_OBJECT_TYPE_NAME (backend);
}

gchar *
agent_choice_dup_model (GstVoiceAgentBackend *backend)
{
  const GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (backend), "model");
  gchar *model = NULL;

  if (pspec && pspec->flags & G_PARAM_READABLE &&
      pspec->value_type == G_TYPE_STRING)
    g_object_get (backend, "model", &model, NULL);
  return model ? model : g_strdup ("");
}

/* ---- Of two, which */

/* What the user meant most counts: an object over a kind over nothing, then the
 * one he has told more. */
static guint
weight (const AgentChoice *self)
{
  if (!self->backend)
    return 0;
  g_autoptr (GPtrArray) set = gst_voice_agent_backend_dup_set (self->backend);
  return 1 + ((guint) self->how << 16) + set->len;
}

static gboolean
is_set (GstVoiceAgentBackend *backend, GParamSpec *pspec)
{
  g_autoptr (GPtrArray) set = gst_voice_agent_backend_dup_set (backend);

  return g_ptr_array_find (set, pspec, NULL);
}

static gboolean
contradiction (GParamSpec *pspec, GError **error)
{
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "The two elements of one session disagree: \"backend::%s\" is not the "
      "same on both; set it on one of them.",
      g_param_spec_get_name (pspec));
  return FALSE;
}

static gboolean
merge_property (GstVoiceAgentBackend *into, GstVoiceAgentBackend *from,
    GParamSpec *pspec, gboolean fixed, GError **error)
{
  const gchar *name = g_param_spec_get_name (pspec);
  g_auto (GValue) ours = G_VALUE_INIT, theirs = G_VALUE_INIT;
  gboolean set = is_set (into, pspec);

  /* A secret cannot be read: neither compared nor taken over. */
  if (!(pspec->flags & G_PARAM_READABLE))
    return set || contradiction (pspec, error);
  g_object_get_property (G_OBJECT (into), name, &ours);
  g_object_get_property (G_OBJECT (from), name, &theirs);
  if (g_param_values_cmp (pspec, &ours, &theirs) == 0)
    return TRUE;
  if (set || fixed)
    return contradiction (pspec, error);
  g_object_set_property (G_OBJECT (into), name, &theirs);
  return TRUE;
}

static gboolean
merge (GstVoiceAgentBackend *into, const AgentChoice *from, gboolean fixed,
    GError **error)
{
  if (!from->backend || from->backend == into)
    return TRUE;
  if (from->how == AGENT_CHOSEN_AS_OBJECT) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "The two elements of one session have backends of their own; set "
        "backend-object on one of them, or the same one on both.");
    return FALSE;
  }
  g_autoptr (GPtrArray) set = gst_voice_agent_backend_dup_set (from->backend);
  gboolean means_it = from->how == AGENT_CHOSEN_BY_KIND || set->len;
  if (means_it && G_OBJECT_TYPE (from->backend) != G_OBJECT_TYPE (into)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "The two elements of one session disagree about the backend; choose "
        "it on one of them, with its settings, or the same on both.");
    return FALSE;
  }
  for (guint i = 0; i < set->len; i++)
    if (!merge_property (into, from->backend, set->pdata[i], fixed, error))
      return FALSE;
  return TRUE;
}

GstVoiceAgentBackend *
agent_choice_resolve (const AgentChoice *one, const AgentChoice *other,
    GError **error)
{
  gboolean first = weight (one) >= weight (other);
  GstVoiceAgentBackend *backend = first ? one->backend : other->backend;

  if (!backend) {
    backend = g_object_new (AGENT_TYPE_LOCAL, NULL);
    agent_choice_set_name (backend, "local");
    return backend;
  }
  if (!merge (backend, first ? other : one, FALSE, error))
    return NULL;
  return g_object_ref (backend);
}

gboolean
agent_choice_agrees (const AgentChoice *self, GstVoiceAgentBackend *running,
    GError **error)
{
  return merge (running, self, TRUE, error);
}
