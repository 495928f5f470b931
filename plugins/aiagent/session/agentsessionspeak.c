/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The agent's audio: what a frame takes with it. On the media loop of the src, commands
 * on any thread. A frame in which nothing is said takes the lock once. */

#include "agentsessionprivate.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define LINGER_FRAMES 50 /* of silence after the caller is gone: 1 s */

/* ---- Frames */

/* That of the dialogue that is on; NULL: none is. It is the same for as long as the
 * dialogue is. Another one is there only once agent_session_prepare() let go of it: no
 * backend ends here. */
static GstVoiceAgentBackend *
dup_ticked (AgentSession *self)
{
  const gint on = g_atomic_int_get (&self->on);

  if (!on)
    return NULL;
  if (on != self->ticked_dialogue) {
    g_clear_object (&self->ticked);
    self->ticked = agent_session_dup_backend (self);
    self->ticked_dialogue = on;
  }
  return self->ticked ? g_object_ref (self->ticked) : NULL;
}

/* What is measured of a frame is measured without the lock; what comes or goes meanwhile
 * is looked at again. @sent: when it is, at @pts unless a tick comes late. Held when it
 * returns. */
static void
look_ahead_and_lock (AgentSession *self, AgentMouthNext *next, guint8 *frame,
    GstClockTime pts, GstClockTime *sent)
{
  g_mutex_lock (self->lock);
  while (agent_session_is_on_unlocked (self) &&
      agent_mouth_look (self->mouth, next, frame)) {
    const GstVoiceFormat format = self->format;
    g_mutex_unlock (self->lock);
    *sent = MAX (pts, agent_report_get_now (self->report));
    agent_mouth_measure (next, frame, &format);
    g_mutex_lock (self->lock);
  }
}

/* An agent that says that it does not think has nothing to answer. */
static gboolean
check_budget_unlocked (AgentSession *self, GstVoiceAgentBackend *backend,
    gboolean thinking, GstClockTime now, GstAiAgentOverBudget *late)
{
  const gboolean waits = thinking || self->mouth->meter.first_in ||
      !GST_VOICE_AGENT_BACKEND_GET_CLASS (backend)->is_thinking;

  return waits && agent_mouth_check_budget (self->mouth, now, late);
}

/* FALSE: it is not heard. @over: nor is anything else. */
static gboolean
take_frame_unlocked (AgentSession *self, const AgentMouthNext *next,
    gboolean thinking, guint8 *frame, GstClockTime sent, GQueue *events,
    AgentMouthFacts *facts, gboolean *over)
{
  const gboolean spoken =
      agent_mouth_read (self->mouth, next, frame, sent, events, facts);
  agent_tools_note_sent_unlocked (self->tools, events);

  /* A microphone does not hang up: then the stream ends. */
  if (!self->by_call && facts->hangs_up) {
    self->hung_up = TRUE;
    self->mouth->idle_frames = 0;
  }
  agent_mouth_count (self->mouth, spoken, thinking);
  *over = (self->caller_gone || self->hung_up) &&
      self->mouth->idle_frames > LINGER_FRAMES;
  self->finished = *over && self->hung_up;
  return spoken;
}

static void
tell_spoken (AgentSession *self, GstVoiceAgentBackend *backend,
    const AgentMouthFacts *facts)
{
  for (guint i = 0; i < facts->n; i++) {
    const AgentMouthFact *fact = &facts->facts[i];
    g_autofree gchar *words = g_strdup (fact->words);
    agent_report_heard (self->report, fact->words, fact->turn.turn_id,
        fact->start, fact->end);
    agent_report_turn (self->report, &fact->turn);
    if (!fact->done)
      continue;
    agent_backend_done (backend, fact->done);
    agent_backend_heard (backend, fact->done, words,
        (guint) (fact->turn.heard / GST_MSECOND));
  }
  if (facts->mark)
    agent_backend_marked (backend, facts->mark);
}

typedef struct
{
  gboolean for_tool, by_call, listens; /* listens: the caller speaks */
  GstVoiceFormat format;
} Waiting;

static Waiting
get_waiting_unlocked (const AgentSession *self)
{
  return (Waiting){ agent_tools_is_waiting_unlocked (self->tools),
    self->by_call, self->turn.speaking, self->format };
}

/* What the agent does not say while a tool runs, nobody says, or what stands in for it. */
static gboolean
fill (AgentSession *self, const Waiting *waiting, gboolean spoken,
    guint8 *frame)
{
  AgentFiller *filler = agent_tools_get_filler (self->tools);

  if (!spoken)
    return agent_filler_take (filler,
        waiting->for_tool && !waiting->listens ? AGENT_FILLER_TOOL
                                               : AGENT_FILLER_NOTHING,
        &waiting->format, frame);
  agent_filler_stop (filler);
  return TRUE;
}

/* The caller whom this side has put on hold. */
static gboolean
entertain (AgentSession *self, guint8 *frame)
{
  const gboolean holds = g_atomic_int_get (&self->holds);
  GstVoiceFormat format;

  agent_session_get_format (self, &format);
  self->spoken = format;
  return agent_filler_take (agent_tools_get_filler (self->tools),
      holds ? AGENT_FILLER_HOLD : AGENT_FILLER_NOTHING, &format, frame);
}

static gboolean
take_duck (AgentSession *self)
{
  const gint left = g_atomic_int_get (&self->ducks);

  /* Else it was set anew meanwhile. */
  if (left > 0)
    g_atomic_int_compare_and_exchange (&self->ducks, left, left - 1);
  return left > 0;
}

/* What has lasted too long, as of a caller who is not heard any more (a browser that saves
 * silence), is over. TurnWatchAct: TURN is to be told, HELD to be done. */
static guint
watch_unlocked (AgentSession *self, gboolean spoken, gboolean thinking,
    gboolean for_tool)
{
  Playout *playout = self->mouth->playout;
  const TurnWatchScene scene = {
    .doubting = self->doubting,
    /* A backend that finds the turns ends them; what it has of one would be lost. */
    .listening = self->turn.speaking && agent_session_detects_turns (self),
    .waiting = !spoken && !for_tool && !turn_watch_thinks (&self->watch) &&
        playout_is_speaking (playout),
    .held = playout_get_hold (playout) != 0,
    .thinking = thinking && !spoken,
  };
  const guint acts = turn_watch_tick (&self->watch, &scene);

  if ((acts & TURN_WATCH_TURN) && self->doubting)
    agent_session_end_doubt_unlocked (self);
  else if (acts & TURN_WATCH_TURN)
    agent_session_finish_turn_unlocked (self);
  if (acts & TURN_WATCH_ANSWER)
    playout_give_up (playout);
  return acts;
}

/* ... without the lock. */
static void
act (AgentSession *self, guint acts)
{
  if (acts & TURN_WATCH_ANSWER)
    AGENT_LOG (self->report, GST_LEVEL_WARNING, "%s",
        "nothing more comes of an answer, which is taken to be over");
  if (acts & TURN_WATCH_TURN)
    agent_session_run_steps (self);
  if (acts & TURN_WATCH_HELD)
    agent_host_go_on (self->host, TRUE);
}

gboolean
agent_session_speak (AgentSession *self, guint8 *frame, GstClockTime pts,
    GQueue *events)
{
  AgentMouthFacts facts = { .n = 0 };
  AgentMouthNext next = { FALSE };
  GstAiAgentOverBudget late;
  gboolean spoken = FALSE, over = FALSE, is_late = FALSE;
  guint acts = 0;
  GstClockTime sent = pts;

  /* On hold the time of the backend stands still; a last tick may come when all is
   * over. */
  g_autoptr (GstVoiceAgentBackend) backend = dup_ticked (self);
  if (!backend)
    return entertain (self, frame);
  agent_backend_tick (backend);
  agent_admission_tick (&self->admission, self->host, self->ticked_dialogue);
  const gboolean thinking = agent_backend_is_thinking (backend);
  look_ahead_and_lock (self, &next, frame, pts, &sent);
  const gboolean on = agent_session_is_on_unlocked (self);
  const Waiting waiting = get_waiting_unlocked (self);
  if (on) {
    spoken = take_frame_unlocked (self, &next,
        turn_watch_thinks (&self->watch) || waiting.for_tool, frame, sent,
        events, &facts, &over);
    acts = watch_unlocked (self, spoken, thinking, waiting.for_tool);
    is_late = check_budget_unlocked (self, backend,
        thinking || waiting.for_tool, sent, &late);
  }
  g_mutex_unlock (self->lock);
  act (self, acts);
  if (!on)
    return FALSE;
  self->spoken = waiting.format;
  if (spoken)
    agent_duck_apply (&self->duck, take_duck (self), &waiting.format, frame);

  AGENT_LOG (self->report, GST_LEVEL_LOG, "said %s at %" GST_TIME_FORMAT,
      spoken ? "something" : "nothing", GST_TIME_ARGS (pts));
  tell_spoken (self, backend, &facts);
  if (is_late)
    agent_report_over_budget (self->report, &late);
  agent_tools_sent (self->tools, events, waiting.by_call);
  if (over)
    agent_report_end (self->report);
  return fill (self, &waiting, spoken, frame);
}

void
agent_session_get_spoken (AgentSession *self, GstVoiceFormat *format)
{
  *format = self->spoken;
}

/* ---- Results */

void
agent_session_result (AgentSession *self, const GstVoiceControlResult *result)
{
  g_autoptr (GstVoiceAgentBackend) backend = agent_session_dup_backend (self);
  const GstAiAgentTool tool = {
    .name = gst_voice_control_action_to_string (result->action),
    .id = result->id,
    .result = result->result,
    .reason = result->reason,
  };

  if (result->action == GST_VOICE_CONTROL_HANG_UP) {
    g_mutex_lock (self->lock);
    self->hung_up = FALSE;
    g_mutex_unlock (self->lock);
  }
  if (agent_tools_take_result (self->tools, result))
    return;
  agent_report_tool (self->report, &tool);
  if (backend)
    agent_backend_result (backend, result->id, result->result, result->reason);
}

/* ---- Commands */

static gboolean
is_open (AgentSession *self)
{
  g_mutex_lock (self->lock);
  const gboolean open = self->host->open;
  g_mutex_unlock (self->lock);
  return open;
}

gboolean
agent_session_interrupt (AgentSession *self)
{
  return agent_host_cut (self->host, 0);
}

/* Whoever wrote it finds out here, and not from what a backend makes of it. */
static gboolean
check_json (AgentSession *self, const gchar *json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (json_parser_load_from_data (parser, json, -1, NULL) &&
      json_parser_get_root (parser))
    return TRUE;
  error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
      "The application's tool-result is not JSON.");
  agent_report_warning (self->report, error);
  return FALSE;
}

gboolean
agent_session_tool_result (AgentSession *self, const gchar *id,
    const gchar *json)
{
  g_autoptr (GstVoiceAgentBackend) backend = agent_session_dup_backend (self);

  if (!backend || !is_open (self) || !check_json (self, json) ||
      !agent_tools_let_application (self->tools, id) ||
      !agent_backend_tool_result (backend, id, json))
    return FALSE;
  g_autofree gchar *name = agent_host_dup_tool (self->host, id);
  g_autofree gchar *result = agent_tools_shorten (json);
  const GstAiAgentTool tool = { .name = name, .id = id, .result = result };
  agent_report_tool (self->report, &tool);
  return TRUE;
}

gboolean
agent_session_say (AgentSession *self, const gchar *text)
{
  g_autoptr (GstVoiceAgentBackend) backend = agent_session_dup_backend (self);

  return backend && is_open (self) && agent_backend_say (backend, text);
}
