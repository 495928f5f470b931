/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentremote.h"
#include "agentstreamsettings.h"

G_BEGIN_DECLS

/* Backends whose far side knows no answers: it sends audio as it has it, with marks in
 * between, each of which comes back when what was sent before it was heard.
 *
 * All functions run on the agent loop. */

#define AGENT_TYPE_STREAM (agent_stream_get_type ())
GType agent_stream_get_type (void);
G_DECLARE_DERIVABLE_TYPE (AgentStream, agent_stream, AGENT, STREAM, AgentRemote)

struct _AgentStreamClass
{
  AgentRemoteClass parent_class;

  /* What the far side knows us by; before the class is used. */
  AgentStreamSecret secret;
  /* A mark comes back, in order; @cleared: what stood before it was cut off. @name as it
   * was set. */
  void (*mark) (AgentStream *self, const gchar *name, gboolean cleared);
};

/* In the dialogue's format, whole samples. Dropped while nothing may be said. */
void agent_stream_write (AgentStream *self, gconstpointer data, gsize size);
void agent_stream_mark (AgentStream *self, const gchar *name);
/* All marks come back as cleared; what was said stays. */
void agent_stream_clear_marks (AgentStream *self);
/* Silence, at once. What is written behind it is said, also into a turn of the caller's. */
void agent_stream_clear (AgentStream *self);
/* Behind what was written; a caller who interrupts that makes it sooner. */
void agent_stream_hang_up (AgentStream *self);
/* The answer that is being said, or a new one, for its words; 0: none may be. */
guint agent_stream_take_answer (AgentStream *self);

AgentStreamSettings *agent_stream_get_settings (AgentStream *self);
/* In the class_init of a subclass that has set `secret`: its properties, strings. */
void agent_stream_class_install_secret (AgentStreamClass *klass,
    GParamSpec *secret, GParamSpec *file);
#define AGENT_STREAM_SECRET_FLAGS \
  (G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define AGENT_STREAM_SECRET_FILE_FLAGS \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

G_END_DECLS
