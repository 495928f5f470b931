/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "srvorder.h"

/* Those without a weight stand first, so that they are hardly ever chosen first. */
static gint
compare (gconstpointer a, gconstpointer b)
{
  const SrvRecord *first = a, *second = b;

  if (first->priority != second->priority)
    return first->priority < second->priority ? -1 : 1;
  return (first->weight > 0) - (second->weight > 0);
}

static void
move_to_front (SrvRecord *records, guint index)
{
  const SrvRecord chosen = records[index];

  for (guint i = index; i > 0; i--)
    records[i] = records[i - 1];
  records[0] = chosen;
}

/* The first whose running sum is not below a random number from 0 to the whole. */
static guint
choose (const SrvRecord *records, guint n, GRand *random)
{
  guint sum = 0, i = 0;

  for (guint k = 0; k < n; k++)
    sum += records[k].weight;
  const guint at = (guint) g_rand_int_range (random, 0, (gint32) sum + 1);
  for (sum = records[0].weight; sum < at; sum += records[i].weight)
    i++;
  return i;
}

static guint
count_equals (const SrvRecord *records, guint n)
{
  guint k = 1;

  while (k < n && records[k].priority == records[0].priority)
    k++;
  return k;
}

void
srv_order (SrvRecord *records, guint n, GRand *random)
{
  if (n == 0)
    return;
  g_qsort_with_data (records, (gint) n, sizeof *records,
      (GCompareDataFunc) (void (*) (void)) compare, NULL);
  for (guint i = 0, equals = 0; i < n; i++, equals--) {
    if (equals == 0)
      equals = count_equals (records + i, n - i);
    move_to_front (records + i, choose (records + i, equals, random));
  }
}
