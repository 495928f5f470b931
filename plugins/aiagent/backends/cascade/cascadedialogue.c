/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call's dialogue with the three stages. Whatever the caller does cancels what is under
 * way, and what it was for; the memory knows what was heard.
 *
 * A stage that fails is told of and apologised for, and the next turn tries again: no
 * fault of a stage ends a call. */

#include "cascadeprivate.h"

#include "aiagent/logic/cascade/chatjson.h"
#include "aiagent/logic/cascade/chatrequest.h"

#include <string.h>

#define WARM_UP_TIME 10000 /* ms */

static GstVoiceAgentBackend *
backend_of (const CascadeDialogue *self)
{
  return GST_VOICE_AGENT_BACKEND (self->cascade);
}

void
cascade_dialogue_log (const CascadeDialogue *self, GstDebugLevel level,
    const gchar *file, const gchar *function, gint line, const gchar *format,
    ...)
{
  va_list arguments;

  if (!agent_log_shows (level))
    return;
  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_log_write (self->call_id, level, file, function, line, text);
}

/* ---- What is told */

void
cascade_dialogue_tell_good (CascadeDialogue *self, CascadeStage stage)
{
  if (!(self->faults & 1u << stage))
    return;
  self->faults &= ~(1u << stage);
  if (!self->faults)
    gst_voice_agent_backend_set_state (backend_of (self), GST_VOICE_AGENT_READY,
        NULL);
}

/* What a server says may be anything: a key that it was sent, too. */
static gchar *
dup_fault (const CascadeDialogue *self, CascadeStage stage, const gchar *reason)
{
  g_autofree gchar *printable = chat_reason_dup_printable (reason,
      (const gchar *const *) self->setup->keys, CASCADE_N_STAGES);

  return g_strdup_printf ("%s failed: %s.", cascade_stage_to_string (stage),
      printable);
}

void
cascade_dialogue_tell_fault (CascadeDialogue *self, CascadeStage stage,
    const gchar *reason)
{
  g_autofree gchar *text = dup_fault (self, stage, reason);
  g_autoptr (GError) error = g_error_new_literal (GST_RESOURCE_ERROR,
      cascade_reason_is_of_key (reason) ? GST_RESOURCE_ERROR_NOT_AUTHORIZED
                                        : GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      text);

  CASCADE_LOG (self, GST_LEVEL_WARNING, "%s", text);
  gst_voice_agent_backend_set_state (backend_of (self),
      GST_VOICE_AGENT_RETRYING, text);
  if (!(self->faults & 1u << stage)) /* once, until it works again */
    gst_voice_agent_backend_warn (backend_of (self), error);
  self->faults |= 1u << stage;
}

gboolean
cascade_dialogue_is_cut (const CascadeDialogue *self)
{
  return (guint) g_atomic_int_get (&self->cascade->cuts) != self->cuts;
}

void
cascade_dialogue_update_thinking (CascadeDialogue *self)
{
  g_atomic_int_set (&self->cascade->busy,
      self->reply || self->speeches->len > 0);
}

/* ---- The connection is made before it is needed */

static gboolean
on_models (gpointer user, const gchar *data, gsize size)
{
  CascadeDialogue *self = user;

  if (self->models->len + size <= CHAT_JSON_MAX)
    g_string_append_len (self->models, data, (gssize) size);
  return FALSE;
}

/* Not every server has a list of its models. */
static gboolean
is_other_server (guint status)
{
  return status == SOUP_STATUS_NOT_FOUND ||
      status == SOUP_STATUS_METHOD_NOT_ALLOWED ||
      status == SOUP_STATUS_NOT_IMPLEMENTED;
}

static void
on_warm (gpointer user, guint status, const gchar *reason)
{
  CascadeDialogue *self = user;

  self->warm_up = NULL;
  if (!reason)
    self->model = chat_answer_dup_model (self->models->str, self->models->len);
  if (!reason || is_other_server (status)) {
    gst_voice_agent_backend_set_state (backend_of (self), GST_VOICE_AGENT_READY,
        NULL);
    return;
  }
  g_autofree gchar *text = dup_fault (self, CASCADE_LLM, reason);
  self->faults |= 1u << CASCADE_LLM;
  gst_voice_agent_backend_set_state (backend_of (self),
      GST_VOICE_AGENT_RETRYING, text);
}

static const CascadeRequestEvents warm_up_events = { on_models, on_warm };

static void
warm_up (CascadeDialogue *self)
{
  gst_voice_agent_backend_set_state (backend_of (self),
      GST_VOICE_AGENT_CONNECTING, NULL);
  self->warm_up = cascade_request_send (cascade_message_new (self->setup,
                                            CASCADE_LLM, "/models", NULL),
      self->setup->keys[CASCADE_LLM], WARM_UP_TIME, &warm_up_events, self);
}

/* ---- Beginning and end */

CascadeDialogue *
cascade_dialogue_new (AgentCascade *cascade, CascadeSetup *setup,
    const gchar *call_id)
{
  CascadeDialogue *self = g_new0 (CascadeDialogue, 1);

  self->cascade = cascade;
  self->setup = setup;
  self->call_id = g_strdup (call_id);
  self->instructions = g_strdup (setup->instructions);
  self->models = g_string_new (NULL);
  self->memory =
      chat_memory_new (setup->settings.numbers[CASCADE_NUMBER_MAX_HISTORY]);
  self->speeches = g_ptr_array_new_with_free_func (cascade_speech_free);
  warm_up (self);
  return self;
}

static void
cancel_reply (CascadeDialogue *self)
{
  if (!self->reply)
    return;
  const gboolean guess = cascade_reply_is_guess (self->reply);
  CascadeTurn *turn = cascade_reply_cancel (g_steal_pointer (&self->reply));
  if (guess) {
    /* The ear has it still. */
    g_clear_pointer (&turn, cascade_turn_free);
    return;
  }
  g_clear_pointer (&self->unheard, cascade_turn_free);
  self->unheard = turn;
  chat_memory_stop_waiting (self->memory);
}

void
cascade_dialogue_free (CascadeDialogue *self)
{
  cancel_reply (self);
  g_ptr_array_set_size (self->speeches, 0);
  cascade_dialogue_update_thinking (self);
  g_ptr_array_unref (self->speeches);
  g_queue_clear_full (&self->ahead, g_free);
  g_clear_pointer (&self->unheard, cascade_turn_free);
  if (self->warm_up)
    cascade_request_cancel (self->warm_up);
  chat_memory_free (self->memory);
  cascade_setup_unref (self->setup);
  g_string_free (self->models, TRUE);
  g_free (self->call_id);
  g_free (self->instructions);
  g_free (self->model);
  g_free (self);
}

static const gchar *
text_of (const CascadeDialogue *self, CascadeText text)
{
  const gchar *value = self->setup->settings.texts[text];

  return value && *value ? value : NULL;
}

void
cascade_dialogue_begin (CascadeDialogue *self, guint64 number, guint rate)
{
  const gchar *greeting = text_of (self, CASCADE_TEXT_GREETING);

  self->number = number;
  self->rate = rate;
  self->cuts = (guint) g_atomic_int_get (&self->cascade->cuts);
  if (greeting)
    cascade_dialogue_say (self, greeting);
}

/* ---- Turns */

static void
drop_speeches (CascadeDialogue *self, gboolean all)
{
  for (guint i = self->speeches->len; i > 0; i--)
    if (all ||
        cascade_speech_is_reply (g_ptr_array_index (self->speeches, i - 1)))
      g_ptr_array_remove_index (self->speeches, i - 1);
  cascade_dialogue_update_thinking (self);
}

static void
begin_reply (CascadeDialogue *self, CascadeTurn *turn, const gchar *text,
    gboolean guess)
{
  self->reply = cascade_reply_new (self, turn, text, guess);
  cascade_dialogue_update_thinking (self);
}

void
cascade_dialogue_begin_turn (CascadeDialogue *self)
{
  cancel_reply (self);
  drop_speeches (self, FALSE);
}

/* The caller has only drawn breath: what was said before belongs to it, the end of it if
 * all is too long: a recogniser that never answers must not be sent more and more. */
static void
prepend_unheard (const CascadeDialogue *self, CascadeTurn *turn)
{
  const guint longest = turn->rate / 1000 * CASCADE_LONGEST_TURN * 2;

  if (!self->unheard || !turn->sound || turn->sound->len >= longest)
    return;
  const GByteArray *unheard = self->unheard->sound;
  const guint size = MIN (unheard->len, longest - turn->sound->len);
  g_byte_array_prepend (turn->sound, unheard->data + unheard->len - size, size);
}

void
cascade_dialogue_guess (CascadeDialogue *self, CascadeTurn *so_far)
{
  if (self->reply && !cascade_reply_is_guess (self->reply)) {
    cascade_turn_free (so_far); /* of a turn that is over */
    return;
  }
  cancel_reply (self);
  prepend_unheard (self, so_far);
  CASCADE_LOG (self, GST_LEVEL_DEBUG, "the turn may be over");
  begin_reply (self, so_far, NULL, TRUE);
}

void
cascade_dialogue_withdraw (CascadeDialogue *self)
{
  if (!self->reply || !cascade_reply_is_guess (self->reply))
    return;
  CASCADE_LOG (self, GST_LEVEL_DEBUG, "the turn goes on");
  cancel_reply (self);
  cascade_dialogue_update_thinking (self);
}

void
cascade_dialogue_end_turn (CascadeDialogue *self, CascadeTurn *turn)
{
  if (!turn)
    return;
  if (self->reply && cascade_reply_is_guess (self->reply) &&
      !cascade_reply_is_void (self->reply)) {
    cascade_turn_free (turn); /* it is as was guessed */
    g_clear_pointer (&self->unheard, cascade_turn_free);
    cascade_reply_release (self->reply);
    return;
  }
  cancel_reply (self);
  prepend_unheard (self, turn);
  g_clear_pointer (&self->unheard, cascade_turn_free);
  begin_reply (self, turn, NULL, FALSE);
}

void
cascade_dialogue_interrupt (CascadeDialogue *self)
{
  cancel_reply (self);
  drop_speeches (self, TRUE);
  g_queue_clear_full (&self->ahead, g_free); /* it was cut off */
}

void
cascade_dialogue_end_reply (CascadeDialogue *self)
{
  self->reply = NULL;
  cascade_dialogue_update_thinking (self);
}

/* ---- What comes otherwise */

void
cascade_dialogue_say (CascadeDialogue *self, const gchar *text)
{
  CascadeSpeech *speech =
      cascade_speech_new (self, CASCADE_SPEECH_SAID, NULL, NULL);

  cascade_speech_add_text (speech, text);
  cascade_speech_finish (speech);
  cascade_dialogue_update_thinking (self);
}

void
cascade_dialogue_read (CascadeDialogue *self, const gchar *text)
{
  cancel_reply (self);
  g_clear_pointer (&self->unheard, cascade_turn_free);
  drop_speeches (self, FALSE);
  begin_reply (self, NULL, text, FALSE);
}

void
cascade_dialogue_tool_result (CascadeDialogue *self, const gchar *id,
    const gchar *json)
{
  if (chat_memory_set_result (self->memory, id, json) && self->reply)
    cascade_reply_go_on (self->reply);
}

/* ---- What is to be heard still */

void
cascade_dialogue_add_ahead (CascadeDialogue *self, guint answer, guint size)
{
  const CascadeAhead ahead = { answer, ++self->marks, size };

  if (gst_voice_agent_backend_mark (backend_of (self), answer, ahead.mark))
    g_queue_push_tail (&self->ahead, g_memdup2 (&ahead, sizeof ahead));
}

gsize
cascade_dialogue_get_ahead (const CascadeDialogue *self)
{
  gsize size = 0;

  for (const GList *link = self->ahead.head; link; link = link->next)
    size += ((const CascadeAhead *) link->data)->size;
  return size;
}

static void
go_on_speaking (CascadeDialogue *self)
{
  for (guint i = 0; i < self->speeches->len; i++)
    cascade_speech_go_on (g_ptr_array_index (self->speeches, i));
}

void
cascade_dialogue_marked (CascadeDialogue *self, guint mark)
{
  const CascadeAhead *ahead;

  while ((ahead = g_queue_peek_head (&self->ahead)) && ahead->mark <= mark)
    g_free (g_queue_pop_head (&self->ahead));
  go_on_speaking (self);
}

void
cascade_dialogue_heard (CascadeDialogue *self, guint answer, const gchar *words)
{
  chat_memory_set_heard (self->memory, answer, words);
  for (GList *link = self->ahead.head, *next; link; link = next) {
    CascadeAhead *ahead = link->data;
    next = link->next;
    if (ahead->answer != answer)
      continue;
    g_queue_delete_link (&self->ahead, link);
    g_free (ahead);
  }
  go_on_speaking (self);
}
