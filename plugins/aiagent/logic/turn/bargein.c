/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "bargein.h"

#define MS G_GINT64_CONSTANT (1000000)
#define PIECE (10 * MS)
#define OVER (150 * MS) /* silence that no closed mouth makes within a word */
#define MAY_BE_OVER \
  (60 * MS) /* ... and one that may be the beginning of that */
#define VOICED 0.4 /* of what sounds, at least, in speech */
#define LASTS \
  3 /* times as long as it takes to confirm a voice, but not longer than this */
#define LONGEST (1200 * MS)

void
barge_in_begin (BargeIn *self, gint64 onset, gint64 confirm)
{
  *self = (BargeIn){ .doubting = TRUE,
    .onset = onset,
    .confirm = confirm,
    .last_sound = onset };
}

void
barge_in_forget (BargeIn *self)
{
  self->doubting = FALSE;
}

static gboolean
has_voice (const BargeIn *self)
{
  return self->voiced >= VOICED * self->sounding;
}

static BargeInVerdict
judge (const BargeIn *self, gint64 now)
{
  const gint64 quiet = now - self->last_sound, lasted = now - self->onset;

  if (quiet >= OVER)
    return BARGE_IN_REJECTED;
  if (lasted < self->confirm)
    return BARGE_IN_NOTHING;
  if (lasted >= MIN (LASTS * self->confirm, LONGEST))
    return BARGE_IN_CONFIRMED;
  if (quiet >= MAY_BE_OVER)
    return BARGE_IN_NOTHING;
  if (has_voice (self))
    return BARGE_IN_CONFIRMED;
  return self->resumed ? BARGE_IN_NOTHING : BARGE_IN_RESUMED;
}

BargeInVerdict
barge_in_push (BargeIn *self, gboolean sounds, gboolean voiced, gint64 time)
{
  const gint64 end = time + PIECE;

  if (!self->doubting)
    return BARGE_IN_NOTHING;
  self->sounding += sounds;
  self->voiced += sounds && voiced;
  if (sounds)
    self->last_sound = end;
  const BargeInVerdict verdict = judge (self, end);
  if (verdict == BARGE_IN_RESUMED)
    self->resumed = TRUE;
  else if (verdict != BARGE_IN_NOTHING)
    self->doubting = FALSE;
  return verdict;
}

void
barge_in_move_back (BargeIn *self, gint64 by)
{
  self->onset -= by;
  self->last_sound -= by;
}
