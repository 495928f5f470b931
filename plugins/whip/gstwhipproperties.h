/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "line/whipconfig.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The property table of whipserver. */

typedef enum
{
  GST_WHIP_PROP_PEER = 1,
  GST_WHIP_PROP_LINE,
  GST_WHIP_PROP_HOST,
  GST_WHIP_PROP_PORT,
  GST_WHIP_PROP_TLS_CERTIFICATE,
  GST_WHIP_PROP_TLS_KEY,
  GST_WHIP_PROP_TOKEN,
  GST_WHIP_PROP_TOKEN_FILE,
  GST_WHIP_PROP_ALLOWED_ORIGINS,
  GST_WHIP_PROP_STUN_SERVER,
  GST_WHIP_PROP_TURN_SERVER,
  GST_WHIP_PROP_TURN_SERVER_FILE,
  GST_WHIP_PROP_RTP_PORT_RANGE,
  GST_WHIP_PROP_EXTERNAL_ADDRESS,
  GST_WHIP_PROP_ICE_TCP,
  GST_WHIP_PROP_INACTIVITY_TIMEOUT,
  GST_WHIP_PROP_HANG_UP_DELAY,
  GST_WHIP_PROP_ON_HANGUP,
  GST_WHIP_PROP_BUSY_WAIT,
  GST_WHIP_PROP_PAGE,
  GST_WHIP_PROP_STATS,
  GST_WHIP_N_PROPS,
} GstWhipProperty;

void gst_whip_properties_install (GObjectClass *klass);

/* Of those that are settings of a line, in @config, whose lock is held. */
void gst_whip_properties_set (WhipConfig *config, guint id,
    const GValue *value);
void gst_whip_properties_get (WhipConfig *config, guint id, GValue *value);

G_END_DECLS
