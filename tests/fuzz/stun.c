/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Messages on a port of a call with ICE: each begins with its size in a byte. Nobody who
 * does not know the password moves anything, and no answer is longer than what it is to. */

#include "sip/logic/ice/iceserver.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static RtpIce *
make_ice (void)
{
  guint8 random[RTP_ICE_RANDOM] = { 0 }; /* the name is AAAAAAAA */
  RtpIce *ice = rtp_ice_new ("frag", "their/password/of+24/xyz");

  rtp_ice_make_own (ice, random);
  return ice;
}

static void
receive (IceServer *server, const guint8 *data, gsize size, gint64 now)
{
  const StunAddress from = { { 192, 0, 2, 1 }, 4, 4000 };
  StunMessage message, said;
  StunWriter answer;
  const gboolean chosen =
      ice_server_receive (server, data, size, &from, now, &answer);
  const gboolean proved = stun_parse (&message, data, size) &&
      stun_check_integrity (&message, server->ice->own_password);

  g_assert (!chosen || proved);
  g_assert (proved || answer.size <= size);
  if (answer.size > 0) {
    g_assert (stun_parse (&said, answer.data, answer.size));
    g_assert (said.has_fingerprint);
  }
}

/* The text of one is a candidate, too. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  RtpIce *ice = make_ice ();
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  IceServer server;
  gint64 now = 0;

  rtp_ice_add_candidate (ice, text);
  ice_server_init (&server, 1);
  ice_server_set (&server, ice);
  rtp_ice_unref (ice);
  while (size > 0) {
    const gsize length = MIN (data[0], size - 1);
    receive (&server, data + 1, length, now += 1000000);
    data += 1 + length;
    size -= 1 + length;
  }
  ice_server_clear (&server);
  return 0;
}
