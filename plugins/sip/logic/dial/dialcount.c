/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "dialcount.h"

#define DEFAULT_PER_HOUR 60

static gboolean
parse_number (const gchar *text, guint most, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, most, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

gboolean
dial_limits_parse (DialLimits *self, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text ? text : "", ",", -1);
  const guint n = g_strv_length (parts);

  self->per_hour = DEFAULT_PER_HOUR;
  return (n == 1 || n == 2) &&
      parse_number (parts[0], DIAL_LIMIT_CALL, &self->per_call) &&
      (n == 1 || parse_number (parts[1], DIAL_LIMIT_HOUR, &self->per_hour));
}

static void
forget_old (DialCount *self, gint64 now)
{
  guint old = 0;

  while (old < self->times->len &&
      now - g_array_index (self->times, gint64, old) >= DIAL_COUNT_HOUR)
    old++;
  if (old)
    g_array_remove_range (self->times, 0, old);
}

DialCountVerdict
dial_count_take (DialCount *self, guint call, gint64 now,
    const DialLimits *limits)
{
  if (!self->times)
    self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (self->call != call)
    self->in_call = 0;
  self->call = call;
  forget_old (self, now);
  if (limits->per_call && self->in_call >= limits->per_call)
    return DIAL_COUNT_CALL;
  if (limits->per_hour && self->times->len >= limits->per_hour)
    return DIAL_COUNT_PER_HOUR;
  self->in_call++;
  if (limits->per_hour)
    g_array_append_val (self->times, now);
  return DIAL_COUNT_TAKEN;
}

void
dial_count_clear (DialCount *self)
{
  g_clear_pointer (&self->times, g_array_unref);
}
