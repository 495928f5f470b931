/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What an agent says and does, step by step: what is next is decided under the lock,
 * and told without it, since whoever is told may call back. Meanwhile an output may
 * be taken away, and the dialogue may be another: it is known by its number.
 *
 * What is to be done behind words is asked for once they were heard: until then an
 * interruption takes it away with them. It also waits until nothing more can belong to
 * what was said: what is done cannot be taken back. */

#include "localprivate.h"

#include <string.h>

#define NEARLY \
  1000 /* ms of a question that need not be heard, with its last pause */
#define PROMISE_TIME 3000 /* ms: who has not answered by then cannot do it */

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
local_add_output_unlocked (AgentLocal *self, DialogueAction action, guint said)
{
  Output *last = g_queue_peek_tail (&self->outputs);

  /* What is said in one go becomes one answer. */
  if (action.type == DIALOGUE_SAY && last && !last->speech &&
      last->action.type == DIALOGUE_SAY &&
      last->action.interruptible == action.interruptible) {
    gchar *both = g_strconcat (last->action.text, " ", action.text, NULL);
    g_free (last->action.text);
    last->action.text = both;
    last->action.question = action.question;
    last->said = said;
    dialogue_action_clear (&action);
    return;
  }
  Output *output = g_new0 (Output, 1);
  output->number = ++self->last_output;
  output->said = said;
  output->action = action;
  g_queue_push_tail (&self->outputs, output);
}

static gboolean
is_hang_up (const Output *output)
{
  return output->action.type == DIALOGUE_CONTROL &&
      !strcmp (output->action.text, "hang-up");
}

void
local_collect_outputs_unlocked (AgentLocal *self, guint said)
{
  DialogueAction action;

  while (dialogue_next (self->dialogue, &action))
    local_add_output_unlocked (self, action, said);
}

static void
drop_output_unlocked (AgentLocal *self, GList *link)
{
  Output *output = link->data;

  if (!output->written && output->answer)
    self->unfinished = output->answer;
  g_queue_delete_link (&self->outputs, link);
  local_output_free (output);
}

void
local_drop_unlocked (AgentLocal *self)
{
  gboolean kept = FALSE; /* a control without words only waits */

  for (GList *link = self->outputs.head, *next; link; link = next) {
    const Output *output = link->data;
    next = link->next;
    if (output->action.type == DIALOGUE_SAY)
      kept = !output->action.interruptible;
    if (!kept && !output->announced && !is_hang_up (output))
      drop_output_unlocked (self, link);
  }
}

/* There are words before it, heard or not, that say that it will be done. */
static gboolean
has_words (const GList *link)
{
  const Output *output = link->data,
               *before = link->prev ? link->prev->data : NULL;

  return output->announced ||
      (before && before->action.type == DIALOGUE_SAY &&
          before->said == output->said);
}

void
local_take_back_unlocked (AgentLocal *self, guint said, gboolean all)
{
  for (GList *link = self->outputs.head, *next; link; link = next) {
    const Output *output = link->data;
    next = link->next;
    const gboolean silent = output->action.type == DIALOGUE_CONTROL &&
        !is_hang_up (output) && !has_words (link);
    if (output->said == said && (all || silent))
      drop_output_unlocked (self, link);
  }
}

void
local_release_unlocked (AgentLocal *self, gboolean resume)
{
  if (!self->held)
    return;
  self->released = self->held;
  self->held = 0;
  self->release = resume ? LOCAL_RELEASE_RESUME : LOCAL_RELEASE_DROP;
}

void
local_stop_unlocked (AgentLocal *self)
{
  if (self->held)
    local_release_unlocked (self, FALSE);
  else
    self->release = LOCAL_RELEASE_CUT;
  local_drop_unlocked (self);
}

gboolean
local_is_speaking_unlocked (const AgentLocal *self)
{
  for (const GList *link = self->outputs.head; link; link = link->next)
    if (((const Output *) link->data)->speech)
      return TRUE;
  return FALSE;
}

static Output *
find_answer_unlocked (AgentLocal *self, guint answer)
{
  for (GList *link = self->outputs.head; link && answer; link = link->next)
    if (((Output *) link->data)->answer == answer)
      return link->data;
  return NULL;
}

void
local_note_heard_unlocked (AgentLocal *self, guint answer, guint heard,
    guint total)
{
  const Output *output = find_answer_unlocked (self, answer);

  if (output && output->written && output->action.question &&
      heard + NEARLY >= total)
    dialogue_question_heard (self->dialogue, output->action.question);
}

void
local_note_done_unlocked (AgentLocal *self, guint answer)
{
  Output *output = find_answer_unlocked (self, answer);

  self->opened = TRUE;
  if (!output || !output->written)
    return;
  if (output->action.question && self->dialogue)
    dialogue_question_heard (self->dialogue, output->action.question);
  GList *link = g_queue_find (&self->outputs, output);
  Output *next = link->next ? link->next->data : NULL;
  if (next && next->action.type == DIALOGUE_CONTROL)
    next->announced = TRUE;
  g_queue_delete_link (&self->outputs, link);
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
  STEP_RELEASE,
} StepType;

typedef struct
{
  StepType type;
  Fact *fact;
  LocalRelease release;
  guint hold;
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
  self->said.done |= !output->action.interruptible;
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
      ? link->prev || self->held || self->said.open
      : !output->speech &&
          (self->held || (self->turn && output->action.interruptible));
  return waits ? NULL : output;
}

static void
take_control_unlocked (AgentLocal *self, Output *output, Step *step)
{
  step->type = STEP_CONTROL;
  step->control = output;
  g_snprintf (step->id, sizeof step->id, LOCAL_CONTROL "%u",
      output->action.number);
  g_queue_remove (&self->outputs, output);
  if (strcmp (output->action.text, "transfer"))
    return;
  self->promise = output->action.number;
  self->promise_until = self->now + PROMISE_TIME;
}

static void
next_step_unlocked (AgentLocal *self, Step *step)
{
  step->fact = g_queue_pop_head (&self->facts);
  if (step->fact) {
    step->type = STEP_TELL;
    return;
  }
  if (self->release || self->unfinished) {
    step->type = STEP_RELEASE;
    step->release = self->release;
    step->hold = self->released;
    step->answer = self->unfinished;
    self->release = LOCAL_RELEASE_NONE;
    self->unfinished = 0;
    return;
  }
  Output *output = find_output_unlocked (self);
  if (!output)
    return;
  if (output->action.type == DIALOGUE_CONTROL) {
    take_control_unlocked (self, output, step);
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
tell_fact (AgentLocal *self, guint64 dialogue, const Fact *fact)
{
  const GstVoiceAgentTranscript transcript = { .text = fact->words,
    .final = TRUE,
    .start = fact->start,
    .end = fact->end,
    .confidence = fact->confidence,
    .rejected = fact->rejected };

  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), dialogue,
      &transcript);
  if (!fact->failure)
    return;
  g_autoptr (GError) error =
      g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
          "The agent understands nothing: %s.", fact->failure);
  gst_voice_agent_backend_fail (GST_VOICE_AGENT_BACKEND (self), error);
}

static void
release (AgentLocal *self, const Step *step)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  if (step->release == LOCAL_RELEASE_RESUME)
    gst_voice_agent_backend_resume (backend, step->hold);
  else if (step->release == LOCAL_RELEASE_DROP)
    gst_voice_agent_backend_drop (backend, step->hold);
  else if (step->release == LOCAL_RELEASE_CUT)
    gst_voice_agent_backend_cut (backend, step->dialogue);
  if (step->answer) /* it may have been begun behind the cut */
    gst_voice_agent_backend_end_answer (backend, step->answer);
}

static void
request_control (AgentLocal *self, const Step *step)
{
  const DialogueAction *action = &step->control->action;
  GstVoiceControl control = { .id = step->id, .target = action->target };

  gst_voice_control_action_from_string (action->text, &control.action);
  gst_voice_agent_backend_control (GST_VOICE_AGENT_BACKEND (self),
      step->dialogue, &control);
}

static void
write_output (AgentLocal *self, const Step *step, guint answer)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  if (step->clause)
    gst_voice_agent_backend_begin_clause (backend, answer, step->clause);
  if (step->audio->len)
    gst_voice_agent_backend_write (backend, answer, step->audio->data,
        step->audio->len);
  if (step->last)
    gst_voice_agent_backend_end_answer (backend, answer);
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
      gst_voice_agent_backend_begin_answer (GST_VOICE_AGENT_BACKEND (self),
          step->dialogue, step->interruptible);
  const GstVoiceAgentTranscript transcript = { .agent = TRUE,
    .text = step->text,
    .final = TRUE,
    .confidence = -1,
    .answer = answer };

  if (!set_answer (self, step->output, answer)) {
    gst_voice_agent_backend_end_answer (GST_VOICE_AGENT_BACKEND (self),
        answer); /* open it would block */
    return;
  }
  write_output (self, step, answer);
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self),
      step->dialogue, &transcript);
}

gboolean
local_run_step (AgentLocal *self)
{
  Step step = { 0 };

  g_mutex_lock (&self->lock);
  step.dialogue = self->dialogue_number;
  if (self->dialogue)
    next_step_unlocked (self, &step);
  g_mutex_unlock (&self->lock);
  if (step.type == STEP_TELL)
    tell_fact (self, step.dialogue, step.fact);
  else if (step.type == STEP_RELEASE)
    release (self, &step);
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
