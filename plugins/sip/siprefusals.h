/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many calls this process has refused that no line ever had. Any thread. */
typedef struct
{
  guint busy; /* 486: no line was free */
  guint unknown; /* 404: nobody of that name */
  guint unavailable; /* 503: draining, too many calls, or too many a second */
  guint bad; /* other 4xx: nothing that can be answered */
} SipRefusals;

void sip_refusals_count (gint status);
SipRefusals sip_refusals_get (void);

G_END_DECLS
