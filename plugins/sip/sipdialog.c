/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A dialog is freed in one place: when nua says that its call state is
 * terminated (or, for an outgoing call that was never sent, when it ends). Until
 * then it may be without owner: the line has gone on, the BYE has not been
 * answered. */

#include "sipdialogprivate.h"
#include "signalling/sipguard.h"
#include "signalling/sipheaders.h"
#include "signalling/sipport.h"
#include "signalling/siptext.h"
#include "siplog.h"

#include "common/gstvoiceevents.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define BUSY_RETRY_AFTER "5"

/* ---- BYEs that have no answer yet, for the end of the process */

static GMutex unanswered_lock; /* leaf; protects unanswered */
static GCond unanswered_cond;
static guint unanswered;

static void
count_unanswered (SipDialog *self, gboolean is)
{
  if (self->lingering == is)
    return;
  self->lingering = is;
  g_mutex_lock (&unanswered_lock);
  unanswered += is ? 1 : -1;
  g_cond_broadcast (&unanswered_cond);
  g_mutex_unlock (&unanswered_lock);
}

void
sip_dialog_linger (guint timeout)
{
  gint64 end = g_get_monotonic_time () + timeout * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&unanswered_lock);
  while (
      unanswered && g_cond_wait_until (&unanswered_cond, &unanswered_lock, end))
    ;
  g_mutex_unlock (&unanswered_lock);
}

static void
linger_at_exit (void)
{
  sip_dialog_linger (1000);
}

/* ---- Life */

void
sip_dialog_settings_clear (SipDialogSettings *self)
{
  g_clear_pointer (&self->external_address, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->headers, gst_structure_free);
}

static void
copy_settings (SipDialogSettings *to, const SipDialogSettings *from)
{
  *to = *from;
  to->external_address = g_strdup (from->external_address);
  to->user = g_strdup (from->user);
  to->headers = from->headers ? gst_structure_copy (from->headers) : NULL;
}

static void on_event (SipHandle *handle, const SipEvent *event);

static SipDialog *
dialog_new (SipAgent *agent, const SipDialogSettings *settings,
    const SipDialogOwner *owner, gpointer user)
{
  static gsize registered = 0;
  SipDialog *self = g_new0 (SipDialog, 1);

  if (g_once_init_enter (&registered)) {
    atexit (linger_at_exit);
    g_once_init_leave (&registered, 1);
  }
  self->handle.event = on_event;
  self->agent = agent;
  self->owner = owner;
  self->user = user;
  copy_settings (&self->settings, settings);
  sip_agent_begin_call (agent);
  return self;
}

static void
end_call (SipDialog *self)
{
  if (!self->ended)
    sip_agent_end_call (self->agent);
  self->ended = TRUE;
}

static void
dialog_free (SipDialog *self)
{
  end_call (self);
  sip_dialog_close_media (self, NULL);
  count_unanswered (self, FALSE);
  if (self->nh) {
    nua_handle_bind (self->nh, NULL);
    nua_handle_destroy (self->nh);
  }
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->headers, gst_structure_free);
  sip_dialog_settings_clear (&self->settings);
  g_free (self->transport);
  g_free (self->contact);
  g_free (self->call_id);
  g_free (self->log_id);
  g_free (self->from);
  g_free (self->to);
  g_free (self->uri);
  g_free (self->display_name);
  g_free (self->host);
  g_free (self->media_host);
  sip_dialog_free_names (self);
  g_free (self->offer);
  g_free (self->description);
  g_free (self->reason);
  sip_agent_forget_call (self->agent);
  g_free (self);
}

void
sip_dialog_tell_state (SipDialog *self, SipCallState state)
{
  sip_log_state (self, state);
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
  sip_log_warning (self, text);
  if (self->owner)
    self->owner->warning (text, self->user);
}

/* The call is over for the line. */
void
sip_dialog_tell_end (SipDialog *self, const SipDialogEnd *end)
{
  const SipDialogOwner *owner = g_steal_pointer (&self->owner);

  sip_log_end (self, end);
  end_call (self);
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

/* ---- Incoming */

static void
refuse_with (SipDialog *self, gint status, const gchar *phrase,
    const gchar *warning)
{
  nua_respond (self->nh, status, phrase,
      TAG_IF (status == 503, SIPTAG_RETRY_AFTER_STR (BUSY_RETRY_AFTER)),
      TAG_IF (warning, SIPTAG_WARNING_STR (warning)), TAG_END ());
}

static void
refuse (SipDialog *self, gint status, const gchar *phrase)
{
  refuse_with (self, status, phrase, NULL);
}

static gint
status_for (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return 400;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ? 488
                                                                       : 503;
}

static void
refuse_for (SipDialog *self, const GError *error)
{
  gint status = status_for (error);
  g_autofree gchar *warning = status != 503 ? sip_text_warning (error) : NULL;

  refuse_with (self, status,
      status == 400 ? "Bad Session Description" : sip_status_phrase (status),
      warning);
}

SipDialog *
sip_dialog_new_incoming (SipAgent *agent, const SipIncoming *call,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user, guint *status, GError **error)
{
  const sip_t *sip = call->sip;
  SipDialog *self = dialog_new (agent, settings, owner, user);
  g_autoptr (GError) wrong = NULL;
  const gchar *sdp;
  gsize size;

  self->nh = call->nh;
  self->invited = TRUE;
  self->invited_at = call->arrived;
  self->remote = call->from;
  self->call_id = sip_text_utf8 (sip->sip_call_id->i_id);
  self->from = sip_text_address (sip->sip_from->a_url);
  self->to = sip_text_address (sip->sip_to->a_url);
  self->display_name = sip_text_unquoted (sip->sip_from->a_display);
  self->headers = sip_headers_collect (sip);
  self->transport = g_strdup (
      g_str_has_suffix (sip->sip_via->v_protocol, "TCP") ? "tcp" : "udp");
  sip_dialog_set_route (self);
  sip_log_invite (self,
      sip->sip_user_agent ? sip->sip_user_agent->g_string : NULL);
  sip_guard_get_sdp (sip, &sdp, &size);
  if (!sip_dialog_take_offer (self, sdp, size, &wrong) ||
      !sip_dialog_open_media (self, &wrong)) {
    self->owner = NULL;
    refuse_for (self, wrong);
    dialog_free (self);
    *status = (guint) status_for (wrong);
    g_propagate_error (error, g_steal_pointer (&wrong));
    return NULL;
  }
  nua_handle_bind (self->nh, sip_handle_get_magic (&self->handle));
  sip_dialog_set_next_hop (self, sip);
  sip_dialog_set_refresh (self, sip);
  return self;
}

void
sip_dialog_ring (SipDialog *self)
{
  nua_respond (self->nh, SIP_180_RINGING, SIPTAG_CONTACT_STR (self->contact),
      TAG_END ());
}

static void
send_description (SipDialog *self, const gchar *description)
{
  g_autofree gchar *lines = sip_headers_lines (self->settings.headers);

  nua_respond (self->nh, SIP_200_OK, SIPTAG_CONTACT_STR (self->contact),
      SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
      SIPTAG_PAYLOAD_STR (description),
      TAG_IF (lines, SIPTAG_HEADER_STR (lines)), TAG_END ());
}

void
sip_dialog_answer (SipDialog *self)
{
  g_autoptr (GError) error = NULL;

  if (self->ended || self->answered)
    return;
  const gchar *description = sip_dialog_describe (self, &error);
  if (!description) {
    const SipDialogEnd end = { SIP_CALL_BY_US, (guint) status_for (error),
      error->message, 0, 0 };
    refuse_for (self, error);
    sip_dialog_tell_end (self, &end);
    return;
  }
  sip_dialog_set_answered (self);
  send_description (self, description);
}

void
sip_dialog_reject (SipDialog *self, guint status)
{
  const SipDialogEnd end = { SIP_CALL_BY_US, status, "Rejected", 0, 0 };

  if (self->ended || self->answered)
    return;
  refuse (self, (gint) status, sip_status_phrase ((gint) status));
  sip_dialog_tell_end (self, &end);
}

/* ---- Outgoing */

static void
invite (SipDialog *self)
{
  g_autofree gchar *lines = sip_headers_lines (self->settings.headers);
  g_autofree gchar *from = g_strdup_printf ("<sip:%s@%s%s%s:%u>",
      self->settings.user, strchr (self->host, ':') ? "[" : "", self->host,
      strchr (self->host, ':') ? "]" : "", sip_agent_get_port (self->agent));
  g_autofree gchar *to = g_strdup_printf ("<%s>", self->uri);
  g_autofree gchar *proxy = sip_dialog_remote_uri (self);

  self->nh = nua_handle (sip_agent_get_nua (self->agent),
      sip_handle_get_magic (&self->handle), NUTAG_URL (self->uri),
      SIPTAG_TO_STR (to), SIPTAG_FROM_STR (from),
      SIPTAG_CALL_ID_STR (self->call_id), NUTAG_MIN_SE (sip_agent_min_session),
      TAG_END ());
  self->invited = TRUE;
  self->invited_at = g_get_monotonic_time ();
  /* The name stays in the request; where it goes was resolved by us. */
  nua_invite (self->nh, NUTAG_PROXY (proxy), SIPTAG_CONTACT_STR (self->contact),
      SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
      SIPTAG_PAYLOAD_STR (self->description),
      TAG_IF (lines, SIPTAG_HEADER_STR (lines)), TAG_END ());
}

static void
fail_unsent (SipDialog *self, const SipDialogEnd *end)
{
  sip_dialog_tell_end (self, end);
  dialog_free (self);
}

static void
on_resolved (const PacketAddress *address, const GError *error, gpointer user)
{
  SipDialog *self = user;
  g_autoptr (GError) failure = NULL;
  SipDialogEnd end;

  if (error) {
    end = (SipDialogEnd){ SIP_CALL_BY_NETWORK, 0, error->message,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND };
    fail_unsent (self, &end);
    return;
  }
  self->remote = *address;
  sip_dialog_set_route (self);
  g_free (self->from);
  self->from =
      g_strdup_printf (strchr (self->host, ':') ? "sip:%s@[%s]" : "sip:%s@%s",
          self->settings.user, self->host);
  if (!sip_dialog_open_media (self, &failure)) {
    end = (SipDialogEnd){ SIP_CALL_BY_US, 0, failure->message,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT };
    fail_unsent (self, &end);
    return;
  }
  sip_log_invite (self, NULL);
  sip_dialog_describe (self, NULL);
  invite (self);
  sip_dialog_tell_state (self, SIP_CALL_CALLING);
}

SipDialog *
sip_dialog_new_outgoing (SipAgent *agent, const gchar *uri,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user)
{
  SipDialog *self = dialog_new (agent, settings, owner, user);

  self->outgoing = TRUE;
  self->call_id = g_uuid_string_random ();
  self->uri = g_strdup (uri);
  self->to = sip_text_without_password (uri);
  self->from = g_strdup ("");
  self->transport = g_strdup (
      sip_text_transport (uri, settings->transport) == SIP_TRANSPORT_TCP
          ? "tcp"
          : "udp");
  self->cancellable = g_cancellable_new ();
  sip_resolver_uri (uri, sip_port_get_family (sip_agent_get_host (agent)),
      self->cancellable, on_resolved, self);
  return self;
}

/* ---- Ending */

/* RFC 3261 15: whoever was called waits for the ACK before it sends a BYE. If none
 * comes the stack sends one when it gives up, and the dialog goes then. */
static void
send_bye_when_allowed (SipDialog *self)
{
  count_unanswered (self, TRUE);
  self->bye_due = !self->outgoing && !self->confirmed;
  GST_DEBUG ("%s: BYE goes out%s", sip_log_id (self),
      self->bye_due ? " when the ACK has come" : "");
  if (!self->bye_due)
    nua_bye (self->nh, TAG_IF (self->reason, SIPTAG_REASON_STR (self->reason)),
        TAG_END ());
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
    g_cancellable_cancel (self->cancellable);
    dialog_free (self);
  } else if (self->answered) {
    hang_up_answered (self, end);
  } else if (self->outgoing) {
    GST_DEBUG ("%s: CANCEL goes out", sip_log_id (self));
    count_unanswered (self, TRUE);
    nua_cancel (self->nh, TAG_END ());
  } else {
    refuse (self, SIP_480_TEMPORARILY_UNAVAILABLE);
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

const gchar *
sip_dialog_get_call_id (SipDialog *self)
{
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

const GstStructure *
sip_dialog_get_headers (SipDialog *self)
{
  return self->headers;
}

const RtpStreamMedia *
sip_dialog_get_media (SipDialog *self)
{
  return &self->media;
}

/* ---- Events */

static void
handle_ack (SipDialog *self, const sip_t *sip)
{
  SipDialogEnd end = { SIP_CALL_BY_PEER, 0,
    "The phone agreed to nothing that this line offered", GST_STREAM_ERROR,
    GST_STREAM_ERROR_CODEC_NOT_FOUND };
  const gchar *sdp;
  gsize size;

  if (self->ended || self->offer_state != SIP_OFFER_OURS)
    return;
  gboolean readable = sip_guard_get_sdp (sip, &sdp, &size);
  if (readable && !sdp)
    end.cause =
        "The phone did not answer what this line offered: no SDP in ACK";
  if (!readable || !sip_dialog_take_answer (self, sdp, size, NULL))
    sip_dialog_end (self, &end);
}

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
    self->established ? "The far end no longer keeps the session alive"
                      : SIP_DIALOG_NO_ACK,
    0, 0 };
  int state = nua_callstate_init;

  tl_gets (tags, NUTAG_CALLSTATE_REF (state), TAG_END ());
  if (state == nua_callstate_ready && self->answered && !self->confirmed) {
    self->confirmed = TRUE;
    handle_confirmed (self);
  } else if (state == nua_callstate_terminated) {
    if (!self->ended)
      sip_dialog_tell_end (self, &lost);
    dialog_free (self);
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

static void
on_event (SipHandle *handle, const SipEvent *event)
{
  SipDialog *self = (SipDialog *) handle;
  const sip_t *sip = event->sip;

  sip_log_event (self, nua_event_name (event->event), event->status,
      event->phrase);
  switch (event->event) {
    case nua_i_state:
      handle_state (self, event->tags);
      break;
    case nua_r_invite:
      sip_dialog_handle_answer (self, event->status, event->phrase, sip);
      break;
    case nua_r_update:
      sip_dialog_handle_refresh (self, event->status);
      break;
    case nua_i_ack:
      if (sip)
        handle_ack (self, sip);
      break;
    case nua_i_bye:
      handle_hang_up (self, sip, 0, "The far end hung up");
      break;
    case nua_i_cancel:
      handle_hang_up (self, sip, 487, "The caller hung up before the answer");
      break;
    case nua_i_invite:
    case nua_i_update:
    case nua_i_info:
    case nua_i_options:
    case nua_i_message:
    case nua_i_subscribe:
    case nua_i_notify:
      sip_dialog_handle_request (self, event->event, event->status, sip);
      break;
    default:
      break;
  }
}
