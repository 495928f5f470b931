/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipfrag.h"

#define VERSION "SIP/2.0"
#define LENGTH (sizeof VERSION - 1)

/* RFC 3261 7.2; more than one space is passed over. */
guint
sip_frag_read_status (const gchar *data, gsize size)
{
  gsize at = LENGTH;
  guint status = 0, digits = 0;

  if (!data || size <= LENGTH || g_ascii_strncasecmp (data, VERSION, LENGTH))
    return 0;
  while (at < size && data[at] == ' ')
    at++;
  if (at == LENGTH)
    return 0;
  for (; at < size && g_ascii_isdigit (data[at]) && digits < 4; at++, digits++)
    status = status * 10 + (guint) g_ascii_digit_value (data[at]);
  if (digits != 3 || (at < size && !g_ascii_isspace (data[at])))
    return 0;
  return status >= 100 && status < 700 ? status : 0;
}

gchar *
sip_frag_write (guint status, const gchar *phrase)
{
  return g_strdup_printf (VERSION " %u %s\r\n", status, phrase);
}
