/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/twilio/twiliowire.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  TwilioCommand command;

  twilio_command_read (&command, (const gchar *) data, size, NULL);
  twilio_command_clear (&command);
  return 0;
}
