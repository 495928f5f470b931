/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gateway.h"
#include "gatewaycontrol.h"
#include "lib/lines/launchpool.h"
#include "lib/records/callmetrics.h"
#include "lib/records/eventlog.h"

#include <glib-unix.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <unistd.h>

/* A call that was given to a line before it refused is known by then; so is it
 * whether a line that has started can take calls at all. */
#define SETTLE 200 /* ms */
/* What the ends of all lines may take. */
#define CLOSING 3000 /* ms */
/* The rate of calls is that of so many s. */
#define RATE_TIME 10
#define TRIM_TIME 30 /* s */
/* Exit code: an option, a setting or a file; see --help. */
#define CANNOT_BE_USED 2

typedef struct
{
  const GatewayConfig *config;
  LaunchPoolShared shared;
  GPtrArray *pools; /* LaunchPool */
  GatewayControlHost host;
  GatewayControl *control; /* or NULL */
  GMainLoop *loop;
  gboolean draining;
  gboolean idle_closed; /* after SETTLE */
  gboolean closing;
  gint code;
  guint64 begun[RATE_TIME]; /* calls, when the progress was shown last */
  guint shown; /* how often */
} Gateway;

/* ---- Sums over the routes */

static guint
sum (const Gateway *self, guint (*of) (const LaunchPool *pool))
{
  guint n = 0;

  for (guint i = 0; i < self->pools->len; i++)
    n += of (g_ptr_array_index (self->pools, i));
  return n;
}

static guint
lines_of (const LaunchPool *pool)
{
  return launch_pool_get_route (pool)->lines;
}

static void
get_gauge (const LaunchRoute *route, CallGauge *gauge, gpointer user)
{
  Gateway *self = user;

  for (guint i = 0; i < self->pools->len; i++) {
    const LaunchPool *pool = g_ptr_array_index (self->pools, i);
    if (launch_pool_get_route (pool) == route)
      *gauge = (CallGauge){ .calls = launch_pool_get_calls (pool),
        .waiting =
            launch_pool_get_waiting (pool) - launch_pool_get_starting (pool),
        .taken = launch_pool_get_taken (pool),
        .ending = launch_pool_get_ending (pool) };
  }
}

static void
get_refusals (CallRefusals *refusals, gpointer user)
{
  Gateway *self = user;

  for (guint i = 0; i < self->pools->len; i++)
    launch_pool_read_refusals (g_ptr_array_index (self->pools, i), refusals);
}

static guint64
get_lost (gpointer user)
{
  const Gateway *self = user;

  return event_log_get_lost (self->shared.log);
}

static const CallMetricsPresent present = { get_gauge, get_refusals, get_lost };

static guint
get_waiting (gpointer user)
{
  return sum (user, launch_pool_get_waiting);
}

/* ---- Progress */

static gboolean
show_progress (gpointer data)
{
  Gateway *self = data;
  guint64 done = call_metrics_get_done (self->shared.metrics);
  guint64 unanswered = call_metrics_get_unanswered (self->shared.metrics);
  guint calls = sum (self, launch_pool_get_calls);
  guint64 *begun = &self->begun[self->shown % RATE_TIME];
  gdouble rate =
      (gdouble) (done + calls - *begun) / MIN (self->shown + 1, RATE_TIME);
  g_autofree gchar *text =
      g_strdup_printf ("calls %u up, %" G_GUINT64_FORMAT
                       " done, %" G_GUINT64_FORMAT
                       " unanswered | lines %u free of %u | %.1f calls/s%s",
          calls, done - unanswered, unanswered,
          sum (self, launch_pool_get_waiting), sum (self, lines_of), rate,
          self->draining ? " | draining" : "");

  *begun = done + calls;
  self->shown++;
  event_log_progress (self->shared.log, text);
  return G_SOURCE_CONTINUE;
}

/* ---- Memory */

/* Decoders of speech take 12 MB in small pieces for some seconds, in many threads: glibc
 * keeps a heap full of holes for each of them (half an hour of a hundred calls: 450 MB,
 * of which 90 were in use). */
static gboolean
give_back_memory (gpointer unused)
{
#ifdef __GLIBC__
  malloc_trim (0); /* 10 to 20 ms, shared by the locks of all heaps */
#endif
  return G_SOURCE_CONTINUE;
}

/* ---- The end */

static void
on_changed (gpointer data)
{
  Gateway *self = data;

  if (self->closing ? !sum (self, launch_pool_get_ending)
                    : self->idle_closed && !sum (self, launch_pool_get_taken))
    g_main_loop_quit (self->loop);
}

static void
on_hopeless (gpointer data)
{
  Gateway *self = data;

  self->code = 1;
  g_main_loop_quit (self->loop);
}

static gboolean
on_settled (gpointer data)
{
  Gateway *self = data;
  g_autoptr (GHashTable) kept =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (self->closing)
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < self->pools->len; i++)
    launch_pool_close_idle (g_ptr_array_index (self->pools, i), kept);
  self->idle_closed = TRUE;
  on_changed (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_drain_timeout (gpointer data)
{
  Gateway *self = data;
  guint calls = sum (self, launch_pool_get_calls);

  if (self->closing)
    return G_SOURCE_REMOVE;
  if (calls) {
    event_log_note (self->shared.log,
        "%u calls are up after %u s (--drain-timeout) and are hung up.", calls,
        self->config->drain_timeout);
    self->code = 1;
  }
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static void
drain (Gateway *self)
{
  guint calls = sum (self, launch_pool_get_calls);

  self->draining = TRUE;
  call_metrics_set_draining (self->shared.metrics);
  for (guint i = 0; i < self->pools->len; i++)
    launch_pool_drain (g_ptr_array_index (self->pools, i));
  if (calls)
    event_log_note (self->shared.log,
        "no new calls; waits up to %u s for the end of %u. A second signal "
        "ends them.",
        self->config->drain_timeout, calls);
  g_timeout_add (SETTLE, on_settled, self);
  g_timeout_add (MAX (self->config->drain_timeout * 1000, SETTLE + 1),
      on_drain_timeout, self);
}

static gboolean
on_signal (gpointer data)
{
  Gateway *self = data;

  if (self->draining) {
    self->code = sum (self, launch_pool_get_calls) ? 1 : self->code;
    g_main_loop_quit (self->loop);
  } else {
    drain (self);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_closing_timeout (gpointer data)
{
  Gateway *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* Of a line that never ends not even the thread can be ended. */
static void
close_all (Gateway *self)
{
  guint timeout = g_timeout_add (CLOSING, on_closing_timeout, self);

  self->closing = TRUE;
  for (guint i = 0; i < self->pools->len; i++)
    launch_pool_close (g_ptr_array_index (self->pools, i));
  if (sum (self, launch_pool_get_ending))
    g_main_loop_run (self->loop);
  guint left = sum (self, launch_pool_get_ending);
  if (left) {
    event_log_note (self->shared.log, "%u lines do not end; they are left.",
        left);
    event_log_free (self->shared.log);
    _exit (1);
  }
  g_source_remove (timeout);
}

/* ---- Steering */

static void
on_told (const gchar *line, const GstStructure *fields, gpointer data)
{
  Gateway *self = data;

  if (self->control)
    gateway_control_told (self->control, line, fields);
}

static void
on_line_ended (const gchar *line, const gchar *error, gpointer data)
{
  Gateway *self = data;

  if (self->control)
    gateway_control_ended (self->control, line, error);
}

static void
on_drain (gpointer data)
{
  drain (data);
}

static gboolean
is_draining (gpointer data)
{
  const Gateway *self = data;

  return self->draining;
}

static gboolean
open_control (Gateway *self, GError **error)
{
  self->host = (GatewayControlHost){ .pools = self->pools,
    .log = self->shared.log,
    .drain = on_drain,
    .is_draining = is_draining,
    .user = self };
  self->control =
      gateway_control_new (self->config->control, &self->host, error);
  return self->control != NULL;
}

/* ---- Life */

static gboolean
on_announce (gpointer data)
{
  Gateway *self = data;

  if (self->draining)
    return G_SOURCE_REMOVE;
  if (sum (self, launch_pool_get_starting))
    return G_SOURCE_CONTINUE;
  event_log_note (self->shared.log, "%u lines wait, of at most %u.",
      sum (self, launch_pool_get_waiting), sum (self, lines_of));
  return G_SOURCE_REMOVE;
}

static void
tell_warnings (Gateway *self)
{
  for (guint i = 0; i < self->config->warnings->len; i++)
    event_log_note (self->shared.log, "%s",
        (const gchar *) g_ptr_array_index (self->config->warnings, i));
}

/* Routes between which chance decides. */
static void
tell_shared_places (Gateway *self)
{
  g_autoptr (GHashTable) owners =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->pools->len; i++)
    launch_pool_claim_places (g_ptr_array_index (self->pools, i), owners);
}

static gboolean
start (Gateway *self, GError **error)
{
  const GatewayConfig *config = self->config;

  tell_warnings (self);
  if (config->metrics_host &&
      !call_metrics_listen (self->shared.metrics, config->metrics_host,
          config->metrics_port, error))
    return FALSE;
  if (config->control && !open_control (self, error))
    return FALSE;
  for (guint i = 0; i < config->routes->len; i++) {
    LaunchPool *pool =
        launch_pool_new (g_ptr_array_index (config->routes, i), &self->shared);
    g_ptr_array_add (self->pools, pool);
    if (!launch_pool_start (pool, error))
      return FALSE;
  }
  tell_shared_places (self);
  return TRUE;
}

static gboolean
on_hangup_signal (gpointer data)
{
  Gateway *self = data;

  event_log_reopen (self->shared.log);
  return G_SOURCE_CONTINUE;
}

static void
run (Gateway *self, GError **error)
{
  g_unix_signal_add (SIGTERM, on_signal, self);
  g_unix_signal_add (SIGINT, on_signal, self);
  g_unix_signal_add (SIGHUP, on_hangup_signal, self);
  g_timeout_add (SETTLE, on_announce, self);
  g_timeout_add_seconds (TRIM_TIME, give_back_memory, NULL);
  if (isatty (STDERR_FILENO))
    g_timeout_add_seconds (1, show_progress, self);
  if (start (self, error))
    g_main_loop_run (self->loop);
  else
    self->code = CANNOT_BE_USED;
  close_all (self);
}

/* NULL with @error. */
static EventLog *
open_log (const GatewayConfig *config, GError **error)
{
  g_autoptr (GPtrArray) secrets = g_ptr_array_new_with_free_func (g_free);
  const EventLogSettings settings = { config->log, config->cdr,
    config->redact_transcripts, config->redact_digits, secrets };

  for (guint i = 0; i < config->routes->len; i++)
    launch_route_list_secrets (g_ptr_array_index (config->routes, i), secrets);
  return event_log_new (&settings, error);
}

gint
gateway_run (const GatewayConfig *config, GError **error)
{
  Gateway self = { .config = config };
  g_autoptr (GError) reason = NULL;

  self.shared = (LaunchPoolShared){ .log = open_log (config, error),
    .metrics = call_metrics_new (config->routes, &present, &self),
    .changed = on_changed,
    .hopeless = on_hopeless,
    .waiting = get_waiting,
    .told = on_told,
    .ended = on_line_ended,
    .user = &self };
  self.pools =
      g_ptr_array_new_with_free_func ((GDestroyNotify) launch_pool_free);
  self.loop = g_main_loop_new (NULL, FALSE);
  if (self.shared.log)
    run (&self, &reason);
  else
    self.code = CANNOT_BE_USED;
  g_clear_pointer (&self.control, gateway_control_free);
  /* The log knows what nobody may read. */
  if (reason)
    event_log_note (self.shared.log, "%s", reason->message);
  g_ptr_array_unref (self.pools);
  call_metrics_free (self.shared.metrics);
  if (self.shared.log)
    event_log_free (self.shared.log);
  g_main_loop_unref (self.loop);
  return self.code;
}
