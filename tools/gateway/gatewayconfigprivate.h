/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gatewayconfig.h"

G_BEGIN_DECLS

/* What the command line and the file of settings share. */

#define GATEWAY_MAX_DRAIN_TIMEOUT (24 * 60 * 60)

/* @where is an option, or file, group and key. */
gboolean gateway_parse_redact (GatewayConfig *self, const gchar *where,
    const gchar *text, GError **error);
/* unix:PATH -> PATH; NULL with @error. (transfer full) */
gchar *gateway_parse_control (const gchar *where, const gchar *text,
    GError **error);
gboolean gateway_parse_metrics (GatewayConfig *self, const gchar *where,
    const gchar *text, GError **error);

/* The variables of --set, which win over those of the file. */
gboolean gateway_set_options (GHashTable *variables,
    const GatewayOptions *options, GError **error);
guint gateway_default_warm (const LaunchRoute *route);

/* ---- gatewayconfigfile.c */

gboolean gateway_config_read (GatewayConfig *self,
    const GatewayOptions *options, GError **error);

G_END_DECLS
