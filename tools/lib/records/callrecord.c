/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "callrecord.h"
#include "lib/logic/timetext.h"

#include <string.h>

static const gchar *
text_of (const GstStructure *message, const gchar *field)
{
  const gchar *text = gst_structure_get_string (message, field);

  return text ? text : "";
}

static gboolean
has_state (const GstStructure *message, const gchar *state)
{
  return g_str_equal (text_of (message, "state"), state);
}

static gboolean
is_told_of (const GstStructure *message)
{
  return gst_structure_has_name (message, "voice/call");
}

static gboolean
is_outgoing (const GstStructure *message)
{
  return g_str_equal (text_of (message, "direction"), "outgoing");
}

gboolean
call_record_is_refusal (const GstStructure *message)
{
  return is_told_of (message) && has_state (message, "refused");
}

/* A refusal comes from a line that may have another call meanwhile. */
gboolean
call_record_is_report (const GstStructure *message)
{
  return is_told_of (message) && !has_state (message, "refused");
}

gboolean
call_record_is_beginning (const GstStructure *message)
{
  return is_told_of (message) &&
      (has_state (message, "ringing") || has_state (message, "calling"));
}

/* One that never went out, as a caller took the line, has no id. */
gboolean
call_record_is_about (const CallRecord *self, const GstStructure *message)
{
  return call_record_is_report (message) &&
      g_str_equal (self->channel, text_of (message, "channel")) &&
      g_str_equal (self->session, text_of (message, "session")) &&
      g_str_equal (self->call_id, text_of (message, "call-id"));
}

/* Empty strings are what is not known. */
static void
learn (gchar **known, const gchar *text)
{
  if (!*text)
    return;
  g_free (*known);
  *known = g_strdup (text);
}

static void
take_names (CallRecord *self, const GstStructure *message)
{
  learn (&self->from, text_of (message, "from"));
  learn (&self->display_name, text_of (message, "display-name"));
  learn (&self->to, text_of (message, "to"));
  learn (&self->trunk, text_of (message, "trunk"));
}

CallRecord *
call_record_new (GstMessage *message, gint64 now)
{
  const GstStructure *s = gst_message_get_structure (message);
  CallRecord *self = g_new0 (CallRecord, 1);

  self->channel = g_strdup (text_of (s, "channel"));
  self->session = g_strdup (text_of (s, "session"));
  self->call_id = g_strdup (text_of (s, "call-id"));
  self->outgoing = is_outgoing (s);
  self->started = now;
  self->real_offset = g_get_real_time () - g_get_monotonic_time ();
  self->turn_arounds = g_array_new (FALSE, FALSE, sizeof (guint64));
  call_agent_init (&self->agent);
  if (GST_IS_ELEMENT (GST_MESSAGE_SRC (message)))
    self->element = gst_object_ref (GST_MESSAGE_SRC (message));
  take_names (self, s);
  return self;
}

CallRecord *
call_record_new_refused (GstMessage *message, gint64 now)
{
  const GstStructure *s = gst_message_get_structure (message);
  CallRecord *self = call_record_new (message, now);

  self->refused = TRUE;
  self->ended = now;
  self->by = g_strdup (text_of (s, "by"));
  self->cause = g_strdup (text_of (s, "cause"));
  self->address = g_strdup (text_of (s, "address"));
  self->transport = g_strdup (text_of (s, "transport"));
  self->user_agent = g_strdup (text_of (s, "user-agent"));
  gst_structure_get_uint (s, "status", &self->status);
  return self;
}

void
call_record_free (CallRecord *self)
{
  g_free (self->channel);
  g_free (self->session);
  g_free (self->call_id);
  g_free (self->from);
  g_free (self->to);
  g_free (self->display_name);
  g_free (self->trunk);
  g_free (self->by);
  g_free (self->cause);
  g_free (self->address);
  g_free (self->transport);
  g_free (self->user_agent);
  g_array_unref (self->turn_arounds);
  call_agent_clear (&self->agent);
  g_clear_pointer (&self->media, gst_structure_free);
  g_clear_object (&self->element);
  g_free (self);
}

gboolean
call_record_update (CallRecord *self, const GstStructure *message, gint64 now)
{
  take_names (self, message);
  if (has_state (message, "answered")) {
    self->answered = now;
    call_agent_answered (&self->agent, message);
  }
  gst_structure_get_uint64 (message, "setup-time", &self->setup);
  if (!has_state (message, "ended"))
    return FALSE;
  self->ended = now;
  learn (&self->by, text_of (message, "by"));
  learn (&self->cause, text_of (message, "cause"));
  gst_structure_get_uint (message, "status", &self->status);
  return TRUE;
}

guint64
call_record_add_turn (CallRecord *self, const GstStructure *message)
{
  guint64 turn_around = 0;

  if (has_state (message, "speech-stopped"))
    self->turns++;
  if (has_state (message, "response-started"))
    gst_structure_get_uint64 (message, "turn-around", &turn_around);
  if (!GST_CLOCK_TIME_IS_VALID (turn_around))
    turn_around = 0;
  if (turn_around)
    g_array_append_val (self->turn_arounds, turn_around);
  return turn_around;
}

gboolean
call_record_add_agent (CallRecord *self, const GstStructure *fact)
{
  return call_agent_take (&self->agent, fact,
      g_str_equal (self->call_id, text_of (fact, "call-id")));
}

void
call_record_cut (CallRecord *self, const gchar *cause, gint64 now)
{
  self->ended = now;
  learn (&self->by, "us");
  learn (&self->cause, cause);
}

void
call_record_read_media (CallRecord *self)
{
  if (self->element && !self->media &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (self->element),
          "stats"))
    g_object_get (self->element, "stats", &self->media, NULL);
}

gboolean
call_record_is_answered (const CallRecord *self)
{
  return self->answered != 0;
}

gdouble
call_record_get_setup (const CallRecord *self)
{
  return self->setup ? (gdouble) self->setup / GST_SECOND
                     : (self->answered - self->started) / 1e6;
}

/* ---- The record */

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text ? text : "");
}

static void
add_time (const CallRecord *self, JsonBuilder *builder, const gchar *name,
    gint64 time)
{
  g_autofree gchar *text =
      time ? time_text_new (time + self->real_offset) : NULL;

  json_builder_set_member_name (builder, name);
  if (text)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const gchar *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* @time is in ns. */
static void
add_ms (JsonBuilder *builder, const gchar *name, gint64 time)
{
  add_int (builder, name, (time + GST_MSECOND / 2) / GST_MSECOND);
}

static void
add_percentile (const CallRecord *self, JsonBuilder *builder, const gchar *name,
    guint percent)
{
  guint n = self->turn_arounds->len;

  if (!n) {
    json_builder_set_member_name (builder, name);
    json_builder_add_null_value (builder);
    return;
  }
  guint index = MIN ((n * percent + 99) / 100, n) - 1;
  add_ms (builder, name,
      (gint64) g_array_index (self->turn_arounds, guint64, index));
}

static void
add_media (const CallRecord *self, JsonBuilder *builder)
{
  static const gchar *const counters[] = { "packets-sent", "packets-received",
    "packets-lost", "packets-late", "frames-concealed", "jitter",
    "round-trip" };
  guint64 value;

  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    if (gst_structure_get_uint64 (self->media, counters[i], &value))
      add_int (builder, counters[i], (gint64) value);
  gdouble mos;
  if (gst_structure_get_double (self->media, "mos", &mos)) {
    json_builder_set_member_name (builder, "mos");
    json_builder_add_double_value (builder, (gint) (mos * 100 + 0.5) / 100.0);
  }
  guint transcodes;
  if (gst_structure_get_uint (self->media, "transcodes", &transcodes))
    add_int (builder, "transcodes", transcodes);
  if (gst_structure_has_field (self->media, "codec"))
    add_string (builder, "codec", text_of (self->media, "codec"));
  if (gst_structure_has_field (self->media, "encryption"))
    add_string (builder, "encryption", text_of (self->media, "encryption"));
}

static const gchar *
disposition (const CallRecord *self)
{
  if (self->refused)
    return "refused";
  return self->answered ? "answered" : "unanswered";
}

static void
add_refused (const CallRecord *self, JsonBuilder *builder)
{
  add_string (builder, "address", self->address);
  add_string (builder, "transport", self->transport);
  add_string (builder, "user-agent", self->user_agent);
}

void
call_record_describe (const CallRecord *self, JsonBuilder *builder)
{
  add_string (builder, "channel", self->channel);
  add_string (builder, "direction", self->outgoing ? "outgoing" : "incoming");
  add_string (builder, "call-id", self->call_id);
  add_string (builder, "from", self->from);
  add_string (builder, "to", self->to);
  add_string (builder, "display-name", self->display_name);
  add_string (builder, "trunk", self->trunk);
  add_time (self, builder, "started", self->started);
  add_time (self, builder, "answered", self->answered);
  add_time (self, builder, "ended", self->ended);
  add_ms (builder, "duration",
      self->answered ? (self->ended - self->answered) * GST_USECOND : 0);
  add_string (builder, "by", self->by);
  add_string (builder, "cause", self->cause);
  add_int (builder, "status", self->status);
  add_string (builder, "disposition", disposition (self));
  if (self->refused)
    add_refused (self, builder);
  add_int (builder, "turns", self->turns);
  g_array_sort (self->turn_arounds, compare_times);
  add_percentile (self, builder, "turn-around-p50", 50);
  add_percentile (self, builder, "turn-around-p95", 95);
  call_agent_describe (&self->agent, builder);
  if (self->media)
    add_media (self, builder);
}
