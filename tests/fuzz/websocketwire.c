/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/websocket/websocketwire.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  WebsocketSamples samples = { FALSE };
  WebsocketCommand command;

  websocket_command_read (&command, (const gchar *) data, size, NULL);
  websocket_command_clear (&command);
  websocket_samples_take (&samples, data, size, out);
  websocket_samples_take (&samples, data, size, out);
  return 0;
}
