/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gatewayoptions.h"
#include "lib/logic/launchroute.h"

G_BEGIN_DECLS

/* What the gateway is to do: from launch files and options, or from a file of
 * settings. Every error names file, group and key, or the option. */

typedef struct
{
  GPtrArray *routes; /* LaunchRoute */
  gchar *log; /* file, "-" or NULL */
  gchar *cdr; /* file or NULL */
  gchar *control; /* path of the socket or NULL */
  gchar *metrics_host; /* NULL: no metrics */
  guint16 metrics_port;
  gboolean redact_transcripts, redact_digits;
  guint drain_timeout; /* s */
  GPtrArray *warnings; /* sentences: what runs, but hardly as it was meant */
} GatewayConfig;

#define GATEWAY_DEFAULT_WARM 2
#define GATEWAY_DEFAULT_DRAIN_TIMEOUT 60
#define GATEWAY_MAX_LINES 10000

GatewayConfig *gateway_config_new (const GatewayOptions *options,
    GError **error);
void gateway_config_free (GatewayConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GatewayConfig, gateway_config_free)

G_END_DECLS
