/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdpsecurity.h"

#include "sip/logic/security/sdes.h"

#include <string.h>

#define CRYPTO "crypto"
#define FINGERPRINT "fingerprint"
#define MAX_LINES 32 /* of each of them: more are not looked at */

void
sdp_security_init (SdpSecurity *self, SipSrtp srtp, const guint8 *random)
{
  *self = (SdpSecurity){ .srtp = srtp,
    .sdes = TRUE,
    .suites = (1u << RTP_N_SUITES) - 1 };
  for (guint i = 0; i < RTP_N_SUITES; i++) {
    self->keys[i].suite = (RtpSuite) i;
    memcpy (self->keys[i].bytes, random + i * RTP_KEY_MAX_SIZE,
        rtp_suite_get_key_size ((RtpSuite) i));
  }
}

void
sdp_security_clear (SdpSecurity *self)
{
  for (guint i = 0; i < RTP_N_SUITES; i++)
    rtp_key_clear (&self->keys[i]);
}

/* ---- Profiles */

typedef enum
{
  PROFILE_OTHER,
  PROFILE_AVP,
  PROFILE_SAVP, /* keys by a=crypto */
  PROFILE_DTLS, /* keys by a handshake on the media's way (RFC 5764) */
} Profile;

static Profile
get_profile (const GstSDPMedia *media)
{
  /* With F (RFC 4585): the same, and feedback that nobody has to give. */
  static const struct
  {
    const gchar *name;
    Profile profile;
  } profiles[] = {
    { "RTP/AVP", PROFILE_AVP },
    { "RTP/AVPF", PROFILE_AVP },
    { "RTP/SAVP", PROFILE_SAVP },
    { "RTP/SAVPF", PROFILE_SAVP },
    { "UDP/TLS/RTP/SAVP", PROFILE_DTLS },
    { "UDP/TLS/RTP/SAVPF", PROFILE_DTLS },
  };
  const gchar *proto = gst_sdp_media_get_proto (media);

  for (guint i = 0; proto && i < G_N_ELEMENTS (profiles); i++)
    if (!g_ascii_strcasecmp (proto, profiles[i].name))
      return profiles[i].profile;
  return PROFILE_OTHER;
}

const gchar *
sdp_security_read_profile (const GstSDPMedia *media)
{
  static const gchar *const names[] = {
    [PROFILE_OTHER] = "RTP/AVP",
    [PROFILE_AVP] = "RTP/AVP",
    [PROFILE_SAVP] = "RTP/SAVP",
    [PROFILE_DTLS] = "UDP/TLS/RTP/SAVP",
  };

  return names[get_profile (media)];
}

const gchar *
sdp_security_get_proto (const GstSDPMedia *media)
{
  const gchar *proto = gst_sdp_media_get_proto (media);

  return proto ? proto : "";
}

gboolean
sdp_security_is_audio (const GstSDPMedia *media)
{
  return !g_strcmp0 (gst_sdp_media_get_media (media), "audio") &&
      gst_sdp_media_get_port (media) > 0 &&
      gst_sdp_media_get_port (media) < 65536;
}

static SipSrtp
get_srtp (const SdpSecurity *self)
{
  return self ? self->srtp : SIP_SRTP_OFF;
}

/* ---- Keys */

static gboolean
has_suite (const SdpSecurity *self, RtpSuite suite)
{
  return (self->suites >> suite & 1) != 0;
}

/* By which our offers name a suite. */
static guint
get_tag (RtpSuite suite)
{
  return (guint) suite + 1;
}

/* The first line that can be had: what is offered first is liked best (RFC 4568
 * 5.1.1). An answer has to be one of what we offered. FALSE: there is none, and @line
 * is clear. */
static gboolean
find_line (const SdpSecurity *self, const GstSDPMedia *media, gboolean answer,
    SdesLine *line)
{
  for (guint i = 0; i < MAX_LINES; i++) {
    const gchar *value = gst_sdp_media_get_attribute_val_n (media, CRYPTO, i);
    if (!value)
      return FALSE;
    if (!sdes_parse (value, line))
      continue;
    if (has_suite (self, line->key.suite) &&
        (!answer || line->tag == get_tag (line->key.suite)))
      return TRUE;
    sdes_line_clear (line);
  }
  return FALSE;
}

static gboolean
has_line (const SdpSecurity *self, const GstSDPMedia *media, gboolean answer)
{
  SdesLine line;
  const gboolean found = find_line (self, media, answer, &line);

  sdes_line_clear (&line);
  return found;
}

/* RFC 4568 5.1.2: who is offered an MKI answers with one of that size. */
static RtpKey
make_send_key (const SdpSecurity *self, const SdesLine *line, gboolean answer)
{
  RtpKey key = self->keys[line->key.suite];

  if (!answer && line->key.mki_size) {
    key.mki_size = line->key.mki_size;
    key.mki[key.mki_size - 1] = 1;
  }
  return key;
}

/* ---- DTLS */

static const gchar *
get_value (const GstSDPMessage *message, const GstSDPMedia *media,
    const gchar *name)
{
  const gchar *value = gst_sdp_media_get_attribute_val (media, name);

  return value ? value : gst_sdp_message_get_attribute_val (message, name);
}

/* RFC 5763 5: who is asked begins, unless the other end wants to; but a handshake that
 * holds is not made anew the other way round (RFC 8842 5.3). FALSE: nonsense. */
static gboolean
choose_role (const SdpSecurity *self, const gchar *value,
    const guint8 *fingerprint, gboolean answer, gboolean *active)
{
  RtpDtlsSetup setup = RTP_DTLS_ACTPASS;

  if (value && !rtp_dtls_parse_setup (value, &setup))
    return FALSE;
  *active = setup != RTP_DTLS_ACTIVE;
  if (setup != RTP_DTLS_ACTPASS)
    return TRUE;
  if (self->dtls &&
      !memcmp (self->dtls->fingerprint, fingerprint, RTP_FINGERPRINT_SIZE))
    *active = self->dtls->active;
  return !answer;
}

/* RFC 8122 5: a certificate may have one for each hash function, of which we know one; those
 * of @media count, else those of all. */
static gboolean
find_fingerprint (const GstSDPMessage *message, const GstSDPMedia *media,
    guint8 *fingerprint)
{
  const gboolean own =
      gst_sdp_media_get_attribute_val (media, FINGERPRINT) != NULL;

  for (guint i = 0; i < MAX_LINES; i++) {
    const gchar *value = own
        ? gst_sdp_media_get_attribute_val_n (media, FINGERPRINT, i)
        : gst_sdp_message_get_attribute_val_n (message, FINGERPRINT, i);
    if (!value)
      return FALSE;
    if (rtp_dtls_parse_fingerprint (value, fingerprint))
      return TRUE;
  }
  return FALSE;
}

/* FALSE: @media has none that we can do: it needs one port for RTP and RTCP. */
static gboolean
find_dtls (const SdpSecurity *self, const GstSDPMessage *message,
    const GstSDPMedia *media, gboolean answer, guint8 *fingerprint,
    gboolean *active)
{
  return self && self->fingerprint &&
      gst_sdp_media_get_attribute_val (media, "rtcp-mux") &&
      find_fingerprint (message, media, fingerprint) &&
      choose_role (self, get_value (message, media, "setup"), fingerprint,
          answer, active);
}

static gboolean
has_dtls (const SdpSecurity *self, const GstSDPMessage *message,
    const GstSDPMedia *media, gboolean answer)
{
  guint8 fingerprint[RTP_FINGERPRINT_SIZE];
  gboolean active;

  return find_dtls (self, message, media, answer, fingerprint, &active);
}

/* ---- Either */

static SdpProtection
srtp_if (gboolean possible, SdpProtection otherwise)
{
  return possible ? SDP_PROTECTION_SRTP : otherwise;
}

SdpProtection
sdp_security_look (const SdpSecurity *self, const GstSDPMessage *message,
    const GstSDPMedia *media, gboolean answer)
{
  const SipSrtp srtp = get_srtp (self);
  const Profile profile = get_profile (media);

  if (profile == PROFILE_OTHER)
    return SDP_PROTECTION_IMPOSSIBLE;
  if (srtp == SIP_SRTP_OFF ||
      (srtp == SIP_SRTP_REQUIRED && profile == PROFILE_AVP))
    return profile == PROFILE_AVP && srtp == SIP_SRTP_OFF
        ? SDP_PROTECTION_NONE
        : SDP_PROTECTION_IMPOSSIBLE;
  if (profile == PROFILE_SAVP)
    return srtp_if (self->sdes && has_line (self, media, answer),
        SDP_PROTECTION_IMPOSSIBLE);
  if (profile == PROFILE_DTLS)
    return srtp_if (has_dtls (self, message, media, answer),
        SDP_PROTECTION_IMPOSSIBLE);
  return srtp_if (has_dtls (self, message, media, answer) ||
          (self->sdes && has_line (self, media, answer)),
      SDP_PROTECTION_NONE);
}

RtpDtls *
sdp_security_read_dtls (const SdpSecurity *self, const GstSDPMessage *message,
    const GstSDPMedia *media, gboolean answer)
{
  guint8 fingerprint[RTP_FINGERPRINT_SIZE];
  gboolean active;

  if (get_profile (media) == PROFILE_SAVP ||
      sdp_security_look (self, message, media, answer) != SDP_PROTECTION_SRTP ||
      !find_dtls (self, message, media, answer, fingerprint, &active))
    return NULL;
  return rtp_dtls_new (active, fingerprint);
}

/* Keys by DTLS are preferred: nobody reads those who reads the signalling. */
static gboolean
takes_line (const SdpSecurity *self, const GstSDPMessage *message,
    const GstSDPMedia *media, gboolean answer)
{
  return sdp_security_look (self, message, media, answer) ==
      SDP_PROTECTION_SRTP &&
      (get_profile (media) == PROFILE_SAVP ||
          !has_dtls (self, message, media, answer));
}

RtpKeys *
sdp_security_read (const SdpSecurity *self, const GstSDPMessage *message,
    const GstSDPMedia *media, gboolean answer)
{
  SdesLine line;

  if (!takes_line (self, message, media, answer) ||
      !find_line (self, media, answer, &line))
    return NULL;
  RtpKey send = make_send_key (self, &line, answer);
  RtpKeys *keys = rtp_keys_new ("sdes", &send, &line.key);
  rtp_key_clear (&send);
  sdes_line_clear (&line);
  return keys;
}

/* ---- Reasons */

const gchar *
sdp_security_explain (const SdpSecurity *self, const GstSDPMessage *message,
    gboolean answer)
{
  gboolean possible = FALSE, seen[PROFILE_DTLS + 1] = { FALSE };

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (message, i);
    if (!sdp_security_is_audio (media))
      continue;
    seen[get_profile (media)] = TRUE;
    possible |= sdp_security_look (self, message, media, answer) !=
        SDP_PROTECTION_IMPOSSIBLE;
  }
  if (possible)
    return NULL;
  if (get_srtp (self) == SIP_SRTP_OFF &&
      (seen[PROFILE_SAVP] || seen[PROFILE_DTLS]))
    return "SRTP is wanted; this side has plain RTP only";
  if (seen[PROFILE_SAVP])
    return self->sdes
        ? "SRTP is wanted, but with no key and cipher in a=crypto that this "
          "side has: AEAD_AES_128_GCM, AES_CM_128_HMAC_SHA1_80 and _32"
        : "SRTP is wanted with keys in a=crypto; this side has those by DTLS "
          "only";
  if (seen[PROFILE_DTLS])
    return self->fingerprint
        ? "SRTP is wanted with keys by DTLS, but without a=rtcp-mux, or "
          "without a=setup and a=fingerprint of SHA-256"
        : "SRTP is wanted with keys by DTLS; this side has those by a=crypto "
          "only";
  if (seen[PROFILE_AVP])
    return "This side has encrypted audio only: SRTP";
  return "There is no audio over RTP";
}

/* ---- Writing */

const gchar *
sdp_security_get_profile (const SdpSecurity *self)
{
  if (self && self->profile)
    return self->profile;
  if (get_srtp (self) != SIP_SRTP_REQUIRED)
    return "RTP/AVP";
  return self->fingerprint ? "UDP/TLS/RTP/SAVP" : "RTP/SAVP";
}

static void
add_dtls (const SdpSecurity *self, GstSDPMedia *media, RtpDtlsSetup setup)
{
  g_autofree gchar *fingerprint =
      rtp_dtls_format_fingerprint (self->fingerprint);

  gst_sdp_media_add_attribute (media, "setup", rtp_dtls_get_setup_name (setup));
  gst_sdp_media_add_attribute (media, FINGERPRINT, fingerprint);
  gst_sdp_media_add_attribute (media, "rtcp-mux", NULL);
}

static void
add_line (GstSDPMedia *media, guint tag, const RtpKey *key)
{
  gchar *text = sdes_format (tag, key);

  gst_sdp_media_add_attribute (media, CRYPTO, text);
  sdes_text_free (text);
}

void
sdp_security_offer (const SdpSecurity *self, GstSDPMedia *media)
{
  const Profile profile = get_profile (media);

  if (get_srtp (self) == SIP_SRTP_OFF)
    return;
  if (self->fingerprint && profile != PROFILE_SAVP)
    add_dtls (self, media, RTP_DTLS_ACTPASS);
  for (guint i = 0; self->sdes && profile != PROFILE_DTLS && i < RTP_N_SUITES;
       i++)
    if (has_suite (self, (RtpSuite) i))
      add_line (media, get_tag ((RtpSuite) i), &self->keys[i]);
}

void
sdp_security_answer (const SdpSecurity *self, GstSDPMedia *media,
    const GstSDPMessage *offer, const GstSDPMedia *offered)
{
  RtpDtls *dtls = sdp_security_read_dtls (self, offer, offered, FALSE);
  SdesLine line;

  if (dtls) {
    add_dtls (self, media, dtls->active ? RTP_DTLS_ACTIVE : RTP_DTLS_PASSIVE);
    rtp_dtls_unref (dtls);
  } else if (takes_line (self, offer, offered, FALSE) &&
      find_line (self, offered, FALSE, &line)) {
    RtpKey key = make_send_key (self, &line, FALSE);
    add_line (media, line.tag, &key);
    rtp_key_clear (&key);
    sdes_line_clear (&line);
  }
}
