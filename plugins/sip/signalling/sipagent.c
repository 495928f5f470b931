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

#include <gst/gst.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/tport_tag.h>
#include <string.h>

#define LINGER 300 /* ms */
#define MAX_MESSAGE 65536
/* ms; the library keeps a TCP connection that its peer closed after sending
 * nonsense until it was idle for so long. Longer than the 15 minutes between two
 * refreshes of a session timer, so that a call keeps its connection. */
#define IDLE_CONNECTION 1200000

struct _SipAgent
{
  gchar *host;
  guint16 port;
  gchar *key; /* as asked for */
  nua_t *nua;
  SipHandle *inbox;
  GDestroyNotify destroy_inbox;
  guint users; /* opened and not closed */
  guint handles; /* of calls */
  guint calls; /* of these, not over */
  GSource *linger;
  gboolean closing;
  GSList *waiting; /* Waiting: want the address once it is free */
};

typedef struct
{
  gchar *host;
  guint16 port;
  SipAgentReady ready;
  gpointer user;
} Waiting;

guint sip_agent_timeout;
guint sip_agent_min_session = 90;

/* SIP loop only. */
static GHashTable *agents; /* key -> SipAgent */

static void open_waiting (gpointer data);

static void
agent_free (SipAgent *self)
{
  if (self->destroy_inbox)
    self->destroy_inbox (self->inbox);
  g_free (self->host);
  g_free (self->key);
  g_free (self);
}

static gboolean
destroy_nua (gpointer data)
{
  SipAgent *self = data;

  nua_destroy (self->nua);
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

static void
on_event (nua_event_t event, int status, char const *phrase, nua_t *nua,
    nua_magic_t *magic, nua_handle_t *nh, nua_hmagic_t *hmagic,
    sip_t const *sip, tagi_t tags[])
{
  SipAgent *self = (SipAgent *) magic;
  const SipEvent told = { event, status, phrase, nh, sip, tags };

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
  return G_SOURCE_REMOVE;
}

static void
stop_linger (SipAgent *self)
{
  if (!self->linger)
    return;
  g_source_destroy (self->linger);
  g_clear_pointer (&self->linger, g_source_unref);
}

static void
check_use (SipAgent *self)
{
  stop_linger (self);
  if (!self->users && !self->handles && !self->closing)
    self->linger =
        io_loop_add_timeout (sip_loop_get (), LINGER, shut_down, self);
}

static nua_t *
create_nua (SipAgent *self)
{
  gboolean v6 = strchr (self->host, ':') != NULL;
  g_autofree gchar *url = g_strdup_printf (v6 ? "sip:[%s]:%u" : "sip:%s:%u",
      self->host, self->port);

  return nua_create (sip_loop_get_root (), on_event, (nua_magic_t *) self,
      NUTAG_URL (url), NUTAG_MEDIA_ENABLE (0), NUTAG_AUTOANSWER (0),
      NUTAG_AUTOALERT (0), NUTAG_AUTOACK (0), NUTAG_ENABLEINVITE (1),
      NUTAG_ENABLEMESSAGE (0), NUTAG_APPL_METHOD ("INFO, OPTIONS, UPDATE"),
      /* NUTAG_ALLOW would add to a list which has REFER: the library sends a
       * NOTIFY to wherever the REFER's Contact says, even if it is refused. */
      SIPTAG_ALLOW_STR ("INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO"),
      NUTAG_SESSION_TIMER (SIP_AGENT_SESSION),
      NUTAG_MIN_SE (0), /* checked by us, who tell of it */
      NUTAG_UPDATE_REFRESH (0),
      SIPTAG_SUPPORTED (sip_extensions_get_supported ()),
      NTATAG_MCLASS (sip_extensions_get_parser ()), NUTAG_AUTO302 (0),
      NUTAG_OUTBOUND ("no-natify no-validate no-options-keepalive"),
      NUTAG_SHUTDOWN_EVENTS (0), NTATAG_SERVER_RPORT (1), NTATAG_UDP_MTU (1300),
      NTATAG_MAXSIZE (MAX_MESSAGE), TPTAG_STUN_SERVER (FALSE),
      TPTAG_IDLE (IDLE_CONNECTION), TPTAG_PONG2PING (TRUE), /* RFC 5626 4.4.1 */
      TAG_IF (sip_agent_timeout, NTATAG_SIP_T1X64 (sip_agent_timeout)),
      SIPTAG_USER_AGENT_STR ("gst-voice-agent/" PACKAGE_VERSION), TAG_END ());
}

static void
report_busy (const gchar *host, guint16 port, SipAgentReady ready,
    gpointer user)
{
  g_autofree gchar *why = sip_port_explain (host, port);
  g_autoptr (GError) error =
      g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY, why);

  ready (NULL, error, user);
}

static SipAgent *
agent_new (const gchar *host, guint16 port, const gchar *key)
{
  SipAgent *self = g_new0 (SipAgent, 1);

  self->host = g_strdup (host);
  self->key = g_strdup (key);
  self->port = port ? port : sip_port_choose (host);
  self->nua = create_nua (self);
  if (self->nua) {
    g_hash_table_insert (agents, self->key, self);
    return self;
  }
  agent_free (self);
  return NULL;
}

void
sip_agent_open (const gchar *host, guint16 port, SipAgentReady ready,
    gpointer user)
{
  g_autofree gchar *key = g_strdup_printf ("%s|%u", host, port);

  if (!agents)
    agents = g_hash_table_new (g_str_hash, g_str_equal);
  SipAgent *self = g_hash_table_lookup (agents, key);
  if (self && self->closing) {
    Waiting *waiting = g_new (Waiting, 1);
    *waiting = (Waiting){ g_strdup (host), port, ready, user };
    self->waiting = g_slist_append (self->waiting, waiting);
    return;
  }
  if (!self)
    self = agent_new (host, port, key);
  if (!self) {
    report_busy (host, port, ready, user);
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

  sip_agent_open (waiting->host, waiting->port, waiting->ready, waiting->user);
  g_free (waiting->host);
  g_free (waiting);
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
sip_agent_begin_call (SipAgent *self)
{
  self->handles++;
  self->calls++;
  stop_linger (self);
}

void
sip_agent_end_call (SipAgent *self)
{
  self->calls--;
}

void
sip_agent_forget_call (SipAgent *self)
{
  self->handles--;
  check_use (self);
}

guint
sip_agent_count_calls (SipAgent *self)
{
  return self->calls;
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

nua_t *
sip_agent_get_nua (SipAgent *self)
{
  return self->nua;
}

guint16
sip_agent_get_port (SipAgent *self)
{
  return self->port;
}

const gchar *
sip_agent_get_host (SipAgent *self)
{
  return self->host;
}
