/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/security/sdes.h"

#include <string.h>

#define CM_KEY "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define CM_BYTES "wDfvg&T+)xG7@fb5jU,RaA}\\|p0%*#"
#define GCM_KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw"
#define CM "AES_CM_128_HMAC_SHA1_80 inline:" CM_KEY
#define MAX_LIFETIME (G_GUINT64_CONSTANT (1) << 48)

static const struct
{
  const gchar *text;
  guint tag;
  RtpSuite suite;
  guint64 lifetime;
  guint mki_size;
  guint8 last_of_mki;
} good[] = {
  { "1 " CM, 1, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, MAX_LIFETIME },
  { "999999999 aes_cm_128_hmac_sha1_32 INLINE:" CM_KEY, 999999999,
      RTP_SUITE_AES_CM_128_HMAC_SHA1_32, MAX_LIFETIME },
  { "2 AEAD_AES_128_GCM inline:" GCM_KEY "==", 2, RTP_SUITE_AEAD_AES_128_GCM,
      MAX_LIFETIME },
  { "2 AEAD_AES_128_GCM inline:" GCM_KEY, 2, RTP_SUITE_AEAD_AES_128_GCM,
      MAX_LIFETIME },
  { "0 " CM "|2^20|1:32", 0, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 1 << 20, 32,
      1 },
  { "1 " CM "|1048576", 1, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, 1 << 20 },
  { "1 " CM "|2^48", 1, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, MAX_LIFETIME },
  { "1 " CM "|66051:4", 1, RTP_SUITE_AES_CM_128_HMAC_SHA1_80, MAX_LIFETIME, 4,
      3 },
  { "1 " CM "|255:1 WSH=128 KDR=0", 1, RTP_SUITE_AES_CM_128_HMAC_SHA1_80,
      MAX_LIFETIME, 1, 255 },
  { "1 " CM " -UNKNOWN=1 -other ", 1, RTP_SUITE_AES_CM_128_HMAC_SHA1_80,
      MAX_LIFETIME },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    SdesLine line;

    g_test_message ("%s", good[i].text);
    g_assert_true (sdes_parse (good[i].text, &line));
    g_assert_cmpuint (line.tag, ==, good[i].tag);
    g_assert_cmpint (line.key.suite, ==, good[i].suite);
    g_assert_cmpuint (line.lifetime, ==, good[i].lifetime);
    g_assert_cmpuint (line.key.mki_size, ==, good[i].mki_size);
    if (line.key.mki_size)
      g_assert_cmpuint (line.key.mki[line.key.mki_size - 1], ==,
          good[i].last_of_mki);
    if (line.key.suite == RTP_SUITE_AEAD_AES_128_GCM)
      for (guint k = 0; k < 28; k++)
        g_assert_cmpuint (line.key.bytes[k], ==, k);
    else
      g_assert_cmpmem (line.key.bytes, 30, CM_BYTES, 30);
  }
}

static const gchar *const bad[] = {
  "",
  " ",
  "1",
  "1 AES_CM_128_HMAC_SHA1_80",
  "1 AES_CM_128_HMAC_SHA1_80 ",
  "1 AES_CM_128_HMAC_SHA1_80 " CM_KEY,
  "x " CM,
  "-1 " CM,
  "1000000000 " CM,
  "1 AES_CM_256_HMAC_SHA1_80 inline:" CM_KEY,
  "1 F8_128_HMAC_SHA1_80 inline:" CM_KEY,
  "1 AEAD_AES_128_GCM inline:" CM_KEY,
  "1 AES_CM_128_HMAC_SHA1_80 inline:" GCM_KEY "==",
  "1 AES_CM_128_HMAC_SHA1_80 inline:" CM_KEY "A",
  "1 AES_CM_128_HMAC_SHA1_80 inline:",
  "1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSo*",
  "1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSo=",
  "1 " CM ";inline:" CM_KEY, /* several keys */
  "1 " CM "|0",
  "1 " CM "|2^49",
  "1 " CM "|",
  "1 " CM "||1:4",
  "1 " CM "|1:0",
  "1 " CM "|1:33",
  "1 " CM "|256:1", /* does not fit */
  "1 " CM "|1:4|2^20",
  "1 " CM "|1:4|1:4",
  "1 " CM "|2^20|2^20",
  "1 " CM " KDR=1",
  "1 " CM " WSH=63",
  "1 " CM " WSH=",
  "1 " CM " UNENCRYPTED_SRTP",
  "1 " CM " UNENCRYPTED_SRTCP",
  "1 " CM " UNAUTHENTICATED_SRTP",
  "1 " CM " FEC_ORDER=FEC_SRTP",
  "1 " CM " UNKNOWN",
  "1 " CM " a b c d e f g h i j k l m n o p",
};

/* Nothing of what cannot be used stays in the line. */
static void
test_bad (void)
{
  const SdesLine nothing = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    SdesLine line;
    memset (&line, 0xaa, sizeof line);

    g_test_message ("%s", bad[i]);
    g_assert_false (sdes_parse (bad[i], &line));
    g_assert_cmpuint (line.tag, ==, 0);
    g_assert_cmpmem (&line.key, sizeof line.key, &nothing.key,
        sizeof nothing.key);
  }
}

static void
test_format (void)
{
  static const gchar *const texts[] = { "1 " CM, "7 " CM "|66051:4",
    "0 " CM "|1:32", "3 AEAD_AES_128_GCM inline:" GCM_KEY "==" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    SdesLine line;

    g_assert_true (sdes_parse (texts[i], &line));
    gchar *text = sdes_format (line.tag, &line.key);
    g_assert_cmpstr (text, ==, texts[i]);
    sdes_text_free (text);
  }
  sdes_text_free (NULL);
}

static void
test_suites (void)
{
  RtpSuite found;

  for (guint i = 0; i < RTP_N_SUITES; i++) {
    g_assert_true (rtp_suite_find (rtp_suite_get_name ((RtpSuite) i), &found));
    g_assert_cmpuint (found, ==, i);
    g_assert_cmpuint (rtp_suite_get_key_size (found), <=, RTP_KEY_MAX_SIZE);
  }
  g_assert_false (rtp_suite_find ("AES_CM_128_HMAC_SHA1", &found));
}

static void
test_keys (void)
{
  SdesLine a, b;

  g_assert_true (sdes_parse ("1 " CM, &a));
  g_assert_true (sdes_parse ("2 " CM "|1:4", &b));
  g_autoptr (RtpKeys) one = rtp_keys_new ("sdes", &a.key, &b.key);
  g_autoptr (RtpKeys) same = rtp_keys_new ("sdes", &a.key, &b.key);
  g_autoptr (RtpKeys) other = rtp_keys_new ("sdes", &a.key, &a.key);
  g_autoptr (RtpKeys) again = rtp_keys_ref (one);
  g_assert_true (rtp_keys_equal (one, same));
  g_assert_true (rtp_keys_equal (one, again));
  g_assert_false (rtp_keys_equal (one, other)); /* another MKI */
  g_assert_false (rtp_keys_equal (one, NULL));
  g_assert_true (rtp_keys_equal (NULL, NULL));
  a.key.bytes[29]++;
  g_autoptr (RtpKeys) last = rtp_keys_new ("sdes", &a.key, &b.key);
  g_assert_false (rtp_keys_equal (one, last));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdes/good", test_good);
  g_test_add_func ("/sdes/bad", test_bad);
  g_test_add_func ("/sdes/format", test_format);
  g_test_add_func ("/sdes/suites", test_suites);
  g_test_add_func ("/sdes/keys", test_keys);
  return g_test_run ();
}
