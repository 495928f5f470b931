/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipconfig.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a stock webrtcbin needs to be told before it is of use. Properties and
 * signals that another version lacks are left out. */

/* Bundling, latency, ICE: ports, servers, TCP, no UPnP, loop-back where there is
 * nothing else. A latency of 200 ms is webrtcbin's default and becomes 40. */
void webrtc_setup (GstElement *webrtc, const WhipConfig *config);
/* A decoder conceals what was lost. */
void webrtc_setup_codec (GstElement *element);
/* What was set on @from, on @to. */
void webrtc_copy_properties (GstElement *to, GstElement *from);

/* What a far end does is no error of the application's pipeline. Errors of what is
 * in webrtcbin are kept from the application: @broken is told instead, on any
 * thread; @sctp: by the data channel, as when the far end just goes away. Packets of
 * what was not agreed on are dropped. Takes @user. */
typedef void (*WebrtcBroken) (GstElement *webrtc, gboolean sctp,
    const gchar *why, gpointer user);
void webrtc_filter_errors (GstElement *webrtc, WebrtcBroken broken,
    gpointer user, GDestroyNotify free);

/* PEM of the certificate that the far end showed, NULL: none yet; (transfer full) */
gchar *webrtc_dup_peer_certificate (GstElement *webrtc);

/* Before the first call, once in a process: makes, in a thread, the certificate that
 * all calls use, which takes half a second, and loads what else is needed. */
void webrtc_warm_up_begin (void);
/* Waits until that is done, at most @timeout ms: a process that exits in the midst of it
 * crashes in the tear-down of OpenSSL. The step that is under way then exit() waits for;
 * gst_deinit() does not. */
void webrtc_warm_up_wait (guint timeout);

G_END_DECLS
