/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/loop/ioloop.h"

G_BEGIN_DECLS

/* The loop on which HTTP and sessions run, "HTTP loop"; lives as long as the
 * process. */
IoLoop *whip_loop_get (void);

G_END_DECLS
