/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "rtpice.h"

G_BEGIN_DECLS

/* The lite side of ICE (RFC 8445 2.5) for one component: it answers the checks of the far
 * end, which asks, chooses the pair and never hears a question of ours. So it is always the
 * controlled one, and sees no conflict of roles (7.3.1 is for full ones only); it gives
 * consent by answering (RFC 7675).
 *
 * A check by who does not know the password changes nothing, and is told so a few times a
 * second, in fewer bytes than it had. */

typedef struct
{
  gdouble tokens; /* answers that may go at once */
  gint64 at;
} IceBucket;

/* Places that have shown the password, of which the far end chooses one. */
#define ICE_SERVER_PROVEN 16

typedef struct
{
  guint component;
  RtpIce *ice; /* NULL: no check is answered */
  gchar *old_ufrag, *old_password; /* of ours, before it began anew; or NULL */
  gboolean has_pair; /* nominated since it began */
  guint32 priority;
  StunAddress remote;
  gint64 heard; /* the last check of that */
  StunAddress proven[ICE_SERVER_PROVEN]; /* a ring */
  guint n_proven; /* ever, of these names of ours */
  IceBucket answers, refusals;
} IceServer;

void ice_server_init (IceServer *self, guint component);
void ice_server_clear (IceServer *self);
/* What SDP says now; NULL: no ICE. Where the far end began anew checks by the names of
 * before are still answered, but choose nothing. */
void ice_server_set (IceServer *self, RtpIce *ice);

/* A message of STUN from @from. @answer is what to send there, of size 0 if nothing. TRUE:
 * it chooses @from as the place that media goes to from now on, which was another one. Of
 * several that are chosen the best holds, until it has been silent for long. */
gboolean ice_server_receive (IceServer *self, const guint8 *data, gsize size,
    const StunAddress *from, gint64 now, StunWriter *answer);

/* A good check has come from @place since these names were ours. */
gboolean ice_server_has_proven (const IceServer *self,
    const StunAddress *place);

G_END_DECLS
