/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was sent last of something that is over (a BYE, the end of a registration) and
 * has no answer yet. The end of the process waits a second for it. */

/* SIP loop only. Each begin has its end. */
void sip_linger_begin (void);
void sip_linger_end (void);

/* Waits until nothing is unanswered, at most @timeout ms. Not on the SIP loop. */
void sip_linger_wait (guint timeout);

G_END_DECLS
