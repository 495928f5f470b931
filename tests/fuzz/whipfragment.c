/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "whip/logic/whipresource.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  WhipFragment *fragment =
      whip_fragment_parse ((const gchar *) data, size, NULL);

  g_clear_pointer (&fragment, whip_fragment_free);
  return 0;
}
