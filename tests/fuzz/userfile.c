/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sip/logic/auth/userfile.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (UserFile) users = user_file_parse (text, &error);

  g_assert (!users == !!error);
  if (users)
    g_assert (user_file_has (users, DIGEST_MD5) ||
        user_file_has (users, DIGEST_SHA256));
  else
    g_assert (g_utf8_validate (error->message, -1, NULL));
  return 0;
}
