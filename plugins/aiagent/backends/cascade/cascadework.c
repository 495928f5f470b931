/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "cascadeprivate.h"

CascadeWork *
cascade_work_new (gpointer cascade, CascadeWorkType type)
{
  CascadeWork *self = g_new0 (CascadeWork, 1);

  self->cascade = g_object_ref (cascade);
  self->type = type;
  return self;
}

static void
work_free (CascadeWork *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->turn, cascade_turn_free);
  g_clear_pointer (&self->setup, cascade_setup_unref);
  g_object_unref (self->cascade);
  g_free (self);
}

/* ---- What the session tells, on the agent loop */

static void
begin_anew (AgentCascade *self, CascadeWork *work)
{
  g_clear_pointer (&self->dialogue, cascade_dialogue_free);
  self->dialogue = cascade_dialogue_new (self, g_steal_pointer (&work->setup),
      work->texts[0]);
}

static void
work_ring (AgentCascade *self, CascadeWork *work)
{
  if (!self->dialogue || !self->dialogue->number)
    begin_anew (self, work);
}

static void
work_open (AgentCascade *self, CascadeWork *work)
{
  const gboolean rang = self->dialogue && !self->dialogue->number &&
      g_str_equal (self->dialogue->call_id, work->texts[0]);

  if (!rang)
    begin_anew (self, work);
  cascade_dialogue_begin (self->dialogue, work->dialogue, work->rate);
}

/* Two threads may have counted in one order, and left their work in the other. */
static void
take_cut (CascadeDialogue *dialogue, const CascadeWork *work)
{
  if ((gint) (work->cuts - dialogue->cuts) > 0)
    dialogue->cuts = work->cuts;
}

static void
work_in_dialogue (CascadeDialogue *dialogue, CascadeWork *work)
{
  switch (work->type) {
    case CASCADE_WORK_TURN_BEGAN:
      take_cut (dialogue, work);
      cascade_dialogue_begin_turn (dialogue);
      break;
    case CASCADE_WORK_TURN_ENDED:
      cascade_dialogue_end_turn (dialogue, g_steal_pointer (&work->turn));
      break;
    case CASCADE_WORK_PAUSE:
      cascade_dialogue_guess (dialogue, g_steal_pointer (&work->turn));
      break;
    case CASCADE_WORK_ON:
      cascade_dialogue_withdraw (dialogue);
      break;
    case CASCADE_WORK_INTERRUPT:
      take_cut (dialogue, work);
      cascade_dialogue_interrupt (dialogue);
      break;
    case CASCADE_WORK_HEARD:
      cascade_dialogue_heard (dialogue, work->answer, work->texts[0]);
      break;
    case CASCADE_WORK_MARKED:
      cascade_dialogue_marked (dialogue, work->mark);
      break;
    case CASCADE_WORK_TOOL_RESULT:
      cascade_dialogue_tool_result (dialogue, work->texts[0], work->texts[1]);
      break;
    case CASCADE_WORK_SAY:
      cascade_dialogue_say (dialogue, work->texts[0]);
      break;
    case CASCADE_WORK_READ:
      cascade_dialogue_read (dialogue, work->texts[0]);
      break;
    case CASCADE_WORK_INSTRUCT:
      g_free (dialogue->instructions);
      dialogue->instructions = g_steal_pointer (&work->texts[0]);
      break;
    default:
      break;
  }
}

static void
run_work (AgentNetWork *data)
{
  CascadeWork *work = (CascadeWork *) data;
  AgentCascade *self = work->cascade;

  if (work->type == CASCADE_WORK_RING)
    work_ring (self, work);
  else if (work->type == CASCADE_WORK_OPEN)
    work_open (self, work);
  else if (work->type == CASCADE_WORK_CLOSE)
    g_clear_pointer (&self->dialogue, cascade_dialogue_free);
  else if (self->dialogue && self->dialogue->number)
    work_in_dialogue (self->dialogue, work);
  if (work->type == CASCADE_WORK_TURN_ENDED || work->type == CASCADE_WORK_READ)
    g_atomic_int_add (&self->asked, -1);
  work_free (work);
}

void
cascade_work_post (CascadeWork *self)
{
  if (self->type == CASCADE_WORK_TURN_ENDED || self->type == CASCADE_WORK_READ)
    g_atomic_int_inc (&self->cascade->asked);
  agent_net_post (&self->parent, run_work, FALSE);
}
