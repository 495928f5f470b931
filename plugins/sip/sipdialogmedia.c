/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipdialogprivate.h"
#include "siproute.h"

#include <string.h>

gboolean
sip_dialog_open_media (SipDialog *self, GError **error)
{
  PacketAddress any;
  g_autofree gchar *cname = NULL;

  /* All addresses: with an external address, or when the route changes, media
   * comes in elsewhere than the signalling does. */
  packet_address_parse (&any,
      self->remote.any.sa_family == AF_INET6 ? "::" : "0.0.0.0", 0);
  if (!packet_transport_new_udp_pair (&any, self->settings.first_port,
          self->settings.last_port, &self->rtp, &self->rtcp, error))
    return FALSE;
  self->local = self->settings.codecs;
  self->local.host = self->host;
  self->local.port = packet_address_get_port (&self->rtp->local);
  self->local.id = g_random_int ();
  self->local.version = 1;
  cname = g_strdup_printf ("%s@%s", self->settings.user, self->host);
  self->stream = self->owner->new_stream (g_steal_pointer (&self->rtp),
      g_steal_pointer (&self->rtcp), cname, self->user);
  return TRUE;
}

void
sip_dialog_close_media (SipDialog *self, const gchar *reason)
{
  if (!self->stream)
    return;
  rtp_stream_stop (self->stream, reason);
  g_clear_pointer (&self->stream, rtp_stream_unref);
}

void
sip_dialog_tell_hold (SipDialog *self)
{
  gboolean held = !self->media.send;

  if (!self->established || held == self->held)
    return;
  self->held = held;
  sip_dialog_tell_state (self, held ? SIP_CALL_HELD : SIP_CALL_RESUMED);
}

static gboolean
is_same (const RtpStreamMedia *a, const RtpStreamMedia *b)
{
  return a->codec == b->codec && a->send == b->send &&
      a->receive == b->receive &&
      packet_address_equal (&a->remote_rtp, &b->remote_rtp);
}

/* A wildcard or absent address of the peer's stays unset: receive only. What is
 * told stands in front of the frames that it is about: the stream begins to give
 * some, or others, when it is given @media. */
static void
apply_media (SipDialog *self, const RtpStreamMedia *media)
{
  const RtpStreamMedia before = self->media;
  gboolean was_held = self->held;

  self->media = *media;
  self->media.signalling = self->remote;
  self->media.early = self->outgoing && !self->answered;
  if (!self->has_media || before.codec != media->codec)
    sip_dialog_tell_state (self, SIP_CALL_CODEC);
  self->has_media = TRUE;
  if (self->media.early)
    sip_dialog_tell_state (self, SIP_CALL_EARLY);
  if (!media->send)
    sip_dialog_tell_hold (self);
  if (self->stream)
    rtp_stream_set_media (self->stream, &self->media);
  sip_dialog_tell_hold (self);
  if (self->established && self->held == was_held && !is_same (&before, media))
    sip_dialog_tell_state (self, SIP_CALL_CHANGED);
}

void
sip_dialog_confirm_media (SipDialog *self)
{
  const RtpStreamMedia media = self->media;

  apply_media (self, &media);
}

gboolean
sip_dialog_take_offer (SipDialog *self, const gchar *sdp, gsize size,
    GError **error)
{
  RtpStreamMedia media;

  if (!sdp) {
    self->offer_state = SIP_OFFER_NONE;
    return TRUE;
  }
  if (!sdp_parse (sdp, size, &self->settings.codecs, &media, error))
    return FALSE;
  g_free (self->offer);
  self->offer = g_strndup (sdp, size);
  self->offer_state = SIP_OFFER_THEIRS;
  return TRUE;
}

static const gchar *
describe_answer (SipDialog *self, GError **error)
{
  RtpStreamMedia media;
  gsize size = strlen (self->offer);

  if (!sdp_parse (self->offer, size, &self->local, &media, error))
    return NULL;
  gchar *text = sdp_answer (self->offer, size, &self->local, &media, error);
  if (!text)
    return NULL;
  g_free (self->description);
  self->description = text;
  self->local.version++;
  g_clear_pointer (&self->offer, g_free);
  self->offer_state = SIP_OFFER_NONE;
  apply_media (self, &media);
  return self->description;
}

const gchar *
sip_dialog_describe (SipDialog *self, GError **error)
{
  if (self->offer_state == SIP_OFFER_THEIRS)
    return describe_answer (self, error);
  g_free (self->description);
  self->description = sdp_offer (&self->local);
  self->local.version++;
  self->offer_state = SIP_OFFER_OURS;
  return self->description;
}

gboolean
sip_dialog_take_answer (SipDialog *self, const gchar *sdp, gsize size,
    GError **error)
{
  RtpStreamMedia media;

  if (!sdp) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "The peer answered without SDP");
    return FALSE;
  }
  if (!sdp_parse_answer (sdp, size, &self->local, &media, error))
    return FALSE;
  self->offer_state = SIP_OFFER_NONE;
  apply_media (self, &media);
  return TRUE;
}
