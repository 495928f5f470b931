/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a far end says in a=fmtp of the packets that it takes: it binds who sends to
 * it. A value. */

typedef struct
{
  guint max_rate; /* Hz of audio that it plays, 0 = any */
  guint max_bit_rate; /* bit/s, 0 = any */
  guint min_packet_time; /* ms, 0 = any */
  gboolean
      mends; /* it uses what a packet says of the one before (in-band FEC) */
  gboolean pauses; /* it takes nothing for silence (DTX) */
  gboolean constant; /* all packets are to be of one size */
} RtpWishes;

/* Of Opus (RFC 7587 6.1). @text stands behind the payload type, NULL or "" = there is
 * none; what is unknown or makes no sense is passed over. Audio is mono whatever it
 * says. */
void rtp_wishes_read_opus (RtpWishes *self, const gchar *text);

G_END_DECLS
