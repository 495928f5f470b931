/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/security/rtpdtls.h"
#include "sip/logic/security/rtpkey.h"

#include <gst/sdp/gstsdpmessage.h>

G_BEGIN_DECLS

/* What offers and answers say of encryption: which profile an m-line has, and the keys
 * of SRTP in its a=crypto (RFC 4568), or whose certificate a handshake on the media's way has
 * (RFC 5763); both also by RTP/AVP (RFC 8643). Pure functions. */

typedef enum
{
  SIP_SRTP_OFF, /* the stricter one has the higher number */
  SIP_SRTP_OPTIONAL,
  SIP_SRTP_REQUIRED,
} SipSrtp;

typedef enum
{
  SIP_SRTP_KEYS_SDES,
  SIP_SRTP_KEYS_DTLS,
  SIP_SRTP_KEYS_BOTH, /* in calls that come; those that go out offer DTLS */
} SipSrtpKeys;

/* Of one call: what it wants and has. */
typedef struct
{
  SipSrtp srtp;
  const gchar *profile; /* of our offers, as agreed on last; NULL: not yet */
  const guint8 *fingerprint; /* of our certificate; NULL: no DTLS */
  gboolean sdes; /* keys may stand in SDP */
  guint suites; /* that there are, as bits `1 << RtpSuite` */
  const RtpDtls *dtls; /* that holds, borrowed, NULL: none */
  RtpKey
      keys[RTP_N_SUITES]; /* to send with; the same as long as the call lasts */
} SdpSecurity;

/* @random: RTP_N_SUITES times RTP_KEY_MAX_SIZE bytes that nobody can guess. With all suites, and
 * keys in SDP only, unless the fields of the others are set. */
void sdp_security_init (SdpSecurity *self, SipSrtp srtp, const guint8 *random);
void sdp_security_clear (SdpSecurity *self);

/* In all of these NULL is SIP_SRTP_OFF. */

/* What an m-line of the far end's comes to here: the more the better. */
typedef enum
{
  SDP_PROTECTION_IMPOSSIBLE,
  SDP_PROTECTION_NONE, /* plain RTP */
  SDP_PROTECTION_SRTP,
} SdpProtection;

/* @answer: it stands in the answer to an offer of ours. */
SdpProtection sdp_security_look (const SdpSecurity *self,
    const GstSDPMessage *message, const GstSDPMedia *media, gboolean answer);
/* An m-line that comes to SRTP has either of these, (transfer full), any other NULL. */
RtpKeys *sdp_security_read (const SdpSecurity *self,
    const GstSDPMessage *message, const GstSDPMedia *media, gboolean answer);
RtpDtls *sdp_security_read_dtls (const SdpSecurity *self,
    const GstSDPMessage *message, const GstSDPMedia *media, gboolean answer);
/* The profile of @media as it says it, "" = it does not; borrowed. */
const gchar *sdp_security_get_proto (const GstSDPMedia *media);
/* By which an offer of ours repeats that of @media; a literal. */
const gchar *sdp_security_read_profile (const GstSDPMedia *media);

/* Why no m-line of @message comes to a call, if that is so whatever codecs it has: for a
 * person; a literal. NULL: it may be the codecs. */
const gchar *sdp_security_explain (const SdpSecurity *self,
    const GstSDPMessage *message, gboolean answer);

/* The profile of our offers; a literal. */
const gchar *sdp_security_get_profile (const SdpSecurity *self);
void sdp_security_offer (const SdpSecurity *self, GstSDPMedia *media);
/* What @media answers to the m-line @offered. */
void sdp_security_answer (const SdpSecurity *self, GstSDPMedia *media,
    const GstSDPMessage *offer, const GstSDPMedia *offered);

/* An audio stream that is not refused. */
gboolean sdp_security_is_audio (const GstSDPMedia *media);

G_END_DECLS
