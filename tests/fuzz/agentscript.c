/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/agentscript.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A script, or a recording that a script names. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) samples = g_byte_array_new ();
  g_autoptr (AgentScript) script =
      agent_script_parse ((const gchar *) data, size, "/", &error);
  guint rate = 0;

  g_assert (!script == !!error);
  if (error)
    g_assert (g_utf8_validate (error->message, -1, NULL));
  if (agent_script_read_wav (data, size, &rate, samples, NULL))
    g_assert (rate && samples->len <= size);
  return 0;
}
