/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The embedded agent: recognition, dialogue and speech in this process, with nothing
 * from outside.
 *
 * Decisions:
 * - The workers never call anybody. What they have finished is fetched by the tick
 *   of the dialogue, which comes every 20 ms on the media loop just before the
 *   frame is taken: nothing is heard later for it, and nothing needs to be waited
 *   for when the dialogue ends. Without an aiagentsrc there are no ticks: then the
 *   caller's audio, which comes as often, takes their place.
 * - Nothing is begun while the caller speaks, but for at most LONGEST_TURN: that is no
 *   phrase but a noise, which must not keep the dialogue from going on. */

#include "localprivate.h"

#include "common/event/gstvoiceevents.h"

#include <string.h>

#define LONGEST_TURN (RECOGNIZER_MAX_LENGTH + 500) /* ms: too long for it */
#define TICK 20 /* ms */
#define LATE_TICKS 100 /* ms of audio after which it keeps the time */
#define NO_AUDIO \
  1000 /* ms of ticks after which there is none, not late audio */

typedef struct
{
  GstVoiceAgentBackendClass parent_class;
} AgentLocalClass;

G_DEFINE_TYPE (AgentLocal, agent_local, GST_TYPE_VOICE_AGENT_BACKEND)

enum
{
  PROP_AGENT_FILE = 1,
  PROP_STATS,
  N_PROPS,
};

/* ---- Preparing */

static gboolean
agent_local_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  g_autofree gchar *path = g_strdup (self->agent_file);
  g_mutex_unlock (&self->lock);
  LocalMind *mind = local_mind_acquire (path, error);
  if (!mind)
    return FALSE;
  g_mutex_lock (&self->lock);
  LocalMind *last = self->mind;
  self->mind = mind;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&last, local_mind_release);
  return TRUE;
}

/* ---- Dialogue, lock held */

static void
break_promise_unlocked (AgentLocal *self)
{
  if (!self->promise || self->now < self->promise_until)
    return;
  dialogue_result (self->dialogue, self->promise, DIALOGUE_FAILED, self->now);
  self->promise = 0;
}

static gboolean
is_busy_unlocked (const AgentLocal *self)
{
  return self->turn || self->heard.length || self->outputs.length ||
      self->said.missed;
}

/* Both ticks and audio may be late and then come at once: each counts for itself,
 * lest the time of one delay passes twice. */
static void
advance_unlocked (AgentLocal *self)
{
  gint64 time = MAX (self->ticks, self->listened - LATE_TICKS);

  self->now = MAX (self->now, time);
  if (self->turn && self->now - self->turn_began >= LONGEST_TURN)
    local_end_turn_unlocked (self, GST_CLOCK_TIME_NONE);
  if (self->held && self->doubt_until && self->now >= self->doubt_until)
    local_release_unlocked (self, TRUE);
  local_decide_unlocked (self);
  break_promise_unlocked (self);
  if (is_busy_unlocked (self))
    dialogue_busy (self->dialogue, self->now);
  else
    dialogue_tick (self->dialogue, self->now);
  local_collect_outputs_unlocked (self, 0);
}

static void
pump (AgentLocal *self)
{
  g_mutex_lock (&self->lock);
  gboolean mine = self->dialogue && !self->pumping;
  if (mine) {
    self->pumping = TRUE;
    advance_unlocked (self);
  }
  g_mutex_unlock (&self->lock);
  if (!mine)
    return;
  while (local_run_step (self))
    ;
  g_mutex_lock (&self->lock);
  self->pumping = FALSE;
  g_mutex_unlock (&self->lock);
}

static void
agent_local_tick (GstVoiceAgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  self->ticks += TICK;
  self->listened = MAX (self->listened, self->ticks - NO_AUDIO);
  g_mutex_unlock (&self->lock);
  pump (self);
}

/* ---- Listening */

static void
agent_local_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n, GstClockTime time, gboolean speaking)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  if (self->dialogue)
    local_hear_unlocked (self, samples, n);
  if (self->dialogue)
    self->listened += n * 1000 / self->rate;
  gboolean unticked = self->listened - LATE_TICKS > self->now;
  g_mutex_unlock (&self->lock);
  if (unticked)
    pump (self);
}

static void
agent_local_turn (GstVoiceAgentBackend *backend, gboolean began,
    GstClockTime time)
{
  AgentLocal *self = AGENT_LOCAL (backend);
  GstClockTime audible = gst_voice_agent_backend_get_audible (backend);

  g_mutex_lock (&self->lock);
  if (!began)
    local_end_turn_unlocked (self, time);
  else if (self->dialogue)
    local_begin_turn_unlocked (self, time, audible);
  g_mutex_unlock (&self->lock);
}

static void
agent_local_resumed (GstVoiceAgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  self->held = 0;
  g_mutex_unlock (&self->lock);
}

static void
agent_local_rejected (GstVoiceAgentBackend *backend, GstClockTime time)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  local_end_doubtful_turn_unlocked (self, time);
  g_mutex_unlock (&self->lock);
}

static gdouble
agent_local_get_completeness (GstVoiceAgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  const gdouble complete = local_get_completeness_unlocked (self);
  g_mutex_unlock (&self->lock);
  return complete;
}

static void
agent_local_held (GstVoiceAgentBackend *backend, guint hold, guint answer,
    guint heard, guint total)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  if (self->dialogue) {
    self->held = hold;
    if (self->release == LOCAL_RELEASE_RESUME)
      self->release = LOCAL_RELEASE_NONE; /* what is to be dropped is, still */
    local_note_heard_unlocked (self, answer, heard, total);
  }
  g_mutex_unlock (&self->lock);
}

/* A command: for good. */
static void
agent_local_interrupt (GstVoiceAgentBackend *backend, guint answer, guint heard)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  local_drop_unlocked (self);
  local_forget_said_unlocked (self);
  self->held = 0;
  self->opened = TRUE;
  guint unfinished = self->unfinished;
  self->unfinished = 0;
  g_mutex_unlock (&self->lock);
  /* It may have been begun behind the cut. */
  if (unfinished)
    gst_voice_agent_backend_end_answer (backend, unfinished);
}

static void
agent_local_done (GstVoiceAgentBackend *backend, guint answer)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  local_note_done_unlocked (self, answer);
  g_mutex_unlock (&self->lock);
}

static void
agent_local_digit (GstVoiceAgentBackend *backend, gchar digit)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean ignored =
      self->dialogue && dialogue_ignores (self->dialogue, digit, self->now);
  g_mutex_unlock (&self->lock);
  if (!ignored)
    gst_voice_agent_backend_cut (backend, 0);
  g_mutex_lock (&self->lock);
  local_forget_said_unlocked (self);
  if (self->dialogue)
    dialogue_digit (self->dialogue, digit, self->now);
  g_mutex_unlock (&self->lock);
}

static DialogueOutcome
outcome_of (const gchar *result)
{
  if (!g_strcmp0 (result, "accepted"))
    return DIALOGUE_ACCEPTED;
  return !g_strcmp0 (result, "refused") ? DIALOGUE_REFUSED : DIALOGUE_FAILED;
}

static void
agent_local_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *result, const gchar *reason)
{
  AgentLocal *self = AGENT_LOCAL (backend);
  guint number = id && g_str_has_prefix (id, LOCAL_CONTROL)
      ? (guint) g_ascii_strtoull (id + strlen (LOCAL_CONTROL), NULL, 10)
      : 0;

  const gboolean over = gst_voice_control_result_is_final (result);

  g_mutex_lock (&self->lock);
  if (number == self->promise && over)
    self->promise = 0;
  else if (number == self->promise)
    self->promise_until = self->now + LOCAL_TRANSFERRED_WITHIN;
  if (self->dialogue && !over && g_strcmp0 (result, "asked"))
    dialogue_progress (self->dialogue, number, self->now);
  if (self->dialogue && over)
    dialogue_result (self->dialogue, number, outcome_of (result), self->now);
  g_mutex_unlock (&self->lock);
}

static gboolean
agent_local_say (GstVoiceAgentBackend *backend, const gchar *text)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean open = self->dialogue != NULL;
  if (open)
    local_add_output_unlocked (self,
        (DialogueAction){ DIALOGUE_SAY, g_strdup (text), NULL, TRUE }, 0);
  g_mutex_unlock (&self->lock);
  return open;
}

/* "What are your hours?" as the grammar has it: words, in small letters. */
static gchar *
words_of (const gchar *text)
{
  g_autofree gchar *small = g_utf8_strdown (text, -1);
  GString *words = g_string_new (NULL);

  for (const gchar *c = small; *c; c = g_utf8_next_char (c)) {
    gunichar u = g_utf8_get_char (c);
    if (g_unichar_isalnum (u) || u == '\'')
      g_string_append_unichar (words, u);
    else if (words->len && words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  }
  return g_strchomp (g_string_free (words, FALSE));
}

static gboolean
agent_local_read (GstVoiceAgentBackend *backend, const gchar *text)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean open = self->dialogue != NULL;
  if (open) {
    local_read_unlocked (self, words_of (text));
    local_collect_outputs_unlocked (self, 0);
  }
  g_mutex_unlock (&self->lock);
  return open;
}

static gboolean
agent_local_is_thinking (GstVoiceAgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean thinking =
      self->heard.length || self->outputs.length || self->said.missed;
  g_mutex_unlock (&self->lock);
  return thinking;
}

/* ---- Dialogues */

/* "sip:alice@example.com" -> "alice" */
static gchar *
caller_of (const GstVoiceCall *call)
{
  gboolean named = call && call->from && g_strcmp0 (call->channel, "webrtc");
  const gchar *from = named ? call->from : ""; /* a browser's is an address */
  const gchar *start = strchr (from, ':') ? strchr (from, ':') + 1 : from;

  return g_strndup (start, strcspn (start, "@;"));
}

static void
agent_local_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  AgentLocal *self = AGENT_LOCAL (backend);
  g_autofree gchar *caller = caller_of (call);
  guint64 number = gst_voice_agent_backend_get_dialogue (backend);

  g_mutex_lock (&self->lock);
  self->dialogue_number = number;
  self->rate = rate;
  self->now = self->ticks = self->listened = 0;
  self->failed = FALSE;
  self->channel = (RecognizerChannel){ 0 };
  self->dialogue = dialogue_new (local_mind_get_file (self->mind));
  dialogue_begin (self->dialogue, caller,
      local_mind_count_dialogue (self->mind), 0);
  local_collect_outputs_unlocked (self, 0);
  self->opened = !self->outputs.length;
  g_mutex_unlock (&self->lock);
  local_mind_prepare_voice (self->mind, rate);
}

static void
agent_local_close (GstVoiceAgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->dialogue, dialogue_free);
  local_forget_turns_unlocked (self);
  g_queue_clear_full (&self->outputs, local_output_free);
  g_queue_clear_full (&self->facts, local_fact_free);
  self->held = 0;
  self->release = LOCAL_RELEASE_NONE;
  self->unfinished = self->promise = 0;
  g_mutex_unlock (&self->lock);
}

/* ---- Class */

static GstStructure *
get_stats (AgentLocal *self)
{
  RecognizerStats recognizer = { 0 };
  SynthesizerStats synthesizer;

  g_mutex_lock (&self->lock);
  LocalMind *mind = self->mind ? local_mind_ref (self->mind) : NULL;
  g_mutex_unlock (&self->lock);
  if (mind && local_mind_get_recognizer (mind))
    recognizer_get_stats (local_mind_get_recognizer (mind), &recognizer);
  g_clear_pointer (&mind, local_mind_release);
  synthesizer_get_stats (&synthesizer);
  g_mutex_lock (&self->lock);
  GstStructure *stats = gst_structure_new ("application/x-aiagent-local-stats",
      "recognized", G_TYPE_UINT64, self->recognized, "rejected", G_TYPE_UINT64,
      self->rejected, "utterances", G_TYPE_UINT64, recognizer.utterances,
      "waits", G_TYPE_UINT64, recognizer.waits, "decoders", G_TYPE_UINT,
      recognizer.decoders, "clauses-made", G_TYPE_UINT64, synthesizer.made,
      "clauses-reused", G_TYPE_UINT64, synthesizer.reused, "cached",
      G_TYPE_UINT64, (guint64) synthesizer.cached, NULL);
  g_mutex_unlock (&self->lock);
  return stats;
}

static void
agent_local_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AgentLocal *self = AGENT_LOCAL (object);

  g_mutex_lock (&self->lock);
  g_free (self->agent_file);
  self->agent_file = g_value_dup_string (value);
  g_mutex_unlock (&self->lock);
}

static void
agent_local_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  AgentLocal *self = AGENT_LOCAL (object);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, get_stats (self));
    return;
  }
  g_mutex_lock (&self->lock);
  g_value_set_string (value, self->agent_file);
  g_mutex_unlock (&self->lock);
}

static void
agent_local_finalize (GObject *object)
{
  AgentLocal *self = AGENT_LOCAL (object);

  agent_local_close (GST_VOICE_AGENT_BACKEND (self));
  g_clear_pointer (&self->mind, local_mind_release);
  g_byte_array_unref (self->pre_roll);
  g_free (self->agent_file);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_local_parent_class)->finalize (object);
}

static void
agent_local_init (AgentLocal *self)
{
  g_mutex_init (&self->lock);
  self->pre_roll = g_byte_array_new ();
  g_queue_init (&self->heard);
  g_queue_init (&self->outputs);
  g_queue_init (&self->facts);
}

/**
 * AgentLocal:agent-file:
 *
 * Dialogue file that says what the agent understands and answers. Default: unset, the
 * receptionist that is built in. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentLocal:stats:
 *
 * GstStructure application/x-aiagent-local-stats: recognized, rejected (guint64, of
 * this agent), utterances (guint64), waits (guint64, utterances that had to wait until
 * another gave its decoder back), decoders (guint, of all agents with this grammar),
 * clauses-made, clauses-reused (guint64, of the process), cached (guint64, bytes; of
 * the process). Read only; any thread.
 *
 * Since: 0.1
 */

static void
agent_local_class_init (AgentLocalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);

  object_class->set_property = agent_local_set_property;
  object_class->get_property = agent_local_get_property;
  object_class->finalize = agent_local_finalize;
  backend_class->needs_turns = TRUE;
  backend_class->prepare = agent_local_prepare;
  backend_class->open = agent_local_open;
  backend_class->send_audio = agent_local_send_audio;
  backend_class->turn = agent_local_turn;
  backend_class->held = agent_local_held;
  backend_class->resumed = agent_local_resumed;
  backend_class->rejected = agent_local_rejected;
  backend_class->get_completeness = agent_local_get_completeness;
  backend_class->interrupt = agent_local_interrupt;
  backend_class->done = agent_local_done;
  backend_class->digit = agent_local_digit;
  backend_class->result = agent_local_result;
  backend_class->say = agent_local_say;
  backend_class->read = agent_local_read;
  backend_class->tick = agent_local_tick;
  backend_class->is_thinking = agent_local_is_thinking;
  backend_class->close = agent_local_close;
  g_object_class_install_properties (object_class, N_PROPS,
      (GParamSpec *[]){ NULL,
          g_param_spec_string ("agent-file", "Agent file",
              "Dialogue file that says what the agent understands and answers "
              "(unset = the built-in receptionist)",
              NULL,
              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                  GST_PARAM_MUTABLE_READY),
          g_param_spec_boxed ("stats", "Statistics",
              "Counters of recognition and speech", GST_TYPE_STRUCTURE,
              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS) });
}
