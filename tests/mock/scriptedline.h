/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/line/sipline.h"

G_BEGIN_DECLS

/* SipLine without a network: the test says what happens and reads what the
 * elements did. The test is the media loop (manual): nothing happens by itself. */

/* The line that elements made last (borrowed). */
SipLine *scripted_line_get (void);

/* Tells all listeners; @state's other fields from @event. */
void scripted_line_event (SipLine *self, const SipCallEvent *event);
/* The usual ones, of call "call-1". */
void scripted_line_answered (SipLine *self, GstVoiceEncoding law);
void scripted_line_ended (SipLine *self, gboolean is_last);
/* A frame of @law whose samples are all @sample, at loop time @time. */
void scripted_line_frame (SipLine *self, GstVoiceEncoding law, gint16 sample,
    gint64 time, gboolean discont, gboolean silence);
void scripted_line_dtmf (SipLine *self, gchar digit);
/* What the sink sends travels @delay ns. */
void scripted_line_path (SipLine *self, gint64 delay);

/* What the elements asked for since the last time, separated by spaces: "dial
 * answer reject hang-up dtmf:12 hang-up-after-audio flush play stop"; (transfer
 * full). */
gchar *scripted_line_take_log (SipLine *self);
/* What was sent since the last time; (transfer full). */
GBytes *scripted_line_take_sent (SipLine *self, GstVoiceEncoding *encoding);
/* The running time of what was sent last. */
GstClockTime scripted_line_get_sent_time (SipLine *self);

G_END_DECLS
