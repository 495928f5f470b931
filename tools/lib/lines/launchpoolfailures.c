/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Lines that fail: who is told, and when they are made again. */

#include "launchpoolprivate.h"

/* Pauses before a line that failed is made again: doubled each time. */
#define FIRST_PAUSE 100 /* ms */
#define LONGEST_PAUSE 30000
/* Between two errors of a route that are told. */
#define TELL_PAUSE (G_TIME_SPAN_SECOND)
/* If no line lives so long at first, none will. */
#define HOPE (2 * G_TIME_SPAN_SECOND)

static gboolean
on_retry (gpointer data)
{
  LaunchPoolEntry *entry = data;

  entry->retry = 0;
  launch_pool_fill (entry->pool);
  return G_SOURCE_REMOVE;
}

void
launch_pool_tell_failure (LaunchPool *self, LaunchPoolEntry *entry,
    const gchar *error, const gchar *what_now)
{
  gint64 now = g_get_monotonic_time ();

  /* Callers choose what some errors say: they are told one by one, but not each. */
  if (!g_strcmp0 (entry->last_error, error) ||
      now - entry->told_at < TELL_PAUSE)
    return;
  entry->told_at = now;
  event_log_note (self->shared->log, "route %s%s%s: %s%s", self->route->name,
      entry->name ? ", entry " : "", entry->name ? entry->name : "", error,
      what_now);
  g_free (entry->last_error);
  entry->last_error = g_strdup (error);
}

/* Lines that fail together count once. */
static void
pause_entry (LaunchPool *self, LaunchPoolEntry *entry)
{
  if (entry->retry || self->draining)
    return;
  guint pause = MIN (FIRST_PAUSE << MIN (entry->failures, 10), LONGEST_PAUSE);
  entry->failures++;
  entry->retry = g_timeout_add (pause, on_retry, entry);
}

static gboolean
is_hopeless (const LaunchPool *self)
{
  return !self->lines->len && g_get_monotonic_time () - self->began < HOPE;
}

void
launch_pool_count_failure (LaunchPool *self, LaunchPoolEntry *entry,
    const gchar *error)
{
  gboolean hopeless = is_hopeless (self);

  call_metrics_count_failure (self->shared->metrics, self->route);
  if (hopeless) { /* the last word, whatever was said of it before */
    g_clear_pointer (&entry->last_error, g_free);
    entry->told_at = 0;
  }
  launch_pool_tell_failure (self, entry, error,
      hopeless ? " No line works: this is the end."
               : " The line is made again, with pauses up to 30 s.");
  if (hopeless)
    self->shared->hopeless (self->shared->user);
  else
    pause_entry (self, entry);
}

void
launch_pool_count_success (LaunchPool *self, LaunchPoolEntry *entry)
{
  if (entry->last_error)
    event_log_note (self->shared->log, "route %s%s%s: works again.",
        self->route->name, entry->name ? ", entry " : "",
        entry->name ? entry->name : "");
  g_clear_pointer (&entry->last_error, g_free);
  entry->failures = 0;
}
