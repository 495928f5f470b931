/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchpoolprivate.h"
#include "filelimit.h"

/* Callers wait so long for the line that is being made for them. */
#define BUSY_WAIT 1000 /* ms */
/* Before it is looked again whether more files may be open. */
#define LIMIT_PAUSE 1000 /* ms */
/* File descriptors that a line may open when its call begins. */
#define FDS_OF_CALL 8

/* ---- Counting */

static guint
count (const LaunchPool *self, LaunchLineState first, LaunchLineState last,
    const gchar *entry)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++) {
    const LaunchLine *line = g_ptr_array_index (self->lines, i);
    if (launch_line_get_state (line) >= first &&
        launch_line_get_state (line) <= last && !launch_line_has_ended (line) &&
        (!entry || !g_strcmp0 (entry, launch_line_get_entry (line))))
      n++;
  }
  return n;
}

/* With those that start. */
static guint
count_free (const LaunchPool *self, const gchar *entry)
{
  return count (self, LAUNCH_LINE_STARTING, LAUNCH_LINE_WAITING, entry);
}

/* ---- Making */

/* FALSE with @error: the text is none. */
static gboolean
add_line (LaunchPool *self, LaunchPoolEntry *entry, GError **error)
{
  LaunchLine *line = launch_line_new (self->route, entry->name,
      self->shared->next_number, BUSY_WAIT, &launch_pool_listener, self, error);

  if (!line)
    return FALSE;
  self->shared->next_number++;
  g_ptr_array_add (self->lines, line);
  launch_line_start (line);
  return TRUE;
}

static void
tell_limit (LaunchPool *self)
{
  if (self->told_limit)
    return;
  self->told_limit = TRUE;
  event_log_note (self->shared->log,
      "route %s: the limit of open files (ulimit -n) allows no more than %u "
      "lines; %u were asked for.",
      self->route->name, self->lines->len, self->route->lines);
}

static gboolean
on_limit_retry (gpointer data)
{
  LaunchPool *self = data;

  self->limit_retry = 0;
  launch_pool_fill (self);
  return G_SOURCE_REMOVE;
}

static gboolean
wants_line (LaunchPool *self, const LaunchPoolEntry *entry)
{
  if (self->draining || entry->retry || self->lines->len >= self->route->lines)
    return FALSE;
  if (count_free (self, entry->name) >= self->route->warm)
    return FALSE;
  guint waiting = self->shared->waiting (self->shared->user);
  if (file_limit_has_room ((waiting + 1) * FDS_OF_CALL))
    return TRUE;
  tell_limit (self);
  /* Lines of other routes end, too, of which nobody tells here. */
  if (!self->limit_retry)
    self->limit_retry = g_timeout_add (LIMIT_PAUSE, on_limit_retry, self);
  return FALSE;
}

void
launch_pool_fill (LaunchPool *self)
{
  for (guint i = 0; i < self->n_entries; i++) {
    LaunchPoolEntry *entry = &self->entries[i];
    g_autoptr (GError) error = NULL;
    while (wants_line (self, entry))
      if (!add_line (self, entry, &error)) {
        launch_pool_count_failure (self, entry, error->message);
        break;
      }
  }
}

/* ---- Life */

LaunchPool *
launch_pool_new (const LaunchRoute *route, LaunchPoolShared *shared)
{
  LaunchPool *self = g_new0 (LaunchPool, 1);

  self->route = route;
  self->shared = shared;
  self->began = g_get_monotonic_time ();
  self->lines = g_ptr_array_new ();
  self->n_entries = MAX (g_strv_length (route->entries), 1);
  self->entries = g_new0 (LaunchPoolEntry, self->n_entries);
  for (guint i = 0; i < self->n_entries; i++)
    self->entries[i] =
        (LaunchPoolEntry){ .pool = self, .name = route->entries[i] };
  return self;
}

void
launch_pool_free (LaunchPool *self)
{
  for (guint i = 0; i < self->n_entries; i++)
    g_free (self->entries[i].last_error);
  g_ptr_array_unref (self->lines);
  g_free (self->entries);
  g_free (self);
}

gboolean
launch_pool_start (LaunchPool *self, GError **error)
{
  if (!add_line (self, &self->entries[0], error))
    return FALSE;
  launch_pool_fill (self);
  return TRUE;
}

static void
claim_place (const LaunchPool *self, GHashTable *owners, const gchar *place)
{
  const LaunchRoute *owner = g_hash_table_lookup (owners, place);

  if (owner && owner != self->route)
    event_log_note (self->shared->log,
        "routes %s and %s: both take calls at %s, so a call comes to either of "
        "them. Give one of them another name or port.",
        owner->name, self->route->name, place);
  g_hash_table_insert (owners, g_strdup (place), (gpointer) self->route);
}

void
launch_pool_claim_places (const LaunchPool *self, GHashTable *owners)
{
  for (guint i = 0; i < self->lines->len; i++) {
    g_auto (GStrv) places =
        launch_line_get_places (g_ptr_array_index (self->lines, i));
    for (gchar **place = places; *place; place++)
      claim_place (self, owners, *place);
  }
}

void
launch_pool_drain (LaunchPool *self)
{
  self->draining = TRUE;
  for (guint i = 0; i < self->lines->len; i++)
    launch_line_drain (g_ptr_array_index (self->lines, i));
  for (guint i = 0; i < self->n_entries; i++)
    g_clear_handle_id (&self->entries[i].retry, g_source_remove);
  g_clear_handle_id (&self->limit_retry, g_source_remove);
}

static void
close_line (LaunchPool *self, LaunchLine *line, const gchar *cause)
{
  g_ptr_array_remove (self->lines, line);
  self->n_ending++;
  launch_line_close (line, cause);
}

void
launch_pool_close_idle (LaunchPool *self, GHashTable *kept)
{
  self->closing = TRUE;
  for (guint i = self->lines->len; i-- > 0;) {
    LaunchLine *line = g_ptr_array_index (self->lines, i);
    if (launch_line_get_state (line) == LAUNCH_LINE_TAKEN ||
        g_hash_table_add (kept, g_strdup (launch_line_get_address (line))))
      continue;
    close_line (self, line, "The gateway ended");
  }
}

void
launch_pool_close (LaunchPool *self)
{
  launch_pool_drain (self);
  while (self->lines->len)
    close_line (self, g_ptr_array_index (self->lines, 0), "The gateway ended");
}

/* ---- Commands */

const gchar *
launch_pool_dial (LaunchPool *self, const gchar *uri,
    LaunchCommandResult *result)
{
  *result = LAUNCH_COMMAND_FAILED;
  for (guint i = 0; i < self->lines->len && !self->draining; i++) {
    LaunchLine *line = g_ptr_array_index (self->lines, i);
    LaunchCommandResult one = launch_line_dial (line, uri);
    if (one != LAUNCH_COMMAND_FAILED)
      *result = one;
    if (one == LAUNCH_COMMAND_DONE)
      return launch_line_get_id (line);
  }
  return NULL;
}

void
launch_pool_find_calls (const LaunchPool *self, const gchar *call_id,
    LaunchPoolCall *found)
{
  for (guint i = 0; i < self->lines->len; i++) {
    LaunchLine *line = g_ptr_array_index (self->lines, i);
    const CallRecord *call = launch_line_find_call (line, call_id, &found->n);
    if (!call)
      continue;
    found->line = line;
    found->call = call;
  }
}

LaunchCommandResult
launch_pool_call_run (const LaunchPoolCall *self, const gchar *command,
    const gchar *argument)
{
  return launch_line_run (self->line, self->call, command, argument);
}

/* ---- Facts */

guint
launch_pool_get_taken (const LaunchPool *self)
{
  return count (self, LAUNCH_LINE_TAKEN, LAUNCH_LINE_TAKEN, NULL);
}

guint
launch_pool_get_waiting (const LaunchPool *self)
{
  return count_free (self, NULL);
}

guint
launch_pool_get_starting (const LaunchPool *self)
{
  return count (self, LAUNCH_LINE_STARTING, LAUNCH_LINE_STARTING, NULL);
}

guint
launch_pool_get_ending (const LaunchPool *self)
{
  return self->n_ending;
}

guint
launch_pool_get_calls (const LaunchPool *self)
{
  guint calls = 0;

  for (guint i = 0; i < self->lines->len; i++)
    calls += launch_line_get_calls (g_ptr_array_index (self->lines, i));
  return calls;
}

/* They are those of the process: one line knows all. */
void
launch_pool_read_refusals (const LaunchPool *self, CallRefusals *refusals)
{
  static const gchar *const factories[CALL_N_CHANNELS] = { "sipsrc",
    "whipserver" };

  if (!self->lines->len)
    return;
  for (guint i = 0; i < CALL_N_CHANNELS; i++) {
    g_autoptr (GstStructure) stats =
        launch_line_get_stats (g_ptr_array_index (self->lines, 0),
            factories[i]);
    for (guint j = 0; stats && j < CALL_N_REFUSALS; j++) {
      g_autofree gchar *field =
          g_strconcat ("refused-", call_metrics_refusals[j], NULL);
      gst_structure_get_uint (stats, field, &refusals->counts[i][j]);
    }
  }
}

const LaunchRoute *
launch_pool_get_route (const LaunchPool *self)
{
  return self->route;
}
