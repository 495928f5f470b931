/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What an agent says and does, step by step: what is next is decided under the lock,
 * and told without it, since whoever is told may call back. */

#include "localprivate.h"

#include <string.h>

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
  Output *output; /* stays valid: only the pump takes outputs away */
  GByteArray *audio;
  gboolean last;
  gchar id[16];
} Step;

static void
begin_output_unlocked (AgentLocal *self, Output *output)
{
  output->speech = speech_new (local_mind_get_file (self->mind)->voice,
      output->action.text, self->rate);
}

/* The first output that is not only waiting to be heard. */
static Output *
find_output_unlocked (AgentLocal *self)
{
  for (GList *link = self->outputs.head; link; link = link->next)
    if (!((Output *) link->data)->written)
      return link->data;
  return NULL;
}

static void
next_step_unlocked (AgentLocal *self, Step *step)
{
  step->fact = g_queue_pop_head (&self->facts);
  if (step->fact) {
    step->type = STEP_TELL;
    return;
  }
  Output *output = step->output = find_output_unlocked (self);
  if (!output)
    return;
  if (output->action.type == DIALOGUE_CONTROL) {
    step->type = STEP_CONTROL;
    self->hanging_up = !strcmp (output->action.text, "hang-up");
    g_snprintf (step->id, sizeof step->id, "control-%u", ++self->controls);
    g_queue_remove (&self->outputs, output);
    return;
  }
  if (!output->speech)
    begin_output_unlocked (self, output);
  step->audio = speech_take (output->speech, &step->last);
  step->type = output->answer ? STEP_WRITE : STEP_BEGIN;
  output->written = step->last;
  if (!step->audio->len && !step->last)
    step->type = STEP_NOTHING; /* still being made */
}

static void
tell_fact (AgentLocal *self, const Fact *fact)
{
  const AgentTranscript transcript = { .text = fact->words,
    .final = TRUE,
    .confidence = fact->confidence,
    .rejected = fact->rejected };

  agent_backend_transcript (AGENT_BACKEND (self), &transcript);
}

static void
request_control (AgentLocal *self, Step *step)
{
  GstVoiceControl control = { .id = step->id,
    .target = step->output->action.target };

  gst_voice_control_action_from_string (step->output->action.text,
      &control.action);
  agent_backend_control (AGENT_BACKEND (self), 0, &control);
  local_output_free (step->output);
}

static void
write_output (AgentLocal *self, Step *step, guint answer)
{
  AgentBackend *backend = AGENT_BACKEND (self);

  if (step->audio->len)
    agent_backend_write (backend, answer, step->audio->data, step->audio->len);
  if (step->last)
    agent_backend_end (backend, answer);
}

static void
begin_output (AgentLocal *self, Step *step, const gchar *text,
    gboolean interruptible)
{
  const AgentTranscript transcript = { .agent = TRUE,
    .text = text,
    .final = TRUE,
    .confidence = -1 };
  guint answer = agent_backend_begin (AGENT_BACKEND (self), interruptible);

  g_mutex_lock (&self->lock);
  gboolean there = g_queue_find (&self->outputs, step->output) != NULL;
  if (there)
    step->output->answer = answer;
  g_mutex_unlock (&self->lock);
  if (!there) { /* interrupted in this moment: an open answer would block */
    agent_backend_end (AGENT_BACKEND (self), answer);
    return;
  }
  write_output (self, step, answer);
  agent_backend_transcript (AGENT_BACKEND (self), &transcript);
}

gboolean
local_run_step (AgentLocal *self)
{
  g_autofree gchar *text = NULL;
  gboolean interruptible = FALSE;
  Step step = { 0 };
  guint answer = 0;

  g_mutex_lock (&self->lock);
  if (self->dialogue)
    next_step_unlocked (self, &step);
  if (step.output && step.type != STEP_CONTROL) {
    text = g_strdup (step.output->action.text);
    interruptible = step.output->action.interruptible;
    answer = step.output->answer;
  }
  g_mutex_unlock (&self->lock);
  if (step.type == STEP_TELL)
    tell_fact (self, step.fact);
  else if (step.type == STEP_CONTROL)
    request_control (self, &step);
  else if (step.type == STEP_BEGIN)
    begin_output (self, &step, text, interruptible);
  else if (step.type == STEP_WRITE)
    write_output (self, &step, answer);
  g_clear_pointer (&step.fact, local_fact_free);
  g_clear_pointer (&step.audio, g_byte_array_unref);
  return step.type != STEP_NOTHING;
}
