/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/ioloop.h"

#include <sofia-sip/su_wait.h>

G_BEGIN_DECLS

/* The loop on which all SIP runs; made once, with the library, lives as long as the
 * process. */
IoLoop *sip_loop_get (void);

/* Any other thread: waits, at most @timeout ms, until the loop has done what it was
 * asked for before, and what comes of that in its next turns: a BYE is written some
 * turns after it was asked for. */
void sip_loop_settle (guint timeout);

/* The library's own view of it. SIP loop only. */
su_root_t *sip_loop_get_root (void);

G_END_DECLS
