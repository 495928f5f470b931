/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "whip/sdp/whipanswer.h"
#include "whip/sdp/whipoffer.h"

#include <stdint.h>

#define PEM "-----BEGIN CERTIFICATE-----\nAAECAwQF\n-----END CERTIFICATE-----\n"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (WhipOffer) offer =
      whip_offer_parse ((const gchar *) data, size, NULL);

  if (!offer)
    return 0;
  whip_offer_has_certificate (offer, PEM);
  gint opus = whip_offer_find_payload (offer, "audio", "OPUS");
  gint vp8 = whip_offer_find_payload (offer, "video", "VP8");
  whip_offer_restrict (offer, "audio", opus, opus);
  whip_offer_restrict (offer, "video", -1, vp8);
  const WhipOwn own = { "192.0.2.1", NULL, 0, size & 1 };
  g_free (whip_offer_write_answer (offer, whip_offer_get_message (offer), &own,
      NULL));
  return 0;
}
