/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/sdptext.h"

#include <string.h>

static const struct
{
  const gchar *text, *tidy;
} texts[] = {
  { "v=0\r\ns=-\r\n", "v=0\r\ns=-\r\n" },
  { "v=0\ns=-\nm=audio 9 RTP/AVP 0", "v=0\r\ns=-\r\nm=audio 9 RTP/AVP 0\r\n" },
  { "v=0\rs=-\r", "v=0\r\ns=-\r\n" },
  { "\r\n v=0 \r\n\r\n s=- \r\n\r\n", "v=0\r\ns=-\r\n" },
  { "v=0\r\nm=  audio 9  RTP/AVP\t 0 8 \r\n",
      "v=0\r\nm=audio 9 RTP/AVP 0 8\r\n" },
  { "v=0\r\na=RtpMap : 0  PCMU/8000 \r\na=SendRecv\r\n",
      "v=0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n" },
  { "v=0\r\na=x:1:2 : 3\r\n", "v=0\r\na=x:1:2 : 3\r\n" },
  { "v=0\r\ngarbage\r\n=\r\nx\r\na=\r\n", "v=0\r\na=\r\n" },
};

static void
test_tidy (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree gchar *tidy =
        sdp_text_tidy (texts[i].text, strlen (texts[i].text));
    g_autofree gchar *again = sdp_text_tidy (tidy, strlen (tidy));
    g_assert_cmpstr (tidy, ==, texts[i].tidy);
    g_assert_cmpstr (again, ==, tidy);
  }
  g_autofree gchar *counted = sdp_text_tidy ("v=0\r\ns=-\r\n\0", 11);
  g_assert_cmpstr (counted, ==, "v=0\r\ns=-\r\n");
}

static void
test_no_sdp (void)
{
  static const gchar *const others[] = { "", "garbage", "v=1\r\n",
    "s=-\r\nv=0\r\n", "v=00\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (sdp_text_tidy (others[i], strlen (others[i])));
  g_assert_null (sdp_text_tidy ("v=0\0s=-\r\n", 9));
}

static void
test_host_name (void)
{
  static const gchar *const names[] = { "localhost", "pbx.example.org",
    "pbx.example.org.", "3com", "a-b_c.de", "10.in-addr" };
  static const gchar *const others[] = { "", ".", "192.0.2.300", "1", "a..b",
    "2001:db8::1", "-a", "a b", "ä.de", "192.0.2.1." };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (sdp_text_is_host_name (names[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (sdp_text_is_host_name (others[i]));
  g_autofree gchar *endless = g_strnfill (254, 'a');
  g_assert_false (sdp_text_is_host_name (endless));
  g_assert_false (sdp_text_is_host_name (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdptext/tidy", test_tidy);
  g_test_add_func ("/sdptext/no-sdp", test_no_sdp);
  g_test_add_func ("/sdptext/host-name", test_host_name);
  return g_test_run ();
}
