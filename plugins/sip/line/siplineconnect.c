/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Two calls of which one is there for the other: `dial=call` and `answer-mode=callee`. */

#include "siplineprivate.h"

/* ---- Told; any thread */

guint
sip_line_connect (SipLine *self)
{
  g_mutex_lock (&self->lock);
  const guint call = self->call;
  sip_line_add_step_unlocked (self, sip_line_connect_now);
  g_mutex_unlock (&self->lock);
  sip_line_run_steps (self);
  return call;
}

void
sip_line_disconnect (SipLine *self, guint call, guint status)
{
  g_mutex_lock (&self->lock);
  sip_line_add_disconnect_unlocked (self, call, status);
  g_mutex_unlock (&self->lock);
  sip_line_run_steps (self);
}

/* ---- Done; SIP loop */

gboolean
sip_line_takes_calls (const SipLine *self)
{
  return self->config.dial != SIP_DIAL_CALL;
}

void
sip_line_connect_now (SipLine *self)
{
  self->is_awaited =
      !self->registered; /* the call was quicker than this line */
  if (sip_line_takes_calls (self) || !self->registered || self->dialog)
    return;
  sip_line_call_uri_now (self);
}

/* What a refusal of the other call is to a caller: much that is between this line and
 * the other's far end, as a password, is none of his. */
static guint
get_refusal (guint status)
{
  static const guint passed[] = { 403, 404, 408, 410, 480, 484, 486, 600, 603,
    604 };

  for (guint i = 0; i < G_N_ELEMENTS (passed); i++)
    if (status == passed[i])
      return status;
  return 480;
}

/* A call that still rings is told why. @is_late: another one has begun since. */
void
sip_line_disconnect_now (SipLine *self, gboolean is_late, guint status)
{
  const gboolean rings = self->dialog &&
      !sip_dialog_is_outgoing (self->dialog) &&
      !sip_dialog_was_answered (self->dialog);

  self->is_awaited = FALSE;
  if (sip_line_takes_calls (self) &&
      (is_late || self->config.answer_mode != SIP_ANSWER_MODE_CALLEE))
    return;
  if (rings)
    sip_dialog_reject (self->dialog, get_refusal (status));
  else
    sip_line_hang_up_now (self);
}
