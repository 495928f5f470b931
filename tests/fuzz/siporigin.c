/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What networks wrote into an INVITE about a call: lines "Name: value". */

#include "sip/origin/siporigin.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 8);
  const gchar *names[9] = { NULL }, *values[9] = { NULL };
  guint n = 0;

  gst_init (NULL, NULL);
  for (gchar **line = lines; *line; line++) {
    gchar *colon = strchr (*line, ':');
    if (!colon)
      continue;
    *colon = '\0';
    names[n] = *line;
    values[n++] = colon + 1 + strspn (colon + 1, " ");
  }
  g_autoptr (GstStructure) origin = sip_origin_read (names, values);
  if (!origin)
    return 0;
  const gchar *attestation = gst_structure_get_string (origin, "attestation");
  g_assert (!*attestation || strchr ("ABC", *attestation));
  for (gint i = 0; i < gst_structure_n_fields (origin); i++) {
    const gchar *field = gst_structure_nth_field_name (origin, (guint) i);
    const gchar *found = gst_structure_get_string (origin, field);
    g_assert (!found || g_utf8_validate (found, -1, NULL));
  }
  sip_origin_trust (origin, size % 2);
  return 0;
}
