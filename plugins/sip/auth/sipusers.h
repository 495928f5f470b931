/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/auth/authserver.h"

G_BEGIN_DECLS

/* Who may call with a password: a file of users (logic/auth/userfile), which all lines that
 * name it share, with its nonces. SIP loop only, but for the check. */

typedef struct
{
  guint id; /* of this file as it was read, from 1 on: never that of another */
  AuthServer *server;
} SipUsers;

/* Any thread. FALSE with GST_RESOURCE_ERROR: @file, of `auth-file`, cannot be used. It is
 * where and how the files of secrets are. */
gboolean sip_users_check (const gchar *file, GError **error);

/* The same users for all who open @file while anybody has it open. */
SipUsers *sip_users_open (const gchar *file, GError **error);
void sip_users_close (SipUsers *self);
/* Reads the file again if it has changed, at most once a second; what cannot be used
 * changes nothing. */
void sip_users_refresh (SipUsers *self);

G_END_DECLS
