/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keys of one call, each of which may come by RTP (RFC 4733), by SIP INFO, or by
 * both: gateways send both so that one is understood. Each counts once. */
typedef struct
{
  gboolean has_rtp; /* the far end sends keys by RTP */
  gboolean dropping; /* the key that is down by RTP */
  struct
  {
    guint n; /* times that it came by INFO, and not yet by RTP */
    gint64 last; /* of them */
  } by_info[16];
} KeyFilter;

/* All zero is a new call. Times in ns; FALSE: @digit is left out. Who sends keys by
 * RTP sends them all so: those by INFO are left out from the first one on. */
gboolean key_filter_info (KeyFilter *self, gchar digit, gint64 now);
/* The same at the start and at the @end of a key. The first ones may come behind
 * their INFO. */
gboolean key_filter_rtp (KeyFilter *self, gchar digit, gboolean end,
    gint64 now);

G_END_DECLS
