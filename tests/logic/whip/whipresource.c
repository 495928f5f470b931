/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "whip/logic/whipresource.h"

#include <string.h>

static void
test_types (void)
{
  g_assert_true (whip_content_type_is ("application/sdp", WHIP_TYPE_SDP));
  g_assert_true (
      whip_content_type_is ("Application/SDP; charset=utf-8", WHIP_TYPE_SDP));
  g_assert_false (whip_content_type_is ("application/sdpx", WHIP_TYPE_SDP));
  g_assert_false (whip_content_type_is (NULL, WHIP_TYPE_SDP));
  g_assert_true (whip_accepts (NULL, WHIP_TYPE_SDP));
  g_assert_true (whip_accepts ("text/html, */*;q=0.1", WHIP_TYPE_SDP));
  g_assert_true (whip_accepts ("application/*", WHIP_TYPE_SDP));
  g_assert_false (whip_accepts ("text/html", WHIP_TYPE_SDP));
  g_assert_false (whip_accepts ("application/sdp;q=0", WHIP_TYPE_SDP));
}

static void
test_origins (void)
{
  const gchar *own = "http://localhost:8080";

  g_assert_true (whip_origin_is_allowed (NULL, own, NULL));
  g_assert_true (whip_origin_is_allowed (own, own, NULL));
  g_assert_false (whip_origin_is_allowed ("http://localhost:8081", own, NULL));
  g_assert_false (whip_origin_is_allowed ("null", own, ""));
  g_assert_true (whip_origin_is_allowed ("https://b.example", own,
      "https://a.example, https://b.example"));
  g_assert_false (whip_origin_is_allowed ("https://b.example.evil", own,
      "https://b.example"));
  g_assert_true (whip_origin_is_allowed ("https://c.example", own, "*"));
  g_assert_false (whip_origin_is_allowed ("https://c.example", NULL, NULL));
}

static void
test_tokens (void)
{
  g_assert_true (whip_token_matches ("Bearer abc", "abc"));
  g_assert_true (whip_token_matches ("bearer  abc ", "abc"));
  g_assert_false (whip_token_matches ("Bearer abcd", "abc"));
  g_assert_false (whip_token_matches ("Basic abc", "abc"));
  g_assert_false (whip_token_matches (NULL, "abc"));
  g_assert_true (whip_etag_matches (NULL, "\"1\""));
  g_assert_true (whip_etag_matches ("*", "\"1\""));
  g_assert_true (whip_etag_matches ("\"0\", \"1\"", "\"1\""));
  g_assert_false (whip_etag_matches ("\"2\"", "\"1\""));
}

static void
test_problem (void)
{
  g_autofree gchar *problem = whip_problem_new (404, "No \"line\".");

  g_assert_cmpstr (problem, ==,
      "{\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,"
      "\"detail\":\"No \\\"line\\\".\"}");
}

static void
check_link (const gchar *server, const gchar *expected)
{
  g_autofree gchar *link = whip_link_new (server);

  g_assert_cmpstr (link, ==, expected);
}

static void
test_links (void)
{
  check_link ("stun://stun.example.com:3478",
      "<stun:stun.example.com:3478>; rel=\"ice-server\"");
  check_link ("turn://u:p%40@turn.example.com:3478?transport=udp",
      "<turn:turn.example.com:3478?transport=udp>; rel=\"ice-server\"; "
      "username=\"u\"; credential=\"p@\"; credential-type=\"password\"");
  check_link ("http://example.com", NULL);
  check_link ("stun.example.com", NULL);
  check_link (NULL, NULL);
}

static void
test_fragment (void)
{
  const gchar *text =
      "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
      "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
      "a=candidate:1 1 udp 2122 192.0.2.1 61764 typ host x y\r\n"
      "m=video 9 RTP/AVP 0\r\na=mid:1\r\n"
      "a=candidate:2 1 TCP 1518 a-b.local 9 typ host tcptype "
      "active\r\na=end-of-candidates\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (WhipFragment) fragment =
      whip_fragment_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (fragment->ufrag, ==, "EsAw");
  g_assert_cmpuint (fragment->candidates->len, ==, 2);
  const WhipCandidate *second = g_ptr_array_index (fragment->candidates, 1);
  g_assert_cmpstr (second->mid, ==, "1");
  g_assert_true (g_str_has_prefix (second->candidate, "candidate:2 1 TCP"));
  g_assert_true (fragment->end);
}

static void
test_bad_fragments (void)
{
  static const gchar *const texts[] = { "", "x", "v=0\r\n",
    "a=candidate:1 1 udp x 192.0.2.1 9 typ host\r\n",
    "a=candidate:1 1 udp 1 192.0.2.1 99999 typ host\r\n",
    "a=candidate:1 1 udp 1 192.0.2.1 9 typ moon\r\n",
    "a=candidate:1 1 sctp 1 192.0.2.1 9 typ host\r\n",
    "a=candidate:1 1 udp 1 ../etc 9 typ host\r\n",
    "a=candidate:1 1 udp 1 evil.example 9 typ host\r\n",
    "a=candidate:1 1 udp 1 224.0.0.251 9 typ host\r\n",
    "a=candidate:1 1 udp 1 255.255.255.255 9 typ host\r\n",
    "a=candidate:1 1 udp 1 0.0.0.0 9 typ host\r\n",
    "a=candidate:1 1 udp 1 192.0.2.1 0 typ host\r\n", "a=mid:0\r\n", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (whip_fragment_parse (texts[i], strlen (texts[i]), &error));
    g_assert_error (error, WHIP_ERROR, 400);
  }
}

static void
test_ports (void)
{
  guint first, last;

  g_assert_true (whip_port_range_parse ("20000-20100", &first, &last));
  g_assert_cmpuint (first, ==, 20000);
  g_assert_cmpuint (last, ==, 20100);
  g_assert_false (whip_port_range_parse ("20100-20000", &first, &last));
  g_assert_false (whip_port_range_parse ("0-10", &first, &last));
  g_assert_false (whip_port_range_parse ("1-70000", &first, &last));
  g_assert_false (whip_port_range_parse ("5", &first, &last));
  g_assert_false (whip_port_range_parse (NULL, &first, &last));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/whipresource/types", test_types);
  g_test_add_func ("/whipresource/origins", test_origins);
  g_test_add_func ("/whipresource/tokens", test_tokens);
  g_test_add_func ("/whipresource/problem", test_problem);
  g_test_add_func ("/whipresource/links", test_links);
  g_test_add_func ("/whipresource/fragment", test_fragment);
  g_test_add_func ("/whipresource/bad-fragments", test_bad_fragments);
  g_test_add_func ("/whipresource/ports", test_ports);
  return g_test_run ();
}
