/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What all streams are set to, and what it is for those that begin now. Any thread. */

typedef struct
{
  const gchar *name; /* of the secret's property */
  const gchar *const *variables;
  gboolean stays_here; /* only what is made of it goes out */
} AgentStreamSecret;

typedef struct
{
  AgentStreamSecret kind; /* set when made */

  GMutex lock; /* a leaf; protects everything below */
  gchar *secret, *secret_file;
  gboolean allow_insecure;
  GstStructure *parameters;
  /* As it was prepared. */
  gchar *used_uri, *used_secret;
} AgentStreamSettings;

enum
{
  AGENT_STREAM_PROP_PARAMETERS = 1001,
  AGENT_STREAM_PROP_ALLOW_INSECURE,
  AGENT_STREAM_PROP_SECRET,
  AGENT_STREAM_PROP_SECRET_FILE,
};

void agent_stream_settings_init (AgentStreamSettings *self,
    const AgentStreamSecret *kind);
void agent_stream_settings_clear (AgentStreamSettings *self);
void agent_stream_settings_set (AgentStreamSettings *self, guint id,
    const GValue *value);
void agent_stream_settings_get (AgentStreamSettings *self, guint id,
    GValue *value);
/* FALSE, with @error (GST_RESOURCE_ERROR): they cannot be used. */
gboolean agent_stream_settings_prepare (AgentStreamSettings *self,
    const gchar *uri, GError **error);
gchar *agent_stream_settings_dup_uri (AgentStreamSettings *self);
/* NULL: there is none; gst_voice_secret_free(). */
gchar *agent_stream_settings_dup_secret (AgentStreamSettings *self);
/* NULL: there are none. */
GstStructure *agent_stream_settings_dup_parameters (AgentStreamSettings *self);

G_END_DECLS
