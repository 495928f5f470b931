/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "siprefusals.h"

static SipRefusals counts; /* atomic */

void
sip_refusals_count (gint status)
{
  switch (status) {
    case 486:
      g_atomic_int_inc (&counts.busy);
      break;
    case 404:
      g_atomic_int_inc (&counts.unknown);
      break;
    case 503:
      g_atomic_int_inc (&counts.unavailable);
      break;
    default:
      g_atomic_int_inc (&counts.bad);
      break;
  }
}

SipRefusals
sip_refusals_get (void)
{
  return (SipRefusals){ (guint) g_atomic_int_get (&counts.busy),
    (guint) g_atomic_int_get (&counts.unknown),
    (guint) g_atomic_int_get (&counts.unavailable),
    (guint) g_atomic_int_get (&counts.bad) };
}
