/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the application says and asks for, on any thread of its own. */

#include "applicationprivate.h"

/* ---- Answers */

/* The dialogue that is meant, if it is on: its number. What comes before open() is too
 * early, though the session may have begun one already. */
static guint64
resolve (AgentApplication *self, guint64 dialogue)
{
  g_mutex_lock (&self->lock);
  const gboolean on = self->open && (!dialogue || dialogue == self->dialogue);
  const guint64 number = on ? self->dialogue : 0;
  g_mutex_unlock (&self->lock);
  return number;
}

/* One of a call that is over was cut off with it; 0 = there was no call any more. */
static AnswerState
get_state_unlocked (AgentApplication *self, guint answer)
{
  gpointer state;

  if (g_hash_table_lookup_extended (self->answers, GUINT_TO_POINTER (answer),
          NULL, &state))
    return (AnswerState) GPOINTER_TO_UINT (state);
  return answer <= self->last_answer ? ANSWER_CUT : ANSWER_UNKNOWN;
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
action_begin_answer (AgentApplication *self, guint64 dialogue)
{
  const guint64 number = resolve (self, dialogue);
  const guint answer = number
      ? gst_voice_agent_backend_begin_answer (GST_VOICE_AGENT_BACKEND (self),
            number, TRUE)
      : 0;

  if (!answer) {
    APPLICATION_LOG (self, GST_LEVEL_DEBUG,
        "begin-answer comes when its conversation is not on");
    return 0;
  }
  g_mutex_lock (&self->lock);
  self->last_answer = MAX (self->last_answer, answer);
  if (self->dialogue == number)
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
    application_warn (self, MISTAKE_SIZE,
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
      application_warn (self, MISTAKE_ENDED,
          "The application pushed a buffer to an answer that it had ended.");
      return GST_FLOW_EOS;
    case ANSWER_UNKNOWN:
      break;
  }
  application_warn (self, MISTAKE_NO_ANSWER,
      "The application pushed a buffer to an answer that it had not begun.");
  return GST_FLOW_ERROR;
}

static gboolean
action_end_answer (AgentApplication *self, guint answer)
{
  if (get_state (self, answer) == ANSWER_UNKNOWN)
    application_warn (self, MISTAKE_NO_ANSWER,
        "The application ended an answer that it had not begun.");
  /* The session knows whether it was cut off. */
  return leave_open (self, answer, ANSWER_ENDED) &&
      gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self),
          answer);
}

static gboolean
action_interrupt (AgentApplication *self, guint64 dialogue)
{
  const guint64 number = resolve (self, dialogue);

  return number &&
      gst_voice_agent_backend_cut (GST_VOICE_AGENT_BACKEND (self), number);
}

/* ---- What else it says */

static gboolean
action_control (AgentApplication *self, guint64 dialogue,
    const GstStructure *what)
{
  const guint64 number = resolve (self, dialogue);
  GstVoiceControl control = { 0 };

  if (!what ||
      !gst_voice_control_action_from_string (gst_structure_get_name (what),
          &control.action)) {
    application_warn (self, MISTAKE_CONTROL,
        "The application asked for a control that is none of hang-up, transfer, "
        "hold, resume and send-dtmf.");
    return FALSE;
  }
  control.id = gst_structure_get_string (what, "id");
  control.to = gst_structure_get_string (what, "to");
  control.target = gst_structure_get_string (what, "target");
  if (!number)
    return FALSE;
  gst_voice_agent_backend_control (GST_VOICE_AGENT_BACKEND (self), number,
      &control);
  return TRUE;
}

static gboolean
is_of_this_dialogue (AgentApplication *self, guint answer)
{
  g_mutex_lock (&self->lock);
  const gboolean known =
      g_hash_table_contains (self->answers, GUINT_TO_POINTER (answer));
  g_mutex_unlock (&self->lock);
  return known;
}

static gboolean
action_transcript (AgentApplication *self, guint64 dialogue, guint answer,
    const gchar *text)
{
  const guint64 number = resolve (self, dialogue);
  const GstVoiceAgentTranscript transcript = { .agent = answer != 0,
    .text = text,
    .final = TRUE,
    .confidence = -1,
    .answer = answer };

  if (!text || !number || (answer && !is_of_this_dialogue (self, answer)))
    return FALSE;
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), number,
      &transcript);
  return TRUE;
}

static gboolean
action_begin_turn (AgentApplication *self, guint64 dialogue, guint64 time)
{
  const guint64 number = resolve (self, dialogue);

  return number &&
      gst_voice_agent_backend_begin_turn (GST_VOICE_AGENT_BACKEND (self),
          number, time);
}

static gboolean
action_end_turn (AgentApplication *self, guint64 dialogue, guint64 time)
{
  const guint64 number = resolve (self, dialogue);

  return number &&
      gst_voice_agent_backend_end_turn (GST_VOICE_AGENT_BACKEND (self), number,
          time);
}

/* ---- Signals */

/**
 * AgentApplication::begin-answer:
 *
 * @dialogue: the one that it is for, 0: whichever is on
 *
 * Begins an answer, to be heard behind those before it. A dialogue is on from
 * `aiagent/backend` `ready`, which tells its number, as each new-buffer does; who answers
 * later than at once names it, so that the next caller does not hear it.
 *
 * Returns: its number, as `aiagent/turn` names it; 0: that dialogue is not on. Action;
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
 * Returns: GST_FLOW_OK; GST_FLOW_FLUSHING: the answer was cut off, or is 0: no more is needed;
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
 * @dialogue: the one that it is for, 0: whichever is on
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
      G_CALLBACK (action_begin_answer), NULL, NULL, NULL, G_TYPE_UINT, 1,
      G_TYPE_UINT64);
  g_signal_new_class_handler ("push-buffer", type, flags,
      G_CALLBACK (action_push_buffer), NULL, NULL, NULL, GST_TYPE_FLOW_RETURN,
      2, G_TYPE_UINT, GST_TYPE_BUFFER);
  g_signal_new_class_handler ("end-answer", type, flags,
      G_CALLBACK (action_end_answer), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_UINT);
  g_signal_new_class_handler ("interrupt", type, flags,
      G_CALLBACK (action_interrupt), NULL, NULL, NULL, G_TYPE_BOOLEAN, 1,
      G_TYPE_UINT64);
}

/**
 * AgentApplication::control:
 *
 * @dialogue: the one that it is for, 0: whichever is on
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
 * @dialogue: the one that it is of, 0: whichever is on
 * @answer: the answer whose words these are; 0: the caller's last turn
 * @text: the words
 *
 * Tells by `aiagent/transcript` what was said; of an answer, what was heard of it, when
 * it was.
 *
 * Returns: FALSE if that dialogue is not on, or has no such answer. Action; any thread, never
 * waits.
 *
 * Since: 0.1
 */

/**
 * AgentApplication::begin-turn:
 *
 * @dialogue: the one that it is of, 0: whichever is on
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
 * @dialogue: the one that it is of, 0: whichever is on
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
      G_CALLBACK (action_control), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_UINT64, GST_TYPE_STRUCTURE);
  g_signal_new_class_handler ("transcript", type, flags,
      G_CALLBACK (action_transcript), NULL, NULL, NULL, G_TYPE_BOOLEAN, 3,
      G_TYPE_UINT64, G_TYPE_UINT, G_TYPE_STRING);
  g_signal_new_class_handler ("begin-turn", type, flags,
      G_CALLBACK (action_begin_turn), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_UINT64, G_TYPE_UINT64);
  g_signal_new_class_handler ("end-turn", type, flags,
      G_CALLBACK (action_end_turn), NULL, NULL, NULL, G_TYPE_BOOLEAN, 2,
      G_TYPE_UINT64, G_TYPE_UINT64);
}

void
application_actions_install (GType type)
{
  make_answer_signals (type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION);
  make_other_signals (type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION);
}
