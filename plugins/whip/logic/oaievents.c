/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "oaievents.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MS 1000000
#define MAX_DEPTH 16

struct _OaiEvents
{
  OaiSend send;
  gpointer user;
  guint events, items, responses; /* made so far */
  guint caller_item; /* of the turn under way or just over */
  gboolean responding;
};

OaiEvents *
oai_events_new (OaiSend send, gpointer user)
{
  OaiEvents *self = g_new0 (OaiEvents, 1);

  self->send = send;
  self->user = user;
  return self;
}

void
oai_events_free (OaiEvents *self)
{
  g_free (self);
}

/* ---- Writing */

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  if (value && !g_utf8_validate (value, -1, NULL))
    value = "";
  json_builder_add_string_value (builder, value ? value : "");
}

static void
add_id (JsonBuilder *builder, const gchar *name, const gchar *kind, guint n)
{
  g_autofree gchar *id = g_strdup_printf ("%s_%u", kind, n);

  add_string (builder, name, id);
}

static void
add_int (JsonBuilder *builder, const gchar *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
begin_object (JsonBuilder *builder, const gchar *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static JsonBuilder *
begin_event (OaiEvents *self, const gchar *type)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "type", type);
  add_id (builder, "event_id", "event", ++self->events);
  return builder;
}

/* Takes @builder. */
static void
end_event (OaiEvents *self, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree gchar *json = json_to_string (root, FALSE);
  g_object_unref (builder);
  self->send (json, self->user);
}

void
oai_events_opened (OaiEvents *self, const gchar *id)
{
  JsonBuilder *builder = begin_event (self, "session.created");

  begin_object (builder, "session");
  add_string (builder, "type", "realtime");
  add_string (builder, "object", "realtime.session");
  add_string (builder, "id", id);
  json_builder_end_object (builder);
  end_event (self, builder);
}

/* ---- Turns */

static void
begin_response (OaiEvents *self, guint64 turn_around)
{
  JsonBuilder *builder = begin_event (self, "response.created");
  g_autofree gchar *ms =
      g_strdup_printf ("%" G_GUINT64_FORMAT, turn_around / MS);

  begin_object (builder, "response");
  add_id (builder, "id", "resp", ++self->responses);
  add_string (builder, "object", "realtime.response");
  add_string (builder, "status", "in_progress");
  begin_object (builder, "metadata");
  if (turn_around)
    add_string (builder, "turn_around_ms", ms);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  end_event (self, builder);
}

static void
buffer_event (OaiEvents *self, const gchar *type)
{
  JsonBuilder *builder = begin_event (self, type);

  add_id (builder, "response_id", "resp", self->responses);
  end_event (self, builder);
}

static void
end_response (OaiEvents *self, gboolean cancelled)
{
  JsonBuilder *builder = begin_event (self, "response.done");

  begin_object (builder, "response");
  add_id (builder, "id", "resp", self->responses);
  add_string (builder, "object", "realtime.response");
  add_string (builder, "status", cancelled ? "cancelled" : "completed");
  if (cancelled) {
    begin_object (builder, "status_details");
    add_string (builder, "type", "cancelled");
    add_string (builder, "reason", "turn_detected");
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
  end_event (self, builder);
}

static void
response_started (OaiEvents *self, guint64 turn_around)
{
  self->responding = TRUE;
  begin_response (self, turn_around);
  buffer_event (self, "output_audio_buffer.started");
}

/* An answer may be cut off before its first frame: nobody heard of it. */
static void
response_ended (OaiEvents *self, gboolean cancelled)
{
  if (!self->responding)
    return;
  self->responding = FALSE;
  buffer_event (self,
      cancelled ? "output_audio_buffer.cleared"
                : "output_audio_buffer.stopped");
  end_response (self, cancelled);
}

static void
speech_event (OaiEvents *self, const gchar *type, const gchar *name,
    guint64 time)
{
  JsonBuilder *builder = begin_event (self, type);

  if (name)
    add_int (builder, name, (gint64) (time / MS));
  add_id (builder, "item_id", "item", self->caller_item);
  end_event (self, builder);
}

void
oai_events_turn (OaiEvents *self, const gchar *state, guint64 speech_start,
    guint64 speech_end, guint64 turn_around)
{
  if (!g_strcmp0 (state, "speech-started")) {
    self->caller_item = ++self->items;
    speech_event (self, "input_audio_buffer.speech_started", "audio_start_ms",
        speech_start);
  } else if (!g_strcmp0 (state, "speech-stopped")) {
    speech_event (self, "input_audio_buffer.speech_stopped", "audio_end_ms",
        speech_end);
    speech_event (self, "input_audio_buffer.committed", NULL, 0);
  } else if (!g_strcmp0 (state, "response-started") ||
      !g_strcmp0 (state, "response-resumed")) {
    response_started (self, turn_around);
  } else if (!g_strcmp0 (state, "response-done")) {
    response_ended (self, FALSE);
  } else if (!g_strcmp0 (state, "interrupted")) {
    response_ended (self, TRUE);
  }
}

/* ---- Transcripts */

void
oai_events_caller_said (OaiEvents *self, const gchar *text,
    const gchar *rejected)
{
  gboolean taken = !rejected || !*rejected;
  JsonBuilder *builder = begin_event (self,
      taken ? "conversation.item.input_audio_transcription.completed"
            : "conversation.item.input_audio_transcription.failed");

  if (!self->caller_item)
    self->caller_item = ++self->items;
  add_id (builder, "item_id", "item", self->caller_item);
  add_int (builder, "content_index", 0);
  add_string (builder, "transcript", text);
  if (!taken) {
    begin_object (builder, "error");
    add_string (builder, "type", "not_understood");
    add_string (builder, "message", rejected);
    json_builder_end_object (builder);
  }
  end_event (self, builder);
}

void
oai_events_agent_said (OaiEvents *self, const gchar *text)
{
  JsonBuilder *builder =
      begin_event (self, "response.output_audio_transcript.done");

  add_id (builder, "response_id", "resp",
      self->responding ? self->responses : self->responses + 1);
  add_id (builder, "item_id", "item", ++self->items);
  add_int (builder, "output_index", 0);
  add_int (builder, "content_index", 0);
  add_string (builder, "transcript", text);
  end_event (self, builder);
}

void
oai_events_tool (OaiEvents *self, const gchar *id, const gchar *name,
    const gchar *arguments)
{
  JsonBuilder *builder =
      begin_event (self, "response.function_call_arguments.done");

  add_id (builder, "response_id", "resp", self->responses);
  add_string (builder, "call_id", id);
  add_string (builder, "name", name);
  add_string (builder, "arguments", arguments);
  end_event (self, builder);
}

void
oai_events_error (OaiEvents *self, const gchar *type, const gchar *message)
{
  JsonBuilder *builder = begin_event (self, "error");

  begin_object (builder, "error");
  add_string (builder, "type", type);
  add_string (builder, "message", message);
  json_builder_end_object (builder);
  end_event (self, builder);
}

void
oai_events_ended (OaiEvents *self, const gchar *reason)
{
  JsonBuilder *builder = begin_event (self, "voice.call.ended");

  add_string (builder, "reason", reason);
  end_event (self, builder);
}

/* ---- Reading */

static JsonObject *
object_member (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

static const gchar *
string_member (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;
}

/* conversation.item.create: the input_text parts of a user's message. */
static gchar *
text_of_item (JsonObject *item)
{
  JsonNode *node = item ? json_object_get_member (item, "content") : NULL;

  if (!node || !JSON_NODE_HOLDS_ARRAY (node) ||
      g_strcmp0 (string_member (item, "type"), "message") ||
      g_strcmp0 (string_member (item, "role"), "user"))
    return NULL;
  JsonArray *parts = json_node_get_array (node);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (parts); i++) {
    JsonNode *part = json_array_get_element (parts, i);
    JsonObject *object =
        JSON_NODE_HOLDS_OBJECT (part) ? json_node_get_object (part) : NULL;
    const gchar *words = string_member (object, "text");
    if (words && !g_strcmp0 (string_member (object, "type"), "input_text"))
      g_string_append_printf (text, text->len ? " %s" : "%s", words);
  }
  return g_string_free (text, text->len == 0);
}

static gboolean
read_request (JsonObject *object, OaiRequest *request, GError **error)
{
  const gchar *type = string_member (object, "type");

  if (!type) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "An event needs a \"type\".");
    return FALSE;
  }
  if (!strcmp (type, "response.cancel") ||
      !strcmp (type, "output_audio_buffer.clear")) {
    request->type = OAI_CANCEL;
  } else if (!strcmp (type, "conversation.item.create")) {
    request->text = text_of_item (object_member (object, "item"));
    request->type = request->text ? OAI_TEXT : OAI_NOTHING;
  } else if (!strcmp (type, "session.update")) {
    request->text = g_strdup (
        string_member (object_member (object, "session"), "instructions"));
    request->type = request->text ? OAI_INSTRUCTIONS : OAI_NOTHING;
  } else if (strcmp (type, "response.create")) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "Events of this type are not known here.");
    return FALSE;
  }
  if (!request->text || g_utf8_strlen (request->text, -1) <= OAI_MAX_TEXT)
    return TRUE;
  oai_request_clear (request);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "The text has more than %d characters.", OAI_MAX_TEXT);
  return FALSE;
}

/* The parser recurses: an event is never as deep as this. It also takes 'strings' and
 * comments, in which quotes and brackets mean nothing; JSON has neither. */
static gboolean
is_flat (const gchar *json, gsize size)
{
  guint depth = 0, deepest = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < size; i++) {
    if (json[i] == '\\' && quoted)
      i++;
    else if (json[i] == '"')
      quoted = !quoted;
    else if (!quoted && (json[i] == '\'' || json[i] == '/'))
      return FALSE;
    else if (!quoted && (json[i] == '{' || json[i] == '['))
      depth++;
    else if (!quoted && (json[i] == '}' || json[i] == ']') && depth)
      depth--;
    deepest = MAX (deepest, depth);
  }
  return deepest <= MAX_DEPTH;
}

gboolean
oai_request_parse (const gchar *json, gssize size, OaiRequest *request,
    GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length = size < 0 ? strlen (json) : (gsize) size;

  *request = (OaiRequest){ OAI_NOTHING, NULL };
  if (length > OAI_MAX_MESSAGE || !is_flat (json, length) ||
      !g_utf8_validate (json, (gssize) length, NULL) ||
      !json_parser_load_from_data (parser, json, (gssize) length, NULL)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "The event is not JSON, or too long.");
    return FALSE;
  }
  JsonNode *root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "An event is a JSON object.");
    return FALSE;
  }
  return read_request (json_node_get_object (root), request, error);
}

void
oai_request_clear (OaiRequest *request)
{
  g_free (request->text);
  *request = (OaiRequest){ OAI_NOTHING, NULL };
}
