/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A far end gives its call to somebody else: the line calls whom it names, if it may, and
 * goes on with that one. For whoever listens to the line it is the same call with another
 * far end, CHANGED: the conversation goes on. Decisions:
 * - Until that one has answered the old call is as it was, and it stays if nobody does.
 * - A far end that hangs up meanwhile has done what it wanted: the line waits for the
 *   other one, and hears nothing until then.
 * - Whatever else ends the old call ends both. */

#include "siplineprivate.h"
#include "logic/sipuri.h"

#include "common/base/gstvoicelog.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

static void
set_transferring (SipLine *self, gboolean is)
{
  g_mutex_lock (&self->lock);
  self->transferring = is;
  g_mutex_unlock (&self->lock);
}

static void
forget_referral_stream (SipLine *self)
{
  self->waiting_user = NULL;
  g_clear_pointer (&self->waiting_stream, rtp_stream_unref);
}

static void
set_way (SipTrunkCall **way, SipTrunkCall *next)
{
  g_clear_pointer (way, sip_trunk_call_free);
  *way = next;
}

/* ---- The other call's reports */

static RtpStream *
on_new_stream (PacketTransport *rtp, PacketTransport *rtcp, const gchar *cname,
    const gchar *call_id, gpointer user)
{
  SipLine *self = user;
  SipStreamUser *listener =
      sip_stream_user_new (self, sip_line_next_serial (self));

  g_atomic_int_set (&listener->waits, TRUE);
  RtpStream *stream =
      sip_line_new_stream (self, rtp, rtcp, cname, call_id, listener);
  forget_referral_stream (self);
  self->waiting_stream = rtp_stream_ref (stream);
  self->waiting_user = listener;
  return stream;
}

static void
on_rings (gpointer user)
{
  SipLine *self = user;

  if (self->dialog)
    sip_dialog_tell_referrer (self->dialog, 180);
}

static void
take_stream (SipLine *self)
{
  SipStreamUser *listener = g_steal_pointer (&self->waiting_user);
  RtpStream *stream = g_steal_pointer (&self->waiting_stream);

  sip_line_forget_stream (self);
  g_mutex_lock (&self->lock);
  self->serial = listener->serial;
  g_mutex_unlock (&self->lock);
  sip_line_set_stream (self, stream);
  g_atomic_int_set (&listener->waits, FALSE);
  rtp_stream_unref (stream);
}

/* The next far end is heard as what it is. */
static void
tell_taken (SipLine *self, gboolean was_held)
{
  sip_line_tell_state (self, SIP_CALL_CODEC);
  if (was_held)
    sip_line_tell_state (self, SIP_CALL_RESUMED);
  sip_line_tell_state (self, SIP_CALL_CHANGED);
}

static void
on_answered (gpointer user)
{
  SipLine *self = user;
  SipDialog *before = g_steal_pointer (&self->dialog);

  g_mutex_lock (&self->lock);
  g_autofree gchar *call_id = g_strdup (self->call_id);
  const gboolean was_held = self->state == SIP_CALL_HELD;
  const gboolean ends = self->hang_up_when_drained;
  self->transferring = FALSE;
  g_mutex_unlock (&self->lock);
  self->dialog = sip_referral_take (g_steal_pointer (&self->referral));
  set_way (&self->way, g_steal_pointer (&self->referral_way));
  sip_dialog_join (self->dialog, before, call_id, &sip_line_dialog_owner, self);
  sip_line_forget_hold (self);
  take_stream (self);
  if (before)
    sip_dialog_leave (before);
  tell_taken (self, was_held);
  if (ends) /* what was still to be heard is gone with the old one */
    sip_line_audio_sent (self);
}

static void
on_failed (SipDialog *dialog, const SipDialogEnd *end, gpointer user)
{
  SipLine *self = user;
  /* RFC 3515 2.4.5: a final one there always is. */
  const guint status = end->status >= 300 ? end->status : 503;

  self->referral = NULL;
  if (self->referral_way)
    sip_trunk_call_failed (self->referral_way, end);
  set_way (&self->referral_way, NULL);
  forget_referral_stream (self);
  set_transferring (self, FALSE);
  g_autofree gchar *why = gst_voice_log_text (end->cause);
  GST_INFO ("%s: whom the far end named is not to be had: %u, %s", self->name,
      status, why);
  if (self->dialog)
    sip_dialog_tell_referrer (self->dialog, status);
  else
    sip_line_end_without_far_end (self, dialog, end);
}

static const SipReferralOwner owner = {
  .new_stream = on_new_stream,
  .trusts = sip_line_config_trusts,
  .rings = on_rings,
  .answered = on_answered,
  .failed = on_failed,
};

/* ---- The far end asks */

/* Where numbers are: at the trunk's where the call is one of a trunk. What a caller writes
 * into From is none of it unless the call came from there: anybody's machine could be
 * called so. (transfer full) */
static gchar *
dup_number_place_unlocked (SipLine *self)
{
  if (self->way || !self->dialog || !self->place ||
      sip_dialog_is_outgoing (self->dialog))
    return g_strdup (self->way ? self->home : self->place);
  const gchar *source = sip_dialog_get_source (self->dialog);
  g_autofree gchar *host =
      g_strdup_printf (strchr (source, ':') ? "[%s]" : "%s", source);
  const gsize n = strlen (host);
  const gboolean same = g_str_has_prefix (self->place, host) &&
      (self->place[n] == '\0' || self->place[n] == ':');

  return *source && !same ? g_steal_pointer (&host) : g_strdup (self->place);
}

/* (transfer full); NULL, with @why: it may not be called. */
static gchar *
dup_permitted (SipLine *self, const gchar *target, gchar **why)
{
  g_mutex_lock (&self->lock);
  g_autofree gchar *place = dup_number_place_unlocked (self);
  g_mutex_unlock (&self->lock);
  g_autofree gchar *uri = sip_line_dup_allowed (self, target, place, why);

  if (!uri)
    return NULL;
  g_mutex_lock (&self->lock);
  const gchar *limit = sip_uri_check (uri, TRUE) != SIP_URI_GOOD
      ? "Nobody can be called there."
      : sip_line_count_dial_unlocked (self);
  g_mutex_unlock (&self->lock);
  *why = g_strdup (limit);
  return limit ? NULL : g_steal_pointer (&uri);
}

/* What is called then, by one trunk, and no other; (transfer full). NULL, with @why: none
 * takes it. */
static gchar *
take_trunk (SipLine *self, const gchar *uri, gboolean fixed,
    SipDialogSettings *settings, gchar **why)
{
  g_autoptr (GError) error = NULL;
  gchar *own = NULL;

  if (!self->trunks)
    return g_strdup (uri);
  set_way (&self->referral_way, sip_trunk_call_new (uri, fixed));
  if (!sip_trunk_call_next (self->referral_way, self->trunks, settings, &own,
          &error)) {
    set_way (&self->referral_way, NULL);
    *why = g_strdup (error->message);
  }
  settings->has_spare = FALSE;
  return own;
}

guint
sip_line_take_referral (const SipDialogReferral *referral, gchar **why,
    gpointer line)
{
  SipLine *self = line;

  g_mutex_lock (&self->lock);
  const gboolean busy = self->transferring;
  g_mutex_unlock (&self->lock);
  if (busy || self->referral) {
    *why = g_strdup ("The call is being transferred already.");
    return 603;
  }
  g_autofree gchar *uri = dup_permitted (self, referral->target, why);
  if (!uri)
    return 403;
  SipDialogSettings settings = self->config.dialog;
  g_autofree gchar *own =
      take_trunk (self, uri, referral->replaces != NULL, &settings, why);
  if (!own)
    return 503;
  set_transferring (self, TRUE);
  sip_line_note_facts (self);
  self->referral = sip_referral_new (sip_inbox_get_agent (self->inbox), own,
      referral, &settings, &owner, self);
  sip_dialog_account_clear (&settings.account);
  return 202;
}

/* ---- The old call ends */

gboolean
sip_line_outlives (SipLine *self, const SipDialogEnd *end)
{
  if (!self->referral)
    return FALSE;
  if (end->by == SIP_CALL_BY_PEER && !self->replaced) {
    set_way (&self->way, NULL);
    sip_line_forget_stream (self);
    return TRUE;
  }
  sip_line_drop_referral (self);
  return FALSE;
}

void
sip_line_drop_referral (SipLine *self)
{
  if (!self->referral)
    return;
  sip_referral_free (g_steal_pointer (&self->referral));
  set_way (&self->referral_way, NULL);
  forget_referral_stream (self);
  set_transferring (self, FALSE);
}
