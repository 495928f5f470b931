/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siprefusal.h"
#include "signalling/siptext.h"

#include "common/base/gstvoicelog.h"
#include "common/event/gstvoicerefusals.h"

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

/* A bus that is read now and then, and a record that is kept: so many at once, so
 * many a second in the long run. */
#define RATE 10.0
#define BURST 100.0
#define FLOOD_INTERVAL (10 * G_TIME_SPAN_SECOND)

/* Who finds all lines busy does nothing wrong. */
static GstDebugLevel
level_of (guint status)
{
  return status == 404 || status == 486 || status == 487 || status == 503
      ? GST_LEVEL_INFO
      : GST_LEVEL_WARNING;
}

static void
log_refusal (const SipRefusal *refusal)
{
  g_autofree gchar *call_id = gst_voice_log_text (refusal->call_id);
  g_autofree gchar *from = gst_voice_log_text (refusal->from);
  g_autofree gchar *to = gst_voice_log_text (refusal->to);
  g_autofree gchar *agent = gst_voice_log_text (refusal->user_agent);
  g_autofree gchar *cause = gst_voice_log_text (refusal->cause);

  GST_CAT_LEVEL_LOG (GST_CAT_DEFAULT, level_of (refusal->status), NULL,
      "%s: refused a call from %s for %s, %s by %s, %s: %u, %s", call_id, from,
      to, refusal->address, refusal->transport,
      *agent ? agent : "no user agent", refusal->status, cause);
}

static void
tell (SipRefusals *self, SipCallee *teller, SipRefusal *refusal)
{
  log_refusal (refusal);
  refusal->untold = self->untold;
  self->untold = 0;
  if (teller)
    teller->refused (teller->owner, refusal);
}

void
sip_refusals_note (SipRefusals *self, GPtrArray *callees,
    const SipIncoming *call, guint status, const gchar *cause)
{
  const sip_t *sip = call->sip;
  const sip_user_agent_t *agent = sip->sip_user_agent;
  const gchar *user = sip->sip_request->rq_url->url_user;

  if (status != 487) /* it was not we who refused */
    gst_voice_refusals_count (GST_VOICE_SIP, status);
  if (!token_bucket_take (&self->bucket, g_get_monotonic_time () * 1000, RATE,
          BURST)) {
    self->untold++;
    return;
  }
  g_autofree gchar *call_id = gst_voice_refusals_bound (
      sip_text_utf8 (sip->sip_call_id ? sip->sip_call_id->i_id : NULL));
  g_autofree gchar *from =
      gst_voice_refusals_bound (sip_text_address (sip->sip_from->a_url));
  g_autofree gchar *to =
      gst_voice_refusals_bound (sip_text_address (sip->sip_to->a_url));
  g_autofree gchar *line = gst_voice_refusals_bound (sip_text_utf8 (user));
  g_autofree gchar *name =
      gst_voice_refusals_bound (sip_text_unquoted (sip->sip_from->a_display));
  g_autofree gchar *address = packet_address_to_string (&call->from);
  g_autofree gchar *user_agent =
      gst_voice_refusals_bound (sip_text_utf8 (agent ? agent->g_string : NULL));
  SipRefusal refusal = { .call_id = call_id,
    .from = from,
    .to = to,
    .line = line,
    .display_name = name,
    .address = address,
    .transport = sip_text_transport_name (call->transport),
    .user_agent = user_agent,
    .cause = cause,
    .status = status };
  tell (self, sip_callees_find_teller (callees, user ? user : ""), &refusal);
}

void
sip_refusals_note_flood (SipRefusals *self, const SipIncoming *call)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree gchar *address = packet_address_to_string (&call->from);

  gst_voice_refusals_count (GST_VOICE_SIP, 503);
  if (self->flood_told && now - self->flood_told < FLOOD_INTERVAL)
    return;
  self->flood_told = now;
  GST_WARNING ("%s begins more calls than one source may: they are refused",
      address);
}
