/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whom a far end asks us to call. Nothing of it can end a line of our INVITE, and the call
 * that it names is read as the same one when it is passed on. */

#include "sip/logic/dial/referto.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_plain (const gchar *text)
{
  for (const gchar *c = text; *c; c++)
    g_assert (g_ascii_isgraph (*c));
}

static void
check_again (const ReferTo *self)
{
  g_autofree gchar *escaped = g_uri_escape_string (self->replaces, NULL, FALSE);
  g_autofree gchar *uri = g_strconcat ("sip:x?Replaces=", escaped, NULL);
  g_auto (ReferTo) again = { NULL, NULL };

  if (strlen (uri) > REFER_TO_LONGEST)
    return;
  g_assert (refer_to_read (&again, uri) == REFER_TO_READ);
  g_assert (g_str_equal (again.replaces, self->replaces));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_auto (ReferTo) self = { NULL, NULL };

  if (refer_to_read (&self, text) != REFER_TO_READ) {
    g_assert (!self.target && !self.replaces);
    return 0;
  }
  check_plain (self.target);
  g_assert (!strchr (self.target, '?'));
  if (self.replaces) {
    check_plain (self.replaces);
    check_again (&self);
  }
  return 0;
}
