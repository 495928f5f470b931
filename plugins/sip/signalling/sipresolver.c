/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipresolver.h"
#include "siproute.h"

/* Of a name that are looked at: its owner may have written thousands. */
#define MAX_ADDRESSES 16

typedef struct
{
  gchar *host;
  guint16 port;
  gint family;
  SipResolvedAll all; /* one of these two is told */
  SipResolved best;
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

/* IPv4 first, which most telephones have alone, but not where there is no way to it. */
static guint
get_worth (const PacketAddress *address)
{
  if (!sip_route_exists (address))
    return 0;
  return address->any.sa_family == AF_INET6 ? 1 : 2;
}

static void
add_of_worth (GArray *all, const PacketAddress *found, const guint *worths,
    guint n, guint worth)
{
  for (guint i = 0; i < n; i++)
    if (worths[i] == worth)
      g_array_append_val (all, found[i]);
}

/* NULL with @error: none is allowed. */
static GArray *
choose_addresses (const Lookup *self, GList *addresses, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PacketAddress));
  PacketAddress found[MAX_ADDRESSES];
  guint worths[MAX_ADDRESSES], n = 0;

  for (GList *l = addresses; l && n < MAX_ADDRESSES; l = l->next)
    if (is_allowed (self, l->data, &found[n])) {
      worths[n] = get_worth (&found[n]);
      n++;
    }
  add_of_worth (all, found, worths, n, 2);
  add_of_worth (all, found, worths, n, 1);
  if (!all->len)
    add_of_worth (all, found, worths, n, 0);
  if (all->len)
    return g_steal_pointer (&all);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
      "%s has no %s address, and no other can be used here", self->host,
      self->family == AF_INET6 ? "IPv6" : "IPv4");
  return NULL;
}

static void
tell (const Lookup *self, GArray *all, const GError *error)
{
  if (self->all)
    self->all (all, error, self->user);
  else
    self->best (all ? &g_array_index (all, PacketAddress, 0) : NULL, error,
        self->user);
}

static void
lookup_done (GObject *resolver, GAsyncResult *result, gpointer data)
{
  Lookup *self = data;
  g_autoptr (GError) error = NULL;
  GList *addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_autoptr (GArray) all =
        error ? NULL : choose_addresses (self, addresses, &error);
    tell (self, all, error);
  }
  g_resolver_free_addresses (addresses);
  lookup_free (self);
}

static void
look_up (const Lookup *wanted, GCancellable *cancellable)
{
  Lookup *lookup = g_new (Lookup, 1);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  *lookup = *wanted;
  lookup->host = g_strdup (wanted->host);
  g_resolver_lookup_by_name_async (resolver, lookup->host, cancellable,
      lookup_done, lookup);
}

void
sip_resolver_all (const gchar *host, guint16 port, gint family,
    GCancellable *cancellable, SipResolvedAll resolved, gpointer user)
{
  const Lookup lookup = { (gchar *) host, port, family, resolved, NULL, user };

  look_up (&lookup, cancellable);
}

void
sip_resolver_host (const gchar *host, guint16 port, gint family,
    GCancellable *cancellable, SipResolved resolved, gpointer user)
{
  const Lookup lookup = { (gchar *) host, port, family, NULL, resolved, user };

  look_up (&lookup, cancellable);
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
