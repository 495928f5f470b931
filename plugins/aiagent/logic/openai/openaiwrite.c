/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaiwrite.h"

#include <json-glib/json-glib.h>
#include <string.h>

guint
openai_format_get_rate (OpenaiFormat self)
{
  return self == OPENAI_PCM ? 24000 : 8000;
}

guint
openai_format_get_byte_rate (OpenaiFormat self)
{
  return self == OPENAI_PCM ? 48000 : 8000;
}

void
openai_config_clear (OpenaiConfig *self)
{
  g_free (self->instructions);
  g_free (self->voice);
  g_free (self->transcription_model);
  g_free (self->language);
  g_free (self->noise_reduction);
  g_free (self->greeting);
  g_free (self->tools);
  *self = (OpenaiConfig){ 0 };
}

/* ---- Parts */

static gboolean
is_set (const gchar *text)
{
  return text && *text;
}

static JsonObject *
event_new (const gchar *id, const gchar *type)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "type", type);
  json_object_set_string_member (event, "event_id", id);
  return event;
}

static gchar *
finish (JsonObject *event)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, event);
  return json_to_string (node, FALSE);
}

static JsonObject *
typed_new (const gchar *type)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", type);
  return object;
}

/* ---- The session */

static JsonObject *
format_new (OpenaiFormat format)
{
  static const gchar *const types[] = { [OPENAI_PCM] = "audio/pcm",
    [OPENAI_PCMU] = "audio/pcmu",
    [OPENAI_PCMA] = "audio/pcma" };
  JsonObject *object = typed_new (types[format]);

  if (format == OPENAI_PCM)
    json_object_set_int_member (object, "rate", 24000);
  return object;
}

static void
set_turns (JsonObject *input, const OpenaiConfig *config)
{
  if (config->turns == OPENAI_TURNS_OURS) {
    json_object_set_null_member (input, "turn_detection");
    return;
  }
  JsonObject *turns = typed_new (
      config->turns == OPENAI_TURNS_SERVER_VAD ? "server_vad" : "semantic_vad");
  if (config->turns == OPENAI_TURNS_SERVER_VAD) {
    json_object_set_int_member (turns, "prefix_padding_ms",
        config->prefix_padding);
    json_object_set_int_member (turns, "silence_duration_ms", config->silence);
  }
  json_object_set_boolean_member (turns, "create_response", TRUE);
  json_object_set_boolean_member (turns, "interrupt_response", TRUE);
  json_object_set_object_member (input, "turn_detection", turns);
}

static JsonObject *
input_new (const OpenaiConfig *config, OpenaiFormat format)
{
  JsonObject *input = json_object_new ();

  json_object_set_object_member (input, "format", format_new (format));
  set_turns (input, config);
  if (is_set (config->transcription_model)) {
    JsonObject *transcription = json_object_new ();
    json_object_set_string_member (transcription, "model",
        config->transcription_model);
    if (is_set (config->language))
      json_object_set_string_member (transcription, "language",
          config->language);
    json_object_set_object_member (input, "transcription", transcription);
  }
  if (is_set (config->noise_reduction))
    json_object_set_object_member (input, "noise_reduction",
        typed_new (config->noise_reduction));
  return input;
}

static JsonObject *
output_new (const OpenaiConfig *config, OpenaiFormat format)
{
  JsonObject *output = json_object_new ();

  json_object_set_object_member (output, "format", format_new (format));
  if (is_set (config->voice))
    json_object_set_string_member (output, "voice", config->voice);
  if (config->speed > 0 && (config->speed < 1 || config->speed > 1))
    json_object_set_double_member (output, "speed", config->speed);
  return output;
}

static JsonObject *
audio_new (JsonObject *input, JsonObject *output)
{
  JsonObject *audio = json_object_new ();

  json_object_set_object_member (audio, "input", input);
  json_object_set_object_member (audio, "output", output);
  return audio;
}

static void
add_tool (JsonArray *array, guint index, JsonNode *node, gpointer tools)
{
  static const gchar *const members[] = { "name", "description", "parameters" };

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *offered = json_node_get_object (node);
  JsonObject *tool = typed_new ("function");
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (json_object_has_member (offered, members[i]))
      json_object_set_member (tool, members[i],
          json_node_copy (json_object_get_member (offered, members[i])));
  json_array_add_object_element (tools, tool);
}

static void
set_tools (JsonObject *session, const gchar *text)
{
  g_autoptr (JsonNode) node =
      is_set (text) ? json_from_string (text, NULL) : NULL;

  if (!node || !JSON_NODE_HOLDS_ARRAY (node) ||
      !json_array_get_length (json_node_get_array (node)))
    return;
  JsonArray *tools = json_array_new ();
  json_array_foreach_element (json_node_get_array (node), add_tool, tools);
  json_object_set_array_member (session, "tools", tools);
  json_object_set_string_member (session, "tool_choice", "auto");
}

static gchar *
finish_session (const gchar *id, JsonObject *session)
{
  JsonObject *event = event_new (id, "session.update");

  json_object_set_object_member (event, "session", session);
  return finish (event);
}

gchar *
openai_write_session (const gchar *id, const OpenaiConfig *config,
    OpenaiFormat format)
{
  JsonObject *session = typed_new ("realtime");
  JsonArray *modalities = json_array_new ();

  json_array_add_string_element (modalities, "audio");
  json_object_set_array_member (session, "output_modalities", modalities);
  if (is_set (config->instructions))
    json_object_set_string_member (session, "instructions",
        config->instructions);
  json_object_set_object_member (session, "audio",
      audio_new (input_new (config, format), output_new (config, format)));
  set_tools (session, config->tools);
  if (config->max_output_tokens)
    json_object_set_int_member (session, "max_output_tokens",
        config->max_output_tokens);
  return finish_session (id, session);
}

gchar *
openai_write_format (const gchar *id, OpenaiFormat format)
{
  JsonObject *session = typed_new ("realtime");
  JsonObject *input = json_object_new (), *output = json_object_new ();

  json_object_set_object_member (input, "format", format_new (format));
  json_object_set_object_member (output, "format", format_new (format));
  json_object_set_object_member (session, "audio", audio_new (input, output));
  return finish_session (id, session);
}

gchar *
openai_write_instructions (const gchar *id, const gchar *text)
{
  JsonObject *session = typed_new ("realtime");

  json_object_set_string_member (session, "instructions", text);
  return finish_session (id, session);
}

/* ---- Audio */

gchar *
openai_write_append (gconstpointer data, gsize size)
{
  static const gchar start[] =
      "{\"type\":\"input_audio_buffer.append\",\"audio\":\"";
  const gsize head = sizeof start - 1;
  gchar *text = g_malloc (head + (size / 3 + 2) * 4 + 8);
  gint state = 0, save = 0;

  memcpy (text, start, head);
  gsize n = head;
  n += g_base64_encode_step (data, size, FALSE, text + n, &state, &save);
  n += g_base64_encode_close (FALSE, text + n, &state, &save);
  memcpy (text + n, "\"}", 3);
  return text;
}

/* ---- The rest */

gchar *
openai_write_plain (const gchar *id, const gchar *type)
{
  return finish (event_new (id, type));
}

static gchar *
finish_item (const gchar *id, JsonObject *item)
{
  JsonObject *event = event_new (id, "conversation.item.create");

  json_object_set_object_member (event, "item", item);
  return finish (event);
}

gchar *
openai_write_message (const gchar *id, const gchar *role, const gchar *text)
{
  JsonObject *item = typed_new ("message");
  JsonArray *content = json_array_new ();
  JsonObject *part = typed_new (
      g_str_equal (role, "assistant") ? "output_text" : "input_text");

  json_object_set_string_member (part, "text", text);
  json_array_add_object_element (content, part);
  json_object_set_string_member (item, "role", role);
  json_object_set_array_member (item, "content", content);
  return finish_item (id, item);
}

gchar *
openai_write_tool_result (const gchar *id, const gchar *call_id,
    const gchar *output)
{
  JsonObject *item = typed_new ("function_call_output");

  json_object_set_string_member (item, "call_id", call_id);
  json_object_set_string_member (item, "output", output);
  return finish_item (id, item);
}

gchar *
openai_write_truncate (const gchar *id, const gchar *item_id,
    guint content_index, gint64 ms)
{
  JsonObject *event = event_new (id, "conversation.item.truncate");

  json_object_set_string_member (event, "item_id", item_id);
  json_object_set_int_member (event, "content_index", content_index);
  json_object_set_int_member (event, "audio_end_ms", ms);
  return finish (event);
}

gchar *
openai_write_delete (const gchar *id, const gchar *item_id)
{
  JsonObject *event = event_new (id, "conversation.item.delete");

  json_object_set_string_member (event, "item_id", item_id);
  return finish (event);
}

gchar *
openai_write_create (const gchar *id, const gchar *instructions, gboolean tools)
{
  JsonObject *event = event_new (id, "response.create");

  if (instructions || !tools) {
    JsonObject *response = json_object_new ();
    if (instructions)
      json_object_set_string_member (response, "instructions", instructions);
    if (!tools)
      json_object_set_string_member (response, "tool_choice", "none");
    json_object_set_object_member (event, "response", response);
  }
  return finish (event);
}
