/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - What no SRV record can be of is not asked for: numbers, `localhost`, names of one
 *   part, which only this network knows. A name service that does not answer is
 *   waited for SRV_WAIT, then the call goes to the name itself.
 * - Where the URI names no transport it is UDP, and TCP where the name has servers of that
 *   alone (RFC 3263 4.1).
 * - A server's addresses are looked up when its turn comes: the name of one that is dead
 *   may be, too. */

#include "siptargets.h"
#include "sip/logic/target/srvorder.h"
#include "sip/logic/target/targetmemory.h"
#include "sip/signalling/siploop.h"
#include "sip/signalling/sipresolver.h"
#include "sip/signalling/siptext.h"

#include <stdlib.h>
#include <string.h>

#define SRV_WAIT 3000 /* ms */
#define MAX_SERVERS 8
#define MAX_ADDRESSES 4 /* of a server */
#define MOST_TIME 3600 /* s that one is avoided, whatever it says */
#define CALLS ""
#define PROBES "probe "

struct _SipTargets
{
  SipTransport transport;
  SipTransport asked; /* whose servers are looked for */
  gboolean may_be_tcp; /* it is not said, and was not looked for yet */
  gint family;
  SipTargetFound found;
  gpointer user;
  gchar *host; /* of the URI, NULL: it has none */
  gboolean has_port;
  guint16 port;
  gboolean begun;
  gboolean preparing; /* what is looked up is not told */
  GCancellable *cancellable; /* of what is looked up */
  GSource *srv_timer;
  GQueue servers; /* SrvRecord: not looked up */
  GQueue addresses; /* PacketAddress: of the last one that was */
  GQueue later; /* PacketAddress: that are avoided */
  PacketAddress current;
  GError *error; /* of the server that was looked up last */
};

/* SIP loop only. */
static TargetMemory *memory;
static GRand *dice;

static void give (SipTargets *self);

/* ---- The memory */

static void
init_once (void)
{
  if (memory)
    return;
  memory = target_memory_new ();
  dice = g_rand_new ();
}

/* Calls and probes each have a memory of their own, by @who: that a server answers does
 * not say that it takes calls. */
static gchar *
make_key (const gchar *who, SipTransport transport,
    const PacketAddress *address)
{
  g_autofree gchar *text = packet_address_to_string (address);

  return g_strconcat (who, sip_text_transport_name (transport), " ", text,
      NULL);
}

static gboolean
is_avoided (const gchar *who, SipTransport transport,
    const PacketAddress *target)
{
  g_autofree gchar *key = make_key (who, transport, target);

  return target_memory_is_avoided (memory, key, g_get_monotonic_time ());
}

static void
mark (const gchar *who, SipTransport transport, const PacketAddress *target,
    guint seconds)
{
  g_autofree gchar *key = make_key (who, transport, target);

  init_once ();
  if (seconds)
    target_memory_avoid (memory, key,
        g_get_monotonic_time () +
            MIN (seconds, MOST_TIME) * G_TIME_SPAN_SECOND);
  else
    target_memory_clear (memory, key);
}

gboolean
sip_target_is_avoided (SipTransport transport, const PacketAddress *target)
{
  init_once ();
  return is_avoided (CALLS, transport, target) ||
      is_avoided (PROBES, transport, target);
}

void
sip_target_mark (SipTransport transport, const PacketAddress *target,
    guint seconds)
{
  mark (CALLS, transport, target, seconds);
  if (!seconds)
    mark (PROBES, transport, target, 0);
}

void
sip_target_mark_probed (SipTransport transport, const PacketAddress *target,
    guint seconds)
{
  mark (PROBES, transport, target, seconds);
}

/* ---- Life */

static void
record_free (gpointer data)
{
  SrvRecord *self = data;

  g_free (self->host);
  g_free (self);
}

static void
add_server (SipTargets *self, const gchar *host, guint16 port)
{
  SrvRecord *server = g_new0 (SrvRecord, 1);

  server->host = g_strdup (host);
  server->port = port;
  g_queue_push_tail (&self->servers, server);
}

static void
read_uri (SipTargets *self, const gchar *uri)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = sip_text_parse_uri (home, uri);

  self->host = url ? sip_text_bare_host (url->url_host) : NULL;
  self->has_port = url && url->url_port != NULL;
  self->may_be_tcp = url && self->transport == SIP_TRANSPORT_UDP &&
      !url_has_param (url, "transport");
  self->port = self->transport == SIP_TRANSPORT_TLS ? 5061 : 5060;
  if (self->has_port)
    self->port = (guint16) strtoul (url->url_port, NULL, 10);
  su_home_deinit (home);
}

SipTargets *
sip_targets_new (const gchar *uri, SipTransport transport, gint family,
    SipTargetFound found, gpointer user)
{
  SipTargets *self = g_new0 (SipTargets, 1);

  init_once ();
  self->transport = transport;
  self->family = family;
  self->found = found;
  self->user = user;
  read_uri (self, uri);
  return self;
}

static void
stop_srv_timer (SipTargets *self)
{
  io_loop_clear_timeout (&self->srv_timer);
}

static void
stop_lookup (SipTargets *self)
{
  stop_srv_timer (self);
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
sip_targets_free (SipTargets *self)
{
  stop_lookup (self);
  g_queue_clear_full (&self->servers, record_free);
  g_queue_clear_full (&self->addresses, g_free);
  g_queue_clear_full (&self->later, g_free);
  g_clear_error (&self->error);
  g_free (self->host);
  g_free (self);
}

/* ---- Addresses of a server */

static void
on_addresses (GArray *addresses, const GError *error, gpointer user)
{
  SipTargets *self = user;

  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  if (error)
    self->error = g_error_copy (error);
  for (guint i = 0; addresses && i < MIN (addresses->len, MAX_ADDRESSES); i++)
    g_queue_push_tail (&self->addresses,
        g_memdup2 (&g_array_index (addresses, PacketAddress, i),
            sizeof (PacketAddress)));
  if (self->preparing) {
    self->preparing = FALSE;
    sip_targets_prepare (self);
  } else {
    give (self);
  }
}

static void
look_up (SipTargets *self)
{
  SrvRecord *server = g_queue_pop_head (&self->servers);

  self->cancellable = g_cancellable_new ();
  sip_resolver_all (server->host, server->port, self->family, self->cancellable,
      on_addresses, self);
  record_free (server);
}

/* The next that is not avoided, of the server that was looked up. */
static PacketAddress *
pop_address (SipTargets *self)
{
  PacketAddress *address;

  while ((address = g_queue_pop_head (&self->addresses)) &&
      sip_target_is_avoided (self->transport, address))
    g_queue_push_tail (&self->later, address);
  return address;
}

static void
give (SipTargets *self)
{
  g_autofree PacketAddress *address = pop_address (self);

  if (!address && !g_queue_is_empty (&self->servers)) {
    look_up (self);
    return;
  }
  if (!address)
    address = g_queue_pop_head (&self->later);
  if (address) {
    self->current = *address;
    self->found (&self->current, NULL, self->user);
  } else {
    self->found (NULL, self->error, self->user);
  }
}

/* ---- Servers of a name */

static void
add_servers (SipTargets *self, GList *found)
{
  SrvRecord records[MAX_SERVERS];
  guint n = 0;

  for (GList *l = found; l && n < MAX_SERVERS; l = l->next) {
    GSrvTarget *target = l->data;
    records[n++] = (SrvRecord){ (gchar *) g_srv_target_get_hostname (target),
      g_srv_target_get_port (target), g_srv_target_get_priority (target),
      g_srv_target_get_weight (target) };
  }
  srv_order (records, n, dice);
  for (guint i = 0; i < n; i++)
    add_server (self, records[i].host, records[i].port);
}

static void look_for_servers (SipTargets *self, SipTransport transport);

static void
on_servers (GObject *resolver, GAsyncResult *result, gpointer user)
{
  g_autoptr (GError) error = NULL;
  GList *found =
      g_resolver_lookup_service_finish (G_RESOLVER (resolver), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* who asked may be gone */
  SipTargets *self = user;
  g_clear_object (&self->cancellable);
  if (!found && self->may_be_tcp) {
    self->may_be_tcp = FALSE;
    look_for_servers (self, SIP_TRANSPORT_TCP);
    return;
  }
  stop_srv_timer (self);
  if (found) {
    self->transport = self->asked;
    add_servers (self, found);
  } else {
    add_server (self, self->host, self->port);
  }
  g_resolver_free_targets (found);
  give (self);
}

static gboolean
on_srv_wait (gpointer data)
{
  SipTargets *self = data;

  stop_lookup (self);
  add_server (self, self->host, self->port);
  give (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_no_host (gpointer data)
{
  SipTargets *self = data;

  stop_srv_timer (self);
  self->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "The address to send to is none of SIP");
  give (self);
  return G_SOURCE_REMOVE;
}

static gboolean
may_have_servers (const SipTargets *self)
{
  return !self->has_port && strchr (self->host, '.') &&
      !g_hostname_is_ip_address (self->host);
}

static void
look_for_servers (SipTargets *self, SipTransport transport)
{
  const gboolean secure = transport == SIP_TRANSPORT_TLS;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  self->asked = transport;
  self->cancellable = g_cancellable_new ();
  if (!self->srv_timer) /* it is of both */
    self->srv_timer =
        io_loop_add_timeout (sip_loop_get (), SRV_WAIT, on_srv_wait, self);
  g_resolver_lookup_service_async (resolver, secure ? "sips" : "sip",
      transport == SIP_TRANSPORT_UDP ? "udp" : "tcp", self->host,
      self->cancellable, on_servers, self);
}

void
sip_targets_next (SipTargets *self)
{
  if (self->preparing) {
    self->preparing = FALSE;
    return;
  }
  if (self->begun) {
    give (self);
    return;
  }
  self->begun = TRUE;
  if (!self->host) {
    self->srv_timer =
        io_loop_add_timeout (sip_loop_get (), 0, on_no_host, self);
    return;
  }
  if (may_have_servers (self)) {
    look_for_servers (self, self->transport);
    return;
  }
  add_server (self, self->host, self->port);
  give (self);
}

gboolean
sip_targets_prepare (SipTargets *self)
{
  if (self->addresses.length || self->later.length)
    return TRUE;
  if (!self->preparing && self->servers.length) {
    self->preparing = TRUE;
    look_up (self);
  }
  return FALSE;
}

gboolean
sip_targets_has_more (const SipTargets *self)
{
  return self->servers.length || self->addresses.length || self->later.length ||
      self->preparing;
}

SipTransport
sip_targets_get_transport (const SipTargets *self)
{
  return self->transport;
}

/* ---- What came of it */

void
sip_targets_failed (const SipTargets *self, guint seconds)
{
  sip_target_mark (self->transport, &self->current, seconds);
}

void
sip_targets_worked (const SipTargets *self)
{
  sip_target_mark (self->transport, &self->current, 0);
}
