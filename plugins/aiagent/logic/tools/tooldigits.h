/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a caller types on the keypad, up to where it ends. */

#define TOOL_DIGITS_MAX 64

typedef enum
{
  TOOL_DIGITS_GO_ON,
  TOOL_DIGITS_TERMINATOR,
  TOOL_DIGITS_MAX_REACHED,
} ToolDigitsEnd;

typedef struct
{
  guint max;
  gchar terminator; /* 0 = none */
  guint timeout; /* ms, for each digit */
  guint n;
  gchar digits[TOOL_DIGITS_MAX + 1];
} ToolDigits;

ToolDigitsEnd tool_digits_take (ToolDigits *self, gchar digit);
/* @end: "max", "terminator" or "timeout"; (transfer full). @shown FALSE: the digits are left
 * out. */
gchar *tool_digits_to_json (const ToolDigits *self, const gchar *end,
    gboolean shown);

G_END_DECLS
