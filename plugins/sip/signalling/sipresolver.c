/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipresolver.h"
#include "siproute.h"
#include "siptext.h"

#include <stdlib.h>

#define SIP_PORT 5060

typedef struct
{
  gchar *host;
  guint16 port;
  gint family;
  SipResolved resolved;
  gpointer user;
} Lookup;

static void
lookup_free (Lookup *self)
{
  g_free (self->host);
  g_free (self);
}

/* Whether @from may be called: it goes to @address. */
static gboolean
is_allowed (const Lookup *self, GInetAddress *from, PacketAddress *address)
{
  g_autofree gchar *text = g_inet_address_to_string (from);

  return packet_address_parse (address, text, self->port) &&
      (!self->family || address->any.sa_family == self->family);
}

/* IPv4 first, which most telephones have alone, but not where there is no way to it.
 * FALSE: none is allowed. */
static gboolean
choose_address (const Lookup *self, GList *addresses, PacketAddress *address,
    GError **error)
{
  PacketAddress found;
  guint best = 0;

  for (GList *l = addresses; l; l = l->next) {
    if (!is_allowed (self, l->data, &found))
      continue;
    guint worth = !sip_route_exists (&found) ? 1
        : found.any.sa_family == AF_INET6    ? 2
                                             : 3;
    if (worth > best)
      *address = found;
    best = MAX (best, worth);
  }
  if (best == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
        "%s has no %s address, and no other can be used here", self->host,
        self->family == AF_INET6 ? "IPv6" : "IPv4");
  return best > 0;
}

static void
lookup_done (GObject *resolver, GAsyncResult *result, gpointer data)
{
  Lookup *self = data;
  g_autoptr (GError) error = NULL;
  GList *addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);
  PacketAddress address;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    gboolean found =
        !error && choose_address (self, addresses, &address, &error);
    self->resolved (found ? &address : NULL, error, self->user);
  }
  g_resolver_free_addresses (addresses);
  lookup_free (self);
}

void
sip_resolver_host (const gchar *host, guint16 port, gint family,
    GCancellable *cancellable, SipResolved resolved, gpointer user)
{
  Lookup *lookup = g_new (Lookup, 1);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  *lookup = (Lookup){ g_strdup (host), port, family, resolved, user };
  g_resolver_lookup_by_name_async (resolver, host, cancellable, lookup_done,
      lookup);
}

void
sip_resolver_uri (const gchar *uri, gint family, GCancellable *cancellable,
    SipResolved resolved, gpointer user)
{
  su_home_t home[1] = { SU_HOME_INIT (home) };
  const url_t *url = sip_text_parse_uri (home, uri);
  g_autofree gchar *host = sip_text_bare_host (url->url_host);
  gulong port = url->url_port ? strtoul (url->url_port, NULL, 10) : SIP_PORT;

  su_home_deinit (home);
  sip_resolver_host (host, (guint16) port, family, cancellable, resolved, user);
}

/* ---- Names that strangers wrote */

struct _SipNameLookup
{
  gchar *host;
  gint family;
  gboolean running;
  SipResolved resolved; /* NULL: nobody waits for it any more */
  gpointer user;
};

static GQueue waiting = G_QUEUE_INIT;
static guint n_running;

static void
name_lookup_free (SipNameLookup *self)
{
  g_free (self->host);
  g_free (self);
}

static void start_waiting (void);

static void
on_name (const PacketAddress *address, const GError *error, gpointer data)
{
  SipNameLookup *self = data;

  n_running--;
  if (self->resolved)
    self->resolved (address, error, self->user);
  name_lookup_free (self);
  start_waiting ();
}

static void
start_waiting (void)
{
  while (n_running < SIP_NAMES_RUNNING && !g_queue_is_empty (&waiting)) {
    SipNameLookup *self = g_queue_pop_head (&waiting);
    self->running = TRUE;
    n_running++;
    /* Nothing cancels it: that would end the waiting for the resolver, not its
     * work. */
    sip_resolver_host (self->host, 0, self->family, NULL, on_name, self);
  }
}

SipNameLookup *
sip_name_lookup_new (const gchar *host, gint family, SipResolved resolved,
    gpointer user)
{
  SipNameLookup *self = g_new0 (SipNameLookup, 1);

  self->host = g_strdup (host);
  self->family = family;
  self->resolved = resolved;
  self->user = user;
  g_queue_push_tail (&waiting, self);
  start_waiting ();
  return self;
}

void
sip_name_lookup_abandon (SipNameLookup *self)
{
  self->resolved = NULL;
  if (self->running)
    return;
  g_queue_remove (&waiting, self);
  name_lookup_free (self);
}
