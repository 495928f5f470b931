/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The far end's requests within a dialog. */

#include "sipdialogprivate.h"
#include "sipguard.h"

#include "common/gstvoiceevents.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <stdlib.h>
#include <string.h>

static void
reply (SipDialog *self, gint status, const gchar *phrase)
{
  nua_respond (self->nh, status, phrase,
      NUTAG_WITH_THIS (sip_endpoint_get_nua (self->endpoint)), TAG_END ());
}

static void
reply_with (SipDialog *self, const gchar *description)
{
  nua_respond (self->nh, SIP_200_OK,
      NUTAG_WITH_THIS (sip_endpoint_get_nua (self->endpoint)),
      SIPTAG_CONTACT_STR (self->contact),
      TAG_IF (description, SIPTAG_CONTENT_TYPE_STR ("application/sdp")),
      TAG_IF (description, SIPTAG_PAYLOAD_STR (description)), TAG_END ());
}

static void
refuse_change (SipDialog *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    reply (self, SIP_488_NOT_ACCEPTABLE);
  else
    reply (self, 400, "Bad Session Description");
}

/* A re-INVITE (@may_offer: without SDP it wants an offer) or an UPDATE. */
static void
handle_change (SipDialog *self, const sip_t *sip, gboolean may_offer)
{
  g_autoptr (GError) error = NULL;
  const gchar *sdp, *description = NULL;
  const gchar *wrong = sip_guard_check_target (sip, FALSE);
  gsize size;

  if (wrong) {
    reply (self, 400, wrong);
  } else if (!sip_guard_get_sdp (sip, &sdp, &size)) {
    reply (self, SIP_415_UNSUPPORTED_MEDIA);
  } else if (self->offer_state != SIP_OFFER_NONE || !self->answered) {
    reply (self, SIP_491_REQUEST_PENDING);
  } else if (!sip_dialog_take_offer (self, sdp, size, &error) ||
      ((sdp || may_offer) &&
          !(description = sip_dialog_describe (self, &error)))) {
    refuse_change (self, error);
  } else {
    sip_dialog_set_next_hop (self, sip);
    sip_dialog_set_refresh (self, sip);
    reply_with (self, description);
  }
}

/* "Signal=5", "Duration=160" (application/dtmf-relay). */
static void
handle_info (SipDialog *self, const sip_t *sip)
{
  const sip_content_type_t *type = sip->sip_content_type;

  if (!type || !type->c_type ||
      g_ascii_strcasecmp (type->c_type, "application/dtmf-relay") ||
      !sip->sip_payload || sip->sip_payload->pl_len > 256) {
    reply (self, SIP_415_UNSUPPORTED_MEDIA);
    return;
  }
  g_autofree gchar *body =
      g_strndup (sip->sip_payload->pl_data, sip->sip_payload->pl_len);
  const gchar *signal = strstr (body, "Signal=");
  signal = signal ? signal + 7 + strspn (signal + 7, " ") : NULL;
  const gchar *duration = strstr (body, "Duration=");
  gulong ms = duration ? strtoul (duration + 9, NULL, 10) : 0;
  gchar digit = signal ? *signal : 0;
  if (gst_voice_dtmf_number (digit) < 0) {
    reply (self, 400, "Bad Signal");
    return;
  }
  reply (self, SIP_200_OK);
  if (self->owner)
    self->owner->digit (g_ascii_toupper (digit), (guint) MIN (ms, 8000),
        self->user);
}

void
sip_dialog_handle_request (SipDialog *self, nua_event_t event, gint status,
    const sip_t *sip)
{
  if (status >= 200 || !sip)
    return;
  switch (event) {
    case nua_i_invite:
      handle_change (self, sip, TRUE);
      break;
    case nua_i_update:
      handle_change (self, sip, FALSE);
      break;
    case nua_i_info:
      handle_info (self, sip);
      break;
    case nua_i_options:
      reply (self, SIP_200_OK);
      break;
    default:
      reply (self, SIP_501_NOT_IMPLEMENTED);
      break;
  }
}
