/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that comes in: it is refused, rings, is answered. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/origin/siporigin.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/sipheaders.h"
#include "sip/signalling/siploop.h"
#include "sip/signalling/siptext.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

#define BUSY_RETRY_AFTER "5"

static void
refuse_with (SipDialog *self, gint status, const gchar *phrase,
    const gchar *warning)
{
  nua_respond (self->nh, status, phrase,
      TAG_IF (status == 503, SIPTAG_RETRY_AFTER_STR (BUSY_RETRY_AFTER)),
      TAG_IF (warning, SIPTAG_WARNING_STR (warning)), TAG_END ());
}

void
sip_dialog_refuse (SipDialog *self, gint status, const gchar *phrase)
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

/* RFC 3261 12.1.1: then our Contact is one, too. */
static gboolean
is_secure (const sip_t *sip)
{
  return sip->sip_request->rq_url->url_type == url_sips ||
      (sip->sip_record_route
              ? sip->sip_record_route->r_url->url_type == url_sips
              : sip->sip_contact->m_url->url_type == url_sips);
}

SipDialog *
sip_dialog_new_incoming (SipAgent *agent, const SipIncoming *call,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user, guint *status, GError **error)
{
  const sip_t *sip = call->sip;
  SipDialog *self = sip_dialog_new (agent, settings, owner, user);
  g_autoptr (GError) wrong = NULL;
  const gchar *sdp;
  gsize size;

  self->nh = call->nh;
  self->invited = TRUE;
  self->invited_at = call->arrived;
  self->remote = call->from;
  self->source = packet_address_host_to_string (&call->from);
  self->call_id = sip_text_utf8 (sip->sip_call_id->i_id);
  self->from = sip_text_address (sip->sip_from->a_url);
  self->to = sip_text_address (sip->sip_to->a_url);
  self->display_name = sip_text_unquoted (sip->sip_from->a_display);
  self->headers = sip_headers_collect (sip,
      call->trusted || call->known_to ? NULL : self->source);
  self->origin = sip_origin_collect (sip);
  if (self->origin)
    sip_origin_trust (self->origin, call->trusted);
  sip_dialog_note_allow (self, sip);
  self->can_prack = sip_has_feature (sip->sip_supported, "100rel") ||
      sip_has_feature (sip->sip_require, "100rel");
  self->transport = call->transport;
  self->may_be_forged =
      call->transport == SIP_TRANSPORT_UDP && !call->trusted && !call->known_to;
  self->secure = is_secure (sip);
  sip_dialog_set_route (self);
  sip_dialog_log_invite (self,
      sip->sip_user_agent ? sip->sip_user_agent->g_string : NULL);
  sip_guard_get_sdp (sip, &sdp, &size);
  if (!sip_dialog_check_secrecy (self, &wrong) ||
      !sip_dialog_take_offer (self, sdp, size, &wrong) ||
      !sip_dialog_open_media (self, &wrong)) {
    self->owner = NULL;
    refuse_for (self, wrong);
    sip_dialog_free (self);
    *status = (guint) status_for (wrong);
    g_propagate_error (error, g_steal_pointer (&wrong));
    return NULL;
  }
  nua_handle_bind (self->nh, sip_handle_get_magic (&self->handle));
  if (settings->follows_refer)
    sip_dialog_set_allow (self);
  sip_dialog_ask_outside (self);
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
send_description (SipDialog *self, gint status, const gchar *phrase,
    const gchar *description)
{
  g_autofree gchar *lines = sip_headers_lines (self->settings.headers);

  nua_respond (self->nh, status, phrase, SIPTAG_CONTACT_STR (self->contact),
      SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
      SIPTAG_PAYLOAD_STR (description),
      TAG_IF (lines, SIPTAG_HEADER_STR (lines)), TAG_END ());
}

/* The SDP of the 200: where some went before it, the same (RFC 3261 13.2.1), which a far
 * end that had it reliably passes over. */
static const gchar *
describe (SipDialog *self, GError **error)
{
  return self->speaks_early ? self->description
                            : sip_dialog_describe (self, error);
}

void
sip_dialog_speak_early (SipDialog *self)
{
  self->speaks_early = self->offer_state == SIP_OFFER_THEIRS &&
      sip_dialog_check_secrecy (self, NULL);
  self->speaks_when_seen = self->speaks_early && self->waits_outside;
  if (self->speaks_when_seen) {
    self->speaks_early = FALSE; /* not yet */
    return;
  }
  const gchar *description =
      self->speaks_early ? sip_dialog_describe (self, NULL) : NULL;

  self->speaks_early = description != NULL;
  if (!description) {
    sip_dialog_ring (self);
    return;
  }
  self->unconfirmed = self->can_prack;
  send_description (self, SIP_183_SESSION_PROGRESS, description);
}

/* One datagram, whose source may be forged, is not to have the line for all the time (32 s)
 * in which the stack repeats the answer. Five were lost on the way by then, or there is
 * nobody. */
guint sip_dialog_ack_wait = 8000;

static gboolean
on_no_ack (gpointer data)
{
  SipDialog *self = data;
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, 408, SIP_DIALOG_NO_ACK, 0,
    0 };

  io_loop_clear_timeout (&self->ack_timer);
  if (!self->confirmed && !self->ended &&
      !(self->stream && rtp_stream_was_heard (self->stream)))
    sip_dialog_end (self, &end);
  return G_SOURCE_REMOVE;
}

void
sip_dialog_answer (SipDialog *self)
{
  g_autoptr (GError) error = NULL;

  if (self->ended || self->answered)
    return;
  self->answer_due = self->unconfirmed /* RFC 3262 3 */ || self->waits_outside;
  if (self->answer_due)
    return;
  const gchar *description =
      sip_dialog_check_secrecy (self, &error) ? describe (self, &error) : NULL;
  if (!description) {
    const SipDialogEnd end = { SIP_CALL_BY_US, (guint) status_for (error),
      error->message, 0, 0 };
    refuse_for (self, error);
    sip_dialog_tell_end (self, &end);
    return;
  }
  sip_dialog_set_answered (self);
  send_description (self, SIP_200_OK, description);
  /* Who is known may take his time: an exchange that calls somebody else first (RFC 3725). */
  if (self->may_be_forged)
    self->ack_timer = io_loop_add_timeout (sip_loop_get (), sip_dialog_ack_wait,
        on_no_ack, self);
  if (self->speaks_early)
    sip_dialog_confirm_media (self);
}

void
sip_dialog_reject (SipDialog *self, guint status)
{
  const SipDialogEnd end = { SIP_CALL_BY_US, status, "Rejected", 0, 0 };

  if (self->ended || self->answered)
    return;
  sip_dialog_refuse (self, (gint) status, sip_status_phrase ((gint) status));
  sip_dialog_tell_end (self, &end);
}

void
sip_dialog_handle_ack (SipDialog *self, const sip_t *sip)
{
  g_autoptr (GError) error = NULL;
  SipDialogEnd end = { SIP_CALL_BY_PEER, 0,
    "The phone agreed to nothing that this line offered", GST_STREAM_ERROR,
    GST_STREAM_ERROR_CODEC_NOT_FOUND };
  const gchar *sdp;
  gsize size;

  sip_dialog_note_names (self, sip->sip_to, sip->sip_from);
  /* Our re-INVITE waits for that of theirs to be confirmed: its offer is none of 200. */
  if (self->ended || self->offer_state != SIP_OFFER_OURS || self->changing)
    return;
  gboolean readable = sip_guard_get_sdp (sip, &sdp, &size);
  if (readable && !sdp)
    end.cause =
        "The phone did not answer what this line offered: no SDP in ACK";
  if (readable && sdp && !sip_dialog_check_answer_secrecy (self, &error))
    end.cause = error->message;
  if (error || !readable || !sip_dialog_take_answer (self, sdp, size, NULL))
    sip_dialog_end (self, &end);
}
