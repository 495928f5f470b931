/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Token bucket: how many calls somebody may begin. Zeroed, it is full. */

typedef struct
{
  gdouble tokens;
  gint64 filled; /* ns */
} TokenBucket;

/* TRUE if one more is allowed at @now (ns) with @rate a second and @burst at once. */
gboolean token_bucket_take (TokenBucket *self, gint64 now, gdouble rate,
    gdouble burst);

G_END_DECLS
