/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line puts its far end on hold: asked for on any thread, done by the dialog on the SIP
 * loop. That it is on hold is told as HELD, whoever asked is told apart. */

#include "siplineprivate.h"

static const gchar *
control_name (gboolean hold)
{
  return hold ? "hold" : "resume";
}

static void
tell (SipLine *self, gboolean hold, const gchar *id, const gchar *result,
    const gchar *cause, guint status)
{
  const SipCallEvent event = { .state = SIP_CALL_CONTROLLED,
    .control = control_name (hold),
    .result = result,
    .control_id = id,
    .cause = cause,
    .sip_status = status };

  if (id)
    sip_line_tell (self, &event);
}

/* ---- Asked for; any thread */

gboolean
sip_line_hold (SipLine *self, SipHoldMode mode, const gchar *id)
{
  g_mutex_lock (&self->lock);
  const gboolean up = self->state == SIP_CALL_ANSWERED ||
      self->state == SIP_CALL_HELD || self->state == SIP_CALL_RESUMED;
  if (up)
    sip_line_add_hold_unlocked (self, mode, id);
  g_mutex_unlock (&self->lock);
  if (up)
    sip_line_run_steps (self);
  else
    tell (self, mode != SIP_HOLD_MODE_NONE, id, "failed",
        "There is no call that is up.", 0);
  return up;
}

/* ---- Done; SIP loop */

static void
give_up (SipLine *self, const gchar *why)
{
  if (self->hold_id)
    tell (self, self->hold_asked, self->hold_id, "failed", why, 0);
  g_clear_pointer (&self->hold_id, g_free);
}

void
sip_line_hold_now (SipLine *self, SipHoldMode mode, gchar **id,
    gboolean is_late)
{
  const gboolean hold = mode != SIP_HOLD_MODE_NONE;

  if (is_late) {
    tell (self, hold, *id, "failed", "The call is over.", 0);
    return;
  }
  /* Who asked before has had no answer, and gets that of the next. */
  give_up (self, "Something else was asked.");
  self->hold_id = g_steal_pointer (id);
  self->hold_asked = hold;
  if (self->dialog &&
      sip_dialog_hold (self->dialog, hold, mode == SIP_HOLD_MODE_INACTIVE))
    return;
  give_up (self, "There is no call that is up.");
}

void
sip_line_forget_hold (SipLine *self)
{
  give_up (self, "The call is over.");
}

void
sip_line_note_hold (gboolean hold, gboolean done, guint status, gpointer line)
{
  SipLine *self = line;
  g_autofree gchar *id = g_steal_pointer (&self->hold_id);
  const gchar *cause =
      hold ? "The far end is not put on hold" : "The far end is not taken back";

  tell (self, hold, id, done ? "accepted" : "refused", done ? NULL : cause,
      status);
  if (done)
    return;
  g_autofree gchar *text = status
      ? g_strdup_printf ("%s: it refuses (%u).", cause, status)
      : g_strdup_printf ("%s: its answer cannot be used.", cause);
  sip_line_tell_warning (self, text);
}
