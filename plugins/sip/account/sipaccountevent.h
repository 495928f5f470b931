/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What becomes of a registration, and of the servers that are asked for their state. */

typedef enum
{
  SIP_ACCOUNT_REGISTERING, /* for the first time, or after it was lost */
  SIP_ACCOUNT_REGISTERED,
  SIP_ACCOUNT_REFUSED, /* it is not tried again */
  SIP_ACCOUNT_LOST, /* it is tried again */
  SIP_ACCOUNT_UP, /* one of its servers takes OPTIONS, unlike before */
  SIP_ACCOUNT_DOWN, /* none does any more */
} SipAccountState;

typedef struct
{
  SipAccountState state;
  const gchar *account; /* its name */
  const gchar *aor;
  guint expires; /* s, REGISTERED */
  guint retry; /* ms until it is tried again, LOST */
  guint status; /* of the response, 0 = there was none */
  const gchar *cause; /* for a person, REFUSED, LOST, DOWN */
  gboolean is_spare; /* REFUSED: the line has another one, which was not */
  const GError
      *error; /* REFUSED: why it cannot be; LOST, the first time: a warning */
} SipAccountEvent;

G_END_DECLS
