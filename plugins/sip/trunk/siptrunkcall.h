/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "siptrunks.h"

G_BEGIN_DECLS

/* The way of one call through the trunks of a line: out by one after another until one
 * has it, or in by one. It is counted where it is. SIP loop only. */

typedef struct _SipTrunkCall SipTrunkCall;

/* To @uri, as somebody asked for it; @fixed: there, and at no other trunk's. */
SipTrunkCall *sip_trunk_call_new (const gchar *uri, gboolean fixed);
/* Came in by @trunk. */
SipTrunkCall *sip_trunk_call_new_incoming (const SipTrunk *trunk);
/* It is over. */
void sip_trunk_call_free (SipTrunkCall *self);

/* Has it go by the next trunk: *@uri, (transfer full), is what to call then, with @settings
 * completed. FALSE: none takes it, and @error says of each why, for a person. */
gboolean sip_trunk_call_next (SipTrunkCall *self, const SipTrunks *trunks,
    SipDialogSettings *settings, gchar **uri, GError **error);
/* The trunk that has it, "" = none. */
const gchar *sip_trunk_call_get_name (const SipTrunkCall *self);

/* That one did not take it: TRUE if another may. */
gboolean sip_trunk_call_failed (SipTrunkCall *self, const SipDialogEnd *end);
/* It rings there, or is up. */
void sip_trunk_call_worked (SipTrunkCall *self);

G_END_DECLS
