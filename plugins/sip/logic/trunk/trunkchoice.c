/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "trunkchoice.h"

#include <string.h>

#define SECOND (G_GINT64_CONSTANT (1000000000)) /* ns */
#define DEAD_TIME 60 /* s */
#define FULL_TIME 30
#define MOST_TIME 3600

gint
trunk_match (const gchar *const *prefixes, const gchar *number)
{
  gint longest = -1;

  if (!prefixes)
    return 0;
  for (; number && *prefixes; prefixes++)
    if (g_str_has_prefix (number, *prefixes))
      longest = MAX (longest, (gint) strlen (*prefixes));
  return longest;
}

/* ---- Which can */

static gboolean
is_fast (const Trunk *self, gint64 now)
{
  TokenBucket copy = self->state->rate;

  return self->max_rate &&
      !token_bucket_take (&copy, now, self->max_rate, self->max_rate);
}

static TrunkVerdict
judge (const Trunk *self, const gchar *number, gint64 now, gboolean only)
{
  if (self->other || trunk_match (self->prefixes, number) < 0)
    return TRUNK_OTHER;
  if (self->tried)
    return TRUNK_TRIED;
  if (self->down && !only)
    return TRUNK_DOWN;
  if (self->state->shut_until > now && !only)
    return TRUNK_SHUT;
  if (self->max_calls && self->state->calls >= self->max_calls)
    return TRUNK_FULL;
  return is_fast (self, now) ? TRUNK_FAST : TRUNK_GOOD;
}

/* ---- Which of these */

static gboolean
is_doubtful (const Trunk *self, gint64 now)
{
  return self->state->doubt_until > now;
}

/* Less is better. */
static gint
compare (const Trunk *a, const Trunk *b, const gchar *number, gint64 now)
{
  const gint doubt = is_doubtful (a, now) - is_doubtful (b, now);
  const gint prefix =
      trunk_match (b->prefixes, number) - trunk_match (a->prefixes, number);

  return doubt ? doubt : prefix ? prefix : !a->weight - !b->weight;
}

/* One of the best; -1: none can. */
static gint
find_best (const Trunk *trunks, guint n, const gchar *number, gint64 now)
{
  gint best = -1;

  for (guint i = 0; i < n; i++)
    if (trunks[i].verdict == TRUNK_GOOD &&
        (best < 0 || compare (&trunks[i], &trunks[best], number, now) < 0))
      best = (gint) i;
  return best;
}

/* Each earns its weight, and who has most pays for all. */
static gint
weigh (Trunk *trunks, guint n, gint best, const gchar *number, gint64 now)
{
  const Trunk like = trunks[best];
  gint64 total = 0;

  for (guint i = 0; i < n; i++) {
    Trunk *each = &trunks[i];
    if (each->verdict != TRUNK_GOOD || compare (each, &like, number, now))
      continue;
    each->state->credit += each->weight;
    total += each->weight;
    if (each->state->credit > trunks[best].state->credit)
      best = (gint) i;
  }
  trunks[best].state->credit -= total;
  return best;
}

gint
trunk_choose (Trunk *trunks, guint n, const gchar *number, gint64 now)
{
  for (guint i = 0; i < n; i++)
    trunks[i].verdict = judge (&trunks[i], number, now, n == 1);
  const gint best = find_best (trunks, n, number, now);
  if (best < 0)
    return -1;
  const gint index = weigh (trunks, n, best, number, now);
  const Trunk *chosen = &trunks[index];
  if (chosen->max_rate)
    token_bucket_take (&chosen->state->rate, now, chosen->max_rate,
        chosen->max_rate);
  trunk_begin (chosen->state);
  return index;
}

/* ---- Its calls */

void
trunk_begin (TrunkState *self)
{
  self->calls++;
}

void
trunk_end (TrunkState *self)
{
  self->calls--;
}

gboolean
trunk_passes_on (guint status)
{
  return !status || status == 401 || status == 407 || status == 408 ||
      status == 430 || (status >= 500 && status < 600);
}

void
trunk_fail (TrunkState *self, guint status, guint retry_after, gint64 now)
{
  if (status == 503 && retry_after)
    self->shut_until =
        MAX (self->shut_until, now + MIN (retry_after, MOST_TIME) * SECOND);
  else if (status < 500)
    self->doubt_until = now + DEAD_TIME * SECOND;
  else if (status == 503)
    self->doubt_until = now + FULL_TIME * SECOND;
}

void
trunk_work (TrunkState *self)
{
  self->doubt_until = 0;
}
