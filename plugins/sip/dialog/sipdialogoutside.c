/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What the far end is told of where we are, behind NAT, where a server of STUN is to say so
 * (RFC 8489). Decisions:
 * - Each call asks, from its own ports of RTP and RTCP, before it says anything of them: a NAT
 *   that keeps the numbers of ports and one that does not are told apart by nothing else, and
 *   SDP names address and ports as they were seen (a=rtcp, RFC 3605, where that is not the
 *   next one). One answer for all calls would be true of the first kind only, and until the
 *   address changes. So a changed one holds from the next call on.
 * - Until the call has media it asks again every 15 s, which keeps the NAT's mapping while it
 *   rings. What is other then is told where nothing was said yet; else a warning says so.
 * - A NAT whose mapping depends on where a packet goes ("symmetric") has another one for the
 *   far end than for the server: no question helps, and the far end has to answer where our
 *   audio comes from, as most do.
 * - A call that comes in rings at once and waits for the answer with its 183 or 200, one that
 *   goes out with its INVITE: for the way there and back, and 2 s where nobody answers. The
 *   call goes on then as it would without, a warning says so, and the next ones do not wait
 *   for a minute.
 * - Contact has the address that was seen for RTP, and the port that SIP is at: the port of a
 *   line that is called has to be forwarded anyhow. Of a registered line it has what the
 *   registrar sees, which is that very way.
 * - Who calls from this machine itself is not behind NAT. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/signalling/siphost.h"
#include "sip/signalling/siploop.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* What the stream has of the dialog. */
struct _SipDialogQuestion
{
  gint ref_count; /* atomic */
  SipDialog *dialog; /* SIP loop; NULL: it no longer waits */
};

typedef struct
{
  SipDialogQuestion *question;
  StunQuestionState state;
  PacketAddress rtp, rtcp;
} Told;

static SipDialogQuestion *
question_ref (SipDialogQuestion *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
question_unref (gpointer data)
{
  SipDialogQuestion *self = data;

  if (g_atomic_int_dec_and_test (&self->ref_count))
    g_free (self);
}

static void
told_free (gpointer data)
{
  Told *self = data;

  question_unref (self->question);
  g_free (self);
}

/* ---- What is seen */

static void
use (SipDialog *self, const PacketAddress *rtp, const PacketAddress *rtcp)
{
  const guint16 port = packet_address_get_port (rtp);

  g_free (self->outside_host);
  self->outside_host = packet_address_host_to_string (rtp);
  self->local.port = port;
  self->local.rtcp_port =
      packet_address_is_set (rtcp) ? packet_address_get_port (rtcp) : port + 1;
  sip_dialog_set_media_hosts (self);
  sip_dialog_set_route (self);
  GST_INFO ("%s: seen from outside at %s, RTP at %u and RTCP at %u",
      sip_dialog_log_id (self), self->outside_host, port,
      self->local.rtcp_port);
}

static void
warn (SipDialog *self, StunQuestionState state)
{
  g_autofree gchar *name = sip_stun_dup_name (self->settings.stun);
  g_autofree gchar *text = g_strdup_printf (
      "The STUN server %s %s: the far end is told %s, the address of this "
      "machine, and may not reach it from outside of its NAT.",
      name,
      state == STUN_QUESTION_REFUSED ? "does not say how it sees us"
                                     : "does not answer",
      self->media_host);

  sip_dialog_warn (self, text);
}

static void
warn_of_change (SipDialog *self)
{
  sip_dialog_warn (self,
      "The address that this call is seen at from outside has changed since "
      "the far end was told of it, which may not reach it any more.");
}

/* It waited for that. */
static void
go_on (SipDialog *self)
{
  const gboolean speaks = self->speaks_when_seen;

  self->speaks_when_seen = FALSE;
  if (self->outgoing)
    sip_dialog_invite (self);
  else if (speaks)
    sip_dialog_speak_early (self);
  if (!self->outgoing && self->answer_due && !self->unconfirmed)
    sip_dialog_answer (self);
}

static void
take (gpointer data)
{
  const Told *told = data;
  SipDialog *self = told->question->dialog;
  const gboolean is_seen = told->state == STUN_QUESTION_ANSWERED;

  if (!self || self->ended)
    return;
  sip_stun_note (self->settings.stun, is_seen);
  if (is_seen && self->description)
    warn_of_change (self);
  else if (is_seen)
    use (self, &told->rtp, &told->rtcp);
  else
    warn (self, told->state);
  if (!self->waits_outside)
    return;
  self->waits_outside = FALSE;
  go_on (self);
}

/* Media loop. */
static void
on_told (StunQuestionState state, const PacketAddress *rtp,
    const PacketAddress *rtcp, gpointer user)
{
  Told *told = g_new (Told, 1);

  *told = (Told){ question_ref (user), state, *rtp, *rtcp };
  io_loop_invoke (sip_loop_get (), take, told, told_free);
}

/* ---- Asking */

static gboolean
is_here (const PacketAddress *address)
{
  g_autofree gchar *host = packet_address_host_to_string (address);

  return sip_host_is_loopback (host);
}

void
sip_dialog_ask_outside (SipDialog *self)
{
  SipStun *stun = self->settings.stun;
  PacketAddress server;

  if (!stun || self->question ||
      sip_host_is_given (self->settings.external_address, &self->media_peer) ||
      !sip_stun_get_address (stun, self->media_peer.any.sa_family, &server) ||
      (is_here (&self->media_peer) && !is_here (&server)))
    return;
  self->question = g_new (SipDialogQuestion, 1);
  *self->question = (SipDialogQuestion){ 1, self };
  self->waits_outside = TRUE;
  rtp_stream_ask_outside (self->stream, &server, on_told,
      question_ref (self->question), question_unref);
}

void
sip_dialog_forget_outside (SipDialog *self)
{
  self->waits_outside = FALSE;
  if (!self->question)
    return;
  self->question->dialog = NULL;
  question_unref (g_steal_pointer (&self->question));
}
