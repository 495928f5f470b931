/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the application says and asks for, on any thread of its own. */

#include "applicationprivate.h"

/* ---- What the application does wrong: told once in a dialogue */

static void
warn (AgentApplication *self, Mistake mistake, const gchar *what)
{
  g_mutex_lock (&self->lock);
  const gboolean told = self->warned & 1u << mistake;
  self->warned |= 1u << mistake;
  g_mutex_unlock (&self->lock);
  if (told)
    return;
  g_autoptr (GError) error =
      g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, what);
  gst_voice_agent_backend_warn (GST_VOICE_AGENT_BACKEND (self), error);
}

/* ---- Answers */

/* One of a call that is over was cut off with it. */
static AnswerState
get_state_unlocked (AgentApplication *self, guint answer)
{
  gpointer state;

  if (g_hash_table_lookup_extended (self->answers, GUINT_TO_POINTER (answer),
          NULL, &state))
    return (AnswerState) GPOINTER_TO_UINT (state);
  return answer && answer <= self->last_answer ? ANSWER_CUT : ANSWER_UNKNOWN;
}

static AnswerState
get_state (AgentApplication *self, guint answer)
{
  g_mutex_lock (&self->lock);
  const AnswerState state = get_state_unlocked (self, answer);
  g_mutex_unlock (&self->lock);
  return state;
}

/* TRUE: it was open. */
static gboolean
leave_open (AgentApplication *self, guint answer, AnswerState state)
{
  g_mutex_lock (&self->lock);
  const gboolean was = get_state_unlocked (self, answer) == ANSWER_OPEN;
  if (was)
    g_hash_table_insert (self->answers, GUINT_TO_POINTER (answer),
        GUINT_TO_POINTER (state));
  g_mutex_unlock (&self->lock);
  return was;
}

static guint
action_begin_answer (AgentApplication *self)
{
  const guint answer =
      gst_voice_agent_backend_begin_answer (GST_VOICE_AGENT_BACKEND (self),
          TRUE);

  if (!answer)
    return 0;
  g_mutex_lock (&self->lock);
  self->last_answer = MAX (self->last_answer, answer);
  g_hash_table_insert (self->answers, GUINT_TO_POINTER (answer),
      GUINT_TO_POINTER (ANSWER_OPEN));
  g_mutex_unlock (&self->lock);
  return answer;
}

static GstFlowReturn
write_buffer (AgentApplication *self, guint answer, GstBuffer *buffer)
{
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_ERROR;
  const gboolean taken =
      gst_voice_agent_backend_write (GST_VOICE_AGENT_BACKEND (self), answer,
          map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  if (taken)
    return GST_FLOW_OK;
  /* Another thread may have ended it meanwhile. */
  return leave_open (self, answer, ANSWER_CUT) ? GST_FLOW_FLUSHING
                                               : GST_FLOW_EOS;
}

static GstFlowReturn
action_push_buffer (AgentApplication *self, guint answer, GstBuffer *buffer)
{
  const gsize size = buffer ? gst_buffer_get_size (buffer) : 0;

  if (!size || size % sizeof (gint16)) {
    warn (self, MISTAKE_SIZE,
        "The application pushed a buffer that is not of whole samples, two "
        "bytes each.");
    return GST_FLOW_ERROR;
  }
  switch (get_state (self, answer)) {
    case ANSWER_OPEN:
      return write_buffer (self, answer, buffer);
    case ANSWER_CUT:
      return GST_FLOW_FLUSHING;
    case ANSWER_ENDED:
      warn (self, MISTAKE_ENDED,
          "The application pushed a buffer to an answer that it had ended.");
      return GST_FLOW_EOS;
    case ANSWER_UNKNOWN:
      break;
  }
  warn (self, MISTAKE_NO_ANSWER,
      "The application pushed a buffer to an answer that it had not begun.");
  return GST_FLOW_ERROR;
}

static gboolean
action_end_answer (AgentApplication *self, guint answer)
{
  if (get_state (self, answer) == ANSWER_UNKNOWN)
    warn (self, MISTAKE_NO_ANSWER,
        "The application ended an answer that it had not begun.");
  if (!leave_open (self, answer, ANSWER_ENDED))
    return FALSE;
  gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self), answer);
  return TRUE;
}

static gboolean
action_interrupt (AgentApplication *self)
{
  return gst_voice_agent_backend_cut (GST_VOICE_AGENT_BACKEND (self));
}

/* ---- What else it says */

static gboolean
is_open (AgentApplication *self)
{
  g_mutex_lock (&self->lock);
  const gboolean open = self->open;
  g_mutex_unlock (&self->lock);
  return open;
}

static gboolean
action_control (AgentApplication *self, const GstStructure *what)
{
  GstVoiceControl control = { 0 };

  if (!what ||
      !gst_voice_control_action_from_string (gst_structure_get_name (what),
          &control.action)) {
    warn (self, MISTAKE_CONTROL,
        "The application asked for a control that is none of hang-up, transfer, "
        "hold, resume and send-dtmf.");
    return FALSE;
  }
  control.id = gst_structure_get_string (what, "id");
  control.to = gst_structure_get_string (what, "to");
  control.target = gst_structure_get_string (what, "target");
  if (!is_open (self))
    return FALSE;
  gst_voice_agent_backend_control (GST_VOICE_AGENT_BACKEND (self), 0, &control);
  return TRUE;
}

static gboolean
action_transcript (AgentApplication *self, guint answer, const gchar *text)
{
  const GstVoiceAgentTranscript transcript = { .agent = answer != 0,
    .text = text,
    .final = TRUE,
    .confidence = -1,
    .answer = answer };

  if (!text || !is_open (self) ||
      (answer && get_state (self, answer) == ANSWER_UNKNOWN))
    return FALSE;
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self),
      &transcript);
  return TRUE;
}

static gboolean
action_begin_turn (AgentApplication *self, guint64 time)
{
  return gst_voice_agent_backend_begin_turn (GST_VOICE_AGENT_BACKEND (self),
      time);
}

static gboolean
action_end_turn (AgentApplication *self, guint64 time)
{
  return gst_voice_agent_backend_end_turn (GST_VOICE_AGENT_BACKEND (self),
      time);
}

/* ---- Signals */

/**
 * AgentApplication::begin-answer:
 *
 * Begins an answer, to be heard behind those before it.
 *
 * Returns: its number, as `aiagent/turn` names it; 0: no dialogue is under way. Action;
 * any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::push-buffer:
 *
 * @answer: its number
 * @buffer: audio of it, of any length; it waits until it is heard
 *
 * Returns: GST_FLOW_OK; GST_FLOW_FLUSHING: the answer was cut off, no more is needed;
 * GST_FLOW_EOS: it had been ended; GST_FLOW_ERROR: there is no such answer, or the size
 * is not of whole samples (each of these three with a warning, once in a dialogue).
 * Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::end-answer:
 *
 * @answer: its number
 *
 * No more comes for it; those behind it wait until then.
 *
 * Returns: FALSE if it had been ended or cut off, or never begun. Action; any thread,
 * never waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::interrupt:
 *
 * Cuts off what is being said, as a caller who speaks does; how much of it was heard is
 * told by `aiagent/turn`.
 *
 * Returns: FALSE if nothing was. Action; any thread, never waits.
 *
 * Since: 0.1
 */

static void
make_answer_signals (GType type, GSignalFlags flags)
{
  g_signal_new_class_handler ("begin-answer", type, flags,
      G_CALLBACK (action_begin_answer), NULL, NULL, NULL, G_TYPE_UINT, 0);
  g_signal_new_class_handler ("push-buffer", type, flags,
      G_CALLBACK (action_push_buffer), NULL, NULL, NULL, GST_TYPE_FLOW_RETURN,
      2, G_TYPE_UINT, GST_TYPE_BUFFER);
  g_signal_new_class_handler ("end-answer", type, flags,
      G_CALLBACK (action_end_answer), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_UINT);
  g_signal_new_class_handler ("interrupt", type, flags,
      G_CALLBACK (action_interrupt), NULL, NULL, NULL, G_TYPE_BOOLEAN, 0);
}

/**
 * AgentApplication::control:
 *
 * @control: its name is what is to be done (hang-up, transfer, hold, resume, send-dtmf);
 *     fields, all strings: target (address, digits), id (names it in `aiagent/tool`), to
 *     (a call-id)
 *
 * Something to be done with the call, behind all that was pushed so far. What becomes of
 * it is told by `aiagent/tool`.
 *
 * Returns: FALSE if there is no such action (with a warning, once in a dialogue), or no
 * dialogue. Action; any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::transcript:
 *
 * @answer: the answer whose words these are; 0: the caller's last turn
 * @text: the words
 *
 * Tells by `aiagent/transcript` what was said; of an answer, what was heard of it, when
 * it was.
 *
 * Returns: FALSE if there is no such answer, or no dialogue. Action; any thread, never
 * waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::begin-turn:
 *
 * @time: running time (ns) of its first sound, GST_CLOCK_TIME_NONE: now
 *
 * With `turn-detection=backend`: the caller begins to speak, and cuts off the agent.
 *
 * Returns: FALSE if turns are not the application's to find, or one is under way. Action;
 * any thread, never waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::end-turn:
 *
 * @time: running time (ns) of its last sound, GST_CLOCK_TIME_NONE: now
 *
 * With `turn-detection=backend`: the caller has finished.
 *
 * Returns: FALSE if none is under way. Action; any thread, never waits.
 *
 * Since: 0.1
 */

static void
make_other_signals (GType type, GSignalFlags flags)
{
  g_signal_new_class_handler ("control", type, flags,
      G_CALLBACK (action_control), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      GST_TYPE_STRUCTURE);
  g_signal_new_class_handler ("transcript", type, flags,
      G_CALLBACK (action_transcript), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_UINT, G_TYPE_STRING);
  g_signal_new_class_handler ("begin-turn", type, flags,
      G_CALLBACK (action_begin_turn), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_UINT64);
  g_signal_new_class_handler ("end-turn", type, flags,
      G_CALLBACK (action_end_turn), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_UINT64);
}

void
application_actions_install (GType type)
{
  make_answer_signals (type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION);
  make_other_signals (type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION);
}
