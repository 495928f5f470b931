/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Offers and answers with keys of SRTP. */

#include "sip/logic/security/sdes.h"
#include "sip/signalling/sdpanswer.h"

#include <gio/gio.h>
#include <string.h>

#define HEAD \
  "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
#define AVP(port) "m=audio " port " RTP/AVP 0\r\n"
#define SAVP(port) "m=audio " port " RTP/SAVP 0\r\n"
#define DTLS "m=audio 8000 UDP/TLS/RTP/SAVP 0\r\na=fingerprint:sha-256 AA\r\n"
#define KEY "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define CM80 "AES_CM_128_HMAC_SHA1_80"
#define CM32 "AES_CM_128_HMAC_SHA1_32"
#define LINE(tag, suite) "a=crypto:" tag " " suite " inline:" KEY "\r\n"
#define GCM \
  "a=crypto:9 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==\r\n"

typedef struct
{
  SdpSecurity security;
  SdpLocal local;
} Side;

static void
side_init (Side *self, SipSrtp srtp)
{
  guint8 random[RTP_N_SUITES * RTP_KEY_MAX_SIZE];

  for (guint i = 0; i < sizeof random; i++)
    random[i] = (guint8) (i + srtp);
  sdp_security_init (&self->security, srtp, random);
  self->local = (SdpLocal){ .codecs = { { &rtp_codec_pcmu }, 1 },
    .security = &self->security,
    .host = "198.51.100.7",
    .port = 4000 };
}

/* ---- What an offer comes to */

static const struct
{
  const gchar *offer;
  /* by srtp=off, optional, required: SRTP's suite, "" = plain, NULL = 488 */
  const gchar *off, *optional, *required;
  guint port; /* of the stream that optional takes */
  const gchar *answer; /* a=crypto of our answer begins so, with optional */
} offers[] = {
  { AVP ("8000"), "", "", NULL, 8000, NULL },
  { AVP ("8000") LINE ("1", CM80), "", CM80, NULL, 8000, "1 " CM80 " inline:" },
  { AVP ("8000") "a=crypto:1 " CM80 " inline:x\r\n", "", "", NULL, 8000, NULL },
  { AVP ("8000") LINE ("1", "AES_CM_256_HMAC_SHA1_80"), "", "", NULL, 8000,
      NULL },
  { SAVP ("8000") LINE ("7", CM32) LINE ("8", CM80) GCM, NULL, CM32, CM32, 8000,
      "7 " CM32 " inline:" },
  { SAVP ("8000") LINE ("1", "AES_CM_256_HMAC_SHA1_80") GCM, NULL,
      "AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 8000,
      "9 AEAD_AES_128_GCM inline:" },
  { "m=audio 8000 RTP/SAVPF 0\r\n" LINE ("1", CM80), NULL, CM80, CM80, 8000,
      "1 " CM80 " inline:" },
  { SAVP ("8000"), NULL, NULL, NULL, 0, NULL },
  { SAVP ("8000") "a=crypto:1 " CM80 " inline:" KEY " UNENCRYPTED_SRTP\r\n",
      NULL, NULL, NULL, 0, NULL },
  /* the one beside the other, in either order */
  { AVP ("8000") SAVP ("9000") LINE ("1", CM80), "", CM80, CM80, 9000,
      "1 " CM80 " inline:" },
  { SAVP ("9000") LINE ("1", CM80) AVP ("8000"), "", CM80, CM80, 9000,
      "1 " CM80 " inline:" },
  { SAVP ("9000") AVP ("8000"), "", "", NULL, 8000, NULL },
  { DTLS, NULL, NULL, NULL, 0, NULL },
  { DTLS AVP ("8000"), "", "", NULL, 8000, NULL },
};

static void
check_outcome (const gchar *offer, SipSrtp srtp, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (RtpStreamMedia) media = { 0 };
  Side side;
  side_init (&side, srtp);
  gboolean ok =
      sdp_parse (offer, strlen (offer), &side.local, &media, NULL, &error);

  g_test_message ("%d: %s", srtp, offer);
  g_assert_cmpint (ok, ==, expected != NULL);
  if (!ok) {
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    g_assert_null (strstr (error->message, "codec"));
    g_assert_null (media.keys);
    return;
  }
  g_assert_cmpint (media.keys != NULL, ==, *expected != '\0');
  if (media.keys) {
    g_assert_cmpstr (rtp_suite_get_name (media.keys->receive.suite), ==,
        expected);
    g_assert_true (rtp_key_equal (&media.keys->send,
        &side.security.keys[media.keys->send.suite]));
    g_assert_cmpstr (media.keys->method, ==, "sdes");
  }
}

static void
test_offers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    g_autofree gchar *offer = g_strconcat (HEAD, offers[i].offer, NULL);

    check_outcome (offer, SIP_SRTP_OFF, offers[i].off);
    check_outcome (offer, SIP_SRTP_OPTIONAL, offers[i].optional);
    check_outcome (offer, SIP_SRTP_REQUIRED, offers[i].required);
  }
}

/* libsrtp2 may be built without AES-GCM: it is not offered, and the next one is taken. */
static void
test_fewer_suites (void)
{
  const gchar *const offer = HEAD SAVP ("8000") GCM LINE ("7", CM32);
  g_auto (RtpStreamMedia) media = { 0 };
  GstSDPMedia *line;
  Side side;

  side_init (&side, SIP_SRTP_REQUIRED);
  side.security.suites &= ~(1u << RTP_SUITE_AEAD_AES_128_GCM);
  g_assert_true (
      sdp_parse (offer, strlen (offer), &side.local, &media, NULL, NULL));
  g_assert_cmpint (media.keys->receive.suite, ==,
      RTP_SUITE_AES_CM_128_HMAC_SHA1_32);
  gst_sdp_media_new (&line);
  gst_sdp_media_set_proto (line, "RTP/SAVP");
  sdp_security_offer (&side.security, line);
  for (guint i = 0; i < RTP_N_SUITES - 1; i++) {
    const gchar *crypto = gst_sdp_media_get_attribute_val_n (line, "crypto", i);
    g_assert_nonnull (crypto);
    g_assert_null (strstr (crypto, "GCM"));
  }
  g_assert_null (
      gst_sdp_media_get_attribute_val_n (line, "crypto", RTP_N_SUITES - 1));
  gst_sdp_media_free (line);
}

/* Our answer has the key that we send with under the tag that was offered, in the
 * stream that is taken, whose profile it repeats; the others have port 0. */
static void
test_answers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    g_autofree gchar *offer = g_strconcat (HEAD, offers[i].offer, NULL);
    const gsize size = strlen (offer);
    g_auto (RtpStreamMedia) media = { 0 }, theirs = { 0 };
    GstSDPMessage *message;
    Side side;
    side_init (&side, SIP_SRTP_OPTIONAL);
    if (!sdp_parse (offer, size, &side.local, &media, NULL, NULL))
      continue;
    g_assert_cmpuint (packet_address_get_port (&media.remote_rtp), ==,
        offers[i].port);

    g_autofree gchar *answer =
        sdp_answer (offer, size, &side.local, &media, NULL);
    g_test_message ("%s", answer);
    gst_sdp_message_new_from_text (answer, &message);
    for (guint k = 0; k < gst_sdp_message_medias_len (message); k++) {
      const GstSDPMedia *line = gst_sdp_message_get_media (message, k);
      const gchar *crypto = gst_sdp_media_get_attribute_val (line, "crypto");
      if (gst_sdp_media_get_port (line) == 0) {
        g_assert_null (crypto);
        continue;
      }
      g_assert_cmpstr (gst_sdp_media_get_proto (line), ==,
          strstr (offer, "SAVPF")                       ? "RTP/SAVPF"
              : g_str_equal (media.profile, "RTP/SAVP") ? "RTP/SAVP"
                                                        : "RTP/AVP");
      g_assert_cmpint (crypto != NULL, ==, offers[i].answer != NULL);
      g_assert_true (!crypto || g_str_has_prefix (crypto, offers[i].answer));
      SdesLine said;
      g_assert_true (!crypto || sdes_parse (crypto, &said));
      g_assert_true (!crypto || rtp_key_equal (&said.key, &media.keys->send));
    }
    gst_sdp_message_free (message);
  }
}

/* A far end that numbers its keys gets a number, too. */
static void
test_mki (void)
{
  const gchar *offer =
      HEAD SAVP ("8000") "a=crypto:1 " CM80 " inline:" KEY "|2^20|66051:4\r\n";
  g_auto (RtpStreamMedia) media = { 0 };
  Side side;
  side_init (&side, SIP_SRTP_OPTIONAL);

  g_assert_true (
      sdp_parse (offer, strlen (offer), &side.local, &media, NULL, NULL));
  g_assert_cmpuint (media.keys->receive.mki_size, ==, 4);
  g_assert_cmpuint (media.keys->send.mki_size, ==, 4);
  g_autofree gchar *answer =
      sdp_answer (offer, strlen (offer), &side.local, &media, NULL);
  g_assert_nonnull (strstr (answer, "|1:4\r\n"));
}

/* ---- Two sides of ours */

/* The profile and how many keys. */
static void
assert_offer (const gchar *offer, const gchar *profile, guint n_lines)
{
  guint n = 0;

  g_assert_nonnull (strstr (offer, profile));
  for (const gchar *at = offer; (at = strstr (at, "a=crypto:")); at++)
    n++;
  g_assert_cmpuint (n, ==, n_lines);
}

/* What @offering and @answering come to: both the same, or not at all. */
static gboolean
agree (Side *offering, Side *answering, RtpStreamMedia *one,
    RtpStreamMedia *other)
{
  g_autofree gchar *offer = sdp_offer (&offering->local);

  if (!sdp_parse (offer, strlen (offer), &answering->local, other, NULL, NULL))
    return FALSE;
  g_autofree gchar *answer =
      sdp_answer (offer, strlen (offer), &answering->local, other, NULL);
  return sdp_parse_answer (answer, strlen (answer), &offering->local, one, NULL,
      NULL);
}

static void
test_both (void)
{
  /* offering, answering: 0 no call, 1 plain, 2 SRTP */
  static const gint outcomes[3][3] = { { 1, 1, 0 }, { 1, 2, 0 }, { 0, 2, 2 } };

  for (guint i = 0; i < 3; i++)
    for (guint k = 0; k < 3; k++) {
      g_auto (RtpStreamMedia) one = { 0 }, other = { 0 };
      Side a, b;
      side_init (&a, (SipSrtp) i);
      side_init (&b, (SipSrtp) k);
      for (guint n = 0; n < RTP_N_SUITES; n++)
        b.security.keys[n].bytes[0] ^= 0x80;
      g_assert_cmpint (agree (&a, &b, &one, &other), ==, outcomes[i][k] > 0);
      if (outcomes[i][k] == 0)
        continue;
      g_assert_cmpint (one.keys != NULL, ==, outcomes[i][k] == 2);
      g_assert_cmpint (other.keys != NULL, ==, outcomes[i][k] == 2);
      if (!one.keys)
        continue;
      g_assert_true (rtp_key_equal (&one.keys->send, &other.keys->receive));
      g_assert_true (rtp_key_equal (&one.keys->receive, &other.keys->send));
      g_assert_false (rtp_key_equal (&one.keys->send, &one.keys->receive));

      /* again, as for a hold: the same keys */
      g_auto (RtpStreamMedia) again = { 0 }, back = { 0 };
      b.security.profile = other.profile;
      g_assert_true (agree (&b, &a, &again, &back));
      g_assert_true (rtp_key_equal (&again.keys->send,
          &b.security.keys[again.keys->send.suite]));
    }
}

static void
test_profiles (void)
{
  Side side;

  side_init (&side, SIP_SRTP_OPTIONAL);
  g_autofree gchar *offer = sdp_offer (&side.local);
  assert_offer (offer, "m=audio 4000 RTP/AVP 0", RTP_N_SUITES);
  side.security.profile = "RTP/SAVP";
  g_autofree gchar *again = sdp_offer (&side.local);
  assert_offer (again, "m=audio 4000 RTP/SAVP 0", RTP_N_SUITES);
  side_init (&side, SIP_SRTP_REQUIRED);
  g_autofree gchar *required = sdp_offer (&side.local);
  assert_offer (required, "m=audio 4000 RTP/SAVP 0", RTP_N_SUITES);
  side.local.security = NULL;
  g_autofree gchar *plain = sdp_offer (&side.local);
  assert_offer (plain, "m=audio 4000 RTP/AVP 0", 0);
}

/* An answer names one of ours, by its tag and suite; what is not, is none. */
static void
test_wrong_answers (void)
{
  static const gchar *const wrong[] = { LINE ("1", CM80), LINE ("4", CM80),
    LINE ("2", CM32), "a=crypto:2 " CM80 " inline:short\r\n", "" };
  Side side;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_auto (RtpStreamMedia) media = { 0 }, plain = { 0 };
    g_autofree gchar *answer = g_strconcat (HEAD SAVP ("8000"), wrong[i], NULL);
    side_init (&side, SIP_SRTP_REQUIRED);
    g_assert_false (sdp_parse_answer (answer, strlen (answer), &side.local,
        &media, NULL, NULL));
    g_autofree gchar *open = g_strconcat (HEAD AVP ("8000"), wrong[i], NULL);
    side_init (&side, SIP_SRTP_OPTIONAL);
    g_assert_true (sdp_parse_answer (open, strlen (open), &side.local, &plain,
        NULL, NULL));
    g_assert_null (plain.keys);
  }
  const gchar *right = HEAD SAVP ("8000") LINE ("2", CM80);
  g_auto (RtpStreamMedia) media = { 0 };
  side_init (&side, SIP_SRTP_REQUIRED);
  g_assert_true (sdp_parse_answer (right, strlen (right), &side.local, &media,
      NULL, NULL));
  g_assert_nonnull (media.keys);
  sdp_security_clear (&side.security);
}

/* ---- Keys by DTLS */

#define HALF "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
#define PRINT "a=fingerprint:sha-256 " HALF ":" HALF "\r\n"
#define MUX "a=rtcp-mux\r\n"

static const struct
{
  const gchar *offer, *setup; /* of our answer, NULL: it is refused */
} handshakes[] = {
  { "UDP/TLS/RTP/SAVP 0\r\na=setup:actpass\r\n" PRINT MUX, "active" },
  { "UDP/TLS/RTP/SAVPF 0\r\na=setup:passive\r\n" PRINT MUX, "active" },
  { "UDP/TLS/RTP/SAVPF 0\r\na=setup:active\r\n" PRINT MUX, "passive" },
  { "UDP/TLS/RTP/SAVPF 0\r\n" PRINT MUX, "active" },
  { "UDP/TLS/RTP/SAVPF 0\r\na=setup:holdconn\r\n" PRINT MUX, NULL },
  { "UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\n" PRINT, NULL },
  { "UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\na=fingerprint:sha-1 AA\r\n" MUX,
      NULL },
  { "UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\na=fingerprint:sha-1 AA\r\n" PRINT
          MUX,
      "active" },
  { "RTP/AVP 0\r\na=setup:actpass\r\n" PRINT MUX, "active" },
  { "RTP/AVP 0\r\na=setup:actpass\r\n" PRINT MUX LINE ("1", CM80), "active" },
};

static void
side_init_dtls (Side *self, SipSrtp srtp)
{
  static const guint8 own[RTP_FINGERPRINT_SIZE] = { 0xab };

  side_init (self, srtp);
  self->security.fingerprint = own;
}

static void
test_handshakes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (handshakes); i++) {
    g_auto (RtpStreamMedia) media = { 0 };
    g_autofree gchar *offer =
        g_strconcat (HEAD "m=audio 8000 ", handshakes[i].offer, NULL);
    const gsize size = strlen (offer);
    Side side;
    side_init_dtls (&side, SIP_SRTP_OPTIONAL);
    g_test_message ("%s", offer);
    gboolean ok = sdp_parse (offer, size, &side.local, &media, NULL, NULL);
    g_assert_cmpint (ok, ==, handshakes[i].setup != NULL);
    if (!ok)
      continue;
    g_assert_null (media.keys);
    g_assert_cmpuint (media.dtls->fingerprint[31], ==, 0xff);
    g_assert_cmpint (media.dtls->active, ==,
        g_str_equal (handshakes[i].setup, "active"));
    g_assert_true (
        packet_address_equal (&media.remote_rtp, &media.remote_rtcp));
    g_autofree gchar *answer =
        sdp_answer (offer, size, &side.local, &media, NULL);
    g_autofree gchar *setup =
        g_strdup_printf ("\r\na=setup:%s\r\n", handshakes[i].setup);
    g_assert_nonnull (strstr (answer, setup));
    g_assert_nonnull (strstr (answer, "\r\na=fingerprint:sha-256 AB:00:"));
    g_assert_nonnull (strstr (answer, "\r\na=rtcp-mux\r\n"));
    g_assert_null (strstr (answer, "crypto"));

    /* Whoever had the other role keeps it, as long as the certificate is the same. */
    g_auto (RtpStreamMedia) again = { 0 };
    RtpDtls *last = rtp_dtls_new (FALSE, media.dtls->fingerprint);
    side.security.dtls = last;
    sdp_parse (offer, size, &side.local, &again, NULL, NULL);
    g_assert_cmpint (again.dtls->active, ==,
        strstr (offer, "setup:passive") != NULL);
    rtp_dtls_unref (last);
  }
}

/* Each begins as the answer says, and an answer cannot leave it open. */
static void
test_handshake_answers (void)
{
  static const gchar *const setups[] = { "active", "passive", "actpass" };

  for (guint i = 0; i < G_N_ELEMENTS (setups); i++) {
    g_auto (RtpStreamMedia) media = { 0 };
    g_autofree gchar *answer = g_strdup_printf (HEAD
        "m=audio 8000 UDP/TLS/RTP/SAVP 0\r\na=setup:%s\r\n" PRINT MUX,
        setups[i]);
    Side side;
    side_init_dtls (&side, SIP_SRTP_REQUIRED);
    side.security.sdes = FALSE;
    g_autofree gchar *offer = sdp_offer (&side.local);
    assert_offer (offer, "m=audio 4000 UDP/TLS/RTP/SAVP 0", 0);
    g_assert_nonnull (strstr (offer, "\r\na=setup:actpass\r\n"));
    g_assert_cmpint (sdp_parse_answer (answer, strlen (answer), &side.local,
                         &media, NULL, NULL),
        ==, i < 2);
    if (i < 2)
      g_assert_cmpint (media.dtls->active, ==, i == 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdpsecurity/offers", test_offers);
  g_test_add_func ("/sdpsecurity/fewer-suites", test_fewer_suites);
  g_test_add_func ("/sdpsecurity/answers", test_answers);
  g_test_add_func ("/sdpsecurity/mki", test_mki);
  g_test_add_func ("/sdpsecurity/both", test_both);
  g_test_add_func ("/sdpsecurity/profiles", test_profiles);
  g_test_add_func ("/sdpsecurity/wrong-answers", test_wrong_answers);
  g_test_add_func ("/sdpsecurity/handshakes", test_handshakes);
  g_test_add_func ("/sdpsecurity/handshake-answers", test_handshake_answers);
  return g_test_run ();
}
