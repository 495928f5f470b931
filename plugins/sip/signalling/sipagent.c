/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - The agent stays for LINGER ms after its last user and call, so that a
 *   pipeline that is restarted finds it, and a BYE gets its answer.
 * - Server transactions live 32 s whatever happened (RFC 3261 17.2), about 10 kB
 *   each: against floods of other requests put a packet filter in front. */

#include "config.h"

#include "sipagent.h"
#include "sipextensions.h"
#include "siploop.h"
#include "sipport.h"

#include "sip/connection/sipconnections.h"

#include <gst/gst.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/tport_tag.h>
#include <string.h>

#define LINGER 300 /* ms */
#define CHOICES 3 /* of a port that nobody has set */
#define MAX_MESSAGE 65536
/* ms; the library keeps a TCP connection that its peer closed after sending
 * nonsense until it was idle for so long. Longer than the 15 minutes between two
 * refreshes of a session timer, so that a call keeps its connection. */
#define IDLE_CONNECTION 1200000

struct _SipAgent
{
  gchar *host;
  guint16 port; /* UDP and TCP, 0: none */
  guint16 tls_port; /* 0: no TLS */
  gchar *key; /* as asked for */
  nua_t *nua;
  TlsPort *tls; /* NULL: none */
  GSList *callers; /* SipAgent: by what it has not */
  SipHandle *inbox;
  GDestroyNotify destroy_inbox;
  guint users; /* opened and not closed */
  guint handles; /* of calls, and what else holds it */
  GSource *linger;
  gboolean closing;
  GSList *waiting; /* Waiting: want the address once it is free */
};

typedef struct
{
  SipAgentAddress address;
  SipAgentReady ready;
  gpointer user;
} Waiting;

guint sip_agent_timeout;
guint sip_agent_min_session = 90;

/* SIP loop only. */
static GHashTable *agents; /* key -> SipAgent */

static void open_waiting (gpointer data);

void
sip_agent_address_clear (SipAgentAddress *self)
{
  g_clear_pointer (&self->host, g_free);
  tls_settings_clear (&self->tls);
}

static void
agent_free (SipAgent *self)
{
  if (self->destroy_inbox)
    self->destroy_inbox (self->inbox);
  sip_connections_unwatch ();
  g_clear_pointer (&self->tls, tls_port_free);
  g_free (self->host);
  g_free (self->key);
  g_free (self);
}

static gboolean
destroy_nua (gpointer data)
{
  SipAgent *self = data;

  nua_destroy (self->nua);
  if (g_hash_table_lookup (agents, self->key) == self) /* else it never was */
    g_hash_table_remove (agents, self->key);
  for (GSList *w = self->waiting; w; w = w->next)
    open_waiting (w->data);
  g_slist_free (self->waiting);
  agent_free (self);
  return G_SOURCE_REMOVE;
}

static void
give_event (SipAgent *self, SipHandle *handle, const SipEvent *event)
{
  if (handle)
    handle->event (handle, event);
  else if (event->nh && self->inbox)
    self->inbox->event (self->inbox, event);
  else if (event->nh)
    nua_handle_destroy (event->nh);
}

/* The library keeps a 100 to an INVITE for ever. Three have it now: its transaction, this
 * event, and whoever forgets it; a library that does not has two. */
static void
release_forgotten (SipAgent *self)
{
  msg_t *message = nua_current_request (self->nua);

  if (message && su_home_refcount (msg_home (message)) > 2)
    msg_destroy (message);
}

static void
on_event (nua_event_t event, int status, char const *phrase, nua_t *nua,
    nua_magic_t *magic, nua_handle_t *nh, nua_hmagic_t *hmagic,
    sip_t const *sip, tagi_t tags[])
{
  SipAgent *self = (SipAgent *) magic;
  const SipEvent told = { event, status, phrase, nh, sip, tags };

  if (event == nua_r_invite && status == 100 && sip)
    release_forgotten (self);
  if (event != nua_r_shutdown)
    give_event (self, (SipHandle *) hmagic, &told);
  else if (status >= 200)
    g_source_unref (
        io_loop_add_timeout (sip_loop_get (), 0, destroy_nua, self));
}

static gboolean
shut_down (gpointer data)
{
  SipAgent *self = data;

  g_clear_pointer (&self->linger, g_source_unref);
  self->closing = TRUE;
  nua_shutdown (self->nua);
  for (GSList *c = self->callers; c; c = c->next)
    sip_agent_close (c->data);
  g_clear_pointer (&self->callers, g_slist_free);
  return G_SOURCE_REMOVE;
}

static void
stop_linger (SipAgent *self)
{
  io_loop_clear_timeout (&self->linger);
}

static void
check_use (SipAgent *self)
{
  stop_linger (self);
  if (!self->users && !self->handles && !self->closing)
    self->linger = io_loop_add_timeout (sip_loop_get (),
        self->waiting ? 0 : LINGER, shut_down, self);
}

static gchar *
make_url (const gchar *scheme, const gchar *host, guint16 port)
{
  return g_strdup_printf (strchr (host, ':') ? "%s:[%s]:%u" : "%s:%s:%u",
      scheme, host, port);
}

static nua_t *
create_nua (SipAgent *self)
{
  g_autofree gchar *url = make_url ("sip", self->host, self->port);
  g_autofree gchar *tls_url = make_url ("sips", self->host, self->tls_port);

  return nua_create (sip_loop_get_root (), on_event, (nua_magic_t *) self,
      TAG_IF (self->port, NUTAG_URL (url)),
      TAG_IF (self->tls_port, NUTAG_SIPS_URL (tls_url)),
      /* Nothing is there: what TLS goes by is ours. */
      TAG_IF (self->tls_port, NUTAG_CERTIFICATE_DIR ("/dev/null")),
      NUTAG_MEDIA_ENABLE (0), NUTAG_AUTOANSWER (0), NUTAG_AUTOALERT (0),
      NUTAG_AUTOACK (0), NUTAG_ENABLEINVITE (1), NUTAG_ENABLEMESSAGE (0),
      NUTAG_APPL_METHOD ("INFO, OPTIONS, UPDATE, PRACK, REFER"),
      /* RFC 3262: of what we say before the answer only SDP is worth a PRACK. */
      NUTAG_EARLY_MEDIA (1), NUTAG_ONLY183_100REL (1),
      /* NUTAG_ALLOW would add to a list which has REFER: the library sends a
       * NOTIFY to wherever the REFER's Contact says, even if it is refused. */
      SIPTAG_ALLOW_STR (SIP_AGENT_ALLOW),
      NUTAG_SESSION_TIMER (SIP_AGENT_SESSION),
      NUTAG_MIN_SE (0), /* checked by us, who tell of it */
      NUTAG_UPDATE_REFRESH (0),
      SIPTAG_SUPPORTED (sip_extensions_get_supported ()),
      NTATAG_MCLASS (sip_extensions_get_parser ()), NUTAG_AUTO302 (0),
      NUTAG_MAX_RETRY_AFTER (0), /* whether and when is told, and ours */
      NUTAG_OUTBOUND ("no-natify no-validate no-options-keepalive"),
      NUTAG_SHUTDOWN_EVENTS (0), NTATAG_SERVER_RPORT (1), NTATAG_UDP_MTU (1300),
      NTATAG_PASS_100 (1), /* whoever says it is there */
      NTATAG_MAXSIZE (MAX_MESSAGE), TPTAG_STUN_SERVER (FALSE),
      TPTAG_IDLE (IDLE_CONNECTION), TPTAG_PONG2PING (TRUE), /* RFC 5626 4.4.1 */
      TAG_IF (sip_agent_timeout, NTATAG_SIP_T1X64 (sip_agent_timeout)),
      SIPTAG_USER_AGENT_STR ("gst-voice-agent/" PACKAGE_VERSION), TAG_END ());
}

static gboolean
start (SipAgent *self, GError **error)
{
  if (self->tls)
    tls_port_begin (self->tls);
  self->nua = create_nua (self);
  if (self->tls && !tls_port_end (self->tls) && self->nua) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED,
        "The SIP library on this machine has no TLS by OpenSSL.");
    return FALSE;
  }
  if (self->nua)
    return TRUE;
  g_autofree gchar *why =
      sip_port_explain (self->host, self->port, self->tls_port);
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY, why);
  return FALSE;
}

static void
choose_ports (SipAgent *self, const SipAgentAddress *address)
{
  const guint16 port =
      address->port ? address->port : sip_port_choose (address->host);

  if (address->secure)
    self->tls_port = port;
  else
    self->port = port;
  if (!address->secure && address->tls.certificate)
    self->tls_port = address->port ? port + 1 : sip_port_choose (address->host);
}

static SipAgent *
try_new (const SipAgentAddress *address, const gchar *key, GError **error)
{
  SipAgent *self = g_new0 (SipAgent, 1);

  sip_connections_watch (io_loop_get_context (sip_loop_get ()));
  self->host = g_strdup (address->host);
  self->key = g_strdup (key);
  choose_ports (self, address);
  if (self->tls_port)
    self->tls = tls_port_new (sip_loop_get (), &address->tls, error);
  if ((self->tls || !self->tls_port) && start (self, error)) {
    g_hash_table_insert (agents, self->key, self);
    return self;
  }
  if (self->nua) /* which lives until it is shut down */
    shut_down (self);
  else
    agent_free (self);
  return NULL;
}

/* NULL with @error. A port that we have chosen may be somebody else's by now: then another
 * one. */
static SipAgent *
agent_new (const SipAgentAddress *address, const gchar *key, GError **error)
{
  for (guint left = address->port ? 0 : CHOICES;; left--) {
    g_autoptr (GError) wrong = NULL;
    SipAgent *self = try_new (address, key, &wrong);
    if (self)
      return self;
    if (!left ||
        !g_error_matches (wrong, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY)) {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  }
}

/* Lines of one address have one TLS; who sets nothing goes along, and who only calls
 * out where there is none has one of its own. */
static gboolean
check_tls (const SipAgent *self, const TlsSettings *wanted, GError **error)
{
  static const TlsSettings nothing = { .verify = TLS_VERIFY_SERVER };

  if (tls_settings_equal (wanted, &nothing) ||
      (self->tls
              ? tls_settings_equal (wanted, tls_port_get_settings (self->tls))
              : !wanted->certificate))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "The tls- properties differ from those of another line of port %u, or "
      "it has none.",
      self->port ? self->port : self->tls_port);
  return FALSE;
}

static void
wait_for_address (SipAgent *self, const SipAgentAddress *address,
    SipAgentReady ready, gpointer user)
{
  Waiting *waiting = g_new (Waiting, 1);

  *waiting = (Waiting){ *address, ready, user };
  waiting->address.host = g_strdup (address->host);
  tls_settings_copy (&waiting->address.tls, &address->tls);
  self->waiting = g_slist_append (self->waiting, waiting);
}

void
sip_agent_open (const SipAgentAddress *address, SipAgentReady ready,
    gpointer user)
{
  g_autofree gchar *key = g_strdup_printf ("%s|%u|%d", address->host,
      address->port, address->secure);
  g_autoptr (GError) error = NULL;

  if (!agents)
    agents = g_hash_table_new (g_str_hash, g_str_equal);
  SipAgent *self = g_hash_table_lookup (agents, key);
  /* What those wanted that are gone holds no more, but has to go first. */
  if (self &&
      (self->closing || self->waiting ||
          (!self->users && !check_tls (self, &address->tls, NULL)))) {
    wait_for_address (self, address, ready, user);
    check_use (self);
    return;
  }
  if (!self)
    self = agent_new (address, key, &error);
  else if (!check_tls (self, &address->tls, &error))
    self = NULL;
  if (!self) {
    ready (NULL, error, user);
    return;
  }
  self->users++;
  stop_linger (self);
  ready (self, NULL, user);
}

static void
open_waiting (gpointer data)
{
  Waiting *waiting = data;

  sip_agent_open (&waiting->address, waiting->ready, waiting->user);
  sip_agent_address_clear (&waiting->address);
  g_free (waiting);
}

/* ---- Calls out by what it does not listen with */

static gboolean
can_call (SipAgent *self, SipTransport transport, const TlsSettings *tls)
{
  return sip_agent_get_port_of (self, transport) &&
      (transport != SIP_TRANSPORT_TLS ||
          tls_settings_equal (tls, tls_port_get_settings (self->tls)));
}

SipAgent *
sip_agent_get_caller (SipAgent *self, SipTransport transport,
    const TlsSettings *tls, GError **error)
{
  static guint serial;
  const SipAgentAddress address = { self->host, 0,
    transport == SIP_TRANSPORT_TLS, *tls };

  /* It calls by its own TLS, whatever a line that has none of its own has not set. */
  if (sip_agent_get_port_of (self, transport))
    return self;
  for (GSList *c = self->callers; c; c = c->next)
    if (can_call (c->data, transport, tls))
      return c->data;
  g_autofree gchar *key = g_strdup_printf ("caller|%u", ++serial);
  SipAgent *caller = agent_new (&address, key, error);
  if (!caller)
    return NULL;
  caller->users++;
  self->callers = g_slist_prepend (self->callers, caller);
  return caller;
}

void
sip_agent_close (SipAgent *self)
{
  self->users--;
  check_use (self);
}

void
sip_agent_set_inbox (SipAgent *self, SipHandle *inbox, GDestroyNotify destroy)
{
  self->inbox = inbox;
  self->destroy_inbox = destroy;
}

SipHandle *
sip_agent_get_inbox (SipAgent *self)
{
  return self->inbox;
}

gboolean
sip_agent_is_closing (SipAgent *self)
{
  return self->closing;
}

void
sip_agent_hold (SipAgent *self)
{
  self->handles++;
  stop_linger (self);
}

void
sip_agent_release (SipAgent *self)
{
  self->handles--;
  check_use (self);
}

gboolean
sip_agent_get_source (SipAgent *self, PacketAddress *from)
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

SipTransport
sip_agent_get_transport (SipAgent *self)
{
  msg_t *message = nua_current_request (self->nua);
  const su_addrinfo_t *info = message ? msg_addrinfo (message) : NULL;
  PacketAddress from;

  if (info && info->ai_socktype == SOCK_DGRAM)
    return SIP_TRANSPORT_UDP;
  /* What a message says of its way anybody can write. */
  if (self->tls && sip_agent_get_source (self, &from) &&
      tls_port_has_peer (self->tls, &from))
    return SIP_TRANSPORT_TLS;
  return SIP_TRANSPORT_TCP;
}

nua_t *
sip_agent_get_nua (SipAgent *self)
{
  return self->nua;
}

guint16
sip_agent_get_port (SipAgent *self)
{
  return self->port ? self->port : self->tls_port;
}

guint16
sip_agent_get_port_of (SipAgent *self, SipTransport transport)
{
  return transport == SIP_TRANSPORT_TLS ? self->tls_port : self->port;
}

TlsPort *
sip_agent_get_tls (SipAgent *self)
{
  return self->tls;
}

const gchar *
sip_agent_get_host (SipAgent *self)
{
  return self->host;
}
