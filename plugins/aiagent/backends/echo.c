/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Plays each finished turn back: hears that both directions work. Or, for
 * benchmarks, every frame at once.
 *
 * In mode turn what was said up to PRE_ROLL before the turn belongs to
 * it; a turn is cut at MAX_TURN. */

#include "echo.h"

#include "voiceagent/gstvoiceagentbackend.h"

#include <string.h>

#define PRE_ROLL 300 /* ms */
#define KEPT \
  1600 /* ms, outside of a turn: of one it may be told 1200 ms late */
#define MAX_TURN 60000 /* ms */

typedef enum
{
  ECHO_MODE_TURN,
  ECHO_MODE_LOOP_BACK,
} EchoMode;

#define AGENT_ECHO(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_ECHO, AgentEcho))

typedef struct
{
  GstVoiceAgentBackend parent;

  EchoMode mode; /* set before READY, then read freely */

  GMutex lock; /* protects everything below */
  guint rate;
  GByteArray *heard;
  GstClockTime heard_end; /* running time */
  gboolean in_turn;
} AgentEcho;

typedef struct
{
  GstVoiceAgentBackendClass parent_class;
} AgentEchoClass;

G_DEFINE_TYPE (AgentEcho, agent_echo, GST_TYPE_VOICE_AGENT_BACKEND)

enum
{
  PROP_MODE = 1,
};

GType
agent_echo_mode_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { ECHO_MODE_TURN, "Each turn of the caller, once it is over", "turn" },
    { ECHO_MODE_LOOP_BACK, "Every frame at once, for measuring", "loop-back" },
    { 0, NULL, NULL }
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstAiAgentEchoMode", values));
  return type;
}

static guint
bytes_of (AgentEcho *self, guint ms)
{
  return self->rate / 1000 * ms * 2;
}

static void
agent_echo_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  AgentEcho *self = AGENT_ECHO (backend);

  g_mutex_lock (&self->lock);
  self->rate = rate;
  self->in_turn = FALSE;
  g_byte_array_set_size (self->heard, 0);
  g_mutex_unlock (&self->lock);
}

static void
remember (AgentEcho *self, const gint16 *samples, guint n, GstClockTime time)
{
  g_mutex_lock (&self->lock);
  self->heard_end =
      time + gst_util_uint64_scale_int (n, GST_SECOND, (gint) self->rate);
  guint limit = bytes_of (self, self->in_turn ? MAX_TURN : KEPT);
  if (!self->in_turn || self->heard->len < limit)
    g_byte_array_append (self->heard, (const guint8 *) samples, n * 2);
  if (!self->in_turn && self->heard->len > limit)
    g_byte_array_remove_range (self->heard, 0, self->heard->len - limit);
  g_mutex_unlock (&self->lock);
}

static void
agent_echo_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n, GstClockTime time, gboolean speaking)
{
  AgentEcho *self = AGENT_ECHO (backend);

  if (self->mode == ECHO_MODE_LOOP_BACK)
    gst_voice_agent_backend_play_frame (backend, samples, n * 2);
  else
    remember (self, samples, n, time);
}

/* What was heard long before @start is not of the turn. */
static void
forget_before_unlocked (AgentEcho *self, GstClockTime start)
{
  const GstClockTime from = start - MIN (start, PRE_ROLL * GST_MSECOND);
  const GstClockTime length =
      self->heard_end > from ? self->heard_end - from : 0;
  const guint size = bytes_of (self, (guint) (length / GST_MSECOND));

  if (self->heard->len > size)
    g_byte_array_remove_range (self->heard, 0, self->heard->len - size);
}

static void
agent_echo_turn (GstVoiceAgentBackend *backend, gboolean began,
    GstClockTime time)
{
  AgentEcho *self = AGENT_ECHO (backend);
  GByteArray *turn = NULL;

  g_mutex_lock (&self->lock);
  if (!began && self->in_turn) {
    turn = self->heard;
    self->heard = g_byte_array_new ();
  }
  if (began && !self->in_turn)
    forget_before_unlocked (self, time);
  self->in_turn = began;
  g_mutex_unlock (&self->lock);
  if (!turn)
    return;
  if (self->mode == ECHO_MODE_TURN) {
    guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
    gst_voice_agent_backend_write (backend, answer, turn->data, turn->len);
    gst_voice_agent_backend_end_answer (backend, answer);
  }
  g_byte_array_unref (turn);
}

static gboolean
agent_echo_is_immediate (GstVoiceAgentBackend *backend)
{
  return AGENT_ECHO (backend)->mode == ECHO_MODE_LOOP_BACK;
}

static void
agent_echo_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  AGENT_ECHO (object)->mode = (EchoMode) g_value_get_enum (value);
}

static void
agent_echo_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  g_value_set_enum (value, (gint) AGENT_ECHO (object)->mode);
}

static void
agent_echo_finalize (GObject *object)
{
  AgentEcho *self = AGENT_ECHO (object);

  g_byte_array_unref (self->heard);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (agent_echo_parent_class)->finalize (object);
}

static void
agent_echo_init (AgentEcho *self)
{
  g_mutex_init (&self->lock);
  self->heard = g_byte_array_new ();
}

/**
 * AgentEcho:mode:
 *
 * What is played back and when. Default: turn, each turn of the caller when it is
 * over; loop-back, every frame at once. Changeable in READY.
 *
 * Since: 0.1
 */

static void
agent_echo_class_init (AgentEchoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);

  object_class->set_property = agent_echo_set_property;
  object_class->get_property = agent_echo_get_property;
  object_class->finalize = agent_echo_finalize;
  backend_class->open = agent_echo_open;
  backend_class->send_audio = agent_echo_send_audio;
  backend_class->turn = agent_echo_turn;
  backend_class->is_immediate = agent_echo_is_immediate;
  g_object_class_install_property (object_class, PROP_MODE,
      g_param_spec_enum ("mode", "Mode", "What is played back and when",
          AGENT_TYPE_ECHO_MODE, ECHO_MODE_TURN,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}
