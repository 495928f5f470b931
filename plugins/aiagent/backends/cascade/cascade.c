/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* An agent of three stages, each by a URI or built in: speech to text, a language model,
 * text to speech. This is the part that its session sees.
 *
 * Decisions:
 * - It needs turns, and the element finds them: a recogniser is sent whole turns.
 * - The agent greets, because that is what somebody who calls expects: with a text, which
 *   is heard at once and costs nothing; "" leaves the first word to the caller.
 * - Whatever the caller does cancels what is under way: each interruption has a number
 *   ("cuts"), by which the agent loop knows, before it says something, that it is about
 *   to be told of one. */

#include "cascadeprivate.h"

#include "common/base/gstvoicesecret.h"

G_DEFINE_FINAL_TYPE (AgentCascade, agent_cascade, GST_TYPE_VOICE_AGENT_BACKEND)

/* ---- Preparing */

static void
warn_of_phrases (AgentCascade *self)
{
  g_autoptr (GError) error = g_error_new_literal (GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS,
      "Without backend::stt, the URI of a recogniser, callers are understood "
      "only if they say a phrase of the built-in receptionist, or of "
      "backend::agent-file.");

  gst_voice_agent_backend_warn (GST_VOICE_AGENT_BACKEND (self), error);
}

static gboolean
agent_cascade_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  AgentCascade *self = AGENT_CASCADE (backend);

  g_mutex_lock (&self->lock);
  CascadeSettings settings = self->settings;
  for (guint i = 0; i < CASCADE_N_TEXTS; i++)
    settings.texts[i] = g_strdup (settings.texts[i]);
  g_mutex_unlock (&self->lock);
  CascadeSetup *setup = cascade_setup_new (&settings, error);
  cascade_settings_clear (&settings);
  if (!setup)
    return FALSE;
  const gchar *agent_file = setup->settings.texts[CASCADE_TEXT_AGENT_FILE];
  if (setup->mind && (!agent_file || !*agent_file))
    warn_of_phrases (self);
  g_mutex_lock (&self->lock);
  CascadeSetup *last = self->setup;
  self->setup = setup;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&last, cascade_setup_unref);
  return TRUE;
}

static CascadeSetup *
dup_setup (AgentCascade *self)
{
  g_mutex_lock (&self->lock);
  CascadeSetup *setup = cascade_setup_ref (self->setup);
  g_mutex_unlock (&self->lock);
  return setup;
}

static gboolean
agent_cascade_costs (GstVoiceAgentBackend *backend)
{
  CascadeSetup *setup = dup_setup (AGENT_CASCADE (backend));
  const gboolean costs = cascade_setup_costs (setup);

  cascade_setup_unref (setup);
  return costs;
}

/* ---- What the session tells, any thread */

static CascadeWork *
new_call_work (GstVoiceAgentBackend *backend, CascadeWorkType type,
    const GstVoiceCall *call)
{
  CascadeWork *work = cascade_work_new (backend, type);

  work->setup = dup_setup (AGENT_CASCADE (backend));
  work->texts[0] = g_strdup (call && call->call_id ? call->call_id : "");
  return work;
}

static void
agent_cascade_ring (GstVoiceAgentBackend *backend, const GstVoiceCall *call)
{
  cascade_work_post (new_call_work (backend, CASCADE_WORK_RING, call));
}

static void
agent_cascade_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  AgentCascade *self = AGENT_CASCADE (backend);
  CascadeWork *work = new_call_work (backend, CASCADE_WORK_OPEN, call);
  LocalMind *mind = work->setup->mind;

  work->dialogue = gst_voice_agent_backend_get_dialogue (backend);
  work->rate = rate;
  cascade_ear_begin (&self->ear, mind ? local_mind_get_recognizer (mind) : NULL,
      rate, work->setup->settings.numbers[CASCADE_NUMBER_PREEMPT]);
  cascade_work_post (work);
}

static void
agent_cascade_close (GstVoiceAgentBackend *backend)
{
  AgentCascade *self = AGENT_CASCADE (backend);

  cascade_ear_begin (&self->ear, NULL, 0, 0);
  g_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->calls);
  g_mutex_unlock (&self->lock);
  cascade_work_post (cascade_work_new (backend, CASCADE_WORK_CLOSE));
}

static void
agent_cascade_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n_samples, GstClockTime time, gboolean speaking)
{
  CascadeTurn *so_far = NULL;
  const CascadeHint hint = cascade_ear_hear (&AGENT_CASCADE (backend)->ear,
      samples, n_samples, time, &so_far);

  if (hint == CASCADE_HINT_NONE)
    return;
  CascadeWork *work = cascade_work_new (backend,
      hint == CASCADE_HINT_ON ? CASCADE_WORK_ON : CASCADE_WORK_PAUSE);
  work->turn = so_far;
  cascade_work_post (work);
}

static void
post_cut (AgentCascade *self, CascadeWorkType type)
{
  CascadeWork *work = cascade_work_new (self, type);

  work->cuts = (guint) g_atomic_int_add (&self->cuts, 1) + 1;
  cascade_work_post (work);
}

static void
agent_cascade_turn (GstVoiceAgentBackend *backend, gboolean began,
    GstClockTime time)
{
  AgentCascade *self = AGENT_CASCADE (backend);

  if (began) {
    cascade_ear_begin_turn (&self->ear, time);
    post_cut (self, CASCADE_WORK_TURN_BEGAN);
  } else {
    CascadeWork *work = cascade_work_new (backend, CASCADE_WORK_TURN_ENDED);
    work->turn = cascade_ear_end_turn (&self->ear);
    cascade_work_post (work);
  }
}

static void
agent_cascade_interrupt (GstVoiceAgentBackend *backend, guint answer,
    guint heard)
{
  post_cut (AGENT_CASCADE (backend), CASCADE_WORK_INTERRUPT);
}

static void
agent_cascade_heard (GstVoiceAgentBackend *backend, guint answer,
    const gchar *words, guint heard)
{
  CascadeWork *work = cascade_work_new (backend, CASCADE_WORK_HEARD);

  work->answer = answer;
  work->texts[0] = g_strdup (words);
  cascade_work_post (work);
}

static void
agent_cascade_marked (GstVoiceAgentBackend *backend, guint mark)
{
  CascadeWork *work = cascade_work_new (backend, CASCADE_WORK_MARKED);

  work->mark = mark;
  cascade_work_post (work);
}

static gboolean
post_texts (GstVoiceAgentBackend *backend, CascadeWorkType type, const gchar *a,
    const gchar *b)
{
  CascadeWork *work = cascade_work_new (backend, type);

  work->texts[0] = g_strdup (a);
  work->texts[1] = g_strdup (b);
  cascade_work_post (work);
  return TRUE;
}

static gboolean
agent_cascade_say (GstVoiceAgentBackend *backend, const gchar *text)
{
  return post_texts (backend, CASCADE_WORK_SAY, text, NULL);
}

static gboolean
agent_cascade_read (GstVoiceAgentBackend *backend, const gchar *text)
{
  return post_texts (backend, CASCADE_WORK_READ, text, NULL);
}

static gboolean
agent_cascade_instruct (GstVoiceAgentBackend *backend, const gchar *text)
{
  return post_texts (backend, CASCADE_WORK_INSTRUCT, text, NULL);
}

void
agent_cascade_add_call (AgentCascade *self, const gchar *id)
{
  g_mutex_lock (&self->lock);
  g_hash_table_add (self->calls, g_strdup (id));
  g_mutex_unlock (&self->lock);
}

static gboolean
agent_cascade_tool_result (GstVoiceAgentBackend *backend, const gchar *id,
    const gchar *json)
{
  AgentCascade *self = AGENT_CASCADE (backend);

  g_mutex_lock (&self->lock);
  const gboolean called = g_hash_table_remove (self->calls, id);
  g_mutex_unlock (&self->lock);
  return called && post_texts (backend, CASCADE_WORK_TOOL_RESULT, id, json);
}

static gboolean
agent_cascade_is_thinking (GstVoiceAgentBackend *backend)
{
  AgentCascade *self = AGENT_CASCADE (backend);

  return g_atomic_int_get (&self->asked) || g_atomic_int_get (&self->busy);
}

/* ---- Properties: texts, then numbers, in the order of their enums */

static void
agent_cascade_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AgentCascade *self = AGENT_CASCADE (object);
  gchar *last = NULL;

  g_mutex_lock (&self->lock);
  if (G_VALUE_HOLDS_STRING (value)) {
    last = self->settings.texts[id - 1];
    self->settings.texts[id - 1] = g_value_dup_string (value);
  } else {
    self->settings.numbers[id - 1 - CASCADE_N_TEXTS] =
        G_VALUE_HOLDS_BOOLEAN (value) ? (guint) g_value_get_boolean (value)
                                      : g_value_get_uint (value);
  }
  g_mutex_unlock (&self->lock);
  gst_voice_secret_free (last);
}

static void
agent_cascade_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  AgentCascade *self = AGENT_CASCADE (object);

  g_mutex_lock (&self->lock);
  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, self->settings.texts[id - 1]);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value,
        self->settings.numbers[id - 1 - CASCADE_N_TEXTS] != 0);
  else
    g_value_set_uint (value, self->settings.numbers[id - 1 - CASCADE_N_TEXTS]);
  g_mutex_unlock (&self->lock);
}

/* ---- Class */

static void
agent_cascade_finalize (GObject *object)
{
  AgentCascade *self = AGENT_CASCADE (object);

  /* A dialogue's work keeps it alive until that is over. */
  cascade_ear_clear (&self->ear);
  g_clear_pointer (&self->setup, cascade_setup_unref);
  cascade_settings_clear (&self->settings);
  g_hash_table_unref (self->calls);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_cascade_parent_class)->finalize (object);
}

static void
agent_cascade_init (AgentCascade *self)
{
  g_mutex_init (&self->lock);
  cascade_ear_init (&self->ear);
  cascade_properties_init (&self->settings);
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
agent_cascade_class_init (AgentCascadeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);

  object_class->set_property = agent_cascade_set_property;
  object_class->get_property = agent_cascade_get_property;
  object_class->finalize = agent_cascade_finalize;
  backend_class->needs_turns = TRUE;
  backend_class->prepare = agent_cascade_prepare;
  backend_class->costs = agent_cascade_costs;
  backend_class->ring = agent_cascade_ring;
  backend_class->open = agent_cascade_open;
  backend_class->close = agent_cascade_close;
  backend_class->send_audio = agent_cascade_send_audio;
  backend_class->turn = agent_cascade_turn;
  backend_class->interrupt = agent_cascade_interrupt;
  backend_class->heard = agent_cascade_heard;
  backend_class->marked = agent_cascade_marked;
  backend_class->tool_result = agent_cascade_tool_result;
  backend_class->say = agent_cascade_say;
  backend_class->read = agent_cascade_read;
  backend_class->instruct = agent_cascade_instruct;
  backend_class->is_thinking = agent_cascade_is_thinking;
  cascade_properties_install (object_class);
}
