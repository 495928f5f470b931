/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "websocketwire.h"

#include "aiagent/logic/remote/wirejson.h"

/* ---- What it asks for */

static gboolean
refuse (GError **error, const gchar *why)
{
  g_set_error_literal (error, WIRE_JSON_ERROR, 0, why);
  return FALSE;
}

static gboolean
read_mark (WebsocketCommand *self, JsonObject *root, GError **error)
{
  self->name =
      g_strdup (wire_json_string (wire_json_object (root, "data"), "name"));
  return self->name || refuse (error, "a mark has no name");
}

static gboolean
read_audio (WebsocketCommand *self, JsonObject *root, GError **error)
{
  JsonObject *data = wire_json_object (root, "data");
  const gchar *type = wire_json_string (data, "audioContentType");
  const gint64 rate = wire_json_int (data, "sampleRate", 0);

  if (type && g_strcmp0 (type, "raw"))
    return refuse (error, "audio of another kind than raw is not played");
  if (rate && rate != 8000 && rate != 16000 && rate != 24000 && rate != 48000)
    return refuse (error, "audio of this sampleRate is not played");
  self->rate = (guint) rate;
  self->id = g_strdup (wire_json_string (data, "id"));
  self->audio = wire_json_bytes (data, "audioContent");
  return self->audio || refuse (error, "playAudio has no audioContent");
}

static gboolean
read_tool (WebsocketCommand *self, JsonObject *root, GError **error)
{
  JsonObject *arguments = wire_json_object (root, "arguments");

  self->name = g_strdup (wire_json_string (root, "name"));
  self->id = g_strdup (wire_json_string (root, "id"));
  self->arguments =
      arguments ? wire_json_dup_member (root, "arguments") : g_strdup ("{}");
  return self->name || refuse (error, "a tool has no name");
}

/* The shape of jambonz' own: the target stands beside the type. */
static gboolean
read_transfer (WebsocketCommand *self, JsonObject *root, GError **error)
{
  const gchar *target = wire_json_string (root, "target");
  JsonBuilder *arguments = wire_json_begin ();

  wire_json_add (arguments, "target", target);
  self->arguments = wire_json_end (arguments);
  self->name = g_strdup ("transfer");
  self->id = g_strdup (wire_json_string (root, "id"));
  return target || refuse (error, "a transfer has no target");
}

static gboolean
read_transcript (WebsocketCommand *self, JsonObject *root, GError **error)
{
  self->text = g_strdup (wire_json_string (root, "text"));
  self->agent = g_strcmp0 (wire_json_string (root, "role"), "user") != 0;
  self->final = wire_json_boolean (root, "final", TRUE);
  return self->text || refuse (error, "a transcript has no text");
}

static gboolean
read_nothing (WebsocketCommand *self, JsonObject *root, GError **error)
{
  return TRUE;
}

typedef gboolean (
    *Reader) (WebsocketCommand *self, JsonObject *root, GError **error);

static const struct
{
  const gchar *name;
  WebsocketCommandType type;
  Reader read;
} commands[] = {
  { "mark", WEBSOCKET_MARK, read_mark },
  { "clearMarks", WEBSOCKET_CLEAR_MARKS, read_nothing },
  { "killAudio", WEBSOCKET_KILL_AUDIO, read_nothing },
  { "playAudio", WEBSOCKET_PLAY_AUDIO, read_audio },
  { "disconnect", WEBSOCKET_DISCONNECT, read_nothing },
  { "transfer", WEBSOCKET_TOOL, read_transfer },
  { "tool", WEBSOCKET_TOOL, read_tool },
  { "transcript", WEBSOCKET_TRANSCRIPT, read_transcript },
};

gboolean
websocket_command_read (WebsocketCommand *self, const gchar *text, gsize size,
    GError **error)
{
  g_autoptr (JsonNode) node = wire_json_read (text, size, error);

  *self = (WebsocketCommand){ .type = WEBSOCKET_OTHER };
  if (!node)
    return FALSE;
  JsonObject *root = json_node_get_object (node);
  const gchar *type = wire_json_string (root, "type");
  if (!type)
    return refuse (error, "it has no type");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (type, commands[i].name)) {
      self->type = commands[i].type;
      return commands[i].read (self, root, error);
    }
  self->name = g_strdup (type);
  return TRUE;
}

void
websocket_command_clear (WebsocketCommand *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->arguments, g_free);
  g_clear_pointer (&self->audio, g_bytes_unref);
}

void
websocket_samples_take (WebsocketSamples *self, const guint8 *data, gsize size,
    GByteArray *out)
{
  g_byte_array_set_size (out, 0);
  if (!size)
    return;
  if (self->odd)
    g_byte_array_append (out, &self->kept, 1);
  g_byte_array_append (out, data, (guint) size);
  self->odd = out->len % 2 != 0;
  if (!self->odd)
    return;
  self->kept = out->data[out->len - 1];
  g_byte_array_set_size (out, out->len - 1);
}

/* ---- What it is told */

gchar *
websocket_write_start (const WebsocketStart *start)
{
  JsonBuilder *json = wire_json_begin ();

  wire_json_add (json, "callSid", start->call_id);
  wire_json_add (json, "callId", start->call_id);
  wire_json_add (json, "from", start->from);
  wire_json_add (json, "to", start->to);
  wire_json_add (json, "callerName", start->display_name);
  wire_json_add (json, "direction", start->outgoing ? "outbound" : "inbound");
  wire_json_add (json, "channel", start->channel);
  wire_json_add (json, "line", start->line);
  wire_json_add_int (json, "sampleRate", start->rate);
  wire_json_add (json, "mixType", "mono");
  if (start->headers)
    wire_json_add_json (json, "headers", start->headers);
  if (start->origin)
    wire_json_add_json (json, "origin", start->origin);
  if (start->tools)
    wire_json_add_json (json, "tools", start->tools);
  if (start->history)
    wire_json_add_json (json, "history", start->history);
  return wire_json_end (json);
}

gchar *
websocket_write_mark (const gchar *name, gboolean cleared)
{
  JsonBuilder *json = wire_json_begin ();

  wire_json_add (json, "type", "mark");
  wire_json_open (json, "data");
  wire_json_add (json, "name", name);
  wire_json_add (json, "event", cleared ? "cleared" : "playout");
  json_builder_end_object (json);
  return wire_json_end (json);
}

gchar *
websocket_write_play_done (const gchar *id)
{
  JsonBuilder *json = wire_json_begin ();

  wire_json_add (json, "type", "playDone");
  if (id) {
    wire_json_open (json, "data");
    wire_json_add (json, "id", id);
    json_builder_end_object (json);
  }
  return wire_json_end (json);
}

static JsonBuilder *
begin_event (const gchar *event)
{
  JsonBuilder *json = wire_json_begin ();

  wire_json_add (json, "event", event);
  return json;
}

gchar *
websocket_write_key (gchar key)
{
  const gchar text[] = { key, '\0' };
  JsonBuilder *json = begin_event ("dtmf");

  wire_json_add (json, "dtmf", text);
  return wire_json_end (json);
}

gchar *
websocket_write_turn (gboolean began, guint64 time)
{
  JsonBuilder *json = begin_event ("turn");

  wire_json_add (json, "state", began ? "started" : "stopped");
  wire_json_add_int (json, "time", (gint64) time);
  return wire_json_end (json);
}

gchar *
websocket_write_hold (gboolean held)
{
  return wire_json_end (begin_event (held ? "hold" : "resume"));
}

gchar *
websocket_write_text (const gchar *event, const gchar *text)
{
  JsonBuilder *json = begin_event (event);

  wire_json_add (json, "text", text);
  return wire_json_end (json);
}

gchar *
websocket_write_tool_result (const gchar *id, const gchar *result)
{
  JsonBuilder *json = begin_event ("toolResult");

  wire_json_add (json, "id", id);
  wire_json_add_json (json, "result", result);
  return wire_json_end (json);
}

gchar *
websocket_write_control_result (const gchar *id, const gchar *result,
    const gchar *reason)
{
  JsonBuilder *json = begin_event ("control");

  wire_json_add (json, "id", id);
  wire_json_add (json, "result", result);
  wire_json_add (json, "reason", reason);
  return wire_json_end (json);
}
