/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/logic/auth/authserver.h"

#include <string.h>

#define START (1000 * G_TIME_SPAN_SECOND)

static const guint8 key[AUTH_KEY_SIZE] = { 1, 2, 3 };

static AuthServer *
make_server (const gchar *file)
{
  g_autoptr (GError) error = NULL;
  UserFile *users = user_file_parse (file, &error);

  g_assert_no_error (error);
  return auth_server_new (users, key);
}

/* What a phone says to @challenge in its @count-th request. */
static gchar *
say (const gchar *challenge, const gchar *user, const gchar *password,
    guint count)
{
  const DigestRequest request = { .user = user,
    .password = password,
    .method = "INVITE",
    .uri = "sip:agent@192.0.2.1",
    .cnonce = "c",
    .count = count };
  DigestChallenge parsed;

  g_assert_true (digest_challenge_parse (&parsed, challenge));
  gchar *text = digest_answer (&parsed, &request);
  digest_challenge_clear (&parsed);
  return text;
}

static AuthVerdict
verify (AuthServer *self, const gchar *credentials, gint64 now)
{
  g_autofree gchar *user = NULL;
  g_autofree gchar *uri = NULL;
  AuthVerdict verdict =
      auth_server_verify (self, credentials, "INVITE", now, &user, &uri);

  g_assert_cmpstr (uri, ==,
      verdict == AUTH_VERDICT_RIGHT ? "sip:agent@192.0.2.1" : NULL);
  g_assert_true ((verdict == AUTH_VERDICT_NONE) == (user == NULL));
  return verdict;
}

static AuthVerdict
try_it (AuthServer *self, DigestAlgorithm algorithm, const gchar *user,
    const gchar *password)
{
  g_autofree gchar *challenge =
      auth_server_challenge (self, algorithm, FALSE, START);
  g_autofree gchar *said = say (challenge, user, password, 1);

  return verify (self, said, START + 1);
}

static void
test_passwords (void)
{
  g_autoptr (AuthServer) self =
      make_server ("# who may\n\nanna:se:cret\r\nbert:\xc3\xa4 b c\n");

  g_assert_cmpstr (auth_server_get_realm (self), ==, USER_FILE_REALM);
  for (DigestAlgorithm a = DIGEST_MD5; a <= DIGEST_SHA256; a++) {
    g_assert_cmpint (try_it (self, a, "anna", "se:cret"), ==,
        AUTH_VERDICT_RIGHT);
    g_assert_cmpint (try_it (self, a, "bert", "\xc3\xa4 b c"), ==,
        AUTH_VERDICT_RIGHT);
    g_assert_cmpint (try_it (self, a, "anna", "\xc3\xa4 b c"), ==,
        AUTH_VERDICT_WRONG);
    g_assert_cmpint (try_it (self, a, "carl", "se:cret"), ==,
        AUTH_VERDICT_WRONG);
  }
}

/* The hash of RFC 7616 3.9.1 in place of its password. */
static void
test_hashes (void)
{
  g_autoptr (AuthServer) self = make_server (
      "Mufasa:http-auth@example.org:3d78807defe7de2157e2b0b6573a855f\n");

  g_assert_cmpstr (auth_server_get_realm (self), ==, "http-auth@example.org");
  g_assert_null (auth_server_challenge (self, DIGEST_SHA256, FALSE, START));
  g_assert_cmpint (try_it (self, DIGEST_MD5, "Mufasa", "Circle of Life"), ==,
      AUTH_VERDICT_RIGHT);
}

/* Each request of a nonce once, and in order; no nonce for longer than it lives. */
static void
test_replay (void)
{
  g_autoptr (AuthServer) self = make_server ("a:b");
  g_autofree gchar *challenge =
      auth_server_challenge (self, DIGEST_SHA256, FALSE, START);
  g_autofree gchar *first = say (challenge, "a", "b", 1);
  g_autofree gchar *third = say (challenge, "a", "b", 3);
  g_autofree gchar *fourth = say (challenge, "a", "b", 4);
  const gint64 end = START + AUTH_NONCE_LIFE;

  g_assert_cmpint (verify (self, first, START - 1), ==, AUTH_VERDICT_STALE);
  g_assert_cmpint (verify (self, first, START), ==, AUTH_VERDICT_RIGHT);
  g_assert_cmpint (verify (self, first, START), ==, AUTH_VERDICT_STALE);
  g_assert_cmpint (verify (self, third, end), ==, AUTH_VERDICT_RIGHT);
  g_assert_cmpint (verify (self, first, end), ==, AUTH_VERDICT_STALE);
  g_assert_cmpint (verify (self, fourth, end + 1), ==, AUTH_VERDICT_STALE);
}

/* Of so many nonces no count is kept that the first could be used again. */
static void
test_many (void)
{
  g_autoptr (AuthServer) self = make_server ("a:b");
  g_autofree gchar *first = NULL;

  for (guint i = 0; i <= AUTH_NONCES; i++) {
    g_autofree gchar *challenge =
        auth_server_challenge (self, DIGEST_MD5, FALSE, START + i);
    g_autofree gchar *said = say (challenge, "a", "b", 1);
    g_assert_cmpint (verify (self, said, START + i), ==, AUTH_VERDICT_RIGHT);
    if (!first)
      first = say (challenge, "a", "b", 2);
  }
  g_assert_cmpint (verify (self, first, START + AUTH_NONCES), ==,
      AUTH_VERDICT_STALE);
}

static gchar *
replace (const gchar *text, const gchar *old, const gchar *new)
{
  const gchar *at = strstr (text, old);

  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, new,
      at + strlen (old));
}

/* A nonce of somebody else's, and what is not the answer of a phone. */
static void
test_forged (void)
{
  static const struct
  {
    const gchar *old, *new;
    AuthVerdict verdict;
  } changes[] = {
    { "nc=00000001", "nc=00000002", AUTH_VERDICT_WRONG },
    { "nc=00000001", "nc=00000000", AUTH_VERDICT_NONE },
    { "nc=00000001", "nc=1", AUTH_VERDICT_NONE },
    { "nc=00000001", "nc=-0000001", AUTH_VERDICT_NONE },
    { "qop=auth", "qop=auth-int", AUTH_VERDICT_NONE },
    { "qop=auth, ", "", AUTH_VERDICT_NONE },
    { "algorithm=MD5", "algorithm=SHA-256", AUTH_VERDICT_WRONG },
    { "algorithm=MD5", "algorithm=MD5-sess", AUTH_VERDICT_NONE },
    { "algorithm=MD5", "algorithm=MD5, uri=x", AUTH_VERDICT_NONE },
    { "algorithm=MD5", "algorithm=unknown", AUTH_VERDICT_NONE },
    { "realm=\"", "realm=\"x", AUTH_VERDICT_NONE },
    { "uri=\"sip:agent", "uri=\"sip:other", AUTH_VERDICT_WRONG },
    { "response=\"", "response=\"0", AUTH_VERDICT_WRONG },
    { "response=\"", "answer=\"", AUTH_VERDICT_NONE },
  };
  g_autoptr (AuthServer) self = make_server ("a:b");
  g_autofree gchar *challenge =
      auth_server_challenge (self, DIGEST_MD5, FALSE, START);
  g_autofree gchar *said = say (challenge, "a", "b", 1);
  g_autofree gchar *strange =
      say ("Digest realm=\"" USER_FILE_REALM "\", nonce=x, qop=auth", "a", "b",
          1);
  g_autofree gchar *user = NULL;
  g_autofree gchar *uri = NULL;

  g_assert_cmpint (verify (self, strange, START), ==, AUTH_VERDICT_STALE);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree gchar *changed = replace (said, changes[i].old, changes[i].new);
    g_test_message ("%s", changed);
    g_assert_cmpint (verify (self, changed, START), ==, changes[i].verdict);
  }
  g_assert_cmpint (auth_server_verify (self, said, "BYE", START, &user, &uri),
      ==, AUTH_VERDICT_WRONG);
  g_assert_cmpint (verify (self, said, START), ==, AUTH_VERDICT_RIGHT);
}

static void
test_stale_is_said (void)
{
  g_autoptr (AuthServer) self = make_server ("a:b");
  DigestChallenge challenge;

  for (gint stale = FALSE; stale <= TRUE; stale++) {
    g_autofree gchar *text =
        auth_server_challenge (self, DIGEST_SHA256, stale, START);
    g_assert_true (digest_challenge_parse (&challenge, text));
    g_assert_true (digest_challenge_is_usable (&challenge));
    g_assert_cmpint (challenge.stale, ==, stale);
    digest_challenge_clear (&challenge);
  }
}

#define MD5 "3d78807defe7de2157e2b0b6573a855f"
#define SHA MD5 MD5

static void
test_wrong_files (void)
{
  static const struct
  {
    const gchar *text, *says;
  } files[] = {
    { "", "it names nobody" },
    { "# a:b\n", "it names nobody" },
    { "a:b\nsecret\n", "line 2 is not USER:PASSWORD" },
    { ":secret", "line 1 is not USER:PASSWORD" },
    { "a:", "line 1 has no password" },
    { "a:secret\na:secret", "line 2 has a user that there is already" },
    { "a:r:" MD5 "\na:r:" MD5, "line 2 has a user that there is already" },
    { "a:r:" MD5 "\na:secret", "line 2 has a user that there is already" },
    { "a:secret\na:r:" MD5, "line 2 has a user that there is already" },
    { "a:r:" MD5 "\nb:s:" MD5, "line 2 has another realm than one before it" },
    { "a::" MD5, "line 1 has a realm that cannot be" },
    { "a\"b:secret", "line 1 has a name that cannot be" },
    { "a:\xff", "line 1 is not UTF-8" },
    { "a:r:" MD5 "\nb:r:" SHA, "it has no algorithm that all its users have" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", files[i].says);
    g_assert_null (user_file_parse (files[i].text, &error));
    g_assert_cmpstr (error->message, ==, files[i].says);
  }
}

/* A password takes the realm that a later line has. */
static void
test_mixed_file (void)
{
  g_autoptr (AuthServer) self = make_server ("a:b\nc:r:" MD5 "\nc:r:" SHA "\n");

  g_assert_cmpstr (auth_server_get_realm (self), ==, "r");
  g_assert_cmpint (try_it (self, DIGEST_SHA256, "a", "b"), ==,
      AUTH_VERDICT_RIGHT);
  g_assert_cmpint (try_it (self, DIGEST_MD5, "a", "b"), ==, AUTH_VERDICT_RIGHT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authserver/passwords", test_passwords);
  g_test_add_func ("/authserver/hashes", test_hashes);
  g_test_add_func ("/authserver/replay", test_replay);
  g_test_add_func ("/authserver/many", test_many);
  g_test_add_func ("/authserver/forged", test_forged);
  g_test_add_func ("/authserver/stale-is-said", test_stale_is_said);
  g_test_add_func ("/authserver/wrong-files", test_wrong_files);
  g_test_add_func ("/authserver/mixed-file", test_mixed_file);
  return g_test_run ();
}
