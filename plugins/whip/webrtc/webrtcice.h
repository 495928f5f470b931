/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The ICE agent (libnice's) of a webrtcbin. */

/* For a log: the addresses between which media flow; (transfer full) */
gchar *webrtc_describe_path (GstElement *webrtc);

/* RFC 8445 9: new credentials on both sides, candidates stay. FALSE: this ICE
 * agent cannot. @ufrag and @password come in and go out ((transfer full)). */
gboolean webrtc_restart_ice (GstElement *webrtc, gchar **ufrag,
    gchar **password);

/* Any thread: the far end is gone, and so is what a TURN server keeps for it (RFC 8656
 * 7.3), without waiting; else it stays there for ten minutes. The ICE agent lives on
 * until that is done. @owner: who may wait for it, only compared. */
void webrtc_release_relay (GstElement *webrtc, gconstpointer owner);
/* Until what a server keeps for @owner is given back, at most @timeout ms from when that
 * began: for a process that may exit. */
void webrtc_release_wait (gconstpointer owner, guint timeout);

G_END_DECLS
