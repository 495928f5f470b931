/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - A source may begin BURST calls at once and RATE a second in the long run;
 *   above that it gets 503 with Retry-After before anything is allocated. It is
 *   far above what a trunk or a load test offers and far below a flood.
 * - Who may call is asked of the address that a request came from, before a line is
 *   chosen: what a request says of itself (Via, From, P-Asserted-Identity) anybody can
 *   write. A line that is closed to a caller is as good as absent, so another one may
 *   have the call; where it is the only reason that nobody has it, 403. */

#include "sipinbox.h"
#include "signalling/sipextensions.h"
#include "signalling/sipguard.h"
#include "siprefusal.h"
#include "signalling/siptext.h"
#include "sipwaiting.h"

#include "common/event/gstvoicerefusals.h"
#include "sip/logic/rate/tokenbucket.h"
#include "sip/logic/sipuri.h"

#include <gst/gst.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>

#define RATE 500.0
#define BURST 1000.0
#define MAX_SOURCES 4096
#define RETRY_AFTER "5"

struct _SipInbox
{
  SipHandle handle; /* first: what it hears of the agent */
  SipAgent *agent;
  guint users; /* opened and not closed */
  GPtrArray *callees; /* SipCallee, not owned */
  SipWaiting *callers; /* for whom no callee is free */
  GHashTable *sources; /* host -> TokenBucket */
  SipRefusals refusals;
};

/* ---- New calls */

/* A number of a tel: URI as it stands in that of a line. */
static gchar *
called_user (const sip_t *sip)
{
  const url_t *url = sip->sip_request->rq_url;
  const gchar *user = url->url_user ? url->url_user : "";

  return url->url_type == url_tel ? sip_uri_dup_number (user) : g_strdup (user);
}

static void
answer_refused (const SipIncoming *call, gint status, const gchar *phrase)
{
  g_autofree gchar *min_session = g_strdup_printf ("%u", sip_agent_min_session);

  nua_respond (call->nh, status, phrase,
      TAG_IF (status == 503, SIPTAG_RETRY_AFTER_STR (RETRY_AFTER)),
      TAG_IF (status == 422, SIPTAG_MIN_SE_STR (min_session)),
      TAG_IF (status == 415, SIPTAG_ACCEPT_STR (SIP_GUARD_BODY_TYPES)),
      TAG_IF (status == 420,
          SIPTAG_UNSUPPORTED (sip_extensions_get_missing (call->sip))),
      TAG_END ());
  nua_handle_destroy (call->nh);
}

static void
refuse (SipInbox *self, const SipIncoming *call, gint status,
    const gchar *phrase, const gchar *why)
{
  sip_inbox_note_refused (self, call, (guint) status, why);
  answer_refused (call, status, phrase);
}

static void
refuse_extensions (SipInbox *self, const SipIncoming *call)
{
  g_autofree gchar *names = g_strjoinv (", ",
      (gchar **) sip_extensions_get_missing (call->sip)->k_items);
  g_autofree gchar *shown = sip_text_utf8 (names);
  g_autofree gchar *why = gst_voice_refusals_bound (
      g_strdup_printf ("it requires what is not supported: %s", shown));

  refuse (self, call, SIP_420_BAD_EXTENSION, why);
}

static gboolean
is_flooding (SipInbox *self, const PacketAddress *from)
{
  g_autofree gchar *host = packet_address_host_to_string (from);
  TokenBucket *bucket = g_hash_table_lookup (self->sources, host);

  if (!bucket) {
    if (g_hash_table_size (self->sources) >= MAX_SOURCES)
      g_hash_table_remove_all (self->sources);
    bucket = g_new0 (TokenBucket, 1);
    g_hash_table_insert (self->sources, g_steal_pointer (&host), bucket);
  }
  return !token_bucket_take (bucket, g_get_monotonic_time () * 1000, RATE,
      BURST);
}

/* Why there is no call for anybody; NULL if there may be. */
static const gchar *
why_unavailable (SipInbox *self)
{
  return sip_callees_are_draining (self->callees) ? "the address is draining"
                                                  : NULL;
}

static void
wait_for_callee (SipInbox *self, const SipIncoming *call)
{
  g_autofree gchar *user = called_user (call->sip);
  guint timeout = sip_callees_get_busy_wait (self->callees, user, call);

  if (!timeout ||
      !sip_waiting_add (self->callers, sip_agent_get_nua (self->agent), call,
          timeout))
    refuse (self, call, SIP_486_BUSY_HERE, "no line is free");
}

static gboolean
offer_waiting (const SipIncoming *call, gpointer user)
{
  SipInbox *self = user;
  DialplanResult result;
  g_autofree gchar *name = called_user (call->sip);
  SipCallee *callee = sip_callees_choose (self->callees, name, call, &result);

  const gchar *why = why_unavailable (self);
  if (why)
    refuse (self, call, SIP_503_SERVICE_UNAVAILABLE, why);
  else if (callee)
    callee->incoming (callee->owner, call);
  else
    return FALSE;
  return TRUE;
}

static void
give_up_waiting (const SipIncoming *call, gboolean left, gpointer user)
{
  if (left)
    sip_inbox_note_refused (user, call, 487,
        "the caller hung up while no line was free");
  else
    refuse (user, call, SIP_486_BUSY_HERE, "no line became free");
}

/* Whoever has shown nothing yet has done nothing wrong, and nobody hears of him. */
static void
ask_who_it_is (SipInbox *self, const SipIncoming *call, SipUsers *users,
    AuthVerdict shown)
{
  if (shown == AUTH_VERDICT_WRONG)
    sip_inbox_note_refused (self, call, 401,
        "it does not know the password of a user of auth-file");
  if (shown == AUTH_VERDICT_ELSEWHERE)
    sip_inbox_note_refused (self, call, 401,
        "its password was shown for a call to somebody else");
  sip_gate_ask (users, call->nh, shown == AUTH_VERDICT_STALE);
  nua_handle_destroy (call->nh);
}

/* A call that can be had to who has it. */
static void
give_call_to (SipInbox *self, GPtrArray *callees, const gchar *user,
    SipIncoming *call)
{
  DialplanResult result;
  SipUsers *users;
  const AuthVerdict shown = sip_callees_verify (callees, user, call, &users);
  SipCallee *callee = sip_callees_choose (callees, user, call, &result);
  const gchar *why = self->callees->len ? why_unavailable (self)
                                        : "the last line ends just now";

  if (why)
    refuse (self, call, SIP_503_SERVICE_UNAVAILABLE, why);
  else if (callee)
    callee->incoming (callee->owner, call);
  else if (result == DIALPLAN_BUSY)
    wait_for_callee (self, call);
  else if (result == DIALPLAN_CLOSED && users)
    ask_who_it_is (self, call, users, shown);
  else if (result == DIALPLAN_CLOSED)
    refuse (self, call, SIP_403_FORBIDDEN, "allow-from does not have it");
  else
    refuse (self, call, SIP_404_NOT_FOUND, "no line has this name");
}

static void
give_call (SipInbox *self, SipIncoming *call)
{
  g_autofree gchar *user = called_user (call->sip);

  give_call_to (self, self->callees, user, call);
}

/* NULL: nobody has the call that this one is to replace. */
static SipCallee *
find_replaced (const SipInbox *self, const sip_t *sip)
{
  nua_handle_t *nh = nua_handle_by_replaces (sip_agent_get_nua (self->agent),
      sip->sip_replaces);
  const SipHandle *handle =
      nh ? (const SipHandle *) nua_handle_magic (nh) : NULL;

  if (nh)
    nua_handle_unref (nh);
  for (guint i = 0; handle && i < self->callees->len; i++) {
    SipCallee *callee = g_ptr_array_index (self->callees, i);
    if (callee->has (callee->owner, handle))
      return callee;
  }
  return NULL;
}

/* RFC 3891 3. Who takes the place of a call has to be let in as that line's callers are,
 * whatever name it calls. */
static void
give_replacing (SipInbox *self, SipIncoming *call)
{
  SipCallee *callee = find_replaced (self, call->sip);

  if (!callee) {
    refuse (self, call, SIP_481_NO_CALL,
        "nobody has the call that it wants to replace");
    return;
  }
  if (call->sip->sip_replaces->rp_early_only) {
    refuse (self, call, SIP_486_BUSY_HERE,
        "the call that it wants to replace is answered");
    return;
  }
  g_autoptr (GPtrArray) only = g_ptr_array_new ();
  g_ptr_array_add (only, callee);
  call->replaces = TRUE;
  callee->busy = FALSE;
  give_call_to (self, only, callee->user, call);
  callee->busy = TRUE; /* with the one or the other */
}

static void
incoming_invite (SipInbox *self, nua_handle_t *nh, const sip_t *sip)
{
  SipIncoming call = { .nh = nh,
    .sip = sip,
    .transport = sip_agent_get_transport (self->agent),
    .arrived = g_get_monotonic_time () };
  const gchar *sdp, *wrong = sip_guard_check_target (sip, TRUE);
  gsize size;

  if (!wrong)
    wrong = sip_guard_check_names (sip);
  if (!sip_agent_get_source (self->agent, &call.from) ||
      is_flooding (self, &call.from)) {
    sip_refusals_note_flood (&self->refusals, &call);
    answer_refused (&call, 503, "Too Many Calls");
    return;
  }
  if (wrong) {
    refuse (self, &call, 400, wrong, wrong);
    return;
  }
  if (sip_extensions_get_missing (sip)) {
    refuse_extensions (self, &call);
    return;
  }
  if (!sip_guard_get_sdp (sip, &sdp, &size)) {
    refuse (self, &call, SIP_415_UNSUPPORTED_MEDIA, "its body is no SDP");
    return;
  }
  if (sip_guard_is_too_fast (sip, sip_agent_min_session)) {
    refuse (self, &call, SIP_422_SESSION_TIMER_TOO_SMALL,
        "its session timer is too fast");
    return;
  }
  if (sip->sip_replaces)
    give_replacing (self, &call);
  else
    give_call (self, &call);
}

/* ---- All requests outside of a dialog */

static void
answer_options (SipInbox *self, nua_handle_t *nh)
{
  nua_t *nua = sip_agent_get_nua (self->agent);

  if (self->callees->len && !sip_callees_are_draining (self->callees))
    nua_respond (nh, SIP_200_OK, NUTAG_WITH_THIS (nua),
        SIPTAG_ACCEPT_STR (SIP_GUARD_BODY_TYPES), TAG_END ());
  else
    nua_respond (nh, SIP_503_SERVICE_UNAVAILABLE, NUTAG_WITH_THIS (nua),
        SIPTAG_RETRY_AFTER_STR (RETRY_AFTER), TAG_END ());
}

static void
answer_request (SipInbox *self, nua_event_t event, nua_handle_t *nh)
{
  nua_t *nua = sip_agent_get_nua (self->agent);

  if (event == nua_i_options)
    answer_options (self, nh);
  else if (event == nua_i_update || event == nua_i_info ||
      event == nua_i_prack || event == nua_i_bye || event == nua_i_cancel)
    nua_respond (nh, 481, sip_481_No_transaction, NUTAG_WITH_THIS (nua),
        TAG_END ());
  else
    nua_respond (nh, SIP_501_NOT_IMPLEMENTED, NUTAG_WITH_THIS (nua),
        TAG_END ());
}

static void
on_event (SipHandle *handle, const SipEvent *event)
{
  SipInbox *self = (SipInbox *) handle;

  if (sip_waiting_handle (self->callers, event->nh, event->event, event->tags))
    return;
  if (sip_agent_is_closing (self->agent)) {
    nua_handle_destroy (event->nh);
    return;
  }
  if (event->event == nua_i_invite && event->status < 200) {
    incoming_invite (self, event->nh, event->sip);
    return;
  }
  if (event->status < 200 && event->sip)
    answer_request (self, event->event, event->nh);
  nua_handle_destroy (event->nh);
}

/* ---- Life */

static void
inbox_free (gpointer data)
{
  SipInbox *self = data;

  g_ptr_array_unref (self->callees);
  sip_waiting_free (self->callers);
  g_hash_table_unref (self->sources);
  g_free (self);
}

static SipInbox *
inbox_new (SipAgent *agent)
{
  SipInbox *self = g_new0 (SipInbox, 1);

  self->handle.event = on_event;
  self->agent = agent;
  self->callees = g_ptr_array_new ();
  self->callers = sip_waiting_new (offer_waiting, give_up_waiting, self);
  self->sources =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sip_agent_set_inbox (agent, &self->handle, inbox_free);
  return self;
}

/* What is wanted of an inbox once its agent is there. */
typedef struct
{
  SipInboxReady ready;
  gpointer user;
} Opening;

static void
on_agent (SipAgent *agent, const GError *error, gpointer user)
{
  g_autofree Opening *opening = user;

  if (!agent) {
    opening->ready (NULL, error, opening->user);
    return;
  }
  SipInbox *self = (SipInbox *) sip_agent_get_inbox (agent);
  if (!self)
    self = inbox_new (agent);
  self->users++;
  opening->ready (self, NULL, opening->user);
}

void
sip_inbox_open (const SipAgentAddress *address, SipInboxReady ready,
    gpointer user)
{
  Opening *opening = g_new (Opening, 1);

  *opening = (Opening){ ready, user };
  sip_agent_open (address, on_agent, opening);
}

void
sip_inbox_close (SipInbox *self)
{
  self->users--;
  sip_agent_close (self->agent);
}

SipAgent *
sip_inbox_get_agent (SipInbox *self)
{
  return self->agent;
}

void
sip_inbox_add (SipInbox *self, SipCallee *callee)
{
  g_ptr_array_add (self->callees, callee);
  sip_waiting_wake (self->callers);
}

void
sip_inbox_remove (SipInbox *self, SipCallee *callee)
{
  g_ptr_array_remove (self->callees, callee);
}

void
sip_inbox_note_refused (SipInbox *self, const SipIncoming *call, guint status,
    const gchar *cause)
{
  sip_refusals_note (&self->refusals, self->callees, call, status, cause);
}

void
sip_inbox_callee_changed (SipInbox *self)
{
  sip_waiting_wake (self->callers);
}
