/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In which order the servers of a name are tried (RFC 2782). */

typedef struct
{
  gchar *host;
  guint16 port;
  guint16 priority; /* the lowest first */
  guint16 weight; /* of one priority: the heavier the likelier to be first */
} SrvRecord;

/* Each call has an order of its own, by @random. */
void srv_order (SrvRecord *records, guint n, GRand *random);

G_END_DECLS
