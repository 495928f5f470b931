/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipdialogprivate.h"

G_BEGIN_DECLS

/* Lookups of names that strangers wrote. The system's resolver cannot be stopped and
 * works in a pool of threads that the process has for everything else too: only a
 * few of these run at once, each counts until the resolver has really ended, and the
 * others wait. SIP loop only. */

#define SIP_NAMES_RUNNING 4

/* @resolved is called once, never before this returns, and @self is gone then; not
 * after sip_name_lookup_abandon(). */
SipNameLookup *sip_name_lookup_new (const gchar *host, gint family,
    SipTargetResolved resolved, gpointer user);
void sip_name_lookup_abandon (SipNameLookup *self);

G_END_DECLS
