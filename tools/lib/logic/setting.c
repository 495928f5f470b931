/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "setting.h"

#include <string.h>

GQuark
setting_error_quark (void)
{
  return g_quark_from_static_string ("setting-error");
}

gboolean
setting_refuse (GError **error, SettingError code, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, SETTING_ERROR, (gint) code, text);
  return FALSE;
}

gboolean
setting_parse_number (const gchar *where, const gchar *text, guint least,
    guint most, guint *number, GError **error)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, NULL))
    return setting_refuse (error, SETTING_ERROR_VALUE,
        "%s is \"%s\", but must be a number from %u to %u.", where, text, least,
        most);
  *number = (guint) value;
  return TRUE;
}

gboolean
setting_is_secret (const gchar *name)
{
  static const gchar *const words[] = { "TOKEN", "SECRET", "PASS", "KEY",
    "TURN-SERVER", "TURN_SERVER" };
  g_autofree gchar *upper = g_ascii_strup (name, -1);

  /* Where a secret is to be found is none. */
  if (g_str_has_suffix (upper, "-FILE") || g_str_has_suffix (upper, "_FILE"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (upper, words[i]))
      return TRUE;
  return FALSE;
}
