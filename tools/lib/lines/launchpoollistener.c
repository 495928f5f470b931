/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What lines tell: it goes into log, records and metrics, and lines are replaced. */

#include "launchpoolprivate.h"

/* A line that lived so long was a good one. */
#define GOOD_AGE (10 * G_TIME_SPAN_SECOND)

static LaunchPoolEntry *
entry_of (LaunchPool *self, const LaunchLine *line)
{
  for (guint i = 0; i < self->n_entries; i++)
    if (!g_strcmp0 (self->entries[i].name, launch_line_get_entry (line)))
      return &self->entries[i];
  g_return_val_if_reached (NULL);
}

static void
on_event (LaunchLine *line, const GstStructure *fields, gpointer user)
{
  LaunchPool *self = user;

  if (self->shared->told)
    self->shared->told (launch_line_get_id (line), fields, self->shared->user);
  event_log_add (self->shared->log, self->route->name,
      launch_line_get_id (line), gst_structure_get_name (fields), fields);
}

static void
on_problem (LaunchLine *line, GstMessage *message, gpointer user)
{
  LaunchPool *self = user;

  event_log_add_problem (self->shared->log, self->route->name,
      launch_line_get_id (line), message);
}

static void
on_taken (LaunchLine *line, gpointer user)
{
  LaunchPool *self = user;

  launch_pool_fill (self);
}

static void
on_answered (LaunchLine *line, const CallRecord *call, gpointer user)
{
  LaunchPool *self = user;

  launch_pool_count_success (self, entry_of (self, line));
  call_metrics_observe_setup (self->shared->metrics,
      call_record_get_setup (call));
}

static void
on_turn (LaunchLine *line, guint64 turn_around, gpointer user)
{
  LaunchPool *self = user;

  call_metrics_observe_turn (self->shared->metrics,
      (gdouble) turn_around / GST_SECOND);
}

static void
on_agent (LaunchLine *line, const GstStructure *fact, gboolean again,
    gpointer user)
{
  LaunchPool *self = user;

  if (again)
    call_metrics_count_reconnect (self->shared->metrics,
        gst_structure_get_string (fact, "backend"));
  if (gst_structure_has_name (fact, "aiagent/usage"))
    call_metrics_count_usage (self->shared->metrics, fact);
}

static void
record_call (LaunchPool *self, LaunchLine *line, const CallRecord *call)
{
  g_autoptr (JsonBuilder) record = json_builder_new ();

  json_builder_begin_object (record);
  json_builder_set_member_name (record, "line");
  json_builder_add_string_value (record, launch_line_get_id (line));
  json_builder_set_member_name (record, "route");
  json_builder_add_string_value (record, self->route->name);
  call_record_describe (call, record);
  json_builder_end_object (record);
  event_log_add_cdr (self->shared->log, record);
}

static void
on_over (LaunchLine *line, const CallRecord *call, gpointer user)
{
  LaunchPool *self = user;

  record_call (self, line, call);
  call_metrics_count_call (self->shared->metrics, self->route, call);
}

/* The metrics have it from the elements. */
static void
on_refused (LaunchLine *line, const CallRecord *call, gpointer user)
{
  record_call (user, line, call);
}

static gboolean
shares_address (LaunchPool *self, const LaunchLine *line)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const LaunchLine *other = g_ptr_array_index (self->lines, i);
    if (other != line &&
        g_str_equal (launch_line_get_address (other),
            launch_line_get_address (line)))
      return TRUE;
  }
  return FALSE;
}

/* A line that had a call was replaced when the call came: only what fails by itself
 * could fail without end. */
static void
count_end (LaunchPool *self, LaunchLine *line, const gchar *error)
{
  LaunchPoolEntry *entry = entry_of (self, line);

  if (launch_line_get_state (line) != LAUNCH_LINE_TAKEN) {
    if (error || launch_line_get_age (line) < GOOD_AGE)
      launch_pool_count_failure (self, entry,
          error ? error : "The line ended before a call came.");
    else
      launch_pool_count_success (self, entry);
  } else if (error) {
    call_metrics_count_failure (self->shared->metrics, self->route);
    launch_pool_tell_failure (self, entry, error, "");
  }
}

static void
on_ended (LaunchLine *line, const gchar *error, gpointer user)
{
  LaunchPool *self = user;

  if (self->shared->ended)
    self->shared->ended (launch_line_get_id (line), error, self->shared->user);
  /* One that has ended says "no" as well as any, and none else may be left. */
  if (self->closing && !error && !shares_address (self, line)) {
    self->shared->changed (self->shared->user);
    return;
  }
  g_ptr_array_remove (self->lines, line);
  self->n_ending++;
  if (!self->draining) {
    count_end (self, line, error);
    /* While the old one is with its endpoint nobody hears that there is none. */
    launch_pool_fill (self);
  }
  launch_line_close (line, error ? error : "The line ended");
  self->shared->changed (self->shared->user);
}

static void
on_slow (LaunchLine *line, gboolean stopping, gpointer user)
{
  LaunchPool *self = user;

  event_log_note (self->shared->log,
      "route %s: line %s does not %s. Something in %s waits for the world "
      "outside.",
      self->route->name, launch_line_get_id (line), stopping ? "end" : "start",
      self->route->file);
}

static void
on_closed (LaunchLine *line, gpointer user)
{
  LaunchPool *self = user;

  self->n_ending--;
  /* The files that it had open may have been those that the next one needs. */
  launch_pool_fill (self);
  self->shared->changed (self->shared->user);
}

const LaunchLineListener launch_pool_listener = {
  .event = on_event,
  .problem = on_problem,
  .taken = on_taken,
  .answered = on_answered,
  .turn = on_turn,
  .over = on_over,
  .agent = on_agent,
  .refused = on_refused,
  .ended = on_ended,
  .slow = on_slow,
  .closed = on_closed,
};
