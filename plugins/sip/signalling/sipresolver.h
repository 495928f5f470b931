/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Addresses of names. SIP loop only. */

typedef void (*SipResolved) (const PacketAddress *address, const GError *error,
    gpointer user);

/* Resolves @host, also `localhost` and what only the system's resolver knows; @family
 * AF_UNSPEC: any. Not called when @cancellable was cancelled. */
void sip_resolver_host (const gchar *host, guint16 port, gint family,
    GCancellable *cancellable, SipResolved resolved, gpointer user);
/* The same, all that are of use, some at most: the best first, of PacketAddress; NULL
 * with @error. */
typedef void (
    *SipResolvedAll) (GArray *addresses, const GError *error, gpointer user);
void sip_resolver_all (const gchar *host, guint16 port, gint family,
    GCancellable *cancellable, SipResolvedAll resolved, gpointer user);

/* Lookups of names that strangers wrote. The system's resolver cannot be stopped and
 * works in a pool of threads that the process has for everything else too: only a
 * few of these run at once, each counts until the resolver has really ended, and the
 * others wait. */

#define SIP_NAMES_RUNNING 4

typedef struct _SipNameLookup SipNameLookup;

/* @resolved is called once, never before this returns, and @self is gone then; not
 * after sip_name_lookup_abandon(). */
SipNameLookup *sip_name_lookup_new (const gchar *host, gint family,
    SipResolved resolved, gpointer user);
void sip_name_lookup_abandon (SipNameLookup *self);

G_END_DECLS
