/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "whip/logic/oairequest.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  OaiRequest request;

  oai_request_parse ((const gchar *) data, (gssize) size, &request, NULL);
  oai_request_clear (&request);
  return 0;
}
