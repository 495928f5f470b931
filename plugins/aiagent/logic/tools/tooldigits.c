/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "tooldigits.h"

ToolDigitsEnd
tool_digits_take (ToolDigits *self, gchar digit)
{
  if (self->terminator && digit == self->terminator)
    return TOOL_DIGITS_TERMINATOR;
  self->digits[self->n++] = digit;
  return self->n >= MIN (self->max, TOOL_DIGITS_MAX) ? TOOL_DIGITS_MAX_REACHED
                                                     : TOOL_DIGITS_GO_ON;
}

gchar *
tool_digits_to_json (const ToolDigits *self, const gchar *end, gboolean shown)
{
  return shown ? g_strdup_printf ("{\"digits\":\"%s\",\"ended\":\"%s\"}",
                     self->digits, end)
               : g_strdup_printf ("{\"ended\":\"%s\"}", end);
}
