/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When the next REGISTER goes out. @random: 0 up to below 1, so that a thousand
 * phones do not come back in one moment. */

#define REGISTER_LEAST_BACK_OFF 1000 /* ms */
#define REGISTER_MOST_BACK_OFF (5 * 60 * 1000)

/* ms after the @failures-th in a row, from 1 on; @retry_after: s that the registrar
 * asked for, 0 = it did not. */
guint register_times_back_off (guint failures, guint retry_after,
    gdouble random);
/* ms after a registration for @expires s: with time left for trouble. */
guint register_times_refresh (guint expires, gdouble random);

G_END_DECLS
