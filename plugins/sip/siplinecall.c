/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The SIP side of a line: registration with its inbox, and the one dialog that
 * it may have. All of it on the SIP loop.
 *
 * With on-hangup=eos the first call is the last: the line stays with its inbox
 * and is busy until it is closed, so that callers hear "busy" and not "unknown". A
 * line never dials its `uri` twice. */

#include "siplineprivate.h"
#include "signalling/siploop.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

static const SipDialogOwner dialog_owner;

/* ---- From other threads */

typedef struct
{
  SipLine *line;
  void (*func) (SipLine *self);
  guint serial; /* of the stream that asks */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_object_unref (self->line);
  g_free (self);
}

static void
request_run (gpointer data)
{
  Request *self = data;

  /* Only this thread changes it. */
  if (self->serial == self->line->serial)
    self->func (self->line);
}

void
sip_line_invoke_for (SipLine *self, guint serial, void (*func) (SipLine *self))
{
  Request *request = g_new (Request, 1);

  *request = (Request){ g_object_ref (self), func, serial };
  io_loop_invoke (sip_loop_get (), request_run, request, request_free);
}

/* ---- Steps: one of these */

typedef struct
{
  void (*func) (SipLine *self);
  GstPairSettings *settings; /* to open with */
  GObjectClass *klass; /* which describes them */
  gchar *uri; /* to dial */
  guint status; /* to reject with */
  guint call; /* it is for that one alone, 0: not for a call that there is */
} Step;

static Step *
add_step_unlocked (SipLine *self)
{
  Step *step = g_new0 (Step, 1);

  step_queue_add_unlocked (&self->pair.steps, step);
  return step;
}

void
sip_line_add_step_unlocked (SipLine *self, void (*func) (SipLine *self))
{
  add_step_unlocked (self)->func = func;
}

void
sip_line_add_call_step_unlocked (SipLine *self, void (*func) (SipLine *self))
{
  Step *step = add_step_unlocked (self);

  step->func = func;
  step->call = self->call;
}

void
sip_line_add_open_unlocked (SipLine *self)
{
  Step *step = add_step_unlocked (self);

  step->settings = gst_pair_merge_unlocked (&self->pair, NULL);
  step->klass = self->pair.klass;
}

void
sip_line_add_dial_unlocked (SipLine *self, const gchar *uri)
{
  add_step_unlocked (self)->uri = g_strdup (uri);
}

void
sip_line_add_reject_unlocked (SipLine *self, guint status)
{
  Step *step = add_step_unlocked (self);

  step->status = status;
  step->call = self->call;
}

static void
free_step (gpointer data)
{
  Step *self = data;

  g_clear_pointer (&self->settings, gst_pair_settings_free);
  g_free (self->uri);
  g_free (self);
}

static void
run_steps (gpointer line)
{
  step_queue_run (&((SipLine *) line)->pair.steps);
}

void
sip_line_run_steps (SipLine *self)
{
  io_loop_invoke (sip_loop_get (), run_steps, g_object_ref (self),
      g_object_unref);
}

/* ---- What happened, for the listeners and the statistics */

static void
fill_event (SipLine *self, SipDialog *dialog, SipCallEvent *event)
{
  const RtpStreamMedia *media = sip_dialog_get_media (dialog);

  event->outgoing = sip_dialog_is_outgoing (dialog);
  event->call_id = sip_dialog_get_call_id (dialog);
  event->line = self->config.local_user;
  event->from = sip_dialog_get_from (dialog);
  event->to = sip_dialog_get_to (dialog);
  event->display_name = sip_dialog_get_display_name (dialog);
  event->headers = sip_dialog_get_headers (dialog);
  event->format = codec_table_get_format (media->codec);
  event->held = !media->send;
  event->speak_early = self->config.speak_early;
  event->was_answered = sip_dialog_was_answered (dialog);
  event->setup_time = sip_dialog_get_setup_time (dialog);
}

static void
tell_state (SipLine *self, SipCallState state)
{
  SipCallEvent event = { .state = state };

  fill_event (self, self->dialog, &event);
  g_mutex_lock (&self->lock);
  if (state != SIP_CALL_CODEC && state != SIP_CALL_CHANGED)
    self->state = state;
  self->outgoing = event.outgoing;
  g_free (self->call_id);
  self->call_id = g_strdup (event.call_id);
  if (state == SIP_CALL_CALLING ||
      (state == SIP_CALL_RINGING && !event.outgoing))
    self->answered_at = self->ended_at = 0;
  if (state == SIP_CALL_ANSWERED) {
    self->calls++;
    self->answered_at = g_get_monotonic_time ();
    self->ended_at = 0;
  }
  g_mutex_unlock (&self->lock);
  sip_line_tell (self, &event);
}

static void
forget_stream (SipLine *self)
{
  g_mutex_lock (&self->lock);
  RtpStream *stream = g_steal_pointer (&self->stream);
  self->hang_up_when_drained = FALSE;
  self->serial = MAX (self->serial + 1, 1);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&stream, rtp_stream_unref);
}

static void
tell_failed (SipLine *self, const GError *error)
{
  const SipCallEvent event = { .state = SIP_CALL_FAILED,
    .is_last = TRUE,
    .by = SIP_CALL_BY_US,
    .cause = error->message,
    .error = error };

  sip_line_tell (self, &event);
}

/* ---- The dialog's reports */

static RtpStream *
on_new_stream (PacketTransport *rtp, PacketTransport *rtcp, const gchar *cname,
    const gchar *call_id, gpointer user)
{
  SipLine *self = user;
  g_autoptr (MediaLoop) loop = sip_line_dup_loop (self);
  const RtpStreamOptions options = { .latency = self->config.latency,
    .media_timeout = self->config.media_timeout,
    .cname = cname,
    .call_id = call_id };

  forget_stream (self);
  RtpStream *stream =
      rtp_stream_new (loop, rtp, rtcp, &options, &sip_line_stream_callbacks,
          sip_stream_user_new (self, self->serial), sip_stream_user_free);
  g_mutex_lock (&self->lock);
  self->stream = rtp_stream_ref (stream);
  g_clear_pointer (&self->last_stream, rtp_stream_unref);
  self->last_stream = rtp_stream_ref (stream);
  gboolean unlocked = self->unlocked;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (unlocked)
    rtp_stream_unlock (stream, TRUE);
  return stream;
}

static void
on_state (SipCallState state, gpointer user)
{
  SipLine *self = user;

  if (state == SIP_CALL_ANSWERED) {
    sip_line_stop_ring (self);
    sip_line_start_duration (self);
  }
  tell_state (self, state);
}

static void
on_ended (const SipDialogEnd *end, gpointer user)
{
  SipLine *self = user;
  SipDialog *dialog = g_steal_pointer (&self->dialog);
  g_autoptr (GError) error = end->domain
      ? g_error_new (end->domain, end->code, "%s (%s).", end->cause,
            sip_dialog_get_to (dialog))
      : NULL;
  SipCallEvent event = { .state = SIP_CALL_ENDED,
    .by = end->by,
    .cause = end->cause,
    .sip_status = end->status,
    .retry_after = end->retry_after,
    .error = error };

  fill_event (self, dialog, &event);
  event.is_last = self->config.on_hangup == SIP_ON_HANGUP_EOS;
  self->callee.busy = event.is_last;
  sip_line_stop_timers (self);
  forget_stream (self);
  g_mutex_lock (&self->lock);
  self->finished = event.is_last;
  self->state = SIP_CALL_ENDED;
  self->ended_at = g_get_monotonic_time ();
  self->ended_by = end->by;
  self->end_status = end->status;
  g_free (self->end_cause);
  self->end_cause = g_strdup (end->cause);
  g_mutex_unlock (&self->lock);
  sip_line_tell (self, &event);
  sip_inbox_callee_changed (self->inbox);
}

static void
on_warning (const gchar *text, gpointer user)
{
  sip_line_tell_warning (user, text);
}

static void
on_digit (gchar digit, guint duration, gpointer user)
{
  sip_line_tell_digit (user, digit, duration);
}

static const SipDialogOwner dialog_owner = {
  .new_stream = on_new_stream,
  .state = on_state,
  .ended = on_ended,
  .warning = on_warning,
  .digit = on_digit,
};

/* ---- Calls */

/* From 1 on. */
static void
count_call (SipLine *self)
{
  g_mutex_lock (&self->lock);
  self->call = MAX (self->call + 1, 1);
  g_mutex_unlock (&self->lock);
}

static void
on_incoming (gpointer owner, const SipIncoming *call)
{
  SipLine *self = owner;
  g_autoptr (GError) error = NULL;
  guint status;

  self->dialog = sip_dialog_new_incoming (sip_inbox_get_agent (self->inbox),
      call, &self->config.dialog, &dialog_owner, self, &status, &error);
  if (!self->dialog) {
    sip_inbox_note_refused (self->inbox, call, status, error->message);
    forget_stream (self);
    return;
  }
  self->callee.busy = TRUE;
  count_call (self);
  gboolean manual = self->config.answer_mode == SIP_ANSWER_MODE_MANUAL;
  if (manual || self->config.ring_time)
    sip_dialog_ring (self->dialog);
  tell_state (self, SIP_CALL_RINGING);
  if (manual && self->config.ring_timeout)
    sip_line_start_ring_timeout (self);
  else if (!manual && self->config.ring_time)
    sip_line_start_ring_time (self);
  else if (!manual)
    sip_dialog_answer (self->dialog);
}

/* What sip_line_dial() was asked for will not be. */
static void
stay_idle (SipLine *self)
{
  g_clear_pointer (&self->pending_uri, g_free);
  g_mutex_lock (&self->lock);
  if (!self->dialog)
    self->state = SIP_CALL_ENDED;
  g_mutex_unlock (&self->lock);
}

/* Whoever asked for a call hears that it ended, also of one that was asked for
 * before the line was there, or while the line was @taken. */
static void
forget_call (SipLine *self, gboolean taken)
{
  const SipCallEvent event = { .state = SIP_CALL_ENDED,
    .outgoing = TRUE,
    .line = self->config.local_user,
    .taken = taken,
    .by = SIP_CALL_BY_US,
    .cause =
        taken ? "The line was taken by another call" : "This side hung up" };

  stay_idle (self);
  sip_line_tell (self, &event);
}

void
sip_line_update_draining (SipLine *self)
{
  g_mutex_lock (&self->lock);
  self->callee.draining = self->draining;
  g_mutex_unlock (&self->lock);
  if (self->inbox)
    sip_inbox_callee_changed (self->inbox);
}

static gboolean
is_finished (SipLine *self)
{
  g_mutex_lock (&self->lock);
  gboolean finished = self->finished;
  g_mutex_unlock (&self->lock);
  return finished;
}

static void
dial (SipLine *self, const gchar *uri)
{
  if (self->dialog || is_finished (self)) {
    forget_call (self, TRUE);
    return;
  }
  /* While the name is looked up, too, there is a call to hang up. */
  g_mutex_lock (&self->lock);
  self->state = SIP_CALL_CALLING;
  self->outgoing = TRUE;
  self->answered_at = self->ended_at = 0;
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->last_stream, rtp_stream_unref);
  g_mutex_unlock (&self->lock);
  self->callee.busy = TRUE;
  self->dialog = sip_dialog_new_outgoing (sip_inbox_get_agent (self->inbox),
      uri, &self->config.dialog, &dialog_owner, self);
  g_mutex_lock (&self->lock);
  self->call_id = g_strdup (sip_dialog_get_call_id (self->dialog));
  g_mutex_unlock (&self->lock);
  if (self->config.ring_timeout)
    sip_line_start_ring_timeout (self);
}

/* ---- The inbox */

static void
register_line (SipLine *self)
{
  if (self->registered || !self->inbox || !self->wanted)
    return;
  self->registered = TRUE;
  self->callee.user = self->config.local_user;
  self->callee.busy_wait = self->config.busy_wait;
  self->callee.busy = is_finished (self) || self->dialog != NULL;
  sip_line_update_draining (self);
  sip_inbox_add (self->inbox, &self->callee);
  GST_INFO ("%s: line \"%s\" waits on port %u", self->name,
      self->config.local_user,
      sip_agent_get_port (sip_inbox_get_agent (self->inbox)));
  if (self->config.uri && *self->config.uri && !self->dialled) {
    self->dialled = TRUE;
    count_call (self);
    dial (self, self->config.uri);
  }
  g_autofree gchar *pending = g_steal_pointer (&self->pending_uri);
  if (pending)
    dial (self, pending);
}

static void
on_inbox (SipInbox *inbox, const GError *error, gpointer user)
{
  g_autoptr (SipLine) self = user;

  self->opening = FALSE;
  if (error) {
    if (self->wanted) {
      stay_idle (self);
      tell_failed (self, error);
    }
  } else if (!self->wanted || self->inbox) {
    sip_inbox_close (inbox);
  } else {
    self->inbox = inbox;
    register_line (self);
  }
}

static void
open_line (SipLine *self, const GstPairSettings *settings, GObjectClass *klass)
{
  self->wanted = TRUE;
  if (!self->inbox) { /* else it comes back from PAUSED */
    sip_line_config_clear (&self->config);
    sip_line_config_read (&self->config, settings, klass);
    self->dialled = FALSE;
  }
  if (!self->inbox && !self->opening) {
    self->opening = TRUE;
    sip_inbox_open (self->config.local_host, self->config.local_port,
        self->config.max_calls, on_inbox, g_object_ref (self));
  } else {
    register_line (self);
  }
}

static void
dial_when_open (SipLine *self, gchar **uri)
{
  if (self->inbox) {
    dial (self, *uri);
  } else {
    g_free (self->pending_uri);
    self->pending_uri = g_steal_pointer (uri);
  }
}

void
sip_line_pause (SipLine *self)
{
  self->wanted = FALSE;
  if (self->registered)
    sip_inbox_remove (self->inbox, &self->callee);
  self->registered = FALSE;
}

void
sip_line_shut (SipLine *self)
{
  sip_line_pause (self);
  sip_line_hang_up_now (self);
  g_clear_pointer (&self->inbox, sip_inbox_close);
  g_mutex_lock (&self->lock);
  self->finished = FALSE;
  g_mutex_unlock (&self->lock);
}

/* ---- Commands */

static void
end_call (SipLine *self, const SipDialogEnd *end)
{
  if (self->dialog)
    sip_dialog_end (self->dialog, end);
}

void
sip_line_answer_now (SipLine *self)
{
  sip_line_stop_ring (self);
  if (self->dialog && !sip_dialog_is_outgoing (self->dialog) &&
      !sip_dialog_was_answered (self->dialog))
    sip_dialog_answer (self->dialog);
}

static void
reject (SipLine *self, guint status)
{
  if (self->dialog && !sip_dialog_is_outgoing (self->dialog) &&
      !sip_dialog_was_answered (self->dialog))
    sip_dialog_reject (self->dialog, status);
}

void
sip_line_hang_up_now (SipLine *self)
{
  if (self->pending_uri)
    forget_call (self, FALSE);
  end_call (self,
      &(SipDialogEnd){ SIP_CALL_BY_US, 0, "This side hung up", 0, 0 });
}

void
sip_line_audio_sent (SipLine *self)
{
  if (self->dialog)
    sip_line_start_hang_up (self);
}

static guint
get_call (SipLine *self)
{
  g_mutex_lock (&self->lock);
  const guint call = self->call;
  g_mutex_unlock (&self->lock);
  return call;
}

static void
run_step (gpointer data, gpointer line)
{
  Step *self = data;

  if (self->call && self->call != get_call (line))
    return;
  if (self->settings)
    open_line (line, self->settings, self->klass);
  else if (self->uri)
    dial_when_open (line, &self->uri);
  else if (self->status)
    reject (line, self->status);
  else
    self->func (line);
}

void
sip_line_init_call (SipLine *self)
{
  static const gchar *const
      elements[] = { [SIP_LINE_SRC] = "sipsrc", [SIP_LINE_SINK] = "sipsink" };

  gst_pair_init (&self->pair, elements, &self->lock, run_step, free_step, self);
  self->callee.owner = self;
  self->callee.incoming = on_incoming;
  self->callee.refused = sip_line_tell_refused;
  self->state = SIP_CALL_ENDED;
}
