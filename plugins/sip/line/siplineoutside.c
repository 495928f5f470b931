/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Whom the calls of a line ask how they are seen from outside: looked up before there are
 * any. */

#include "siplineprivate.h"

/* It takes no call before: that would be told an address that is no good. */
static void
on_stun (SipStun *stun, const GError *error, gpointer user)
{
  g_autoptr (SipLine) self = user;

  if (stun != self->config.dialog.stun)
    return; /* it was opened again since */
  self->finds_stun = FALSE;
  if (error && self->wanted)
    sip_line_tell_warning (self, error->message);
  sip_line_register (self);
}

void
sip_line_find_stun (SipLine *self)
{
  SipStun *stun = self->config.dialog.stun;

  self->finds_stun = stun != NULL;
  if (stun)
    sip_stun_open (stun, on_stun, g_object_ref (self));
}
