/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/logic/security/sdes.h"
#include "sip/signalling/siphost.h"
#include "sip/signalling/siproute.h"

#include <string.h>
#include <sys/random.h>

/* Where we are reached by whoever is on our side of the NAT, too. */
static gchar *
dup_inner_host (SipDialog *self)
{
  g_autofree gchar *host =
      sip_host_dup (NULL, sip_agent_get_host (self->agent), &self->media_peer);

  return g_str_equal (host, self->media_host) ? NULL : g_steal_pointer (&host);
}

void
sip_dialog_set_media_hosts (SipDialog *self)
{
  g_free (self->media_host);
  g_free (self->inner_host);
  self->media_host = sip_dialog_dup_local_host (self, &self->media_peer);
  self->inner_host = dup_inner_host (self);
  self->local.host = self->media_host;
  self->local.inner_host = self->inner_host;
}

gboolean
sip_dialog_open_media (SipDialog *self, GError **error)
{
  PacketAddress bind;
  g_autofree gchar *cname = NULL;

  if (!packet_address_is_set (&self->media_peer))
    self->media_peer = self->remote;
  self->local = self->settings.codecs;
  sip_dialog_set_media_hosts (self);
  sip_dialog_get_media_bind (self, &bind);
  if (!packet_transport_new_udp_pair (&bind, self->settings.first_port,
          self->settings.last_port, &self->rtp, &self->rtcp, error))
    return FALSE;
  self->local.port = self->local.inner_port =
      packet_address_get_port (&self->rtp->local);
  self->local.rtcp_port = self->local.port + 1;
  self->local.id = g_random_int ();
  self->local.version = 1;
  cname = g_strdup_printf ("%s@%s", self->settings.user, self->media_host);
  self->stream = self->owner->new_stream (g_steal_pointer (&self->rtp),
      g_steal_pointer (&self->rtcp), cname, sip_dialog_get_call_id (self),
      self->user);
  return TRUE;
}

void
sip_dialog_close_media (SipDialog *self, const gchar *reason)
{
  if (self->media_lookup)
    sip_name_lookup_abandon (g_steal_pointer (&self->media_lookup));
  sip_dialog_forget_outside (self);
  if (!self->stream)
    return;
  rtp_stream_stop (self->stream, reason);
  g_clear_pointer (&self->stream, rtp_stream_unref);
}

static gboolean
is_same (const RtpStreamMedia *a, const RtpStreamMedia *b)
{
  return a->codec == b->codec && a->send == b->send &&
      a->receive == b->receive && !a->keys == !b->keys &&
      !a->dtls == !b->dtls && !a->ice == !b->ice &&
      packet_address_equal (&a->remote_rtp, &b->remote_rtp);
}

/* A wildcard or unknown address of the peer's stays unset: receive only. What is
 * told stands in front of the frames that it is about: the stream begins to give
 * some, or others, when it is given @media. */
static void
apply_media (SipDialog *self, const RtpStreamMedia *media)
{
  const RtpStreamMedia before = self->media; /* no longer its keys */
  gboolean was_held = self->held;

  rtp_stream_media_assign (&self->media, media);
  self->security.profile = media->profile;
  self->security.dtls = self->media.dtls;
  self->local.ice = self->media.ice;
  self->media.signalling = self->remote;
  self->media.early = !self->answered && (self->outgoing || self->speaks_early);
  sip_dialog_set_keys (self, &self->media);
  if (!self->has_media || before.codec != media->codec)
    sip_dialog_tell_state (self, SIP_CALL_CODEC);
  self->has_media = TRUE;
  if (self->media.early)
    sip_dialog_tell_progress (self, SIP_CALL_EARLY);
  if (!media->send || self->on_hold)
    sip_dialog_tell_hold (self);
  if (self->stream)
    rtp_stream_set_media (self->stream, &self->media);
  sip_dialog_tell_hold (self);
  if (self->established && self->held == was_held && !is_same (&before, media))
    sip_dialog_tell_state (self, SIP_CALL_CHANGED);
}

/* ---- Names in place of addresses: the call goes on meanwhile, and without one the
 * stream still finds a peer that sends from where the signalling comes */

void
sip_dialog_free_names (SipDialog *self)
{
  for (guint i = 0; i < self->n_names; i++)
    g_free (self->names[i].host);
  g_free (self->media_name.host);
}

/* What leaves would come back, and keep a call up that nobody has. */
static gboolean
is_own_place (const SipDialog *self, const PacketAddress *address)
{
  const guint16 port = packet_address_get_port (address);
  g_autofree gchar *host = packet_address_host_to_string (address);
  const SdpLocal *local = &self->local;

  if (!self->stream || !packet_address_is_set (address))
    return FALSE;
  if (local->port == port && g_str_equal (local->host, host))
    return TRUE;
  return (local->inner_port == port || local->inner_port + 1 == port) &&
      !packet_address_is_any (address) && sip_route_is_here (host);
}

static void
set_remote (SipDialog *self, RtpStreamMedia *media,
    const PacketAddress *address)
{
  media->remote_rtp = media->remote_rtcp = *address;
  packet_address_set_port (&media->remote_rtp, self->media_name.rtp_port);
  packet_address_set_port (&media->remote_rtcp, self->media_name.rtcp_port);
  if (is_own_place (self, &media->remote_rtp))
    media->remote_rtp = media->remote_rtcp = (PacketAddress){ 0 };
  if (!self->media_name.rtcp_port)
    media->remote_rtcp = (PacketAddress){ 0 };
}

/* Once in a call: the far end can bring it about with each of its offers. */
static void
warn_of_address (SipDialog *self, const gchar *what)
{
  g_autofree gchar *text =
      g_strdup_printf ("Where the far end wants its audio cannot be found: %s.",
          what);

  if (!self->warned_of_address)
    sip_dialog_warn (self, text);
  self->warned_of_address = TRUE;
}

/* What the name that holds now stands for, NULL if that was not found. */
static const PacketAddress *
find_address (const SipDialog *self)
{
  for (guint i = 0; i < self->n_names; i++)
    if (packet_address_is_set (&self->names[i].address) &&
        !g_strcmp0 (self->names[i].host, self->media_name.host))
      return &self->names[i].address;
  return NULL;
}

static void look_up (SipDialog *self);

/* What may not stand in SDP as an address may not come from a name in it either. */
static void
on_media_address (const PacketAddress *address, const GError *error,
    gpointer user)
{
  SipDialog *self = user;
  SipDialogName *name = &self->names[self->n_names - 1];
  gboolean usable = address && packet_address_is_one_place (address);

  self->media_lookup = NULL;
  if (usable)
    name->address = *address;
  if (g_strcmp0 (name->host, self->media_name.host)) {
    look_up (self); /* there was another offer meanwhile */
    return;
  }
  if (!usable) {
    warn_of_address (self,
        address ? "its name stands for no single place" : error->message);
    return;
  }
  set_remote (self, &self->media, address);
  if (self->stream)
    rtp_stream_set_media (self->stream, &self->media);
}

/* The name that holds now, one at a time. */
static void
look_up (SipDialog *self)
{
  const gchar *host = self->media_name.host;
  const PacketAddress *found = find_address (self);

  if (!host || self->media_lookup || !self->stream)
    return;
  if (found) {
    set_remote (self, &self->media, found);
    rtp_stream_set_media (self->stream, &self->media);
    return;
  }
  if (self->n_names == SIP_DIALOG_NAMES) {
    warn_of_address (self, "it gave too many names");
    return;
  }
  self->names[self->n_names++].host = g_strdup (host);
  self->media_lookup = sip_name_lookup_new (host,
      self->media_peer.any.sa_family, on_media_address, self);
}

/* Takes @name, which stands in @media instead of an address, if there is one. */
static void
apply_named (SipDialog *self, RtpStreamMedia *media, SdpName *name)
{
  const PacketAddress *found;

  g_free (self->media_name.host);
  self->media_name = *name;
  found = find_address (self);
  if (found)
    set_remote (self, media, found);
  apply_media (self, media);
  if (!found)
    look_up (self);
}

void
sip_dialog_confirm_media (SipDialog *self)
{
  const RtpStreamMedia media = self->media;

  apply_media (self, &media);
}

/* Our ports are of one family, for good; and they are not the far end's. */
static gboolean
check_place (SipDialog *self, const RtpStreamMedia *media, GError **error)
{
  gint family = media->remote_rtp.any.sa_family;

  if (!packet_address_is_set (&media->remote_rtp))
    return TRUE;
  if (!self->stream)
    self->media_peer = media->remote_rtp;
  if (is_own_place (self, &media->remote_rtp)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        "The audio of this call would come back to it");
    return FALSE;
  }
  if (family == self->media_peer.any.sa_family)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "The audio would go to an %s address, but this call has an %s one",
      family == AF_INET6 ? "IPv6" : "IPv4",
      family == AF_INET6 ? "IPv4" : "IPv6");
  return FALSE;
}

gboolean
sip_dialog_take_offer (SipDialog *self, const gchar *sdp, gsize size,
    GError **error)
{
  g_auto (RtpStreamMedia) media = { 0 };

  if (!sdp) {
    self->offer_state = SIP_OFFER_NONE;
    return TRUE;
  }
  if (!sdp_parse (sdp, size, &self->settings.codecs, &media, NULL, error) ||
      !check_place (self, &media, error))
    return FALSE;
  sip_dialog_log_media (self, "offer of theirs", &media);
  sdes_text_free (self->offer);
  self->offer = g_strndup (sdp, size);
  self->offer_state = SIP_OFFER_THEIRS;
  return TRUE;
}

/* Ours are new where the far end's are: in a call, and where ICE begins anew (RFC 8839
 * 4.4.2). Without random numbers there is no ICE. */
static void
name_ice (SipDialog *self, RtpStreamMedia *media)
{
  guint8 random[RTP_ICE_RANDOM];

  if (!media->ice)
    return;
  if (self->media.ice && rtp_ice_is_same (self->media.ice, media->ice))
    rtp_ice_copy_own (media->ice, self->media.ice);
  else if (getrandom (random, sizeof random, 0) == sizeof random)
    rtp_ice_make_own (media->ice, random);
  else
    g_clear_pointer (&media->ice, rtp_ice_unref);
}

/* What we offered holds, whatever else the far end would have. */
static void
apply_hold (SipDialog *self, RtpStreamMedia *media)
{
  if (self->local.hold)
    media->receive = FALSE;
  if (self->local.hold && self->local.silent)
    media->send = FALSE;
}

static const gchar *
describe_answer (SipDialog *self, GError **error)
{
  g_auto (RtpStreamMedia) media = { 0 };
  SdpName name;
  gsize size = strlen (self->offer);

  if (!sdp_parse (self->offer, size, &self->local, &media, &name, error))
    return NULL;
  if (!check_place (self, &media, error)) {
    g_free (name.host);
    return NULL;
  }
  name_ice (self, &media);
  apply_hold (self, &media);
  gchar *text = sdp_answer (self->offer, size, &self->local, &media, error);
  if (!text) {
    g_free (name.host);
    return NULL;
  }
  sdes_text_free (self->description);
  self->description = text;
  self->local.version++;
  g_clear_pointer (&self->offer, sdes_text_free);
  self->offer_state = SIP_OFFER_NONE;
  sip_dialog_log_media (self, "answer of ours", &media);
  apply_named (self, &media, &name);
  return self->description;
}

const gchar *
sip_dialog_describe (SipDialog *self, GError **error)
{
  if (self->offer_state == SIP_OFFER_THEIRS)
    return describe_answer (self, error);
  self->local.before = self->description;
  gchar *text = sdp_offer (&self->local);
  self->local.before = NULL;
  sdes_text_free (self->description);
  self->description = text;
  sip_dialog_log_media (self, "offer of ours", NULL);
  self->local.version++;
  self->offer_state = SIP_OFFER_OURS;
  return self->description;
}

gboolean
sip_dialog_take_answer (SipDialog *self, const gchar *sdp, gsize size,
    GError **error)
{
  g_auto (RtpStreamMedia) media = { 0 };
  SdpName name;

  if (!sdp) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "The peer answered without SDP");
    return FALSE;
  }
  if (!sdp_parse_answer (sdp, size, &self->local, &media, &name, error))
    return FALSE;
  if (!check_place (self, &media, error)) {
    g_free (name.host);
    return FALSE;
  }
  if (media.ice) /* it answers what our offer had */
    rtp_ice_copy_own (media.ice, self->media.ice);
  apply_hold (self, &media);
  self->offer_state = SIP_OFFER_NONE;
  sip_dialog_log_media (self, "answer of theirs", &media);
  apply_named (self, &media, &name);
  return TRUE;
}
