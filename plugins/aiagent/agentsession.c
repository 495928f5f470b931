/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The lock is a leaf: backend and elements are called without it. What was decided
 * under the lock may so be a moment old when it is told; the playout queue is what
 * makes that harmless, because audio for an answer that was cut off is refused. */

#include "agentsessionprivate.h"

#include <string.h>

#define DEFAULT_RATE 8000
#define LINGER_FRAMES 50 /* of silence after the caller is gone: 1 s */
#define PIECE_MS 10

G_DEFINE_FINAL_TYPE (AgentSession, agent_session, G_TYPE_OBJECT)

/* ---- Life */

static void
free_dialogue (AgentSession *self)
{
  g_clear_pointer (&self->playout, playout_free);
  g_clear_pointer (&self->vad, vad_free);
  g_clear_pointer (&self->vad_converter, gst_voice_converter_free);
}

static void
drop_backend (AgentSession *self)
{
  /* An application may keep its own longer than we live. */
  if (self->backend)
    agent_backend_set_host (self->backend, NULL, NULL);
  g_clear_object (&self->backend);
}

static void
agent_session_finalize (GObject *object)
{
  AgentSession *self = AGENT_SESSION (object);

  free_dialogue (self);
  for (guint i = 0; i < AGENT_N_ROLES; i++) {
    g_clear_pointer (&self->halves[i].settings, gst_pair_settings_free);
    g_clear_object (&self->halves[i].backend);
  }
  drop_backend (self);
  g_clear_pointer (&self->loop, media_loop_unref);
  g_byte_array_unref (self->vad_input);
  g_mutex_clear (&self->lock);
  g_free (self->call_id);
  g_free (self->name);
  G_OBJECT_CLASS (agent_session_parent_class)->finalize (object);
}

static void
agent_session_init (AgentSession *self)
{
  g_mutex_init (&self->lock);
  self->vad_input = g_byte_array_new ();
}

static void
agent_session_class_init (AgentSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = agent_session_finalize;
}

AgentSession *
agent_session_new (const gchar *name)
{
  AgentSession *self = g_object_new (AGENT_TYPE_SESSION, NULL);

  self->name = g_strdup (name);
  return self;
}

const gchar *
agent_session_get_name (AgentSession *self)
{
  return self->name;
}

/* ---- Halves */

static gboolean
attach_unlocked (AgentSession *self, AgentRole role, GstElement *element,
    const GstPairSettings *settings, AgentBackend *backend, GError **error)
{
  AgentHalf *half = &self->halves[role], *other = &self->halves[!role];

  if (half->element) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
        "Another %s has this session already; give one of them another "
        "session name.",
        role == AGENT_SRC ? "aiagentsrc" : "aiagentsink");
    return FALSE;
  }
  if (!other->element)
    return TRUE;
  if (self->prepared && backend && backend != self->backend) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "The %s of this session runs already, with a backend of its own; "
        "choose the backend there.",
        role == AGENT_SRC ? "aiagentsink" : "aiagentsrc");
    return FALSE;
  }
  g_autoptr (GstPairSettings) merged = gst_pair_settings_copy (other->settings);
  return gst_pair_settings_merge (merged, settings, error);
}

gboolean
agent_session_attach (AgentSession *self, AgentRole role, GstElement *element,
    const GstPairSettings *settings, AgentBackend *backend,
    const AgentListener *listener, GError **error)
{
  AgentHalf *half = &self->halves[role];

  g_mutex_lock (&self->lock);
  gboolean ok = attach_unlocked (self, role, element, settings, backend, error);
  if (ok) {
    half->element = element;
    half->settings = gst_pair_settings_copy (settings);
    half->backend = backend ? g_object_ref (backend) : NULL;
    half->listener = *listener;
    self->klass = G_OBJECT_GET_CLASS (element);
  }
  g_mutex_unlock (&self->lock);
  return ok;
}

void
agent_session_detach (AgentSession *self, AgentRole role)
{
  g_mutex_lock (&self->lock);
  AgentHalf half = self->halves[role];
  self->halves[role] = (AgentHalf){ 0 };
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&half.settings, gst_pair_settings_free);
  g_clear_object (&half.backend);
}

static GstPairSettings *
merged_settings_unlocked (AgentSession *self)
{
  GstPairSettings *merged = gst_pair_settings_new ();

  for (guint i = 0; i < AGENT_N_ROLES; i++)
    if (self->halves[i].element)
      gst_pair_settings_merge (merged, self->halves[i].settings, NULL);
  return merged;
}

static AgentBackend *
choose_backend_unlocked (AgentSession *self)
{
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    if (self->halves[i].backend)
      return g_object_ref (self->halves[i].backend);
  return g_object_new (AGENT_TYPE_LOCAL, NULL);
}

static void
read_settings_unlocked (AgentSession *self)
{
  g_autoptr (GstPairSettings) settings = merged_settings_unlocked (self);

  self->turn_detection =
      (AgentTurnDetection) gst_pair_settings_get_enum (settings, self->klass,
          "turn-detection");
  self->barge_in = (AgentBargeIn) gst_pair_settings_get_enum (settings,
      self->klass, "barge-in");
  self->silence = gst_pair_settings_get_uint (settings, self->klass, "silence");
  self->min_speech =
      gst_pair_settings_get_uint (settings, self->klass, "min-speech");
  if (!self->loop) {
    g_autofree gchar *context =
        gst_pair_settings_dup_string (settings, self->klass, "context");
    self->loop = media_loop_acquire (context);
  }
}

gboolean
agent_session_prepare (AgentSession *self, GError **error)
{
  GstVoiceFormat format = { 0 };

  g_mutex_lock (&self->lock);
  if (self->prepared) { /* the other half did */
    g_mutex_unlock (&self->lock);
    return TRUE;
  }
  read_settings_unlocked (self);
  drop_backend (self);
  self->backend = choose_backend_unlocked (self);
  g_mutex_unlock (&self->lock);
  if (!agent_backend_prepare (self->backend, &format, error))
    return FALSE;
  agent_backend_set_host (self->backend, &agent_session_host, G_OBJECT (self));
  self->backend_rate = format.rate;
  g_mutex_lock (&self->lock);
  self->prepared = TRUE;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

MediaLoop *
agent_session_dup_loop (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  MediaLoop *loop = media_loop_ref (self->loop);
  g_mutex_unlock (&self->lock);
  return loop;
}

void
agent_session_get_format (AgentSession *self, guint hint,
    GstVoiceFormat *format)
{
  g_mutex_lock (&self->lock);
  if (!self->rate)
    self->rate = self->backend_rate ? self->backend_rate
        : hint                      ? hint
                                    : DEFAULT_RATE;
  *format = (GstVoiceFormat){ GST_VOICE_S16, self->rate };
  g_mutex_unlock (&self->lock);
}

guint
agent_session_get_backend_rate (AgentSession *self)
{
  return self->backend_rate;
}

/* ---- Dialogues */

static void
set_ticking (AgentSession *self, gboolean ticking)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_element (self, AGENT_SRC, &listener);

  if (!element)
    return;
  listener.set_ticking (element,
      ticking && !agent_backend_is_immediate (self->backend));
  gst_object_unref (element);
}

static void
free_event (gpointer event)
{
  gst_event_unref (event);
}

static void
make_dialogue_unlocked (AgentSession *self)
{
  const GstVoiceFormat format = { GST_VOICE_S16, self->rate };

  free_dialogue (self);
  self->playout = playout_new (GST_VOICE_FRAME_SIZE (&format), 0, free_event);
  /* The VAD knows these rates; what it does not is brought down for it. */
  self->vad_rate = self->rate == 24000 ? 8000 : self->rate;
  self->vad = vad_new (self->vad_rate);
  if (self->vad_rate != self->rate) {
    const GstVoiceFormat to = { GST_VOICE_S16, self->vad_rate };
    self->vad_converter = gst_voice_converter_new (&format, &to);
  }
  turn_detector_init (&self->detector, self->silence, self->min_speech);
  turn_meter_begin (&self->meter, 0);
  g_byte_array_set_size (self->vad_input, 0);
  self->caller_gone = FALSE;
  self->idle_frames = 0;
  self->open = TRUE;
  self->stats.dialogues++;
}

void
agent_session_open (AgentSession *self, const GstVoiceCall *call)
{
  GstVoiceFormat format;

  agent_session_get_format (self, 0, &format);
  g_mutex_lock (&self->lock);
  gboolean begin = !self->open;
  if (begin)
    make_dialogue_unlocked (self);
  self->by_call |= call != NULL;
  self->knows_calls |= call != NULL;
  g_mutex_unlock (&self->lock);
  if (!begin)
    return;
  agent_backend_open (self->backend, call, format.rate);
  set_ticking (self, TRUE);
}

static void
end_dialogue (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  gboolean was_open = self->open;
  self->open = self->by_call = FALSE;
  if (self->playout)
    playout_reset (self->playout);
  g_mutex_unlock (&self->lock);
  if (!was_open)
    return;
  set_ticking (self, FALSE);
  agent_backend_close (self->backend);
}

void
agent_session_close (AgentSession *self)
{
  end_dialogue (self);
  g_mutex_lock (&self->lock);
  self->prepared = self->knows_calls = FALSE;
  self->rate = 0;
  g_mutex_unlock (&self->lock);
}

void
agent_session_call (AgentSession *self, const GstVoiceCall *call)
{
  g_mutex_lock (&self->lock);
  gboolean other = self->open && self->by_call &&
      g_strcmp0 (self->call_id, call->call_id) != 0;
  if (call->started && (other || !self->by_call)) {
    g_free (self->call_id);
    self->call_id = g_strdup (call->call_id);
  }
  g_mutex_unlock (&self->lock);
  /* Both elements of a channel tell of a call, and one may be behind. */
  if (call->started ? other : !other)
    end_dialogue (self);
  if (call->started)
    agent_session_open (self, call);
}

static void
end_src (AgentSession *self)
{
  AgentListener listener;
  GstElement *element = agent_session_dup_element (self, AGENT_SRC, &listener);

  if (!element)
    return;
  listener.end (element);
  gst_object_unref (element);
}

void
agent_session_caller_gone (AgentSession *self)
{
  g_mutex_lock (&self->lock);
  gboolean stays = self->open && !self->by_call &&
      !agent_backend_is_immediate (self->backend);
  gboolean in_turn = stays && turn_detector_finish (&self->detector);
  self->caller_gone = stays;
  self->idle_frames = 0;
  g_mutex_unlock (&self->lock);
  if (in_turn)
    agent_backend_turn (self->backend, FALSE);
  if (!stays)
    end_src (self);
}

/* ---- Listening: see agentlisten.c. Speaking: */

static void
count_frame_unlocked (AgentSession *self, gboolean spoken)
{
  self->stats.frames_out++;
  self->stats.frames_spoken += spoken;
  if (spoken)
    self->stats.heard += 20 * GST_MSECOND;
  self->idle_frames =
      spoken || playout_is_speaking (self->playout) ? 0 : self->idle_frames + 1;
}

static void
take_note_unlocked (AgentSession *self, const PlayoutNote *note,
    GstClockTime pts, GstClockTime now, GQueue *events, GstAiAgentTurn *turn)
{
  switch (note->type) {
    case PLAYOUT_ITEM_STARTED:
      self->stats.answers++;
      /* A tick that comes late sends late, whatever its time stamp. */
      turn_meter_audio_out (&self->meter, MAX (pts, now));
      *turn = agent_session_turn_unlocked (self, "response-started");
      break;
    case PLAYOUT_ITEM_DONE:
      *turn = agent_session_turn_unlocked (self, "response-done");
      turn->heard = turn->total = note->heard * GST_MSECOND;
      break;
    case PLAYOUT_MARK:
      g_queue_push_tail (events, note->data);
      break;
  }
}

gboolean
agent_session_speak (AgentSession *self, guint8 *frame, GstClockTime pts,
    GQueue *events)
{
  PlayoutNote note;
  GstAiAgentTurn turns[8];
  guint done[G_N_ELEMENTS (turns)];
  guint n = 0;

  agent_backend_tick (self->backend);
  GstClockTime now = agent_session_now (self);
  g_mutex_lock (&self->lock);
  if (!self->open) {
    g_mutex_unlock (&self->lock);
    return FALSE;
  }
  gboolean spoken = playout_read (self->playout, frame);
  while (n < G_N_ELEMENTS (turns) && playout_next_note (self->playout, &note)) {
    turns[n].state = NULL;
    done[n] = note.type == PLAYOUT_ITEM_DONE ? note.item : 0;
    take_note_unlocked (self, &note, pts, now, events, &turns[n]);
    n += turns[n].state != NULL;
  }
  count_frame_unlocked (self, spoken);
  gboolean over = self->caller_gone && self->idle_frames > LINGER_FRAMES;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < n; i++) {
    agent_session_tell_turn (self, &turns[i]);
    if (done[i])
      agent_backend_done (self->backend, done[i]);
  }
  if (over)
    end_src (self);
  return spoken;
}

gboolean
agent_session_cut (AgentSession *self)
{
  PlayoutCut cut = { 0 };
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  gboolean any = self->open && playout_interrupt (self->playout, &cut);
  if (any) {
    self->stats.interruptions++;
    turn = agent_session_turn_unlocked (self, "interrupted");
    turn.heard = cut.heard * GST_MSECOND;
    turn.total = cut.total * GST_MSECOND;
  }
  g_mutex_unlock (&self->lock);
  if (!any)
    return FALSE;
  agent_backend_interrupt (self->backend, cut.item, cut.heard);
  agent_session_tell_turn (self, &turn);
  return TRUE;
}

void
agent_session_result (AgentSession *self, const GstVoiceControlResult *result)
{
  const GstAiAgentTool tool = {
    .name = gst_voice_control_action_to_string (result->action),
    .id = result->id,
    .result = result->result,
    .reason = result->reason,
  };

  agent_session_tell (self,
      gst_aiagent_tool_structure (self->name, agent_session_now (self), &tool));
  agent_backend_result (self->backend, result->id, result->result,
      result->reason);
}

/* ---- Commands */

gboolean
agent_session_interrupt (AgentSession *self)
{
  return agent_session_cut (self);
}

gboolean
agent_session_say (AgentSession *self, const gchar *text)
{
  g_mutex_lock (&self->lock);
  gboolean open = self->open;
  g_mutex_unlock (&self->lock);
  return open && agent_backend_say (self->backend, text);
}

/* ---- Stats */

static void
fill_stats_unlocked (AgentSession *self, GstAiAgentStats *stats)
{
  *stats = self->stats;
  stats->in_dialogue = self->open;
  stats->listening = self->open && self->detector.speaking;
  stats->speaking = self->open && playout_is_speaking (self->playout);
  stats->pending =
      self->open ? playout_get_pending (self->playout) * GST_MSECOND : 0;
  stats->turn_around_last = self->meter.turn_around;
  stats->turn_around_p50 = turn_meter_get (&self->meter, 0.5);
  stats->turn_around_p95 = turn_meter_get (&self->meter, 0.95);
  stats->turn_around_p99 = turn_meter_get (&self->meter, 0.99);
}

GstStructure *
agent_session_get_stats (AgentSession *self)
{
  GstAiAgentStats stats = { 0 };

  if (self) {
    g_mutex_lock (&self->lock);
    fill_stats_unlocked (self, &stats);
    g_mutex_unlock (&self->lock);
  }
  return gst_aiagent_stats_structure (&stats);
}
