/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/pair/gstpairsettings.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The property table that sipsrc and sipsink both install. */

typedef enum
{
  GST_SIP_PROP_SESSION = 1,
  GST_SIP_PROP_CONTEXT,
  GST_SIP_PROP_LOCAL_URI,
  GST_SIP_PROP_URI,
  GST_SIP_PROP_TRANSPORT,
  GST_SIP_PROP_CODECS,
  GST_SIP_PROP_LATENCY,
  GST_SIP_PROP_RTP_PORT_RANGE,
  GST_SIP_PROP_EXTERNAL_ADDRESS,
  GST_SIP_PROP_ANSWER_MODE,
  GST_SIP_PROP_RING_TIME,
  GST_SIP_PROP_ON_HANGUP,
  GST_SIP_PROP_SPEAK_EARLY,
  GST_SIP_PROP_MAX_CALLS,
  GST_SIP_PROP_BUSY_WAIT,
  GST_SIP_PROP_DRAINING,
  GST_SIP_PROP_RING_TIMEOUT,
  GST_SIP_PROP_MEDIA_TIMEOUT,
  GST_SIP_PROP_MAX_DURATION,
  GST_SIP_PROP_HEADERS,
  GST_SIP_PROP_HANG_UP_DELAY,
  GST_SIP_PROP_STATS,
  GST_SIP_PROP_SESSION_OBJECT,
  GST_SIP_N_PROPS,
} GstSipProperty;

void gst_sip_properties_install (GObjectClass *klass);

/* FALSE with GST_RESOURCE_ERROR_SETTINGS and a sentence for the user when a
 * value that was set cannot work. */
gboolean gst_sip_settings_check (const GstPairSettings *settings,
    GObjectClass *klass, GError **error);

G_END_DECLS
