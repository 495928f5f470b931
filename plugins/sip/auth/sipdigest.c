/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - Of one realm the best algorithm that was ever offered on the handle counts: who
 *   changes a response on its way, and takes that one out, gets nothing.
 * - What cannot be answered stays unanswered. An error in its place would have the
 *   library give up a response that asks for something else beside it. */

/* For the fields by which the library forgets a password. */
#define SOFIA_EXTEND_AUTH_CLIENT 1

#include "sipdigest.h"

#include "sip/logic/auth/digest.h"

#include <sofia-sip/auth_client.h>
#include <sofia-sip/auth_client_plugin.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_alloc.h>
#include <stdio.h>
#include <string.h>

/* Before a password that is in hexadecimal. */
#define HEX '\001'

typedef struct
{
  auth_client_t client; /* first, the library's */
  char *
      text; /* the challenge, in the client's home; NULL: none that is usable */
  char *next_nonce; /* in place of its nonce, or NULL */
  char cnonce[17];
  guint count; /* of requests with this nonce */
} DigestClient;

/* ---- Credentials */

gchar *
sip_digest_credentials (const gchar *realm, const gchar *user,
    const gchar *password)
{
  const gsize length = strlen (password);
  GString *text = g_string_sized_new (strlen (realm) + strlen (user) +
      2 * length + strlen ("Digest:\"\":::") + 1);

  g_string_printf (text, "Digest:\"%s\":%s:%c", realm, user, HEX);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", (guchar) password[i]);
  return g_string_free (text, FALSE);
}

static gchar *
dup_password (const gchar *stored)
{
  if (*stored != HEX)
    return g_strdup (stored);
  const gsize length = strlen (stored + 1) / 2;
  gchar *password = g_malloc0 (length + 1);
  for (gsize i = 0; i < length; i++)
    password[i] = (gchar) (g_ascii_xdigit_value (stored[1 + 2 * i]) * 16 +
        g_ascii_xdigit_value (stored[2 + 2 * i]));
  return password;
}

gchar *
sip_digest_header_text (const msg_auth_t *header)
{
  GString *text = g_string_new (header->au_scheme);

  for (guint i = 0; header->au_params && header->au_params[i]; i++)
    g_string_append_printf (text, "%s%s", i ? ", " : " ", header->au_params[i]);
  return g_string_free (text, FALSE);
}

/* ---- Challenges */

static void
replace_text (DigestClient *self, char **field, const gchar *text)
{
  su_free (self->client.ca_home, *field);
  *field = text ? su_strdup (self->client.ca_home, text) : NULL;
}

static void
begin_nonce (DigestClient *self)
{
  snprintf (self->cnonce, sizeof self->cnonce, "%08x%08x", g_random_int (),
      g_random_int ());
  self->count = 0;
  replace_text (self, &self->next_nonce, NULL);
}

/* 2: the request is to be sent again with it; 1: it was only taken. */
static int
take (DigestClient *self, const gchar *text, const DigestChallenge *challenge)
{
  DigestChallenge last = { 0 };
  const gboolean first =
      !self->text || !digest_challenge_parse (&last, self->text);
  int result = 1;

  if (first ? digest_challenge_is_usable (challenge)
            : !digest_challenge_is_better (&last, challenge)) {
    if (first || !g_str_equal (last.nonce, challenge->nonce))
      begin_nonce (self);
    replace_text (self, &self->text, text);
    result = first || challenge->stale ? 2 : 1;
  }
  digest_challenge_clear (&last);
  return result;
}

static int
on_challenge (auth_client_t *client, const msg_auth_t *header)
{
  g_autofree gchar *text = sip_digest_header_text (header);
  DigestChallenge challenge;

  if (!digest_challenge_parse (&challenge, text))
    return 1;
  const int result = take ((DigestClient *) client, text, &challenge);
  digest_challenge_clear (&challenge);
  return result;
}

static int
on_info (auth_client_t *client, const msg_auth_info_t *info)
{
  const char *next = msg_params_find (info->ai_params, "nextnonce=");

  if (!next || strlen (next) < 2 || next[0] != '"')
    return 0;
  g_autofree gchar *nonce = g_strndup (next + 1, strlen (next) - 2);
  begin_nonce ((DigestClient *) client);
  replace_text ((DigestClient *) client, &((DigestClient *) client)->next_nonce,
      nonce);
  return 1;
}

/* ---- Answers */

static gchar *
make_answer (DigestClient *self, DigestChallenge *challenge, const char *method,
    const char *uri)
{
  gchar *password = dup_password (self->client.ca_pass);
  const DigestRequest request = { .user = self->client.ca_user,
    .password = password,
    .method = method,
    .uri = uri,
    .cnonce = self->cnonce,
    .count = ++self->count };

  if (self->next_nonce) {
    g_free (challenge->nonce);
    challenge->nonce = g_strdup (self->next_nonce);
  }
  gchar *answer = digest_answer (challenge, &request);
  explicit_bzero (password, strlen (password));
  g_free (password);
  return answer;
}

static int
on_authorize (auth_client_t *client, su_home_t *home, const char *method,
    const url_t *url, const msg_payload_t *body, msg_header_t **header)
{
  DigestClient *self = (DigestClient *) client;
  DigestChallenge challenge;

  *header = NULL;
  if (!client->ca_user || !client->ca_pass || client->ca_clear || !self->text ||
      !digest_challenge_parse (&challenge, self->text))
    return 0;
  g_autofree gchar *answer =
      make_answer (self, &challenge, method, url_as_string (home, url));
  digest_challenge_clear (&challenge);
  *header = msg_header_make (home, client->ca_credential_class, answer);
  return *header ? 0 : -1;
}

static int
on_clear (auth_client_t *client)
{
  client->ca_clear = 1;
  return 1;
}

/* ---- Its place in the library */

static auth_client_plugin_t plugin = {
  .auc_plugin_size = sizeof plugin,
  .auc_size = sizeof (DigestClient),
  .auc_challenge = on_challenge,
  .auc_authorize = on_authorize,
  .auc_info = on_info,
  .auc_clear = on_clear,
};

static gboolean
is_installed (void)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const msg_auth_t *challenge =
      sip_www_authenticate_make (home, "Digest realm=\"a\", nonce=\"b\"");
  auth_client_t *clients = NULL;

  auc_challenge (&clients, home, challenge, sip_authorization_class);
  const gboolean is = clients && clients->ca_auc == &plugin;
  su_home_deinit (home);
  return is;
}

/* Version 1.12.11 puts a new scheme in place of the first one whose name is another,
 * where others mean the one with the same name. Names are found in any case of
 * letters. */
void
sip_digest_install (void)
{
  static const gchar *const names[] = { "digest", "Digest" };

  for (guint i = 0; i < G_N_ELEMENTS (names) && !is_installed (); i++) {
    plugin.auc_name = names[i];
    auc_register_plugin (&plugin);
  }
}
