/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipdialoglog.h"
#include "sip/signalling/siptext.h"

#include "common/base/gstvoicelog.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* To make the texts takes longer than all else that a call's log does. */
static gboolean
is_told (GstDebugLevel level)
{
  return gst_debug_category_get_threshold (gst_sip_debug) >= level;
}

static const gchar *
codec_name (const RtpCodec *codec)
{
  return codec ? codec->name : "no codec";
}

static const gchar *
direction_name (const RtpStreamMedia *media)
{
  if (media->send)
    return media->receive ? "both ways" : "from us only";
  return media->receive ? "to us only" : "neither way";
}

static const gchar *
cipher_name (const RtpStreamMedia *media)
{
  if (media->dtls)
    return "keys by DTLS";
  return media->keys ? rtp_suite_get_name (media->keys->send.suite)
                     : "in clear";
}

const gchar *
sip_dialog_log_id (const SipDialog *self)
{
  if (self->log_id)
    return self->log_id;
  return self->call_id ? self->call_id : ""; /* one of ours */
}

void
sip_dialog_log_invite (SipDialog *self, const gchar *user_agent)
{
  g_free (self->log_id);
  self->log_id = gst_voice_log_text (self->call_id);
  if (!is_told (GST_LEVEL_DEBUG))
    return;
  g_autofree gchar *address = packet_address_to_string (&self->remote);
  g_autofree gchar *from = gst_voice_log_text (self->from);
  g_autofree gchar *to = gst_voice_log_text (self->to);
  g_autofree gchar *agent = gst_voice_log_text (user_agent);

  GST_DEBUG ("%s: INVITE %s %s by %s: %s calls %s%s%s", self->log_id,
      self->outgoing ? "to" : "from", address,
      sip_text_transport_name (self->transport), from, to, *agent ? ", " : "",
      agent);
}

void
sip_dialog_log_event (const SipDialog *self, const gchar *event, gint status,
    const gchar *phrase)
{
  if (!is_told (GST_LEVEL_DEBUG))
    return;
  g_autofree gchar *text = gst_voice_log_text (phrase);

  GST_DEBUG ("%s: %s %d %s", sip_dialog_log_id (self), event, status, text);
}

void
sip_dialog_log_warning (const SipDialog *self, const gchar *text)
{
  g_autofree gchar *line = gst_voice_log_text (text);

  GST_WARNING ("%s: %s", sip_dialog_log_id (self), line);
}

void
sip_dialog_log_media (const SipDialog *self, const gchar *what,
    const RtpStreamMedia *media)
{
  if (!is_told (GST_LEVEL_DEBUG))
    return;
  if (!media) {
    GST_DEBUG ("%s: %s: audio to %s port %u", sip_dialog_log_id (self), what,
        self->local.host, self->local.port);
    return;
  }
  g_autofree gchar *address = packet_address_to_string (&media->remote_rtp);
  GST_DEBUG ("%s: %s: %s, keys %d, audio %s to %s, %s",
      sip_dialog_log_id (self), what, codec_name (media->codec),
      media->event_payload_type, cipher_name (media),
      *address ? address : "an unknown address", direction_name (media));
}

/* Who, codec, addresses. */
static void
log_call (const SipDialog *self)
{
  if (!is_told (GST_LEVEL_INFO))
    return;
  g_autofree gchar *signalling = packet_address_to_string (&self->remote);
  g_autofree gchar *from = gst_voice_log_text (self->from);
  g_autofree gchar *to = gst_voice_log_text (self->to);
  g_autofree gchar *audio = packet_address_to_string (&self->media.remote_rtp);

  GST_INFO (
      "%s: %s talks to %s: %s, %s, audio from %s port %u to %s, signalling %s "
      "by %s",
      sip_dialog_log_id (self), from, to, codec_name (self->media.codec),
      cipher_name (&self->media), self->local.host, self->local.port,
      *audio ? audio : "nowhere yet", signalling,
      sip_text_transport_name (self->transport));
}

void
sip_dialog_log_state (const SipDialog *self, SipCallState state)
{
  static const gchar *const names[] = {
    [SIP_CALL_CALLING] = "is called",
    [SIP_CALL_RINGING] = "rings",
    [SIP_CALL_EARLY] = "has early media",
    [SIP_CALL_HELD] = "is on hold",
    [SIP_CALL_RESUMED] = "is resumed",
    [SIP_CALL_CHANGED] = "is changed",
  };

  if (state == SIP_CALL_ANSWERED)
    log_call (self);
  else if (state < G_N_ELEMENTS (names) && names[state])
    GST_DEBUG ("%s: the far end %s", sip_dialog_log_id (self), names[state]);
}

void
sip_dialog_log_end (const SipDialog *self, const SipDialogEnd *end)
{
  static const gchar *const by[] = { "this side", "the far end",
    "the network" };

  if (!is_told (self->established ? GST_LEVEL_DEBUG : GST_LEVEL_INFO))
    return;
  g_autofree gchar *from = gst_voice_log_text (self->from);
  g_autofree gchar *to = gst_voice_log_text (self->to);
  g_autofree gchar *cause = gst_voice_log_text (end->cause);

  if (self->established)
    GST_DEBUG ("%s: ended by %s: %s (%u)", sip_dialog_log_id (self),
        by[end->by], cause, end->status);
  else
    GST_INFO ("%s: %s did not get to talk to %s, by %s: %s (%u)",
        sip_dialog_log_id (self), from, to, by[end->by], cause, end->status);
}
