/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "digest.h"
#include "userfile.h"

G_BEGIN_DECLS

/* The side that asks who it is. Its nonces carry their time and are signed: nothing is
 * kept of one before it was answered rightly. Times are µs of one clock. */

#define AUTH_NONCE_LIFE (60 * G_TIME_SPAN_SECOND)
/* Nonces whose count is kept, the youngest. Older ones are stale. */
#define AUTH_NONCES 1000
#define AUTH_KEY_SIZE 32

typedef enum
{
  AUTH_VERDICT_RIGHT,
  AUTH_VERDICT_NONE, /* these are no credentials for us */
  AUTH_VERDICT_WRONG, /* nobody of us, or not his password */
  AUTH_VERDICT_ELSEWHERE, /* right, in a request that calls somebody else */
  AUTH_VERDICT_STALE, /* right, but with an old nonce, or one used before */
} AuthVerdict;

typedef struct _AuthServer AuthServer;

/* Takes @users. @key: random. */
AuthServer *auth_server_new (UserFile *users, const guint8 key[AUTH_KEY_SIZE]);
void auth_server_free (AuthServer *self);
/* Takes @users, who are those from now on. */
void auth_server_set_users (AuthServer *self, UserFile *users);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuthServer, auth_server_free)

const gchar *auth_server_get_realm (const AuthServer *self);

/* Value of a header for @algorithm, (transfer full); NULL if it is not for all users. A
 * response has the better one first (RFC 8760 2.3). */
gchar *auth_server_challenge (AuthServer *self, DigestAlgorithm algorithm,
    gboolean stale, gint64 now);

/* @credentials: value of Authorization. *@user, (transfer full): who it says it is,
 * NULL with NONE. *@uri, (transfer full): what was signed, NULL unless RIGHT; whether the
 * request is of that is for who knows addresses (RFC 7616 3.4.6). A count that goes up says
 * that it is no copy. */
AuthVerdict auth_server_verify (AuthServer *self, const gchar *credentials,
    const gchar *method, gint64 now, gchar **user, gchar **uri);

G_END_DECLS
