/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The application is the agent: what the caller says goes to it by the signal new-buffer,
 * what it says comes back by action signals. What else it wants to know is on the bus:
 * `aiagent/backend` (ready: a dialogue has begun, and its number), `aiagent/turn` (with what was heard of
 * which answer), `aiagent/transcript`, and the channel's own messages of call and keys. */

#include "applicationprivate.h"

#define CAPS \
  "audio/x-raw, format=(string)S16LE, layout=(string)interleaved, " \
  "channels=(int)1"
#define DEFAULT_CAPS CAPS ", rate=(int)16000"
#define POSSIBLE_CAPS CAPS ", rate=(int){ 16000, 8000, 24000, 48000 }"
#define DEFAULT_MAX_DELAY 1000 /* ms */

typedef struct
{
  GstVoiceAgentBackendClass parent_class;
} AgentApplicationClass;

G_DEFINE_TYPE (AgentApplication, agent_application,
    GST_TYPE_VOICE_AGENT_BACKEND)

enum
{
  PROP_CAPS = 1,
  PROP_MAX_DELAY,
  PROP_STATS,
};

static guint new_buffer;

/* ---- What is told of it */

void
application_warn (AgentApplication *self, Mistake mistake, const gchar *what)
{
  g_mutex_lock (&self->lock);
  const gboolean told = self->warned & 1u << mistake;
  self->warned |= 1u << mistake;
  g_mutex_unlock (&self->lock);
  if (told)
    return;
  g_autoptr (GError) error =
      g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, what);
  gst_voice_agent_backend_warn (GST_VOICE_AGENT_BACKEND (self), error);
}

/* One that only speaks is none the worse for it: once, and not for each caller. */
static void
warn_deaf (AgentApplication *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->deaf, FALSE, TRUE))
    return;
  error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
      "Nobody hears the caller: the signal new-buffer of the backend has no "
      "handler.");
  gst_voice_agent_backend_warn (GST_VOICE_AGENT_BACKEND (self), error);
}

void
application_log (AgentApplication *self, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, const gchar *format, ...)
{
  va_list arguments;

  g_mutex_lock (&self->lock);
  g_autofree gchar *id = g_strdup (self->call_id ? self->call_id : "");
  g_mutex_unlock (&self->lock);
  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_log_write (id, level, file, function, line, text);
}

/* ---- The session's */

/* What is set of them may leave open what has to be so. */
static gboolean
agent_application_prepare (GstVoiceAgentBackend *backend,
    GstVoiceFormat *format, GError **error)
{
  AgentApplication *self = AGENT_APPLICATION (backend);
  g_autoptr (GstCaps) possible = gst_caps_from_string (POSSIBLE_CAPS);
  gint rate = 0;

  g_mutex_lock (&self->lock);
  g_autoptr (GstCaps) caps = gst_caps_ref (self->caps);
  g_mutex_unlock (&self->lock);
  g_autoptr (GstCaps) both = gst_caps_intersect (possible, caps);
  if (gst_caps_is_empty (both)) {
    g_autofree gchar *text = gst_caps_to_string (caps);
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "\"backend::caps\" is %s, and S16LE of one channel and 8000, 16000, "
        "24000 or 48000 Hz is needed.",
        text);
    return FALSE;
  }
  both = gst_caps_fixate (g_steal_pointer (&both));
  gst_structure_get_int (gst_caps_get_structure (both, 0), "rate", &rate);
  format->rate = (guint) rate;
  return TRUE;
}

static void
agent_application_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  AgentApplication *self = AGENT_APPLICATION (backend);
  const guint64 dialogue = gst_voice_agent_backend_get_dialogue (backend);

  g_mutex_lock (&self->lock);
  self->open = TRUE;
  self->dialogue = dialogue;
  g_free (self->call_id);
  self->call_id = g_strdup (call && call->call_id ? call->call_id : "");
  self->rate = rate;
  self->warned = 0;
  g_hash_table_remove_all (self->answers); /* none is of this one yet */
  g_mutex_unlock (&self->lock);
  gst_voice_agent_backend_set_state (backend, GST_VOICE_AGENT_READY, NULL);
}

static void
agent_application_close (GstVoiceAgentBackend *backend)
{
  AgentApplication *self = AGENT_APPLICATION (backend);

  g_mutex_lock (&self->lock);
  self->open = FALSE;
  g_mutex_unlock (&self->lock);
  caller_queue_flush (&self->queue);
}

static void
agent_application_send_audio (GstVoiceAgentBackend *backend,
    const gint16 *samples, guint n, GstClockTime time, gboolean speaking)
{
  AgentApplication *self = AGENT_APPLICATION (backend);

  if (!g_signal_has_handler_pending (self, new_buffer, 0, FALSE)) {
    warn_deaf (self);
    return;
  }
  GstBuffer *buffer = gst_buffer_new_memdup (samples, n * sizeof *samples);
  g_mutex_lock (&self->lock);
  const GstClockTime limit = self->max_delay * GST_MSECOND;
  const guint64 dialogue = self->dialogue;
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale_int (n, GST_SECOND, (gint) self->rate);
  g_mutex_unlock (&self->lock);
  if (!caller_queue_push (&self->queue, buffer, speaking, dialogue, limit))
    return;
  APPLICATION_LOG (self, GST_LEVEL_DEBUG,
      "the application is slow: some of the caller's audio is dropped");
  application_warn (self, MISTAKE_SLOW,
      "The application is slower than the caller speaks: what waited longer than "
      "\"backend::max-delay\" was dropped.");
}

static void
deliver (GObject *self, GstBuffer *buffer, gboolean speaking, guint64 dialogue)
{
  APPLICATION_LOG (AGENT_APPLICATION (self), GST_LEVEL_LOG,
      "hands over what was heard at %" GST_TIME_FORMAT,
      GST_TIME_ARGS (GST_BUFFER_PTS (buffer)));
  g_signal_emit (self, new_buffer, 0, buffer, speaking, dialogue);
}

/* The caller's words are on the bus, wherever they come from. */
static gboolean
agent_application_read (GstVoiceAgentBackend *backend, const gchar *text)
{
  gst_voice_agent_backend_transcript (backend, 0,
      &(GstVoiceAgentTranscript){ .text = text,
          .final = TRUE,
          .start = GST_CLOCK_TIME_NONE,
          .end = GST_CLOCK_TIME_NONE,
          .confidence = 1 });
  return TRUE;
}

static gboolean
agent_application_is_thinking (GstVoiceAgentBackend *backend)
{
  return caller_queue_is_busy (&AGENT_APPLICATION (backend)->queue);
}

/* ---- Properties */

static GstStructure *
make_stats (AgentApplication *self)
{
  guint64 delivered, dropped;
  GstClockTime waiting;

  caller_queue_get_counts (&self->queue, &delivered, &dropped, &waiting);
  return gst_structure_new ("application/x-aiagent-application-stats",
      "delivered", G_TYPE_UINT64, delivered, "dropped", G_TYPE_UINT64, dropped,
      "waiting", G_TYPE_UINT64, waiting, NULL);
}

static void
agent_application_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AgentApplication *self = AGENT_APPLICATION (object);
  GstCaps *caps = id == PROP_CAPS ? g_value_dup_boxed (value) : NULL;

  g_mutex_lock (&self->lock);
  if (id == PROP_MAX_DELAY) {
    self->max_delay = g_value_get_uint (value);
  } else {
    GstCaps *old = self->caps;
    self->caps = caps ? caps : gst_caps_from_string (DEFAULT_CAPS);
    caps = old;
  }
  g_mutex_unlock (&self->lock);
  gst_clear_caps (&caps);
}

static void
agent_application_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  AgentApplication *self = AGENT_APPLICATION (object);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, make_stats (self));
    return;
  }
  g_mutex_lock (&self->lock);
  if (id == PROP_CAPS)
    g_value_set_boxed (value, self->caps);
  else
    g_value_set_uint (value, self->max_delay);
  g_mutex_unlock (&self->lock);
}

static void
agent_application_finalize (GObject *object)
{
  AgentApplication *self = AGENT_APPLICATION (object);

  caller_queue_clear (&self->queue);
  g_hash_table_unref (self->answers);
  gst_clear_caps (&self->caps);
  g_free (self->call_id);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_application_parent_class)->finalize (object);
}

static void
agent_application_init (AgentApplication *self)
{
  g_mutex_init (&self->lock);
  caller_queue_init (&self->queue, G_OBJECT (self), deliver);
  self->answers = g_hash_table_new (NULL, NULL);
  self->caps = gst_caps_from_string (DEFAULT_CAPS);
  self->max_delay = DEFAULT_MAX_DELAY;
}

/* ---- Class */

/**
 * AgentApplication:caps:
 *
 * Format of the audio, both ways: S16LE of one channel, 8000, 16000, 24000 or 48000 Hz.
 * Default: 16000 Hz. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentApplication:max-delay:
 *
 * ms of the caller's audio that wait for an application that is slow; beyond them the
 * oldest is dropped, counted, and warned of once in a dialogue. Default: 1000.
 *
 * Since: 0.1
 */

/**
 * AgentApplication:stats:
 *
 * GstStructure application/x-aiagent-application-stats. Its fields: delivered, dropped
 * (guint64, buffers of the caller's audio); waiting (guint64, ns). Read only; any
 * thread.
 *
 * Since: 0.1
 */

static void
install_properties (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_CAPS,
      g_param_spec_boxed ("caps", "Caps",
          "Format of the audio, both ways: S16LE of one channel at 8000, 16000, "
          "24000 or 48000 Hz",
          GST_TYPE_CAPS,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_MAX_DELAY,
      g_param_spec_uint ("max-delay", "Maximum delay",
          "How much of the caller's audio waits for a slow application until the "
          "oldest is dropped (ms)",
          20, 60000, DEFAULT_MAX_DELAY,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Counters of the caller's audio, times in ns", GST_TYPE_STRUCTURE,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

/**
 * AgentApplication::new-buffer:
 *
 * @buffer: 20 ms or less of the caller's audio, its PTS in running time; DISCONT behind
 *     what was dropped
 * @speaking: it is within a turn of the caller's
 * @dialogue: number of the one that it is of
 *
 * What the caller says, on a thread that may be slow: one handler at a time, in order.
 * One last buffer may come when the dialogue is over. It is warned of, once, if there is
 * no handler.
 *
 * Since: 0.1
 */

static void
agent_application_class_init (AgentApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);
  const GType type = G_TYPE_FROM_CLASS (klass);

  object_class->set_property = agent_application_set_property;
  object_class->get_property = agent_application_get_property;
  object_class->finalize = agent_application_finalize;
  backend_class->prepare = agent_application_prepare;
  backend_class->open = agent_application_open;
  backend_class->close = agent_application_close;
  backend_class->send_audio = agent_application_send_audio;
  backend_class->read = agent_application_read;
  backend_class->is_thinking = agent_application_is_thinking;
  install_properties (object_class);
  new_buffer =
      g_signal_new ("new-buffer", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
          G_TYPE_NONE, 3, GST_TYPE_BUFFER, G_TYPE_BOOLEAN, G_TYPE_UINT64);
  application_actions_install (type);
}
