/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/auth/digest.h"

#include <string.h>

/* RFC 7616 3.9.1 */
#define NONCE_7616 "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define CNONCE_7616 "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
#define REALM_7616 "http-auth@example.org"
/* RFC 2617 3.5, RFC 2069 2.4 */
#define NONCE_2617 "dcd98b7102dd2f0e8b11d0f600bfb0c093"
#define REALM_2617 "testrealm@host.com"
#define PATH "/dir/index.html"

static const struct
{
  DigestAlgorithm algorithm;
  const gchar *realm, *password, *nonce, *cnonce, *response;
} vectors[] = {
  { DIGEST_MD5, REALM_7616, "Circle of Life", NONCE_7616, CNONCE_7616,
      "8ca523f5e9506fed4657c9700eebdbec" },
  { DIGEST_SHA256, REALM_7616, "Circle of Life", NONCE_7616, CNONCE_7616,
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" },
  { DIGEST_MD5, REALM_2617, "Circle Of Life", NONCE_2617, "0a4f113b",
      "6629fae49393a05397450978507c4ef1" },
  { DIGEST_MD5, REALM_2617, "CircleOfLife", NONCE_2617, NULL,
      "1949323746fe6a43ef61f9606e7febea" },
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autofree gchar *ha1 = digest_ha1 (vectors[i].algorithm, "Mufasa",
        vectors[i].realm, vectors[i].password);
    g_autofree gchar *response = digest_response (vectors[i].algorithm, ha1,
        vectors[i].nonce, 1, vectors[i].cnonce, "GET", PATH);
    g_assert_cmpstr (response, ==, vectors[i].response);
  }
}

/* ---- Challenges */

static const struct
{
  const gchar *text, *realm, *nonce, *opaque;
  DigestAlgorithm algorithm;
  gboolean usable, stale;
} challenges[] = {
  { "Digest realm=\"a\", nonce=\"b\"", "a", "b", NULL, DIGEST_MD5, TRUE,
      FALSE },
  { "digest  Realm=\"a b, c=\\\"d\\\"\",NONCE=b,Opaque=\"\",qop=\"auth-int,auth\"",
      "a b, c=\\\"d\\\"", "b", "", DIGEST_MD5, TRUE, FALSE },
  { "Digest realm=\"a\",,nonce=\"b\" , algorithm=\"sha-256\",\r\n stale=TRUE,",
      "a", "b", NULL, DIGEST_SHA256, TRUE, TRUE },
  { "Digest realm = \"a\", nonce=\"b\", algorithm=MD5-sess, qop=auth", "a", "b",
      NULL, DIGEST_UNKNOWN, FALSE, FALSE },
  { "Digest realm=\"a\", nonce=\"b\", algorithm=SHA-512-256", "a", "b", NULL,
      DIGEST_UNKNOWN, FALSE, FALSE },
  { "Digest realm=\"a\", nonce=\"b\", qop=\"auth-int\", stale=maybe", "a", "b",
      NULL, DIGEST_MD5, FALSE, FALSE },
  { "Digest realm=\"\", nonce=\"b\", other=\"x,y\", another=z", "", "b", NULL,
      DIGEST_MD5, TRUE, FALSE },
};

static void
test_challenge (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++) {
    DigestChallenge challenge;

    g_test_message ("%s", challenges[i].text);
    g_assert_true (digest_challenge_parse (&challenge, challenges[i].text));
    g_assert_cmpstr (challenge.realm, ==, challenges[i].realm);
    g_assert_cmpstr (challenge.nonce, ==, challenges[i].nonce);
    g_assert_cmpstr (challenge.opaque, ==, challenges[i].opaque);
    g_assert_cmpint (challenge.algorithm, ==, challenges[i].algorithm);
    g_assert_cmpint (digest_challenge_is_usable (&challenge), ==,
        challenges[i].usable);
    g_assert_cmpint (challenge.stale, ==, challenges[i].stale);
    digest_challenge_clear (&challenge);
  }
}

static void
test_no_challenge (void)
{
  static const gchar *const wrong[] = {
    "Digest realm=\"a\", realm=\"b\", nonce=\"c\"", "", "Digest",
    "Digestrealm=a, nonce=b", "Basic realm=\"a\"", "Digest realm=\"a\"",
    "Digest nonce=\"a\"", "Digest realm=\"a\", nonce=\"\"",
    "Digest realm=\"a, nonce=b", "Digest realm=\"a\\\", nonce=b",
    "Digest realm=\"a\" nonce=b",
    "Digest realm=a, nonce=", "Digest =a, realm=b, nonce=c",
    "Digest realm, nonce=b", "Digest realm=a\"b\", nonce=c"
  };
  DigestChallenge challenge;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_test_message ("%s", wrong[i]);
    g_assert_false (digest_challenge_parse (&challenge, wrong[i]));
    g_assert_null (challenge.realm);
  }
  g_autofree gchar *nonce = g_strnfill (DIGEST_MAX_FIELD + 1, 'n');
  g_autofree gchar *text =
      g_strdup_printf ("Digest realm=a, nonce=\"%s\"", nonce);
  g_assert_false (digest_challenge_parse (&challenge, text));
}

static gboolean
is_better (const gchar *a, const gchar *b)
{
  DigestChallenge first, second;

  g_assert_true (digest_challenge_parse (&first, a));
  g_assert_true (digest_challenge_parse (&second, b));
  gboolean better = digest_challenge_is_better (&first, &second);
  digest_challenge_clear (&first);
  digest_challenge_clear (&second);
  return better;
}

static void
test_better (void)
{
  static const gchar *md5 = "Digest realm=a, nonce=b",
                     *sha = "Digest realm=a, nonce=b, algorithm=SHA-256",
                     *sess = "Digest realm=a, nonce=b, algorithm=SHA-256-sess";

  g_assert_true (is_better (sha, md5));
  g_assert_false (is_better (md5, sha));
  g_assert_false (is_better (md5, md5));
  g_assert_true (is_better (md5, sess));
  g_assert_false (is_better (sess, md5));
  g_assert_false (is_better (sess, sess));
}

/* ---- Answers */

static gboolean
collect (const gchar *name, const gchar *value, gpointer user)
{
  g_hash_table_insert (user, g_strdup (name), g_strdup (value));
  return TRUE;
}

static GHashTable *
answer (const gchar *challenge)
{
  const DigestRequest request = { .user = "Mufasa",
    .password = "Circle of Life",
    .method = "GET",
    .uri = PATH,
    .cnonce = CNONCE_7616,
    .count = 1 };
  GHashTable *fields =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  DigestChallenge parsed;

  g_assert_true (digest_challenge_parse (&parsed, challenge));
  g_autofree gchar *text = digest_answer (&parsed, &request);
  digest_challenge_clear (&parsed);
  g_assert_null (strstr (text, "Circle"));
  g_assert_true (digest_parse (text, collect, fields));
  return fields;
}

static void
check_field (GHashTable *fields, const gchar *name, const gchar *value)
{
  g_assert_cmpstr (g_hash_table_lookup (fields, name), ==, value);
}

static void
test_answer (void)
{
  GHashTable *fields = answer (
      "Digest realm=\"" REALM_7616 "\", qop=\"auth, auth-int\", "
      "algorithm=SHA-256, nonce=\"" NONCE_7616 "\", opaque=\"FQhe/qaU925kf\"");

  check_field (fields, "username", "Mufasa");
  check_field (fields, "realm", REALM_7616);
  check_field (fields, "nonce", NONCE_7616);
  check_field (fields, "opaque", "FQhe/qaU925kf");
  check_field (fields, "algorithm", "SHA-256");
  check_field (fields, "qop", "auth");
  check_field (fields, "nc", "00000001");
  check_field (fields, "cnonce", CNONCE_7616);
  check_field (fields, "uri", PATH);
  check_field (fields, "response", vectors[1].response);
  g_hash_table_unref (fields);
}

/* RFC 7616 3.4: who does not know qop must not see it. */
static void
test_answer_without_qop (void)
{
  GHashTable *fields = answer ("Digest realm=a, nonce=b");

  check_field (fields, "qop", NULL);
  check_field (fields, "nc", NULL);
  check_field (fields, "cnonce", NULL);
  check_field (fields, "opaque", NULL);
  check_field (fields, "algorithm", "MD5");
  g_hash_table_unref (fields);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/digest/vectors", test_vectors);
  g_test_add_func ("/digest/challenge", test_challenge);
  g_test_add_func ("/digest/no-challenge", test_no_challenge);
  g_test_add_func ("/digest/better", test_better);
  g_test_add_func ("/digest/answer", test_answer);
  g_test_add_func ("/digest/answer-without-qop", test_answer_without_qop);
  return g_test_run ();
}
