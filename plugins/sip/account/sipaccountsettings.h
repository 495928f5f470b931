/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "logic/accountfile.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The accounts of a line, from the properties `account` and `password-file`: files are
 * read here. */

typedef struct
{
  Account account;
  gchar *password; /* NULL = there is none */
} SipAccountSettings;

void sip_account_settings_free (SipAccountSettings *self);
SipAccountSettings *sip_account_settings_copy (const SipAccountSettings *self);

/* What each property has, NULL or "" = it is not set. (transfer full): SipAccountSettings,
 * none where there is no account. NULL with GST_RESOURCE_ERROR for what cannot be used. */
GPtrArray *sip_account_settings_load (const gchar *account,
    const gchar *password_file, GError **error);

/* They are one: lines that have it share its registration. */
gboolean sip_account_settings_equal (const SipAccountSettings *a,
    const SipAccountSettings *b);

G_END_DECLS
