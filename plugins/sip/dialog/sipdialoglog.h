/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sipdialogprivate.h"

G_BEGIN_DECLS

/* What a dialog says in the log, each line with its Call-ID: INFO once for a call,
 * when it is up or, if it never was, when it ends; DEBUG for what happens. SIP loop
 * only. */

/* An INVITE has come, or goes out. */
void sip_dialog_log_invite (SipDialog *self, const gchar *user_agent);
void sip_dialog_log_event (const SipDialog *self, const gchar *event,
    gint status, const gchar *phrase);
void sip_dialog_log_warning (const SipDialog *self, const gchar *text);
/* @what: "offer", "answer" and whose; @media NULL: ours, nobody has answered. */
void sip_dialog_log_media (const SipDialog *self, const gchar *what,
    const RtpStreamMedia *media);
void sip_dialog_log_state (const SipDialog *self, SipCallState state);
void sip_dialog_log_end (const SipDialog *self, const SipDialogEnd *end);

G_END_DECLS
