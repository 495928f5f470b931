/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sipreferral.h"

#include "sip/signalling/siploop.h"

struct _SipReferral
{
  SipDialog *dialog; /* NULL: it has ended, or was taken */
  const SipReferralOwner *owner;
  gpointer user;
  GSource *timer; /* until nobody is waited for any more */
};

guint sip_referral_longest = 60000;

static void
release (SipReferral *self)
{
  io_loop_clear_timeout (&self->timer);
  g_free (self);
}

/* ---- The dialog's reports */

static RtpStream *
on_new_stream (PacketTransport *rtp, PacketTransport *rtcp, const gchar *cname,
    const gchar *call_id, gpointer user)
{
  SipReferral *self = user;

  return self->owner->new_stream (rtp, rtcp, cname, call_id, self->user);
}

static gboolean
on_trusts (const PacketAddress *remote, gpointer user)
{
  SipReferral *self = user;

  return self->owner->trusts (remote, self->user);
}

static void
on_state (SipCallState state, gpointer user)
{
  SipReferral *self = user;

  if (state == SIP_CALL_RINGING || state == SIP_CALL_EARLY)
    self->owner->rings (self->user);
  else if (state == SIP_CALL_ANSWERED)
    self->owner->answered (self->user);
}

static void
on_ended (const SipDialogEnd *end, gpointer user)
{
  SipReferral *self = user;
  SipDialog *dialog = g_steal_pointer (&self->dialog);

  if (self->owner)
    self->owner->failed (dialog, end, self->user);
  release (self);
}

static void
on_warning (const gchar *text, gpointer user)
{
}

static void
on_digit (gchar digit, guint duration, gpointer user)
{
}

static const SipDialogOwner dialog_owner = {
  .new_stream = on_new_stream,
  .state = on_state,
  .ended = on_ended,
  .warning = on_warning,
  .digit = on_digit,
  .trusts = on_trusts,
};

/* ---- Life */

static gboolean
on_longest (gpointer data)
{
  SipReferral *self = data;
  const SipDialogEnd end = { SIP_CALL_BY_US, 408, "Nobody answered", 0, 0 };

  sip_dialog_end (self->dialog, &end);
  return G_SOURCE_REMOVE;
}

static GstStructure *
new_headers (const GstStructure *own, const SipDialogReferral *referral)
{
  GstStructure *headers =
      own ? gst_structure_copy (own) : gst_structure_new_empty ("headers");

  if (referral->by)
    gst_structure_set (headers, "Referred-By", G_TYPE_STRING, referral->by,
        NULL);
  if (referral->replaces)
    gst_structure_set (headers, "Replaces", G_TYPE_STRING, referral->replaces,
        "Require", G_TYPE_STRING, "replaces", NULL);
  return headers;
}

SipReferral *
sip_referral_new (SipAgent *agent, const gchar *uri,
    const SipDialogReferral *referral, const SipDialogSettings *settings,
    const SipReferralOwner *owner, gpointer user)
{
  SipReferral *self = g_new0 (SipReferral, 1);
  SipDialogSettings own = *settings;

  self->owner = owner;
  self->user = user;
  own.headers = new_headers (settings->headers, referral);
  self->dialog =
      sip_dialog_new_outgoing (agent, uri, &own, &dialog_owner, self);
  gst_structure_free (own.headers);
  self->timer = io_loop_add_timeout (sip_loop_get (), sip_referral_longest,
      on_longest, self);
  return self;
}

SipDialog *
sip_referral_take (SipReferral *self)
{
  SipDialog *dialog = g_steal_pointer (&self->dialog);

  release (self);
  return dialog;
}

void
sip_referral_end (SipReferral *self, const SipDialogEnd *end)
{
  sip_dialog_end (self->dialog, end);
}

void
sip_referral_free (SipReferral *self)
{
  const SipDialogEnd end = { SIP_CALL_BY_US, 0, "It is not wanted any more", 0,
    0 };

  self->owner = NULL;
  sip_dialog_end (self->dialog, &end);
}
