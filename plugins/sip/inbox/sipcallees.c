/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipcallees.h"

gboolean
sip_callee_lets_in (const SipCallee *self, const PacketAddress *from)
{
  if (!self->allow_from)
    return TRUE;
  if (from->any.sa_family == AF_INET6)
    return address_list_has (self->allow_from, from->in6.sin6_addr.s6_addr, 16);
  return from->any.sa_family == AF_INET &&
      address_list_has (self->allow_from, (const guint8 *) &from->in.sin_addr,
          4);
}

static gboolean
has_name (const SipCallee *callee, const gchar *user)
{
  return g_str_equal (callee->user, user) ||
      (callee->account_users && g_strv_contains (callee->account_users, user));
}

/* By where it comes from, and whose it is. */
static gboolean
lets_in (const SipCallee *self, const SipIncoming *call)
{
  return sip_callee_lets_in (self, &call->from) &&
      (!self->users || self->users->id == call->known_to ||
          self->trusts (self->owner, call));
}

static gboolean
is_for (const SipCallee *self, const gchar *user)
{
  return !*self->user || has_name (self, user);
}

AuthVerdict
sip_callees_verify (GPtrArray *all, const gchar *user, SipIncoming *call,
    SipUsers **asks)
{
  AuthVerdict verdict = AUTH_VERDICT_NONE;
  SipUsers *last = NULL;

  *asks = NULL;
  for (guint i = 0; i < all->len && !call->known_to; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    if (!callee->users || callee->users == last || !is_for (callee, user) ||
        !sip_callee_lets_in (callee, &call->from))
      continue;
    last = callee->users;
    const AuthVerdict said = sip_gate_verify (last, call->sip);
    if (said == AUTH_VERDICT_RIGHT)
      call->known_to = last->id;
    if (!*asks)
      verdict = said;
    if (!*asks)
      *asks = last;
  }
  return verdict;
}

SipCallee *
sip_callees_choose (GPtrArray *all, const gchar *user, const SipIncoming *call,
    DialplanResult *result)
{
  g_autofree DialplanLine *lines = g_new (DialplanLine, all->len + 1);
  guint index = 0;

  for (guint i = 0; i < all->len; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    lines[i] = (DialplanLine){ .user = callee->user,
      .aliases = callee->account_users,
      .busy = callee->busy,
      .closed = !lets_in (callee, call) };
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
sip_callees_get_busy_wait (GPtrArray *all, const gchar *user,
    const SipIncoming *call)
{
  guint longest = 0;

  for (guint i = 0; i < all->len; i++) {
    SipCallee *callee = g_ptr_array_index (all, i);
    if (is_for (callee, user) && lets_in (callee, call))
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
    if (has_name (callee, user))
      return callee;
    if (!any || !*callee->user)
      any = callee;
  }
  return any;
}
