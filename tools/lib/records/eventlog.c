/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "eventlog.h"
#include "lib/logic/setting.h"
#include "lib/logic/timetext.h"
#include "logwriter.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HIDDEN "\xe2\x80\xa6"
/* Shorter ones are in every text. */
#define SHORTEST_SECRET 4
/* Bytes that may wait to be written. Events are many, and the next ones say more
 * than the last; a record of a call is the only one. */
#define ROOM_FOR_EVENTS (4 << 20)
#define ROOM_FOR_RECORDS (64 << 20)
#define CLEAR_ROW "\r\033[K"

struct _EventLog
{
  LogWriter *log, *cdr; /* NULL: none */
  gboolean to_stdout; /* the log */
  gboolean on_terminal; /* the log, where progress may be, too */
  gboolean redact_transcripts, redact_digits;
  GPtrArray *secrets; /* values that no text may have in it, longest first */
  gboolean progress; /* a row of it is on the terminal */
  void (*tee) (const gchar *row, gpointer user); /* or NULL */
  gpointer tee_user;
};

/* ---- Standard error */

/* A terminal that is held, or a pipe that nobody reads, keeps nobody waiting. */
static void
say (const gchar *text)
{
  struct pollfd out = { STDERR_FILENO, POLLOUT, 0 };

  if (poll (&out, 1, 0) > 0)
    fputs (text, stderr);
}

/* Of a writer, in any thread. */
static void
say_trouble (const gchar *sentence)
{
  g_autofree gchar *text = g_strdup_printf ("%s%s: %s\n",
      isatty (STDERR_FILENO) ? CLEAR_ROW : "", g_get_prgname (), sentence);

  say (text);
}

/* ---- Secrets */

/* One may begin another. */
static gint
compare_lengths (gconstpointer a, gconstpointer b)
{
  gsize x = strlen (*(gchar *const *) a), y = strlen (*(gchar *const *) b);

  return (x < y) - (x > y);
}

/* GStreamer quotes values that it cannot set. */
static void
take_secrets (EventLog *self, const GPtrArray *secrets)
{
  for (guint i = 0; secrets && i < secrets->len; i++) {
    const gchar *secret = g_ptr_array_index (secrets, i);
    if (strlen (secret) >= SHORTEST_SECRET)
      g_ptr_array_add (self->secrets, g_strdup (secret));
  }
  g_ptr_array_sort (self->secrets, compare_lengths);
}

/* What a terminal may take for a command, or for another order of the letters: callers
 * choose names and headers. */
static gboolean
is_harmless (gunichar c)
{
  return !g_unichar_iscntrl (c) && !(c >= 0x200e && c <= 0x200f) &&
      !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

static gchar *
without_secrets (EventLog *self, const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text ? text : "", -1);
  GString *out = g_string_new (NULL);

  for (const gchar *p = valid; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    g_string_append_unichar (out, is_harmless (c) ? c : 0xfffd);
  }

  for (guint i = 0; i < self->secrets->len; i++)
    g_string_replace (out, g_ptr_array_index (self->secrets, i), HIDDEN, 0);
  return g_string_free (out, FALSE);
}

/* ---- Files */

static gboolean
open_files (EventLog *self, const gchar *log, const gchar *cdr, GError **error)
{
  if (log &&
      !(self->log = log_writer_new (self->to_stdout ? NULL : log,
            ROOM_FOR_EVENTS, say_trouble, error)))
    return FALSE;
  return !cdr ||
      (self->cdr = log_writer_new (cdr, ROOM_FOR_RECORDS, say_trouble, error));
}

EventLog *
event_log_new (const EventLogSettings *settings, GError **error)
{
  EventLog *self = g_new0 (EventLog, 1);
  const gchar *log = settings->log;

  if (!log && !isatty (STDERR_FILENO))
    log = "-";
  self->secrets = g_ptr_array_new_with_free_func (g_free);
  self->redact_transcripts = settings->redact_transcripts;
  self->redact_digits = settings->redact_digits;
  take_secrets (self, settings->secrets);
  self->to_stdout = !g_strcmp0 (log, "-");
  self->on_terminal =
      self->to_stdout && isatty (STDOUT_FILENO) && isatty (STDERR_FILENO);
  if (open_files (self, log, settings->cdr, error))
    return self;
  event_log_free (self);
  return NULL;
}

void
event_log_set_tee (EventLog *self,
    void (*tee) (const gchar *row, gpointer user), gpointer user)
{
  self->tee = tee;
  self->tee_user = user;
}

static gboolean
is_read (const EventLog *self)
{
  return self->log || self->tee;
}

void
event_log_reopen (EventLog *self)
{
  if (self->log)
    log_writer_reopen (self->log);
  if (self->cdr)
    log_writer_reopen (self->cdr);
}

guint64
event_log_get_lost (EventLog *self)
{
  return (self->log ? log_writer_get_lost (self->log) : 0) +
      (self->cdr ? log_writer_get_lost (self->cdr) : 0);
}

void
event_log_free (EventLog *self)
{
  if (self->progress)
    say ("\n");
  /* Both have the same second. */
  if (self->log)
    log_writer_stop (self->log);
  g_clear_pointer (&self->cdr, log_writer_free);
  g_clear_pointer (&self->log, log_writer_free);
  g_ptr_array_unref (self->secrets);
  g_free (self);
}

/* ---- Values */

/* Counts and times are guint64, as `input-tokens`: no secret is. */
static gboolean
is_hidden (EventLog *self, const gchar *field, const GValue *value)
{
  static const gchar *const words[] = { "text", "arguments", "result", NULL };
  static const gchar *const digits[] = { "digit", "digits", "arguments", NULL };
  g_autofree gchar *lower = g_ascii_strdown (field, -1);

  if (G_VALUE_HOLDS_UINT64 (value))
    return FALSE;
  return setting_is_secret (field) || strstr (lower, "authorization") ||
      (self->redact_transcripts && g_strv_contains (words, lower)) ||
      (self->redact_digits && g_strv_contains (digits, lower));
}

typedef struct
{
  EventLog *log;
  JsonBuilder *builder;
} Adding;

static gboolean add_field (GQuark field, const GValue *value, gpointer user);

static void
add_text (Adding *self, const gchar *text)
{
  g_autofree gchar *clean = without_secrets (self->log, text);

  json_builder_add_string_value (self->builder, clean);
}

static void
add_value (Adding *self, const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value)) {
    add_text (self, g_value_get_string (value));
  } else if (G_VALUE_HOLDS_BOOLEAN (value)) {
    json_builder_add_boolean_value (self->builder, g_value_get_boolean (value));
  } else if (G_VALUE_HOLDS_DOUBLE (value)) {
    json_builder_add_double_value (self->builder, g_value_get_double (value));
  } else if (GST_VALUE_HOLDS_STRUCTURE (value)) {
    json_builder_begin_object (self->builder);
    gst_structure_foreach (gst_value_get_structure (value), add_field, self);
    json_builder_end_object (self->builder);
  } else if (G_VALUE_HOLDS_UINT64 (value) &&
      g_value_get_uint64 (value) > G_MAXINT64) {
    json_builder_add_null_value (self->builder); /* GST_CLOCK_TIME_NONE */
  } else if (g_value_type_transformable (G_VALUE_TYPE (value), G_TYPE_INT64)) {
    g_auto (GValue) number = G_VALUE_INIT;
    g_value_init (&number, G_TYPE_INT64);
    g_value_transform (value, &number);
    json_builder_add_int_value (self->builder, g_value_get_int64 (&number));
  } else {
    g_autofree gchar *text = gst_value_serialize (value);
    add_text (self, text);
  }
}

/* A message's own "line" is the name of one. */
static gboolean
add_field (GQuark field, const GValue *value, gpointer user)
{
  static const gchar *const ours[] = { "time", "route", "line", "event", NULL };
  Adding *self = user;
  const gchar *name = g_quark_to_string (field);
  g_autofree gchar *other =
      g_strv_contains (ours, name) ? g_strdup_printf ("%s-name", name) : NULL;

  json_builder_set_member_name (self->builder, other ? other : name);
  if (is_hidden (self->log, name, value))
    json_builder_add_string_value (self->builder, HIDDEN);
  else
    add_value (self, value);
  return TRUE;
}

static void
add_member (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static JsonBuilder *
begin (const gchar *route, const gchar *line, const gchar *event)
{
  JsonBuilder *builder = json_builder_new ();
  g_autofree gchar *time = time_text_new (g_get_real_time ());

  json_builder_begin_object (builder);
  add_member (builder, "time", time);
  if (route)
    add_member (builder, "route", route);
  if (line)
    add_member (builder, "line", line);
  add_member (builder, "event", event);
  return builder;
}

static void
finish (EventLog *self, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  gchar *text = json_to_string (root, FALSE);

  if (self->tee)
    self->tee (text, self->tee_user);
  if (!self->log) {
    g_free (text);
    return;
  }
  if (self->on_terminal) {
    g_autofree gchar *plain = text;
    text = g_strconcat (CLEAR_ROW, plain, NULL);
    self->progress = FALSE;
  }
  log_writer_push (self->log, text);
}

/* ---- Facts */

void
event_log_add (EventLog *self, const gchar *route, const gchar *line,
    const gchar *event, const GstStructure *fields)
{
  if (!is_read (self))
    return;
  g_autoptr (JsonBuilder) builder = begin (route, line, event);
  Adding adding = { self, builder };
  if (fields)
    gst_structure_foreach (fields, add_field, &adding);
  finish (self, builder);
}

void
event_log_add_problem (EventLog *self, const gchar *route, const gchar *line,
    GstMessage *message)
{
  gboolean fatal = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;
  const GstStructure *details = NULL;

  if (!is_read (self))
    return;
  if (fatal) {
    gst_message_parse_error (message, &error, &debug);
    gst_message_parse_error_details (message, &details);
  } else {
    gst_message_parse_warning (message, &error, &debug);
    gst_message_parse_warning_details (message, &details);
  }
  g_autoptr (JsonBuilder) builder =
      begin (route, line, fatal ? "error" : "warning");
  Adding adding = { self, builder };
  add_member (builder, "element", GST_MESSAGE_SRC_NAME (message));
  json_builder_set_member_name (builder, "message");
  add_text (&adding, error->message);
  if (debug) {
    json_builder_set_member_name (builder, "detail");
    add_text (&adding, debug);
  }
  if (details)
    gst_structure_foreach (details, add_field, &adding);
  finish (self, builder);
}

static void
clean_object (EventLog *self, JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *name = names; name; name = name->next) {
    JsonNode *member = json_object_get_member (object, name->data);
    if (JSON_NODE_HOLDS_OBJECT (member)) {
      clean_object (self, json_node_get_object (member));
    } else if (json_node_get_value_type (member) == G_TYPE_STRING) {
      g_autofree gchar *text =
          without_secrets (self, json_node_get_string (member));
      json_object_set_string_member (object, name->data, text);
    }
  }
}

void
event_log_add_cdr (EventLog *self, JsonBuilder *record)
{
  if (!self->cdr)
    return;
  g_autoptr (JsonNode) root = json_builder_get_root (record);
  clean_object (self, json_node_get_object (root));
  log_writer_push (self->cdr, json_to_string (root, FALSE));
}

/* ---- Sentences */

void
event_log_note (EventLog *self, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *sentence = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree gchar *text = without_secrets (self, sentence);
  if (is_read (self)) {
    g_autoptr (JsonBuilder) builder = begin (NULL, NULL, "gateway/note");
    add_member (builder, "message", text);
    finish (self, builder);
  }
  /* Who reads standard output as it comes has read it there. */
  if (self->to_stdout && (self->on_terminal || !isatty (STDERR_FILENO)))
    return;
  g_autofree gchar *row = g_strdup_printf ("%s%s: %s\n",
      self->progress ? CLEAR_ROW : "", g_get_prgname (), text);
  say (row);
  self->progress = FALSE;
}

void
event_log_progress (EventLog *self, const gchar *text)
{
  g_autofree gchar *row = g_strconcat (CLEAR_ROW, text, NULL);

  say (row);
  self->progress = TRUE;
}
