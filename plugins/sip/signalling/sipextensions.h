/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip.h>

G_BEGIN_DECLS

/* Extensions of SIP that calls and we have (RFC 3261 8.2.2.3). The stack answers a
 * call that requires others with 420 before anybody hears of it: its parser hides
 * what it would stumble over, for the inbox to refuse such a call as it refuses
 * others. SIP loop only. */

/* RFC 4028, RFC 3262, RFC 3891 */
#define SIP_EXTENSIONS "timer, 100rel, replaces"

/* For NTATAG_MCLASS of an agent; the process's, never freed. */
const msg_mclass_t *sip_extensions_get_parser (void);

/* What an agent says in Supported; the process's, never freed. */
const sip_supported_t *sip_extensions_get_supported (void);

/* For the header Unsupported: what the call that @sip begins requires and cannot
 * have. NULL: nothing. @sip: a request of an agent with that parser, and owns it. */
const sip_unsupported_t *sip_extensions_get_missing (const sip_t *sip);

G_END_DECLS
