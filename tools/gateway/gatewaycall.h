/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `voice-gateway call`: asks a gateway that runs for a call, prints the events of it until
 * it is over. The exit code: 0 = it was answered, 1 = not, 2 = the options are wrong or
 * there is no gateway. Where nothing says so the socket is
 * $XDG_RUNTIME_DIR/voice-gateway.control, if there is one, else
 * /run/voice-gateway/control, where the service has its. */
gint gateway_call_main (gint argc, gchar **argv);

G_END_DECLS
