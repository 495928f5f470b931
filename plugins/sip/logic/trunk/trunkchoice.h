/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "sip/logic/rate/tokenbucket.h"

#include <glib.h>

G_BEGIN_DECLS

/* Which trunk of a line a call out takes. Of those that can take it: who has not failed
 * lately, then whose prefix of the number is the longest, then by weight: of as many calls
 * as the weights add up to each has as many as its weight is, spread evenly (smooth
 * weighted round robin), the same ones for the same state. Weight 0 is for when no other
 * of that prefix can.
 *
 * A line with one trunk has no choice: it is tried, whatever is known of it, within its
 * limits. Times are monotonic, in ns; whoever calls has one state for each trunk. */

/* What is remembered of one; zeroed = nothing yet. */
typedef struct
{
  guint calls; /* now */
  gint64 credit; /* of its weight */
  TokenBucket rate;
  gint64 shut_until; /* it has said itself that it takes none before */
  gint64 doubt_until; /* it did not react, or had no room */
} TrunkState;

typedef enum
{
  TRUNK_GOOD,
  TRUNK_TRIED, /* in this call */
  TRUNK_OTHER, /* it is for other numbers, or addresses */
  TRUNK_DOWN,
  TRUNK_SHUT,
  TRUNK_FULL, /* max_calls */
  TRUNK_FAST, /* max_rate */
} TrunkVerdict;

typedef struct
{
  const gchar *const *prefixes; /* NULL = for anybody */
  guint weight;
  guint max_calls, max_rate; /* 0 = any number; a second */
  gboolean other, down, tried; /* as the verdicts */
  TrunkState *state;
  TrunkVerdict verdict; /* set by trunk_choose() */
} Trunk;

/* How long the prefix is that @number has, 0: it is for anybody; -1: none fits. @number
 * NULL: somebody without one. */
gint trunk_match (const gchar *const *prefixes, const gchar *number);

/* The index of the one that has the call from now on, until trunk_end(); -1: none can. */
gint trunk_choose (Trunk *trunks, guint n, const gchar *number, gint64 now);

/* A call in is one of its calls, too. */
void trunk_begin (TrunkState *self);
void trunk_end (TrunkState *self);

/* A call that nobody had answered, nor rung for, failed with @status, 0 = of none: whether
 * another trunk may have it. Not what a callee says: a refusal (6xx), or that he is busy. */
gboolean trunk_passes_on (guint status);
/* It did not take one, because of what @status says of itself; @retry_after s, 0 = it does
 * not say. */
void trunk_fail (TrunkState *self, guint status, guint retry_after, gint64 now);
/* It takes calls. */
void trunk_work (TrunkState *self);

G_END_DECLS
