/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who may be called: a list of patterns, a line end, a target. What may be called can be
 * called, is read again as it is, and is at the host that was allowed. */

#include "sip/logic/dial/dialpolicy.h"
#include "sip/logic/sipuri.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_uri (const gchar *uri)
{
  g_autoptr (DialPolicy) pbx = dial_policy_new ("sip:*@pbx.example", NULL);
  g_autofree gchar *other = NULL;

  g_assert (sip_uri_check (uri, TRUE) != SIP_URI_BAD);
  g_assert (!strpbrk (uri, "?<>\"% \r\n"));
  if (g_str_has_prefix (uri, "sip:") &&
      dial_policy_check (pbx, uri, NULL, &other) == DIAL_ALLOWED) {
    g_autofree gchar *host = sip_uri_dup_host (uri);
    g_assert_cmpstr (host, ==, "pbx.example");
    g_assert_cmpstr (uri, ==, other);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_auto (GStrv) parts = g_strsplit (text, "\n", 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (DialPolicy) policy =
      dial_policy_new (parts[0] ? parts[0] : "", &error);
  g_autofree gchar *uri = NULL;

  g_assert (!policy == !!error);
  if (!policy || !parts[0] || !parts[1])
    return 0;
  if (dial_policy_check (policy, parts[1], "pbx.example", &uri) == DIAL_ALLOWED)
    check_uri (uri);
  else
    g_assert (!uri);
  return 0;
}
