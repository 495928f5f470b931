/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "authrealms.h"

typedef struct
{
  gchar *name;
  DigestAlgorithm least;
} Realm;

struct _AuthRealms
{
  Realm realms[AUTH_REALMS_MOST];
  guint n;
  gboolean fixed; /* no other one is learnt */
};

static void
add (AuthRealms *self, const gchar *name, DigestAlgorithm least)
{
  if (self->n < AUTH_REALMS_MOST)
    self->realms[self->n++] = (Realm){ g_strdup (name), least };
}

AuthRealms *
auth_realms_new (const gchar *names)
{
  AuthRealms *self = g_rc_box_new0 (AuthRealms);
  g_auto (GStrv) each = g_strsplit (names ? names : "", ";", -1);

  self->fixed = names != NULL;
  for (guint i = 0; each[i]; i++)
    add (self, g_strstrip (each[i]), DIGEST_MD5);
  return self;
}

AuthRealms *
auth_realms_ref (AuthRealms *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  AuthRealms *self = data;

  for (guint i = 0; i < self->n; i++)
    g_free (self->realms[i].name);
}

void
auth_realms_unref (AuthRealms *self)
{
  g_rc_box_release_full (self, clear);
}

gboolean
auth_realms_is_empty (const AuthRealms *self)
{
  return self->n == 0;
}

static gint
find (const AuthRealms *self, const gchar *name)
{
  for (guint i = 0; i < self->n; i++)
    if (g_str_equal (self->realms[i].name, name))
      return (gint) i;
  return -1;
}

void
auth_realms_learn (AuthRealms *self, const gchar *realm,
    DigestAlgorithm algorithm)
{
  const gint i = find (self, realm);

  if (i >= 0)
    self->realms[i].least = algorithm;
  else if (!self->fixed)
    add (self, realm, algorithm);
}

gboolean
auth_realms_admit (const AuthRealms *self, const gchar *realm,
    DigestAlgorithm algorithm)
{
  const gint i = find (self, realm);

  return i >= 0 && algorithm >= self->realms[i].least;
}
