/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* An agent that follows a file (logic/agentscript.h): for tests, and for measuring
 * transports. Its clock is the tick of the dialogue, so that what it does depends
 * on media time only. */

#include "script.h"

#include "logic/agentscript.h"

#include "common/event/gstvoiceevents.h"
#include "common/frame/gstvoiceformat.h"
#include "voiceagent/gstvoiceagentbackend.h"

#include <string.h>

#define TICK 20 /* ms */

#define AGENT_SCRIPTED(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_SCRIPT, AgentScripted))

/* Never changed once it is made. Counted: a tick may still be at work on one when
 * prepare brings the next. */
typedef struct
{
  AgentScript *script;
  GHashTable *audio; /* ScriptAnswer -> GByteArray */
} Loaded;

typedef struct
{
  GstVoiceAgentBackend parent;

  gchar *agent_file; /* set before READY */

  GMutex lock; /* protects everything below */
  Loaded *loaded; /* by prepare; answers below are its own */
  const ScriptAnswer *next; /* will be given when `wait` is over */
  gint wait; /* ms */
  const ScriptAnswer *now; /* is being handed over */
  guint answer; /* its number, 0 = not begun */
  gsize at;
  gint pause; /* ms to the next burst */
  guint late; /* ms left to send although it was cut off */
  gboolean cut;
  guint turn; /* which answer of `turns` follows */
  gboolean answers_turn; /* @next is that one */
} AgentScripted;

typedef struct
{
  GstVoiceAgentBackendClass parent_class;
} AgentScriptedClass;

G_DEFINE_TYPE (AgentScripted, agent_scripted, GST_TYPE_VOICE_AGENT_BACKEND)

enum
{
  PROP_AGENT_FILE = 1,
};

/* ---- Preparing */

static void
loaded_clear (gpointer data)
{
  Loaded *self = data;

  g_clear_pointer (&self->audio, g_hash_table_unref);
  g_clear_pointer (&self->script, agent_script_free);
}

static void
loaded_unref (Loaded *self)
{
  g_atomic_rc_box_release_full (self, loaded_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loaded, loaded_unref)

static gboolean
append_wav (const ScriptPiece *piece, guint rate, GByteArray *out,
    GError **error)
{
  g_autofree gchar *data = NULL;
  g_autoptr (GByteArray) samples = g_byte_array_new ();
  gsize size;
  guint file_rate;

  if (!g_file_get_contents (piece->path, &data, &size, error))
    return FALSE;
  if (!agent_script_read_wav ((const guint8 *) data, size, &file_rate, samples,
          error)) {
    g_prefix_error (error, "%s: ", piece->path);
    return FALSE;
  }
  const GstVoiceFormat from = { GST_VOICE_S16, file_rate },
                       to = { GST_VOICE_S16, rate };
  g_autoptr (GstVoiceConverter) converter =
      gst_voice_converter_new (&from, &to);
  gst_voice_converter_process (converter, samples->data, samples->len, out);
  return TRUE;
}

static gboolean
render (Loaded *self, const ScriptAnswer *answer, GError **error)
{
  GByteArray *out = g_byte_array_new ();

  g_hash_table_insert (self->audio, (gpointer) answer, out);
  for (guint i = 0; i < answer->pieces->len; i++) {
    const ScriptPiece *piece = &g_array_index (answer->pieces, ScriptPiece, i);
    if (piece->type != SCRIPT_PIECE_WAV)
      agent_script_render (piece, self->script->rate, out);
    else if (!append_wav (piece, self->script->rate, out, error))
      return FALSE;
  }
  return TRUE;
}

static Loaded *
load (const gchar *file, GError **error)
{
  g_autoptr (Loaded) self = g_atomic_rc_box_new0 (Loaded);
  g_autofree gchar *data = NULL;
  g_autofree gchar *path = g_canonicalize_filename (file, NULL);
  g_autofree gchar *directory = g_path_get_dirname (path);
  gsize size;

  if (!g_file_get_contents (file, &data, &size, error))
    return NULL;
  self->script = agent_script_parse (data, size, directory, error);
  if (!self->script) {
    g_prefix_error (error, "%s: ", file);
    return NULL;
  }
  self->audio = g_hash_table_new_full (NULL, NULL, NULL,
      (GDestroyNotify) g_byte_array_unref);
  for (guint i = 0; i < self->script->answers->len; i++)
    if (!render (self, g_ptr_array_index (self->script->answers, i), error))
      return NULL;
  return g_steal_pointer (&self);
}

static gboolean
agent_scripted_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);

  if (!self->agent_file) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "backend=script needs a script: set backend::agent-file.");
    return FALSE;
  }
  Loaded *loaded = load (self->agent_file, error);
  if (!loaded)
    return FALSE;
  format->rate = loaded->script->rate;
  g_mutex_lock (&self->lock);
  Loaded *last = self->loaded;
  self->loaded = loaded;
  self->now = self->next = NULL; /* of the last one */
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&last, loaded_unref);
  return TRUE;
}

/* ---- Speaking */

static void
plan_unlocked (AgentScripted *self, const ScriptAnswer *answer)
{
  if (!answer)
    return;
  self->next = answer;
  self->answers_turn = FALSE;
  self->wait = answer->think_time >= 0
      ? answer->think_time
      : (gint) self->loaded->script->think_time;
}

static void
run_tool (AgentScripted *self, const ScriptAnswer *answer)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  GstVoiceControl control = { .id = answer->name,
    .target = answer->tool_target };

  if (!answer->tool)
    return;
  if (gst_voice_control_action_from_string (answer->tool, &control.action))
    gst_voice_agent_backend_control (backend, 0, &control);
  else
    gst_voice_agent_backend_call_tool (backend, 0, answer->tool, answer->name,
        answer->tool_target ? answer->tool_target : "");
}

static void
begin (AgentScripted *self, Loaded *loaded, const ScriptAnswer *answer)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  g_mutex_lock (&self->lock);
  guint unfinished = self->now && !self->cut ? self->answer : 0;
  self->now = NULL;
  g_mutex_unlock (&self->lock);
  if (unfinished)
    gst_voice_agent_backend_end_answer (backend,
        unfinished); /* left open it would hold back this one */
  if (answer->tool_before)
    run_tool (self, answer);
  guint number =
      gst_voice_agent_backend_begin_answer (backend, 0, answer->interruptible);
  if (answer->text)
    gst_voice_agent_backend_transcript (backend, 0,
        &(GstVoiceAgentTranscript){ .agent = TRUE,
            .text = answer->text,
            .final = TRUE,
            .confidence = -1,
            .answer = number });
  g_mutex_lock (&self->lock);
  self->now = self->loaded == loaded ? answer : NULL;
  self->answer = number;
  self->at = 0;
  self->pause = 0;
  self->cut = FALSE;
  self->late = answer->late;
  g_mutex_unlock (&self->lock);
}

static void
finish (AgentScripted *self, const ScriptAnswer *answer, guint number)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  g_autoptr (GError) error = NULL;

  if (answer->failure == SCRIPT_FAILURE_STALL)
    return;
  gst_voice_agent_backend_end_answer (backend, number);
  if (!answer->tool_before)
    run_tool (self, answer);
  if (answer->failure != SCRIPT_FAILURE_ERROR)
    return;
  error = g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
      "The script lets the answer \"%s\" fail.", answer->name);
  gst_voice_agent_backend_fail (backend, error);
}

static gsize
bytes_of_unlocked (AgentScripted *self, guint ms)
{
  return (gsize) self->loaded->script->rate / 1000 * ms * 2;
}

/* How much of the answer is handed over now. */
static gsize
next_burst_unlocked (AgentScripted *self, const GByteArray *audio)
{
  gsize size = audio->len - self->at;

  if (self->now->failure == SCRIPT_FAILURE_STALL)
    size = self->at ? 0 : audio->len / 4 * 2;
  else if (self->loaded->script->burst)
    size = MIN (size, bytes_of_unlocked (self, self->loaded->script->burst));
  if (self->cut)
    size = MIN (size, bytes_of_unlocked (self, self->late));
  return size;
}

static void
hand_over (AgentScripted *self)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  g_mutex_lock (&self->lock);
  g_autoptr (Loaded) loaded = g_atomic_rc_box_acquire (self->loaded);
  const ScriptAnswer *answer = self->now;
  guint number = self->answer;
  self->pause -= TICK;
  if (!answer || self->pause > 0) {
    g_mutex_unlock (&self->lock);
    return;
  }
  const GByteArray *audio = g_hash_table_lookup (loaded->audio, answer);
  const guint8 *data = audio->data + self->at;
  gsize size = next_burst_unlocked (self, audio);
  self->at += size;
  self->pause = (gint) loaded->script->burst_interval;
  gboolean cut = self->cut;
  gboolean done =
      cut || self->at >= audio->len || answer->failure == SCRIPT_FAILURE_STALL;
  if (done)
    self->now = NULL;
  g_mutex_unlock (&self->lock);

  if (size)
    gst_voice_agent_backend_write (backend, number, data, size);
  if (done && !cut)
    finish (self, answer, number);
}

static void
agent_scripted_tick (GstVoiceAgentBackend *backend)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);
  const ScriptAnswer *due = NULL;

  g_mutex_lock (&self->lock);
  g_autoptr (Loaded) loaded = g_atomic_rc_box_acquire (self->loaded);
  if (self->next) {
    if (self->wait <= 0) {
      due = g_steal_pointer (&self->next);
      self->turn += self->answers_turn &&
          self->turn + 1 < self->loaded->script->turns->len;
    }
    self->wait -= TICK;
  }
  g_mutex_unlock (&self->lock);
  if (due)
    begin (self, loaded, due);
  hand_over (self);
}

/* ---- Listening */

static void
agent_scripted_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);

  g_mutex_lock (&self->lock);
  self->now = self->next = NULL;
  self->turn = 0;
  if (self->loaded->script->greeting) {
    self->next = self->loaded->script->greeting;
    self->answers_turn = FALSE;
    self->wait = MAX (self->next->think_time, 0);
  }
  g_mutex_unlock (&self->lock);
}

static void
agent_scripted_turn (GstVoiceAgentBackend *backend, gboolean began,
    GstClockTime time)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);

  g_mutex_lock (&self->lock);
  GPtrArray *turns = self->loaded->script->turns;
  if (began) {
    self->next = NULL; /* the caller goes on: think again */
  } else if (turns->len) {
    guint turn = MIN (self->turn, turns->len - 1); /* the file may be another */
    plan_unlocked (self, g_ptr_array_index (turns, turn));
    self->answers_turn = TRUE;
  }
  g_mutex_unlock (&self->lock);
}

static void
agent_scripted_interrupt (GstVoiceAgentBackend *backend, guint answer,
    guint heard)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);

  g_mutex_lock (&self->lock);
  self->cut = !self->now || self->now->interruptible;
  self->next = NULL;
  g_mutex_unlock (&self->lock);
}

static void
agent_scripted_digit (GstVoiceAgentBackend *backend, gchar digit)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);
  gint number = gst_voice_dtmf_number (digit);

  if (number < 0)
    return;
  g_mutex_lock (&self->lock);
  plan_unlocked (self, self->loaded->script->digits[number]);
  g_mutex_unlock (&self->lock);
}

static void
agent_scripted_close (GstVoiceAgentBackend *backend)
{
  AgentScripted *self = AGENT_SCRIPTED (backend);

  g_mutex_lock (&self->lock);
  self->now = self->next = NULL;
  g_mutex_unlock (&self->lock);
}

/* ---- Class */

static void
agent_scripted_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AgentScripted *self = AGENT_SCRIPTED (object);

  g_free (self->agent_file);
  self->agent_file = g_value_dup_string (value);
}

static void
agent_scripted_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  g_value_set_string (value, AGENT_SCRIPTED (object)->agent_file);
}

static void
agent_scripted_finalize (GObject *object)
{
  AgentScripted *self = AGENT_SCRIPTED (object);

  g_clear_pointer (&self->loaded, loaded_unref);
  g_free (self->agent_file);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_scripted_parent_class)->finalize (object);
}

static void
agent_scripted_init (AgentScripted *self)
{
  g_mutex_init (&self->lock);
}

/**
 * AgentScripted:agent-file:
 *
 * Script that says what the agent answers and when. Default: unset, with which it does
 * not start. Changeable in READY.
 *
 * Since: 0.1
 */

static void
agent_scripted_class_init (AgentScriptedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);

  object_class->set_property = agent_scripted_set_property;
  object_class->get_property = agent_scripted_get_property;
  object_class->finalize = agent_scripted_finalize;
  backend_class->prepare = agent_scripted_prepare;
  backend_class->open = agent_scripted_open;
  backend_class->turn = agent_scripted_turn;
  backend_class->interrupt = agent_scripted_interrupt;
  backend_class->digit = agent_scripted_digit;
  backend_class->tick = agent_scripted_tick;
  backend_class->close = agent_scripted_close;
  g_object_class_install_property (object_class, PROP_AGENT_FILE,
      g_param_spec_string ("agent-file", "Agent file",
          "Script that says what the agent answers and when", NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}
