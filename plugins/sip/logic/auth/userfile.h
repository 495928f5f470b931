/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "digest.h"

G_BEGIN_DECLS

/* Who may call: a line for each, USER:PASSWORD, or USER:REALM:HASH where HASH is
 * hexadecimal, of "USER:REALM:PASSWORD": MD5 (32 digits) or SHA-256 (64). A user may have
 * one of each. Empty lines and those that begin with # are left out. */

#define USER_FILE_REALM "gst-voice-agent" /* where no line has one */

typedef struct _UserFile UserFile;

#define USER_FILE_ERROR (user_file_error_quark ())
GQuark user_file_error_quark (void);

/* NULL with an error that says which line, and nothing that stands in it. */
UserFile *user_file_parse (const gchar *text, GError **error);
void user_file_free (UserFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UserFile, user_file_free)

const gchar *user_file_get_realm (const UserFile *self);
/* Every user has what it takes for @algorithm. */
gboolean user_file_has (const UserFile *self, DigestAlgorithm algorithm);
/* NULL: there is no such user, or none for @algorithm. */
const gchar *user_file_get_ha1 (const UserFile *self, const gchar *user,
    DigestAlgorithm algorithm);

G_END_DECLS
