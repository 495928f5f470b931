/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The application is the agent: what the caller says goes to it by the signal new-buffer,
 * what it says comes back by action signals. What else it wants to know is on the bus:
 * `aiagent/backend` (ready: a dialogue has begun), `aiagent/turn` (with what was heard of
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

  g_mutex_lock (&self->lock);
  self->open = TRUE;
  self->rate = rate;
  self->warned = 0;
  g_hash_table_remove_all (self->answers);
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

  if (!g_signal_has_handler_pending (self, new_buffer, 0, FALSE))
    return;
  GstBuffer *buffer = gst_buffer_new_memdup (samples, n * sizeof *samples);
  g_mutex_lock (&self->lock);
  const GstClockTime limit = self->max_delay * GST_MSECOND;
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale_int (n, GST_SECOND, (gint) self->rate);
  g_mutex_unlock (&self->lock);
  caller_queue_push (&self->queue, buffer, speaking, limit);
}

static void
deliver (GObject *self, GstBuffer *buffer, gboolean speaking)
{
  g_signal_emit (self, new_buffer, 0, buffer, speaking);
}

/* The caller's words are on the bus, wherever they come from. */
static gboolean
agent_application_read (GstVoiceAgentBackend *backend, const gchar *text)
{
  gst_voice_agent_backend_transcript (backend,
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
 * oldest is dropped, and counted. Default: 1000.
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
 *
 * What the caller says, on a thread that may be slow: one handler at a time, in order.
 * One last buffer may come when the dialogue is over.
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
  new_buffer = g_signal_new ("new-buffer", type, G_SIGNAL_RUN_LAST, 0, NULL,
      NULL, NULL, G_TYPE_NONE, 2, GST_TYPE_BUFFER, G_TYPE_BOOLEAN);
  application_actions_install (type);
}
