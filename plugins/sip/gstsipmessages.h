/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/line/sipline.h"

#include "common/event/gstvoiceevents.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the elements of the SIP pair tell the application: one constructor for
 * each bus message. Times are running time in ns. */

/* What @event says in the words of all channels; strings are borrowed. */
GstVoiceCall gst_sip_describe_call (const SipCallEvent *event,
    const gchar *session, GstVoiceCallState state);

/* "voice/call", and of a telephone also: of a call that was begun signalling (string: udp,
 * tcp, tls); with state=answered setup-time (guint64, ns from
 * the INVITE to the 200); with state=answered and changed encryption (string: none, sdes, dtls: how
 * the keys of SRTP were exchanged); with state=changed held (boolean: the far end listens no
 * more); with state=ended retry-after (uint, s: the far end wants to be asked again then,
 * 0 = it does not say); with state=refused address (string, "host:port" that it came
 * from), transport (string: udp, tcp, tls), user-agent (string) and untold (uint: how many
 * were refused before it and not told, for they were too many).
 *
 * "voice/transfer", of SIP_CALL_TRANSFER: state, call-id, channel, session, running-time,
 * target, cause, status.
 *
 * "voice/try", of SIP_CALL_TRIED: state, call-id, channel, session, running-time, attempt,
 * address, transport, cause, status, avoided, trunk.
 *
 * NULL for what is no fact of a call (SIP_CALL_FAILED, SIP_CALL_CODEC). */
GstMessage *gst_sip_message_new (GstElement *element, const gchar *session,
    GstClockTime running_time, const SipCallEvent *event);

/* "voice/dtmf". */
GstMessage *gst_sip_message_new_dtmf (GstElement *element, const gchar *session,
    GstClockTime running_time, const gchar *call_id, gchar digit,
    GstClockTime duration);

/* An error, or a warning if @warning. Details: session, call-id (strings, "" = of no
 * call), sip-status (uint, 0 = none). */
GstMessage *gst_sip_message_new_failure (GstElement *element,
    const gchar *session, const gchar *call_id, gboolean warning,
    const GError *error, guint sip_status);

G_END_DECLS
