/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "vigil.h"

/* What the settings say and how old the link is stays. */
static void
forget (Vigil *self, gint64 now)
{
  self->missing = self->bridging = self->speaking = self->held = self->owed =
      FALSE;
  self->audible = now;
}

void
vigil_begin (Vigil *self, gint64 now)
{
  forget (self, now);
  self->on = TRUE;
  self->missing = !self->ready;
  self->missing_since = now;
}

void
vigil_end (Vigil *self)
{
  forget (self, 0);
  self->on = self->renewing = FALSE;
}

void
vigil_ready (Vigil *self, gint64 now)
{
  self->ready = TRUE;
  self->ready_since = now;
  self->renewing = FALSE;
  self->owed_since = now; /* who came late has time, too */
  if (self->owed && self->response_timeout)
    return; /* until it answers, which it will, or be lost */
  self->missing = self->bridging = FALSE;
}

void
vigil_lost (Vigil *self, gint64 now, gboolean broken)
{
  self->ready = FALSE;
  self->owed |= broken && self->on && !self->speaking;
  if (self->missing)
    return;
  self->missing = TRUE;
  /* Who has been waiting for an answer has waited for that long. */
  self->missing_since = self->owed && !broken ? self->owed_since : now;
}

void
vigil_speaking (Vigil *self, gint64 now, gboolean speaking)
{
  if (self->speaking == speaking)
    return;
  self->speaking = speaking;
  if (speaking)
    self->owed = FALSE;
  else
    self->missing_since = MAX (self->missing_since, now);
}

void
vigil_held (Vigil *self, gint64 now, gboolean held)
{
  if (self->held == held)
    return;
  self->held = held;
  if (held) {
    self->held_since = now;
    return;
  }
  /* What was to be heard is heard later by so much; who waits begins to. */
  self->audible =
      MAX (self->audible, self->held_since) + now - self->held_since;
  self->owed_since = now;
  self->missing_since = MAX (self->missing_since, now);
}

void
vigil_expect (Vigil *self, gint64 now)
{
  if (!self->on)
    return;
  self->owed = TRUE;
  self->owed_since = now;
}

void
vigil_answered (Vigil *self)
{
  self->owed = FALSE;
  if (self->ready)
    self->missing = self->bridging = FALSE;
}

gboolean
vigil_written (Vigil *self, gint64 now, gint64 length)
{
  const gint64 from = self->held ? self->held_since : now;

  vigil_answered (self);
  length += self->part;
  self->part = length % 1000;
  self->audible = MAX (self->audible, from) + length / 1000;
  return self->audible - from <= VIGIL_MAX_AHEAD;
}

void
vigil_cut (Vigil *self, gint64 now)
{
  self->audible = MIN (self->audible, now);
}

void
vigil_bridge_over (Vigil *self, gint64 now)
{
  self->bridging = FALSE;
  self->missing_since = MAX (self->missing_since, now);
}

/* ---- What is to be done */

/* TRUE: it is time; else @due may come earlier. */
static gboolean
is_due (gint64 at, gint64 now, gint64 *due)
{
  if (at > now)
    *due = MIN (*due, at);
  return at <= now;
}

static gboolean
is_old (const Vigil *self, gint64 now, gint64 *due)
{
  const gint64 limit = self->ready_since + self->session_length;
  const gint64 early =
      limit - MIN (self->session_length / 10, VIGIL_RENEW_EARLY);
  const gboolean counted = self->session_length > 0;

  if (counted && is_due (limit, now, due))
    return TRUE;
  if (self->speaking || self->owed)
    return FALSE;
  return (self->renewing || (counted && is_due (early, now, due))) &&
      is_due (self->audible, now, due);
}

VigilAct
vigil_look (Vigil *self, gint64 now, gint64 *due)
{
  *due = G_MAXINT64;
  if (!self->on || self->held)
    return VIGIL_NOTHING;
  if (self->missing && !self->bridging && !self->speaking &&
      is_due (MAX (self->missing_since, self->audible) + VIGIL_BRIDGE_AFTER,
          now, due)) {
    self->bridging = TRUE;
    return VIGIL_BRIDGE;
  }
  if (!self->ready)
    return VIGIL_NOTHING;
  if (self->owed && self->response_timeout &&
      is_due (self->owed_since + self->response_timeout, now, due))
    return VIGIL_STALLED;
  return is_old (self, now, due) ? VIGIL_RENEW : VIGIL_NOTHING;
}
