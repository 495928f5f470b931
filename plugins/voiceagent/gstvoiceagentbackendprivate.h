/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gstvoiceagentbackend.h"

G_BEGIN_DECLS

/* The seam between the library and the plugin aiagent of the same version: not
 * installed. */

/* The session, as a backend's calls see it; each as the function of the library that is
 * named like it. */
typedef struct
{
  guint (*begin) (gpointer host, guint64 dialogue, gboolean interruptible);
  gboolean (
      *write) (gpointer host, guint answer, gconstpointer data, gsize size);
  gboolean (*end) (gpointer host, guint answer);
  void (*clause) (gpointer host, guint answer, const gchar *text);
  gboolean (*mark) (gpointer host, guint answer, guint mark);
  void (*stages) (gpointer host, guint answer, GstClockTime transcriber,
      GstClockTime model, GstClockTime voice);
  GstClockTime (*respond_by) (gpointer host);
  gboolean (*cut) (gpointer host, guint64 dialogue);
  gboolean (*resume) (gpointer host, guint hold);
  void (*drop) (gpointer host, guint hold);
  GstClockTime (*audible) (gpointer host);
  void (*frame) (gpointer host, gconstpointer data, gsize size);
  gboolean (*turn) (gpointer host, guint64 dialogue, gboolean began,
      GstClockTime time);
  gboolean (*finds_turns) (gpointer host);
  guint64 (*dialogue) (gpointer host);
  void (*format) (gpointer host, GstVoiceFormat *format);
  gchar *(*tools) (gpointer host);
  void (*control) (gpointer host, guint64 dialogue,
      const GstVoiceControl *control);
  void (*transcript) (gpointer host, guint64 dialogue,
      const GstVoiceAgentTranscript *transcript);
  void (*tool) (gpointer host, guint64 dialogue, const gchar *name,
      const gchar *id, const gchar *arguments);
  void (*usage) (gpointer host, guint64 dialogue, guint64 input_tokens,
      guint64 output_tokens);
  void (*state) (gpointer host, GstVoiceAgentState state, const gchar *reason);
  void (*warn) (gpointer host, const GError *error);
  void (*failed) (gpointer host, const GError *error);
  /* A property was set that counts from the next start. */
  void (*set_late) (gpointer host, GParamSpec *pspec);
} GstVoiceAgentHost;

/* Within the library: the session's functions, and the session itself, alive; NULL if there
 * is none. */
const GstVoiceAgentHost *gst_voice_agent_backend_take_host (GstVoiceAgentBackend
                                                                *self,
    GObject **user);
/* By the session, before it prepares the backend. @user: given to @host's functions; not
 * kept alive by this. FALSE: another one has the backend. */
GST_VOICE_AGENT_API
gboolean gst_voice_agent_backend_set_host (GstVoiceAgentBackend *self,
    const GstVoiceAgentHost *host, GObject *user);
/* Behind the last dialogue; nothing if it is not @user that has it. */
GST_VOICE_AGENT_API
void gst_voice_agent_backend_clear_host (GstVoiceAgentBackend *self,
    GObject *user);
/* The GParamSpecs of what was set since it was made; (transfer container). */
GST_VOICE_AGENT_API
GPtrArray *gst_voice_agent_backend_dup_set (GstVoiceAgentBackend *self);

G_END_DECLS
