/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Where: the addresses that go into messages. */

#include "sipdialogprivate.h"
#include "sip/signalling/siphost.h"
#include "sip/signalling/siproute.h"
#include "sip/signalling/siptext.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/url.h>
#include <string.h>

/* ---- What we say of ourselves */

gchar *
sip_dialog_dup_local_host (SipDialog *self, const PacketAddress *remote)
{
  if (self->outside_host && sip_host_is_usable (self->outside_host, remote))
    return g_strdup (self->outside_host);
  return sip_host_dup (self->settings.external_address,
      sip_agent_get_host (self->agent), remote);
}

/* From there nothing goes to other machines: a proxy beside us says who calls. */
static gboolean
is_loopback_for_others (SipDialog *self, const gchar *host)
{
  g_autofree gchar *peer = packet_address_host_to_string (&self->media_peer);

  return sip_host_is_loopback (host) && !sip_host_is_loopback (peer);
}

void
sip_dialog_get_media_bind (SipDialog *self, PacketAddress *address)
{
  const gchar *bound = sip_agent_get_host (self->agent);
  const gchar *host = self->local.host;

  /* NAT has it: what comes there comes to where signalling comes. */
  if (!sip_route_is_here (host))
    host = sip_host_is_usable (bound, &self->media_peer) ? bound : NULL;
  if (!host || is_loopback_for_others (self, host))
    host = self->media_peer.any.sa_family == AF_INET6 ? "::" : "0.0.0.0";
  packet_address_parse (address, host, 0);
}

/* What the account's registrar sees of us is so of that port, and that transport, alone;
 * NULL: it says nothing of this call's. */
static const gchar *
get_public_address (const SipDialog *self)
{
  const SipDialogAccount *account = &self->settings.account;

  return account->contact_agent == self->agent &&
          account->contact_transport == self->transport
      ? account->contact_address
      : NULL;
}

void
sip_dialog_set_route (SipDialog *self)
{
  const SipDialogAccount *account = &self->settings.account;
  const gchar *seen = get_public_address (self);

  g_free (self->host);
  self->host = sip_dialog_dup_local_host (self, &self->remote);
  gboolean v6 = strchr (self->host, ':') != NULL;
  g_autofree gchar *address = g_strdup_printf (v6 ? "[%s]:%u" : "%s:%u",
      self->host, sip_agent_get_port_of (self->agent, self->transport));
  g_autofree gchar *uri =
      g_strdup_printf ("%s:%s@%s", self->secure ? "sips" : "sip",
          account->contact_user ? account->contact_user : self->settings.user,
          seen ? seen : address);
  g_free (self->contact);
  /* RFC 3261 26.2.2: of sips: the transport is below TLS. */
  self->contact = self->secure ? g_strdup_printf ("<%s>", uri)
                               : g_strdup_printf ("<%s;transport=%s>", uri,
                                     sip_text_transport_name (self->transport));
}

gchar *
sip_dialog_remote_uri (SipDialog *self)
{
  g_autofree gchar *address = packet_address_to_string (&self->remote);

  return g_strdup_printf ("sip:%s;transport=%s", address,
      sip_text_transport_name (self->transport));
}

/* The first hop of the route, seen from here, else the Contact. */
static const url_t *
next_hop (SipDialog *self, const sip_t *sip)
{
  const sip_record_route_t *route = sip->sip_record_route;

  while (route && self->outgoing && route->r_next)
    route = route->r_next;
  if (route)
    return route->r_url;
  return sip->sip_contact ? sip->sip_contact->m_url : NULL;
}

/* @url without what only Route headers have. */
static gchar *
hop_uri (const url_t *url)
{
  gchar transport[8] = "";

  url_param (url->url_params, "transport", transport, sizeof transport);
  if (url->url_type == url_sips)
    g_strlcpy (transport, "tls", sizeof transport);
  return g_strconcat ("sip:", url->url_host, url->url_port ? ":" : "",
      url->url_port ? url->url_port : "", *transport ? ";transport=" : "",
      transport, NULL);
}

static gboolean
keeps_connection (SipDialog *self, const PacketAddress *next)
{
  return self->transport == SIP_TRANSPORT_TLS &&
      (!self->outgoing || packet_address_same_host (next, &self->remote));
}

void
sip_dialog_set_next_hop (SipDialog *self, const sip_t *sip)
{
  const url_t *url = next_hop (self, sip);
  PacketAddress address;
  g_autofree gchar *remote = NULL;

  sip_dialog_note_target (self, sip);
  if (!url || self->has_route)
    return;
  self->has_route = sip->sip_record_route != NULL;
  g_autofree gchar *host = sip_text_bare_host (url->url_host);
  /* Where there is a NUTAG_PROXY, be it NULL, the library sends no request to the
   * first of its Route headers. By TLS what there is a connection to goes on by
   * that: it is proved, and a phone has no other for us (RFC 5923). */
  if (!packet_address_parse (&address, host, 0) ||
      keeps_connection (self, &address))
    remote = sip_dialog_remote_uri (self);
  else if (self->has_route)
    remote = hop_uri (url);
  sip_dialog_note_way (self, sip, remote);
  nua_set_hparams (self->nh, NUTAG_PROXY (remote), TAG_END ());
}
