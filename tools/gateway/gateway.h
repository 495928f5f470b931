/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gatewayconfig.h"

G_BEGIN_DECLS

/* Runs until SIGTERM or SIGINT and the end of the calls that are up then. The exit
 * code: 0, 1 when calls were cut or no line starts, 2 when a setting or a file cannot
 * be used; @error is set if there was no log to say why. */
gint gateway_run (const GatewayConfig *config, GError **error);

G_END_DECLS
