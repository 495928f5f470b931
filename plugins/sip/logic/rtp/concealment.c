/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "concealment.h"

#include <string.h>

/* Both have faded to nothing. */
#define MAX_LOST 3
#define PLC_RATE 8000

void
concealment_init (Concealment *self, guint rate)
{
  self->frame = rate / 50;
  self->n_lost = 0;
  self->repeater = rate == PLC_RATE ? NULL : pitch_repeater_new (rate);
  plc_init (&self->plc);
}

void
concealment_clear (Concealment *self)
{
  g_clear_pointer (&self->repeater, pitch_repeater_free);
}

void
concealment_hear (Concealment *self, gint16 *samples)
{
  if (self->repeater)
    pitch_repeater_hear (self->repeater, samples, self->frame);
  else
    plc_rx (&self->plc, samples, (gint) self->frame);
  self->n_lost = 0;
}

/* What plc_fillin() does itself at the begin of a loss, but with a memcpy() of
 * overlapping memory. */
static void
straighten_history (plc_state_t *plc)
{
  gint16 older[PLC_HISTORY_LEN];
  gsize n = (gsize) plc->buf_ptr;
  if (n == 0 || n >= PLC_HISTORY_LEN)
    return;
  memcpy (older, plc->history, n * sizeof *older);
  memmove (plc->history, plc->history + n,
      (PLC_HISTORY_LEN - n) * sizeof *older);
  memcpy (plc->history + PLC_HISTORY_LEN - n, older, n * sizeof *older);
  plc->buf_ptr = 0;
}

gboolean
concealment_fill (Concealment *self, gint16 *samples)
{
  if (self->n_lost == MAX_LOST) {
    memset (samples, 0, self->frame * sizeof *samples);
    return FALSE;
  }
  self->n_lost++;
  if (self->repeater) {
    pitch_repeater_fill (self->repeater, samples, self->frame);
    return TRUE;
  }
  if (self->n_lost == 1)
    straighten_history (&self->plc);
  plc_fillin (&self->plc, samples, (gint) self->frame);
  return TRUE;
}

void
concealment_forget (Concealment *self)
{
  if (self->n_lost == MAX_LOST)
    return;
  if (self->repeater)
    pitch_repeater_forget (self->repeater);
  else
    plc_init (&self->plc);
  self->n_lost = MAX_LOST;
}
