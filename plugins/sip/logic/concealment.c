/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "concealment.h"

#include <string.h>

/* plc has faded to nothing after 50 ms. */
#define MAX_LOST 3

void
concealment_init (Concealment *self)
{
  plc_init (&self->plc);
  self->n_lost = 0;
}

void
concealment_hear (Concealment *self, gint16 *samples)
{
  plc_rx (&self->plc, samples, CONCEALMENT_FRAME);
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
    memset (samples, 0, CONCEALMENT_FRAME * sizeof *samples);
    return FALSE;
  }
  if (self->n_lost++ == 0)
    straighten_history (&self->plc);
  plc_fillin (&self->plc, samples, CONCEALMENT_FRAME);
  return TRUE;
}

void
concealment_forget (Concealment *self)
{
  if (self->n_lost == MAX_LOST)
    return;
  plc_init (&self->plc);
  self->n_lost = MAX_LOST;
}
