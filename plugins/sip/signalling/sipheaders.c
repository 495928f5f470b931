/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipheaders.h"

#include "sip/logic/rate/namebudget.h"

#include <string.h>

#define MAX_HEADER_NAME 64

/* Names of fields stay in memory for ever: each caller may add only so many. */
static gboolean
is_name_affordable (const gchar *name, const gchar *stranger)
{
  static NameBudget budget; /* SIP loop only */

  if (strlen (name) > MAX_HEADER_NAME)
    return FALSE;
  return g_quark_try_string (name) || name_budget_take (&budget, stranger);
}

GstStructure *
sip_headers_collect (const sip_t *sip, const gchar *stranger)
{
  GstStructure *headers = NULL;
  guint n = 0;

  for (const sip_unknown_t *u = sip->sip_unknown; u && n < 64; u = u->un_next) {
    if (!u->un_name || !u->un_value ||
        !g_utf8_validate (u->un_value, -1, NULL) ||
        strspn (u->un_name,
            "abcdefghijklmnopqrstuvwxyz"
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != strlen (u->un_name) ||
        !g_ascii_isalpha (*u->un_name) ||
        !is_name_affordable (u->un_name, stranger))
      continue;
    if (!headers)
      headers = gst_structure_new_empty ("headers");
    /* RFC 3261 7.3.1: several of a name are one with commas. */
    const gchar *before = gst_structure_get_string (headers, u->un_name);
    g_autofree gchar *all =
        before ? g_strconcat (before, ", ", u->un_value, NULL) : NULL;
    gst_structure_set (headers, u->un_name, G_TYPE_STRING,
        all ? all : u->un_value, NULL);
    n++;
  }
  return headers;
}

static gboolean
append_line (GQuark field, const GValue *value, gpointer lines)
{
  if (G_VALUE_HOLDS_STRING (value) && g_value_get_string (value))
    g_string_append_printf (lines, "%s: %s\r\n", g_quark_to_string (field),
        g_value_get_string (value));
  return TRUE;
}

gchar *
sip_headers_lines (const GstStructure *headers)
{
  GString *lines = g_string_new (NULL);

  if (headers)
    gst_structure_foreach (headers, append_line, lines);
  if (lines->len)
    g_string_truncate (lines, lines->len - 2);
  gboolean any = lines->len > 0;
  return g_string_free (lines, !any);
}
