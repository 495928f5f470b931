/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentstreamsettings.h"

#include "aiagent/logic/remote/wireaddress.h"
#include "common/base/gstvoicesecret.h"

#include <string.h>

void
agent_stream_settings_init (AgentStreamSettings *self,
    const AgentStreamSecret *kind)
{
  g_mutex_init (&self->lock);
  self->kind = *kind;
}

void
agent_stream_settings_clear (AgentStreamSettings *self)
{
  g_clear_pointer (&self->secret, gst_voice_secret_free);
  g_clear_pointer (&self->used_secret, gst_voice_secret_free);
  g_clear_pointer (&self->parameters, gst_structure_free);
  g_free (self->secret_file);
  g_free (self->used_uri);
  g_mutex_clear (&self->lock);
}

/* ---- Properties */

void
agent_stream_settings_set (AgentStreamSettings *self, guint id,
    const GValue *value)
{
  g_mutex_lock (&self->lock);
  if (id == AGENT_STREAM_PROP_PARAMETERS) {
    g_clear_pointer (&self->parameters, gst_structure_free);
    self->parameters = g_value_dup_boxed (value);
  } else if (id == AGENT_STREAM_PROP_ALLOW_INSECURE) {
    self->allow_insecure = g_value_get_boolean (value);
  } else if (id == AGENT_STREAM_PROP_SECRET) {
    g_clear_pointer (&self->secret, gst_voice_secret_free);
    self->secret = g_value_dup_string (value);
  } else {
    g_free (self->secret_file);
    self->secret_file = g_value_dup_string (value);
  }
  g_mutex_unlock (&self->lock);
}

void
agent_stream_settings_get (AgentStreamSettings *self, guint id, GValue *value)
{
  g_mutex_lock (&self->lock);
  if (id == AGENT_STREAM_PROP_PARAMETERS)
    g_value_set_boxed (value, self->parameters);
  else if (id == AGENT_STREAM_PROP_ALLOW_INSECURE)
    g_value_set_boolean (value, self->allow_insecure);
  else if (id == AGENT_STREAM_PROP_SECRET_FILE)
    g_value_set_string (value, self->secret_file);
  g_mutex_unlock (&self->lock);
}

/* ---- What counts now */

static gchar *
resolve_secret (AgentStreamSettings *self, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  g_mutex_lock (&self->lock);
  gchar *given = g_strdup (self->secret);
  g_autofree gchar *file = g_strdup (self->secret_file);
  g_mutex_unlock (&self->lock);
  gchar *secret = gst_voice_secret_resolve (self->kind.name, given, file,
      self->kind.variables, &wrong);
  g_clear_pointer (&given, gst_voice_secret_free);
  if (secret && strpbrk (secret, "\r\n")) {
    g_clear_pointer (&secret, gst_voice_secret_free);
    g_set_error (&wrong, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "\"%s\" has more than one line.", self->kind.name);
  }
  if (wrong)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return secret;
}

static gchar *
read_address (AgentStreamSettings *self, const gchar *uri, const gchar *secret,
    GError **error)
{
  g_autoptr (GError) wrong = NULL;

  g_mutex_lock (&self->lock);
  const WireAddressUse use = self->allow_insecure ? WIRE_ADDRESS_INSECURE
      : secret && !self->kind.stays_here          ? WIRE_ADDRESS_SECRET
                                                  : WIRE_ADDRESS_OPEN;
  g_mutex_unlock (&self->lock);
  if (!uri || !*uri) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "Where the agent is has to be set: backend::uri=ws://HOST:PORT");
    return NULL;
  }
  gchar *address = wire_address_read (uri, use, &wrong);
  if (!address)
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "\"uri\" is no address of an agent: %s.", wrong->message);
  return address;
}

gboolean
agent_stream_settings_prepare (AgentStreamSettings *self, const gchar *uri,
    GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gchar *secret = resolve_secret (self, &wrong);
  gchar *address = wrong ? NULL : read_address (self, uri, secret, &wrong);

  if (wrong) {
    g_clear_pointer (&secret, gst_voice_secret_free);
    g_propagate_error (error, g_steal_pointer (&wrong));
    return FALSE;
  }
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->used_secret, gst_voice_secret_free);
  g_free (self->used_uri);
  self->used_secret = secret;
  self->used_uri = address;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

gchar *
agent_stream_settings_dup_uri (AgentStreamSettings *self)
{
  g_mutex_lock (&self->lock);
  gchar *uri = g_strdup (self->used_uri);
  g_mutex_unlock (&self->lock);
  return uri;
}

gchar *
agent_stream_settings_dup_secret (AgentStreamSettings *self)
{
  g_mutex_lock (&self->lock);
  gchar *secret = g_strdup (self->used_secret);
  g_mutex_unlock (&self->lock);
  return secret;
}

GstStructure *
agent_stream_settings_dup_parameters (AgentStreamSettings *self)
{
  g_mutex_lock (&self->lock);
  GstStructure *parameters =
      self->parameters ? gst_structure_copy (self->parameters) : NULL;
  g_mutex_unlock (&self->lock);
  return parameters;
}
