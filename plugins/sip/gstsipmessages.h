/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipline.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the elements of the SIP pair tell the application: one constructor for
 * each bus message. Times are running time in ns. */

/* "sip/call": session (string), running-time (guint64), state (string: calling,
 * ringing, early, answered, held, resumed, changed, ended, refused), call-id,
 * direction (incoming, outgoing), from, to, display-name (strings), headers
 * (GstStructure, if there are any).
 *
 * With state=answered: setup-time (guint64, ns from the INVITE to the 200).
 * With state=changed: held (boolean: the far end listens no more).
 * With state=ended: by (string: us, peer, network), cause (string, for a person),
 * sip-status (uint, 0 = none), retry-after (uint, s: the far end wants to be asked
 * again then, 0 = it does not say).
 * With state=refused, which is about another call, that no line had: address (string,
 * "host:port" that it came from), transport (string: udp, tcp), user-agent, cause
 * (strings), sip-status (uint) and untold (uint: how many were refused before it and
 * not told, for they were too many).
 *
 * NULL for what is no fact of a call (SIP_CALL_FAILED, SIP_CALL_CODEC). */
GstMessage *gst_sip_message_new_call (GstElement *element, const gchar *session,
    GstClockTime running_time, const SipCallEvent *event);

/* "sip/dtmf": session, running-time, call-id, digit (string of one character),
 * duration (guint64, ns, 0 = not known). */
GstMessage *gst_sip_message_new_dtmf (GstElement *element, const gchar *session,
    GstClockTime running_time, const gchar *call_id, gchar digit,
    GstClockTime duration);

/* An error, or a warning if @warning. Details: session, call-id (strings, "" = of no
 * call), sip-status (uint, 0 = none). */
GstMessage *gst_sip_message_new_failure (GstElement *element,
    const gchar *session, const gchar *call_id, gboolean warning,
    const GError *error, guint sip_status);

G_END_DECLS
