/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that comes in, and one that takes the place of the call that is up (RFC 3891, as
 * exchanges do it when somebody puts a caller through): that one ends once the other is
 * there, and goes on if the other cannot be. */

#include "siplineprivate.h"

/* What networks say of a caller counts from whom the line knows: not from anybody on this
 * machine. */
gboolean
sip_line_knows (const gchar *admitted)
{
  return g_str_equal (admitted, "address") || g_str_equal (admitted, "account");
}

/* Whoever is not known may say any name, but comes from where it comes from. */
static gchar *
dup_caller (const SipLine *self)
{
  if (!self->dialog || sip_dialog_is_outgoing (self->dialog))
    return NULL;
  return g_strdup (sip_line_knows (self->admitted)
          ? sip_dialog_get_from (self->dialog)
          : sip_dialog_get_source (self->dialog));
}

/* From 1 on. */
void
sip_line_count_call (SipLine *self)
{
  g_autofree gchar *caller = dup_caller (self);

  g_mutex_lock (&self->lock);
  g_free (self->caller);
  self->caller = g_steal_pointer (&caller);
  self->call = MAX (self->call + 1, 1);
  self->transferring = FALSE;
  g_mutex_unlock (&self->lock);
}

/* FALSE: it was refused. */
static gboolean
take (SipLine *self, const SipIncoming *incoming)
{
  SipIncoming call = *incoming;
  SipDialogSettings settings = self->config.dialog;
  g_autoptr (GError) error = NULL;
  guint status;

  self->admitted = sip_line_fill_incoming (self, &call, &settings)
      ? "account"
      : sip_line_config_admits (&self->config, &call);
  call.trusted = sip_line_knows (self->admitted);
  self->dialog = sip_dialog_new_incoming (sip_inbox_get_agent (self->inbox),
      &call, &settings, &sip_line_dialog_owner, self, &status, &error);
  sip_dialog_account_clear (&settings.account);
  if (!self->dialog) {
    g_clear_pointer (&self->way, sip_trunk_call_free);
    sip_inbox_note_refused (self->inbox, &call, status, error->message);
  }
  return self->dialog != NULL;
}

/* ---- In the place of another */

gboolean
sip_line_has_dialog (gpointer line, const SipHandle *handle)
{
  SipLine *self = line;

  return (const SipHandle *) self->dialog == handle &&
      sip_dialog_was_answered (self->dialog);
}

/* It never went. If it was to be hung up behind its last word (@ends), that word is waited
 * for once more: it may have gone meanwhile. */
static void
restore (SipLine *self, SipDialog *dialog, SipTrunkCall *way,
    const gchar *admitted, RtpStream *stream, guint serial, gboolean ends)
{
  self->dialog = dialog;
  self->way = way;
  self->admitted = admitted;
  sip_line_forget_stream (self);
  g_mutex_lock (&self->lock);
  self->serial = serial;
  self->hang_up_when_drained = ends;
  self->stream = stream ? rtp_stream_ref (stream) : NULL;
  RtpStream *last = self->last_stream;
  self->last_stream = stream ? rtp_stream_ref (stream) : NULL;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&last, rtp_stream_unref);
  if (ends && stream)
    rtp_stream_drain (stream);
}

static void
replace (SipLine *self, const SipIncoming *call)
{
  static const SipDialogEnd taken = { SIP_CALL_BY_PEER, 0,
    "Another call took the place of this one", 0, 0 };
  SipDialog *before = g_steal_pointer (&self->dialog);
  SipTrunkCall *way = g_steal_pointer (&self->way);
  const gchar *admitted = self->admitted;
  const guint serial = self->serial;

  g_mutex_lock (&self->lock);
  RtpStream *stream = self->stream ? rtp_stream_ref (self->stream) : NULL;
  const gboolean ends = self->hang_up_when_drained;
  g_mutex_unlock (&self->lock);
  if (take (self, call)) {
    SipDialog *next = self->dialog;
    SipTrunkCall *next_way = self->way;
    self->dialog = before;
    self->way = way;
    self->replaced = TRUE;
    sip_dialog_end (before, &taken);
    self->replaced = FALSE;
    self->dialog = next;
    self->way = next_way;
    sip_line_count_call (self);
    sip_line_tell_state (self, SIP_CALL_RINGING);
    sip_dialog_answer (next);
  } else {
    restore (self, before, way, admitted, stream, serial, ends);
  }
  g_clear_pointer (&stream, rtp_stream_unref);
}

/* ---- On its own */

static void
ring (SipLine *self)
{
  const gboolean rings = self->config.answer_mode != SIP_ANSWER_MODE_AUTO ||
      self->config.ring_time;
  const gboolean early = self->config.early_media & SIP_EARLY_MEDIA_AGENT;

  if (rings && !early)
    sip_dialog_ring (self->dialog);
  sip_line_tell_state (self, SIP_CALL_RINGING);
  if (rings && early)
    sip_dialog_speak_early (self->dialog);
  if (rings)
    sip_line_start_ring (self);
  else
    sip_dialog_answer (self->dialog);
}

void
sip_line_take_call (gpointer line, const SipIncoming *call)
{
  SipLine *self = line;

  if (call->replaces) {
    replace (self, call);
    return;
  }
  if (!take (self, call)) {
    sip_line_forget_stream (self);
    return;
  }
  self->callee.busy = TRUE;
  sip_line_count_call (self);
  ring (self);
}
