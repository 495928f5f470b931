/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that goes out: our INVITE, what the far end answers to it, and what that
 * means to a person. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/logic/sipuri.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/sipheaders.h"
#include "sip/signalling/sipport.h"
#include "sip/signalling/siptext.h"

#include "common/base/gstvoicelog.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

SipDialog *
sip_dialog_new_outgoing (SipAgent *agent, const gchar *uri,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user)
{
  const gchar *hop =
      settings->account.next_hop ? settings->account.next_hop : uri;
  g_autoptr (GError) error = NULL;
  const SipTransport transport = sip_text_transport (hop);
  SipAgent *caller =
      sip_agent_get_caller (agent, transport, &settings->tls, &error);
  SipDialog *self =
      sip_dialog_new (caller ? caller : agent, settings, owner, user);

  self->outgoing = TRUE;
  self->call_id = g_uuid_string_random ();
  self->uri = g_strdup (uri);
  self->to = sip_text_without_password (uri);
  self->from = g_strdup ("");
  self->transport = transport;
  self->secure = !g_ascii_strncasecmp (uri, "sips:", 5);
  self->unusable = g_steal_pointer (&error);
  sip_dialog_find_targets (self, hop,
      sip_port_get_family (sip_agent_get_host (agent)));
  return self;
}

/* ---- Answers */

static const struct
{
  gint status;
  gint code; /* GST_RESOURCE_ERROR */
  const gchar *cause;
} outcomes[] = {
  { 401, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "The far end wants a password" },
  { 403, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "The far end forbids this call" },
  { 404, GST_RESOURCE_ERROR_NOT_FOUND, "Nobody has this address" },
  { 407, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "The far end wants a password" },
  { 408, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "The far end does not react" },
  { 410, GST_RESOURCE_ERROR_NOT_FOUND, "This address is no longer in use" },
  { 415, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "The far end does not understand the offer (SDP)" },
  { 420, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "The far end refuses an extension that the call asks for" },
  { 421, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "The far end wants an extension that this side does not have" },
  { 480, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Nobody is there to answer" },
  { 484, GST_RESOURCE_ERROR_NOT_FOUND, "The number is incomplete" },
  { 486, GST_RESOURCE_ERROR_BUSY, "The line is busy" },
  { 488, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "No codec in common" },
  { 503, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
      "The far end takes no more calls now" },
  { 600, GST_RESOURCE_ERROR_BUSY, "The line is busy" },
  { 603, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "The call was declined" },
  { 604, GST_RESOURCE_ERROR_NOT_FOUND, "Nobody has this address" },
};

/* What the stack answers itself when nothing came back has no address. */
static gboolean
came_from_far_end (SipDialog *self)
{
  PacketAddress from;

  return sip_agent_get_source (self->agent, &from);
}

/* RFC 3261 8.1.3.1: a time-out is a 408 and a transport's error a 503, but the stack's
 * words for that one are those of a server that answered. */
static void
end_unreachable (SipDialog *self, gint status, const gchar *said)
{
  if (sip_dialog_tell_no_connection (self))
    return;
  g_autofree gchar *cause =
      g_strdup_printf ("The far end cannot be reached: %s",
          status == 503 && g_str_equal (said, sip_503_Service_unavailable)
              ? "nothing takes calls at its address, or no way leads there"
              : said);
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, (guint) status,
    status == 408 ? "The far end does not react" : cause, GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  sip_dialog_end_try (self, &end);
}

static gboolean
body_has (const sip_t *sip, const gchar *text)
{
  const sip_payload_t *body = sip->sip_payload;

  return body && body->pl_data &&
      g_strstr_len (body->pl_data, (gssize) body->pl_len, text);
}

/* RFC 3261 20.43: in words, for a person. */
static gboolean
warning_has (const sip_t *sip, const gchar *text)
{
  for (const sip_warning_t *w = sip->sip_warning; w; w = w->w_next) {
    g_autofree gchar *upper = g_ascii_strup (w->w_text ? w->w_text : "", -1);
    if (strstr (upper, text))
      return TRUE;
  }
  return FALSE;
}

/* What both ends want of encryption does not fit, as far as the far end says; NULL:
 * it does not say so. */
static const gchar *
find_srtp_cause (const SipDialog *self, const sip_t *sip, gint status)
{
  const gboolean wanted = body_has (sip, "RTP/SAVP") ||
      warning_has (sip, "SRTP") || warning_has (sip, "SAVP");

  if (status >= 300 && status != 488 && status != 415 && status != 606)
    return NULL;
  if (self->settings.srtp == SIP_SRTP_REQUIRED)
    return "The far end agreed to no encrypted audio (SRTP), which this line "
           "requires";
  if (!wanted)
    return NULL;
  return self->settings.srtp == SIP_SRTP_OFF
      ? "The far end wants encrypted audio (SRTP), which this line has with "
        "srtp=optional or required only"
      : "The far end wants other encrypted audio (SRTP) than this line offers: "
        "srtp=required offers it without a choice";
}

/* 426 Upgrade Required, 494 of RFC 3329, or a sips: address instead. */
static gboolean
wants_tls (const sip_t *sip, gint status)
{
  if (status == 426 || status == 494)
    return TRUE;
  for (const sip_contact_t *c = sip->sip_contact; c; c = c->m_next)
    if (status >= 300 && status < 400 && c->m_url->url_type == url_sips)
      return TRUE;
  return FALSE;
}

static const gchar *
find_special_cause (const SipDialog *self, const sip_t *sip, gint status)
{
  const gchar *srtp = find_srtp_cause (self, sip, status);

  if (srtp)
    return srtp;
  if (wants_tls (sip, status))
    return "The far end wants an encrypted connection: call it by TLS "
           "(;transport=tls)";
  if (status >= 300 && status < 400)
    return "The far end asks to call another address, which is not done";
  return NULL;
}

static void
end_for_status (SipDialog *self, gint status, const gchar *phrase,
    const sip_t *sip)
{
  const gchar *special = find_special_cause (self, sip, status);
  g_autofree gchar *said = sip_text_utf8 (phrase);
  g_autofree gchar *other =
      g_strdup_printf ("The call failed: %d %s", status, said);
  SipDialogEnd end = { SIP_CALL_BY_PEER, (guint) status, other,
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (outcomes[i].status == status) {
      end.cause = outcomes[i].cause;
      end.code = outcomes[i].code;
    }
  if (status == 488 && !special) {
    end.domain = GST_STREAM_ERROR;
    end.code = GST_STREAM_ERROR_CODEC_NOT_FOUND;
  }
  if (special)
    end.cause = special;
  if (status == 408) /* nobody reacted to a proxy */
    end.by = SIP_CALL_BY_NETWORK;
  g_auto (GStrv) redirects = sip_dialog_dup_redirects (status, sip);
  if (*redirects && !wants_tls (sip, status))
    end.redirects = (const gchar *const *) redirects;
  if (sip->sip_retry_after)
    end.retry_after = (guint) sip->sip_retry_after->af_delta;
  g_autofree gchar *again = end.retry_after
      ? g_strdup_printf ("%s; it asks to try again in %u s", end.cause,
            end.retry_after)
      : NULL;
  if (again)
    end.cause = again;
  if (status == 503)
    sip_dialog_end_try (self, &end);
  else
    sip_dialog_tell_end (self, &end);
}

static void
end_unusable (SipDialog *self, gint status, const gchar *wrong)
{
  const SipDialogEnd failed = { SIP_CALL_BY_US, (guint) status, wrong,
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };
  const SipDialogEnd ended = { SIP_CALL_BY_US, 0, wrong, 0, 0 };
  const SipDialogEnd *end = self->answered ? &ended : &failed;

  if (status >= 200) {
    if (!self->answered)
      sip_dialog_ack_unusable (self);
    sip_dialog_end_unusable (self, end);
    return;
  }
  if (!self->ended)
    sip_dialog_tell_end (self, end);
  nua_cancel (self->nh, TAG_END ());
}

/* FALSE: @sip has no early media, or none that can be had. */
static gboolean
take_early_media (SipDialog *self, gint status, const sip_t *sip)
{
  g_autoptr (GError) error = NULL;
  const gchar *sdp;
  gsize size;

  if (!sip_guard_get_sdp (sip, &sdp, &size) || !sdp ||
      self->offer_state != SIP_OFFER_OURS)
    return FALSE;
  gboolean taken = sip_dialog_take_answer (self, sdp, size, &error);
  if (!taken) {
    g_autofree gchar *why = gst_voice_log_text (error->message);
    GST_WARNING ("%s: the early media of a %d cannot be used: %s",
        sip_dialog_log_id (self), status, why);
  }
  self->offer_state = SIP_OFFER_OURS; /* the 200 may say otherwise */
  return taken;
}

/* RFC 3262 4: what comes reliably is confirmed once, in turn. */
static void
confirm_provisional (SipDialog *self, const sip_t *sip)
{
  const guint32 number = sip->sip_rseq ? sip->sip_rseq->rs_response : 0;

  if (number <= self->confirmed_number ||
      !sip_has_feature (sip->sip_require, "100rel"))
    return;
  self->confirmed_number = number;
  g_autofree gchar *rack =
      g_strdup_printf ("%u %u INVITE", number, sip->sip_cseq->cs_seq);
  sip_dialog_count_request (self);
  nua_prack (self->nh, SIPTAG_RACK_STR (rack), TAG_END ());
}

static void
handle_provisional (SipDialog *self, gint status, const sip_t *sip)
{
  confirm_provisional (self, sip);
  if (status >= 180 && !take_early_media (self, status, sip))
    sip_dialog_tell_progress (self, SIP_CALL_RINGING);
}

static void
handle_accepted (SipDialog *self, const sip_t *sip)
{
  SipDialogEnd end = { SIP_CALL_BY_US, 200,
    "The far end agreed to nothing that was offered", GST_STREAM_ERROR,
    GST_STREAM_ERROR_CODEC_NOT_FOUND };
  const gchar *sdp;
  gsize size;

  sip_dialog_set_answered (self);
  gboolean agreed = sip_guard_get_sdp (sip, &sdp, &size);
  /* RFC 3261 13.2.1 wants the answer in the 200, whatever an unreliable 18x said
   * before it. Some leave it out: then what the 18x said holds, out of leniency. */
  if (agreed && !sdp && self->has_media)
    sip_dialog_confirm_media (self);
  else
    agreed = agreed && sip_dialog_take_answer (self, sdp, size, NULL);
  const gchar *srtp = find_srtp_cause (self, sip, 200);
  if (!agreed && srtp)
    end = (SipDialogEnd){ SIP_CALL_BY_US, 200, srtp, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE };
  self->offer_state = SIP_OFFER_NONE;
  sip_dialog_note_names (self, sip->sip_from, sip->sip_to);
  sip_dialog_set_next_hop (self, sip);
  sip_dialog_set_refresh (self, sip);
  nua_ack (self->nh, TAG_END ());
  if (self->ended) /* our CANCEL crossed it */
    sip_dialog_send_bye (self);
  else if (!agreed)
    sip_dialog_end (self, &end);
}

void
sip_dialog_handle_answer (SipDialog *self, gint status, const gchar *phrase,
    const sip_t *sip)
{
  const gchar *wrong = sip && status > 100 && status < 300
      ? sip_guard_check_target (sip, status >= 200)
      : NULL;

  sip_dialog_note_allow (self, sip);
  if (status >= 100 && sip && came_from_far_end (self))
    sip_dialog_heard_target (self);
  if (wrong)
    end_unusable (self, status, wrong);
  else if (self->changing)
    sip_dialog_handle_hold (self, status, sip);
  else if (self->answered && status >= 200 && status < 300 && sip)
    sip_dialog_handle_refreshed (self, sip);
  else if (self->answered)
    sip_dialog_handle_refresh (self, status);
  else if (status >= 300 && !self->ended && sip && came_from_far_end (self))
    end_for_status (self, status, phrase, sip);
  else if (status >= 300 && !self->ended)
    end_unreachable (self, status, phrase);
  else if (status >= 200 && status < 300 && sip)
    handle_accepted (self, sip);
  else if (status > 100 && status < 200 && sip && !self->ended)
    handle_provisional (self, status, sip);
}
