/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - Who is admitted the channel knows (`admitted` of voice-call): a source that
 *   `allow-from` has, a token, a line that only this machine reaches. A call out was
 *   somebody's of ours; so is who speaks without a channel, into a microphone.
 * - A call is decided on when it is first told of, which is while it rings where it does.
 *   Who is refused gets no dialogue: the backend never hears of him. He is hung up on,
 *   which is what a call that rings gets in place of an answer.
 * - Limits of one process, whatever number of lines it has: a stranger may call them all.
 * - What is not set holds for a backend that costs only: a load test of echo is nobody's
 *   money. What is set holds for any.
 *
 * Order of locks: a session's, then that of the limits, under which nothing is called. */

#include "agentadmission.h"

#include "aiagent/logic/remote/sessionlimits.h"
#include "common/event/gstvoiceevents.h"

#define FRAME 20 /* ms */
#define LAST_WORDS "This call has lasted as long as it may. Goodbye."
#define LAST_WORDS_BEGIN \
  (5000 / FRAME) /* until they are heard, or will not be */
#define LAST_WORDS_LONGEST (15000 / FRAME)
#define SILENCE (500 / FRAME) /* behind them */
#define AGAIN (1000 / FRAME) /* until the dialogue is over */

static GMutex limits_lock;
static SessionLimits *limits; /* never freed */

/* ---- Settings */

static gboolean
read_uint (const GstPairSettings *settings, GObjectClass *klass,
    const gchar *name, guint *number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_UINT);
  const gboolean set = gst_pair_settings_get (settings,
      g_object_class_find_property (klass, name), &value);
  *number = g_value_get_uint (&value);
  return set;
}

void
agent_admission_read (AgentAdmission *self, const GstPairSettings *settings,
    GObjectClass *klass)
{
  self->admit =
      (AgentAdmit) gst_pair_settings_get_enum (settings, klass, "admit");
  self->limits_any =
      read_uint (settings, klass, "sessions-per-minute", &self->per_minute);
  self->limits_any |=
      read_uint (settings, klass, "max-sessions", &self->max_sessions);
  self->lasts_any =
      read_uint (settings, klass, "max-duration", &self->max_duration);
}

void
agent_admission_prepare (AgentAdmission *self, GstVoiceAgentBackend *backend)
{
  self->costs = agent_backend_costs (backend);
}

/* ---- Calls; session's lock held */

static void
release_unlocked (AgentAdmission *self)
{
  if (!self->counted)
    return;
  self->counted = FALSE;
  g_mutex_lock (&limits_lock);
  session_limits_end (limits);
  g_mutex_unlock (&limits_lock);
}

static AgentRefusal
count_unlocked (AgentAdmission *self, const GstVoiceCall *call)
{
  static const AgentRefusal refusals[] = {
    [SESSION_LIMITS_FREE] = AGENT_REFUSAL_NONE,
    [SESSION_LIMITS_TOO_MANY] = AGENT_REFUSAL_TOO_MANY,
    [SESSION_LIMITS_TOO_FAST] = AGENT_REFUSAL_TOO_FAST,
  };

  g_mutex_lock (&limits_lock);
  if (!limits)
    limits = session_limits_new ();
  const SessionLimitsVerdict verdict =
      session_limits_begin (limits, call->outgoing ? NULL : call->source,
          self->max_sessions, self->per_minute, g_get_monotonic_time () * 1000);
  g_mutex_unlock (&limits_lock);
  self->counted = verdict == SESSION_LIMITS_FREE;
  return refusals[verdict];
}

static gboolean
is_stranger (const AgentAdmission *self, const GstVoiceCall *call)
{
  if (call->outgoing || self->admit == AGENT_ADMIT_ANYBODY ||
      (self->admit == AGENT_ADMIT_AUTO && !self->costs))
    return FALSE;
  /* A proxy on this machine is local, too, whoever stands before it. */
  return !*call->admitted ||
      (self->admit == AGENT_ADMIT_KNOWN &&
          g_str_equal (call->admitted, "local"));
}

static AgentRefusal
decide_unlocked (AgentAdmission *self, const GstVoiceCall *call)
{
  if (is_stranger (self, call))
    return AGENT_REFUSAL_STRANGER;
  return self->costs || self->limits_any ? count_unlocked (self, call)
                                         : AGENT_REFUSAL_NONE;
}

/* Who calls chooses the name, and may choose that of a call that is over. What only tells
 * of a call, and comes late, begins none. */
static gboolean
is_another_unlocked (const AgentAdmission *self, const GstVoiceCall *call)
{
  if (g_strcmp0 (self->call_id, call->call_id))
    return TRUE;
  return self->ended && call->state != GST_VOICE_CALL_CHANGED &&
      call->state != GST_VOICE_CALL_REFUSED;
}

gboolean
agent_admission_take_unlocked (AgentAdmission *self, const GstVoiceCall *call)
{
  if (call->state == GST_VOICE_CALL_ENDED) {
    if (!g_strcmp0 (self->call_id, call->call_id)) {
      self->ended = TRUE;
      release_unlocked (self);
    }
    return TRUE;
  }
  if (is_another_unlocked (self, call)) {
    release_unlocked (self);
    self->ended = FALSE;
    g_free (self->call_id);
    self->call_id = g_strdup (call->call_id);
    self->refusal = decide_unlocked (self, call);
    self->told = FALSE;
  }
  return self->refusal == AGENT_REFUSAL_NONE;
}

void
agent_admission_close (AgentAdmission *self, GMutex *lock)
{
  g_mutex_lock (lock);
  agent_admission_clear (self);
  g_mutex_unlock (lock);
}

void
agent_admission_clear (AgentAdmission *self)
{
  release_unlocked (self);
  g_clear_pointer (&self->call_id, g_free);
}

/* ---- Who is refused */

static void
warn_of_strangers (AgentHost *host)
{
  g_autoptr (GError) error = g_error_new_literal (GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED,
      "This line takes calls from anybody, and its agent would cost money: such "
      "calls do not get it. Name who may call (allow-from of sipsrc, token of "
      "whipserver), listen on a loopback address, or set admit=anybody.");

  agent_report_warning (&host->report, error);
}

static void
hang_up (AgentHost *host, const gchar *call_id)
{
  AgentListener listener;
  GstElement *element =
      agent_report_dup_element (&host->report, AGENT_SRC, &listener);
  const GstVoiceControl control = { .action = GST_VOICE_CONTROL_HANG_UP,
    .to = call_id };

  if (!element)
    return;
  if (listener.control)
    listener.control (element, gst_voice_control_event_new (&control));
  gst_object_unref (element);
}

void
agent_admission_refuse (AgentAdmission *self, AgentHost *host,
    const GstVoiceCall *call)
{
  static const gchar *const reasons[] = {
    [AGENT_REFUSAL_NONE] = "",
    [AGENT_REFUSAL_STRANGER] = "the caller has shown nothing that admits him",
    [AGENT_REFUSAL_TOO_MANY] = "there are max-sessions already",
    [AGENT_REFUSAL_TOO_FAST] = "the source has begun sessions-per-minute",
    [AGENT_REFUSAL_TOO_LONG] = "the call has lasted max-duration",
  };

  g_mutex_lock (&host->lock);
  const gboolean first =
      !self->told && !g_strcmp0 (self->call_id, call->call_id);
  const AgentRefusal refusal = self->refusal;
  const gboolean warns =
      first && refusal == AGENT_REFUSAL_STRANGER && !self->warned;
  self->told |= first;
  self->warned |= warns;
  if (first && !host->open)
    agent_report_name_unlocked (&host->report, call);
  g_mutex_unlock (&host->lock);
  if (!first)
    return;
  agent_report_state (&host->report, call->call_id, 0, GST_VOICE_AGENT_FAILED,
      reasons[refusal]);
  if (warns)
    warn_of_strangers (host);
  hang_up (host, call->call_id);
}

/* ---- How long; the src's media loop */

static gboolean
last_words_are_over (AgentAdmission *self, AgentHost *host)
{
  const guint since = self->frames - self->last_words;

  g_mutex_lock (&host->lock);
  const guint silent = host->mouth.idle_frames;
  g_mutex_unlock (&host->lock);
  return since > LAST_WORDS_LONGEST ||
      (silent > SILENCE && (silent < since || since > LAST_WORDS_BEGIN));
}

/* Behind what is being said it would come late, and go with it in an interruption. */
static void
end_dialogue (AgentAdmission *self, AgentHost *host)
{
  const GstVoiceControl control = { .action = GST_VOICE_CONTROL_HANG_UP,
    .id = "max-duration" };

  self->hung_up = self->frames;
  agent_host_cut (host, 0);
  gst_voice_agent_backend_control (host->backend, 0, &control);
}

/* It went, all the same, with something that was cut off, or was refused. */
static void
end_again (AgentAdmission *self, AgentHost *host)
{
  g_mutex_lock (&host->lock);
  g_autofree gchar *call_id = g_strdup (host->report.call_id);
  g_mutex_unlock (&host->lock);
  if (call_id && *call_id)
    hang_up (host, call_id);
  else
    end_dialogue (self, host);
}

static gboolean
is_limited (const AgentAdmission *self)
{
  return self->max_duration && (self->costs || self->lasts_any);
}

gboolean
agent_admission_hear_unlocked (AgentAdmission *self, guint64 dialogue,
    GstClockTime duration)
{
  if (!is_limited (self))
    return FALSE;
  if (self->heard_by != dialogue)
    self->heard = 0;
  self->heard_by = dialogue;
  self->heard += duration;
  if (self->heard <= self->max_duration * GST_MSECOND)
    return FALSE;
  self->refusal = AGENT_REFUSAL_TOO_LONG; /* nor when it was on hold */
  return TRUE;
}

void
agent_admission_tick (AgentAdmission *self, AgentHost *host, gint dialogue)
{
  if (!is_limited (self))
    return;
  if (self->timed != dialogue) {
    self->timed = dialogue;
    self->frames = self->last_words = self->hung_up = 0;
  }
  self->frames++;
  if (self->frames < self->max_duration / FRAME)
    return;
  if (self->hung_up) {
    if ((self->frames - self->hung_up) % AGAIN == 0)
      end_again (self, host);
  } else if (!self->last_words) {
    self->last_words = self->frames;
    AGENT_LOG (&host->report, GST_LEVEL_INFO, "max-duration is over");
    if (!agent_backend_say (host->backend, LAST_WORDS))
      end_dialogue (self, host);
  } else if (last_words_are_over (self, host)) {
    end_dialogue (self, host);
  }
}
