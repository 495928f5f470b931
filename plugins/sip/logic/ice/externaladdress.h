/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the far end is told to reach us at: "198.51.100.7,2001:db8::7", one of each family
 * at most, and in place of one of them, or both, "stun:HOST[:PORT]" (RFC 7064), who is asked. */

#define STUN_PORT 3478

typedef struct
{
  gchar *addresses; /* with a comma between them; NULL: none */
  gchar *
      server; /* NULL: nobody is asked; an address of IPv6 without its brackets */
  guint16 port; /* of the server */
} ExternalAddress;

/* FALSE: it is none; @self is empty then. "" is one without anything. */
gboolean external_address_parse (ExternalAddress *self, const gchar *text);
void external_address_clear (ExternalAddress *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ExternalAddress, external_address_clear)

G_END_DECLS
