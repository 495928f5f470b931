/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/signalling/sipagent.h"

G_BEGIN_DECLS

/* Asks the servers of an address again and again whether they are there (OPTIONS, RFC
 * 3261 11): calls try those last that are not. SIP loop only. */

typedef struct _SipProbe SipProbe;

/* ms that a server has for its answer; for tests. */
extern guint sip_probe_wait;

/* It is known whether any of the servers is there, or that has changed. */
typedef void (*SipProbeTold) (gboolean down, gpointer user);

/* From @agent, which is held and has @transport, as @party (URI), each @interval s from
 * now on. @told is never called before this returns, and frees no probe. */
SipProbe *sip_probe_new (SipAgent *agent, const gchar *uri,
    SipTransport transport, const gchar *party, guint interval,
    SipProbeTold told, gpointer user);
void sip_probe_free (SipProbe *self);

/* None of them was there when they were asked last, as far as that is known. */
gboolean sip_probe_is_down (const SipProbe *self);
/* They have been asked, or one has said that it is there. */
gboolean sip_probe_is_known (const SipProbe *self);

G_END_DECLS
