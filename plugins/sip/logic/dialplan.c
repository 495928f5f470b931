/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "dialplan.h"

static gboolean
is_nameless (const DialplanLine *line)
{
  return !line->user || !*line->user;
}

DialplanResult
dialplan_choose (const DialplanLine *lines, guint n_lines, const gchar *user,
    guint *index)
{
  DialplanResult result = DIALPLAN_NOT_FOUND;
  gint nameless = -1;

  for (guint i = 0; i < n_lines; i++) {
    gboolean named = !is_nameless (&lines[i]);
    if (named && g_strcmp0 (lines[i].user, user))
      continue;
    if (lines[i].busy) {
      if (result == DIALPLAN_NOT_FOUND)
        result = DIALPLAN_BUSY;
    } else if (named) {
      *index = i;
      return DIALPLAN_LINE;
    } else if (nameless < 0) {
      nameless = (gint) i;
    }
  }
  if (nameless < 0)
    return result;
  *index = (guint) nameless;
  return DIALPLAN_LINE;
}

gboolean
dialplan_bucket_take (DialplanBucket *bucket, gint64 now, gdouble rate,
    gdouble burst)
{
  if (!bucket->filled)
    bucket->tokens = burst;
  else
    bucket->tokens = MIN (burst,
        bucket->tokens + (gdouble) (now - bucket->filled) / 1e9 * rate);
  bucket->filled = MAX (now, 1);
  if (bucket->tokens < 1)
    return FALSE;
  bucket->tokens -= 1;
  return TRUE;
}
