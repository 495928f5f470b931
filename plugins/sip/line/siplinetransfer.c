/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A line gives its call away: asked for on any thread, done by the dialog on the SIP loop,
 * told step by step. While it is under way nobody else can ask. Once whoever was called has
 * answered, this side of the call is over. */

#include "siplineprivate.h"

#include <string.h>

#define NO_CALL "There is no call that is up."

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

void
sip_line_transfer_free (SipLineTransfer *self)
{
  g_free (self->uri);
  g_free (self->target);
  g_free (self->id);
  g_free (self);
}

/* ---- Where the far end's numbers are */

/* "host[:port]" of a SIP address, NULL: it is none, or stands for nobody. */
static gchar *
dup_place (const gchar *address)
{
  const gchar *colon = address ? strchr (address, ':') : NULL;
  const gchar *at = address ? strchr (address, '@') : NULL;

  if (!colon || g_ascii_strncasecmp (address, "sip", 3))
    return NULL;
  const gchar *host = at ? at + 1 : colon + 1;
  g_autofree gchar *place = g_strndup (host, strcspn (host, ";?>"));
  return g_str_has_suffix (place, ".invalid") ? NULL : g_steal_pointer (&place);
}

void
sip_line_note_far_end_unlocked (SipLine *self, SipDialog *dialog)
{
  const gchar *source = sip_dialog_get_source (dialog);

  g_free (self->place);
  self->place = dup_place (sip_dialog_is_outgoing (dialog)
          ? sip_dialog_get_to (dialog)
          : sip_dialog_get_from (dialog));
  if (!self->place && *source)
    self->place =
        g_strdup_printf (strchr (source, ':') ? "[%s]" : "%s", source);
}

const gchar *
sip_line_get_abilities (const SipLine *self, SipDialog *dialog)
{
  return self->config.dials && sip_dialog_may_refer (dialog)
      ? "hang-up,transfer,hold,resume,send-dtmf"
      : "hang-up,hold,resume,send-dtmf";
}

/* ---- What is told */

static void
tell (SipLine *self, const gchar *state, const SipLineTransfer *transfer,
    const gchar *cause, guint status)
{
  g_mutex_lock (&self->lock);
  g_autofree gchar *call_id = g_strdup (self->call_id);
  g_mutex_unlock (&self->lock);
  const SipCallEvent event = { .state = SIP_CALL_TRANSFER,
    .call_id = call_id,
    .transfer = state,
    .target = transfer->target,
    .control_id = transfer->id,
    .cause = cause,
    .sip_status = status };

  sip_line_tell (self, &event);
}

/* ---- Asked for; any thread */

/* NULL: it may be done, and counts; else why not, with the word for it. */
static const gchar *
take_unlocked (SipLine *self, const gchar **word)
{
  *word = "failed";
  if (self->state != SIP_CALL_ANSWERED && self->state != SIP_CALL_HELD &&
      self->state != SIP_CALL_RESUMED)
    return NO_CALL;
  if (self->transferring)
    return "The call is being transferred already.";
  *word = "unsupported";
  if (!self->refers)
    return "The far end says that it does not transfer calls.";
  *word = "forbidden";
  return sip_line_count_dial_unlocked (self);
}

static gboolean
begin (SipLine *self, SipLineTransfer *transfer)
{
  const gchar *word;

  g_mutex_lock (&self->lock);
  const gchar *why = take_unlocked (self, &word);
  if (!why) {
    self->transferring = TRUE;
    sip_line_add_transfer_unlocked (self, transfer);
  }
  g_mutex_unlock (&self->lock);
  if (!why) {
    sip_line_run_steps (self);
    return TRUE;
  }
  GST_INFO ("%s: no transfer: %s", self->name, why);
  tell (self, word, transfer, why, 0);
  sip_line_transfer_free (transfer);
  return FALSE;
}

gboolean
sip_line_transfer (SipLine *self, const gchar *target, const gchar *id)
{
  SipLineTransfer *transfer = g_new0 (SipLineTransfer, 1);
  g_autofree gchar *why = NULL;

  g_mutex_lock (&self->lock);
  g_autofree gchar *place = g_strdup (self->place);
  g_mutex_unlock (&self->lock);
  transfer->target = g_strdup (target);
  transfer->id = g_strdup (id);
  transfer->uri = sip_line_dup_allowed (self, target, place, &why);
  if (transfer->uri)
    return begin (self, transfer);
  tell (self, "forbidden", transfer, why, 0);
  sip_line_transfer_free (transfer);
  return FALSE;
}

/* ---- Done; SIP loop */

static void
set_over (SipLine *self)
{
  g_mutex_lock (&self->lock);
  self->transferring = FALSE;
  g_mutex_unlock (&self->lock);
}

void
sip_line_transfer_now (SipLine *self, SipLineTransfer **transfer, gboolean late)
{
  if (late) {
    tell (self, "failed", *transfer, NO_CALL, 0);
    return;
  }
  g_clear_pointer (&self->transfer, sip_line_transfer_free);
  self->transfer = g_steal_pointer (transfer);
  if (self->dialog && sip_dialog_transfer (self->dialog, self->transfer->uri))
    return;
  set_over (self);
  tell (self, "failed", self->transfer, NO_CALL, 0);
}

void
sip_line_note_transfer (const SipDialogTransfer *transfer, gpointer line)
{
  static const SipDialogEnd given = { SIP_CALL_BY_US, 0,
    "The call was transferred", 0, 0 };
  SipLine *self = line;

  if (transfer->state >= TRANSFER_ACCEPTED)
    set_over (self);
  tell (self, transfer_state_to_string (transfer->state), self->transfer,
      transfer->cause, transfer->status);
  if (transfer->state == TRANSFER_ACCEPTED)
    sip_dialog_end (self->dialog, &given);
}
