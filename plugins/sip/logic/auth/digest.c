/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "digest.h"

#include <string.h>

#define BLANK " \t\r\n"

static const struct
{
  DigestAlgorithm algorithm;
  GChecksumType hash;
  const gchar *name;
} algorithms[] = {
  { DIGEST_MD5, G_CHECKSUM_MD5, "MD5" },
  { DIGEST_SHA256, G_CHECKSUM_SHA256, "SHA-256" },
};

const gchar *
digest_algorithm_to_string (DigestAlgorithm algorithm)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithms[i].algorithm == algorithm)
      return algorithms[i].name;
  return "unknown";
}

static DigestAlgorithm
find_algorithm (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (!g_ascii_strcasecmp (algorithms[i].name, name))
      return algorithms[i].algorithm;
  return DIGEST_UNKNOWN;
}

/* ---- Fields */

static const gchar *
skip_blank (const gchar *text)
{
  return text + strspn (text, BLANK);
}

/* Behind the end of the word or the quoted string at @text, which becomes *@value;
 * NULL: it is neither. */
static const gchar *
read_value (const gchar *text, gchar **value)
{
  if (*text != '"') {
    gsize length = strcspn (text, ",\"\\" BLANK);
    *value = g_strndup (text, length);
    return length && length <= DIGEST_MAX_FIELD ? text + length : NULL;
  }
  const gchar *end = ++text;
  while (*end && *end != '"')
    end += *end == '\\' && end[1] ? 2 : 1;
  *value = g_strndup (text, end - text);
  return *end && end - text <= DIGEST_MAX_FIELD ? end + 1 : NULL;
}

static const gchar *
read_field (const gchar *text, DigestField field, gpointer user)
{
  gsize length = strcspn (text, "=,\"" BLANK);
  g_autofree gchar *name = g_ascii_strdown (text, length);
  g_autofree gchar *value = NULL;

  text = skip_blank (text + length);
  if (!length || length > DIGEST_MAX_FIELD || *text != '=')
    return NULL;
  text = read_value (skip_blank (text + 1), &value);
  return text && field (name, value, user) ? text : NULL;
}

gboolean
digest_parse (const gchar *text, DigestField field, gpointer user)
{
  const gsize scheme = strlen ("Digest");

  text = skip_blank (text);
  if (g_ascii_strncasecmp (text, "Digest", scheme) ||
      !strchr (BLANK, text[scheme]) || !text[scheme])
    return FALSE;
  text = skip_blank (text + scheme);
  while (*text) {
    text = read_field (text, field, user);
    if (!text)
      return FALSE;
    text = skip_blank (text);
    if (*text && *text != ',')
      return FALSE;
    while (*text == ',') /* RFC 7230 7: there may be empty ones */
      text = skip_blank (text + 1);
  }
  return TRUE;
}

/* ---- Challenges */

static gboolean
has_word (const gchar *list, const gchar *word)
{
  g_auto (GStrv) words = g_strsplit_set (list, ",", -1);

  for (gchar **each = words; *each; each++)
    if (!g_ascii_strcasecmp (g_strstrip (*each), word))
      return TRUE;
  return FALSE;
}

static void
set (gchar **field, const gchar *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static gboolean
take_field (const gchar *name, const gchar *value, gpointer user)
{
  DigestChallenge *self = user;

  /* Of two, others read the other one. */
  if (g_str_equal (name, "realm") && self->realm)
    return FALSE;
  if (g_str_equal (name, "realm"))
    set (&self->realm, value);
  else if (g_str_equal (name, "nonce"))
    set (&self->nonce, value);
  else if (g_str_equal (name, "opaque"))
    set (&self->opaque, value);
  else if (g_str_equal (name, "algorithm"))
    self->algorithm = find_algorithm (value);
  else if (g_str_equal (name, "stale"))
    self->stale = !g_ascii_strcasecmp (value, "true");
  else if (g_str_equal (name, "qop")) {
    self->has_qop = TRUE;
    self->has_auth = has_word (value, "auth");
  }
  return TRUE;
}

gboolean
digest_challenge_parse (DigestChallenge *self, const gchar *text)
{
  *self = (DigestChallenge){ .algorithm = DIGEST_MD5 };
  if (digest_parse (text, take_field, self) && self->realm && self->nonce &&
      *self->nonce)
    return TRUE;
  digest_challenge_clear (self);
  return FALSE;
}

void
digest_challenge_clear (DigestChallenge *self)
{
  g_free (self->realm);
  g_free (self->nonce);
  g_free (self->opaque);
  *self = (DigestChallenge){ 0 };
}

gboolean
digest_challenge_is_usable (const DigestChallenge *self)
{
  return self->algorithm != DIGEST_UNKNOWN &&
      (!self->has_qop || self->has_auth);
}

gboolean
digest_challenge_is_better (const DigestChallenge *self,
    const DigestChallenge *other)
{
  if (!digest_challenge_is_usable (self))
    return FALSE;
  return !digest_challenge_is_usable (other) ||
      self->algorithm > other->algorithm;
}

/* ---- Hashes */

static gchar *
hash (DigestAlgorithm algorithm, const gchar *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithms[i].algorithm == algorithm)
      return g_compute_checksum_for_string (algorithms[i].hash, text, -1);
  g_return_val_if_reached (NULL);
}

/* What has a password in it does not stay in memory. */
static void
wipe (gchar *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

gchar *
digest_ha1 (DigestAlgorithm algorithm, const gchar *user, const gchar *realm,
    const gchar *password)
{
  gchar *text = g_strconcat (user, ":", realm, ":", password, NULL);
  gchar *ha1 = hash (algorithm, text);

  wipe (text);
  return ha1;
}

gchar *
digest_response (DigestAlgorithm algorithm, const gchar *ha1,
    const gchar *nonce, guint count, const gchar *cnonce, const gchar *method,
    const gchar *uri)
{
  g_autofree gchar *a2 = g_strconcat (method, ":", uri, NULL);
  g_autofree gchar *ha2 = hash (algorithm, a2);
  gchar *text = cnonce ? g_strdup_printf ("%s:%s:%08x:%s:auth:%s", ha1, nonce,
                             count, cnonce, ha2)
                       : g_strdup_printf ("%s:%s:%s", ha1, nonce, ha2);
  gchar *response = hash (algorithm, text);

  wipe (text);
  return response;
}

gchar *
digest_answer (const DigestChallenge *challenge, const DigestRequest *request)
{
  const DigestAlgorithm algorithm = challenge->algorithm;
  const gchar *cnonce = challenge->has_auth ? request->cnonce : NULL;
  gchar *ha1 = digest_ha1 (algorithm, request->user, challenge->realm,
      request->password);
  g_autofree gchar *response = digest_response (algorithm, ha1,
      challenge->nonce, request->count, cnonce, request->method, request->uri);
  GString *text = g_string_new (NULL);

  wipe (ha1);
  g_string_printf (text,
      "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", "
      "response=\"%s\", algorithm=%s",
      request->user, challenge->realm, challenge->nonce, request->uri, response,
      digest_algorithm_to_string (algorithm));
  if (challenge->opaque)
    g_string_append_printf (text, ", opaque=\"%s\"", challenge->opaque);
  if (cnonce)
    g_string_append_printf (text, ", qop=auth, cnonce=\"%s\", nc=%08x", cnonce,
        request->count);
  return g_string_free (text, FALSE);
}
