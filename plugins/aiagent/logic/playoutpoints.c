/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "playoutprivate.h"

void
playout_entry_add_point (PlayoutEntry *entry, guint number)
{
  const PlayoutPoint point = { entry->gone + entry->bytes->len, number };

  if (!entry->points)
    entry->points = g_array_new (FALSE, FALSE, sizeof (PlayoutPoint));
  g_array_append_val (entry->points, point);
}

guint
playout_entry_take_points (PlayoutEntry *entry)
{
  guint n = 0, last = 0;

  if (!entry->points)
    return 0;
  while (n < entry->points->len &&
      g_array_index (entry->points, PlayoutPoint, n).at <=
          entry->gone + entry->at)
    last = g_array_index (entry->points, PlayoutPoint, n++).number;
  if (n)
    g_array_remove_range (entry->points, 0, n);
  return last;
}
