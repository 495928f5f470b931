/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "keyfilter.h"

#include "telephoneevent.h"

/* What comes later than this behind an INFO is the key pressed again. */
#define SAME (500 * G_GINT64_CONSTANT (1000000))

gboolean
key_filter_info (KeyFilter *self, gchar digit, gint64 now)
{
  gint key = telephone_event_from_digit (digit);

  if (self->has_rtp)
    return FALSE;
  if (key >= 0) {
    if (now - self->by_info[key].last >= SAME)
      self->by_info[key].n = 0;
    self->by_info[key].n++;
    self->by_info[key].last = now;
  }
  return TRUE;
}

/* Takes one away of those that came by INFO. */
static gboolean
came_by_info (KeyFilter *self, gchar digit, gint64 now)
{
  gint key = telephone_event_from_digit (digit);

  if (key < 0 || !self->by_info[key].n)
    return FALSE;
  if (now - self->by_info[key].last >= SAME) {
    self->by_info[key].n = 0;
    return FALSE;
  }
  self->by_info[key].n--;
  return TRUE;
}

gboolean
key_filter_rtp (KeyFilter *self, gchar digit, gboolean end, gint64 now)
{
  self->has_rtp = TRUE;
  if (!end)
    self->dropping = came_by_info (self, digit, now);
  return !self->dropping;
}
