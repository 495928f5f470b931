/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A key file with a section [trunk], or any: what is taken can stand in a message as it is. */

#include "sip/account/logic/accountfile.h"
#include "sip/logic/trunk/trunktarget.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
assert_plain (const gchar *text)
{
  for (; text && *text; text++)
    g_assert (!g_ascii_iscntrl (*text) && *text != '"');
}

static void
assert_trunk (const Account *self)
{
  static const gchar *const words[] = { "off", "optional", "required", NULL };

  g_assert (!self->srtp || g_strv_contains (words, self->srtp));
  g_assert (self->weight <= 1000 && self->max_calls <= 100000 &&
      self->max_rate <= 100000);
  g_assert (!self->prefixes || *self->prefixes);
  for (gchar **each = self->prefixes; each && *each; each++)
    g_assert (strspn (*each, "+0123456789") == strlen (*each));
  g_autofree gchar *uri = g_strconcat (self->aor, "?x", NULL);
  g_autofree gchar *number = trunk_target_dup_number (self->aor);
  g_assert (!trunk_target_dup_number (uri));
  g_autofree gchar *place = trunk_target_dup_place (self->server);
  g_assert (*place);
  g_assert (
      strpbrk (self->server, ";?") || g_str_has_suffix (self->server, place));
  g_autofree gchar *there = trunk_target_dup_at (self->aor, self->server);
  g_assert (!number || g_str_has_prefix (there, "sip"));
}

static void
check (const gchar *text, gsize size, const gchar *name)
{
  g_autoptr (GError) error = NULL;
  Account account;

  if (!account_file_parse (&account, text, size, name, &error)) {
    g_assert (g_utf8_validate (error->message, -1, NULL));
    g_assert (!account.aor);
    return;
  }
  g_assert (g_str_has_prefix (account.aor, "sip") && account.registrar &&
      *account.user && account.expires <= 86400);
  assert_plain (account.aor);
  assert_plain (account.auth_user);
  assert_plain (account.from_domain);
  assert_plain (account.display_name);
  assert_plain (account.registrar);
  assert_plain (account.server);
  assert_plain (account.outbound_proxy);
  assert_trunk (&account);
  account_clear (&account);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const gchar *text = (const gchar *) data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = account_file_dup_names (text, size, NULL, &error);

  check (text, size, "trunk");
  if (!names)
    g_assert (g_utf8_validate (error->message, -1, NULL));
  for (gchar **name = names; name && *name; name++)
    check (text, size, *name);
  return 0;
}
