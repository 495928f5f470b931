/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "digest.h"

G_BEGIN_DECLS

/* The realms of an account's own servers: whoever asks for its password for another
 * one, or by a weaker algorithm than they do, is somebody else, and would learn what it
 * makes of a nonce of his choice. All who show the password of an account have the same
 * ones, on one thread. */

#define AUTH_REALMS_MOST 4 /* proxies on the way each have one */

typedef struct _AuthRealms AuthRealms;

/* @names: the only ones, with ; between them; NULL: those that are learnt. */
AuthRealms *auth_realms_new (const gchar *names);
AuthRealms *auth_realms_ref (AuthRealms *self);
void auth_realms_unref (AuthRealms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuthRealms, auth_realms_unref)

/* None is known yet. */
gboolean auth_realms_is_empty (const AuthRealms *self);
/* A server of the account asks for @realm by @algorithm, at best. */
void auth_realms_learn (AuthRealms *self, const gchar *realm,
    DigestAlgorithm algorithm);
/* Whoever asks for that may have an answer. */
gboolean auth_realms_admit (const AuthRealms *self, const gchar *realm,
    DigestAlgorithm algorithm);

G_END_DECLS
