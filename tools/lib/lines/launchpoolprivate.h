/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "launchline.h"
#include "launchpool.h"

G_BEGIN_DECLS

/* Lines that are called by the same name. */
typedef struct
{
  LaunchPool *pool;
  const gchar *name; /* NULL: the route has no entries */
  guint failures; /* in a row */
  gchar *last_error; /* that was told */
  gint64 told_at;
  guint retry; /* source */
} LaunchPoolEntry;

struct _LaunchPool
{
  const LaunchRoute *route;
  LaunchPoolShared *shared;
  gint64 began;
  GPtrArray *lines; /* LaunchLine */
  guint n_ending; /* lines that were closed */
  LaunchPoolEntry *entries;
  guint n_entries;
  gboolean draining;
  gboolean closing; /* waiting lines are not wanted any more */
  gboolean told_limit;
  guint limit_retry; /* source */
};

/* Makes the lines that are missing. */
void launch_pool_fill (LaunchPool *self);

/* ---- launchpoolfailures.c */

/* A line failed that had no call; it is not with the pool any more. */
void launch_pool_count_failure (LaunchPool *self, LaunchPoolEntry *entry,
    const gchar *error);
void launch_pool_count_success (LaunchPool *self, LaunchPoolEntry *entry);
/* Notes it in the log, unless it was told before. */
void launch_pool_tell_failure (LaunchPool *self, LaunchPoolEntry *entry,
    const gchar *error, const gchar *what_now);

/* ---- launchpoollistener.c */

/* Of its lines: the user is the pool. */
extern const LaunchLineListener launch_pool_listener;

G_END_DECLS
