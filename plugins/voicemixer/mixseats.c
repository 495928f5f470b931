/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "mixseats.h"

#include "mixparticipantprivate.h"

void
mix_seats_init (MixSeats *self)
{
  g_mutex_init (&self->lock);
  self->slots = g_ptr_array_new ();
}

void
mix_seats_clear (MixSeats *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    if (self->slots->pdata[i])
      mix_participant_unref (self->slots->pdata[i]);
  g_ptr_array_unref (self->slots);
  g_mutex_clear (&self->lock);
}

void
mix_seats_add (MixSeats *self, MixParticipant *participant)
{
  guint slot = 0;

  while (slot < self->slots->len && self->slots->pdata[slot])
    slot++;
  if (slot == self->slots->len)
    g_ptr_array_add (self->slots, NULL);
  self->slots->pdata[slot] = participant;
  participant->slot = slot;
  self->matrix_dirty = TRUE;
}

void
mix_seats_remove (MixSeats *self, MixParticipant *participant)
{
  self->slots->pdata[participant->slot] = NULL;
  self->matrix_dirty = TRUE;
  mix_participant_unref (participant);
}

GPtrArray *
mix_seats_dup_all (const MixSeats *self)
{
  GPtrArray *all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mix_participant_unref);

  for (guint i = 0; i < self->slots->len; i++) {
    MixParticipant *p = g_ptr_array_index (self->slots, i);
    if (p)
      g_ptr_array_add (all, mix_participant_ref (p));
  }
  return all;
}
