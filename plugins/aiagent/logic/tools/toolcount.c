/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "toolcount.h"

const gchar *
tool_count_take (ToolCount *self, guint64 turn)
{
  if (turn != self->turn)
    self->in_turn = 0;
  self->turn = turn;
  if (self->in_call >= TOOL_MAX_IN_CALL)
    return "Too many tools were called in this call: no more are run.";
  if (self->in_turn >= TOOL_MAX_IN_TURN)
    return "Too many tools were called in this turn: answer the caller.";
  self->in_turn++;
  self->in_call++;
  return NULL;
}
