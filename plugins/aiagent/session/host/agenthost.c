/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The lock is a leaf: backend and elements are called without it. What was decided may be a
 * moment old when it is told; the queue refuses audio of what was cut off meanwhile. */

#include "agenthost.h"

#include "agentchoice.h"

#include "common/event/gstvoiceevents.h"
#include "voiceagent/gstvoiceagentbackendprivate.h"

G_DEFINE_FINAL_TYPE (AgentHost, agent_host, G_TYPE_OBJECT)

static void
clear_tool (AgentHostTool *tool)
{
  g_clear_pointer (&tool->id, g_free);
  g_clear_pointer (&tool->name, g_free);
}

static void
agent_host_finalize (GObject *object)
{
  AgentHost *self = AGENT_HOST (object);

  agent_mouth_clear (&self->mouth);
  for (guint i = 0; i < AGENT_HOST_TOOLS; i++)
    clear_tool (&self->tools[i]);
  agent_ready_clear (&self->ready);
  g_clear_pointer (&self->rung, g_free);
  g_clear_object (&self->backend);
  g_weak_ref_clear (&self->session);
  agent_report_clear (&self->report);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_host_parent_class)->finalize (object);
}

static void
agent_host_init (AgentHost *self)
{
  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->session, NULL);
}

static void
agent_host_class_init (AgentHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = agent_host_finalize;
  agent_log_init ();
}

AgentHost *
agent_host_new (const gchar *name, GObject *session,
    const AgentHostSession *above)
{
  AgentHost *self = g_object_new (AGENT_TYPE_HOST, NULL);

  agent_report_init (&self->report, name, &self->lock);
  g_weak_ref_set (&self->session, session);
  self->above = above;
  return self;
}

/* ---- Answers */

static gboolean
is_on_unlocked (const AgentHost *self, guint64 dialogue)
{
  return self->open && (dialogue ? dialogue : self->opened) == self->dialogues;
}

static guint
host_begin (gpointer host, guint64 dialogue, gboolean interruptible)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  const guint answer = is_on_unlocked (self, dialogue)
      ? agent_mouth_begin_answer (&self->mouth, interruptible)
      : 0;
  g_mutex_unlock (&self->lock);
  if (answer)
    AGENT_LOG (&self->report, GST_LEVEL_DEBUG, "answer %u begins%s", answer,
        interruptible ? "" : ", which nothing interrupts");
  else
    AGENT_LOG (&self->report, GST_LEVEL_DEBUG,
        "an answer is refused: its dialogue is not on");
  return answer;
}

static gboolean
host_write (gpointer host, guint answer, gconstpointer data, gsize size)
{
  AgentHost *self = host;
  const GstClockTime now = agent_report_get_now (&self->report);

  g_mutex_lock (&self->lock);
  gboolean taken =
      self->open && agent_mouth_write (&self->mouth, answer, data, size, now);
  g_mutex_unlock (&self->lock);
  return taken;
}

static gboolean
host_end (gpointer host, guint answer)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  const gboolean ended =
      self->open && playout_end (self->mouth.playout, answer);
  g_mutex_unlock (&self->lock);
  AGENT_LOG (&self->report, GST_LEVEL_DEBUG, "answer %u %s", answer,
      ended ? "has all come in" : "was over when it was ended");
  return ended;
}

static void
host_clause (gpointer host, guint answer, const gchar *text)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  if (self->open)
    playout_clause (self->mouth.playout, answer, text);
  g_mutex_unlock (&self->lock);
}

static gboolean
host_mark (gpointer host, guint answer, guint mark)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  const gboolean taken =
      self->open && agent_mouth_mark (&self->mouth, answer, mark);
  g_mutex_unlock (&self->lock);
  return taken;
}

static void
host_stages (gpointer host, guint answer, GstClockTime transcriber,
    GstClockTime model, GstClockTime voice)
{
  AgentHost *self = host;
  const TurnTold told = { transcriber, model, voice };

  g_mutex_lock (&self->lock);
  if (self->open)
    agent_mouth_set_stages (&self->mouth, answer, &told);
  g_mutex_unlock (&self->lock);
}

static GstClockTime
host_respond_by (gpointer host)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  const GstClockTime by =
      self->open ? turn_meter_get_respond_by (&self->mouth.meter) : 0;
  g_mutex_unlock (&self->lock);
  return by ? by : GST_CLOCK_TIME_NONE;
}

static GstClockTime
host_audible (gpointer host)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  GstClockTime audible = self->open ? self->mouth.audible : GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&self->lock);
  return audible;
}

static void
host_frame (gpointer host, gconstpointer data, gsize size)
{
  AgentHost *self = host;

  agent_report_frame (&self->report, data, size);
}

/* ---- Answers that are cut off */

static GstVoiceAgentBackend *
dup_backend_unlocked (AgentHost *self, guint64 dialogue)
{
  return is_on_unlocked (self, dialogue) ? g_object_ref (self->backend) : NULL;
}

static void
tell_cut (AgentHost *self)
{
  g_autoptr (GObject) session = g_weak_ref_get (&self->session);

  if (session)
    self->above->cut (session);
}

void
agent_host_tell_heard (AgentHost *self, GstVoiceAgentBackend *backend,
    AgentMouthCut *cut)
{
  if (cut->cut.item)
    agent_backend_heard (backend, cut->cut.item, cut->cut.words,
        cut->cut.heard);
  agent_report_heard (&self->report, g_steal_pointer (&cut->cut.words),
      cut->cut.tag, cut->start, cut->end);
}

gboolean
agent_host_cut (AgentHost *self, guint64 dialogue)
{
  AgentMouthCut cut = { 0 };

  g_mutex_lock (&self->lock);
  g_autoptr (GstVoiceAgentBackend) backend =
      dup_backend_unlocked (self, dialogue);
  const gboolean any = backend && agent_mouth_cut (&self->mouth, &cut);
  g_mutex_unlock (&self->lock);
  /* It may have words that have not come in yet. */
  if (backend) {
    agent_backend_interrupt (backend, cut.cut.item, cut.cut.heard);
    agent_host_tell_heard (self, backend, &cut);
    tell_cut (self);
  }
  if (any)
    agent_report_turn (&self->report, &cut.turn);
  return any;
}

static gboolean
host_cut (gpointer host, guint64 dialogue)
{
  return agent_host_cut (host, dialogue);
}

void
agent_host_hold (AgentHost *self, gboolean all)
{
  AgentMouthCut cut = { 0 };
  gboolean any = FALSE;

  g_mutex_lock (&self->lock);
  g_autoptr (GstVoiceAgentBackend) backend = dup_backend_unlocked (self, 0);
  const guint hold =
      backend ? agent_mouth_hold (&self->mouth, all, &cut, &any) : 0;
  g_mutex_unlock (&self->lock);
  g_free (cut.cut.words); /* it may be taken back */
  if (hold)
    agent_backend_held (backend, hold, cut.cut.item, cut.cut.heard,
        cut.cut.total);
  if (any)
    agent_report_turn (&self->report, &cut.turn);
}

static gboolean
resume (AgentHost *self, guint hold, gboolean over)
{
  GstAiAgentTurn turn;

  g_mutex_lock (&self->lock);
  const gboolean any =
      self->open && agent_mouth_resume (&self->mouth, hold, over, &turn);
  g_mutex_unlock (&self->lock);
  if (any)
    agent_report_turn (&self->report, &turn);
  return any;
}

static gboolean
host_resume (gpointer host, guint hold)
{
  return hold && resume (host, hold, TRUE);
}

void
agent_host_go_on (AgentHost *self, gboolean over)
{
  resume (self, 0, over);
}

static void
host_drop (gpointer host, guint hold)
{
  AgentHost *self = host;
  AgentMouthCut cut = { 0 };

  g_mutex_lock (&self->lock);
  g_autoptr (GstVoiceAgentBackend) backend =
      self->open ? g_object_ref (self->backend) : NULL;
  const gboolean any = backend && agent_mouth_drop (&self->mouth, hold, &cut);
  g_mutex_unlock (&self->lock);
  if (backend) {
    agent_host_tell_heard (self, backend, &cut);
    tell_cut (self);
  }
  if (any)
    agent_report_turn (&self->report, &cut.turn);
}

/* ---- The caller's turns */

static gboolean
host_turn (gpointer host, guint64 dialogue, gboolean began, GstClockTime time)
{
  AgentHost *self = host;
  g_autoptr (GObject) session = g_weak_ref_get (&self->session);

  return session && self->above->turn (session, dialogue, began, time);
}

static gboolean
host_finds_turns (gpointer host)
{
  AgentHost *self = host;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->finds_turns;
}

/* ---- Facts and controls */

/* What is said of a dialogue may come when it is over, but not of the next one's. */
static gboolean
is_last_unlocked (const AgentHost *self, guint64 dialogue)
{
  return !dialogue || dialogue == self->dialogues;
}

static guint64
host_dialogue (gpointer host)
{
  AgentHost *self = host;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->opened;
}

static void
host_format (gpointer host, GstVoiceFormat *format)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  if (self->mouth.playout)
    *format = self->mouth.format;
  g_mutex_unlock (&self->lock);
}

static gchar *
host_tools (gpointer host)
{
  AgentHost *self = host;
  g_autoptr (GObject) session = g_weak_ref_get (&self->session);

  return session ? self->above->dup_tools (session) : g_strdup ("[]");
}

static void
host_control (gpointer host, guint64 dialogue, const GstVoiceControl *control)
{
  AgentHost *self = host;
  const GstAiAgentTool tool = {
    .name = gst_voice_control_action_to_string (control->action),
    .id = control->id,
    .arguments = control->target,
  };

  g_mutex_lock (&self->lock);
  gboolean due = is_on_unlocked (self, dialogue);
  if (due)
    playout_mark (self->mouth.playout, gst_voice_control_event_new (control));
  g_mutex_unlock (&self->lock);
  if (due)
    agent_report_tool (&self->report, &tool);
}

static void
host_transcript (gpointer host, guint64 dialogue,
    const GstVoiceAgentTranscript *said)
{
  AgentHost *self = host;
  GstVoiceAgentTranscript transcript = *said;

  g_mutex_lock (&self->lock);
  if (!is_last_unlocked (self, dialogue)) {
    g_mutex_unlock (&self->lock);
    return;
  }
  const guint64 turn_id = agent_mouth_complete (&self->mouth, &transcript);
  if (transcript.agent && transcript.answer && self->open) {
    playout_text (self->mouth.playout, transcript.answer, transcript.text);
    transcript.final = FALSE;
  }
  g_mutex_unlock (&self->lock);
  if (transcript.start == GST_CLOCK_TIME_NONE)
    transcript.start = 0;
  if (transcript.end == GST_CLOCK_TIME_NONE)
    transcript.end = 0;
  agent_report_transcript (&self->report, &transcript, turn_id);
}

static void
host_tool (gpointer host, guint64 dialogue, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  AgentHost *self = host;
  g_autoptr (GObject) session = g_weak_ref_get (&self->session);

  g_mutex_lock (&self->lock);
  const gboolean due = is_last_unlocked (self, dialogue);
  if (due) {
    AgentHostTool *kept = &self->tools[self->n_tools++ % AGENT_HOST_TOOLS];
    clear_tool (kept);
    *kept = (AgentHostTool){ g_strdup (id), g_strdup (name) };
  }
  g_mutex_unlock (&self->lock);
  if (due && session)
    self->above->tool (session, dialogue, name, id, arguments);
}

gchar *
agent_host_dup_tool (AgentHost *self, const gchar *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  const guint first = self->n_tools + AGENT_HOST_TOOLS - 1;
  for (guint i = 0; i < AGENT_HOST_TOOLS; i++) { /* the last first */
    const AgentHostTool *tool = &self->tools[(first - i) % AGENT_HOST_TOOLS];
    if (!g_strcmp0 (tool->id, id))
      return g_strdup (tool->name);
  }
  return NULL;
}

static void
host_usage (gpointer host, guint64 dialogue, guint64 input_tokens,
    guint64 output_tokens)
{
  AgentHost *self = host;

  g_mutex_lock (&self->lock);
  const gboolean due = is_last_unlocked (self, dialogue);
  g_mutex_unlock (&self->lock);
  if (due)
    agent_report_usage (&self->report, input_tokens, output_tokens);
}

/* Of the call that rings, while one does: that has no dialogue yet. */
static void
report_state (AgentHost *self, GstVoiceAgentState state, const gchar *reason)
{
  g_mutex_lock (&self->lock);
  g_autofree gchar *rung = g_strdup (self->rung);
  const guint64 dialogue = rung ? 0 : self->opened;
  g_mutex_unlock (&self->lock);
  agent_report_state (&self->report, rung, dialogue, state, reason);
}

static void
host_state (gpointer host, GstVoiceAgentState state, const gchar *reason)
{
  AgentHost *self = host;

  report_state (self, state, reason);
  if (state == GST_VOICE_AGENT_READY || state == GST_VOICE_AGENT_FAILED)
    agent_ready_tell (&self->ready, &self->report, &self->rung);
}

static void
host_warn (gpointer host, const GError *error)
{
  AgentHost *self = host;

  agent_report_warning (&self->report, error);
}

static void
host_failed (gpointer host, const GError *error)
{
  AgentHost *self = host;

  report_state (self, GST_VOICE_AGENT_FAILED, error->message);
  agent_ready_tell (&self->ready, &self->report, &self->rung);
  agent_report_failure (&self->report, error);
}

static void
host_set_late (gpointer host, GParamSpec *pspec)
{
  AgentHost *self = host;
  g_autofree gchar *name = g_strconcat ("backend::", pspec->name, NULL);

  agent_report_late_setting (&self->report, name);
}

static const GstVoiceAgentHost functions = {
  .begin = host_begin,
  .write = host_write,
  .end = host_end,
  .clause = host_clause,
  .mark = host_mark,
  .cut = host_cut,
  .resume = host_resume,
  .drop = host_drop,
  .stages = host_stages,
  .respond_by = host_respond_by,
  .audible = host_audible,
  .frame = host_frame,
  .turn = host_turn,
  .finds_turns = host_finds_turns,
  .dialogue = host_dialogue,
  .format = host_format,
  .tools = host_tools,
  .control = host_control,
  .transcript = host_transcript,
  .tool = host_tool,
  .usage = host_usage,
  .state = host_state,
  .warn = host_warn,
  .failed = host_failed,
  .set_late = host_set_late,
};

/* What a backend has had. It outlives sessions, and numbers go on: who is late with
 * something for a caller must not meet another one of the same number. */
typedef struct
{
  guint64 dialogue;
  guint answer;
} Numbers;

static GQuark
numbers_quark (void)
{
  return g_quark_from_static_string ("agent-host-numbers");
}

static void
go_on_from (AgentHost *self, const Numbers *last)
{
  g_mutex_lock (&self->lock);
  if (self->dialogues < last->dialogue) {
    self->others += last->dialogue - self->dialogues;
    self->dialogues = last->dialogue;
  }
  self->mouth.last_answer = last->answer;
  g_mutex_unlock (&self->lock);
}

static void
keep_numbers (AgentHost *self, GstVoiceAgentBackend *backend)
{
  const Numbers *had =
      g_object_get_qdata (G_OBJECT (backend), numbers_quark ());
  Numbers *last = g_new0 (Numbers, 1);

  if (had)
    *last = *had;
  g_mutex_lock (&self->lock);
  const guint answer = self->mouth.playout
      ? playout_get_last_answer (self->mouth.playout)
      : self->mouth.last_answer;
  last->dialogue = MAX (last->dialogue, self->dialogues);
  last->answer = MAX (last->answer, answer);
  g_mutex_unlock (&self->lock);
  g_object_set_qdata_full (G_OBJECT (backend), numbers_quark (), last, g_free);
}

gboolean
agent_host_serve (AgentHost *self, GstVoiceAgentBackend *backend,
    GError **error)
{
  if (gst_voice_agent_backend_set_host (backend, &functions, G_OBJECT (self))) {
    const Numbers *last =
        g_object_get_qdata (G_OBJECT (backend), numbers_quark ());
    g_autofree gchar *model = agent_choice_dup_model (backend);
    agent_report_name_backend (&self->report, agent_choice_get_name (backend),
        model);
    if (last)
      go_on_from (self, last);
    return TRUE;
  }
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
      "The backend-object is at work in another session: each needs one of its "
      "own.");
  return FALSE;
}

void
agent_host_leave (AgentHost *self, GstVoiceAgentBackend *backend)
{
  keep_numbers (self, backend);
  gst_voice_agent_backend_clear_host (backend, G_OBJECT (self));
}
