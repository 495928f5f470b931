/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The value of a=crypto; what is read can be said again, and is then the same. */

#include "sip/logic/security/sdes.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  SdesLine line, again;

  if (!sdes_parse (text, &line))
    return 0;
  gchar *said = sdes_format (line.tag, &line.key);
  g_assert_true (sdes_parse (said, &again));
  g_assert_true (line.tag == again.tag);
  g_assert_true (rtp_key_equal (&line.key, &again.key));
  g_assert_true (line.lifetime > 0);
  sdes_text_free (said);
  return 0;
}
