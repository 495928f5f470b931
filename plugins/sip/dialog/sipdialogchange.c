/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What changes or tries a call that is up: the far end's requests within the dialog,
 * and the session timer of our side. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/logic/infodigit.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/siptext.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* The stack repeats a refused refresh every second. */
#define MAX_REFUSALS 30

static void
reply (SipDialog *self, gint status, const gchar *phrase)
{
  nua_respond (self->nh, status, phrase,
      NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)), TAG_END ());
}

static void
reply_with (SipDialog *self, const gchar *description)
{
  nua_respond (self->nh, SIP_200_OK,
      NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
      SIPTAG_CONTACT_STR (self->contact),
      TAG_IF (description, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
      TAG_IF (description, SIPTAG_PAYLOAD_STR (description)), TAG_END ());
}

static void
refuse_type (SipDialog *self, const gchar *accept)
{
  nua_respond (self->nh, SIP_415_UNSUPPORTED_MEDIA,
      NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
      SIPTAG_ACCEPT_STR (accept), TAG_END ());
}

static void
refuse_change (SipDialog *self, const GError *error)
{
  gboolean strange =
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_autofree gchar *warning = sip_text_warning (error);

  self->offer_state = SIP_OFFER_NONE; /* as it was before theirs */
  nua_respond (self->nh, strange ? 488 : 400,
      strange ? sip_488_Not_acceptable : "Bad Session Description",
      NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
      SIPTAG_WARNING_STR (warning), TAG_END ());
}

static void
refuse_session (SipDialog *self)
{
  g_autofree gchar *seconds = g_strdup_printf ("%u", sip_agent_min_session);

  nua_respond (self->nh, SIP_422_SESSION_TIMER_TOO_SMALL,
      NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
      SIPTAG_MIN_SE_STR (seconds), TAG_END ());
}

/* What was said before the answer holds (RFC 3262 5), and the 200 will say the same. */
static gboolean
has_agreed (const SipDialog *self)
{
  return self->answered ||
      (self->speaks_early && self->can_prack && !self->unconfirmed);
}

/* RFC 3311 5.2: one offer at a time. */
static void
refuse_for_now (SipDialog *self)
{
  g_autofree gchar *seconds =
      g_strdup_printf ("%d", g_random_int_range (0, 10));

  if (self->offer_state != SIP_OFFER_OURS)
    nua_respond (self->nh, SIP_500_INTERNAL_SERVER_ERROR,
        NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
        SIPTAG_RETRY_AFTER_STR (seconds), TAG_END ());
  else
    reply (self, SIP_491_REQUEST_PENDING);
}

/* A re-INVITE (@may_offer: without SDP it wants an offer) or an UPDATE, which without
 * SDP may come at any time. */
static void
handle_change (SipDialog *self, const sip_t *sip, gboolean may_offer)
{
  g_autoptr (GError) error = NULL;
  const gchar *sdp, *description = NULL;
  const gchar *wrong = sip_guard_check_target (sip, FALSE);
  gsize size;

  sip_dialog_note_allow (self, sip);
  if (wrong) {
    const SipDialogEnd end = { SIP_CALL_BY_US, 0, wrong, 0, 0 };
    reply (self, 400, wrong);
    sip_dialog_end_unusable (self, &end); /* the stack has it all the same */
  } else if (!sip_guard_get_sdp (sip, &sdp, &size)) {
    refuse_type (self, SIP_GUARD_BODY_TYPES);
  } else if (sip_guard_is_too_fast (sip, sip_agent_min_session)) {
    refuse_session (self);
  } else if ((sdp || may_offer) &&
      (self->offer_state != SIP_OFFER_NONE || !has_agreed (self))) {
    refuse_for_now (self);
  } else if (((sdp || may_offer) &&
                 !sip_dialog_check_request_secrecy (self, &error)) ||
      (sdp && !sip_dialog_take_offer (self, sdp, size, &error)) ||
      ((sdp || may_offer) &&
          !(description = sip_dialog_describe (self, &error)))) {
    refuse_change (self, error);
  } else {
    sip_dialog_set_next_hop (self, sip);
    sip_dialog_set_refresh (self, sip);
    reply_with (self, description);
  }
}

/* RFC 3262 5: it may offer something else. */
static void
answer_prack (SipDialog *self, const sip_t *sip)
{
  g_autoptr (GError) error = NULL;
  const gchar *sdp, *description = NULL;
  gsize size;

  if (!sip_guard_get_sdp (sip, &sdp, &size)) {
    refuse_type (self, SIP_GUARD_BODY_TYPES);
  } else if (sdp && self->offer_state != SIP_OFFER_NONE) {
    refuse_for_now (self);
  } else if (sdp &&
      (!sip_dialog_check_request_secrecy (self, &error) ||
          !sip_dialog_take_offer (self, sdp, size, &error) ||
          !(description = sip_dialog_describe (self, &error)))) {
    refuse_change (self, error);
  } else {
    reply_with (self, description);
  }
}

/* RFC 3262 3: it confirms what we said before the answer, whatever comes of its offer, and
 * also where the stack has refused it itself. */
static void
handle_prack (SipDialog *self, gint status, const sip_t *sip)
{
  if (status < 200)
    answer_prack (self, sip);
  else if (status == 481) /* what it names was never said */
    return;
  self->unconfirmed = FALSE;
  if (self->answer_due)
    sip_dialog_answer (self);
}

static void
warn_of_info (SipDialog *self, const gchar *what)
{
  if (!self->warned_of_info)
    sip_dialog_warn (self, what);
  self->warned_of_info = TRUE;
}

static void
handle_info (SipDialog *self, const sip_t *sip)
{
  const sip_content_type_t *type = sip->sip_content_type;
  const sip_payload_t *body = sip->sip_payload;
  gchar digit;
  guint duration;

  if (!body || body->pl_len == 0) { /* RFC 2976 2.2: asks whether we live */
    reply (self, SIP_200_OK);
    return;
  }
  switch (info_digit_read (type ? type->c_type : NULL, body->pl_data,
      body->pl_len, &digit, &duration)) {
    case INFO_DIGIT_OTHER:
      refuse_type (self, INFO_DIGIT_TYPES);
      warn_of_info (self,
          "The far end sends INFO requests of a type that this "
          "side does not know: they are refused.");
      break;
    case INFO_DIGIT_UNREADABLE:
      reply (self, 400, "Bad Signal");
      warn_of_info (self,
          "The far end pressed a key in a way that cannot be "
          "read: such keys are left out.");
      break;
    case INFO_DIGIT_READ:
      reply (self, SIP_200_OK);
      if (self->owner)
        self->owner->digit (digit, duration, self->user);
      break;
  }
}

void
sip_dialog_handle_request (SipDialog *self, nua_event_t event, gint status,
    const sip_t *sip)
{
  if (!sip || (status >= 200 && event != nua_i_prack))
    return;
  if (sip_dialog_is_left (self)) {
    reply (self, SIP_481_NO_TRANSACTION);
    return;
  }
  switch (event) {
    case nua_i_invite:
      handle_change (self, sip, TRUE);
      break;
    case nua_i_update:
      handle_change (self, sip, FALSE);
      break;
    case nua_i_prack:
      handle_prack (self, status, sip);
      break;
    case nua_i_info:
      handle_info (self, sip);
      break;
    case nua_i_options: /* RFC 3261 11.2 */
      nua_respond (self->nh, SIP_200_OK,
          NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
          SIPTAG_ACCEPT_STR (SIP_GUARD_BODY_TYPES), TAG_END ());
      break;
    default:
      reply (self, SIP_501_NOT_IMPLEMENTED);
      break;
  }
}

/* ---- The session timer (RFC 4028) */

void
sip_dialog_set_refresh (SipDialog *self, const sip_t *sip)
{
  const sip_allow_t *allow = sip->sip_allow;
  const sip_session_expires_t *expires = sip->sip_session_expires;

  /* Not the agent's: there the stack would refuse a call before it is told of. */
  nua_set_hparams (self->nh, NUTAG_MIN_SE (sip_agent_min_session), TAG_END ());
  /* RFC 4028 7.4: a refresh says what was agreed. */
  if (expires && expires->x_delta > 0)
    nua_set_hparams (self->nh,
        NUTAG_SESSION_TIMER ((guint) CLAMP (expires->x_delta,
            sip_agent_min_session, SIP_AGENT_SESSION)),
        TAG_END ());
  if (!allow) /* who says nothing has not changed its mind */
    return;
  self->takes_no_refer = !sip_is_allowed (allow, sip_method_refer, NULL);
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
  GST_INFO ("%s: refresh of the session refused: %d", sip_dialog_log_id (self),
      status);
  nua_set_hparams (self->nh, NUTAG_UPDATE_REFRESH (0), TAG_END ());
  if (++self->refusals >= MAX_REFUSALS)
    sip_dialog_end (self, &end);
}

/* Our side's session timer was refreshed by a re-INVITE, which the stack sends
 * without SDP: the answer brings an offer, the ACK takes ours. */
void
sip_dialog_handle_refreshed (SipDialog *self, const sip_t *sip)
{
  const gchar *sdp, *description = NULL;
  gsize size;

  sip_dialog_handle_refresh (self, 200);
  if (sip_guard_get_sdp (sip, &sdp, &size) && sdp &&
      sip_dialog_check_secrecy (self, NULL) &&
      sip_dialog_take_offer (self, sdp, size, NULL))
    description = sip_dialog_describe (self, NULL);
  nua_ack (self->nh,
      TAG_IF (description, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
      TAG_IF (description, SIPTAG_PAYLOAD_STR (description)), TAG_END ());
}
