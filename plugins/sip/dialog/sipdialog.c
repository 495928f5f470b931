/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A dialog is freed in one place: when nua says that its call state is
 * terminated (or, for an outgoing call that was never sent, when it ends). Until
 * then it may be without owner: the line has gone on, the BYE has not been
 * answered. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/logic/security/sdes.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/siplinger.h"
#include "sip/signalling/siptext.h"

#include "common/base/gstvoicelog.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

static void
count_unanswered (SipDialog *self, gboolean is)
{
  if (self->lingering == is)
    return;
  self->lingering = is;
  if (is)
    sip_linger_begin ();
  else
    sip_linger_end ();
}

/* ---- Life */

void
sip_dialog_settings_clear (SipDialogSettings *self)
{
  g_clear_pointer (&self->external_address, g_free);
  g_clear_pointer (&self->stun, sip_stun_unref);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->headers, gst_structure_free);
  sip_dialog_account_clear (&self->account);
  tls_settings_clear (&self->tls);
}

static void
copy_settings (SipDialogSettings *to, const SipDialogSettings *from)
{
  *to = *from;
  to->external_address = g_strdup (from->external_address);
  to->stun = from->stun ? sip_stun_ref (from->stun) : NULL;
  to->user = g_strdup (from->user);
  to->headers = from->headers ? gst_structure_copy (from->headers) : NULL;
  sip_dialog_copy_account (&to->account, &from->account);
  tls_settings_copy (&to->tls, &from->tls);
}

static void on_event (SipHandle *handle, const SipEvent *event);

SipDialog *
sip_dialog_new (SipAgent *agent, const SipDialogSettings *settings,
    const SipDialogOwner *owner, gpointer user)
{
  SipDialog *self = g_new0 (SipDialog, 1);

  self->handle.event = on_event;
  self->agent = agent;
  self->owner = owner;
  self->user = user;
  copy_settings (&self->settings, settings);
  sip_dialog_init_security (self);
  sip_agent_hold (agent);
  return self;
}

void
sip_dialog_free (SipDialog *self)
{
  self->ended = TRUE;
  sip_dialog_end_transfer (self);
  sip_dialog_end_hold (self);
  sip_dialog_stop_leaving (self);
  io_loop_clear_timeout (&self->ack_timer);
  sip_dialog_close_media (self, NULL);
  count_unanswered (self, FALSE);
  sip_dialog_clear_way (self);
  if (self->nh) {
    nua_handle_bind (self->nh, NULL);
    nua_handle_destroy (self->nh);
  }
  sip_dialog_stop_try (self);
  g_clear_pointer (&self->targets, sip_targets_free);
  g_free (self->try_cause);
  g_clear_pointer (&self->headers, gst_structure_free);
  g_clear_pointer (&self->origin, gst_structure_free);
  sip_dialog_settings_clear (&self->settings);
  g_clear_pointer (&self->watch, tls_watch_free);
  g_clear_error (&self->unusable);
  g_free (self->source);
  g_free (self->contact);
  g_free (self->call_id);
  g_free (self->told_id);
  g_free (self->referral);
  g_free (self->log_id);
  g_free (self->from);
  g_free (self->to);
  g_free (self->uri);
  g_free (self->display_name);
  g_free (self->host);
  g_free (self->media_host);
  g_free (self->inner_host);
  g_free (self->outside_host);
  sip_dialog_free_names (self);
  sdes_text_free (self->offer);
  sdes_text_free (self->description);
  rtp_stream_media_clear (&self->media);
  sdp_security_clear (&self->security);
  g_free (self->reason);
  sip_agent_release (self->agent);
  g_free (self);
}

void
sip_dialog_await_bye (SipDialog *self)
{
  count_unanswered (self, TRUE);
}

void
sip_dialog_tell_state (SipDialog *self, SipCallState state)
{
  sip_dialog_log_state (self, state);
  if (self->owner)
    self->owner->state (state, self->user);
}

void
sip_dialog_tell_progress (SipDialog *self, SipCallState state)
{
  if (state == self->progress)
    return;
  self->progress = state;
  sip_dialog_tell_state (self, state);
}

void
sip_dialog_warn (SipDialog *self, const gchar *text)
{
  sip_dialog_log_warning (self, text);
  if (self->owner)
    self->owner->warning (text, self->user);
}

/* The call is over for the line. */
void
sip_dialog_tell_end (SipDialog *self, const SipDialogEnd *end)
{
  self->ended = TRUE;
  sip_dialog_stop_try (self);
  sip_dialog_end_transfer (self);
  sip_dialog_end_hold (self);
  const SipDialogOwner *owner = g_steal_pointer (&self->owner);
  sip_dialog_log_end (self, end);
  sip_dialog_close_media (self, end->cause);
  if (owner)
    owner->ended (end, self->user);
}

void
sip_dialog_set_answered (SipDialog *self)
{
  self->answered = TRUE;
  self->setup_time =
      (GstClockTime) (g_get_monotonic_time () - self->invited_at) * GST_USECOND;
}

/* ---- Ending */

/* RFC 3261 15: whoever was called waits for the ACK before it sends a BYE. If none
 * comes the stack sends one when it gives up, and the dialog goes then. */
static void
send_bye_when_allowed (SipDialog *self)
{
  count_unanswered (self, TRUE);
  self->bye_due = !self->outgoing && !self->confirmed;
  GST_DEBUG ("%s: BYE goes out%s", sip_dialog_log_id (self),
      self->bye_due ? " when the ACK has come" : "");
  if (!self->bye_due)
    sip_dialog_send_bye (self);
}

static void
hang_up_answered (SipDialog *self, const SipDialogEnd *end)
{
  if (end->by == SIP_CALL_BY_NETWORK)
    self->reason = g_strdup_printf ("SIP;cause=%u;text=\"%s\"",
        end->status ? end->status : 408, end->cause);
  send_bye_when_allowed (self);
}

void
sip_dialog_end (SipDialog *self, const SipDialogEnd *end)
{
  if (self->ended)
    return;
  sip_dialog_tell_end (self, end);
  if (!self->nh) { /* still resolving */
    sip_dialog_free (self);
  } else if (self->answered) {
    hang_up_answered (self, end);
  } else if (self->outgoing) {
    GST_DEBUG ("%s: CANCEL goes out", sip_dialog_log_id (self));
    count_unanswered (self, TRUE);
    nua_cancel (self->nh, TAG_END ());
  } else {
    sip_dialog_refuse (self, SIP_480_TEMPORARILY_UNAVAILABLE);
  }
}

/* ---- Facts */

gboolean
sip_dialog_is_outgoing (SipDialog *self)
{
  return self->outgoing;
}

GstClockTime
sip_dialog_get_setup_time (SipDialog *self)
{
  return self->setup_time;
}

gboolean
sip_dialog_was_answered (SipDialog *self)
{
  return self->established;
}

gboolean
sip_dialog_was_heard (const SipDialog *self)
{
  return self->progress || self->answered;
}

const gchar *
sip_dialog_get_call_id (SipDialog *self)
{
  if (self->told_id)
    return self->told_id;
  return self->call_id ? self->call_id : "";
}

const gchar *
sip_dialog_get_from (SipDialog *self)
{
  return self->from;
}

const gchar *
sip_dialog_get_to (SipDialog *self)
{
  return self->to;
}

const gchar *
sip_dialog_get_display_name (SipDialog *self)
{
  return self->display_name;
}

const gchar *
sip_dialog_get_source (SipDialog *self)
{
  return self->source ? self->source : "";
}

SipTransport
sip_dialog_get_transport (SipDialog *self)
{
  return self->transport;
}

const GstStructure *
sip_dialog_get_headers (SipDialog *self)
{
  return self->headers;
}

const GstStructure *
sip_dialog_get_origin (SipDialog *self)
{
  return self->origin;
}

const RtpStreamMedia *
sip_dialog_get_media (SipDialog *self)
{
  return &self->media;
}

/* ---- Events */

static void
handle_confirmed (SipDialog *self)
{
  if (self->bye_due) {
    send_bye_when_allowed (self);
  } else if (!self->ended) {
    self->established = TRUE;
    sip_dialog_tell_state (self, SIP_CALL_ANSWERED);
    sip_dialog_tell_hold (self);
  }
}

static void
handle_state (SipDialog *self, tagi_t *tags)
{
  const SipDialogEnd lost = { SIP_CALL_BY_NETWORK, 408,
    self->established       ? "The far end no longer keeps the session alive"
        : self->unconfirmed ? SIP_DIALOG_NO_PRACK
                            : SIP_DIALOG_NO_ACK,
    0, 0 };
  int state = nua_callstate_init;

  tl_gets (tags, NUTAG_CALLSTATE_REF (state), TAG_END ());
  if (state == nua_callstate_calling)
    self->inviting = TRUE;
  if (state == nua_callstate_ready && self->answered && !self->confirmed) {
    self->confirmed = TRUE;
    handle_confirmed (self);
  } else if (state == nua_callstate_terminated) {
    if (!self->ended)
      sip_dialog_tell_end (self, &lost);
    sip_dialog_free (self);
  }
}

/* By BYE or CANCEL: @cause, unless @sip has words of its own. */
static void
handle_hang_up (SipDialog *self, const sip_t *sip, guint status,
    const gchar *cause)
{
  const sip_reason_t *reason = sip ? sip->sip_reason : NULL;

  while (reason && !reason->re_text) /* that of another protocol may have one */
    reason = reason->re_next;
  g_autofree gchar *text = sip_text_unquoted (reason ? reason->re_text : NULL);
  const SipDialogEnd end = { SIP_CALL_BY_PEER, status, *text ? text : cause, 0,
    0 };

  if (!self->ended)
    sip_dialog_tell_end (self, &end);
}

/* Where our next request would go, as the stack has it from the far end's last request or
 * answer, if it can be: a request to an address that is none of SIP makes the stack
 * recurse without end. Ours go where the far end was called or came from. */
static gchar *
dup_safe_target (SipDialog *self)
{
  return self->uri ? g_strdup (self->uri) : sip_dialog_remote_uri (self);
}

void
sip_dialog_ack_unusable (SipDialog *self)
{
  g_autofree gchar *uri = dup_safe_target (self);

  nua_ack (self->nh, NUTAG_URL (uri), TAG_END ());
}

void
sip_dialog_end_unusable (SipDialog *self, const SipDialogEnd *end)
{
  g_autofree gchar *uri = dup_safe_target (self);
  g_autofree gchar *why = gst_voice_log_text (end->cause);

  GST_WARNING ("%s: the far end cannot be spoken to: %s",
      sip_dialog_log_id (self), why);
  if (!self->ended)
    sip_dialog_tell_end (self, end);
  nua_bye (self->nh, NUTAG_URL (uri), TAG_END ());
}

/* Of a request of ours within the call; that of an INVITE is looked at with the rest of
 * it. */
static gboolean
refuse_target (SipDialog *self, const SipEvent *event)
{
  const gchar *wrong = NULL;

  if (event->sip && event->status >= 200 && event->status < 300 &&
      (event->event == nua_r_update || event->event == nua_r_refer ||
          event->event == nua_r_info || event->event == nua_r_prack ||
          event->event == nua_r_notify))
    wrong = sip_guard_check_target (event->sip, FALSE);
  const SipDialogEnd end = { SIP_CALL_BY_US, 0, wrong, 0, 0 };
  if (wrong)
    sip_dialog_end_unusable (self, &end);
  return wrong != NULL;
}

static void
on_event (SipHandle *handle, const SipEvent *event)
{
  SipDialog *self = (SipDialog *) handle;
  const sip_t *sip = event->sip;

  sip_dialog_log_event (self, nua_event_name (event->event), event->status,
      event->phrase);
  if (sip_dialog_authorize (self, event))
    return;
  sip_dialog_note_answered (self, event);
  if (refuse_target (self, event))
    return;
  switch (event->event) {
    case nua_i_state:
      handle_state (self, event->tags);
      break;
    case nua_r_invite:
      self->inviting &= event->status < 200;
      sip_dialog_handle_answer (self, event->status, event->phrase, sip);
      break;
    case nua_r_update:
      sip_dialog_handle_refresh (self, event->status);
      break;
    case nua_r_refer:
      sip_dialog_handle_referred (self, event->status);
      break;
    case nua_r_info:
      sip_dialog_handle_key_sent (self, event->status);
      break;
    case nua_i_ack:
      if (sip)
        sip_dialog_handle_ack (self, sip);
      break;
    case nua_i_bye:
      handle_hang_up (self, sip, 0, "The far end hung up");
      break;
    case nua_i_cancel:
      handle_hang_up (self, sip, 487, "The caller hung up before the answer");
      break;
    case nua_i_invite:
    case nua_i_update:
    case nua_i_prack:
    case nua_i_info:
    case nua_i_options:
    case nua_i_message:
    case nua_i_subscribe:
      sip_dialog_handle_request (self, event->event, event->status, sip);
      break;
    case nua_i_refer:
      sip_dialog_handle_refer (self, event);
      break;
    case nua_i_notify:
      sip_dialog_handle_notify (self, sip);
      break;
    default:
      break;
  }
}
