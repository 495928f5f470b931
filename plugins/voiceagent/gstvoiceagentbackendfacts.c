/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoiceagentbackendprivate.h"

/* ---- What is to be done, and facts */

/**
 * gst_voice_agent_backend_control:
 * @self: a backend
 * @dialogue: the one that it is for, 0 = whichever is on
 * @control: what is to be done, valid until this returns
 *
 * Hang up, transfer, ...: behind all that was written so far. What becomes of it is told
 * by result(). Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_control (GstVoiceAgentBackend *self, guint64 dialogue,
    const GstVoiceControl *control)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (control);
  g_return_if_fail ((guint) control->action <= GST_VOICE_CONTROL_SEND_DTMF);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->control (user, dialogue, control);
}

/**
 * gst_voice_agent_backend_get_dialogue:
 * @self: a backend
 *
 * Any thread; never blocks.
 *
 * Returns: number of the last dialogue that the backend was told of: in open() that one;
 *     0 = there was none
 *
 * Since: 0.1
 */
guint64
gst_voice_agent_backend_get_dialogue (GstVoiceAgentBackend *self)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), 0);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host ? host->dialogue (user) : 0;
}

/**
 * gst_voice_agent_backend_get_format:
 * @self: a backend
 * @format: (out): that of the dialogue's audio, both ways: S16, or, with @takes_laws, a law
 *
 * Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_get_format (GstVoiceAgentBackend *self,
    GstVoiceFormat *format)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  *format = (GstVoiceFormat){ GST_VOICE_S16, 8000 };
  if (host)
    host->format (user, format);
}

/**
 * gst_voice_agent_backend_dup_tools:
 * @self: a backend
 *
 * Any thread; never blocks.
 *
 * Returns: (transfer full): the tools that may be called, a JSON array of objects with
 *     `name`, `description`, `parameters` (JSON schema of an object); "[]" without any
 *
 * Since: 0.1
 */
gchar *
gst_voice_agent_backend_dup_tools (GstVoiceAgentBackend *self)
{
  g_return_val_if_fail (GST_IS_VOICE_AGENT_BACKEND (self), NULL);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  return host ? host->tools (user) : g_strdup ("[]");
}

/**
 * gst_voice_agent_backend_transcript:
 * @self: a backend
 * @dialogue: the one that it is of, which may be over but the last; 0 = that
 * @transcript: who said what, valid until this returns
 *
 * Posts `aiagent/transcript`. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_transcript (GstVoiceAgentBackend *self,
    guint64 dialogue, const GstVoiceAgentTranscript *transcript)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (transcript && transcript->text);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->transcript (user, dialogue, transcript);
}

/**
 * gst_voice_agent_backend_call_tool:
 * @self: a backend
 * @dialogue: the one that it is for, which may be over but the last; 0 = that
 * @name: of the tool
 * @id: names this call of it in its result
 * @arguments: (nullable): JSON
 *
 * Posts `aiagent/tool`, and has it done: a tool that is built in and enabled, one of the
 * line's own by its program, anything else by the application. Its answer comes by
 * tool_result(), also where it may not be run; none comes when the dialogue is over. What is
 * asked for and answered is logged. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_call_tool (GstVoiceAgentBackend *self, guint64 dialogue,
    const gchar *name, const gchar *id, const gchar *arguments)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (name && id);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->tool (user, dialogue, name, id, arguments);
}

/**
 * gst_voice_agent_backend_add_usage:
 * @self: a backend
 * @dialogue: the one that it was for, which may be over but the last; 0 = that
 * @input_tokens: what a model was given
 * @output_tokens: what came of it
 *
 * One answer of a model has used so much, as its service counts: posts `aiagent/usage`.
 * What no service has told is not told here, either. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_add_usage (GstVoiceAgentBackend *self, guint64 dialogue,
    guint64 input_tokens, guint64 output_tokens)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->usage (user, dialogue, input_tokens, output_tokens);
}

/**
 * gst_voice_agent_backend_set_state:
 * @self: a backend
 * @state: how it stands
 * @reason: (nullable): why, for a person
 *
 * Posts `aiagent/backend`, and does nothing else: whoever cannot go on calls
 * gst_voice_agent_backend_fail(). Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_set_state (GstVoiceAgentBackend *self,
    GstVoiceAgentState state, const gchar *reason)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail ((guint) state <= GST_VOICE_AGENT_FAILED);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->state (user, state, reason);
}

/**
 * gst_voice_agent_backend_warn:
 * @self: a backend
 * @error: what is wrong, in domain %GST_RESOURCE_ERROR or another of GStreamer's
 *
 * Posts a warning. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_warn (GstVoiceAgentBackend *self, const GError *error)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (error);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->warn (user, error);
}

/**
 * gst_voice_agent_backend_fail:
 * @self: a backend
 * @error: why, in domain %GST_RESOURCE_ERROR or another of GStreamer's
 *
 * The dialogue cannot go on: posts `aiagent/backend` with state `failed`, then the
 * error, with which most pipelines end. Any thread; never blocks.
 *
 * Since: 0.1
 */
void
gst_voice_agent_backend_fail (GstVoiceAgentBackend *self, const GError *error)
{
  g_return_if_fail (GST_IS_VOICE_AGENT_BACKEND (self));
  g_return_if_fail (error);
  g_autoptr (GObject) user = NULL;
  const GstVoiceAgentHost *host =
      gst_voice_agent_backend_take_host (self, &user);

  if (host)
    host->failed (user, error);
}
