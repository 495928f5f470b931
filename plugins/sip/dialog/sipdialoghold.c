/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Hold by our side (RFC 3264 8.4): a re-INVITE with an offer that takes no audio, and
 * where it is silent sends none, which the far end has agreed to once its answer is there.
 * What was asked last counts; who is on hold already stays so as it was asked first. Two
 * re-INVITEs that meet are both refused with 491, and tried again at different times. */

#include "sipdialogprivate.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/siploop.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define TRIES 5
#define SOON 200 /* ms: until another exchange is over */

static void offer (SipDialog *self);

/* ---- Time */

static void
stop_timer (SipDialog *self)
{
  io_loop_clear_timeout (&self->hold_timer);
}

static gboolean
on_timer (gpointer data)
{
  SipDialog *self = data;

  g_clear_pointer (&self->hold_timer, g_source_unref);
  offer (self);
  return G_SOURCE_REMOVE;
}

static void
try_later (SipDialog *self, guint wait)
{
  stop_timer (self);
  self->hold_timer =
      io_loop_add_timeout (sip_loop_get (), wait, on_timer, self);
}

/* RFC 3261 14.1, ms: whoever chose the Call-ID waits for longer. */
static guint
glare_wait (const SipDialog *self)
{
  return self->outgoing ? (guint) g_random_int_range (2100, 4000)
                        : (guint) g_random_int_range (0, 2000);
}

/* ---- What comes of it */

static void
tell (SipDialog *self, gboolean done, guint status)
{
  if (self->owner)
    self->owner->hold_done (self->wants_hold, done, status, self->user);
}

static void
give_up (SipDialog *self, guint status)
{
  self->local.hold = self->on_hold;
  GST_INFO ("%s: it cannot be %s: %u", sip_dialog_log_id (self),
      self->wants_hold ? "put on hold" : "taken back", status);
  tell (self, FALSE, status);
}

static void
take_accepted (SipDialog *self, const sip_t *sip)
{
  const gboolean before = self->on_hold;
  const gchar *sdp;
  gsize size;

  self->on_hold = self->local.hold;
  const gboolean agreed = sip_guard_get_sdp (sip, &sdp, &size) &&
      sip_dialog_take_answer (self, sdp, size, NULL);
  self->offer_state = SIP_OFFER_NONE;
  if (!agreed)
    self->on_hold = before;
  sip_dialog_set_next_hop (self, sip);
  sip_dialog_set_refresh (self, sip);
  nua_ack (self->nh, TAG_END ());
  if (!agreed)
    give_up (self, 0);
  else if (self->on_hold != self->wants_hold)
    offer (self); /* asked for meanwhile */
  else
    tell (self, TRUE, 200);
}

void
sip_dialog_handle_hold (SipDialog *self, gint status, const sip_t *sip)
{
  if (status < 200)
    return;
  self->changing = FALSE;
  if (status < 300 && sip) {
    take_accepted (self, sip);
    return;
  }
  self->offer_state = SIP_OFFER_NONE;
  self->local.hold = self->on_hold;
  if (status == 491 && ++self->hold_tries < TRIES)
    try_later (self, glare_wait (self));
  else
    give_up (self, (guint) status);
}

/* ---- Asked for */

static void
offer (SipDialog *self)
{
  if (self->ended)
    return;
  if (self->offer_state != SIP_OFFER_NONE || self->changing || self->inviting) {
    try_later (self, SOON);
    return;
  }
  if (!sip_dialog_check_secrecy (self, NULL)) {
    give_up (self, 0);
    return;
  }
  self->local.hold = self->wants_hold;
  const gchar *description = sip_dialog_describe (self, NULL);
  self->changing = TRUE;
  GST_DEBUG ("%s: re-INVITE: %s", sip_dialog_log_id (self),
      self->wants_hold ? "hold" : "resume");
  nua_invite (self->nh, SIPTAG_CONTACT_STR (self->contact),
      SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
      SIPTAG_PAYLOAD_STR (description), TAG_END ());
}

gboolean
sip_dialog_hold (SipDialog *self, gboolean hold, gboolean silently)
{
  if (self->ended || !self->established)
    return FALSE;
  self->wants_hold = hold;
  if (hold && !self->on_hold)
    self->local.silent = silently;
  self->hold_tries = 0;
  stop_timer (self);
  if (self->changing) /* its answer is waited for */
    return TRUE;
  if (hold == self->on_hold)
    tell (self, TRUE, 0);
  else
    offer (self);
  return TRUE;
}

void
sip_dialog_end_hold (SipDialog *self)
{
  stop_timer (self);
}

/* ---- Facts */

static gboolean
is_held (const SipDialog *self)
{
  return self->on_hold || !self->media.send;
}

SipCallBy
sip_dialog_get_held_by (SipDialog *self)
{
  return self->held_by;
}

/* Of two who hold the one counts who is left. */
void
sip_dialog_tell_hold (SipDialog *self)
{
  const gboolean held = is_held (self);

  if (held)
    self->held_by = self->on_hold ? SIP_CALL_BY_US : SIP_CALL_BY_PEER;
  if (!self->established || held == self->held)
    return;
  self->held = held;
  sip_dialog_tell_state (self, held ? SIP_CALL_HELD : SIP_CALL_RESUMED);
}
