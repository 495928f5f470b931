/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call's keys of SRTP, and whether its signalling may carry them. */

#include "sipdialogprivate.h"
#include "sip/srtp/dtlscertificate.h"
#include "sip/srtp/securecontext.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/random.h>

void
sip_dialog_init_security (SipDialog *self)
{
  const SipSrtp srtp = self->settings.srtp;
  guint8 random[RTP_N_SUITES * RTP_KEY_MAX_SIZE];

  /* Below 256 bytes it gives all, and fails for no other reason than that the
   * system has no random numbers at all. */
  if (srtp == SIP_SRTP_OFF ||
      getrandom (random, sizeof random, 0) != sizeof random)
    return;
  sdp_security_init (&self->security, srtp, random);
  self->security.suites = secure_context_get_suites ();
  explicit_bzero (random, sizeof random);
  self->security.sdes = self->settings.srtp_keys != SIP_SRTP_KEYS_DTLS;
  if (self->settings.srtp_keys != SIP_SRTP_KEYS_SDES)
    self->security.fingerprint = dtls_certificate_get_fingerprint ();
  self->settings.codecs.security = &self->security;
}

static gboolean
is_loopback (const PacketAddress *address)
{
  if (address->any.sa_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK (&address->in6.sin6_addr);
  return address->any.sa_family == AF_INET &&
      ntohl (address->in.sin_addr.s_addr) >> 24 == 127;
}

/* Nobody reads what goes this way whom the line does not believe. */
static gboolean
is_secret (SipDialog *self, SipTransport transport, const PacketAddress *remote)
{
  return self->settings.srtp != SIP_SRTP_REQUIRED ||
      transport == SIP_TRANSPORT_TLS || is_loopback (remote) ||
      (self->owner && self->owner->trusts (remote, self->user));
}

/* It holds for the exchange that begins: the next may go another way. */
static gboolean
check (SipDialog *self, SipTransport transport, const PacketAddress *remote,
    GError **error)
{
  const gboolean sdes = self->settings.srtp_keys != SIP_SRTP_KEYS_DTLS;

  self->security.sdes = sdes && is_secret (self, transport, remote);
  if (self->security.sdes || !sdes || self->security.fingerprint)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "srtp=required would let the keys travel in clear: it needs TLS, a far end that "
      "allow-from names, or srtp-keys=dtls");
  return FALSE;
}

/* Keys go in SDP: whoever reads that hears the call. */
gboolean
sip_dialog_check_secrecy (SipDialog *self, GError **error)
{
  return check (self, self->transport, &self->remote, error);
}

gboolean
sip_dialog_check_request_secrecy (SipDialog *self, GError **error)
{
  PacketAddress from;

  return sip_agent_get_source (self->agent, &from)
      ? check (self, sip_agent_get_transport (self->agent), &from, error)
      : sip_dialog_check_secrecy (self, error);
}

gboolean
sip_dialog_check_answer_secrecy (SipDialog *self, GError **error)
{
  const gboolean offered = self->security.sdes;
  const gboolean secret = sip_dialog_check_request_secrecy (self, error);

  self->security.sdes &= offered;
  return secret;
}

const gchar *
sip_dialog_get_encryption (SipDialog *self)
{
  if (self->media.dtls)
    return "dtls";
  return self->media.keys ? self->media.keys->method : "none";
}
