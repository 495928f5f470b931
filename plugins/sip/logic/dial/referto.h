/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whom a far end asks us to call (Refer-To, RFC 3515 2.1): the address, and what call ours
 * shall take the place of (Replaces, RFC 3891), which stands in it as a header field. No
 * other field of it goes into our INVITE, as RFC 3261 19.1.5 advises. Whether the target
 * may be called is for DialPolicy to say. */

#define REFER_TO_LONGEST 1024 /* bytes */

typedef struct
{
  gchar *target; /* without method and header fields */
  gchar *replaces; /* value of the header field, NULL = none */
} ReferTo;

typedef enum
{
  REFER_TO_READ,
  REFER_TO_UNREADABLE,
  REFER_TO_OTHER_METHOD, /* something else than a call is wanted */
} ReferToVerdict;

/* @uri of the header; only REFER_TO_READ sets @self. */
ReferToVerdict refer_to_read (ReferTo *self, const gchar *uri);
void refer_to_clear (ReferTo *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReferTo, refer_to_clear)

G_END_DECLS
