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

  while (old < self->dials->len &&
      now - g_array_index (self->dials, DialCounted, old).time >=
          DIAL_COUNT_HOUR)
    old++;
  if (old)
    g_array_remove_range (self->dials, 0, old);
}

static gboolean
has_its_part (const DialCount *self, guint caller, guint per_hour)
{
  const guint part = per_hour - per_hour / 4;
  guint n = 0;

  for (guint i = 0; i < self->dials->len; i++)
    n += g_array_index (self->dials, DialCounted, i).caller == caller;
  return n >= part;
}

DialCountVerdict
dial_count_take (DialCount *self, guint call, const gchar *caller, gint64 now,
    const DialLimits *limits)
{
  const DialCounted dial = { now, caller ? g_str_hash (caller) : 0 };

  if (!self->dials)
    self->dials = g_array_new (FALSE, FALSE, sizeof (DialCounted));
  if (self->call != call)
    self->in_call = 0;
  self->call = call;
  forget_old (self, now);
  if (limits->per_call && self->in_call >= limits->per_call)
    return DIAL_COUNT_CALL;
  if (limits->per_hour && self->dials->len >= limits->per_hour)
    return DIAL_COUNT_PER_HOUR;
  if (limits->per_hour && caller &&
      has_its_part (self, dial.caller, limits->per_hour))
    return DIAL_COUNT_CALLER;
  self->in_call++;
  if (limits->per_hour)
    g_array_append_val (self->dials, dial);
  return DIAL_COUNT_TAKEN;
}

void
dial_count_clear (DialCount *self)
{
  g_clear_pointer (&self->dials, g_array_unref);
}
