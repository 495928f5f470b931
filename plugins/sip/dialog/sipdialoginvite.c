/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that goes out: our INVITE, what the far end answers to it, and what that
 * means to a person. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/sipheaders.h"
#include "sip/signalling/sipport.h"
#include "sip/signalling/siptext.h"

#include "common/base/gstvoicelog.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define SRTP_WANTED \
  "The far end wants encrypted audio (SRTP), which this side does not have"

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
  sip_dialog_free (self);
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
  sip_dialog_log_invite (self, NULL);
  sip_dialog_describe (self, NULL);
  invite (self);
  sip_dialog_tell_state (self, SIP_CALL_CALLING);
}

SipDialog *
sip_dialog_new_outgoing (SipAgent *agent, const gchar *uri,
    const SipDialogSettings *settings, const SipDialogOwner *owner,
    gpointer user)
{
  SipDialog *self = sip_dialog_new (agent, settings, owner, user);

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
  g_autofree gchar *cause =
      g_strdup_printf ("The far end cannot be reached: %s",
          status == 503 && g_str_equal (said, sip_503_Service_unavailable)
              ? "nothing takes calls at its address, or no way leads there"
              : said);
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, (guint) status,
    status == 408 ? "The far end does not react" : cause, GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  sip_dialog_tell_end (self, &end);
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

static gboolean
wants_srtp (const sip_t *sip, gint status)
{
  return (status == 488 || status == 415 || status == 606 || status < 300) &&
      (body_has (sip, "RTP/SAVP") || warning_has (sip, "SRTP") ||
          warning_has (sip, "SAVP"));
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
find_special_cause (const sip_t *sip, gint status)
{
  if (wants_srtp (sip, status))
    return SRTP_WANTED;
  if (wants_tls (sip, status))
    return "The far end wants an encrypted connection (TLS), which this side "
           "does not have";
  if (status >= 300 && status < 400)
    return "The far end asks to call another address, which is not done";
  return NULL;
}

static void
end_for_status (SipDialog *self, gint status, const gchar *phrase,
    const sip_t *sip)
{
  const gchar *special = find_special_cause (sip, status);
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
  if (sip->sip_retry_after)
    end.retry_after = (guint) sip->sip_retry_after->af_delta;
  g_autofree gchar *again = end.retry_after
      ? g_strdup_printf ("%s; it asks to try again in %u s", end.cause,
            end.retry_after)
      : NULL;
  if (again)
    end.cause = again;
  sip_dialog_tell_end (self, &end);
}

/* Our own requests would go to the target that the answer names: ones that the
 * stack cannot send make it recurse, so they go to the address we called. */
static void
end_unusable (SipDialog *self, gint status, const gchar *wrong)
{
  const SipDialogEnd end = { SIP_CALL_BY_US, (guint) status, wrong,
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  g_autofree gchar *why = gst_voice_log_text (wrong);
  GST_WARNING ("%s: the answer cannot be used: %s", sip_dialog_log_id (self),
      why);
  if (!self->ended)
    sip_dialog_tell_end (self, &end);
  if (status < 200) {
    nua_cancel (self->nh, TAG_END ());
    return;
  }
  nua_ack (self->nh, NUTAG_URL (self->uri), TAG_END ());
  nua_bye (self->nh, NUTAG_URL (self->uri), TAG_END ());
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

static void
handle_provisional (SipDialog *self, gint status, const sip_t *sip)
{
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
  if (!agreed && wants_srtp (sip, 200))
    end = (SipDialogEnd){ SIP_CALL_BY_US, 200, SRTP_WANTED, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE };
  self->offer_state = SIP_OFFER_NONE;
  sip_dialog_set_next_hop (self, sip);
  sip_dialog_set_refresh (self, sip);
  nua_ack (self->nh, TAG_END ());
  if (self->ended) /* our CANCEL crossed it */
    nua_bye (self->nh, TAG_END ());
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

  if (wrong)
    end_unusable (self, status, wrong);
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
