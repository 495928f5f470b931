/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipcallees.h"

SipCallee *
sip_callees_choose (GPtrArray *all, const gchar *user, DialplanResult *result)
{
  g_autofree DialplanLine *lines = g_new (DialplanLine, all->len + 1);
  guint index = 0;

  for (guint i = 0; i < all->len; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    lines[i] = (DialplanLine){ callee->user, callee->busy };
  }
  *result = dialplan_choose (lines, all->len, user, &index);
  return *result == DIALPLAN_LINE ? g_ptr_array_index (all, index) : NULL;
}

gboolean
sip_callees_are_draining (GPtrArray *all)
{
  for (guint i = 0; i < all->len; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    if (callee->draining)
      return TRUE;
  }
  return FALSE;
}

guint
sip_callees_get_busy_wait (GPtrArray *all, const gchar *user)
{
  guint longest = 0;

  for (guint i = 0; i < all->len; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    if (!*callee->user || g_str_equal (callee->user, user))
      longest = MAX (longest, callee->busy_wait);
  }
  return longest;
}

SipCallee *
sip_callees_find_teller (GPtrArray *all, const gchar *user)
{
  SipCallee *any = NULL;

  for (guint i = 0; i < all->len; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    if (g_str_equal (callee->user, user))
      return callee;
    if (!any || !*callee->user)
      any = callee;
  }
  return any;
}
