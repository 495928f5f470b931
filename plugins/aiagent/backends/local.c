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
 * - What a caller said PRE_ROLL before the turn was noticed belongs to it.
 * - An interruption that is shorter than COUGH and that the grammar does not have
 *   was none: the agent goes on with the clause it was in, and does what was to be
 *   done behind it. Before the first sound of what it says, any length of it is none:
 *   who heard no greeting cannot know what there is to be said. Where nothing may
 *   interrupt it, a cough or its own echo is none either.
 * - Nothing is begun while the caller speaks, but for at most LONGEST_TURN: that is no
 *   phrase but a noise, which must not keep the dialogue from going on. */

#include "localprivate.h"

#include <string.h>

#define PRE_ROLL 300 /* ms */
#define COUGH 1200 /* ms, with pre-roll and the silence behind it */
#define LONGEST_TURN (RECOGNIZER_MAX_LENGTH + 500) /* ms: too long for it */
#define TICK 20 /* ms */
#define LATE_TICKS 100 /* ms of audio after which it keeps the time */
#define NO_AUDIO \
  1000 /* ms of ticks after which there is none, not late audio */

typedef struct
{
  AgentBackendClass parent_class;
} AgentLocalClass;

G_DEFINE_TYPE (AgentLocal, agent_local, AGENT_TYPE_BACKEND)

enum
{
  PROP_AGENT_FILE = 1,
  PROP_STATS,
  N_PROPS,
};

/* ---- Preparing */

static gboolean
agent_local_prepare (AgentBackend *backend, GstVoiceFormat *format,
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
collect_outputs_unlocked (AgentLocal *self)
{
  DialogueAction action;

  while (dialogue_next (self->dialogue, &action))
    local_add_output_unlocked (self, action);
}

/* What was said means nothing: does the agent go on with what it was about to say? The
 * last word of a caller who has begun again decides. */
static gboolean
goes_on_unlocked (AgentLocal *self, gboolean cough)
{
  if (local_has_unheard_unlocked (self) ||
      (cough && local_is_speaking_unlocked (self)))
    return TRUE;
  if (!self->rest.length || (self->rest_heard && !cough))
    return FALSE;
  if (!self->in_turn && !self->heard.length)
    local_go_on_unlocked (self);
  return TRUE;
}

/* @cough: what was rejected may have been one. */
static void
understand_unlocked (AgentLocal *self, Fact *fact, gboolean cough)
{
  gboolean known =
      !fact->rejected && dialogue_knows (self->dialogue, fact->words);
  const gchar *meant = NULL;

  if (known || !goes_on_unlocked (self, cough && fact->rejected)) {
    if (fact->rejected)
      dialogue_not_understood (self->dialogue, self->now);
    else
      meant = dialogue_heard (self->dialogue, fact->words, self->now);
    g_queue_clear_full (&self->rest, local_output_free);
  }
  if (!meant && !fact->rejected)
    fact->rejected = "the words mean nothing at this point";
  self->recognized += fact->rejected == NULL;
  self->rejected += fact->rejected != NULL;
  g_queue_push_tail (&self->facts, fact);
}

static void
heard_free (gpointer data)
{
  utterance_drop (((Heard *) data)->utterance);
  g_free (data);
}

static void
take_result_unlocked (AgentLocal *self)
{
  Heard *first = g_queue_peek_head (&self->heard);
  RecognizerResult result;

  if (!first || !utterance_take_result (first->utterance, &result))
    return;
  Fact *fact = g_new (Fact, 1);
  *fact = (Fact){ result.words, result.confidence, result.rejected,
    result.failed && !self->failed ? result.rejected : NULL, first->start,
    first->end };
  self->failed |= result.failed;
  self->channel = result.channel;
  heard_free (g_queue_pop_head (&self->heard));
  understand_unlocked (self, fact, result.length < COUGH);
}

static void
end_turn_unlocked (AgentLocal *self, GstClockTime end)
{
  self->in_turn = FALSE;
  if (!self->utterance)
    return;
  Heard *heard = g_new (Heard, 1);
  *heard = (Heard){ g_steal_pointer (&self->utterance), self->turn_start, end };
  utterance_finish (heard->utterance);
  g_queue_push_tail (&self->heard, heard);
}

/* Both ticks and audio may be late and then come at once: each counts for itself,
 * lest the time of one delay passes twice. */
static void
advance_unlocked (AgentLocal *self)
{
  gint64 time = MAX (self->ticks, self->listened - LATE_TICKS);

  self->now = MAX (self->now, time);
  if (self->in_turn && self->now - self->turn_began >= LONGEST_TURN)
    end_turn_unlocked (self, 0);
  take_result_unlocked (self);
  if (self->in_turn || self->heard.length || self->outputs.length)
    dialogue_busy (self->dialogue, self->now);
  else
    dialogue_tick (self->dialogue, self->now);
  collect_outputs_unlocked (self);
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
agent_local_tick (AgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  self->ticks += TICK;
  self->listened = MAX (self->listened, self->ticks - NO_AUDIO);
  g_mutex_unlock (&self->lock);
  pump (self);
}

/* ---- Listening */

static guint
bytes_of (const AgentLocal *self, guint ms)
{
  return self->rate / 1000 * ms * 2;
}

static void
remember_unlocked (AgentLocal *self, const gint16 *samples, guint n)
{
  guint limit = bytes_of (self, PRE_ROLL);

  g_byte_array_append (self->pre_roll, (const guint8 *) samples, n * 2);
  if (self->pre_roll->len > limit)
    g_byte_array_remove_range (self->pre_roll, 0, self->pre_roll->len - limit);
}

static void
agent_local_send_audio (AgentBackend *backend, const gint16 *samples, guint n,
    gboolean speaking)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  if (self->utterance)
    utterance_push (self->utterance, samples, n);
  else if (self->dialogue)
    remember_unlocked (self, samples, n);
  if (self->dialogue)
    self->listened += n * 1000 / self->rate;
  gboolean unticked = self->listened - LATE_TICKS > self->now;
  g_mutex_unlock (&self->lock);
  if (unticked)
    pump (self);
}

static void
begin_utterance_unlocked (AgentLocal *self)
{
  Recognizer *recognizer = local_mind_get_recognizer (self->mind);

  if (!recognizer || self->utterance)
    return;
  self->utterance = utterance_new (recognizer, self->rate, &self->channel);
  utterance_push (self->utterance,
      (const gint16 *) (gconstpointer) self->pre_roll->data,
      self->pre_roll->len / 2);
  g_byte_array_set_size (self->pre_roll, 0);
}

static void
agent_local_turn (AgentBackend *backend, gboolean began, GstClockTime time)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  if (!began) {
    end_turn_unlocked (self, time);
  } else if (self->dialogue) {
    self->in_turn = TRUE;
    self->turn_began = self->now;
    self->turn_start = time;
    begin_utterance_unlocked (self);
  }
  g_mutex_unlock (&self->lock);
}

static void
agent_local_interrupt (AgentBackend *backend, guint answer, guint heard)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  guint unfinished = local_cut_unlocked (self, answer, heard);
  if (!self->in_turn) /* a command: that is no cough */
    g_queue_clear_full (&self->rest, local_output_free);
  g_mutex_unlock (&self->lock);
  /* It may have been begun behind the cut. */
  if (unfinished)
    agent_backend_end (backend, unfinished);
}

static void
agent_local_done (AgentBackend *backend, guint answer)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  for (GList *link = self->outputs.head; link; link = link->next) {
    Output *output = link->data;
    if (!output->written || output->answer != answer)
      continue;
    g_queue_delete_link (&self->outputs, link);
    local_output_free (output);
    break;
  }
  g_mutex_unlock (&self->lock);
}

static void
agent_local_digit (AgentBackend *backend, gchar digit)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean ignored =
      self->dialogue && dialogue_ignores (self->dialogue, digit, self->now);
  g_mutex_unlock (&self->lock);
  if (!ignored)
    agent_backend_cut (backend);
  g_mutex_lock (&self->lock);
  g_queue_clear_full (&self->rest, local_output_free);
  if (self->dialogue)
    dialogue_digit (self->dialogue, digit, self->now);
  g_mutex_unlock (&self->lock);
}

static void
agent_local_result (AgentBackend *backend, const gchar *id, const gchar *result,
    const gchar *reason)
{
  AgentLocal *self = AGENT_LOCAL (backend);
  guint number = id && g_str_has_prefix (id, LOCAL_CONTROL)
      ? (guint) g_ascii_strtoull (id + strlen (LOCAL_CONTROL), NULL, 10)
      : 0;

  g_mutex_lock (&self->lock);
  if (self->dialogue)
    dialogue_result (self->dialogue, number, !g_strcmp0 (result, "accepted"),
        self->now);
  g_mutex_unlock (&self->lock);
}

static gboolean
agent_local_say (AgentBackend *backend, const gchar *text)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean open = self->dialogue != NULL;
  if (open)
    local_add_output_unlocked (self,
        (DialogueAction){ DIALOGUE_SAY, g_strdup (text), NULL, TRUE });
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
agent_local_read (AgentBackend *backend, const gchar *text)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean open = self->dialogue != NULL;
  if (open) {
    Fact *fact = g_new (Fact, 1);
    *fact = (Fact){ words_of (text), 1, NULL, NULL, GST_CLOCK_TIME_NONE,
      GST_CLOCK_TIME_NONE };
    understand_unlocked (self, fact, FALSE);
    collect_outputs_unlocked (self);
  }
  g_mutex_unlock (&self->lock);
  return open;
}

static gboolean
agent_local_is_thinking (AgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  gboolean thinking = self->heard.length || self->outputs.length;
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
agent_local_open (AgentBackend *backend, const GstVoiceCall *call, guint rate)
{
  AgentLocal *self = AGENT_LOCAL (backend);
  g_autofree gchar *caller = caller_of (call);
  guint64 number = agent_backend_get_dialogue (backend);

  g_mutex_lock (&self->lock);
  self->dialogue_number = number;
  self->rate = rate;
  self->now = self->ticks = self->listened = 0;
  self->failed = FALSE;
  self->channel = (RecognizerChannel){ 0 };
  self->dialogue = dialogue_new (local_mind_get_file (self->mind));
  dialogue_begin (self->dialogue, caller,
      local_mind_count_dialogue (self->mind), 0);
  collect_outputs_unlocked (self);
  g_mutex_unlock (&self->lock);
  local_mind_prepare_voice (self->mind, rate);
}

static void
agent_local_close (AgentBackend *backend)
{
  AgentLocal *self = AGENT_LOCAL (backend);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->dialogue, dialogue_free);
  g_clear_pointer (&self->utterance, utterance_drop);
  g_queue_clear_full (&self->heard, heard_free);
  g_queue_clear_full (&self->outputs, local_output_free);
  g_queue_clear_full (&self->rest, local_output_free);
  g_queue_clear_full (&self->facts, local_fact_free);
  g_byte_array_set_size (self->pre_roll, 0);
  self->in_turn = FALSE;
  g_mutex_unlock (&self->lock);
}

/* ---- Class */

/* `stats`: recognized, rejected (of this agent), utterances, waits (those that had to
 * wait until another gave its decoder back), decoders (of all with this grammar),
 * clauses-made, clauses-reused, cached (bytes; of the process). */
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

  agent_local_close (AGENT_BACKEND (self));
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
  g_queue_init (&self->rest);
  g_queue_init (&self->facts);
}

static void
agent_local_class_init (AgentLocalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  AgentBackendClass *backend_class = AGENT_BACKEND_CLASS (klass);

  object_class->set_property = agent_local_set_property;
  object_class->get_property = agent_local_get_property;
  object_class->finalize = agent_local_finalize;
  backend_class->needs_turns = TRUE;
  backend_class->prepare = agent_local_prepare;
  backend_class->open = agent_local_open;
  backend_class->send_audio = agent_local_send_audio;
  backend_class->turn = agent_local_turn;
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
