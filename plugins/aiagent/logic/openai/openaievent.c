/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaievent.h"

#include "aiagent/logic/json/agentjson.h"

#include <string.h>

typedef struct
{
  const gchar *name;
  OpenaiEventType type;
} EventName;

static const EventName names[] = {
  { "session.created", OPENAI_EVENT_SESSION_CREATED },
  { "session.updated", OPENAI_EVENT_SESSION_UPDATED },
  { "input_audio_buffer.speech_started", OPENAI_EVENT_SPEECH_STARTED },
  { "input_audio_buffer.speech_stopped", OPENAI_EVENT_SPEECH_STOPPED },
  { "input_audio_buffer.committed", OPENAI_EVENT_COMMITTED },
  { "conversation.item.input_audio_transcription.delta",
      OPENAI_EVENT_CALLER_DELTA },
  { "conversation.item.input_audio_transcription.completed",
      OPENAI_EVENT_CALLER_SAID },
  { "response.created", OPENAI_EVENT_RESPONSE_CREATED },
  { "response.done", OPENAI_EVENT_RESPONSE_DONE },
  { "response.output_item.added", OPENAI_EVENT_ITEM_ADDED },
  { "response.output_item.done", OPENAI_EVENT_ITEM_DONE },
  { "response.output_audio.delta", OPENAI_EVENT_AUDIO_DELTA },
  { "response.output_audio.done", OPENAI_EVENT_AUDIO_DONE },
  { "response.output_audio_transcript.delta", OPENAI_EVENT_AGENT_DELTA },
  { "response.output_audio_transcript.done", OPENAI_EVENT_AGENT_SAID },
  { "response.output_text.done", OPENAI_EVENT_TEXT_SAID },
  { "response.function_call_arguments.done", OPENAI_EVENT_TOOL_CALLED },
  { "rate_limits.updated", OPENAI_EVENT_RATE_LIMITS },
  { "error", OPENAI_EVENT_ERROR },
  /* of the beta */
  { "response.audio.delta", OPENAI_EVENT_AUDIO_DELTA },
  { "response.audio.done", OPENAI_EVENT_AUDIO_DONE },
  { "response.audio_transcript.delta", OPENAI_EVENT_AGENT_DELTA },
  { "response.audio_transcript.done", OPENAI_EVENT_AGENT_SAID },
  { "response.text.done", OPENAI_EVENT_TEXT_SAID },
};

/* ---- JSON */

static JsonObject *
get_object (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

static const gchar *
get_string (JsonObject *object, const gchar *name)
{
  const gchar *text = agent_json_get_string (object, name);

  return text ? text : "";
}

/* -1: there is none, or it cannot be. */
static gint64
get_number (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  if (!node || !JSON_NODE_HOLDS_VALUE (node))
    return -1;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return MAX (json_node_get_int (node), -1);
  const gdouble number = json_node_get_value_type (node) == G_TYPE_DOUBLE
      ? json_node_get_double (node)
      : -1;
  return number >= 0 && number < 1e15 ? (gint64) number : -1;
}

/* ---- Events */

static OpenaiEventType
type_of (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, name))
      return names[i].type;
  return OPENAI_EVENT_OTHER;
}

static const gchar *
first_of (const gchar *one, const gchar *other)
{
  return *one ? one : other;
}

static void
read_said (OpenaiEvent *self, JsonObject *event)
{
  self->text = first_of (get_string (event, "delta"),
      first_of (get_string (event, "transcript"), get_string (event, "text")));
  self->content_index =
      (guint) CLAMP (get_number (event, "content_index"), 0, 1000);
}

/* -1: it is not said, or cannot be. */
static gint64
get_tokens (JsonObject *usage, const gchar *name)
{
  const gint64 tokens = get_number (usage, name);

  return tokens <= OPENAI_EVENT_MAX_TOKENS ? tokens : -1;
}

static void
read_response (OpenaiEvent *self, JsonObject *event)
{
  JsonObject *response = get_object (event, "response");
  JsonObject *details = get_object (response, "status_details");
  JsonObject *error = get_object (details, "error");
  JsonObject *usage = get_object (response, "usage");

  self->input_tokens = get_tokens (usage, "input_tokens");
  self->output_tokens = get_tokens (usage, "output_tokens");
  self->response_id = first_of (get_string (response, "id"), self->response_id);
  self->status = get_string (response, "status");
  self->code =
      first_of (get_string (error, "code"), get_string (details, "reason"));
  self->message = get_string (error, "message");
}

static void
read_item (OpenaiEvent *self, JsonObject *event)
{
  JsonObject *item = get_object (event, "item");

  self->item_id = first_of (get_string (item, "id"), self->item_id);
  self->item_type = get_string (item, "type");
  self->call_id = get_string (item, "call_id");
  self->tool = get_string (item, "name");
  self->arguments = get_string (item, "arguments");
}

static void
read_tool (OpenaiEvent *self, JsonObject *event)
{
  self->call_id = get_string (event, "call_id");
  self->tool = get_string (event, "name");
  self->arguments = get_string (event, "arguments");
}

static void
read_error (OpenaiEvent *self, JsonObject *event)
{
  JsonObject *error = get_object (event, "error");

  self->code =
      first_of (get_string (error, "code"), get_string (error, "type"));
  self->message = get_string (error, "message");
  self->event_id = get_string (error, "event_id");
}

static void
read_limits (OpenaiEvent *self, JsonObject *event)
{
  JsonNode *node = json_object_get_member (event, "rate_limits");

  if (!node || !JSON_NODE_HOLDS_ARRAY (node))
    return;
  JsonArray *limits = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (limits); i++) {
    JsonNode *limit = json_array_get_element (limits, i);
    if (JSON_NODE_HOLDS_OBJECT (limit) &&
        get_number (json_node_get_object (limit), "remaining") == 0)
      self->message = get_string (json_node_get_object (limit), "name");
  }
}

static void
read_event (OpenaiEvent *self, JsonObject *event)
{
  self->item_id = get_string (event, "item_id");
  self->response_id = get_string (event, "response_id");
  switch (self->type) {
    case OPENAI_EVENT_SPEECH_STARTED:
      self->ms = get_number (event, "audio_start_ms");
      break;
    case OPENAI_EVENT_SPEECH_STOPPED:
      self->ms = get_number (event, "audio_end_ms");
      break;
    case OPENAI_EVENT_RESPONSE_CREATED:
    case OPENAI_EVENT_RESPONSE_DONE:
      read_response (self, event);
      break;
    case OPENAI_EVENT_ITEM_ADDED:
    case OPENAI_EVENT_ITEM_DONE:
      read_item (self, event);
      break;
    case OPENAI_EVENT_TOOL_CALLED:
      read_tool (self, event);
      break;
    case OPENAI_EVENT_RATE_LIMITS:
      read_limits (self, event);
      break;
    case OPENAI_EVENT_ERROR:
      read_error (self, event);
      break;
    default:
      read_said (self, event);
      break;
  }
}

gboolean
openai_event_parse (OpenaiEvent *self, const gchar *json, gsize size)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  *self = (OpenaiEvent){ OPENAI_EVENT_OTHER, NULL, "", "", "", "", "", 0, -1,
    "", "", "", "", "", "", "", -1, -1 };
  if (!agent_json_is_plain (json, size, OPENAI_EVENT_DEPTH) ||
      !json_parser_load_from_data (parser, json, (gssize) size, NULL))
    return FALSE;
  self->root = json_parser_steal_root (parser);
  JsonObject *event = self->root && JSON_NODE_HOLDS_OBJECT (self->root)
      ? json_node_get_object (self->root)
      : NULL;
  self->name = get_string (event, "type");
  if (!*self->name) {
    openai_event_clear (self);
    return FALSE;
  }
  self->type = type_of (self->name);
  read_event (self, event);
  return TRUE;
}

void
openai_event_clear (OpenaiEvent *self)
{
  g_clear_pointer (&self->root, json_node_unref);
}

/* ---- Audio */

GByteArray *
openai_decode (const gchar *base64)
{
  const gsize size = strlen (base64);
  const gsize used = strspn (base64,
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  const gsize padding = strspn (base64 + used, "=");
  gint state = 0;
  guint save = 0;

  if (used + padding != size || padding > 2 || used % 4 == 1)
    return NULL;
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_set_size (bytes, (guint) (used / 4 * 3 + 6));
  gsize n = g_base64_decode_step (base64, used, bytes->data, &state, &save);
  /* Who leaves the padding out means it all the same. */
  n += g_base64_decode_step ("==", (4 - used % 4) % 4, bytes->data + n, &state,
      &save);
  g_byte_array_set_size (bytes, (guint) n);
  return bytes;
}
