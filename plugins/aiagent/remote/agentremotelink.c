/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The connection of a dialogue.
 *
 * Decisions:
 * - A link that is lost is tried again with pauses that double. What counts is how often
 *   in a row: a link that has been ready for STABLE begins to count anew, unless it was
 *   lost because it did not answer, which could go on for ever.
 * - A far side that says when it may be asked again is believed; if that is later than a
 *   caller would wait, it has failed.
 * - A link whose time is over is closed before the next one is opened: what the caller
 *   says in between waits, and two at once cost twice.
 * - What waits is audio, and what has its place in it (turns, keys, holds, texts). */

#include "agentremoteprivate.h"

#include "common/base/gstvoicesecret.h"

#include <string.h>

#define FIRST_PAUSE 250 /* ms */
#define LONGEST_PAUSE 8000 /* ms */
#define LONGEST_ASKED 30000 /* ms that the far side may ask for */
#define STABLE \
  (5 * G_USEC_PER_SEC) /* µs: who was ready so long begins to count anew */
#define WAITING (3 * GST_SECOND) /* of the caller's audio */
#define WAITING_PIECES 2048 /* of all that waits */
#define TELLING 8 /* bytes of a secret that tell something of it */

static void connect_link (AgentRemote *self, const gchar *reason);

static void
tell_state (AgentRemote *self, GstVoiceAgentState state, const gchar *reason)
{
  gst_voice_agent_backend_set_state (GST_VOICE_AGENT_BACKEND (self), state,
      reason);
}

static void
clear_pause (AgentRemotePrivate *priv)
{
  if (!priv->pause)
    return;
  g_source_destroy (priv->pause);
  g_clear_pointer (&priv->pause, g_source_unref);
}

void
agent_remote_link_forget_waiting (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  g_queue_clear_full (&priv->waiting, (GDestroyNotify) agent_remote_work_free);
  priv->waiting_size = 0;
}

/* ---- Why */

/* A reason of the far side's may repeat what it was told, and be cut off within it. */
static gchar *
hide (AgentRemotePrivate *priv, const gchar *reason)
{
  const gchar *secret = priv->secret ? priv->secret : "";
  const gsize length = strlen (secret);
  GString *hidden = g_string_new (reason);

  if (length)
    g_string_replace (hidden, secret, "***", 0);
  for (gsize n = MIN (length, hidden->len); n >= TELLING; n--)
    if (!memcmp (hidden->str + hidden->len - n, secret, n)) {
      g_string_truncate (hidden, hidden->len - n);
      g_string_append (hidden, "***");
      break;
    }
  return g_string_free (hidden, FALSE);
}

static gchar *
describe (AgentRemotePrivate *priv, const AgentSocketFailure *failure)
{
  g_autofree gchar *reason = hide (priv, failure->text);

  if (failure->how == AGENT_SOCKET_CLOSED)
    return g_strdup_printf ("%s%s(code %u)", reason, *reason ? " " : "",
        failure->code);
  return g_steal_pointer (&reason);
}

/* ---- Lost */

static gboolean
has_link (const AgentRemotePrivate *priv)
{
  return !priv->stopping &&
      (priv->state == AGENT_LINK_CONNECTING || priv->state == AGENT_LINK_OPEN ||
          priv->state == AGENT_LINK_READY);
}

/* Nothing that @self's class does meanwhile brings it back: there is no link any more. */
static void
drop_link (AgentRemote *self, AgentLinkState state)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gboolean was_open =
      priv->state == AGENT_LINK_OPEN || priv->state == AGENT_LINK_READY;

  clear_pause (priv);
  priv->state = state;
  if (priv->socket)
    agent_socket_free (g_steal_pointer (&priv->socket), 1000);
  vigil_lost (&priv->vigil, agent_remote_now (),
      agent_remote_end_open_answers (self));
  if (was_open && AGENT_REMOTE_GET_CLASS (self)->disconnected)
    AGENT_REMOTE_GET_CLASS (self)->disconnected (self);
  /* A turn that the far side has found: nobody else says that it is over. */
  if (was_open && priv->dialogue)
    gst_voice_agent_backend_end_turn (GST_VOICE_AGENT_BACKEND (self),
        priv->dialogue, GST_CLOCK_TIME_NONE);
}

static void
fail_link (AgentRemote *self, const GError *error, const gchar *reason)
{
  drop_link (self, AGENT_LINK_FAILED);
  agent_remote_link_forget_waiting (self);
  tell_state (self, GST_VOICE_AGENT_FAILED, reason);
  gst_voice_agent_backend_warn (GST_VOICE_AGENT_BACKEND (self), error);
  agent_remote_leave (self);
}

/* @status: of HTTP, 0 = none. */
static void
fail_as (AgentRemote *self, guint status, const gchar *reason)
{
  const gboolean key = status == 401 || status == 403;
  const gboolean worked =
      agent_remote_get_priv (self)->state == AGENT_LINK_READY;
  g_autoptr (GError) error = g_error_new (GST_RESOURCE_ERROR,
      key                 ? GST_RESOURCE_ERROR_NOT_AUTHORIZED
          : status == 404 ? GST_RESOURCE_ERROR_NOT_FOUND
          : worked        ? GST_RESOURCE_ERROR_READ
                          : GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      key                 ? "The agent does not accept our key: %s."
          : status == 404 ? "There is no agent at this address: %s."
          : worked        ? "The agent is lost: %s."
                          : "The agent cannot be reached: %s.",
      reason);

  fail_link (self, error, reason);
}

static gboolean
on_pause_over (gpointer data)
{
  AgentRemote *self = data;

  g_clear_pointer (&agent_remote_get_priv (self)->pause, g_source_unref);
  connect_link (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
pause_link (AgentRemote *self, gint64 least, const gchar *reason)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  const gint64 pause =
      MIN ((gint64) FIRST_PAUSE << MIN (priv->tries, 6), LONGEST_PAUSE);

  priv->tries++;
  drop_link (self, AGENT_LINK_PAUSE);
  priv->pause = io_loop_add_timeout (agent_net_get_loop (),
      (guint) MAX (pause, least), on_pause_over, self);
  AGENT_REMOTE_LOG (self, GST_LEVEL_INFO, "lost the agent, tries again: %s",
      reason);
  tell_state (self, GST_VOICE_AGENT_RETRYING, reason);
  agent_remote_watch (self);
}

/* @least: ms that the far side asked for; 0 = nothing. @answers: it is not for its
 * silence. */
static void
try_again (AgentRemote *self, gint64 least, gboolean answers,
    const gchar *reason)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (answers && priv->state == AGENT_LINK_READY &&
      g_get_monotonic_time () - priv->ready_since > STABLE)
    priv->tries = 0;
  if (priv->tries < priv->set.retries && least <= LONGEST_ASKED)
    pause_link (self, least, reason);
  else
    fail_as (self, 0, reason);
}

void
agent_remote_give_up (AgentRemote *self, gboolean again, const gchar *reason)
{
  /* Ours: it may go with the link. */
  g_autofree gchar *kept = hide (agent_remote_get_priv (self), reason);

  if (!has_link (agent_remote_get_priv (self)))
    return;
  if (again)
    try_again (self, 0, TRUE, kept);
  else
    fail_as (self, 0, kept);
}

void
agent_remote_link_stalled (AgentRemote *self)
{
  try_again (self, 0, FALSE, "it does not answer");
}

void
agent_remote_link_replace (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  priv->tries = 0;
  drop_link (self, AGENT_LINK_NONE);
  connect_link (self, "its time is over");
  agent_remote_watch (self);
}

/* ---- What the socket tells */

static void
on_opened (gpointer user, const gchar *protocol)
{
  AgentRemote *self = user;

  agent_remote_get_priv (self)->state = AGENT_LINK_OPEN;
  AGENT_REMOTE_LOG (self, GST_LEVEL_DEBUG, "connected to the agent");
  AGENT_REMOTE_GET_CLASS (self)->connected (self, protocol);
}

static void
on_text (gpointer user, const gchar *text, gsize size)
{
  AgentRemoteClass *klass = AGENT_REMOTE_GET_CLASS (user);

  if (klass->text)
    klass->text (user, text, size);
}

static void
on_binary (gpointer user, const guint8 *data, gsize size)
{
  AgentRemoteClass *klass = AGENT_REMOTE_GET_CLASS (user);

  if (klass->binary)
    klass->binary (user, data, size);
}

/* Who refuses what he is asked for, and not that it is asked now, refuses it again. */
static gboolean
is_for_good (const AgentSocketFailure *failure)
{
  return failure->how == AGENT_SOCKET_REFUSED && failure->code < 500 &&
      failure->code != 408 && failure->code != 409 && failure->code != 425 &&
      failure->code != 429;
}

static void
on_ended (gpointer user, const AgentSocketFailure *failure)
{
  AgentRemote *self = user;
  AgentRemoteClass *klass = AGENT_REMOTE_GET_CLASS (self);
  g_autofree gchar *reason = describe (agent_remote_get_priv (self), failure);

  if (klass->hung_up && klass->hung_up (self, failure)) {
    drop_link (self, AGENT_LINK_FAILED);
    vigil_end (&agent_remote_get_priv (self)->vigil);
  } else if (!has_link (agent_remote_get_priv (self))) {
    return; /* it has given up itself */
  } else if (is_for_good (failure)) {
    fail_as (self, failure->code, reason);
  } else {
    try_again (self, (gint64) MAX (failure->retry_after, 0) * 1000,
        failure->how != AGENT_SOCKET_SILENT, reason);
  }
}

static const AgentSocketEvents socket_events = { on_opened, on_text, on_binary,
  on_ended };

/* ---- Connecting */

static void
address_clear (AgentRemoteAddress *self)
{
  g_free (self->uri);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->protocols);
  g_clear_pointer (&self->secret, gst_voice_secret_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AgentRemoteAddress, address_clear)

void
agent_remote_address_header (AgentRemoteAddress *self, const gchar *name,
    const gchar *value)
{
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

static void
connect_link (AgentRemote *self, const gchar *reason)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  g_autoptr (GError) error = NULL;
  g_auto (AgentRemoteAddress)
      address = { NULL, g_ptr_array_new_with_free_func (g_free),
        g_ptr_array_new_with_free_func (g_free), NULL };

  if (!AGENT_REMOTE_GET_CLASS (self)->get_address (self, &address, &error)) {
    fail_link (self, error, error->message);
    return;
  }
  g_clear_pointer (&priv->secret, gst_voice_secret_free);
  priv->secret = g_steal_pointer (&address.secret);
  g_ptr_array_add (address.headers, NULL);
  g_ptr_array_add (address.protocols, NULL);
  if (!priv->tries)
    tell_state (self, GST_VOICE_AGENT_CONNECTING, reason);
  priv->state = AGENT_LINK_CONNECTING;
  priv->socket = agent_socket_open (address.uri,
      (const gchar *const *) address.headers->pdata,
      address.protocols->len > 1
          ? (const gchar *const *) address.protocols->pdata
          : NULL,
      priv->set.connect_timeout, &socket_events, self);
  agent_socket_set_patience (priv->socket, priv->set.response_timeout);
}

/* ---- Ready */

static void
give (AgentRemote *self, const AgentRemoteWork *work)
{
  if (work->type == WORK_AUDIO)
    AGENT_REMOTE_GET_CLASS (self)->audio (self, work->data, work->size,
        work->time, work->flag);
  else
    agent_remote_work_give (self, work);
}

static void
give_waiting (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);
  AgentRemoteWork *work;

  while (priv->state == AGENT_LINK_READY &&
      (work = g_queue_pop_head (&priv->waiting))) {
    priv->waiting_size -= work->size;
    give (self, work);
    agent_remote_work_free (work);
  }
}

void
agent_remote_link_begin (AgentRemote *self)
{
  if (AGENT_REMOTE_GET_CLASS (self)->begun)
    AGENT_REMOTE_GET_CLASS (self)->begun (self);
  give_waiting (self);
}

void
agent_remote_set_ready (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (priv->state != AGENT_LINK_OPEN)
    return;
  priv->state = AGENT_LINK_READY;
  priv->ready_since = g_get_monotonic_time ();
  vigil_ready (&priv->vigil, agent_remote_now ());
  tell_state (self, GST_VOICE_AGENT_READY, NULL);
  if (!priv->vigil.bridging)
    agent_remote_hush (self);
  if (priv->dialogue)
    agent_remote_link_begin (self);
  agent_remote_watch (self);
}

static void
keep (AgentRemotePrivate *priv, AgentRemoteWork *work)
{
  const gsize limit = (gsize) gst_util_uint64_scale (WAITING,
      priv->format.rate * GST_VOICE_SAMPLE_SIZE (priv->format.encoding),
      GST_SECOND);

  g_queue_push_tail (&priv->waiting, work);
  priv->waiting_size += work->size;
  while (priv->waiting_size > limit || priv->waiting.length > WAITING_PIECES) {
    AgentRemoteWork *oldest = g_queue_pop_head (&priv->waiting);
    priv->waiting_size -= oldest->size;
    agent_remote_work_free (oldest);
  }
}

/* ---- From the session */

void
agent_remote_link_start (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (!priv->holds)
    g_object_ref (self);
  priv->holds = TRUE;
  drop_link (self, AGENT_LINK_NONE);
  priv->tries = 0;
  agent_remote_settings_clear (&priv->set);
  g_mutex_lock (&priv->lock);
  agent_remote_settings_copy (&priv->settings, &priv->set);
  g_mutex_unlock (&priv->lock);
  priv->vigil.response_timeout = priv->set.response_timeout;
  priv->vigil.session_length = priv->set.session_length;
  connect_link (self, NULL);
}

void
agent_remote_link_stop (AgentRemote *self)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  priv->stopping = TRUE;
  if (priv->state == AGENT_LINK_READY && priv->dialogue &&
      AGENT_REMOTE_GET_CLASS (self)->ending)
    AGENT_REMOTE_GET_CLASS (self)->ending (self);
  drop_link (self, AGENT_LINK_NONE);
  priv->stopping = FALSE;
  agent_remote_link_forget_waiting (self);
  if (priv->holds) {
    priv->holds = FALSE;
    g_object_unref (self); /* whoever stops it has another one */
  }
}

static gboolean
may_wait (const AgentRemoteWork *work)
{
  return work->type == WORK_AUDIO || work->type == WORK_TURN ||
      work->type == WORK_DIGIT || work->type == WORK_SAY ||
      work->type == WORK_READ || work->type == WORK_INSTRUCT ||
      work->type == WORK_PAUSE;
}

void
agent_remote_link_send (AgentRemote *self, AgentRemoteWork *work)
{
  AgentRemotePrivate *priv = agent_remote_get_priv (self);

  if (priv->state != AGENT_LINK_READY && priv->dialogue &&
      priv->state != AGENT_LINK_FAILED && may_wait (work)) {
    keep (priv, work);
    return;
  }
  if (priv->state == AGENT_LINK_READY && priv->dialogue)
    give (self, work);
  agent_remote_work_free (work);
}
