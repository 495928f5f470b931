/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "transfer.h"

void
transfer_begin (Transfer *self, gint64 now, gint64 silence, gint64 longest)
{
  *self = (Transfer){ TRANSFER_ASKED, 0, now + silence, now + longest };
}

gboolean
transfer_is_on (const Transfer *self)
{
  return self->state > TRANSFER_NONE && self->state < TRANSFER_ACCEPTED;
}

static gboolean
go_to (Transfer *self, TransferState state, guint status)
{
  if (self->state == state)
    return FALSE;
  self->state = state;
  self->status = status;
  return TRUE;
}

gboolean
transfer_answered (Transfer *self, guint status)
{
  /* A NOTIFY may overtake it. */
  if (self->state != TRANSFER_ASKED || status < 200)
    return FALSE;
  return status < 300 ? go_to (self, TRANSFER_TRYING, 0)
                      : go_to (self, TRANSFER_DECLINED, status);
}

gboolean
transfer_notified (Transfer *self, guint status, gboolean last)
{
  if (!transfer_is_on (self))
    return FALSE;
  self->silent_until = self->until;
  if (status >= 300)
    return go_to (self, TRANSFER_REFUSED, status);
  if (status >= 200)
    return go_to (self, TRANSFER_ACCEPTED, status);
  if (last)
    return go_to (self, TRANSFER_UNKNOWN, 0);
  if (status >= 180)
    return go_to (self, TRANSFER_RINGING, 0);
  return self->state == TRANSFER_ASKED && go_to (self, TRANSFER_TRYING, 0);
}

gboolean
transfer_expired (Transfer *self, gint64 now)
{
  return transfer_is_on (self) && now >= transfer_get_deadline (self) &&
      go_to (self, TRANSFER_UNKNOWN, 0);
}

gboolean
transfer_ended (Transfer *self)
{
  return transfer_is_on (self) && go_to (self, TRANSFER_UNKNOWN, 0);
}

gint64
transfer_get_deadline (const Transfer *self)
{
  return MIN (self->silent_until, self->until);
}

const gchar *
transfer_state_to_string (TransferState state)
{
  static const gchar *const words[] = { "", "asked", "trying", "ringing",
    "accepted", "refused", "refused", "failed" };

  return words[state];
}
