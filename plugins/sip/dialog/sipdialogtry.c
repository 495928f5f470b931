/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A call that goes out is tried at one target after another, until one has it (RFC 3263
 * 4.3). Decisions:
 * - A target that says nothing is given up after sip_dialog_try_wait where there is another
 *   one, or the call has somewhere else to go, else when the stack does (32 s). Any response,
 *   also a 100, ends that.
 * - Each try is an INVITE of its own. Of one that was given up whatever comes late is
 *   ended: a stray answers the 200 with ACK and BYE.
 * - Who did not answer is avoided for DEAD_TIME, who said 503 for as long as it says
 *   itself (Retry-After), else for FULL_TIME. */

#include "sipdialoglog.h"
#include "sipdialogprivate.h"
#include "sip/logic/sipuri.h"
#include "sip/signalling/sipguard.h"
#include "sip/signalling/sipheaders.h"
#include "sip/signalling/siploop.h"
#include "sip/signalling/siptext.h"

#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define DEAD_TIME 60 /* s */
#define FULL_TIME 30
#define MOST_TIME 3600
#define GRACE 100 /* ms */

guint sip_dialog_try_wait = 1500;

/* ---- Strays: INVITEs that were given up */

typedef struct
{
  SipHandle handle; /* first */
  SipAgent *agent; /* held */
  nua_handle_t *nh;
  gchar *uri;
} Stray;

static void
stray_free (Stray *self)
{
  nua_handle_bind (self->nh, NULL);
  nua_handle_destroy (self->nh);
  sip_agent_release (self->agent);
  g_free (self->uri);
  g_free (self);
}

/* RFC 3261 9.1: the CANCEL has come too late. */
static void
end_late_answer (Stray *self, const sip_t *sip)
{
  /* Where the answer says that we shall send it may be nowhere: see sipguard.h. */
  const gboolean bad = sip_guard_check_target (sip, TRUE) != NULL;

  nua_ack (self->nh, TAG_IF (bad, NUTAG_URL (self->uri)), TAG_END ());
  nua_bye (self->nh, TAG_IF (bad, NUTAG_URL (self->uri)), TAG_END ());
}

static void
on_stray (SipHandle *handle, const SipEvent *event)
{
  Stray *self = (Stray *) handle;
  int state = nua_callstate_init;

  if (event->event == nua_r_invite && event->status >= 200 &&
      event->status < 300 && event->sip) {
    end_late_answer (self, event->sip);
  } else if (event->event == nua_r_invite &&
      (event->status == 401 || event->status == 407)) {
    stray_free (self); /* the library would wait for a password */
  } else if (event->event == nua_i_state) {
    tl_gets (event->tags, NUTAG_CALLSTATE_REF (state), TAG_END ());
    if (state == nua_callstate_terminated)
      stray_free (self);
  }
}

/* @cancel: it has no final response. */
static void
give_up_invite (SipDialog *self, gboolean cancel)
{
  Stray *stray = g_new0 (Stray, 1);

  stray->handle.event = on_stray;
  stray->agent = self->agent;
  stray->nh = g_steal_pointer (&self->nh);
  stray->uri = g_strdup (self->uri);
  sip_agent_hold (stray->agent);
  nua_handle_bind (stray->nh, sip_handle_get_magic (&stray->handle));
  if (cancel)
    nua_cancel (stray->nh, TAG_END ());
}

/* ---- One try */

void
sip_dialog_stop_try (SipDialog *self)
{
  io_loop_clear_timeout (&self->try_timer);
}

static SipDialogTry
describe_try (const SipDialog *self, const SipDialogEnd *end)
{
  return (SipDialogTry){ .transport = self->transport,
    .number = self->tries_before + self->tries,
    .failed = end != NULL,
    .status = end ? end->status : 0,
    .cause = end ? end->cause : NULL };
}

static void
tell_try (SipDialog *self, const SipDialogEnd *end, guint avoided)
{
  g_autofree gchar *address = packet_address_to_string (&self->remote);
  SipDialogTry attempt = describe_try (self, end);

  attempt.address = address;
  attempt.avoided = avoided;
  self->try_failed = end != NULL;
  GST_DEBUG ("%s: try %u, %s by %s%s%s", sip_dialog_log_id (self), self->tries,
      address, sip_text_transport_name (self->transport), end ? ": " : "",
      end ? end->cause : "");
  if (self->owner && self->owner->tried)
    self->owner->tried (&attempt, self->user);
}

gboolean
sip_dialog_get_try (const SipDialog *self, const SipDialogEnd *end,
    SipDialogTry *attempt, gchar **address)
{
  *attempt = describe_try (self, end);
  *address =
      self->tries ? packet_address_to_string (&self->remote) : g_strdup ("");
  attempt->address = *address;
  if (!self->tries)
    attempt->number++;
  return !self->try_failed;
}

static void
invite (SipDialog *self)
{
  g_autofree gchar *lines = sip_headers_lines (self->settings.headers);
  g_autofree gchar *from = sip_dialog_from_header (self);
  SipDialogAccount *account = &self->settings.account;
  const gchar *route = account->route;
  g_autofree gchar *to = g_strdup_printf ("<%s>", self->uri);
  g_autofree gchar *proxy = sip_dialog_remote_uri (self);

  sip_auth_begin (&account->auth);
  self->nh = nua_handle (sip_agent_get_nua (self->agent),
      sip_handle_get_magic (&self->handle), NUTAG_URL (self->uri),
      SIPTAG_TO_STR (to), SIPTAG_FROM_STR (from),
      SIPTAG_CALL_ID_STR (self->call_id), NUTAG_MIN_SE (sip_agent_min_session),
      TAG_END ());
  if (self->settings.follows_refer)
    sip_dialog_set_allow (self);
  if (!self->invited)
    self->invited_at = g_get_monotonic_time ();
  self->invited = TRUE;
  /* The name stays in the request; where it goes was resolved by us. */
  nua_invite (self->nh, NUTAG_PROXY (proxy), SIPTAG_CONTACT_STR (self->contact),
      SIPTAG_CONTENT_TYPE_STR ("application/sdp"),
      SIPTAG_PAYLOAD_STR (self->description),
      TAG_IF (route, SIPTAG_ROUTE_STR (route)),
      TAG_IF (lines, SIPTAG_HEADER_STR (lines)), TAG_END ());
}

static void
fail_unsent (SipDialog *self, const SipDialogEnd *end)
{
  sip_dialog_tell_end (self, end);
  sip_dialog_free (self);
}

static void start_try (SipDialog *self);
static void end_try (SipDialog *self, const SipDialogEnd *end, gboolean silent);

/* Where the call may go: another target, or somewhere else. */
static gboolean
has_other_way (SipDialog *self)
{
  return sip_targets_has_more (self->targets)
      ? sip_targets_prepare (self->targets)
      : self->settings.has_spare;
}

static gboolean
on_try_over (gpointer data)
{
  SipDialog *self = data;
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, 408,
    "The far end does not react", GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  g_clear_pointer (&self->try_timer, g_source_unref);
  if (!self->ended && has_other_way (self))
    end_try (self, &end, TRUE);
  else if (!self->ended)
    start_try (self);
  return G_SOURCE_REMOVE;
}

/* Where it was this process that stood still, the response is here already, and is read
 * in a moment. */
static gboolean
on_try_wait (gpointer data)
{
  SipDialog *self = data;

  g_source_unref (self->try_timer);
  self->try_timer =
      io_loop_add_timeout (sip_loop_get (), GRACE, on_try_over, self);
  return G_SOURCE_REMOVE;
}

static void
start_try (SipDialog *self)
{
  if (!sip_targets_has_more (self->targets) && !self->settings.has_spare)
    return;
  sip_targets_prepare (self->targets);
  self->try_timer = io_loop_add_timeout (sip_loop_get (), sip_dialog_try_wait,
      on_try_wait, self);
}

/* ---- Encryption */

static gchar *
explain_no_connection (const gchar *why)
{
  return g_strdup_printf ("There is no encrypted connection to the far end: %s",
      why);
}

static void
end_without_connection (SipDialog *self, const gchar *why)
{
  g_autofree gchar *cause = explain_no_connection (why);
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, 0, cause, GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  if (!self->answered && !self->ended)
    sip_dialog_end_try (self, &end);
}

/* The library would say so after seconds, and not why. */
static void
on_no_connection (const gchar *why, gpointer user)
{
  end_without_connection (user, why);
}

gboolean
sip_dialog_tell_no_connection (SipDialog *self)
{
  const gchar *why = self->watch ? tls_watch_get_failure (self->watch) : NULL;

  if (!why)
    return FALSE;
  g_autofree gchar *text = g_strdup (why);
  end_without_connection (self, text);
  return TRUE;
}

/* Whoever is called by TLS must be who the address says. NULL, or why there is
 * somebody else; (transfer full). */
static gchar *
watch_connection (SipDialog *self)
{
  const gchar *hop = self->settings.account.next_hop;
  g_autofree gchar *name = sip_uri_dup_host (hop ? hop : self->uri);
  gchar *why = NULL;

  g_clear_pointer (&self->watch, tls_watch_free);
  if (self->transport == SIP_TRANSPORT_TLS)
    self->watch = tls_watch_new (sip_agent_get_tls (self->agent), &self->remote,
        name, on_no_connection, self, &why);
  return why;
}

/* ---- One after another */

/* Ports of the other family do for no far end that has this one alone. */
static gboolean
open_media (SipDialog *self, GError **error)
{
  if (self->stream &&
      self->media_peer.any.sa_family == self->remote.any.sa_family)
    return TRUE;
  if (self->stream)
    sip_dialog_close_media (self, NULL);
  self->media_peer = (PacketAddress){ 0 };
  return sip_dialog_open_media (self, error);
}

void
sip_dialog_invite (SipDialog *self)
{
  g_free (self->from);
  self->from = sip_dialog_from_address (self);
  sip_dialog_log_invite (self, NULL);
  sip_dialog_describe (self, NULL);
  invite (self);
  start_try (self);
  if (self->tries == 1)
    sip_dialog_tell_state (self, SIP_CALL_CALLING);
}

static void
try_target (SipDialog *self)
{
  g_autoptr (GError) failure = NULL;
  gint code = GST_RESOURCE_ERROR_NO_SPACE_LEFT;

  sip_dialog_set_route (self);
  if (self->tries > 1) /* who had the offer before knows the keys in it */
    sip_dialog_init_security (self);
  if (!sip_dialog_check_secrecy (self, &failure))
    code = GST_RESOURCE_ERROR_SETTINGS;
  if (failure || !open_media (self, &failure)) {
    const SipDialogEnd end = { SIP_CALL_BY_US, 0, failure->message,
      GST_RESOURCE_ERROR, code };
    fail_unsent (self, &end);
    return;
  }
  sip_dialog_ask_outside (self);
  if (!self->waits_outside)
    sip_dialog_invite (self);
}

static void
end_without_target (SipDialog *self, const GError *error)
{
  const SipDialogEnd end = { SIP_CALL_BY_NETWORK, 0,
    error ? error->message : "There is nobody else to call", GST_RESOURCE_ERROR,
    GST_RESOURCE_ERROR_NOT_FOUND };
  const SipDialogEnd last = { SIP_CALL_BY_NETWORK, self->try_status,
    self->try_cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE };

  fail_unsent (self, self->tries ? &last : &end);
}

static void
on_target (const PacketAddress *target, const GError *error, gpointer user)
{
  SipDialog *self = user;

  if (!target) {
    end_without_target (self, error);
    return;
  }
  self->remote = *target;
  self->transport = sip_targets_get_transport (self->targets);
  self->tries++;
  tell_try (self, NULL, 0);
  if (self->unusable) {
    const SipDialogEnd end = { SIP_CALL_BY_US, 0, self->unusable->message,
      self->unusable->domain, self->unusable->code };
    fail_unsent (self, &end);
    return;
  }
  g_autofree gchar *why = watch_connection (self);
  if (why)
    end_without_connection (self, why);
  else
    try_target (self);
}

void
sip_dialog_find_targets (SipDialog *self, const gchar *uri, gint family)
{
  self->targets =
      sip_targets_new (uri, self->transport, family, on_target, self);
  sip_targets_next (self->targets);
}

static guint
get_avoid_time (const SipDialogEnd *end)
{
  if (end->by != SIP_CALL_BY_PEER)
    return DEAD_TIME;
  return end->retry_after ? MIN (end->retry_after, MOST_TIME) : FULL_TIME;
}

/* Only what nobody has rung at. */
static gboolean
may_go_on (const SipDialog *self)
{
  return !self->progress && sip_targets_has_more (self->targets);
}

/* @silent: its INVITE may be answered yet. */
static void
end_try (SipDialog *self, const SipDialogEnd *end, gboolean silent)
{
  const guint avoided = get_avoid_time (end);

  sip_dialog_stop_try (self);
  sip_targets_failed (self->targets, avoided);
  tell_try (self, end, avoided);
  if (!may_go_on (self)) {
    if (silent)
      give_up_invite (self, TRUE);
    if (self->nh)
      sip_dialog_tell_end (self, end);
    else
      fail_unsent (self, end);
    return;
  }
  g_free (self->try_cause);
  self->try_cause = g_strdup (end->cause);
  self->try_status = end->status;
  if (self->nh)
    give_up_invite (self, end->by != SIP_CALL_BY_PEER);
  /* What becomes of that connection is over while the next one is looked for. */
  g_clear_pointer (&self->watch, tls_watch_free);
  sip_targets_next (self->targets);
}

void
sip_dialog_end_try (SipDialog *self, const SipDialogEnd *end)
{
  end_try (self, end, FALSE);
}

/* It is there. */
void
sip_dialog_heard_target (SipDialog *self)
{
  sip_dialog_stop_try (self);
  if (self->targets)
    sip_targets_worked (self->targets);
}
