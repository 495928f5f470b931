/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

/* SRTP of one call of the load generator, with a fixed key and one suite. Written apart
 * from the plugin, but for libsrtp2. */

#define LOAD_SRTP_OVERHEAD 64

typedef struct _LoadSrtp LoadSrtp;

/* @suite as SDP has it; NULL: it is not one that is known. Until it is answered, what comes is
 * made with our own key. */
LoadSrtp *load_srtp_new (const gchar *suite);
void load_srtp_free (LoadSrtp *self);
/* Plain RTP in @sdp becomes RTP/SAVP with our key; (transfer full). */
gchar *load_srtp_offer (const LoadSrtp *self, const gchar *sdp);
/* FALSE: @message answers with no key of this suite. */
gboolean load_srtp_answered (LoadSrtp *self, const gchar *message);
/* In place, aligned; the new size, 0 = it failed. */
gsize load_srtp_protect (LoadSrtp *self, guint8 *packet, gsize size);
gsize load_srtp_unprotect (LoadSrtp *self, guint8 *packet, gsize size);
