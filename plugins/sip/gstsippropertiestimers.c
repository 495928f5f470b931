/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The property of how long calls may ring, last and wait. */

#include "gstsipproperties.h"
#include "line/siptimers.h"

/**
 * GstSipSrc:timers:
 *
 * GstStructure of what is to be other than by default, each in ms, such as
 * "timers,ring-timeout=30000,max-duration=3600000":
 *
 * - ring-timeout: how long a call may ring, in or out, before it is given up. 60000; 0 is for
 *   ever.
 * - max-duration: how long a call may last before it is hung up. 0, no limit.
 * - hang-up-delay: between the last word and the hang-up that follows it. 200.
 * - busy-wait: how long a call waits for a line to become free, before it gets 486. 0, not at
 *   all; 30000 at most.
 *
 * Default: unset, all of these. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_sip_properties_make_timers (GParamSpec **specs)
{
  specs[GST_SIP_PROP_TIMERS] = g_param_spec_boxed ("timers", "Timers",
      "How long a call may ring (ring-timeout, 60000), last (max-duration, 0 = "
      "no limit), go on behind the last word (hang-up-delay, 200) and wait for "
      "a free line (busy-wait, 0), as in \"timers,ring-timeout=30000\" (ms)",
      GST_TYPE_STRUCTURE,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
}

gboolean
gst_sip_settings_check_timers (const GstPairSettings *settings,
    GObjectClass *klass, GError **error)
{
  g_autoptr (GstStructure) said =
      gst_pair_settings_dup_structure (settings, klass, "timers");
  SipTimers timers;

  return sip_timers_read (&timers, said, error);
}
