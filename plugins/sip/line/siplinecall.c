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
#include "signalling/siptext.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* ---- What happened, for the listeners and the statistics */

static void
fill_event (SipLine *self, SipDialog *dialog, SipCallEvent *event)
{
  const RtpStreamMedia *media = sip_dialog_get_media (dialog);

  sip_line_fill_facts (self, dialog, event);
  event->call_id = sip_dialog_get_call_id (dialog);
  event->line = self->config.local_user;
  event->trunk = self->way ? sip_trunk_call_get_name (self->way) : "";
  event->encryption = sip_dialog_get_encryption (dialog);
  event->signalling =
      sip_text_transport_name (sip_dialog_get_transport (dialog));
  event->abilities = sip_line_get_abilities (self, dialog);
  event->format = codec_table_get_format (media->codec);
  event->held = !media->send;
  event->speak_early = (self->config.early_media &
                           (event->outgoing ? SIP_EARLY_MEDIA_OUTGOING
                                            : SIP_EARLY_MEDIA_AGENT)) != 0;
  event->was_answered = sip_dialog_was_answered (dialog);
  if (event->state == SIP_CALL_HELD || event->state == SIP_CALL_RESUMED)
    event->by = sip_dialog_get_held_by (dialog);
  event->setup_time = sip_dialog_get_setup_time (dialog);
}

void
sip_line_tell_state (SipLine *self, SipCallState state)
{
  SipCallEvent event = { .state = state };

  fill_event (self, self->dialog, &event);
  g_mutex_lock (&self->lock);
  if (state != SIP_CALL_CODEC && state != SIP_CALL_CHANGED)
    self->state = state;
  self->outgoing = event.outgoing;
  g_free (self->call_id);
  self->call_id = g_strdup (event.call_id);
  sip_line_note_far_end_unlocked (self, self->dialog);
  self->signalling = event.signalling;
  self->refers = sip_dialog_may_refer (self->dialog);
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

void
sip_line_forget_stream (SipLine *self)
{
  g_mutex_lock (&self->lock);
  RtpStream *stream = g_steal_pointer (&self->stream);
  self->hang_up_when_drained = FALSE;
  self->serial = sip_line_next_serial (self);
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

RtpStream *
sip_line_new_stream (SipLine *self, PacketTransport *rtp, PacketTransport *rtcp,
    const gchar *cname, const gchar *call_id, SipStreamUser *user)
{
  g_autoptr (MediaLoop) loop = sip_line_dup_loop (self);
  const RtpStreamOptions options = { .latency = self->config.latency,
    .media_timeout = self->config.media_timeout,
    .cname = cname,
    .call_id = call_id,
    .controls_echo =
        self->config.voice_processing == SIP_VOICE_PROCESSING_AUTO };

  return rtp_stream_new (loop, rtp, rtcp, &options, &sip_line_stream_callbacks,
      user, sip_stream_user_free);
}

void
sip_line_set_stream (SipLine *self, RtpStream *stream)
{
  g_mutex_lock (&self->lock);
  self->stream = rtp_stream_ref (stream);
  g_clear_pointer (&self->last_stream, rtp_stream_unref);
  self->last_stream = rtp_stream_ref (stream);
  gboolean unlocked = self->unlocked;
  const gboolean has_taken = self->has_taken;
  const GstVoiceFormat taken = self->taken;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (has_taken)
    rtp_stream_set_taken (stream, &taken);
  if (unlocked)
    rtp_stream_unlock (stream, TRUE);
}

static RtpStream *
on_new_stream (PacketTransport *rtp, PacketTransport *rtcp, const gchar *cname,
    const gchar *call_id, gpointer user)
{
  SipLine *self = user;

  sip_line_forget_stream (self);
  RtpStream *stream = sip_line_new_stream (self, rtp, rtcp, cname, call_id,
      sip_stream_user_new (self, self->serial));
  sip_line_set_stream (self, stream);
  return stream;
}

static void
on_state (SipCallState state, gpointer user)
{
  SipLine *self = user;

  if (self->way && sip_dialog_was_heard (self->dialog))
    sip_trunk_call_worked (self->way);
  if (state == SIP_CALL_ANSWERED) {
    sip_line_stop_ring (self);
    sip_line_start_duration (self);
  }
  sip_line_tell_state (self, state);
}

/* It is over, or never began; @event has all else that there is to tell. */
static void
finish_call (SipLine *self, SipCallEvent *event)
{
  event->state = SIP_CALL_ENDED;
  event->is_last =
      self->config.on_hangup == SIP_ON_HANGUP_EOS && !self->replaced;
  self->callee.busy = event->is_last || self->replaced;
  sip_line_stop_timers (self);
  sip_line_forget_hold (self);
  if (!self->replaced)
    sip_line_forget_stream (self);
  g_mutex_lock (&self->lock);
  self->finished = event->is_last;
  /* What waits to be dialled is a call that was asked for. */
  self->state = self->pending_uri ? SIP_CALL_CALLING : SIP_CALL_ENDED;
  self->ended_at = g_get_monotonic_time ();
  self->ended_by = event->by;
  self->end_status = event->sip_status;
  g_free (self->end_cause);
  self->end_cause = g_strdup (event->cause);
  g_mutex_unlock (&self->lock);
  sip_line_tell (self, event);
  g_clear_pointer (&self->way, sip_trunk_call_free);
  sip_line_forget_facts (self);
  sip_inbox_callee_changed (self->inbox);
}

static void
on_ended (const SipDialogEnd *end, gpointer user)
{
  SipLine *self = user;
  SipDialog *dialog = g_steal_pointer (&self->dialog);
  g_autofree gchar *why = NULL;
  if (sip_line_follow_redirect (self, dialog, end, &why) ||
      sip_line_outlives (self, end) ||
      sip_line_place_again (self, dialog, end, &why))
    return;
  g_autofree gchar *cause =
      why ? g_strdup_printf ("%s: %s", end->cause, why) : g_strdup (end->cause);
  g_autoptr (GError) error = end->domain
      ? g_error_new (end->domain, end->code, "%s (%s).", cause,
            sip_dialog_get_to (dialog))
      : NULL;
  SipCallEvent event = { .by = end->by,
    .cause = cause,
    .sip_status = end->status,
    .retry_after = end->retry_after,
    .error = error };

  fill_event (self, dialog, &event);
  finish_call (self, &event);
}

void
sip_line_end_without_far_end (SipLine *self, SipDialog *dialog,
    const SipDialogEnd *end)
{
  SipCallEvent event = { .by = end->by,
    .cause = end->cause,
    .sip_status = end->status };

  fill_event (self, dialog, &event);
  g_mutex_lock (&self->lock);
  g_autofree gchar *call_id = g_strdup (self->call_id);
  g_mutex_unlock (&self->lock);
  event.call_id = call_id;
  event.to = self->facts->to; /* nobody else has had it */
  event.was_answered = TRUE;
  finish_call (self, &event);
}

static void
on_warning (const gchar *text, gpointer user)
{
  sip_line_tell_warning (user, text);
}

void
sip_line_tell_try (SipLine *self, SipDialog *dialog,
    const SipDialogTry *attempt)
{
  SipCallEvent event = { .state = SIP_CALL_TRIED };

  fill_event (self, dialog, &event);
  event.attempt = attempt->number;
  event.has_failed = attempt->failed;
  event.address = attempt->address;
  event.transport = sip_text_transport_name (attempt->transport);
  event.cause = attempt->cause;
  event.sip_status = attempt->status;
  event.avoided = attempt->avoided;
  sip_line_tell (self, &event);
}

static void
on_tried (const SipDialogTry *attempt, gpointer user)
{
  SipLine *self = user;

  if (self->dialog) /* else not yet */
    sip_line_tell_try (self, self->dialog, attempt);
}

static void
on_digit (gchar digit, guint duration, gpointer user)
{
  sip_line_tell_digit (user, digit, duration);
}

const SipDialogOwner sip_line_dialog_owner = {
  .new_stream = on_new_stream,
  .state = on_state,
  .tried = on_tried,
  .ended = on_ended,
  .warning = on_warning,
  .digit = on_digit,
  .transfer = sip_line_note_transfer,
  .hold_done = sip_line_note_hold,
  .referred = sip_line_take_referral,
  .trusts = sip_line_config_trusts,
};

/* ---- Calls */

/* What sip_line_dial() was asked for will not be. */
static void
stay_idle (SipLine *self)
{
  g_clear_pointer (&self->pending_uri, g_free);
  g_mutex_lock (&self->lock);
  if (!self->dialog && !self->referral)
    self->state = SIP_CALL_ENDED;
  g_mutex_unlock (&self->lock);
}

static void
tell_forgotten (SipLine *self, gboolean taken)
{
  const SipCallEvent event = { .state = SIP_CALL_ENDED,
    .outgoing = TRUE,
    .line = self->config.local_user,
    .taken = taken,
    .by = SIP_CALL_BY_US,
    .cause =
        taken ? "The line was taken by another call" : "This side hung up" };

  sip_line_tell (self, &event);
}

/* Whoever asked for a call hears that it ended, also of one that was asked for
 * before the line was there, or while the line was @taken. */
static void
forget_call (SipLine *self, gboolean taken)
{
  stay_idle (self);
  tell_forgotten (self, taken);
}

/* The line's own `uri`, if nobody has asked for another one: whoever does while it waits
 * for the account is told that there is a call. */
static void
want_uri (SipLine *self)
{
  sip_line_count_call (self);
  if (self->pending_uri)
    return;
  self->pending_uri = g_strdup (self->config.uri);
  g_mutex_lock (&self->lock);
  if (self->state == SIP_CALL_ENDED) {
    self->state = SIP_CALL_CALLING;
    g_clear_pointer (&self->call_id, g_free);
  }
  g_mutex_unlock (&self->lock);
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
tell_no_trunk (SipLine *self, const GError *error)
{
  SipCallEvent event = { .outgoing = TRUE,
    .line = self->config.local_user,
    .by = SIP_CALL_BY_US,
    .cause = error->message,
    .error = error };

  finish_call (self, &event);
}

static void
dial (SipLine *self, const gchar *uri)
{
  g_autoptr (GError) error = NULL;

  if (self->dialog || self->referral || is_finished (self)) {
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
  if (!sip_line_place_call (self, uri, NULL, &error)) {
    tell_no_trunk (self, error);
    return;
  }
  g_mutex_lock (&self->lock);
  self->call_id = g_strdup (sip_dialog_get_call_id (self->dialog));
  g_mutex_unlock (&self->lock);
  if (self->config.timers.ring_timeout)
    sip_line_start_ring_timeout (self);
}

void
sip_line_dial_pending (SipLine *self)
{
  if (!sip_line_may_dial (self))
    return;
  g_autofree gchar *pending = g_steal_pointer (&self->pending_uri);
  if (pending)
    dial (self, pending);
}

/* ---- The inbox */

void
sip_line_register (SipLine *self)
{
  if (self->registered || !self->inbox || !self->wanted || self->finds_stun)
    return;
  self->registered = TRUE;
  self->callee.user = self->config.local_user;
  self->callee.busy_wait = self->config.timers.busy_wait;
  self->callee.allow_from = self->config.allow_from;
  self->callee.users = self->config.users;
  self->callee.busy =
      is_finished (self) || self->dialog != NULL || self->referral != NULL;
  sip_line_update_draining (self);
  if (sip_line_takes_calls (self))
    sip_inbox_add (self->inbox, &self->callee);
  GST_INFO ("%s: line \"%s\" waits on port %u", self->name,
      self->config.local_user,
      sip_agent_get_port (sip_inbox_get_agent (self->inbox)));
  sip_line_open_accounts (self);
  if (self->config.uri && *self->config.uri && sip_line_takes_calls (self) &&
      !self->dialled) {
    self->dialled = TRUE;
    want_uri (self);
  }
  if (self->is_awaited)
    sip_line_connect_now (self);
  sip_line_dial_pending (self);
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
    sip_line_register (self);
  }
}

void
sip_line_open_now (SipLine *self, const GstPairSettings *settings,
    GObjectClass *klass)
{
  g_autoptr (GError) error = NULL;

  self->wanted = TRUE;
  if (!self->inbox) { /* else it comes back from PAUSED */
    sip_line_config_clear (&self->config);
    self->dialled = FALSE;
    if (!sip_line_config_read (&self->config, settings, klass, &error)) {
      stay_idle (self);
      tell_failed (self, error);
      return;
    }
    sip_line_note_home (self);
    sip_line_find_stun (self);
  }
  if (!self->inbox && !self->opening) {
    self->opening = TRUE;
    sip_inbox_open (&self->config.local, on_inbox, g_object_ref (self));
  } else {
    sip_line_register (self);
  }
}

void
sip_line_dial_now (SipLine *self, gchar **uri)
{
  if (self->pending_uri) { /* put there after this one was asked for */
    tell_forgotten (self, TRUE);
    return;
  }
  self->pending_uri = g_steal_pointer (uri);
  sip_line_dial_pending (self);
}

void
sip_line_pause (SipLine *self)
{
  self->wanted = FALSE;
  sip_line_close_accounts (self);
  if (self->registered && sip_line_takes_calls (self))
    sip_inbox_remove (self->inbox, &self->callee);
  self->registered = FALSE;
}

void
sip_line_shut (SipLine *self)
{
  sip_line_pause (self);
  sip_line_hang_up_now (self);
  self->is_awaited = FALSE;
  g_clear_pointer (&self->inbox, sip_inbox_close);
  self->callee.users =
      NULL; /* whoever frees the line may be on another thread */
  g_clear_pointer (&self->config.users, sip_users_close);
  g_mutex_lock (&self->lock);
  self->finished = FALSE;
  g_mutex_unlock (&self->lock);
}

/* ---- Commands */

void
sip_line_end_call (SipLine *self, const SipDialogEnd *end)
{
  if (self->dialog)
    sip_dialog_end (self->dialog, end);
  else if (self->referral)
    sip_referral_end (self->referral, end);
}

void
sip_line_answer_now (SipLine *self)
{
  sip_line_stop_ring (self);
  if (self->dialog && !sip_dialog_is_outgoing (self->dialog) &&
      !sip_dialog_was_answered (self->dialog))
    sip_dialog_answer (self->dialog);
}

void
sip_line_agent_ready_now (SipLine *self)
{
  if (self->config.answer_mode == SIP_ANSWER_MODE_AGENT ||
      self->config.answer_mode == SIP_ANSWER_MODE_CALLEE)
    sip_line_answer_now (self);
}

void
sip_line_reject_now (SipLine *self, guint status)
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
  sip_line_end_call (self,
      &(SipDialogEnd){ SIP_CALL_BY_US, 0, "This side hung up", 0, 0 });
}

void
sip_line_call_uri_now (SipLine *self)
{
  want_uri (self);
  sip_line_dial_pending (self);
}

void
sip_line_audio_sent (SipLine *self)
{
  if (self->dialog)
    sip_line_start_hang_up (self);
}

void
sip_line_init_call (SipLine *self)
{
  static const gchar *const
      elements[] = { [SIP_LINE_SRC] = "sipsrc", [SIP_LINE_SINK] = "sipsink" };

  gst_pair_init (&self->pair, elements, &self->lock, sip_line_step_run,
      sip_line_step_free, self);
  self->callee.owner = self;
  self->callee.incoming = sip_line_take_call;
  self->callee.has = sip_line_has_dialog;
  self->callee.refused = sip_line_tell_refused;
  self->callee.trusts = sip_line_trusts;
  self->state = SIP_CALL_ENDED;
}
