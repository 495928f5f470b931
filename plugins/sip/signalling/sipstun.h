/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/packettransport.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server of STUN that a line's calls ask how they are seen: where its name is, looked up
 * when the line begins and again in the background of a call when that is old, and whether it
 * answers. One that has not is left in peace for a minute, so that no call waits for it in
 * vain. SIP loop only, but the last reference may go anywhere. */

typedef struct _SipStun SipStun;

SipStun *sip_stun_new (const gchar *host, guint16 port);
SipStun *sip_stun_ref (SipStun *self);
void sip_stun_unref (SipStun *self);

/* Looks it up; @ready is called once, after 2 s at most, maybe before this returns: with
 * @error, a sentence for a person, if calls go on without. */
typedef void (
    *SipStunReady) (SipStun *self, const GError *error, gpointer user);
void sip_stun_open (SipStun *self, SipStunReady ready, gpointer user);

/* FALSE: there is nobody to ask now at an address of @family. */
gboolean sip_stun_get_address (SipStun *self, gint family,
    PacketAddress *address);
/* As it was set, "host:port"; (transfer full). */
gchar *sip_stun_dup_name (const SipStun *self);
/* Whether it answers. */
void sip_stun_note (SipStun *self, gboolean answers);

G_END_DECLS
