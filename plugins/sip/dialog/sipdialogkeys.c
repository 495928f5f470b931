/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* In which form keys go to the far end and come from it: what it can do is known from
 * SDP (telephone-event) and from its Allow (INFO). Tones are what is left, and are
 * listened to only where it has no better form. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_header.h>

#define INFO_TYPE "application/dtmf-relay"

void
sip_dialog_note_allow (SipDialog *self, const sip_t *sip)
{
  if (sip && sip->sip_allow) /* who says nothing has not changed its mind */
    self->takes_info = sip_is_allowed (sip->sip_allow, sip_method_info, NULL);
}

static RtpDigits
choose_keys (const SipDialog *self, gboolean has_events)
{
  switch (self->settings.dtmf) {
    case SIP_DTMF_RFC4733:
      return RTP_DIGITS_EVENTS;
    case SIP_DTMF_INFO:
      return RTP_DIGITS_INFO;
    case SIP_DTMF_INBAND:
      return RTP_DIGITS_TONES;
    case SIP_DTMF_AUTO:
      break;
  }
  if (has_events)
    return RTP_DIGITS_EVENTS;
  return self->takes_info ? RTP_DIGITS_INFO : RTP_DIGITS_TONES;
}

void
sip_dialog_set_keys (SipDialog *self, RtpStreamMedia *media)
{
  const SipDtmf mode = self->settings.dtmf;
  const gboolean has_events = media->event_payload_type >= 0;

  media->digits = choose_keys (self, has_events);
  media->hear_tones =
      !has_events && (mode == SIP_DTMF_AUTO || mode == SIP_DTMF_INBAND);
}

void
sip_dialog_send_key (SipDialog *self, gchar key, guint duration)
{
  g_autofree gchar *body =
      g_strdup_printf ("Signal=%c\r\nDuration=%u\r\n", key, duration);

  if (self->ended || !self->answered)
    return;
  sip_dialog_count_request (self);
  nua_info (self->nh, SIPTAG_CONTENT_TYPE_STR (INFO_TYPE),
      SIPTAG_PAYLOAD_STR (body), TAG_END ());
}

void
sip_dialog_handle_key_sent (SipDialog *self, gint status)
{
  if (status < 300 || self->ended)
    return;
  g_autofree gchar *text =
      g_strdup_printf ("The far end does not take keys by INFO: it answers %d.",
          status);
  if (!self->warned_of_keys)
    sip_dialog_warn (self, text);
  self->warned_of_keys = TRUE;
}
