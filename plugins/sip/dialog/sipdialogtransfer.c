/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A blind transfer (RFC 5589 6.1): our REFER within the dialog, and what the far end says by
 * NOTIFY of the call that it makes for it. The dialog takes NOTIFY only while one is under
 * way. The one who asked is told each step; who ends the call then is the line. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/logic/dial/sipfrag.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/siploop.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* ms; RFC 3515 2.4.4 wants the first NOTIFY at once. */
guint sip_dialog_transfer_silence = 10000;
/* A phone that nobody answers: less than what asks for transfers waits for. */
guint sip_dialog_transfer_longest = 50000;

static gint64
now_ns (void)
{
  return g_get_monotonic_time () * 1000;
}

/* ---- What is told */

static const struct
{
  guint status;
  const gchar *cause;
} refusals[] = {
  { 403, "Whoever was called does not take this call" },
  { 404, "Nobody has the address that was called" },
  { 408, "Nobody has answered" },
  { 410, "The address that was called is no longer in use" },
  { 480, "Nobody is there to answer" },
  { 484, "The number that was called is incomplete" },
  { 486, "Whoever was called is busy" },
  { 487, "Nobody has answered" },
  { 600, "Whoever was called is busy" },
  { 603, "Whoever was called has declined" },
  { 604, "Nobody has the address that was called" },
};

static const gchar *
refusal_of (guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (refusals[i].status == status)
      return refusals[i].cause;
  return "The call to whoever was named has failed";
}

static const gchar *
cause_of (const SipDialog *self)
{
  switch (self->transfer.state) {
    case TRANSFER_DECLINED:
      return "The far end does not transfer calls, or not there";
    case TRANSFER_REFUSED:
      return refusal_of (self->transfer.status);
    case TRANSFER_UNKNOWN:
      return self->ended
          ? "The call ended before the far end said what came of it"
          : "The far end does not say what came of it";
    default:
      return "";
  }
}

static void
stop_timer (SipDialog *self)
{
  io_loop_clear_timeout (&self->transfer_timer);
}

static void
tell (SipDialog *self)
{
  const SipDialogTransfer told = { self->transfer.state, self->transfer.status,
    cause_of (self) };

  GST_INFO ("%s: transfer: %s (%u)%s%s", sip_dialog_log_id (self),
      transfer_state_to_string (told.state), told.status,
      *told.cause ? ", " : "", told.cause);
  if (!transfer_is_on (&self->transfer))
    stop_timer (self);
  if (self->owner)
    self->owner->transfer (&told, self->user);
}

/* ---- Time */

static void set_timer (SipDialog *self);

static gboolean
on_timer (gpointer data)
{
  SipDialog *self = data;

  g_clear_pointer (&self->transfer_timer, g_source_unref);
  if (transfer_expired (&self->transfer, now_ns ()))
    tell (self);
  else if (transfer_is_on (&self->transfer))
    set_timer (self);
  return G_SOURCE_REMOVE;
}

static void
set_timer (SipDialog *self)
{
  const gint64 wait = transfer_get_deadline (&self->transfer) - now_ns ();

  stop_timer (self);
  self->transfer_timer = io_loop_add_timeout (sip_loop_get (),
      (guint) (MAX (wait, 0) / 1000000 + 1), on_timer, self);
}

/* ---- The far end */

gboolean
sip_dialog_may_refer (SipDialog *self)
{
  return !self->takes_no_refer;
}

gboolean
sip_dialog_transfer (SipDialog *self, const gchar *uri)
{
  g_autofree gchar *refer_to = g_strdup_printf ("<%s>", uri);

  if (self->ended || !self->established || transfer_is_on (&self->transfer))
    return FALSE;
  self->asks_for_transfer = TRUE;
  sip_dialog_set_allow (self);
  transfer_begin (&self->transfer, now_ns (),
      sip_dialog_transfer_silence * G_GINT64_CONSTANT (1000000),
      sip_dialog_transfer_longest * G_GINT64_CONSTANT (1000000));
  set_timer (self);
  sip_dialog_count_request (self);
  nua_refer (self->nh, SIPTAG_REFER_TO_STR (refer_to),
      SIPTAG_CONTACT_STR (self->contact), TAG_END ());
  tell (self);
  return TRUE;
}

void
sip_dialog_handle_referred (SipDialog *self, gint status)
{
  if (status >= 200 && transfer_answered (&self->transfer, (guint) status))
    tell (self);
}

static guint
status_of (const sip_t *sip)
{
  const sip_content_type_t *type = sip->sip_content_type;
  const sip_payload_t *body = sip->sip_payload;

  return body && type && type->c_type &&
          !g_ascii_strcasecmp (type->c_type, SIP_FRAG_TYPE)
      ? sip_frag_read_status (body->pl_data, body->pl_len)
      : 0;
}

static gboolean
is_last (const sip_t *sip)
{
  const sip_subscription_state_t *state = sip->sip_subscription_state;

  return state && state->ss_substate &&
      !g_ascii_strcasecmp (state->ss_substate, "terminated");
}

void
sip_dialog_handle_notify (SipDialog *self, const sip_t *sip)
{
  const gchar *wrong = sip ? sip_guard_check_target (sip, FALSE) : NULL;

  const SipDialogEnd end = { SIP_CALL_BY_US, 0, wrong, 0, 0 };

  if (wrong) {
    sip_dialog_end_unusable (self, &end);
    return;
  }
  if (sip)
    sip_dialog_set_next_hop (self, sip);
  /* Without one the stack says that it gives up waiting. */
  if (transfer_notified (&self->transfer, sip ? status_of (sip) : 0,
          !sip || is_last (sip)))
    tell (self);
  else if (transfer_is_on (&self->transfer))
    set_timer (self);
}

void
sip_dialog_end_transfer (SipDialog *self)
{
  if (transfer_ended (&self->transfer))
    tell (self);
  stop_timer (self);
}
