/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The list of who may call. What can be read has at least one entry, and whoever is of
 * IPv4 is the same in IPv6's form. */

#include "sip/logic/addresslist.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AddressList) list = address_list_new (text, &error);
  guint8 mapped[16] = { [10] = 0xff, [11] = 0xff };

  g_assert (!list == !!error);
  if (!list) {
    g_assert (g_utf8_validate (error->message, -1, NULL));
    return 0;
  }
  memcpy (mapped + 12, data, MIN (size, 4));
  g_assert (address_list_has (list, mapped, 16) ==
      address_list_has (list, mapped + 12, 4));
  return 0;
}
