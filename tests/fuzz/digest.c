/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A challenge, which is answered, or credentials, which are verified: nobody gets in
 * without the password. */

#include "sip/logic/auth/authserver.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
answer (const gchar *text)
{
  const DigestRequest request = { "user", "password", "INVITE", "sip:a@b", "c",
    1 };
  DigestChallenge challenge;

  if (!digest_challenge_parse (&challenge, text))
    return;
  if (digest_challenge_is_usable (&challenge)) {
    DigestChallenge same;
    g_autofree gchar *said = digest_answer (&challenge, &request);
    g_assert (digest_challenge_parse (&same, said));
    g_assert_cmpstr (same.realm, ==, challenge.realm);
    g_assert_cmpstr (same.nonce, ==, challenge.nonce);
    digest_challenge_clear (&same);
  }
  digest_challenge_clear (&challenge);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static AuthServer *server = NULL;
  static const guint8 key[AUTH_KEY_SIZE] = { 1 };
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_autofree gchar *user = NULL;
  g_autofree gchar *uri = NULL;

  if (!server)
    server = auth_server_new (user_file_parse ("anna:secret", NULL), key);
  answer (text);
  g_assert (auth_server_verify (server, text, "INVITE", 0, &user, &uri) !=
      AUTH_VERDICT_RIGHT);
  return 0;
}
