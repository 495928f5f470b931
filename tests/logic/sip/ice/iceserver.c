/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What SDP says of ICE, and the checks of a far end that has read ours. */

#include "sip/logic/ice/iceserver.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define THEIR_PASSWORD "their/password/of+24/xyz"

static const StunAddress home = { { 192, 0, 2, 1 }, 4, 4000 };
static const StunAddress relay = { { 198, 51, 100, 9 }, 4, 4000 };
static const StunAddress strange = { { 203, 0, 113, 5 }, 4, 4000 };

static RtpIce *
make_ice (guint8 seed, const gchar *their_ufrag)
{
  RtpIce *ice = rtp_ice_new (their_ufrag, THEIR_PASSWORD);
  guint8 random[RTP_ICE_RANDOM];

  for (guint i = 0; i < sizeof random; i++)
    random[i] = (guint8) (seed * 41 + i * 7);
  g_assert_nonnull (ice);
  rtp_ice_make_own (ice, random);
  g_assert_true (rtp_ice_add_candidate (ice,
      "1 1 UDP 2130706431 192.0.2.1 4000 typ host"));
  g_assert_true (rtp_ice_add_candidate (ice,
      "2 1 udp 16777215 198.51.100.9 4000 typ relay raddr 0.0.0.0 rport 0"));
  return ice;
}

static void
begin (IceServer *self, RtpIce *ice)
{
  ice_server_init (self, 1);
  ice_server_set (self, ice);
  rtp_ice_unref (ice);
}

static StunWriter
make_check (const RtpIce *ice, guint32 priority, gboolean chooses)
{
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 9 };
  g_autofree gchar *name = g_strconcat (ice->own_ufrag, ":", ice->ufrag, NULL);
  StunWriter check;

  stun_write (&check, STUN_BINDING_REQUEST, transaction);
  stun_write_username (&check, name);
  stun_write_priority (&check, priority, chooses);
  stun_write_end (&check, ice->own_password);
  return check;
}

/* From @from at @now; what comes back. TRUE: it chose @from. */
static gboolean
ask (IceServer *self, const StunWriter *check, const StunAddress *from,
    gint64 now, StunMessage *answer)
{
  static StunWriter said;
  const gboolean chosen =
      ice_server_receive (self, check->data, check->size, from, now, &said);

  if (said.size > 0)
    g_assert_true (stun_parse (answer, said.data, said.size));
  else
    *answer = (StunMessage){ 0 };
  return chosen;
}

static void
assert_error (const StunMessage *answer, guint code)
{
  g_assert_cmpuint (answer->type, ==, STUN_BINDING_ERROR);
  g_assert_cmpuint (answer->data[26] * 100 + answer->data[27], ==, code);
}

/* ---- SDP */

static void
test_sdp (void)
{
  static const gchar *const bad[] = { "", "1", "1 1 UDP",
    "1 1 TCP 1 192.0.2.1 9 typ host tcptype active",
    "1 0 UDP 1 192.0.2.1 4000 typ host", "1 1 UDP 0 192.0.2.1 4000 typ host",
    "1 1 UDP 4294967296 192.0.2.1 4000 typ host",
    "1 1 UDP 1 phone.local 4000 typ host", "1 1 UDP 1 192.0.2.1 0 typ host",
    "1 1 UDP 1 192.0.2.1 65536 typ host", "1 1 UDP 1 192.0.2.1 4000" };
  RtpIce *ice = make_ice (1, "frag");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (rtp_ice_add_candidate (ice, bad[i]));
  g_assert_true (rtp_ice_add_candidate (ice,
      "a 2 UDP 5 2001:db8::1 4001 typ host generation 0"));
  g_assert_cmpuint (ice->n_candidates, ==, 3);
  g_assert_cmpuint (rtp_ice_find (ice, 1, &relay)->priority, ==, 16777215);
  g_assert_null (rtp_ice_find (ice, 2, &relay));
  g_assert_null (rtp_ice_find (ice, 1, &strange));
  for (guint i = 0; i < 2 * RTP_ICE_MAX_CANDIDATES; i++)
    rtp_ice_add_candidate (ice, "1 1 UDP 7 192.0.2.7 4000 typ host");
  g_assert_cmpuint (ice->n_candidates, ==, RTP_ICE_MAX_CANDIDATES);
  rtp_ice_unref (ice);
  g_assert_null (rtp_ice_new ("fra", THEIR_PASSWORD));
  g_assert_null (rtp_ice_new ("frag", "short"));
  g_assert_null (rtp_ice_new ("fr g", THEIR_PASSWORD));
  g_assert_null (rtp_ice_new (NULL, NULL));
  g_assert_cmpuint (rtp_ice_get_host_priority (0, 1), ==, 2130706431);
}

/* ---- Checks */

static void
test_answered (void)
{
  RtpIce *ice = make_ice (1, "frag");
  StunWriter check = make_check (ice, 7, FALSE);
  IceServer server;
  StunMessage answer;

  begin (&server, rtp_ice_ref (ice));
  g_assert_false (ask (&server, &check, &strange, SECOND, &answer));
  g_assert_cmpuint (answer.type, ==, STUN_BINDING_SUCCESS);
  g_assert_true (answer.has_fingerprint);
  g_assert_true (stun_address_equal (&answer.mapped, &strange));
  g_assert_true (stun_check_integrity (&answer, ice->own_password));
  g_assert_cmpmem (answer.transaction, 12, check.data + 8, 12);
  ice_server_set (&server, NULL);
  g_assert_false (ask (&server, &check, &strange, SECOND, &answer));
  g_assert_null (answer.data);
  ice_server_clear (&server);
  rtp_ice_unref (ice);
}

/* Of several that are chosen the best holds, while it is there. */
static void
test_chosen (void)
{
  RtpIce *ice = make_ice (1, "frag");
  StunWriter check = make_check (ice, 0x6e0000ff, TRUE);
  IceServer server;
  StunMessage answer;

  begin (&server, rtp_ice_ref (ice));
  g_assert_true (ask (&server, &check, &relay, SECOND, &answer));
  g_assert_false (ask (&server, &check, &relay, SECOND, &answer));
  g_assert_true (ask (&server, &check, &strange, SECOND, &answer));
  g_assert_true (ask (&server, &check, &home, 2 * SECOND, &answer));
  g_assert_false (ask (&server, &check, &relay, 3 * SECOND, &answer));
  g_assert_cmpuint (answer.type, ==, STUN_BINDING_SUCCESS);
  g_assert_false (ask (&server, &check, &home, 20 * SECOND, &answer));
  g_assert_false (ask (&server, &check, &relay, 40 * SECOND, &answer));
  g_assert_true (ask (&server, &check, &relay, 51 * SECOND, &answer));
  ice_server_clear (&server);
  rtp_ice_unref (ice);
}

/* It begins anew: the names of before are answered, and choose nothing. */
static void
test_anew (void)
{
  RtpIce *first = make_ice (1, "frag"), *second = make_ice (2, "anew");
  StunWriter old = make_check (first, 9, TRUE);
  StunWriter check = make_check (second, 9, TRUE);
  IceServer server;
  StunMessage answer;

  begin (&server, rtp_ice_ref (first));
  g_assert_true (ask (&server, &old, &home, SECOND, &answer));
  ice_server_set (&server, first);
  g_assert_false (ask (&server, &old, &home, SECOND, &answer));
  ice_server_set (&server, second);
  g_assert_false (ask (&server, &old, &strange, SECOND, &answer));
  g_assert_cmpuint (answer.type, ==, STUN_BINDING_SUCCESS);
  g_assert_true (stun_check_integrity (&answer, first->own_password));
  g_assert_true (ask (&server, &check, &relay, SECOND, &answer));
  g_assert_true (stun_check_integrity (&answer, second->own_password));
  ice_server_set (&server, NULL);
  ice_server_set (&server, second);
  g_assert_false (ask (&server, &old, &strange, 2 * SECOND, &answer));
  assert_error (&answer, 401);
  ice_server_clear (&server);
  rtp_ice_unref (first);
  rtp_ice_unref (second);
}

/* Who does not know the password chooses nothing, and gets less than he sent, seldom. */
static void
test_strangers (void)
{
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 0 };
  RtpIce *ice = make_ice (1, "frag"), *other = make_ice (2, "frag");
  StunWriter wrong = make_check (other, G_MAXUINT32, TRUE), bare;
  IceServer server;
  StunMessage answer;
  guint n = 0;

  begin (&server, ice);
  memcpy (other->own_ufrag, ice->own_ufrag, sizeof other->own_ufrag);
  StunWriter guessed = make_check (other, G_MAXUINT32, TRUE);
  g_assert_false (ask (&server, &wrong, &strange, SECOND, &answer));
  assert_error (&answer, 401);
  g_assert_false (ask (&server, &guessed, &strange, SECOND, &answer));
  assert_error (&answer, 401);
  g_assert_false (server.has_pair);
  g_assert_false (ice_server_has_proven (&server, &strange));
  stun_write (&bare, STUN_BINDING_REQUEST, transaction);
  g_assert_false (ask (&server, &bare, &strange, SECOND, &answer));
  g_assert_null (answer.data);
  stun_write_end (&bare, NULL);
  g_assert_false (ask (&server, &bare, &strange, SECOND, &answer));
  g_assert_null (answer.data);
  stun_write (&bare, STUN_BINDING_REQUEST, transaction);
  stun_write_priority (&bare, 7, TRUE);
  stun_write_end (&bare, NULL);
  ask (&server, &bare, &strange, 2 * SECOND, &answer);
  assert_error (&answer, 400);
  for (guint i = 0; i < 1000; i++) {
    ask (&server, &guessed, &strange, 2 * SECOND + i * MS, &answer);
    n += answer.data != NULL;
  }
  g_assert_cmpuint (n, <=, 10);
  rtp_ice_unref (other);
  ice_server_clear (&server);
}

/* Who knows it gets no flood either, and no answer but to a request. */
static void
test_limits (void)
{
  static const StunType others[] = { STUN_BINDING_INDICATION,
    STUN_BINDING_SUCCESS, STUN_BINDING_ERROR };
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 0 };
  RtpIce *ice = make_ice (1, "frag");
  StunWriter check = make_check (ice, 7, TRUE);
  IceServer server;
  StunMessage answer;
  guint n = 0;

  begin (&server, ice);
  for (guint i = 0; i < 1000; i++) {
    ask (&server, &check, &home, SECOND + i * MS, &answer);
    n += answer.data != NULL;
  }
  g_assert_cmpuint (n, <=, 200);
  g_assert_cmpuint (n, >=, 100);
  g_assert_true (ice_server_has_proven (&server, &home));
  g_assert_false (ice_server_has_proven (&server, &relay));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    StunWriter other;
    stun_write (&other, others[i], transaction);
    stun_write_end (&other, ice->own_password);
    g_assert_false (ask (&server, &other, &home, 9 * SECOND, &answer));
    g_assert_null (answer.data);
  }
  ice_server_clear (&server);
}

/* RFC 8489 6.3.1 */
static void
test_unknown (void)
{
  const guint8 transaction[STUN_TRANSACTION_SIZE] = { 0 };
  const guint8 unknown[] = { 0x7f, 0xff, 0x00, 0x00 };
  RtpIce *ice = make_ice (1, "frag");
  g_autofree gchar *name = g_strconcat (ice->own_ufrag, ":frag", NULL);
  IceServer server;
  StunMessage answer;
  StunWriter check;

  begin (&server, ice);
  stun_write (&check, STUN_BINDING_REQUEST, transaction);
  stun_write_username (&check, name);
  stun_write_priority (&check, 7, TRUE);
  memcpy (check.data + check.size, unknown, sizeof unknown);
  check.size += sizeof unknown;
  stun_write_end (&check, ice->own_password);
  g_assert_false (ask (&server, &check, &home, SECOND, &answer));
  assert_error (&answer, 420);
  g_assert_true (stun_check_integrity (&answer, ice->own_password));
  ice_server_clear (&server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice/sdp", test_sdp);
  g_test_add_func ("/ice/answered", test_answered);
  g_test_add_func ("/ice/chosen", test_chosen);
  g_test_add_func ("/ice/anew", test_anew);
  g_test_add_func ("/ice/strangers", test_strangers);
  g_test_add_func ("/ice/limits", test_limits);
  g_test_add_func ("/ice/unknown", test_unknown);
  return g_test_run ();
}
