/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "tokenbucket.h"

gboolean
token_bucket_take (TokenBucket *self, gint64 now, gdouble rate, gdouble burst)
{
  if (!self->filled)
    self->tokens = burst;
  else
    self->tokens =
        MIN (burst, self->tokens + (gdouble) (now - self->filled) / 1e9 * rate);
  self->filled = MAX (now, 1);
  if (self->tokens < 1)
    return FALSE;
  self->tokens -= 1;
  return TRUE;
}
