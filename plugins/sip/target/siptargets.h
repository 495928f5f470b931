/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/signalling/sipstate.h"

#include "common/loop/packettransport.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a SIP address is reached (RFC 3263 4, without NAPTR): the servers of its SRV
 * records in the order of RFC 2782, of each its addresses; without such records, or
 * with a port, its own addresses. One after another, those that did not take a call
 * lately last: the process remembers them. SIP loop only. */

typedef struct _SipTargets SipTargets;

/* NULL: there is none, or none any more; @error says so of the first one. */
typedef void (*SipTargetFound) (const PacketAddress *target,
    const GError *error, gpointer user);

/* @uri: where there is none to call, that is told as an error; @transport: what it names,
 * UDP where it names none; @family AF_UNSPEC: any. */
SipTargets *sip_targets_new (const gchar *uri, SipTransport transport,
    gint family, SipTargetFound found, gpointer user);
/* Nothing is told any more. */
void sip_targets_free (SipTargets *self);

/* The next one is told, the first one never before this returns. */
void sip_targets_next (SipTargets *self);
/* TRUE: the address of another one is known. Else it is looked for, and nothing is told of
 * that: a server whose name has no address is none to leave another one for. */
gboolean sip_targets_prepare (SipTargets *self);
/* How the one that was told last is reached: where @uri names no transport TCP, if there
 * are servers of that alone. */
SipTransport sip_targets_get_transport (const SipTargets *self);
/* There may be one. */
gboolean sip_targets_has_more (const SipTargets *self);

/* @target takes no calls for @seconds, 0 = it does. */
void sip_target_mark (SipTransport transport, const PacketAddress *target,
    guint seconds);
/* The same of a probe, which ends what a probe has said, and not what a call has. */
void sip_target_mark_probed (SipTransport transport,
    const PacketAddress *target, guint seconds);
gboolean sip_target_is_avoided (SipTransport transport,
    const PacketAddress *target);

/* The one that was told last takes no calls for @seconds; or takes them. */
void sip_targets_failed (const SipTargets *self, guint seconds);
void sip_targets_worked (const SipTargets *self);

G_END_DECLS
