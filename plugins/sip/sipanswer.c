/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the far end answers to our INVITE, and what that means to a person. */

#include "sipdialogprivate.h"
#include "sipguard.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* The stack repeats a refused refresh every second. */
#define MAX_REFUSALS 30

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
  { 480, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Nobody is there to answer" },
  { 484, GST_RESOURCE_ERROR_NOT_FOUND, "The number is incomplete" },
  { 486, GST_RESOURCE_ERROR_BUSY, "The line is busy" },
  { 488, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "No codec in common" },
  { 503, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "The far end is unreachable" },
  { 600, GST_RESOURCE_ERROR_BUSY, "The line is busy" },
  { 603, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "The call was declined" },
  { 604, GST_RESOURCE_ERROR_NOT_FOUND, "Nobody has this address" },
};

static void
end_for_status (SipDialog *self, gint status, const gchar *phrase)
{
  g_autofree gchar *said = sip_dialog_text (phrase);
  g_autofree gchar *other =
      g_strdup_printf ("The call failed: %d %s", status, said);
  SipDialogEnd end = { SIP_CALL_BY_PEER, (guint) status, other,
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (outcomes[i].status == status) {
      end.cause = outcomes[i].cause;
      end.code = outcomes[i].code;
    }
  if (status >= 300 && status < 400)
    end.cause = "The far end asks to call another address, which is not done";
  if (status == 408 || status == 503)
    end.by = SIP_CALL_BY_NETWORK;
  if (status == 488) {
    end.domain = GST_STREAM_ERROR;
    end.code = GST_STREAM_ERROR_CODEC_NOT_FOUND;
  }
  sip_dialog_tell_end (self, &end);
}

/* Our own requests would go to the target that the answer names: ones that the
 * stack cannot send make it recurse, so they go to the address we called. */
static void
end_unusable (SipDialog *self, gint status, const gchar *wrong)
{
  const SipDialogEnd end = { SIP_CALL_BY_US, (guint) status, wrong,
    GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  GST_WARNING ("the answer cannot be used: %s", wrong);
  if (!self->ended)
    sip_dialog_tell_end (self, &end);
  if (status < 200) {
    nua_cancel (self->nh, TAG_END ());
    return;
  }
  nua_ack (self->nh, NUTAG_URL (self->uri), TAG_END ());
  nua_bye (self->nh, NUTAG_URL (self->uri), TAG_END ());
}

static void
handle_provisional (SipDialog *self, gint status, const sip_t *sip)
{
  const gchar *sdp;
  gsize size;

  if (status < 180)
    return;
  if (sip_guard_get_sdp (sip, &sdp, &size) && sdp &&
      self->offer_state == SIP_OFFER_OURS) {
    sip_dialog_take_answer (self, sdp, size, NULL);
    self->offer_state = SIP_OFFER_OURS; /* the 200 may say otherwise */
  } else {
    sip_dialog_tell_state (self, SIP_CALL_RINGING);
  }
}

static void
handle_accepted (SipDialog *self, const sip_t *sip)
{
  const SipDialogEnd end = { SIP_CALL_BY_US, 200,
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
sip_dialog_set_refresh (SipDialog *self, const sip_t *sip)
{
  const sip_allow_t *allow = sip->sip_allow;
  const sip_session_expires_t *expires = sip->sip_session_expires;

  /* RFC 4028 7.4: a refresh says what was agreed. */
  if (expires && expires->x_delta > 0)
    nua_set_hparams (self->nh,
        NUTAG_SESSION_TIMER ((guint) CLAMP (expires->x_delta,
            sip_endpoint_min_session, SIP_ENDPOINT_SESSION)),
        TAG_END ());
  if (allow) /* who says nothing has not changed its mind */
    nua_set_hparams (self->nh,
        NUTAG_UPDATE_REFRESH (sip_is_allowed (allow, sip_method_update, NULL)),
        TAG_END ());
}

/* Whoever refuses an UPDATE may take a re-INVITE. Who refuses that too keeps the
 * call for half a minute, which ends a glare (491) as well as a short trouble. */
void
sip_dialog_handle_refresh (SipDialog *self, gint status)
{
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, 408,
    "The far end no longer keeps the session alive", 0, 0 };

  if (status < 200 || self->ended)
    return;
  if (status < 300) {
    self->refusals = 0;
    return;
  }
  GST_INFO ("%s: refresh of the session refused: %d", self->call_id, status);
  nua_set_hparams (self->nh, NUTAG_UPDATE_REFRESH (0), TAG_END ());
  if (++self->refusals >= MAX_REFUSALS)
    sip_dialog_end (self, &end);
}

/* Our side's session timer was refreshed by a re-INVITE, which the stack sends
 * without SDP: the answer brings an offer, the ACK takes ours. */
static void
handle_refreshed (SipDialog *self, const sip_t *sip)
{
  const gchar *sdp, *description = NULL;
  gsize size;

  sip_dialog_handle_refresh (self, 200);
  if (sip_guard_get_sdp (sip, &sdp, &size) && sdp &&
      sip_dialog_take_offer (self, sdp, size, NULL))
    description = sip_dialog_describe (self, NULL);
  nua_ack (self->nh,
      TAG_IF (description, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
      TAG_IF (description, SIPTAG_PAYLOAD_STR (description)), TAG_END ());
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
    handle_refreshed (self, sip);
  else if (self->answered)
    sip_dialog_handle_refresh (self, status);
  else if (status >= 300 && !self->ended)
    end_for_status (self, status, phrase);
  else if (status >= 200 && status < 300 && sip)
    handle_accepted (self, sip);
  else if (status > 100 && status < 200 && sip && !self->ended)
    handle_provisional (self, status, sip);
}
