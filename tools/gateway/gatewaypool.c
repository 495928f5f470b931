/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewaypool.h"
#include "filelimit.h"
#include "gatewayline.h"

/* Callers wait so long for the line that is being made for them. */
#define BUSY_WAIT 1000 /* ms */
/* Pauses before a line that failed is made again: doubled each time. */
#define FIRST_PAUSE 100 /* ms */
#define LONGEST_PAUSE 30000
/* A line that lived so long was a good one. */
#define GOOD_AGE (10 * G_TIME_SPAN_SECOND)
/* Between two errors of a route that are told. */
#define TELL_PAUSE (G_TIME_SPAN_SECOND)
/* If no line lives so long at first, none will. */
#define HOPE (2 * G_TIME_SPAN_SECOND)
/* Before it is looked again whether more files may be open. */
#define LIMIT_PAUSE 1000 /* ms */
/* File descriptors that a line may open when its call begins. */
#define FDS_OF_CALL 8

typedef struct
{
  GatewayPool *pool;
  const gchar *name; /* NULL: the route has no entries */
  guint failures; /* in a row */
  gchar *last_error; /* that was told */
  gint64 told_at;
  guint retry; /* source */
} Entry;

struct _GatewayPool
{
  const LaunchRoute *route;
  GatewayShared *shared;
  gint64 began;
  GPtrArray *lines; /* GatewayLine */
  guint n_ending; /* lines that were closed */
  Entry *entries;
  guint n_entries;
  gboolean draining;
  gboolean closing; /* waiting lines are not wanted any more */
  gboolean told_limit;
  guint limit_retry; /* source */
};

static const GatewayLineListener listener;

/* ---- Counting */

static guint
count (const GatewayPool *self, GatewayLineState first, GatewayLineState last,
    const gchar *entry)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++) {
    const GatewayLine *line = g_ptr_array_index (self->lines, i);
    if (gateway_line_get_state (line) >= first &&
        gateway_line_get_state (line) <= last &&
        !gateway_line_has_ended (line) &&
        (!entry || !g_strcmp0 (entry, gateway_line_get_entry (line))))
      n++;
  }
  return n;
}

/* With those that start. */
static guint
count_free (const GatewayPool *self, const gchar *entry)
{
  return count (self, GATEWAY_LINE_STARTING, GATEWAY_LINE_WAITING, entry);
}

static Entry *
entry_of (GatewayPool *self, const GatewayLine *line)
{
  for (guint i = 0; i < self->n_entries; i++)
    if (!g_strcmp0 (self->entries[i].name, gateway_line_get_entry (line)))
      return &self->entries[i];
  g_return_val_if_reached (NULL);
}

/* ---- Making */

static void fill (GatewayPool *self);

static gboolean
on_retry (gpointer data)
{
  Entry *entry = data;

  entry->retry = 0;
  fill (entry->pool);
  return G_SOURCE_REMOVE;
}

static void
tell_failure (GatewayPool *self, Entry *entry, const gchar *error,
    const gchar *what_now)
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
pause_entry (GatewayPool *self, Entry *entry)
{
  if (entry->retry || self->draining)
    return;
  guint pause = MIN (FIRST_PAUSE << MIN (entry->failures, 10), LONGEST_PAUSE);
  entry->failures++;
  entry->retry = g_timeout_add (pause, on_retry, entry);
}

static gboolean
is_hopeless (const GatewayPool *self)
{
  return !self->lines->len && g_get_monotonic_time () - self->began < HOPE;
}

/* A line failed that had no call; it is not with the pool any more. */
static void
count_failure (GatewayPool *self, Entry *entry, const gchar *error)
{
  gboolean hopeless = is_hopeless (self);

  call_metrics_count_failure (self->shared->metrics, self->route);
  tell_failure (self, entry, error,
      hopeless ? "" : " The line is made again, with pauses up to 30 s.");
  if (hopeless)
    self->shared->hopeless (self->shared->user);
  else
    pause_entry (self, entry);
}

static void
count_success (GatewayPool *self, Entry *entry)
{
  if (entry->last_error)
    event_log_note (self->shared->log, "route %s%s%s: works again.",
        self->route->name, entry->name ? ", entry " : "",
        entry->name ? entry->name : "");
  g_clear_pointer (&entry->last_error, g_free);
  entry->failures = 0;
}

/* FALSE with @error: the text is none. */
static gboolean
add_line (GatewayPool *self, Entry *entry, GError **error)
{
  GatewayLine *line = gateway_line_new (self->route, entry->name,
      self->shared->next_number, BUSY_WAIT, &listener, self, error);

  if (!line)
    return FALSE;
  self->shared->next_number++;
  g_ptr_array_add (self->lines, line);
  gateway_line_start (line);
  return TRUE;
}

static void
tell_limit (GatewayPool *self)
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
  GatewayPool *self = data;

  self->limit_retry = 0;
  fill (self);
  return G_SOURCE_REMOVE;
}

static gboolean
wants_line (GatewayPool *self, const Entry *entry)
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

static void
fill (GatewayPool *self)
{
  for (guint i = 0; i < self->n_entries; i++) {
    Entry *entry = &self->entries[i];
    g_autoptr (GError) error = NULL;
    while (wants_line (self, entry))
      if (!add_line (self, entry, &error)) {
        count_failure (self, entry, error->message);
        break;
      }
  }
}

/* ---- What lines tell */

static void
on_event (GatewayLine *line, const GstStructure *fields, gpointer user)
{
  GatewayPool *self = user;

  event_log_add (self->shared->log, self->route->name,
      gateway_line_get_id (line), gst_structure_get_name (fields), fields);
}

static void
on_problem (GatewayLine *line, GstMessage *message, gpointer user)
{
  GatewayPool *self = user;

  event_log_add_problem (self->shared->log, self->route->name,
      gateway_line_get_id (line), message);
}

static void
on_taken (GatewayLine *line, gpointer user)
{
  GatewayPool *self = user;

  fill (self);
}

static void
on_answered (GatewayLine *line, const CallRecord *call, gpointer user)
{
  GatewayPool *self = user;

  count_success (self, entry_of (self, line));
  call_metrics_observe_setup (self->shared->metrics,
      call_record_get_setup (call));
}

static void
on_turn (GatewayLine *line, guint64 turn_around, gpointer user)
{
  GatewayPool *self = user;

  call_metrics_observe_turn (self->shared->metrics,
      (gdouble) turn_around / GST_SECOND);
}

static void
record_call (GatewayPool *self, GatewayLine *line, const CallRecord *call)
{
  g_autoptr (JsonBuilder) record = json_builder_new ();

  json_builder_begin_object (record);
  json_builder_set_member_name (record, "line");
  json_builder_add_string_value (record, gateway_line_get_id (line));
  json_builder_set_member_name (record, "route");
  json_builder_add_string_value (record, self->route->name);
  call_record_describe (call, record);
  json_builder_end_object (record);
  event_log_add_cdr (self->shared->log, record);
}

static void
on_over (GatewayLine *line, const CallRecord *call, gpointer user)
{
  GatewayPool *self = user;

  record_call (self, line, call);
  call_metrics_count_call (self->shared->metrics, self->route, call);
}

/* The metrics have it from the elements. */
static void
on_refused (GatewayLine *line, const CallRecord *call, gpointer user)
{
  record_call (user, line, call);
}

static gboolean
shares_address (GatewayPool *self, const GatewayLine *line)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const GatewayLine *other = g_ptr_array_index (self->lines, i);
    if (other != line &&
        g_str_equal (gateway_line_get_address (other),
            gateway_line_get_address (line)))
      return TRUE;
  }
  return FALSE;
}

static void
close_line (GatewayPool *self, GatewayLine *line, const gchar *cause)
{
  g_ptr_array_remove (self->lines, line);
  self->n_ending++;
  gateway_line_close (line, cause);
}

/* A line that had a call was replaced when the call came: only what fails by itself
 * could fail without end. */
static void
count_end (GatewayPool *self, GatewayLine *line, const gchar *error)
{
  Entry *entry = entry_of (self, line);

  if (gateway_line_get_state (line) != GATEWAY_LINE_TAKEN) {
    if (error || gateway_line_get_age (line) < GOOD_AGE)
      count_failure (self, entry,
          error ? error : "The line ended before a call came.");
    else
      count_success (self, entry);
  } else if (error) {
    call_metrics_count_failure (self->shared->metrics, self->route);
    tell_failure (self, entry, error, "");
  }
}

static void
on_ended (GatewayLine *line, const gchar *error, gpointer user)
{
  GatewayPool *self = user;

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
    fill (self);
  }
  gateway_line_close (line, error ? error : "The line ended");
  self->shared->changed (self->shared->user);
}

static void
on_slow (GatewayLine *line, gboolean stopping, gpointer user)
{
  GatewayPool *self = user;

  event_log_note (self->shared->log,
      "route %s: line %s does not %s. Something in %s waits for the world "
      "outside.",
      self->route->name, gateway_line_get_id (line), stopping ? "end" : "start",
      self->route->file);
}

static void
on_closed (GatewayLine *line, gpointer user)
{
  GatewayPool *self = user;

  self->n_ending--;
  /* The files that it had open may have been those that the next one needs. */
  fill (self);
  self->shared->changed (self->shared->user);
}

static const GatewayLineListener listener = {
  .event = on_event,
  .problem = on_problem,
  .taken = on_taken,
  .answered = on_answered,
  .turn = on_turn,
  .over = on_over,
  .refused = on_refused,
  .ended = on_ended,
  .slow = on_slow,
  .closed = on_closed,
};

/* ---- Life */

GatewayPool *
gateway_pool_new (const LaunchRoute *route, GatewayShared *shared)
{
  GatewayPool *self = g_new0 (GatewayPool, 1);

  self->route = route;
  self->shared = shared;
  self->began = g_get_monotonic_time ();
  self->lines = g_ptr_array_new ();
  self->n_entries = MAX (g_strv_length (route->entries), 1);
  self->entries = g_new0 (Entry, self->n_entries);
  for (guint i = 0; i < self->n_entries; i++)
    self->entries[i] = (Entry){ .pool = self, .name = route->entries[i] };
  return self;
}

void
gateway_pool_free (GatewayPool *self)
{
  for (guint i = 0; i < self->n_entries; i++)
    g_free (self->entries[i].last_error);
  g_ptr_array_unref (self->lines);
  g_free (self->entries);
  g_free (self);
}

gboolean
gateway_pool_start (GatewayPool *self, GError **error)
{
  if (!add_line (self, &self->entries[0], error))
    return FALSE;
  fill (self);
  return TRUE;
}

static void
claim_place (const GatewayPool *self, GHashTable *owners, const gchar *place)
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
gateway_pool_claim_places (const GatewayPool *self, GHashTable *owners)
{
  for (guint i = 0; i < self->lines->len; i++) {
    g_auto (GStrv) places =
        gateway_line_get_places (g_ptr_array_index (self->lines, i));
    for (gchar **place = places; *place; place++)
      claim_place (self, owners, *place);
  }
}

void
gateway_pool_drain (GatewayPool *self)
{
  self->draining = TRUE;
  for (guint i = 0; i < self->lines->len; i++)
    gateway_line_drain (g_ptr_array_index (self->lines, i));
  for (guint i = 0; i < self->n_entries; i++)
    g_clear_handle_id (&self->entries[i].retry, g_source_remove);
  g_clear_handle_id (&self->limit_retry, g_source_remove);
}

void
gateway_pool_close_idle (GatewayPool *self, GHashTable *kept)
{
  self->closing = TRUE;
  for (guint i = self->lines->len; i-- > 0;) {
    GatewayLine *line = g_ptr_array_index (self->lines, i);
    if (gateway_line_get_state (line) == GATEWAY_LINE_TAKEN ||
        g_hash_table_add (kept, g_strdup (gateway_line_get_address (line))))
      continue;
    close_line (self, line, "The gateway ended");
  }
}

void
gateway_pool_close (GatewayPool *self)
{
  gateway_pool_drain (self);
  while (self->lines->len)
    close_line (self, g_ptr_array_index (self->lines, 0), "The gateway ended");
}

/* ---- Facts */

guint
gateway_pool_get_taken (const GatewayPool *self)
{
  return count (self, GATEWAY_LINE_TAKEN, GATEWAY_LINE_TAKEN, NULL);
}

guint
gateway_pool_get_waiting (const GatewayPool *self)
{
  return count_free (self, NULL);
}

guint
gateway_pool_get_starting (const GatewayPool *self)
{
  return count (self, GATEWAY_LINE_STARTING, GATEWAY_LINE_STARTING, NULL);
}

guint
gateway_pool_get_ending (const GatewayPool *self)
{
  return self->n_ending;
}

guint
gateway_pool_get_calls (const GatewayPool *self)
{
  guint calls = 0;

  for (guint i = 0; i < self->lines->len; i++)
    calls += gateway_line_get_calls (g_ptr_array_index (self->lines, i));
  return calls;
}

/* They are those of the process: one line knows all. */
void
gateway_pool_read_refusals (const GatewayPool *self, CallRefusals *refusals)
{
  static const gchar *const factories[CALL_N_CHANNELS] = { "sipsrc",
    "whipserver" };

  if (!self->lines->len)
    return;
  for (guint i = 0; i < CALL_N_CHANNELS; i++) {
    g_autoptr (GstStructure) stats =
        gateway_line_get_stats (g_ptr_array_index (self->lines, 0),
            factories[i]);
    for (guint j = 0; stats && j < CALL_N_REFUSALS; j++) {
      g_autofree gchar *field =
          g_strconcat ("refused-", call_metrics_refusals[j], NULL);
      gst_structure_get_uint (stats, field, &refusals->counts[i][j]);
    }
  }
}

const LaunchRoute *
gateway_pool_get_route (const GatewayPool *self)
{
  return self->route;
}
