/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/security/rtpdtls.h"

#define HALF "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
#define WHOLE HALF ":" HALF

static void
test_fingerprint (void)
{
  static const gchar *const bad[] = { "", "sha-256", "sha-256 ", "sha-1 " WHOLE,
    "sha-256 " HALF, "sha-256 " WHOLE ":00", "sha-256 " HALF "-" HALF,
    "sha-256 " HALF ":0g" HALF, "sha-256  " WHOLE };
  guint8 read[RTP_FINGERPRINT_SIZE];

  g_assert_true (rtp_dtls_parse_fingerprint ("SHA-256 " WHOLE, read));
  for (guint i = 0; i < RTP_FINGERPRINT_SIZE; i++)
    g_assert_cmpuint (read[i], ==, i % 16 * 0x11);
  g_autofree gchar *said = rtp_dtls_format_fingerprint (read);
  g_assert_cmpstr (said, ==, "sha-256 " WHOLE);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (rtp_dtls_parse_fingerprint (bad[i], read));
}

static void
test_setup (void)
{
  static const gchar *const names[] = { "active", "passive", "actpass" };
  RtpDtlsSetup setup;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_true (rtp_dtls_parse_setup (names[i], &setup));
    g_assert_cmpstr (rtp_dtls_get_setup_name (setup), ==, names[i]);
  }
  g_assert_false (rtp_dtls_parse_setup ("holdconn", &setup));
}

static void
test_equal (void)
{
  guint8 print[RTP_FINGERPRINT_SIZE] = { 1 };
  RtpDtls *one = rtp_dtls_new (TRUE, print);
  RtpDtls *same = rtp_dtls_new (TRUE, print);
  RtpDtls *role = rtp_dtls_new (FALSE, print);
  print[31] = 1;
  RtpDtls *other = rtp_dtls_new (TRUE, print);

  g_assert_true (rtp_dtls_equal (one, same));
  g_assert_true (rtp_dtls_equal (NULL, NULL));
  g_assert_false (rtp_dtls_equal (one, NULL));
  g_assert_false (rtp_dtls_equal (one, role));
  g_assert_false (rtp_dtls_equal (one, other));
  rtp_dtls_unref (rtp_dtls_ref (one));
  rtp_dtls_unref (one);
  rtp_dtls_unref (same);
  rtp_dtls_unref (role);
  rtp_dtls_unref (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtpdtls/fingerprint", test_fingerprint);
  g_test_add_func ("/rtpdtls/setup", test_setup);
  g_test_add_func ("/rtpdtls/equal", test_equal);
  return g_test_run ();
}
