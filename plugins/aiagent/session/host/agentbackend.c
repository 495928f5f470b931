/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentbackend.h"

gboolean
agent_backend_prepare (GstVoiceAgentBackend *self, GstVoiceFormat *format,
    GError **error)
{
  *format = (GstVoiceFormat){ GST_VOICE_S16, 0 };
  return !GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->prepare ||
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->prepare (self, format, error);
}

gboolean
agent_backend_costs (GstVoiceAgentBackend *self)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->costs &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->costs (self);
}

gboolean
agent_backend_rings (GstVoiceAgentBackend *self)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->ring != NULL;
}

void
agent_backend_ring (GstVoiceAgentBackend *self, const GstVoiceCall *call)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->ring)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->ring (self, call);
}

void
agent_backend_open (GstVoiceAgentBackend *self, const GstVoiceCall *call,
    guint rate)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->open)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->open (self, call, rate);
}

void
agent_backend_send_audio (GstVoiceAgentBackend *self, const gint16 *samples,
    guint n_samples, GstClockTime time, gboolean speaking)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->send_audio)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->send_audio (self, samples,
        n_samples, time, speaking);
}

void
agent_backend_send_encoded (GstVoiceAgentBackend *self, const guint8 *data,
    gsize size, GstClockTime time, gboolean speaking)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->send_encoded)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->send_encoded (self, data, size,
        time, speaking);
}

void
agent_backend_turn (GstVoiceAgentBackend *self, gboolean began,
    GstClockTime time)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->turn)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->turn (self, began, time);
}

void
agent_backend_resumed (GstVoiceAgentBackend *self)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->resumed)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->resumed (self);
}

/* Whoever does not look at the words is told of an end as of any other. */
void
agent_backend_rejected (GstVoiceAgentBackend *self, GstClockTime time)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->rejected)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->rejected (self, time);
  else
    agent_backend_turn (self, FALSE, time);
}

gdouble
agent_backend_get_completeness (GstVoiceAgentBackend *self)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->get_completeness
      ? GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->get_completeness (self)
      : -1;
}

void
agent_backend_interrupt (GstVoiceAgentBackend *self, guint answer, guint heard)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->interrupt)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->interrupt (self, answer, heard);
}

void
agent_backend_held (GstVoiceAgentBackend *self, guint hold, guint answer,
    guint heard, guint total)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->held)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->held (self, hold, answer, heard,
        total);
}

void
agent_backend_done (GstVoiceAgentBackend *self, guint answer)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->done)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->done (self, answer);
}

void
agent_backend_heard (GstVoiceAgentBackend *self, guint answer,
    const gchar *words, guint heard)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->heard)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->heard (self, answer, words,
        heard);
}

void
agent_backend_marked (GstVoiceAgentBackend *self, guint mark)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->marked)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->marked (self, mark);
}

void
agent_backend_digit (GstVoiceAgentBackend *self, gchar digit)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->digit)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->digit (self, digit);
}

void
agent_backend_result (GstVoiceAgentBackend *self, const gchar *id,
    const gchar *result, const gchar *reason)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->result)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->result (self, id, result, reason);
}

gboolean
agent_backend_tool_result (GstVoiceAgentBackend *self, const gchar *id,
    const gchar *json)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->tool_result &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->tool_result (self, id, json);
}

gboolean
agent_backend_say (GstVoiceAgentBackend *self, const gchar *text)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->say &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->say (self, text);
}

gboolean
agent_backend_read (GstVoiceAgentBackend *self, const gchar *text)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->read &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->read (self, text);
}

gboolean
agent_backend_instruct (GstVoiceAgentBackend *self, const gchar *text)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->instruct &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->instruct (self, text);
}

void
agent_backend_tick (GstVoiceAgentBackend *self)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->tick)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->tick (self);
}

void
agent_backend_close (GstVoiceAgentBackend *self)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->close)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->close (self);
}

gboolean
agent_backend_is_immediate (GstVoiceAgentBackend *self)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->is_immediate &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->is_immediate (self);
}

gboolean
agent_backend_is_thinking (GstVoiceAgentBackend *self)
{
  return GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->is_thinking &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->is_thinking (self);
}

void
agent_backend_pause (GstVoiceAgentBackend *self, gboolean paused)
{
  if (GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->pause)
    GST_VOICE_AGENT_BACKEND_GET_CLASS (self)->pause (self, paused);
}
