/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - An answer begins with the first audio, and is over when all of it was heard and
 *   nothing more came for DRY. When that is, is reckoned from what came in: if it is
 *   wrong, because the call was held, two answers are made of one, and nobody hears it.
 * - Audio of less than a frame waits until it would have to be heard, and is filled up
 *   with silence then.
 * - What the session cuts off within a turn of the caller's may still be on its way to us:
 *   up to the end of that turn, or until the far side clears, what comes is dropped. If
 *   nothing was cut off it is heard: a caller's "hello?" takes nothing of the greeting.
 * - Who closes the connection in order (1000, or without a code) has no more to say: then
 *   the call ends behind what was said. Any other end is a fault, and is tried again.
 * - An agent that says nothing to a turn may mean it: no time-out by default. */

#include "agentstream.h"

#include "aiagent/remote/agentnet.h"
#include "common/frame/gstvoiceformat.h"

#include <string.h>

#define DRY 200 /* ms */
#define WORDLESS 3000 /* ms that an answer waits for its first audio */
#define MAX_MARKS 4096
#define MAX_NAMES (64 * 1024) /* bytes of theirs */
#define MAX_NAME 256 /* bytes */

typedef struct
{
  guint number;
  gchar *name;
} Mark;

typedef struct
{
  /* The agent loop only: no lock. */
  guint answer, last_answer; /* 0 = none */
  guint partial; /* bytes beyond a frame */
  gboolean written; /* to the answer */
  gint64 heard_at; /* ms, monotonic: when all that came was heard */
  GSource *timer;
  GQueue marks; /* Mark, that are on their way */
  gsize names; /* bytes of theirs */
  guint last_mark;
  gboolean in_turn;
  gboolean cut; /* the session has cut it off, and not told yet */
  gboolean muted; /* what comes belongs to what was cut off */
  gboolean clearing; /* we cut it off ourselves */
  guint own_cuts; /* of those, the ones that are still to be told */

  gint hanging_up; /* atomic */
  AgentStreamSettings settings; /* has its own lock */
} AgentStreamPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AgentStream, agent_stream,
    AGENT_TYPE_REMOTE)

static AgentStreamPrivate *
get_priv (AgentStream *self)
{
  return agent_stream_get_instance_private (self);
}

static gint64
get_now (void)
{
  return g_get_monotonic_time () / 1000;
}

/* ---- Marks */

static void
mark_free (gpointer data)
{
  g_free (((Mark *) data)->name);
  g_free (data);
}

static void
forget_marks (AgentStreamPrivate *priv)
{
  g_queue_clear_full (&priv->marks, mark_free);
  priv->names = 0;
}

static void
give_back (AgentStream *self, const gchar *name, gboolean cleared)
{
  if (AGENT_STREAM_GET_CLASS (self)->mark)
    AGENT_STREAM_GET_CLASS (self)->mark (self, name, cleared);
}

/* Those up to @number. */
static void
give_back_up_to (AgentStream *self, guint number, gboolean cleared)
{
  AgentStreamPrivate *priv = get_priv (self);
  Mark *mark;

  while ((mark = g_queue_peek_head (&priv->marks)) && mark->number <= number) {
    g_queue_pop_head (&priv->marks);
    priv->names -= strlen (mark->name);
    give_back (self, mark->name, cleared);
    mark_free (mark);
  }
}

void
agent_stream_clear_marks (AgentStream *self)
{
  give_back_up_to (self, G_MAXUINT, TRUE);
}

static void
agent_stream_marked (AgentRemote *remote, guint number)
{
  give_back_up_to (AGENT_STREAM (remote), number, FALSE);
}

/* ---- Answers */

static void
clear_timer (AgentStreamPrivate *priv)
{
  if (!priv->timer)
    return;
  g_source_destroy (priv->timer);
  g_clear_pointer (&priv->timer, g_source_unref);
}

static void
forget_answer (AgentStreamPrivate *priv)
{
  clear_timer (priv);
  if (priv->answer)
    priv->last_answer = priv->answer;
  priv->answer = priv->partial = 0;
  priv->written = FALSE;
  priv->heard_at = 0;
}

static void
end_answer (AgentStream *self)
{
  AgentStreamPrivate *priv = get_priv (self);
  const guint answer = priv->answer;

  forget_answer (priv);
  if (answer)
    agent_remote_end_answer (AGENT_REMOTE (self), answer);
}

/* FALSE: it is not to be said. */
static gboolean
hand_over (AgentStream *self, gconstpointer data, gsize size)
{
  AgentStreamPrivate *priv = get_priv (self);
  GstVoiceFormat format;

  if (!agent_remote_write (AGENT_REMOTE (self), priv->answer, data, size)) {
    priv->cut = priv->answer != 0; /* not if that was the end of the link */
    forget_answer (priv);
    return FALSE;
  }
  agent_remote_get_format (AGENT_REMOTE (self), &format);
  priv->partial =
      (guint) ((priv->partial + size) % GST_VOICE_FRAME_SIZE (&format));
  priv->written = TRUE;
  priv->heard_at = MAX (priv->heard_at, get_now ()) +
      (gint64) (size * 20 / GST_VOICE_FRAME_SIZE (&format));
  return TRUE;
}

static void
fill_up (AgentStream *self)
{
  AgentStreamPrivate *priv = get_priv (self);
  guint8 silence[GST_VOICE_FRAME_SAMPLES (48000) * 2];
  GstVoiceFormat format;

  agent_remote_get_format (AGENT_REMOTE (self), &format);
  const gsize missing = GST_VOICE_FRAME_SIZE (&format) - priv->partial;
  gst_voice_format_silence (format.encoding, silence, missing);
  hand_over (self, silence, missing);
}

static gboolean on_time (gpointer data);

static void
arm (AgentStream *self)
{
  AgentStreamPrivate *priv = get_priv (self);
  const gint64 wait = priv->partial ? 0 : priv->written ? DRY : WORDLESS;
  const gint64 rest = priv->heard_at + wait - get_now ();

  clear_timer (priv);
  if (priv->answer)
    priv->timer = io_loop_add_timeout (agent_net_get_loop (),
        (guint) CLAMP (rest, 1, G_MAXINT), on_time, self);
}

/* What came meanwhile has put it off: a timer for each piece would be dear. */
static gboolean
on_time (gpointer data)
{
  AgentStream *self = data;
  AgentStreamPrivate *priv = get_priv (self);
  const gint64 dry = get_now () - priv->heard_at;

  if (dry >= 0 && priv->partial)
    fill_up (self);
  else if (dry >= (priv->written ? DRY : WORDLESS))
    end_answer (self);
  arm (self);
  return G_SOURCE_REMOVE;
}

static gboolean
may_speak (AgentStream *self)
{
  const AgentStreamPrivate *priv = get_priv (self);

  return agent_remote_get_dialogue (AGENT_REMOTE (self)) && !priv->cut &&
      !priv->muted && !g_atomic_int_get (&priv->hanging_up);
}

guint
agent_stream_take_answer (AgentStream *self)
{
  AgentStreamPrivate *priv = get_priv (self);

  if (priv->answer || !may_speak (self))
    return priv->answer;
  priv->answer = agent_remote_begin_answer (AGENT_REMOTE (self), TRUE);
  priv->heard_at = get_now ();
  arm (self);
  return priv->answer;
}

/* ---- What the far side does */

void
agent_stream_write (AgentStream *self, gconstpointer data, gsize size)
{
  AgentStreamPrivate *priv = get_priv (self);

  if (!size || !may_speak (self) || !agent_stream_take_answer (self))
    return;
  const gboolean first = !priv->written;
  if (hand_over (self, data, size) && (first || priv->partial))
    arm (self);
}

void
agent_stream_mark (AgentStream *self, const gchar *name)
{
  AgentStreamPrivate *priv = get_priv (self);
  const guint answer = priv->answer ? priv->answer : priv->last_answer;

  if (strlen (name) > MAX_NAME + 1) { /* ... with the letter of a protocol */
    agent_remote_give_up (AGENT_REMOTE (self), FALSE,
        "it gives a mark a name of more than 256 bytes");
    return;
  }
  if (!may_speak (self) || priv->marks.length >= MAX_MARKS ||
      priv->names + strlen (name) > MAX_NAMES) {
    give_back (self, name, TRUE);
    return;
  }
  Mark *mark = g_new (Mark, 1);
  *mark = (Mark){ ++priv->last_mark, g_strdup (name) };
  g_queue_push_tail (&priv->marks, mark);
  priv->names += strlen (name);
  if (answer &&
      gst_voice_agent_backend_mark (GST_VOICE_AGENT_BACKEND (self), answer,
          mark->number))
    return;
  priv->cut = priv->answer != 0; /* an open one cannot have been heard */
  give_back_up_to (self, mark->number, priv->cut);
}

void
agent_stream_clear (AgentStream *self)
{
  AgentStreamPrivate *priv = get_priv (self);

  priv->muted = priv->cut = FALSE;
  end_answer (self);
  priv->clearing = TRUE;
  gst_voice_agent_backend_cut (GST_VOICE_AGENT_BACKEND (self),
      agent_remote_get_dialogue (AGENT_REMOTE (self)));
  priv->clearing = FALSE;
  agent_stream_clear_marks (self);
}

static void
send_hang_up (AgentStream *self, guint64 dialogue)
{
  const GstVoiceControl control = { .action = GST_VOICE_CONTROL_HANG_UP };

  gst_voice_agent_backend_control (GST_VOICE_AGENT_BACKEND (self), dialogue,
      &control);
}

void
agent_stream_hang_up (AgentStream *self)
{
  const guint64 dialogue = agent_remote_get_dialogue (AGENT_REMOTE (self));

  if (!dialogue || g_atomic_int_get (&get_priv (self)->hanging_up))
    return;
  end_answer (self);
  g_atomic_int_set (&get_priv (self)->hanging_up, TRUE);
  send_hang_up (self, dialogue);
}

/* ---- What the session tells */

static void
agent_stream_turn_changed (AgentRemote *remote, gboolean began,
    GstClockTime time)
{
  AgentStreamPrivate *priv = get_priv (AGENT_STREAM (remote));

  priv->in_turn = began;
  if (!began)
    priv->muted = FALSE;
}

/* Any thread. The hang-up went with what it stood behind; that of the link may not be
 * there any more. */
static void
agent_stream_interrupt (GstVoiceAgentBackend *backend, guint answer,
    guint heard)
{
  AgentStream *self = AGENT_STREAM (backend);
  AgentStreamPrivate *priv = get_priv (self);

  if (io_loop_is_current (agent_net_get_loop ()) && priv->clearing)
    priv->own_cuts++;
  GST_VOICE_AGENT_BACKEND_CLASS (agent_stream_parent_class)
      ->interrupt (backend, answer, heard);
  if (g_atomic_int_get (&priv->hanging_up))
    send_hang_up (self, 0);
}

static void
agent_stream_interrupted (AgentRemote *remote, guint answer, guint heard)
{
  AgentStream *self = AGENT_STREAM (remote);
  AgentStreamPrivate *priv = get_priv (self);

  if (priv->own_cuts) {
    priv->own_cuts--;
    return;
  }
  const gboolean any = priv->answer || priv->cut || priv->marks.length;
  priv->cut = FALSE;
  priv->muted = any && priv->in_turn;
  end_answer (self);
  agent_stream_clear_marks (self);
}

/* Marks were of that connection. */
static void
agent_stream_disconnected (AgentRemote *remote)
{
  AgentStreamPrivate *priv = get_priv (AGENT_STREAM (remote));

  forget_answer (priv);
  forget_marks (priv);
  priv->in_turn = priv->cut = priv->muted = FALSE;
  priv->own_cuts = 0;
}

static gboolean
agent_stream_hung_up (AgentRemote *remote, const AgentSocketFailure *failure)
{
  const gboolean in_order = failure->how == AGENT_SOCKET_CLOSED &&
      (failure->code == 1000 || failure->code == 1005);

  if (!in_order || !agent_remote_get_dialogue (remote))
    return FALSE;
  AGENT_REMOTE_LOG (remote, GST_LEVEL_DEBUG,
      "the agent has closed its connection: the call ends");
  agent_stream_hang_up (AGENT_STREAM (remote));
  return TRUE;
}

static void
agent_stream_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  g_atomic_int_set (&get_priv (AGENT_STREAM (backend))->hanging_up, FALSE);
  GST_VOICE_AGENT_BACKEND_CLASS (agent_stream_parent_class)
      ->open (backend, call, rate);
}

/* ---- Settings */

AgentStreamSettings *
agent_stream_get_settings (AgentStream *self)
{
  return &get_priv (self)->settings;
}

static gboolean
agent_stream_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  g_autofree gchar *uri = agent_remote_dup_uri (AGENT_REMOTE (backend));

  return GST_VOICE_AGENT_BACKEND_CLASS (agent_stream_parent_class)
             ->prepare (backend, format, error) &&
      agent_stream_settings_prepare (agent_stream_get_settings (
                                         AGENT_STREAM (backend)),
          uri, error);
}

static void
agent_stream_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  agent_stream_settings_set (agent_stream_get_settings (AGENT_STREAM (object)),
      id, value);
}

static void
agent_stream_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  agent_stream_settings_get (agent_stream_get_settings (AGENT_STREAM (object)),
      id, value);
}

/**
 * AgentStream:parameters:
 *
 * What the agent is told of each call beside what is known of it: GstStructure, each
 * field as text. Default: NULL. Changeable at any time, for the next connection.
 *
 * Since: 0.1
 */

/**
 * AgentStream:allow-insecure:
 *
 * Whether a secret may go over a network in clear, to a ws:// that is not on this machine.
 * Default: FALSE. Changeable in READY.
 *
 * Since: 0.1
 */

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (klass, AGENT_STREAM_PROP_PARAMETERS,
      g_param_spec_boxed ("parameters", "Parameters",
          "What the agent is told of each call beside what is known of it",
          GST_TYPE_STRUCTURE, flags));
  g_object_class_install_property (klass, AGENT_STREAM_PROP_ALLOW_INSECURE,
      g_param_spec_boolean ("allow-insecure", "Allow insecure",
          "Whether a secret may go over a network in clear", FALSE,
          flags | GST_PARAM_MUTABLE_READY));
}

void
agent_stream_class_install_secret (AgentStreamClass *klass, GParamSpec *secret,
    GParamSpec *file)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  if (!object_class->set_property) { /* they are not inherited */
    object_class->set_property = agent_stream_set_property;
    object_class->get_property = agent_stream_get_property;
  }
  g_object_class_install_property (object_class, AGENT_STREAM_PROP_SECRET,
      secret);
  g_object_class_install_property (object_class, AGENT_STREAM_PROP_SECRET_FILE,
      file);
}

/* ---- Class */

static void
agent_stream_finalize (GObject *object)
{
  AgentStreamPrivate *priv = get_priv (AGENT_STREAM (object));

  forget_marks (priv);
  agent_stream_settings_clear (&priv->settings);
  G_OBJECT_CLASS (agent_stream_parent_class)->finalize (object);
}

static void
agent_stream_constructed (GObject *object)
{
  agent_stream_settings_init (agent_stream_get_settings (AGENT_STREAM (object)),
      &AGENT_STREAM_GET_CLASS (object)->secret);
  G_OBJECT_CLASS (agent_stream_parent_class)->constructed (object);
}

static void
agent_stream_init (AgentStream *self)
{
  g_queue_init (&get_priv (self)->marks);
}

static void
agent_stream_class_init (AgentStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);
  AgentRemoteClass *remote_class = AGENT_REMOTE_CLASS (klass);

  object_class->set_property = agent_stream_set_property;
  object_class->get_property = agent_stream_get_property;
  object_class->constructed = agent_stream_constructed;
  object_class->finalize = agent_stream_finalize;
  backend_class->prepare = agent_stream_prepare;
  backend_class->open = agent_stream_open;
  backend_class->interrupt = agent_stream_interrupt;
  remote_class->response_timeout = 0;
  remote_class->turn_changed = agent_stream_turn_changed;
  remote_class->interrupted = agent_stream_interrupted;
  remote_class->marked = agent_stream_marked;
  remote_class->disconnected = agent_stream_disconnected;
  remote_class->hung_up = agent_stream_hung_up;
  install_properties (object_class);
}
