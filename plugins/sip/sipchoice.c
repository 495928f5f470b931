/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipchoice.h"

SipLine *
sip_choice_line (GPtrArray *all, const gchar *user, DialplanResult *result)
{
  g_autofree DialplanLine *lines = g_new (DialplanLine, all->len + 1);
  guint index = 0;

  for (guint i = 0; i < all->len; i++) {
    SipLine *line = g_ptr_array_index (all, i);
    lines[i] = (DialplanLine){ line->user, line->busy };
  }
  *result = dialplan_choose (lines, all->len, user, &index);
  return *result == DIALPLAN_LINE ? g_ptr_array_index (all, index) : NULL;
}

gboolean
sip_choice_is_draining (GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++) {
    SipLine *line = g_ptr_array_index (lines, i);
    if (line->draining)
      return TRUE;
  }
  return FALSE;
}

guint
sip_choice_busy_wait (GPtrArray *lines, const gchar *user)
{
  guint longest = 0;

  for (guint i = 0; i < lines->len; i++) {
    SipLine *line = g_ptr_array_index (lines, i);
    if (!*line->user || g_str_equal (line->user, user))
      longest = MAX (longest, line->busy_wait);
  }
  return longest;
}
