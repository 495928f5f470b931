/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "timetext.h"

gchar *
time_text_new (gint64 real_time)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (real_time / G_USEC_PER_SEC);
  g_autofree gchar *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds,
      (gint) (real_time % G_USEC_PER_SEC / 1000));
}
