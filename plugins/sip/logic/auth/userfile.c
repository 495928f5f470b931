/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "userfile.h"

#include <string.h>

G_DEFINE_QUARK (user - file, user_file_error)

/* Octets of the hashes, which are in hexadecimal. */
#define MD5_LENGTH 32
#define SHA256_LENGTH 64

typedef struct
{
  gchar *password; /* until the realm is known */
  gchar *ha1[DIGEST_SHA256 + 1]; /* by DigestAlgorithm */
} User;

struct _UserFile
{
  GHashTable *users; /* name -> User */
  gchar *realm; /* NULL: no line had one yet */
};

static void
clear_secret (gchar **secret)
{
  if (*secret)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
user_free (gpointer data)
{
  User *self = data;

  clear_secret (&self->password);
  for (guint i = 0; i < G_N_ELEMENTS (self->ha1); i++)
    clear_secret (&self->ha1[i]);
  g_free (self);
}

static User *
find_user (UserFile *self, const gchar *name)
{
  User *user = g_hash_table_lookup (self->users, name);

  if (!user) {
    user = g_new0 (User, 1);
    g_hash_table_insert (self->users, g_strdup (name), user);
  }
  return user;
}

/* Of @hash, if it is one. */
static DigestAlgorithm
algorithm_of (const gchar *hash)
{
  if (strspn (hash, "0123456789abcdefABCDEF") != strlen (hash))
    return DIGEST_UNKNOWN;
  if (strlen (hash) == MD5_LENGTH)
    return DIGEST_MD5;
  return strlen (hash) == SHA256_LENGTH ? DIGEST_SHA256 : DIGEST_UNKNOWN;
}

/* Why not, NULL: it was taken. */
static const gchar *
add_hash (UserFile *self, const gchar *name, const gchar *realm,
    const gchar *hash)
{
  const DigestAlgorithm algorithm = algorithm_of (hash);

  if (!*realm || strpbrk (realm, "\"\\"))
    return "has a realm that cannot be";
  if (self->realm && !g_str_equal (self->realm, realm))
    return "has another realm than one before it";
  User *user = find_user (self, name);
  if (user->password || user->ha1[algorithm])
    return "has a user that there is already";
  if (!self->realm)
    self->realm = g_strdup (realm);
  user->ha1[algorithm] = g_ascii_strdown (hash, -1);
  return NULL;
}

static const gchar *
add_password (UserFile *self, const gchar *name, const gchar *password)
{
  if (!*password)
    return "has no password";
  if (g_hash_table_contains (self->users, name))
    return "has a user that there is already";
  find_user (self, name)->password = g_strdup (password);
  return NULL;
}

static const gchar *
add_line (UserFile *self, const gchar *line)
{
  const gchar *colon = strchr (line, ':'), *last = strrchr (line, ':');

  if (!*line || *line == '#')
    return NULL;
  if (!colon || colon == line)
    return "is not USER:PASSWORD";
  if (!g_utf8_validate (line, -1, NULL))
    return "is not UTF-8";
  g_autofree gchar *name = g_strndup (line, colon - line);
  if (strpbrk (name, "\"\\"))
    return "has a name that cannot be";
  if (last == colon || algorithm_of (last + 1) == DIGEST_UNKNOWN)
    return add_password (self, name, colon + 1);
  g_autofree gchar *realm = g_strndup (colon + 1, last - colon - 1);
  return add_hash (self, name, realm, last + 1);
}

/* Passwords become what is kept of them. */
static void
hash_passwords (UserFile *self)
{
  GHashTableIter iter;
  gpointer name, user;

  g_hash_table_iter_init (&iter, self->users);
  while (g_hash_table_iter_next (&iter, &name, &user)) {
    User *each = user;
    if (!each->password)
      continue;
    for (DigestAlgorithm a = DIGEST_MD5; a <= DIGEST_SHA256; a++)
      each->ha1[a] = digest_ha1 (a, name, self->realm, each->password);
    clear_secret (&each->password);
  }
}

static const gchar *
check_whole (const UserFile *self)
{
  if (g_hash_table_size (self->users) == 0)
    return "names nobody";
  if (!user_file_has (self, DIGEST_MD5) && !user_file_has (self, DIGEST_SHA256))
    return "has no algorithm that all its users have";
  return NULL;
}

UserFile *
user_file_parse (const gchar *text, GError **error)
{
  g_autoptr (UserFile) self = g_new0 (UserFile, 1);
  const gchar *wrong = NULL;
  guint number = 0;

  self->users =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, user_free);
  while (*text && !wrong) {
    const gsize length = strcspn (text, "\n");
    gchar *line = g_strndup (text, length);
    number++;
    line[strcspn (line, "\r")] = '\0';
    wrong = add_line (self, line);
    clear_secret (&line);
    text += length + (text[length] != '\0');
  }
  if (wrong) {
    g_set_error (error, USER_FILE_ERROR, 0, "line %u %s", number, wrong);
    return NULL;
  }
  if (!self->realm)
    self->realm = g_strdup (USER_FILE_REALM);
  hash_passwords (self);
  wrong = check_whole (self);
  if (!wrong)
    return g_steal_pointer (&self);
  g_set_error (error, USER_FILE_ERROR, 0, "it %s", wrong);
  return NULL;
}

void
user_file_free (UserFile *self)
{
  g_hash_table_unref (self->users);
  g_free (self->realm);
  g_free (self);
}

const gchar *
user_file_get_realm (const UserFile *self)
{
  return self->realm;
}

gboolean
user_file_has (const UserFile *self, DigestAlgorithm algorithm)
{
  GHashTableIter iter;
  gpointer user;

  g_hash_table_iter_init (&iter, self->users);
  while (g_hash_table_iter_next (&iter, NULL, &user))
    if (!((User *) user)->ha1[algorithm])
      return FALSE;
  return TRUE;
}

const gchar *
user_file_get_ha1 (const UserFile *self, const gchar *user,
    DigestAlgorithm algorithm)
{
  const User *found = g_hash_table_lookup (self->users, user);

  return found ? found->ha1[algorithm] : NULL;
}
