/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What an agent says and does, step by step: what is next is decided under the lock,
 * and told without it, since whoever is told may call back. Meanwhile an output may
 * be taken away, and the dialogue may be another: it is known by its number.
 *
 * What is to be done behind words is asked for once they were heard: until then an
 * interruption takes it away with them, and a cough brings back both. */

#include "localprivate.h"

#include <string.h>

/* ---- Outputs */

void
local_output_free (gpointer data)
{
  Output *self = data;

  g_clear_pointer (&self->speech, speech_drop);
  dialogue_action_clear (&self->action);
  g_free (self);
}

void
local_fact_free (gpointer data)
{
  g_free (((Fact *) data)->words);
  g_free (data);
}

void
local_add_output_unlocked (AgentLocal *self, DialogueAction action)
{
  Output *last = g_queue_peek_tail (&self->outputs);

  /* What is said in one go becomes one answer. */
  if (action.type == DIALOGUE_SAY && last && !last->speech &&
      last->action.type == DIALOGUE_SAY &&
      last->action.interruptible == action.interruptible) {
    gchar *both = g_strconcat (last->action.text, " ", action.text, NULL);
    g_free (last->action.text);
    last->action.text = both;
    dialogue_action_clear (&action);
    return;
  }
  Output *output = g_new0 (Output, 1);
  output->number = ++self->last_output;
  output->action = action;
  g_queue_push_tail (&self->outputs, output);
}

static gboolean
is_hang_up (const Output *output)
{
  return output->action.type == DIALOGUE_CONTROL &&
      !strcmp (output->action.text, "hang-up");
}

/* As if it had not been begun, but without what was heard of @answer. */
static void
rewind_output (Output *self, guint answer, guint heard)
{
  if (!self->speech)
    return;
  if (self->answer && self->answer == answer) {
    gchar *rest = g_strdup (speech_get_rest (self->speech, heard));
    g_free (self->action.text);
    self->action.text = rest;
  }
  g_clear_pointer (&self->speech, speech_drop);
  self->answer = 0;
  self->written = FALSE;
}

guint
local_cut_unlocked (AgentLocal *self, guint answer, guint heard)
{
  gboolean kept = TRUE;
  guint unfinished = 0;

  if (!self->heard.length) /* else it is not decided yet whether it goes on */
    g_queue_clear_full (&self->rest, local_output_free);
  if (!self->rest.length)
    self->rest_heard = FALSE;
  for (GList *link = self->outputs.head, *next; link; link = next) {
    Output *output = link->data;
    next = link->next;
    if (output->action.type == DIALOGUE_SAY)
      kept = !output->action.interruptible;
    if (kept || is_hang_up (output))
      continue;
    if (!output->written && output->answer)
      unfinished = output->answer;
    self->rest_heard |= answer && output->answer == answer;
    rewind_output (output, answer, heard);
    g_queue_unlink (&self->outputs, link);
    g_queue_push_tail_link (&self->rest, link);
  }
  return unfinished;
}

gboolean
local_has_unheard_unlocked (const AgentLocal *self)
{
  const Output *last = self->outputs.tail ? self->outputs.tail->data : NULL;

  return last && last->action.type == DIALOGUE_SAY && !last->speech;
}

gboolean
local_is_speaking_unlocked (const AgentLocal *self)
{
  for (const GList *link = self->outputs.head; link; link = link->next)
    if (((const Output *) link->data)->speech)
      return TRUE;
  return FALSE;
}

void
local_go_on_unlocked (AgentLocal *self)
{
  Output *output;

  while ((output = g_queue_pop_head (&self->rest)))
    if (*output->action.text)
      g_queue_push_tail (&self->outputs, output);
    else
      local_output_free (output);
}

/* ---- Steps */

typedef enum
{
  STEP_NOTHING,
  STEP_TELL, /* fact */
  STEP_BEGIN,
  STEP_WRITE,
  STEP_CONTROL,
} StepType;

typedef struct
{
  StepType type;
  Fact *fact;
  Output *control; /* taken away */
  guint64 dialogue;
  gchar id[16]; /* of the control */
  guint output; /* number */
  guint answer;
  gchar *text;
  gboolean interruptible;
  gchar *clause; /* the words of @audio */
  GByteArray *audio;
  gboolean last;
} Step;

static void
begin_output_unlocked (AgentLocal *self, Output *output)
{
  output->speech = speech_new (local_mind_get_file (self->mind)->voice,
      output->action.text, self->rate);
  /* Who has begun with something else does not go back. */
  g_queue_clear_full (&self->rest, local_output_free);
}

/* The first output that is not only waiting to be heard; NULL if there is none, or it
 * has to wait itself: for the words before it, or until the caller has finished. */
static Output *
find_output_unlocked (AgentLocal *self)
{
  GList *link = self->outputs.head;

  while (link && ((Output *) link->data)->written)
    link = link->next;
  if (!link)
    return NULL;
  Output *output = link->data;
  gboolean waits = output->action.type == DIALOGUE_CONTROL
      ? link->prev != NULL
      : self->in_turn && !output->speech && output->action.interruptible;
  return waits ? NULL : output;
}

static void
next_step_unlocked (AgentLocal *self, Step *step)
{
  step->fact = g_queue_pop_head (&self->facts);
  if (step->fact) {
    step->type = STEP_TELL;
    return;
  }
  Output *output = find_output_unlocked (self);
  if (!output)
    return;
  if (output->action.type == DIALOGUE_CONTROL) {
    step->type = STEP_CONTROL;
    step->dialogue = self->dialogue_number;
    step->control = output;
    g_snprintf (step->id, sizeof step->id, LOCAL_CONTROL "%u",
        output->action.number);
    g_queue_remove (&self->outputs, output);
    return;
  }
  if (!output->speech)
    begin_output_unlocked (self, output);
  step->audio = speech_take (output->speech, &step->clause, &step->last);
  step->type = output->answer ? STEP_WRITE : STEP_BEGIN;
  step->output = output->number;
  step->answer = output->answer;
  step->text = g_strdup (output->action.text);
  step->interruptible = output->action.interruptible;
  output->written = step->last;
  if (!step->clause && !step->last)
    step->type = STEP_NOTHING; /* still being made */
}

static void
tell_fact (AgentLocal *self, const Fact *fact)
{
  const AgentTranscript transcript = { .text = fact->words,
    .final = TRUE,
    .start = fact->start,
    .end = fact->end,
    .confidence = fact->confidence,
    .rejected = fact->rejected };

  agent_backend_transcript (AGENT_BACKEND (self), &transcript);
  if (!fact->failure)
    return;
  g_autoptr (GError) error =
      g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
          "The agent understands nothing: %s.", fact->failure);
  agent_backend_failed (AGENT_BACKEND (self), error);
}

static void
request_control (AgentLocal *self, const Step *step)
{
  const DialogueAction *action = &step->control->action;
  GstVoiceControl control = { .id = step->id, .target = action->target };

  gst_voice_control_action_from_string (action->text, &control.action);
  agent_backend_control (AGENT_BACKEND (self), step->dialogue, &control);
}

static void
write_output (AgentLocal *self, const Step *step, guint answer)
{
  AgentBackend *backend = AGENT_BACKEND (self);

  if (step->clause)
    agent_backend_clause (backend, answer, step->clause);
  if (step->audio->len)
    agent_backend_write (backend, answer, step->audio->data, step->audio->len);
  if (step->last)
    agent_backend_end (backend, answer);
}

/* FALSE: it was interrupted in this moment. */
static gboolean
set_answer (AgentLocal *self, guint number, guint answer)
{
  gboolean there = FALSE;

  g_mutex_lock (&self->lock);
  for (GList *link = self->outputs.head; link && !there; link = link->next) {
    Output *output = link->data;
    there = output->number == number;
    if (there)
      output->answer = answer;
  }
  g_mutex_unlock (&self->lock);
  return there;
}

static void
begin_output (AgentLocal *self, const Step *step)
{
  guint answer =
      agent_backend_begin (AGENT_BACKEND (self), step->interruptible);
  const AgentTranscript transcript = { .agent = TRUE,
    .text = step->text,
    .final = TRUE,
    .confidence = -1,
    .answer = answer };

  if (!set_answer (self, step->output, answer)) {
    agent_backend_end (AGENT_BACKEND (self), answer); /* open it would block */
    return;
  }
  write_output (self, step, answer);
  agent_backend_transcript (AGENT_BACKEND (self), &transcript);
}

gboolean
local_run_step (AgentLocal *self)
{
  Step step = { 0 };

  g_mutex_lock (&self->lock);
  if (self->dialogue)
    next_step_unlocked (self, &step);
  g_mutex_unlock (&self->lock);
  if (step.type == STEP_TELL)
    tell_fact (self, step.fact);
  else if (step.type == STEP_CONTROL)
    request_control (self, &step);
  else if (step.type == STEP_BEGIN)
    begin_output (self, &step);
  else if (step.type == STEP_WRITE)
    write_output (self, &step, step.answer);
  g_clear_pointer (&step.fact, local_fact_free);
  g_clear_pointer (&step.control, local_output_free);
  g_clear_pointer (&step.audio, g_byte_array_unref);
  g_free (step.clause);
  g_free (step.text);
  return step.type != STEP_NOTHING;
}
