/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gateway.h"
#include "gatewaycall.h"
#include "gatewayoptions.h"
#include "lib/lines/filelimit.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

int
main (int argc, char **argv)
{
  GatewayOptions options = { 0 };
  g_autoptr (GatewayConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  gint code = 2;

  /* Only which characters there are: numbers and sentences in log and records stay
   * as they are. */
  setlocale (LC_CTYPE, "");
  /* What help, sentences and the server of the metrics call it. */
  g_set_prgname ("voice-gateway");
  /* Whoever reads the log may go. */
  signal (SIGPIPE, SIG_IGN);
  if (argc > 1 && !strcmp (argv[1], "call"))
    return gateway_call_main (argc - 1, argv + 1);
  file_limit_raise ();
  if (gateway_options_parse (&options, &argc, &argv, &error))
    config = gateway_config_new (&options, &error);
  gateway_options_clear (&options);
  if (config)
    code = gateway_run (config, &error);
  if (error)
    fprintf (stderr, "voice-gateway: %s%s\n", error->message,
        config ? "" : "\nvoice-gateway --help tells more.");
  return code;
}
