/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - The endpoint stays for LINGER ms after its last line and dialog, so that a
 *   pipeline that is restarted finds it, and a BYE gets its answer.
 * - A source may begin BURST calls at once and RATE a second in the long run;
 *   above that it gets 503 with Retry-After before anything is allocated. It is
 *   far above what a trunk or a load test offers and far below a flood.
 * - Server transactions live 32 s whatever happened (RFC 3261 17.2), about 10 kB
 *   each: against floods of other requests put a packet filter in front. */

#include "config.h"

#include "sipendpoint.h"
#include "logic/dialplan.h"
#include "logic/sipuri.h"
#include "sipchoice.h"
#include "sipdialog.h"
#include "signalling/sipguard.h"
#include "siplog.h"
#include "signalling/sipport.h"
#include "siprefusal.h"
#include "sipwaiting.h"

#include <gst/gst.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_glib.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_uniqueid.h>
#include <sofia-sip/tport_tag.h>
#include <string.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_EXTERN (gst_sip_debug);
#define GST_CAT_DEFAULT gst_sip_debug

#define LINGER 300 /* ms */
#define RATE 500.0
#define BURST 1000.0
#define MAX_SOURCES 4096
#define DEFAULT_MAX_CALLS 2000
#define MAX_MESSAGE 65536
/* ms; the library keeps a TCP connection that its peer closed after sending
 * nonsense until it was idle for so long. Longer than the 15 minutes between two
 * refreshes of a session timer, so that a call keeps its connection. */
#define IDLE_CONNECTION 1200000
#define RETRY_AFTER "5"

struct _SipEndpoint
{
  gchar *host;
  guint16 port;
  gchar *key; /* as asked for */
  guint max_calls; /* 0: nobody said */
  nua_t *nua;
  GPtrArray *lines; /* SipLine, not owned */
  SipWaiting *callers; /* for whom no line is free */
  guint users; /* opened and not closed */
  guint dialogs;
  guint calls; /* dialogs that are not over for their line */
  GHashTable *sources; /* host -> DialplanBucket */
  SipRefusals refusals;
  GSource *linger;
  gboolean closing;
  GSList *waiting; /* Waiting: want the address once it is free */
};

typedef struct
{
  gchar *host;
  guint16 port;
  guint max_calls;
  SipEndpointReady ready;
  gpointer user;
} Waiting;

guint sip_endpoint_timeout;
guint sip_endpoint_min_session = 90;

/* SIP loop only. */
static su_root_t *root;
static GHashTable *endpoints; /* key -> SipEndpoint */

/* ---- The loop and the library */

/* The library's destructor deletes the thread key of its random numbers, used or
 * not: unused that is key 0, which may be GLib's, and a process that has only
 * looked at the plugin aborts on its way out. */
__attribute__ ((constructor)) static void
claim_random_numbers (void)
{
  su_random64 ();
}

extern su_log_t tport_log[], nta_log[], nua_log[], nea_log[], iptsec_log[],
    stun_log[], soa_log[];

static void
silence_log (su_log_t *log)
{
  su_log_redirect (log, sip_log_sofia, NULL);
  su_log_set_level (log,
      gst_debug_category_get_threshold (gst_sip_debug) >= GST_LEVEL_LOG ? 5
                                                                        : 0);
}

static void
start_sofia (gpointer data)
{
  IoLoop *loop = data;

  su_init ();
  su_log_t *logs[] = { su_log_default, tport_log, nta_log, nua_log, nea_log,
    iptsec_log, stun_log, soa_log };
  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    silence_log (logs[i]);
  root = su_glib_root_create (NULL);
  su_root_threading (root, 0);
  g_source_attach (su_glib_root_gsource (root), io_loop_get_context (loop));
  endpoints = g_hash_table_new (g_str_hash, g_str_equal);
}

static gpointer
make_loop (gpointer unused)
{
  IoLoop *loop = io_loop_acquire ("sip");

  io_loop_invoke (loop, start_sofia, loop, NULL);
  return loop;
}

IoLoop *
sip_loop_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_loop, NULL);
}

/* ---- Requests outside of a dialog */

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
  g_autofree gchar *min_session =
      g_strdup_printf ("%u", sip_endpoint_min_session);

  nua_respond (call->nh, status, phrase,
      TAG_IF (status == 503, SIPTAG_RETRY_AFTER_STR (RETRY_AFTER)),
      TAG_IF (status == 422, SIPTAG_MIN_SE_STR (min_session)),
      TAG_IF (status == 415, SIPTAG_ACCEPT_STR (SIP_GUARD_BODY_TYPES)),
      TAG_END ());
  nua_handle_destroy (call->nh);
}

static void
refuse (SipEndpoint *self, const SipIncoming *call, gint status,
    const gchar *phrase, const gchar *why)
{
  sip_endpoint_note_refused (self, call, (guint) status, why);
  answer_refused (call, status, phrase);
}

gboolean
sip_endpoint_get_source (SipEndpoint *self, PacketAddress *from)
{
  msg_t *message = nua_current_request (self->nua);
  su_addrinfo_t *info = message ? msg_addrinfo (message) : NULL;

  *from = (PacketAddress){ 0 };
  if (!info || !info->ai_addr || info->ai_addrlen > sizeof *from ||
      info->ai_addr->sa_family == AF_UNSPEC)
    return FALSE;
  memcpy (from, info->ai_addr, info->ai_addrlen);
  return TRUE;
}

static gboolean
is_flooding (SipEndpoint *self, const PacketAddress *from)
{
  g_autofree gchar *host = packet_address_host_to_string (from);
  DialplanBucket *bucket = g_hash_table_lookup (self->sources, host);

  if (!bucket) {
    if (g_hash_table_size (self->sources) >= MAX_SOURCES)
      g_hash_table_remove_all (self->sources);
    bucket = g_new0 (DialplanBucket, 1);
    g_hash_table_insert (self->sources, g_steal_pointer (&host), bucket);
  }
  return !dialplan_bucket_take (bucket, g_get_monotonic_time () * 1000, RATE,
      BURST);
}

/* Why there is no call for @line, or for any; NULL if there may be. */
static const gchar *
why_unavailable (SipEndpoint *self, const SipLine *line)
{
  if (sip_choice_is_draining (self->lines))
    return "the address is draining";
  if (line &&
      self->calls >= (self->max_calls ? self->max_calls : DEFAULT_MAX_CALLS))
    return "there are max-calls already";
  return NULL;
}

static void
wait_for_line (SipEndpoint *self, const SipIncoming *call)
{
  g_autofree gchar *user = called_user (call->sip);
  guint timeout = sip_choice_busy_wait (self->lines, user);

  if (!timeout || !sip_waiting_add (self->callers, self->nua, call, timeout))
    refuse (self, call, SIP_486_BUSY_HERE, "no line is free");
}

static gboolean
offer_waiting (const SipIncoming *call, gpointer user)
{
  SipEndpoint *self = user;
  DialplanResult result;
  g_autofree gchar *name = called_user (call->sip);
  SipLine *line = sip_choice_line (self->lines, name, &result);

  const gchar *why = why_unavailable (self, line);
  if (why)
    refuse (self, call, SIP_503_SERVICE_UNAVAILABLE, why);
  else if (line)
    line->incoming (line->owner, call);
  else
    return FALSE;
  return TRUE;
}

static void
give_up_waiting (const SipIncoming *call, gboolean left, gpointer user)
{
  if (left)
    sip_endpoint_note_refused (user, call, 487,
        "the caller hung up while no line was free");
  else
    refuse (user, call, SIP_486_BUSY_HERE, "no line became free");
}

static void
incoming_invite (SipEndpoint *self, nua_handle_t *nh, const sip_t *sip)
{
  SipIncoming call = { .nh = nh,
    .sip = sip,
    .arrived = g_get_monotonic_time () };
  DialplanResult result;
  const gchar *sdp, *wrong = sip_guard_check_target (sip, TRUE);
  gsize size;

  if (!sip_endpoint_get_source (self, &call.from) ||
      is_flooding (self, &call.from)) {
    sip_refusals_note_flood (&self->refusals, &call);
    answer_refused (&call, 503, "Too Many Calls");
    return;
  }
  if (wrong) {
    refuse (self, &call, 400, wrong, wrong);
    return;
  }
  if (!sip_guard_get_sdp (sip, &sdp, &size)) {
    refuse (self, &call, SIP_415_UNSUPPORTED_MEDIA, "its body is no SDP");
    return;
  }
  if (sip_guard_is_too_fast (sip, sip_endpoint_min_session)) {
    refuse (self, &call, SIP_422_SESSION_TIMER_TOO_SMALL,
        "its session timer is too fast");
    return;
  }
  g_autofree gchar *user = called_user (sip);
  SipLine *line = sip_choice_line (self->lines, user, &result);
  const gchar *why = self->lines->len ? why_unavailable (self, line)
                                      : "the last line ends just now";
  if (why)
    refuse (self, &call, SIP_503_SERVICE_UNAVAILABLE, why);
  else if (line)
    line->incoming (line->owner, &call);
  else if (result == DIALPLAN_BUSY)
    wait_for_line (self, &call);
  else
    refuse (self, &call, SIP_404_NOT_FOUND, "no line has this name");
}

static void
outside_dialog (SipEndpoint *self, nua_event_t event, gint status,
    nua_handle_t *nh, const sip_t *sip)
{
  if (event == nua_i_invite && status < 200) {
    incoming_invite (self, nh, sip);
    return;
  }
  if (status < 200 && sip) {
    if (event == nua_i_options && self->lines->len &&
        !sip_choice_is_draining (self->lines))
      nua_respond (nh, SIP_200_OK, NUTAG_WITH_THIS (self->nua),
          SIPTAG_ACCEPT_STR (SIP_GUARD_BODY_TYPES), TAG_END ());
    else if (event == nua_i_options)
      nua_respond (nh, SIP_503_SERVICE_UNAVAILABLE, NUTAG_WITH_THIS (self->nua),
          SIPTAG_RETRY_AFTER_STR (RETRY_AFTER), TAG_END ());
    else if (event == nua_i_update || event == nua_i_info ||
        event == nua_i_bye || event == nua_i_cancel)
      nua_respond (nh, 481, sip_481_No_transaction, NUTAG_WITH_THIS (self->nua),
          TAG_END ());
    else
      nua_respond (nh, SIP_501_NOT_IMPLEMENTED, NUTAG_WITH_THIS (self->nua),
          TAG_END ());
  }
  nua_handle_destroy (nh);
}

/* ---- Life */

static void open_waiting (gpointer data);

static gboolean
destroy_nua (gpointer data)
{
  SipEndpoint *self = data;

  nua_destroy (self->nua);
  g_hash_table_remove (endpoints, self->key);
  for (GSList *w = self->waiting; w; w = w->next)
    open_waiting (w->data);
  g_slist_free (self->waiting);
  g_ptr_array_unref (self->lines);
  sip_waiting_free (self->callers);
  g_hash_table_unref (self->sources);
  g_free (self->host);
  g_free (self->key);
  g_free (self);
  return G_SOURCE_REMOVE;
}

static void
on_event (nua_event_t event, int status, char const *phrase, nua_t *nua,
    nua_magic_t *magic, nua_handle_t *nh, nua_hmagic_t *hmagic,
    sip_t const *sip, tagi_t tags[])
{
  SipEndpoint *self = (SipEndpoint *) magic;

  if (event == nua_r_shutdown) {
    if (status >= 200)
      g_source_unref (
          io_loop_add_timeout (sip_loop_get (), 0, destroy_nua, self));
  } else if (hmagic) {
    sip_dialog_handle ((SipDialog *) hmagic, event, status, phrase, sip, tags);
  } else if (nh && sip_waiting_handle (self->callers, nh, event, tags)) {
    /* that was all */
  } else if (nh && !self->closing) {
    outside_dialog (self, event, status, nh, sip);
  } else if (nh) {
    nua_handle_destroy (nh);
  }
}

static gboolean
shut_down (gpointer data)
{
  SipEndpoint *self = data;

  g_clear_pointer (&self->linger, g_source_unref);
  self->closing = TRUE;
  nua_shutdown (self->nua);
  return G_SOURCE_REMOVE;
}

static void
stop_linger (SipEndpoint *self)
{
  if (!self->linger)
    return;
  g_source_destroy (self->linger);
  g_clear_pointer (&self->linger, g_source_unref);
}

static void
check_use (SipEndpoint *self)
{
  stop_linger (self);
  if (!self->users && !self->dialogs && !self->closing)
    self->linger =
        io_loop_add_timeout (sip_loop_get (), LINGER, shut_down, self);
}

static nua_t *
create_nua (SipEndpoint *self)
{
  gboolean v6 = strchr (self->host, ':') != NULL;
  g_autofree gchar *url = g_strdup_printf (v6 ? "sip:[%s]:%u" : "sip:%s:%u",
      self->host, self->port);

  return nua_create (root, on_event, (nua_magic_t *) self, NUTAG_URL (url),
      NUTAG_MEDIA_ENABLE (0), NUTAG_AUTOANSWER (0), NUTAG_AUTOALERT (0),
      NUTAG_AUTOACK (0), NUTAG_ENABLEINVITE (1), NUTAG_ENABLEMESSAGE (0),
      NUTAG_APPL_METHOD ("INFO, OPTIONS, UPDATE"),
      /* NUTAG_ALLOW would add to a list which has REFER: the library sends a
       * NOTIFY to wherever the REFER's Contact says, even if it is refused. */
      SIPTAG_ALLOW_STR ("INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO"),
      NUTAG_SESSION_TIMER (SIP_ENDPOINT_SESSION),
      NUTAG_MIN_SE (0), /* checked by us, who tell of it */
      NUTAG_UPDATE_REFRESH (0), SIPTAG_SUPPORTED_STR ("timer"),
      NUTAG_AUTO302 (0),
      NUTAG_OUTBOUND ("no-natify no-validate no-options-keepalive"),
      NUTAG_SHUTDOWN_EVENTS (0), NTATAG_SERVER_RPORT (1), NTATAG_UDP_MTU (1300),
      NTATAG_MAXSIZE (MAX_MESSAGE), TPTAG_STUN_SERVER (FALSE),
      TPTAG_IDLE (IDLE_CONNECTION), TPTAG_PONG2PING (TRUE), /* RFC 5626 4.4.1 */
      TAG_IF (sip_endpoint_timeout, NTATAG_SIP_T1X64 (sip_endpoint_timeout)),
      SIPTAG_USER_AGENT_STR ("gst-voice-agent/" PACKAGE_VERSION), TAG_END ());
}

static void
report_busy (const gchar *host, guint16 port, SipEndpointReady ready,
    gpointer user)
{
  g_autofree gchar *why = sip_port_explain (host, port);
  g_autoptr (GError) error =
      g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY, why);

  ready (NULL, error, user);
}

static SipEndpoint *
endpoint_new (const gchar *host, guint16 port, const gchar *key)
{
  SipEndpoint *self = g_new0 (SipEndpoint, 1);

  self->host = g_strdup (host);
  self->key = g_strdup (key);
  self->port = port ? port : sip_port_choose (host);
  self->lines = g_ptr_array_new ();
  self->callers = sip_waiting_new (offer_waiting, give_up_waiting, self);
  self->sources =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->nua = create_nua (self);
  if (self->nua) {
    g_hash_table_insert (endpoints, self->key, self);
    return self;
  }
  g_ptr_array_unref (self->lines);
  sip_waiting_free (self->callers);
  g_hash_table_unref (self->sources);
  g_free (self->host);
  g_free (self->key);
  g_free (self);
  return NULL;
}

static gboolean
limits_agree (SipEndpoint *self, guint limit, SipEndpointReady ready,
    gpointer user)
{
  if (!limit || !self->max_calls || limit == self->max_calls) {
    self->max_calls = MAX (limit, self->max_calls);
    return TRUE;
  }
  g_autoptr (GError) error =
      g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
          "max-calls is %u here but %u on another line of port %u.", limit,
          self->max_calls, self->port);
  ready (NULL, error, user);
  return FALSE;
}

void
sip_endpoint_open (const gchar *host, guint16 port, guint limit,
    SipEndpointReady ready, gpointer user)
{
  g_autofree gchar *key = g_strdup_printf ("%s|%u", host, port);
  SipEndpoint *self = g_hash_table_lookup (endpoints, key);

  if (self && self->closing) {
    Waiting *waiting = g_new (Waiting, 1);
    *waiting = (Waiting){ g_strdup (host), port, limit, ready, user };
    self->waiting = g_slist_append (self->waiting, waiting);
    return;
  }
  if (!self)
    self = endpoint_new (host, port, key);
  if (!self) {
    report_busy (host, port, ready, user);
    return;
  }
  if (!self->users) /* what lines said that are gone holds no more */
    self->max_calls = 0;
  if (!limits_agree (self, limit, ready, user))
    return;
  self->users++;
  stop_linger (self);
  ready (self, NULL, user);
}

static void
open_waiting (gpointer data)
{
  Waiting *waiting = data;

  sip_endpoint_open (waiting->host, waiting->port, waiting->max_calls,
      waiting->ready, waiting->user);
  g_free (waiting->host);
  g_free (waiting);
}

void
sip_endpoint_close (SipEndpoint *self)
{
  self->users--;
  check_use (self);
}

void
sip_endpoint_add_line (SipEndpoint *self, SipLine *line)
{
  g_ptr_array_add (self->lines, line);
  sip_waiting_wake (self->callers);
}

void
sip_endpoint_remove_line (SipEndpoint *self, SipLine *line)
{
  g_ptr_array_remove (self->lines, line);
}

void
sip_endpoint_note_refused (SipEndpoint *self, const SipIncoming *call,
    guint status, const gchar *cause)
{
  sip_refusals_note (&self->refusals, self->lines, call, status, cause);
}

void
sip_endpoint_line_changed (SipEndpoint *self)
{
  sip_waiting_wake (self->callers);
}

void
sip_endpoint_begin_dialog (SipEndpoint *self)
{
  self->dialogs++;
  self->calls++;
  stop_linger (self);
}

void
sip_endpoint_end_call (SipEndpoint *self)
{
  self->calls--;
}

void
sip_endpoint_end_dialog (SipEndpoint *self)
{
  self->dialogs--;
  check_use (self);
}

nua_t *
sip_endpoint_get_nua (SipEndpoint *self)
{
  return self->nua;
}

guint16
sip_endpoint_get_port (SipEndpoint *self)
{
  return self->port;
}

const gchar *
sip_endpoint_get_host (SipEndpoint *self)
{
  return self->host;
}
