/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/remote/localuri.h"

static void
test_local (void)
{
  static const gchar *const uris[] = { "ws://localhost:8765",
    "http://LOCALHOST./v1", "http://127.0.0.1:11434/v1", "ws://127.9.9.9",
    "ws://[::1]:8080/x", "http://10.1.2.3", "http://172.16.0.1",
    "http://172.31.255.1", "https://192.168.1.7/v1", "http://169.254.1.1",
    "ws://[fd12::1]", "ws://[fe80::1%25eth0]:1", "ws://[::ffff:10.0.0.1]",
    "http://box.local/", "http://model.internal", "http://a.localhost" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    if (!local_uri_check (uris[i]))
      g_error ("%s is not local", uris[i]);
}

static void
test_foreign (void)
{
  static const gchar *const uris[] = { "wss://api.example.com/v1/realtime",
    "http://localhost.example.com", "http://notlocalhost", "http://8.8.8.8",
    "http://172.32.0.1", "http://172.15.0.1", "http://192.169.0.1",
    "http://11.0.0.1", "ws://[2001:db8::1]", "ws://[::ffff:8.8.8.8]",
    "ws://[::2]", "http://127.0.0.1@example.com/", "127.0.0.1", "localhost", "",
    "http://", "http:///v1", ":", "http://local", "http://0x7f.1" };

  g_assert_false (local_uri_check (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    if (local_uri_check (uris[i]))
      g_error ("%s is local", uris[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/localuri/local", test_local);
  g_test_add_func ("/localuri/foreign", test_foreign);
  return g_test_run ();
}
