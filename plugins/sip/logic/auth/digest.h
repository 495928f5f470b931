/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Digest authentication (RFC 7616, RFC 8760): what both sides calculate with, and the
 * side that shows who it is. MD5 and SHA-256, qop "auth" or none; the -sess
 * algorithms, auth-int and SHA-512-256 are not here. */

typedef enum
{
  DIGEST_UNKNOWN, /* another one */
  DIGEST_MD5,
  DIGEST_SHA256,
} DigestAlgorithm;

const gchar *digest_algorithm_to_string (DigestAlgorithm algorithm);

/* No field of a header is longer. */
#define DIGEST_MAX_FIELD 2048 /* bytes */

/* Calls @field with each NAME (in lower case) and VALUE of "Digest NAME=VALUE, ...";
 * VALUE is without the quotes around it, and else as it was written: that is what is
 * hashed, and sent back. FALSE: @text is none, or @field said so. */
typedef gboolean (
    *DigestField) (const gchar *name, const gchar *value, gpointer user);
gboolean digest_parse (const gchar *text, DigestField field, gpointer user);

/* ---- A challenge, WWW- or Proxy-Authenticate */

typedef struct
{
  gchar *realm, *nonce, *opaque; /* opaque: NULL = none */
  DigestAlgorithm algorithm;
  gboolean has_qop; /* there are some */
  gboolean has_auth; /* and "auth" is one of them */
  gboolean stale; /* only the nonce was too old */
} DigestChallenge;

/* FALSE: @text is none, and *@self has nothing to clear. */
gboolean digest_challenge_parse (DigestChallenge *self, const gchar *text);
void digest_challenge_clear (DigestChallenge *self);
/* It asks for what is done here. */
gboolean digest_challenge_is_usable (const DigestChallenge *self);
/* Whether @self is to be answered rather than @other of the same realm: it is
 * usable, and the better algorithm. */
gboolean digest_challenge_is_better (const DigestChallenge *self,
    const DigestChallenge *other);

/* ---- The answer to it, Authorization or Proxy-Authorization */

typedef struct
{
  const gchar *user, *password;
  const gchar *method, *uri; /* of the request */
  const gchar *cnonce; /* ours, random: another one for each nonce */
  guint count; /* of requests with this nonce, from 1 on */
} DigestRequest;

/* Value of the header for @challenge, which is usable; (transfer full). */
gchar *digest_answer (const DigestChallenge *challenge,
    const DigestRequest *request);

/* ---- What is calculated; all (transfer full), hexadecimal */

/* H(user ":" realm ":" password), which a server keeps in place of a password. */
gchar *digest_ha1 (DigestAlgorithm algorithm, const gchar *user,
    const gchar *realm, const gchar *password);
/* @cnonce NULL: without qop, @count does not matter. */
gchar *digest_response (DigestAlgorithm algorithm, const gchar *ha1,
    const gchar *nonce, guint count, const gchar *cnonce, const gchar *method,
    const gchar *uri);

G_END_DECLS
