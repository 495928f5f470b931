/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentremoteprivate.h"

/* ---- Calls */

void
agent_remote_call_free (AgentRemoteCall *self)
{
  g_free (self->call_id);
  g_free (self->channel);
  g_free (self->session);
  g_free (self->line);
  g_free (self->from);
  g_free (self->to);
  g_free (self->display_name);
  g_clear_pointer (&self->headers, gst_structure_free);
  g_clear_pointer (&self->origin, gst_structure_free);
  g_free (self);
}

static gchar *
dup_text (const gchar *text)
{
  return g_strdup (text ? text : "");
}

AgentRemoteCall *
agent_remote_call_new (const GstVoiceCall *call)
{
  AgentRemoteCall *self = g_new (AgentRemoteCall, 1);

  *self = (AgentRemoteCall){
    .call_id = dup_text (call->call_id),
    .channel = dup_text (call->channel),
    .session = dup_text (call->session),
    .line = dup_text (call->line),
    .from = dup_text (call->from),
    .to = dup_text (call->to),
    .display_name = dup_text (call->display_name),
    .outgoing = call->outgoing,
    .headers = call->headers ? gst_structure_copy (call->headers) : NULL,
    .origin = call->origin ? gst_structure_copy (call->origin) : NULL,
  };
  return self;
}

/* ---- AgentRemoteWork */

AgentRemoteWork *
agent_remote_work_new (gpointer remote, WorkType type, gsize size)
{
  AgentRemoteWork *self = g_malloc0 (sizeof *self + size);

  self->remote = g_object_ref (remote);
  self->type = type;
  self->size = size;
  return self;
}

void
agent_remote_work_free (AgentRemoteWork *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->call, agent_remote_call_free);
  g_object_unref (self->remote);
  g_free (self);
}

/* ---- What the session tells, on the agent loop */

static void
take_call (AgentRemote *self, AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  g_clear_pointer (&priv->call, agent_remote_call_free);
  priv->call = g_steal_pointer (&work->call);
  g_mutex_lock (&priv->lock);
  g_free (priv->call_id);
  priv->call_id = g_strdup (priv->call ? priv->call->call_id : "");
  g_mutex_unlock (&priv->lock);
}

static gboolean
is_same_call (const AgentRemoteCall *a, const AgentRemoteCall *b)
{
  return a && b && g_str_equal (a->call_id, b->call_id);
}

/* The same call may say again that it rings; another one is another one. */
static void
work_ring (AgentRemote *self, AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (priv->dialogue ||
      (priv->ringing && is_same_call (priv->call, work->call)))
    return;
  take_call (self, work);
  priv->ringing = TRUE;
  priv->format = work->format;
  agent_remote_link_start (self);
}

static void
forget_dialogue (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  vigil_end (&priv->vigil);
  agent_history_clear (priv->history);
  agent_remote_link_forget_waiting (self);
  g_array_set_size (priv->open_answers, 0);
  g_array_set_size (priv->own_answers, 0);
}

static void
tell_left_out (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gint pieces = g_atomic_int_get (&priv->left_out);

  g_atomic_int_add (&priv->left_out, -pieces);
  if (pieces)
    AGENT_REMOTE_LOG (self, GST_LEVEL_WARNING,
        "this machine was too slow: the agent has not heard %d pieces of audio",
        pieces);
}

static void
work_close (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  tell_left_out (self);
  agent_remote_watch_stop (self);
  agent_remote_link_stop (self);
  priv->ringing = FALSE;
  priv->dialogue = 0;
  agent_remote_hush (self);
  agent_remote_leave_over (self);
  forget_dialogue (self);
  g_clear_pointer (&priv->call, agent_remote_call_free);
}

static void
work_open (AgentRemote *self, AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gboolean rang = priv->ringing &&
      is_same_call (priv->call, work->call) && priv->state != AGENT_LINK_FAILED;

  if (priv->dialogue)
    work_close (self); /* nobody said that it is over */
  take_call (self, work);
  priv->ringing = FALSE;
  forget_dialogue (self);
  priv->dialogue = work->dialogue;
  priv->leaving = FALSE;
  priv->format = work->format;
  priv->audio_end = 0;
  vigil_begin (&priv->vigil, agent_remote_now ());
  agent_remote_watch_start (self);
  if (!rang)
    agent_remote_link_start (self);
  else if (priv->state == AGENT_LINK_READY)
    agent_remote_link_begin (self);
  agent_remote_watch (self);
}

/* ---- ... in it */

void
agent_remote_work_give (AgentRemote *self, const AgentRemoteWork *work)
{
  const AgentRemoteClass *klass = AGENT_REMOTE_GET_CLASS (self);

  if (work->type == WORK_TURN && klass->turn_changed)
    klass->turn_changed (self, work->flag, work->time);
  else if (work->type == WORK_INTERRUPT && klass->interrupted)
    klass->interrupted (self, work->answer, work->heard);
  else if (work->type == WORK_DONE && klass->played)
    klass->played (self, work->answer);
  else if (work->type == WORK_MARK && klass->marked)
    klass->marked (self, work->answer);
  else if (work->type == WORK_DIGIT && klass->key)
    klass->key (self, work->digit);
  else if (work->type == WORK_TOOL_RESULT && klass->tool_done)
    klass->tool_done (self, work->texts[0], work->texts[1]);
  else if (work->type == WORK_RESULT && klass->control_done)
    klass->control_done (self, work->texts[0], work->texts[1], work->texts[2]);
  else if (work->type == WORK_SAY && klass->speak)
    klass->speak (self, work->texts[0]);
  else if (work->type == WORK_READ && klass->wrote)
    klass->wrote (self, work->texts[0]);
  else if (work->type == WORK_INSTRUCT && klass->instructed)
    klass->instructed (self, work->texts[0]);
  else if (work->type == WORK_PAUSE && klass->on_hold)
    klass->on_hold (self, work->flag);
}

static void
note_speaking (AgentRemote *self, gboolean speaking)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gboolean music = priv->voice.music != NULL;

  if (priv->vigil.speaking == speaking)
    return;
  vigil_speaking (&priv->vigil, agent_remote_now (), speaking);
  if (speaking && !priv->leaving)
    agent_remote_hush (self);
  if (speaking && music)
    vigil_bridge_over (&priv->vigil, agent_remote_now ());
  agent_remote_watch (self);
}

static void
note_held (AgentRemote *self, gboolean held)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  vigil_held (&priv->vigil, agent_remote_now (), held);
  if (held && !priv->leaving) {
    agent_remote_hush (self);
    vigil_bridge_over (&priv->vigil, agent_remote_now ());
  }
  agent_remote_watch (self);
}

static void
note_audio (AgentRemote *self, const AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (GST_CLOCK_TIME_IS_VALID (work->time) && priv->format.rate)
    priv->audio_end = work->time +
        gst_util_uint64_scale (work->size, GST_SECOND,
            priv->format.rate * GST_VOICE_SAMPLE_SIZE (priv->format.encoding));
  note_speaking (self, work->flag);
}

/* As audio, which it takes the place of. */
static void
send_silence (AgentRemote *self, guint frames)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gsize size = GST_VOICE_FRAME_SIZE (&priv->format);

  for (guint i = 0; i < frames && priv->dialogue; i++) {
    AgentRemoteWork *work = agent_remote_work_new (self, WORK_AUDIO, size);
    gst_voice_format_silence (priv->format.encoding, work->data, size);
    work->time = priv->audio_end;
    work->flag = priv->vigil.speaking;
    note_audio (self, work);
    agent_remote_link_send (self, work);
  }
}

/* What is known of it before it is given to the protocol. TRUE: it was about what we say
 * or ask for ourselves. */
static gboolean
note (AgentRemote *self, AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gboolean own =
      work->type != WORK_MARK && agent_remote_is_own (self, work->answer);

  if (work->type == WORK_AUDIO)
    note_audio (self, work);
  else if (work->type == WORK_TURN && !work->flag)
    agent_remote_expect_answer (self);
  else if (work->type == WORK_PAUSE)
    note_held (self, work->flag);
  else if (work->type == WORK_INTERRUPT)
    vigil_cut (&priv->vigil, agent_remote_now ());
  else if (work->type == WORK_RESULT)
    return agent_remote_leave_result (self, work->texts[0], work->texts[1]);
  else if (work->type == WORK_HEARD && !own)
    agent_history_set_heard (priv->history, work->answer, work->texts[0]);
  if (own && work->type == WORK_INTERRUPT)
    work->answer = work->heard =
        0; /* what it is about to say is cut off, too */
  return own && work->type != WORK_INTERRUPT;
}

static void
run_work (AgentNetWork *data)
{
  AgentRemoteWork *work = (AgentRemoteWork *) data;
  AgentRemote *self = work->remote;

  if (work->type == WORK_AUDIO)
    g_atomic_int_add (&agent_remote_get_priv (self)->inbox, -(gint) work->size);
  if (work->type == WORK_RING)
    work_ring (self, work);
  else if (work->type == WORK_OPEN)
    work_open (self, work);
  else if (work->type == WORK_CLOSE)
    work_close (self);
  else if (agent_remote_leave_take (self, work))
    ;
  else if (work->type == WORK_SILENCE)
    send_silence (self, work->answer);
  else if (!note (self, work)) {
    agent_remote_link_send (self, work);
    return;
  }
  agent_remote_work_free (work);
}

void
agent_remote_work_post (AgentRemoteWork *work)
{
  agent_net_post (&work->parent, run_work,
      work->type == WORK_AUDIO || work->type == WORK_TICK ||
          work->type == WORK_SILENCE);
}
