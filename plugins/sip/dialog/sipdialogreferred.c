/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A far end that asks us to call somebody else in its place (RFC 3515, RFC 5589): its REFER,
 * and the NOTIFYs that say what came of it. Decisions:
 * - Only within a call that is up: Allow of what is outside has no REFER.
 * - Whether it is done is for the owner to say, who is asked before the answer.
 * - Whoever has asked ends the call itself once it hears that it was done (RFC 5589 6.1):
 *   we do after sip_dialog_leave_wait. */

#include "sipdialogprivate.h"
#include "sip/logic/dial/referto.h"
#include "sip/logic/dial/sipfrag.h"
#include "sip/signalling/sipextensions.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/siploop.h"
#include "sip/signalling/siptext.h"

#include "common/base/gstvoicelog.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_extra.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define LONGEST_BY 256 /* bytes of Referred-By */

guint sip_dialog_leave_wait = 800;

/* ---- NOTIFY */

static void
notify (SipDialog *self, guint status, gboolean last)
{
  const gchar *phrase = sip_status_phrase ((gint) status);
  g_autofree gchar *body = sip_frag_write (status, phrase ? phrase : "-");

  sip_dialog_count_request (self);
  nua_notify (self->nh, SIPTAG_EVENT_STR (self->referral),
      NUTAG_SUBSTATE (last ? nua_substate_terminated : nua_substate_active),
      SIPTAG_CONTACT_STR (self->contact),
      SIPTAG_CONTENT_TYPE_STR (SIP_FRAG_TYPE), SIPTAG_PAYLOAD_STR (body),
      TAG_END ());
}

void
sip_dialog_tell_referrer (SipDialog *self, guint status)
{
  if (!self->referral)
    return;
  GST_INFO ("%s: who was to be called: %u", sip_dialog_log_id (self), status);
  if (!self->refers_silently)
    notify (self, status, status >= 200);
  if (status >= 200)
    g_clear_pointer (&self->referral, g_free);
}

/* ---- REFER */

static gchar *
dup_event (const SipEvent *event)
{
  const sip_event_t *value = NULL;

  tl_gets (event->tags, NUTAG_REFER_EVENT_REF (value), TAG_END ());
  return value && value->o_id ? g_strdup_printf ("refer;id=%s", value->o_id)
                              : g_strdup ("refer");
}

/* RFC 4488 4 */
static gboolean
wants_silence (const sip_t *sip)
{
  const sip_refer_sub_t *header = sip_refer_sub (sip);

  return header && header->rs_value &&
      !g_ascii_strcasecmp (header->rs_value, "false");
}

/* RFC 3892: the address only, as signatures of it do not hold for another message. */
static gchar *
dup_referred_by (const sip_t *sip)
{
  g_autofree gchar *address = sip->sip_referred_by
      ? sip_text_address (sip->sip_referred_by->b_url)
      : NULL;

  if (!address || strlen (address) > LONGEST_BY ||
      strpbrk (address, "<>\r\n") ||
      (g_ascii_strncasecmp (address, "sip", 3) &&
          g_ascii_strncasecmp (address, "tel:", 4)))
    return NULL;
  return g_strdup_printf ("<%s>", address);
}

static guint
refuse (gchar **why, guint status, const gchar *text)
{
  *why = g_strdup (text);
  return status;
}

static guint
ask_owner (SipDialog *self, const sip_t *sip, const ReferTo *to, gchar **why)
{
  g_autofree gchar *by = dup_referred_by (sip);
  const SipDialogReferral referral = { to->target, to->replaces, by };

  if (self->ended || !self->owner || !self->established || self->referral ||
      transfer_is_on (&self->transfer))
    return refuse (why, 603, "Not now");
  return self->owner->referred (&referral, why, self->user);
}

/* 202, or why not. */
static guint
decide (SipDialog *self, const sip_t *sip, gchar **why)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const sip_refer_to_t *header = sip->sip_refer_to;
  const gchar *uri =
      header && !sip->sip_error ? url_as_string (home, header->r_url) : NULL;
  g_auto (ReferTo) to = { NULL, NULL };
  const ReferToVerdict verdict = refer_to_read (&to, uri);

  su_home_deinit (home);
  if (verdict == REFER_TO_OTHER_METHOD)
    return refuse (why, 403, "Nothing but a call is made");
  return verdict == REFER_TO_UNREADABLE
      ? refuse (why, 400, "Refer-To cannot be read")
      : ask_owner (self, sip, &to, why);
}

static void
answer (SipDialog *self, guint status, const gchar *why, gboolean silently)
{
  g_autoptr (GError) error =
      why ? g_error_new_literal (G_IO_ERROR, 0, why) : NULL;
  g_autofree gchar *warning = error ? sip_text_warning (error) : NULL;

  nua_respond (self->nh, (gint) status, sip_status_phrase ((gint) status),
      NUTAG_WITH_THIS (sip_agent_get_nua (self->agent)),
      SIPTAG_CONTACT_STR (self->contact),
      TAG_IF (warning, SIPTAG_WARNING_STR (warning)),
      TAG_IF (silently && !why, SIPTAG_HEADER_STR ("Refer-Sub: false")),
      TAG_END ());
}

void
sip_dialog_handle_refer (SipDialog *self, const SipEvent *event)
{
  const sip_t *sip = event->sip;
  g_autofree gchar *why = NULL;

  if (event->status >= 200 || !sip)
    return;
  const gchar *wrong = sip_guard_check_target (sip, FALSE);
  if (wrong) {
    const SipDialogEnd end = { SIP_CALL_BY_US, 0, wrong, 0, 0 };
    answer (self, 400, wrong, FALSE);
    sip_dialog_end_unusable (self, &end); /* the stack has it all the same */
    return;
  }
  sip_dialog_set_next_hop (self, sip);
  const gboolean silently = wants_silence (sip);
  const guint status = decide (self, sip, &why);
  GST_INFO ("%s: REFER: %u%s%s", sip_dialog_log_id (self), status,
      why ? ", " : "", why ? why : "");
  answer (self, status, why, silently);
  if (status >= 300)
    return;
  self->referral = dup_event (event);
  self->refers_silently = silently;
  sip_dialog_tell_referrer (self, 100);
}

/* ---- The other call is up */

static gboolean
on_leave (gpointer data)
{
  SipDialog *self = data;

  g_clear_pointer (&self->leave_timer, g_source_unref);
  GST_DEBUG ("%s: BYE goes out: the far end sends none",
      sip_dialog_log_id (self));
  sip_dialog_send_bye (self);
  return G_SOURCE_REMOVE;
}

void
sip_dialog_leave (SipDialog *self)
{
  static const SipDialogEnd left = { SIP_CALL_BY_PEER, 0,
    "The far end gave the call to somebody else", 0, 0 };

  self->owner = NULL;
  sip_dialog_tell_referrer (self, 200);
  sip_dialog_tell_end (self, &left);
  sip_dialog_await_bye (self);
  self->leave_timer = io_loop_add_timeout (sip_loop_get (),
      sip_dialog_leave_wait, on_leave, self);
}

void
sip_dialog_stop_leaving (SipDialog *self)
{
  io_loop_clear_timeout (&self->leave_timer);
}

void
sip_dialog_join (SipDialog *self, const SipDialog *before, const gchar *call_id,
    const SipDialogOwner *owner, gpointer user)
{
  g_autofree gchar *shown = gst_voice_log_text (call_id);

  GST_INFO ("%s: goes on as %s", shown, sip_dialog_log_id (self));
  self->held_by = before ? before->held_by : SIP_CALL_BY_PEER;
  g_free (self->told_id);
  self->told_id = g_strdup (call_id);
  self->owner = owner;
  self->user = user;
}

/* ---- Allow */

void
sip_dialog_set_allow (SipDialog *self)
{
  const gboolean follows = self->settings.follows_refer;
  g_autofree gchar *allow =
      g_strconcat (SIP_AGENT_ALLOW, follows ? ", REFER" : "",
          self->asks_for_transfer ? ", NOTIFY" : "", NULL);

  nua_set_hparams (self->nh, SIPTAG_ALLOW_STR (allow),
      TAG_IF (follows, SIPTAG_SUPPORTED_STR (SIP_EXTENSIONS ", norefersub")),
      TAG_END ());
}
