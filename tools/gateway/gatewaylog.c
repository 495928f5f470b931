/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gatewaylog.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HIDDEN "\xe2\x80\xa6"
/* Shorter ones are in every text. */
#define SHORTEST_SECRET 4

struct _GatewayLog
{
  FILE *log, *cdr; /* NULL: none */
  gboolean to_stdout; /* the log */
  gboolean redact_transcripts, redact_digits;
  GPtrArray *secrets; /* values that no text may have in it */
  gboolean progress; /* a line of it is on the terminal */
};

/* ---- Files */

static gboolean
open_file (FILE **file, const gchar *path, GError **error)
{
  if (!path)
    return TRUE;
  *file = fopen (path, "ae");
  if (*file)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (errno),
      "%s cannot be written: %s.", path, g_strerror (errno));
  return FALSE;
}

/* A variable whose name says so; GStreamer quotes values that it cannot set. */
static void
collect_secrets (GatewayLog *self, GHashTable *variables)
{
  static const gchar *const words[] = { "TOKEN", "SECRET", "PASS", "KEY" };
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, variables);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    g_autofree gchar *upper = g_ascii_strup (name, -1);
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      if (strstr (upper, words[i]) && strlen (value) >= SHORTEST_SECRET) {
        g_ptr_array_add (self->secrets, g_strdup (value));
        break;
      }
  }
}

GatewayLog *
gateway_log_new (const GatewayConfig *config, GError **error)
{
  GatewayLog *self = g_new0 (GatewayLog, 1);
  const gchar *log = config->log;

  if (!log && !isatty (STDERR_FILENO))
    log = "-";
  self->secrets = g_ptr_array_new_with_free_func (g_free);
  self->redact_transcripts = config->redact_transcripts;
  self->redact_digits = config->redact_digits;
  for (guint i = 0; i < config->routes->len; i++) {
    const GatewayRoute *route = g_ptr_array_index (config->routes, i);
    collect_secrets (self, route->variables);
  }
  self->to_stdout = !g_strcmp0 (log, "-");
  if (self->to_stdout)
    self->log = stdout;
  if ((self->to_stdout || open_file (&self->log, log, error)) &&
      open_file (&self->cdr, config->cdr, error))
    return self;
  gateway_log_free (self);
  return NULL;
}

void
gateway_log_free (GatewayLog *self)
{
  if (self->progress)
    fputc ('\n', stderr);
  if (self->log && !self->to_stdout)
    fclose (self->log);
  if (self->cdr)
    fclose (self->cdr);
  g_ptr_array_unref (self->secrets);
  g_free (self);
}

gchar *
gateway_log_time (gint64 real_time)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (real_time / G_USEC_PER_SEC);
  g_autofree gchar *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds,
      (gint) (real_time % G_USEC_PER_SEC / 1000));
}

static void
write_object (FILE *file, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree gchar *text = json_to_string (root, FALSE);

  fprintf (file, "%s\n", text);
  fflush (file);
}

/* ---- Values */

static gchar *
without_secrets (GatewayLog *self, const gchar *text)
{
  GString *out = g_string_new (text ? text : "");

  for (guint i = 0; i < self->secrets->len; i++)
    g_string_replace (out, g_ptr_array_index (self->secrets, i), HIDDEN, 0);
  return g_string_free (out, FALSE);
}

static gboolean
is_hidden (GatewayLog *self, const gchar *field)
{
  static const gchar *const secrets[] = { "authorization",
    "proxy-authorization", "token", "password", "api-key", NULL };
  static const gchar *const words[] = { "text", "arguments", "result", NULL };
  static const gchar *const digits[] = { "digit", "digits", "arguments", NULL };
  g_autofree gchar *lower = g_ascii_strdown (field, -1);

  return g_strv_contains (secrets, lower) ||
      (self->redact_transcripts && g_strv_contains (words, lower)) ||
      (self->redact_digits && g_strv_contains (digits, lower));
}

typedef struct
{
  GatewayLog *log;
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
  if (is_hidden (self->log, name))
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
  g_autofree gchar *time = gateway_log_time (g_get_real_time ());

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
finish (GatewayLog *self, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  write_object (self->log, builder);
}

/* ---- Facts */

void
gateway_log_event (GatewayLog *self, const gchar *route, const gchar *line,
    const gchar *event, const GstStructure *fields)
{
  if (!self->log)
    return;
  g_autoptr (JsonBuilder) builder = begin (route, line, event);
  Adding adding = { self, builder };
  if (fields)
    gst_structure_foreach (fields, add_field, &adding);
  finish (self, builder);
}

void
gateway_log_problem (GatewayLog *self, const gchar *route, const gchar *line,
    GstMessage *message)
{
  gboolean fatal = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
  g_autoptr (GError) error = NULL;
  const GstStructure *details = NULL;

  if (!self->log)
    return;
  if (fatal) {
    gst_message_parse_error (message, &error, NULL);
    gst_message_parse_error_details (message, &details);
  } else {
    gst_message_parse_warning (message, &error, NULL);
    gst_message_parse_warning_details (message, &details);
  }
  g_autoptr (JsonBuilder) builder =
      begin (route, line, fatal ? "error" : "warning");
  Adding adding = { self, builder };
  add_member (builder, "element", GST_MESSAGE_SRC_NAME (message));
  json_builder_set_member_name (builder, "message");
  add_text (&adding, error->message);
  if (details)
    gst_structure_foreach (details, add_field, &adding);
  finish (self, builder);
}

void
gateway_log_cdr (GatewayLog *self, JsonBuilder *record)
{
  if (self->cdr)
    write_object (self->cdr, record);
}

/* ---- Sentences */

void
gateway_log_note (GatewayLog *self, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *sentence = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree gchar *text = without_secrets (self, sentence);
  if (self->log) {
    g_autoptr (JsonBuilder) builder = begin (NULL, NULL, "gateway/note");
    add_member (builder, "message", text);
    finish (self, builder);
  }
  if (!self->to_stdout || isatty (STDERR_FILENO))
    fprintf (stderr, "%svoice-gateway: %s\n", self->progress ? "\r\033[K" : "",
        text);
  self->progress = FALSE;
}

void
gateway_log_progress (GatewayLog *self, const gchar *text)
{
  fprintf (stderr, "\r\033[K%s", text);
  fflush (stderr);
  self->progress = TRUE;
}
