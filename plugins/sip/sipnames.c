/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "sipnames.h"

struct _SipNameLookup
{
  gchar *host;
  gint family;
  gboolean running;
  SipTargetResolved resolved; /* NULL: nobody waits for it any more */
  gpointer user;
};

static GQueue waiting = G_QUEUE_INIT;
static guint n_running;

static void
lookup_free (SipNameLookup *self)
{
  g_free (self->host);
  g_free (self);
}

static void start_waiting (void);

static void
on_resolved (const PacketAddress *address, const GError *error, gpointer data)
{
  SipNameLookup *self = data;

  n_running--;
  if (self->resolved)
    self->resolved (address, error, self->user);
  lookup_free (self);
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
    sip_host_resolve (self->host, 0, self->family, NULL, on_resolved, self);
  }
}

SipNameLookup *
sip_name_lookup_new (const gchar *host, gint family, SipTargetResolved resolved,
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
  lookup_free (self);
}
