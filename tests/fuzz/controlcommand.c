/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A command for the gateway. */

#include "lib/logic/controlcommand.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL;
  g_autoptr (ControlCommand) command =
      control_command_new ((const gchar *) data, size, &id, &error);

  g_assert (!command == !!error);
  g_assert (!error || g_utf8_validate (error->message, -1, NULL));
  if (command) {
    g_assert (control_command_type_to_string (command->type));
    g_assert (!command->call_id || *command->call_id);
  }
  g_autofree gchar *reply =
      control_reply_new (id, NULL, error ? error->message : NULL);
  g_assert (g_utf8_validate (reply, -1, NULL));
  return 0;
}
