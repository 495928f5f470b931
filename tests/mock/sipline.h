/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mock/sippeer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A pipeline that is a telephone line, and what a test expects of it and of its
 * peer; what does not come fails the test. */

#define SOON 30000 /* ms: more than anything here needs, on a busy machine */
#define WAITING \
  "local-uri=sip:127.0.0.1:PORT on-hangup=wait dial-allow=sip:*@*:*"
/* %u: the port to call, %s: on-hangup */
#define LINE_CALLING \
  "local-uri=sip:me@127.0.0.1:PORT uri=sip:you@127.0.0.1:%u on-hangup=%s"

typedef struct
{
  GstElement *pipeline;
  GstBus *bus;
  guint port;
} Line;

/* "PORT" in @settings is @port. */
void line_start_on (Line *line, guint port, const gchar *settings);
/* On a free port; returns when it takes calls. */
void line_start (Line *line, const gchar *settings);
/* Calls @peer. */
void line_call (Line *line, SipPeer *peer, const gchar *on_hangup);
void line_stop (Line *line);
/* The SIP loop has done what was asked of it before: a line is there. */
void wait_for_line (guint port);
/* Emits an action without arguments, but "reject" has 603. */
gboolean emit (Line *line, const gchar *action);

/* The next voice/call message with @state; (transfer full). */
GstMessage *expect_state (Line *line, const gchar *state);
void skip_state (Line *line, const gchar *state);
void assert_ended (Line *line, const gchar *by, guint status);
void assert_error (Line *line, GQuark domain, gint code);

/* The next message that begins with @start; (transfer full). */
gchar *assert_message (SipPeer *peer, const gchar *start);
void skip_message (SipPeer *peer, const gchar *start);
void call_in (SipPeer *peer, guint port);
void bye (SipPeer *peer);

G_END_DECLS
