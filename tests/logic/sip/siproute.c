/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sip/signalling/siproute.h"

static const struct
{
  const gchar *host;
  gboolean here;
} hosts[] = {
  { "127.0.0.1", TRUE },
  { "127.0.0.2", TRUE }, /* as several gateways of one machine have */
  { "127.255.255.254", TRUE },
  { "0.0.0.0", TRUE },
  { "::", TRUE },
  { "192.0.2.1", FALSE },
  { "128.0.0.1", FALSE },
  { "224.0.1.75", FALSE },
  { "255.255.255.255", FALSE },
  { "2001:db8::1", FALSE },
  { "ff02::1", FALSE },
  { "localhost", FALSE },
  { "", FALSE },
};

/* Also where any address can be bound to (net.ipv4.ip_nonlocal_bind, or broadcast
 * and multicast ones everywhere). */
static void
test_is_here (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_test_message ("%s", hosts[i].host);
    g_assert_cmpint (sip_route_is_here (hosts[i].host), ==, hosts[i].here);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/siproute/is-here", test_is_here);
  return g_test_run ();
}
