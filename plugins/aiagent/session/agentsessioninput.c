/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a caller does without speaking: keys, and what is written. */

#include "agentsessionprivate.h"

#include <string.h>

#define INPUTS 10 /* without speaking, at once */
#define INPUTS_PER_SECOND 1

void
agent_session_digit (AgentSession *self, gchar digit)
{
  if (agent_session_is_on (self) &&
      !agent_tools_take_digit (self->tools, digit))
    agent_backend_digit (self->host->backend, digit);
  AGENT_LOG (self->report, GST_LEVEL_DEBUG, "a digit"); /* it may be of a PIN */
}

/* ---- What is written */

/* A browser has no keypad: digits that are written are keys. */
static gboolean
is_keys (GstVoiceAgentBackend *backend, const gchar *text)
{
  const gsize n = text ? strspn (text, "0123456789*# ") : 0;

  return n > 0 && !text[n] &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->digit;
}

static gboolean
read_keys (AgentSession *self, GstVoiceAgentBackend *backend, const gchar *text)
{
  if (!is_keys (backend, text))
    return FALSE;
  for (const gchar *key = text; *key; key++)
    if (*key != ' ' && !agent_tools_take_digit (self->tools, *key))
      agent_backend_digit (backend, *key);
  return TRUE;
}

static gboolean
take_input (AgentSession *self, GstVoiceAgentBackend *backend,
    GstVoiceInputType type, const gchar *text)
{
  switch (type) {
    case GST_VOICE_INPUT_TEXT:
      if (!is_keys (backend, text) &&
          !GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->read)
        return FALSE;
      agent_host_cut (self->host, 0);
      g_mutex_lock (self->lock);
      agent_mouth_take_writing (self->mouth);
      g_mutex_unlock (self->lock);
      agent_tools_note_input (self->tools);
      return read_keys (self, backend, text) ||
          agent_backend_read (backend, text);
    case GST_VOICE_INPUT_INTERRUPT:
      agent_host_cut (self->host, 0);
      return TRUE;
    case GST_VOICE_INPUT_INSTRUCTIONS:
      return self->caller_instructions &&
          agent_backend_instruct (backend, text);
  }
  return FALSE;
}

static gboolean
take_token_unlocked (AgentSession *self, gint64 at)
{
  AgentInputs *inputs = &self->inputs;

  if (inputs->dialogue != self->host->dialogues)
    *inputs = (AgentInputs){ self->host->dialogues, at, INPUTS };
  inputs->left = MIN (INPUTS,
      inputs->left +
          (gdouble) (at - inputs->at) / G_TIME_SPAN_SECOND * INPUTS_PER_SECOND);
  inputs->at = at;
  if (inputs->left < 1)
    return FALSE;
  inputs->left--;
  return TRUE;
}

/* What is written costs as much as what is said, and is sooner said. */
static gboolean
is_too_fast (AgentSession *self)
{
  g_mutex_lock (self->lock);
  const gboolean slow = take_token_unlocked (self, g_get_monotonic_time ());
  g_mutex_unlock (self->lock);
  return !slow;
}

static const gchar *
refusal (GstVoiceInputType type)
{
  return type == GST_VOICE_INPUT_TEXT
      ? "This agent listens, and does not read."
      : "This agent takes no instructions from callers.";
}

void
agent_session_input (AgentSession *self, GstVoiceInputType type,
    const gchar *text)
{
  g_autoptr (GstVoiceAgentBackend) backend = agent_session_dup_backend (self);

  if (!backend)
    return;
  const gboolean on = agent_session_is_on (self);
  const gboolean fast = on && is_too_fast (self);
  const gboolean taken = on && !fast && take_input (self, backend, type, text);
  const gchar *why = taken ? NULL
      : fast               ? "This comes too fast."
      : on                 ? refusal (type)
                           : "The agent is in no dialogue.";
  agent_report_input (self->report, gst_voice_input_type_to_string (type), why);
}
