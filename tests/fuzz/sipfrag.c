/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a far end says of a transfer. A status is one of SIP, and what follows its line
 * changes nothing. */

#include "sip/logic/dial/sipfrag.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *exact = g_memdup2 (data, size); /* ends where it ends */
  const guint status = sip_frag_read_status (exact, size);

  if (!status)
    return 0;
  const gchar *end = memchr (exact, '\n', size);
  g_assert (status >= 100 && status < 700);
  if (end)
    g_assert (
        sip_frag_read_status (exact, (gsize) (end - exact) + 1) == status);
  return 0;
}
