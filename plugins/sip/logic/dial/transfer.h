/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a blind transfer goes on (RFC 3515, RFC 5589 6.1): our REFER, its answer, and the
 * NOTIFYs that say what became of the far end's own call. Where nothing is heard it ends
 * nevertheless: whoever asked for it is told that nobody knows. */

typedef enum
{
  TRANSFER_NONE,
  TRANSFER_ASKED, /* the REFER is out */
  TRANSFER_TRYING, /* the far end has taken it on */
  TRANSFER_RINGING, /* whom it calls rings */
  /* It is over: */
  TRANSFER_ACCEPTED, /* who was called has answered */
  TRANSFER_DECLINED, /* the far end does not do that: `status` */
  TRANSFER_REFUSED, /* who was called is busy, absent, ...: `status` */
  TRANSFER_UNKNOWN, /* the far end does not say what became of it */
} TransferState;

typedef struct
{
  TransferState state;
  guint status; /* 0 = none */
  gint64 silent_until, until; /* ns */
} Transfer;

/* @silence ns without a word of the far end, @longest ns all in all, end it. */
void transfer_begin (Transfer *self, gint64 now, gint64 silence,
    gint64 longest);

/* Each returns TRUE where the state is another one then. */

/* The answer to the REFER. */
gboolean transfer_answered (Transfer *self, guint status);
/* A NOTIFY, of @status, 0 = of none; @last: there will be no other. */
gboolean transfer_notified (Transfer *self, guint status, gboolean last);
/* Nothing has come meanwhile. */
gboolean transfer_expired (Transfer *self, gint64 now);
/* The call has ended. */
gboolean transfer_ended (Transfer *self);

/* It is under way. */
gboolean transfer_is_on (const Transfer *self);
/* When transfer_expired() is to be asked next, ns. */
gint64 transfer_get_deadline (const Transfer *self);

/* "asked" and so on; "refused", too, where it is declined; "failed" = unknown. */
const gchar *transfer_state_to_string (TransferState state);

G_END_DECLS
