/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchline.h"
#include "callplaces.h"
#include "launchpipeline.h"
#include "pipelinejob.h"

/* A line whose calls are over ends by EOS, or after so long. */
#define LINGER 500 /* ms */
/* Then its files have so long to be finished. */
#define FINISHING 1000 /* ms */
/* A start or an end that takes longer is told. */
#define SLOW 5000 /* ms */

struct _LaunchLine
{
  gchar *entry; /* NULL: none */
  gchar id[13];
  gchar *address;
  LaunchLineState state;
  gint64 began;
  GstElement *pipeline;
  GPtrArray *calls; /* CallRecord, those that are up */
  gboolean ended; /* the listener was told */
  gboolean eos, failed; /* the pipeline said so */
  guint linger; /* source: the calls are over, EOS has not come */
  /* The end: launch_line_close(), then EOS, then NULL. */
  gboolean closing, stopping;
  guint finishing; /* source: waits for EOS */
  gboolean working; /* a job of this line is with a worker */
  guint slow; /* source: the job takes long */
  const LaunchLineListener *listener;
  gpointer user;
};

static void go_on_closing (LaunchLine *self);

/* ---- Messages */

static void
end (LaunchLine *self, const gchar *error)
{
  if (self->ended || self->closing)
    return;
  self->ended = TRUE;
  self->listener->ended (self, error, self->user);
}

/* A pipeline with a part that never ends, say a tone for waiting callers, posts no
 * EOS. */
static gboolean
on_linger (gpointer data)
{
  LaunchLine *self = data;

  self->linger = 0;
  end (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
take (LaunchLine *self)
{
  g_clear_handle_id (&self->linger, g_source_remove);
  if (self->state == LAUNCH_LINE_TAKEN || self->closing)
    return;
  self->state = LAUNCH_LINE_TAKEN;
  self->listener->taken (self, self->user);
}

static CallRecord *
find_call (LaunchLine *self, const GstStructure *s)
{
  for (guint i = 0; i < self->calls->len; i++) {
    CallRecord *call = g_ptr_array_index (self->calls, i);
    if (call_record_is_about (call, s))
      return call;
  }
  return NULL;
}

/* Either half of an agent has them; a line may have one half only. */
static void
read_agent (LaunchLine *self, CallRecord *call)
{
  static const gchar *const halves[] = { "aiagentsink", "aiagentsrc" };

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++) {
    g_autoptr (GstStructure) stats =
        launch_pipeline_get_stats (self->pipeline, halves[i]);
    if (stats)
      call_agent_read_stats (&call->agent, stats);
  }
}

static void
over (LaunchLine *self, CallRecord *call)
{
  read_agent (self, call);
  call_record_read_media (call);
  self->listener->over (self, call, self->user);
  g_ptr_array_remove (self->calls, call);
}

static void
on_call (LaunchLine *self, GstMessage *message, const GstStructure *s)
{
  gint64 now = g_get_monotonic_time ();
  CallRecord *call = find_call (self, s);

  if (!call && call_record_is_beginning (s)) {
    g_ptr_array_add (self->calls, call_record_new (message, now));
    take (self);
    return;
  }
  if (!call)
    return;
  gboolean answered = call_record_is_answered (call);
  gboolean is_over = call_record_update (call, s, now);
  if (!answered && call_record_is_answered (call))
    self->listener->answered (self, call, self->user);
  if (!is_over)
    return;
  over (self, call);
  if (!self->calls->len && !self->linger && !self->closing)
    self->linger = g_timeout_add (LINGER, on_linger, self);
}

static void
on_refusal (LaunchLine *self, GstMessage *message)
{
  CallRecord *call = call_record_new_refused (message, g_get_monotonic_time ());

  self->listener->refused (self, call, self->user);
  call_record_free (call);
}

static void
on_turn (LaunchLine *self, const GstStructure *s)
{
  guint64 turn_around = 0;

  for (guint i = 0; i < self->calls->len; i++)
    turn_around = call_record_add_turn (g_ptr_array_index (self->calls, i), s);
  if (turn_around)
    self->listener->turn (self, turn_around, self->user);
}

static void
on_agent (LaunchLine *self, const GstStructure *s)
{
  gboolean again = FALSE;

  for (guint i = 0; i < self->calls->len; i++)
    again |= call_record_add_agent (g_ptr_array_index (self->calls, i), s);
  self->listener->agent (self, s, again, self->user);
  if (gst_structure_has_name (s, "aiagent/turn"))
    on_turn (self, s);
}

static gboolean
is_our_event (const GstStructure *s)
{
  static const gchar *const starts[] = { "voice/", "aiagent/", "voicemixer/" };

  for (guint i = 0; s && i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (gst_structure_get_name (s), starts[i]))
      return TRUE;
  return FALSE;
}

static void
on_element_message (LaunchLine *self, GstMessage *message)
{
  const GstStructure *s = gst_message_get_structure (message);

  if (!is_our_event (s))
    return;
  self->listener->event (self, s, self->user);
  if (call_record_is_report (s))
    on_call (self, message, s);
  else if (call_record_is_refusal (s))
    on_refusal (self, message);
  else if (g_str_has_prefix (gst_structure_get_name (s), "aiagent/"))
    on_agent (self, s);
}

static void
on_error (LaunchLine *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  self->failed = TRUE;
  self->listener->problem (self, message, self->user);
  end (self, error->message);
}

static void
on_eos (LaunchLine *self)
{
  self->eos = TRUE;
  if (self->finishing) {
    g_clear_handle_id (&self->finishing, g_source_remove);
    go_on_closing (self);
  } else {
    end (self, NULL);
  }
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user)
{
  LaunchLine *self = user;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ELEMENT:
      on_element_message (self, message);
      break;
    case GST_MESSAGE_WARNING:
      self->listener->problem (self, message, self->user);
      break;
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_EOS:
      on_eos (self);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

/* ---- Jobs */

static gboolean
on_slow (gpointer data)
{
  LaunchLine *self = data;

  self->slow = 0;
  self->listener->slow (self, self->stopping, self->user);
  return G_SOURCE_REMOVE;
}

static void
work (LaunchLine *self, PipelineJob job, PipelineJobDone done)
{
  self->working = TRUE;
  self->slow = g_timeout_add (SLOW, on_slow, self);
  pipeline_job_run (job, self->pipeline, done, self);
}

static void
end_of_work (LaunchLine *self)
{
  self->working = FALSE;
  g_clear_handle_id (&self->slow, g_source_remove);
}

static gboolean
job_play (GstElement *pipeline)
{
  return gst_element_set_state (pipeline, GST_STATE_PLAYING) !=
      GST_STATE_CHANGE_FAILURE;
}

static gboolean
job_send_eos (GstElement *pipeline)
{
  return gst_element_send_event (pipeline, gst_event_new_eos ());
}

static gboolean
job_stop (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return TRUE;
}

/* ---- Life */

static void
free_parts (LaunchLine *self)
{
  g_clear_object (&self->pipeline);
  g_ptr_array_unref (self->calls);
  g_free (self->entry);
  g_free (self->address);
  g_free (self);
}

static void
watch_bus (LaunchLine *self, GstBus *bus)
{
  const guint id = gst_bus_add_watch (bus, on_message, self);

  /* It never does. But around each turn of one that cannot GLib takes its file from
   * the poll and puts it back, and wakes the loop for both. */
  g_source_set_can_recurse (g_main_context_find_source_by_id (NULL, id), TRUE);
}

LaunchLine *
launch_line_new (const LaunchRoute *route, const gchar *entry, guint number,
    guint busy_wait, const LaunchLineListener *listener, gpointer user,
    GError **error)
{
  LaunchLine *self = g_new0 (LaunchLine, 1);
  const LaunchLineNames names = { self->id, number, entry };

  g_snprintf (self->id, sizeof self->id, "%08x%04x", g_random_int (),
      g_random_int () & 0xffff);
  self->entry = g_strdup (entry);
  self->began = g_get_monotonic_time ();
  self->calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) call_record_free);
  self->listener = listener;
  self->user = user;
  self->pipeline = launch_pipeline_new (route, &names, busy_wait, error);
  if (!self->pipeline) {
    free_parts (self);
    return NULL;
  }
  self->address = launch_pipeline_dup_address (self->pipeline);
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  watch_bus (self, bus);
  return self;
}

static void
read_bus (LaunchLine *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GstMessage *message;

  while ((message = gst_bus_pop (bus))) {
    on_message (bus, message, self);
    gst_message_unref (message);
  }
}

static void
on_playing (gboolean good, gpointer user)
{
  LaunchLine *self = user;

  end_of_work (self);
  if (self->closing) {
    go_on_closing (self);
    return;
  }
  if (!good) {
    read_bus (self); /* which says why, as a rule */
    end (self, "The pipeline does not start.");
    return;
  }
  if (self->state == LAUNCH_LINE_STARTING)
    self->state = LAUNCH_LINE_WAITING;
}

void
launch_line_start (LaunchLine *self)
{
  work (self, job_play, on_playing);
}

static void
cut_calls (LaunchLine *self, const gchar *cause)
{
  while (self->calls->len) {
    CallRecord *call = g_ptr_array_index (self->calls, 0);
    call_record_cut (call, cause, g_get_monotonic_time ());
    over (self, call);
  }
}

static void
on_stopped (gboolean good, gpointer user)
{
  LaunchLine *self = user;
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  end_of_work (self);
  read_bus (self);
  cut_calls (self, "The line ended");
  gst_bus_remove_watch (bus);
  self->listener->closed (self, self->user);
  free_parts (self);
}

static gboolean
on_finishing (gpointer data)
{
  LaunchLine *self = data;

  self->finishing = 0;
  go_on_closing (self);
  return G_SOURCE_REMOVE;
}

static void
go_on_closing (LaunchLine *self)
{
  if (self->working)
    return;
  if (self->state == LAUNCH_LINE_TAKEN && !self->eos && !self->failed) {
    self->eos = TRUE; /* once */
    self->finishing = g_timeout_add (FINISHING, on_finishing, self);
    launch_pipeline_hang_up (self->pipeline);
    pipeline_job_run (job_send_eos, self->pipeline, NULL, NULL);
    return;
  }
  if (self->finishing)
    return;
  self->stopping = TRUE;
  launch_pipeline_hang_up (self->pipeline);
  launch_pipeline_unregister (self->pipeline);
  work (self, job_stop, on_stopped);
}

void
launch_line_close (LaunchLine *self, const gchar *cause)
{
  g_clear_handle_id (&self->linger, g_source_remove);
  self->closing = TRUE;
  cut_calls (self, cause);
  go_on_closing (self);
}

void
launch_line_drain (LaunchLine *self)
{
  launch_pipeline_drain (self->pipeline);
}

/* ---- Commands */

LaunchCommandResult
launch_line_dial (LaunchLine *self, const gchar *uri)
{
  if (self->state != LAUNCH_LINE_WAITING || self->ended || self->closing)
    return LAUNCH_COMMAND_FAILED;
  return launch_command_dial (self->pipeline, uri);
}

const CallRecord *
launch_line_find_call (const LaunchLine *self, const gchar *call_id, guint *n)
{
  const CallRecord *found = NULL;

  for (guint i = 0; i < self->calls->len; i++) {
    const CallRecord *call = g_ptr_array_index (self->calls, i);
    if (call_id && g_strcmp0 (call->call_id, call_id))
      continue;
    found = call;
    (*n)++;
  }
  return found;
}

LaunchCommandResult
launch_line_run (LaunchLine *self, const CallRecord *call, const gchar *command,
    const gchar *argument)
{
  return launch_command_run (self->pipeline, call->element, call->session,
      command, argument);
}

/* ---- Facts */

LaunchLineState
launch_line_get_state (const LaunchLine *self)
{
  return self->state;
}

gboolean
launch_line_has_ended (const LaunchLine *self)
{
  return self->ended;
}

guint
launch_line_get_calls (const LaunchLine *self)
{
  return self->calls->len;
}

const gchar *
launch_line_get_id (const LaunchLine *self)
{
  return self->id;
}

GstStructure *
launch_line_get_stats (const LaunchLine *self, const gchar *factory)
{
  return launch_pipeline_get_stats (self->pipeline, factory);
}

GStrv
launch_line_get_places (const LaunchLine *self)
{
  return call_places_of (self->pipeline);
}

const gchar *
launch_line_get_entry (const LaunchLine *self)
{
  return self->entry;
}

gint64
launch_line_get_age (const LaunchLine *self)
{
  return g_get_monotonic_time () - self->began;
}

const gchar *
launch_line_get_address (const LaunchLine *self)
{
  return self->address;
}
