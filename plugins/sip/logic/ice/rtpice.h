/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "stunmessage.h"

G_BEGIN_DECLS

/* What SDP says of ICE (RFC 8839): who is believed by which name and password, and
 * where the far end may be. */

#define RTP_ICE_MAX_TEXT 256 /* of names and passwords, RFC 8839 5.4 */
#define RTP_ICE_MAX_CANDIDATES 32 /* more are not looked at */
#define RTP_ICE_UFRAG_SIZE 8 /* of ours: characters of 6 bits */
#define RTP_ICE_PASSWORD_SIZE 24
#define RTP_ICE_RANDOM (RTP_ICE_UFRAG_SIZE + RTP_ICE_PASSWORD_SIZE)

typedef struct
{
  guint component; /* 1: RTP, 2: RTCP */
  guint32 priority;
  StunAddress address;
} RtpIceCandidate;

/* Agreed on by both ends. Never changed once it is shared; any thread. */
typedef struct
{
  gint ref_count; /* atomic */
  gchar *ufrag, *password; /* of the far end */
  gchar own_ufrag[RTP_ICE_UFRAG_SIZE + 1];
  gchar own_password[RTP_ICE_PASSWORD_SIZE + 1];
  gboolean mux; /* RTCP is where RTP is: one component */
  RtpIceCandidate candidates[RTP_ICE_MAX_CANDIDATES];
  guint n_candidates;
} RtpIce;

/* NULL: @ufrag or @password are none. Without names of ours. */
RtpIce *rtp_ice_new (const gchar *ufrag, const gchar *password);
RtpIce *rtp_ice_ref (RtpIce *self);
void rtp_ice_unref (RtpIce *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtpIce, rtp_ice_unref)
/* While nobody else has it. @random: RTP_ICE_RANDOM bytes that nobody can guess. */
void rtp_ice_make_own (RtpIce *self, const guint8 *random);
void rtp_ice_copy_own (RtpIce *self, const RtpIce *from);
/* The value of a=candidate: FALSE: it is none of UDP at an address, or too many. */
gboolean rtp_ice_add_candidate (RtpIce *self, const gchar *value);
/* The far end has begun anew where these differ (RFC 8839 4.4.1.1.1). */
gboolean rtp_ice_is_same (const RtpIce *a, const RtpIce *b);
/* NULL: there is none at @address. */
const RtpIceCandidate *rtp_ice_find (const RtpIce *self, guint component,
    const StunAddress *address);

/* Priority of the @n-th address of this machine (RFC 8445 5.1.2.1). */
guint32 rtp_ice_get_host_priority (guint n, guint component);

G_END_DECLS
