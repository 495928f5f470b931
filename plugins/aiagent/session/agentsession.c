/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The lock is a leaf: backend and elements are called without it. What was decided
 * under the lock may so be a moment old when it is told. Of dialogues it is told in
 * order (agentsessiondialogue.c); of the rest the playout queue is what makes that harmless,
 * because audio for an answer that was cut off is refused. */

#include "agentsessionprivate.h"
#include "hearing/agentvads.h"

G_DEFINE_FINAL_TYPE (AgentSession, agent_session, G_TYPE_OBJECT)

/* ---- Life */

static void
agent_session_finalize (GObject *object)
{
  AgentSession *self = AGENT_SESSION (object);

  gst_pair_clear (&self->pair);
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    g_clear_object (&self->halves[i].choice.backend);
  agent_admission_clear (&self->admission);
  agent_ear_clear (&self->ear);
  agent_calls_clear (&self->calls);
  g_free (self->rung);
  g_clear_object (&self->ticked);
  g_clear_pointer (&self->loop, media_loop_unref);
  g_cond_clear (&self->changed);
  agent_tools_drop (self->tools);
  g_object_unref (self->host);
  G_OBJECT_CLASS (agent_session_parent_class)->finalize (object);
}

static void
agent_session_init (AgentSession *self)
{
  g_cond_init (&self->changed);
  agent_ear_init (&self->ear);
}

static void
agent_session_class_init (AgentSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = agent_session_finalize;
  agent_log_init ();
  if (agent_vads_get_trouble ())
    agent_log_write ("vad", GST_LEVEL_WARNING, __FILE__, G_STRFUNC, __LINE__,
        agent_vads_get_trouble ());
}

/* ---- For the host */

static void
take_tool (GObject *session, guint64 dialogue, const gchar *name,
    const gchar *id, const gchar *arguments)
{
  agent_tools_call (AGENT_SESSION (session)->tools, dialogue, name, id,
      arguments);
}

static gchar *
dup_tools (GObject *session)
{
  return agent_tools_dup_list (AGENT_SESSION (session)->tools);
}

static void
take_cut (GObject *session)
{
  agent_tools_cut (AGENT_SESSION (session)->tools);
}

static const AgentHostSession for_host = {
  .turn = agent_session_take_turn,
  .tool = take_tool,
  .dup_tools = dup_tools,
  .cut = take_cut,
};

AgentSession *
agent_session_new (const gchar *name)
{
  static const gchar *const
      elements[] = { [AGENT_SINK] = "aiagentsink", [AGENT_SRC] = "aiagentsrc" };
  AgentSession *self = g_object_new (AGENT_TYPE_SESSION, NULL);

  self->host = agent_host_new (name, G_OBJECT (self), &for_host);
  self->report = &self->host->report;
  self->tools = agent_tools_new (self->host);
  self->mouth = &self->host->mouth;
  self->lock = &self->host->lock;
  gst_pair_init (&self->pair, elements, self->lock, agent_session_run_step,
      agent_session_free_step, self);
  return self;
}

/* ---- Halves */

gboolean
agent_session_any_active_unlocked (const AgentSession *self)
{
  return self->halves[AGENT_SINK].active || self->halves[AGENT_SRC].active;
}

gboolean
agent_session_attach (AgentSession *self, AgentRole role, GstElement *element,
    const GstPairSettings *settings, const AgentChoice *choice,
    const AgentListener *listener, GError **error)
{
  AgentHalf *half = &self->halves[role];
  g_autoptr (GstVoiceAgentBackend) running = agent_session_dup_backend (self);

  g_mutex_lock (self->lock);
  gboolean ok =
      gst_pair_attach_unlocked (&self->pair, role, element, settings, error);
  if (ok) {
    self->report->reporters[role] = (AgentReporter){ element, *listener };
    half->choice = *choice;
    if (choice->backend)
      g_object_ref (choice->backend);
  }
  g_mutex_unlock (self->lock);
  if (!ok || !running || agent_choice_agrees (choice, running, error))
    return ok;
  agent_session_detach (self, role);
  return FALSE;
}

void
agent_session_change (AgentSession *self, AgentRole role,
    GstPairSettings *settings, const AgentChoice *choice)
{
  AgentHalf *half = &self->halves[role];

  g_mutex_lock (self->lock);
  if (!self->pair.members[role].element) { /* it has detached meanwhile */
    g_mutex_unlock (self->lock);
    gst_pair_settings_free (settings);
    return;
  }
  GstVoiceAgentBackend *last = half->choice.backend;
  gst_pair_change_unlocked (&self->pair, role, settings);
  half->choice = *choice;
  if (choice->backend)
    g_object_ref (choice->backend);
  g_mutex_unlock (self->lock);
  g_clear_object (&last);
}

void
agent_session_detach (AgentSession *self, AgentRole role)
{
  g_mutex_lock (self->lock);
  AgentHalf half = self->halves[role];
  self->halves[role] = (AgentHalf){ 0 };
  self->report->reporters[role] = (AgentReporter){ 0 };
  gst_pair_detach_unlocked (&self->pair, role);
  g_mutex_unlock (self->lock);
  g_clear_object (&half.choice.backend);
}

static gboolean
read_settings_unlocked (AgentSession *self, GError **error)
{
  g_autoptr (GError) disagreement = NULL;
  g_autoptr (GstPairSettings) settings =
      gst_pair_merge_unlocked (&self->pair, &disagreement);
  GObjectClass *klass = self->pair.klass;

  if (disagreement) {
    g_propagate_error (error, g_steal_pointer (&disagreement));
    return FALSE;
  }
  self->turn_detection =
      (AgentTurnDetection) gst_pair_settings_get_enum (settings, klass,
          "turn-detection");
  self->barge_in =
      (AgentBargeIn) gst_pair_settings_get_enum (settings, klass, "barge-in");
  self->ear_settings = (AgentEarSettings){
    .min_speech = gst_pair_settings_get_uint (settings, klass, "min-speech"),
    .end_min = gst_pair_settings_get_uint (settings, klass, "end-of-turn-min"),
    .end_max = gst_pair_settings_get_uint (settings, klass, "end-of-turn-max"),
    .confirm = gst_pair_settings_get_uint (settings, klass, "barge-in-confirm"),
  };
  self->mouth->meter.budget = GST_MSECOND *
      gst_pair_settings_get_uint (settings, klass, "latency-budget");
  self->caller_instructions =
      gst_pair_settings_get_boolean (settings, klass, "caller-instructions");
  agent_tools_read_settings_unlocked (self->tools, settings, klass);
  agent_admission_read (&self->admission, settings, klass);
  if (!self->loop) {
    g_autofree gchar *context =
        gst_pair_settings_dup_string (settings, klass, "context");
    self->loop = media_loop_acquire (context);
  }
  return TRUE;
}

/* ---- The backend */

static GstVoiceAgentBackend *
choose_backend (AgentSession *self, GError **error)
{
  AgentChoice choices[AGENT_N_ROLES];

  g_mutex_lock (self->lock);
  for (guint i = 0; i < AGENT_N_ROLES; i++) {
    choices[i] = self->halves[i].choice;
    if (choices[i].backend)
      g_object_ref (choices[i].backend);
  }
  g_mutex_unlock (self->lock);
  GstVoiceAgentBackend *backend =
      agent_choice_resolve (&choices[AGENT_SINK], &choices[AGENT_SRC], error);
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    g_clear_object (&choices[i].backend);
  return backend;
}

/* The rates that the VAD and a frame of aiagentsrc have room for. */
static gboolean
check_format (const GstVoiceFormat *format, gboolean takes_laws, GError **error)
{
  static const guint rates[] = { 0, 8000, 16000, 24000, 48000 };
  const gboolean raw = format->encoding == GST_VOICE_S16;

  if (takes_laws && !raw && format->rate == 8000)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    if (raw && format->rate == rates[i])
      return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "The backend cannot be used: it works with %s of %u Hz, and S16 of 8000, "
      "16000, 24000 or 48000 Hz is needed%s.",
      raw ? "S16" : "a law", format->rate,
      takes_laws ? ", or a law of 8000 Hz" : "");
  return FALSE;
}

static gboolean
check_turns (AgentSession *self, GstVoiceAgentBackend *backend, GError **error)
{
  if (!GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->needs_turns ||
      agent_session_detects_turns (self))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "This agent would never hear that the caller speaks: its "
      "turn-detection has to be auto or element, not backend or none.");
  return FALSE;
}

static GstVoiceAgentBackend *
prepare_backend (AgentSession *self, GstVoiceFormat *format, GError **error)
{
  g_autoptr (GstVoiceAgentBackend) backend = choose_backend (self, error);

  if (!backend)
    return NULL;
  if (self->turn_detection == AGENT_TURN_DETECTION_AUTO &&
      GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->finds_turns)
    self->turn_detection = AGENT_TURN_DETECTION_BACKEND;
  g_mutex_lock (self->lock);
  self->host->finds_turns =
      self->turn_detection == AGENT_TURN_DETECTION_BACKEND;
  g_mutex_unlock (self->lock);
  if (!check_turns (self, backend, error) ||
      !agent_tools_prepare (self->tools, error) ||
      !agent_host_serve (self->host, backend, error))
    return NULL;
  if (!agent_backend_prepare (backend, format, error) ||
      !check_format (format,
          GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->takes_laws, error)) {
    agent_host_leave (self->host, backend);
    return NULL;
  }
  agent_admission_prepare (&self->admission, backend);
  AGENT_LOG (self->report, GST_LEVEL_DEBUG, "%s is prepared, %u Hz",
      G_OBJECT_TYPE_NAME (backend), format->rate);
  return g_steal_pointer (&backend);
}

GstVoiceAgentBackend *
agent_session_dup_backend (AgentSession *self)
{
  g_mutex_lock (self->lock);
  GstVoiceAgentBackend *backend =
      agent_session_any_active_unlocked (self) && self->host->backend
      ? g_object_ref (self->host->backend)
      : NULL;
  g_mutex_unlock (self->lock);
  return backend;
}

/* ---- From READY to PAUSED and back: one half at a time */

static void
begin_change_unlocked (AgentSession *self)
{
  while (self->changing)
    g_cond_wait (&self->changed, self->lock);
  self->changing = TRUE;
}

static void
end_change_unlocked (AgentSession *self)
{
  self->changing = FALSE;
  g_cond_broadcast (&self->changed);
}

gboolean
agent_session_prepare (AgentSession *self, AgentRole role, GError **error)
{
  GstVoiceAgentBackend *backend = NULL, *last = NULL, *ticked = NULL;
  GstVoiceFormat wanted;

  g_mutex_lock (self->lock);
  begin_change_unlocked (self);
  gboolean first = !agent_session_any_active_unlocked (self);
  gboolean agreed = !first || read_settings_unlocked (self, error);
  g_mutex_unlock (self->lock);
  if (first && agreed)
    backend = prepare_backend (self, &wanted, error);
  g_mutex_lock (self->lock);
  if (backend) {
    last = self->host->backend;
    ticked = g_steal_pointer (&self->ticked);
    self->ticked_dialogue = 0;
    self->host->backend = backend;
    self->wanted = wanted;
    self->takes_laws = GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->takes_laws;
    agent_session_choose_format_unlocked (self);
  }
  if (role == AGENT_SINK)
    self->caller_gone = FALSE;
  gboolean ok = self->halves[role].active = !first || backend;
  end_change_unlocked (self);
  g_mutex_unlock (self->lock);
  if (!ok)
    AGENT_LOG (self->report, GST_LEVEL_DEBUG, "no backend: %s",
        error && *error ? (*error)->message : "?");
  g_clear_object (&ticked);
  g_clear_object (&last);
  return ok;
}

MediaLoop *
agent_session_dup_loop (AgentSession *self)
{
  g_mutex_lock (self->lock);
  MediaLoop *loop = media_loop_ref (self->loop);
  g_mutex_unlock (self->lock);
  return loop;
}

/* ---- Its format */

void
agent_session_set_caller (AgentSession *self, const GstVoiceFormat *caller)
{
  g_mutex_lock (self->lock);
  self->caller = *caller;
  agent_session_choose_format_unlocked (self);
  g_mutex_unlock (self->lock);
}

void
agent_session_set_call_law (AgentSession *self, GstVoiceEncoding law)
{
  g_mutex_lock (self->lock);
  self->call_law = law;
  agent_session_choose_format_unlocked (self);
  g_mutex_unlock (self->lock);
}

void
agent_session_set_path (AgentSession *self, GstClockTime delay)
{
  g_mutex_lock (self->lock);
  self->mouth->path = delay;
  g_mutex_unlock (self->lock);
}

void
agent_session_get_wanted (AgentSession *self, GstVoiceFormat *format)
{
  g_mutex_lock (self->lock);
  *format = self->wanted;
  g_mutex_unlock (self->lock);
}

gboolean
agent_session_takes_laws (AgentSession *self)
{
  g_mutex_lock (self->lock);
  const gboolean takes_laws = self->takes_laws;
  g_mutex_unlock (self->lock);
  return takes_laws;
}

/* ---- Halves that come and go in a dialogue */

/* Nobody will say how the turn under way ends. */
static void
finish_turn (AgentSession *self)
{
  g_mutex_lock (self->lock);
  agent_session_finish_turn_unlocked (self);
  g_mutex_unlock (self->lock);
  agent_session_run_steps (self);
}

void
agent_session_resume (AgentSession *self)
{
  agent_session_update_ticking (self);
}

static void
close_all (AgentSession *self)
{
  g_mutex_lock (self->lock);
  agent_session_end_unlocked (self);
  g_mutex_unlock (self->lock);
  agent_session_finish_steps (self);
  agent_admission_close (&self->admission, self->lock);
  /* An application may keep its own and go on using it. */
  agent_host_leave (self->host, self->host->backend);
  g_mutex_lock (self->lock);
  agent_calls_clear (&self->calls);
  self->caller = (GstVoiceFormat){ GST_VOICE_S16, 0 };
  self->call_law = GST_VOICE_S16;
  g_mutex_unlock (self->lock);
}

void
agent_session_close (AgentSession *self, AgentRole role)
{
  AgentHalf *half = &self->halves[role];

  g_mutex_lock (self->lock);
  begin_change_unlocked (self);
  gboolean was = half->active;
  gboolean last = was && !self->halves[!role].active;
  half->active = FALSE; /* no dialogue begins any more if it was the last */
  if (role == AGENT_SINK)
    self->calls.sink_waits = FALSE;
  g_mutex_unlock (self->lock);
  if (last)
    close_all (self);
  else if (was && role == AGENT_SINK)
    finish_turn (self);
  else if (was)
    agent_session_update_ticking (self);
  agent_session_finish_steps (self);
  g_mutex_lock (self->lock);
  end_change_unlocked (self);
  g_mutex_unlock (self->lock);
}

void
agent_session_caller_gone (AgentSession *self)
{
  gboolean immediate = agent_backend_is_immediate (self->host->backend);

  g_mutex_lock (self->lock);
  gboolean stays = self->host->open && !self->by_call && !immediate;
  self->caller_gone = stays;
  self->mouth->idle_frames = 0;
  g_mutex_unlock (self->lock);
  if (stays)
    finish_turn (self);
  else
    agent_report_end (self->report);
}

/* ---- Stats */

static void
fill_stats_unlocked (AgentSession *self, GstAiAgentStats *stats)
{
  const AgentMouth *mouth = self->mouth;
  const gboolean open = self->host->open;

  *stats = (GstAiAgentStats){
    .in_dialogue = open,
    .speaking = open && playout_is_speaking (mouth->playout),
    .listening = open && self->turn.speaking,
    .on_hold = self->on_hold,
    .dialogues = self->host->dialogues - self->host->others,
    .turns = mouth->turns,
    .answers = mouth->answers,
    .interruptions = mouth->interruptions,
    .frames_in = self->frames_in,
    .frames_out = mouth->frames_out,
    .frames_spoken = mouth->frames_spoken,
    .heard = mouth->heard,
    .pending = open ? playout_get_pending (mouth->playout) * GST_MSECOND : 0,
  };
}

/* It sorts what it has: no lock. */
static void
fill_turn_around (const TurnMeter *meter, GstAiAgentStats *stats)
{
  stats->turn_around_last = meter->turn_around;
  stats->turn_around_p50 = turn_meter_get (meter, TURN_METER_WHOLE, 0.5);
  stats->turn_around_p95 = turn_meter_get (meter, TURN_METER_WHOLE, 0.95);
  stats->turn_around_p99 = turn_meter_get (meter, TURN_METER_WHOLE, 0.99);
  stats->meter = meter;
}

GstStructure *
agent_session_get_stats (AgentSession *self)
{
  GstAiAgentStats stats = { .vad = "" };
  TurnMeter meter;
  g_autofree gchar *backend = NULL, *model = NULL;

  if (self) {
    g_mutex_lock (self->lock);
    fill_stats_unlocked (self, &stats);
    meter = self->mouth->meter;
    g_mutex_unlock (self->lock);
    fill_turn_around (&meter, &stats);
    backend = agent_report_dup_backend (self->report, &model);
    stats.backend = backend;
    stats.model = model;
    stats.vad = agent_vads_get ()->name;
  }
  return gst_aiagent_stats_structure (&stats);
}
