/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often a line has called somebody on somebody else's word: within one call, and in
 * the hour before. */

/* Of the hour one caller gets three quarters at most: others have the rest. */

#define DIAL_COUNT_HOUR (G_GINT64_CONSTANT (3600) * 1000 * 1000 * 1000) /* ns */

typedef struct
{
  gint64 time; /* ns */
  guint caller; /* hash of who it is */
} DialCounted;

typedef struct
{
  guint call; /* which one it is that `in_call` is of */
  guint in_call;
  GArray *dials; /* DialCounted, of the last hour; NULL = none */
} DialCount;

typedef enum
{
  DIAL_COUNT_TAKEN,
  DIAL_COUNT_CALL, /* there were so many in this call */
  DIAL_COUNT_PER_HOUR,
  DIAL_COUNT_CALLER, /* the rest of the hour's is for others */
} DialCountVerdict;

/* What may be done; 0 = any number. */
typedef struct
{
  guint per_call;
  guint per_hour;
} DialLimits;

#define DIAL_LIMIT_CALL 1000
#define DIAL_LIMIT_HOUR 10000

/* "CALL,HOUR", or "CALL" alone and 60 in an hour. FALSE: it is neither, or more than these. */
gboolean dial_limits_parse (DialLimits *self, const gchar *text);

/* One more in @call, of @caller (NULL: nobody's but the line's own), at @now (ns); only
 * DIAL_COUNT_TAKEN counts. */
DialCountVerdict dial_count_take (DialCount *self, guint call,
    const gchar *caller, gint64 now, const DialLimits *limits);
void dial_count_clear (DialCount *self);

G_END_DECLS
