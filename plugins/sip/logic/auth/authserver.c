/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A nonce is its time and a number, and a signature of both (16 digits each, and
 * SIGNATURE of them). */

#include "authserver.h"

#include <string.h>

#define STAMP 32
#define SIGNATURE 32

typedef struct
{
  gchar *nonce;
  gint64 time; /* when it was made, us */
  guint count; /* of the last request with it */
} Used;

struct _AuthServer
{
  UserFile *users;
  guint8 key[AUTH_KEY_SIZE];
  guint64 serial;
  GHashTable *used; /* nonce -> Used, owned by the queue */
  GQueue order; /* Used, as they came */
  gint64 forgotten; /* nothing is known of nonces up to this time */
};

static void
used_free (gpointer data)
{
  Used *self = data;

  g_free (self->nonce);
  g_free (self);
}

AuthServer *
auth_server_new (UserFile *users, const guint8 key[AUTH_KEY_SIZE])
{
  AuthServer *self = g_new0 (AuthServer, 1);

  self->users = users;
  memcpy (self->key, key, sizeof self->key);
  self->used = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->order);
  self->forgotten = G_MININT64;
  return self;
}

void
auth_server_free (AuthServer *self)
{
  user_file_free (self->users);
  g_hash_table_unref (self->used);
  g_queue_clear_full (&self->order, used_free);
  explicit_bzero (self->key, sizeof self->key);
  g_free (self);
}

void
auth_server_set_users (AuthServer *self, UserFile *users)
{
  user_file_free (self->users);
  self->users = users;
}

const gchar *
auth_server_get_realm (const AuthServer *self)
{
  return user_file_get_realm (self->users);
}

/* ---- Nonces */

static gchar *
sign (const AuthServer *self, const gchar *stamp)
{
  gchar *text = g_compute_hmac_for_data (G_CHECKSUM_SHA256, self->key,
      sizeof self->key, (const guchar *) stamp, STAMP);

  text[SIGNATURE] = '\0';
  return text;
}

static gchar *
make_nonce (AuthServer *self, gint64 now)
{
  g_autofree gchar *stamp =
      g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
          (guint64) now, self->serial++);
  g_autofree gchar *signature = sign (self, stamp);

  return g_strconcat (stamp, signature, NULL);
}

/* As long whatever is different. */
static gboolean
is_equal (const gchar *a, const gchar *b)
{
  const gsize length = strlen (a);
  guint8 different = 0;

  if (strlen (b) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    different |= (guint8) (a[i] ^ b[i]);
  return !different;
}

/* FALSE: it is not ours. */
static gboolean
read_nonce (const AuthServer *self, const gchar *nonce, gint64 *time)
{
  guint64 value;

  if (strlen (nonce) != STAMP + SIGNATURE)
    return FALSE;
  g_autofree gchar *signature = sign (self, nonce);
  g_autofree gchar *digits = g_strndup (nonce, 16);
  if (!is_equal (signature, nonce + STAMP) ||
      !g_ascii_string_to_unsigned (digits, 16, 0, G_MAXINT64, &value, NULL))
    return FALSE;
  *time = (gint64) value;
  return TRUE;
}

static void
forget_first (AuthServer *self)
{
  Used *first = g_queue_pop_head (&self->order);

  self->forgotten = MAX (self->forgotten, first->time);
  g_hash_table_remove (self->used, first->nonce);
  used_free (first);
}

static void
remember (AuthServer *self, const gchar *nonce, gint64 time, guint count)
{
  Used *used = g_new (Used, 1);

  if (g_queue_get_length (&self->order) >= AUTH_NONCES)
    forget_first (self);
  *used = (Used){ g_strdup (nonce), time, count };
  g_hash_table_insert (self->used, used->nonce, used);
  g_queue_push_tail (&self->order, used);
}

/* Of a nonce of @time: whether this is its first request, or a later one than the
 * last; it is that then. */
static gboolean
take_count (AuthServer *self, const gchar *nonce, gint64 time, guint count,
    gint64 now)
{
  Used *used = g_hash_table_lookup (self->used, nonce);

  if (time > now || now - time > AUTH_NONCE_LIFE)
    return FALSE;
  if (used && count <= used->count)
    return FALSE;
  if (used)
    used->count = count;
  else if (time <= self->forgotten)
    return FALSE;
  else
    remember (self, nonce, time, count);
  return TRUE;
}

gchar *
auth_server_challenge (AuthServer *self, DigestAlgorithm algorithm,
    gboolean stale, gint64 now)
{
  if (!user_file_has (self->users, algorithm))
    return NULL;
  g_autofree gchar *nonce = make_nonce (self, now);
  return g_strdup_printf (
      "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s",
      user_file_get_realm (self->users), nonce,
      digest_algorithm_to_string (algorithm), stale ? ", stale=true" : "");
}

/* ---- Credentials */

typedef enum
{
  FIELD_USER,
  FIELD_REALM,
  FIELD_NONCE,
  FIELD_URI,
  FIELD_RESPONSE,
  FIELD_ALGORITHM,
  FIELD_QOP,
  FIELD_COUNT,
  FIELD_CNONCE,
  N_FIELDS,
} Field;

static const gchar *const field_names[] = {
  [FIELD_USER] = "username",
  [FIELD_REALM] = "realm",
  [FIELD_NONCE] = "nonce",
  [FIELD_URI] = "uri",
  [FIELD_RESPONSE] = "response",
  [FIELD_ALGORITHM] = "algorithm",
  [FIELD_QOP] = "qop",
  [FIELD_COUNT] = "nc",
  [FIELD_CNONCE] = "cnonce",
};

typedef struct
{
  gchar *fields[N_FIELDS];
  DigestAlgorithm algorithm;
  guint count;
} Credentials;

static void
credentials_clear (Credentials *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (self->fields[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Credentials, credentials_clear)

/* Each stands there once. */
static gboolean
take_field (const gchar *name, const gchar *value, gpointer user)
{
  Credentials *self = user;

  for (guint i = 0; i < N_FIELDS; i++)
    if (g_str_equal (field_names[i], name)) {
      if (self->fields[i])
        return FALSE;
      self->fields[i] = g_strdup (value);
    }
  return TRUE;
}

static gboolean
read_algorithm (Credentials *self)
{
  const gchar *said = self->fields[FIELD_ALGORITHM];

  self->algorithm = DIGEST_MD5;
  while (said && self->algorithm <= DIGEST_SHA256 &&
      g_ascii_strcasecmp (digest_algorithm_to_string (self->algorithm), said))
    self->algorithm++;
  return self->algorithm <= DIGEST_SHA256;
}

/* RFC 7616 3.4: all that there is with qop, but for the algorithm, whose default is
 * MD5. */
static gboolean
read_credentials (Credentials *self, const gchar *text)
{
  guint64 count;

  if (!digest_parse (text, take_field, self))
    return FALSE;
  for (guint i = 0; i < N_FIELDS; i++)
    if (!self->fields[i] && i != FIELD_ALGORITHM)
      return FALSE;
  if (!read_algorithm (self) ||
      g_ascii_strcasecmp (self->fields[FIELD_QOP], "auth") ||
      strlen (self->fields[FIELD_COUNT]) != 8 ||
      !g_ascii_string_to_unsigned (self->fields[FIELD_COUNT], 16, 1, G_MAXUINT,
          &count, NULL))
    return FALSE;
  self->count = (guint) count;
  return TRUE;
}

static gboolean
is_right (const AuthServer *self, const Credentials *said, const gchar *method)
{
  const gchar *ha1 = user_file_get_ha1 (self->users, said->fields[FIELD_USER],
      said->algorithm);
  g_autofree gchar *response = digest_response (said->algorithm,
      ha1 ? ha1 : "nobody", said->fields[FIELD_NONCE], said->count,
      said->fields[FIELD_CNONCE], method, said->fields[FIELD_URI]);
  g_autofree gchar *lower = g_ascii_strdown (said->fields[FIELD_RESPONSE], -1);

  return is_equal (response, lower) && ha1 &&
      user_file_has (self->users, said->algorithm);
}

AuthVerdict
auth_server_verify (AuthServer *self, const gchar *credentials,
    const gchar *method, gint64 now, gchar **user, gchar **uri)
{
  g_auto (Credentials) said = { { NULL } };
  gint64 time = 0;

  *user = *uri = NULL;
  if (!read_credentials (&said, credentials) ||
      !g_str_equal (said.fields[FIELD_REALM],
          user_file_get_realm (self->users)))
    return AUTH_VERDICT_NONE;
  *user = g_strdup (said.fields[FIELD_USER]);
  /* Only who has heard a challenge of ours can be said to have guessed: the source of
   * anybody else may be forged. */
  const gboolean heard = read_nonce (self, said.fields[FIELD_NONCE], &time);
  if (!is_right (self, &said, method))
    return heard ? AUTH_VERDICT_WRONG : AUTH_VERDICT_NONE;
  if (!heard ||
      !take_count (self, said.fields[FIELD_NONCE], time, said.count, now))
    return AUTH_VERDICT_STALE;
  *uri = g_steal_pointer (&said.fields[FIELD_URI]);
  return AUTH_VERDICT_RIGHT;
}
