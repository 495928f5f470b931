/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* How long the calls of a line may ring, last and wait: the property `timers`. All ms. */
typedef struct
{
  guint ring_timeout; /* 0 = it may ring for ever */
  guint max_duration; /* 0 = no limit */
  guint hang_up_delay;
  guint busy_wait; /* 0 = not at all */
} SipTimers;

/* From @said, NULL = nothing; what it does not have keeps its default. FALSE with
 * GST_RESOURCE_ERROR_SETTINGS: a field that there is not, or a value that cannot be. */
gboolean sip_timers_read (SipTimers *self, const GstStructure *said,
    GError **error);

G_END_DECLS
