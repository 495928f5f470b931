/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A multipart body whose boundary is the first line; what is found lies in it. */

#include "sip/logic/sipbody.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const gchar *text = (const gchar *) data;
  const gchar *end = size ? memchr (text, '\n', size) : NULL;
  gsize length = end ? (gsize) (end - text) : size;
  gchar *boundary = g_strndup (text, length);
  const gchar *part = NULL;
  gsize part_size = 0;

  text += length;
  size -= length;
  if (sip_body_find_part (boundary, text, size, "application/sdp", &part,
          &part_size) &&
      part)
    g_assert (part >= text && part + part_size <= text + size);
  else
    g_assert (part == NULL && part_size == 0);
  g_free (boundary);
  return 0;
}
