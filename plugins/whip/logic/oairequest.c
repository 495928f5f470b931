/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "oairequest.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_DEPTH 16

static JsonObject *
object_member (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                               : NULL;
}

/* An escaped half of a surrogate pair comes out of the parser as bytes that are no text. */
static const gchar *
string_member (JsonObject *object, const gchar *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;
  const gchar *text = node && JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;

  return text && g_utf8_validate (text, -1, NULL) ? text : NULL;
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
refuse (GError **error, const gchar *why)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, why);
  return FALSE;
}

static gboolean
read_item (JsonObject *item, OaiRequest *request, GError **error)
{
  request->type = OAI_TEXT;
  request->text = text_of_item (item);
  request->item_id = g_strdup (string_member (item, "id"));
  return request->text ||
      refuse (error,
          "Of items only messages of the user with input_text are read here.");
}

static gboolean
read_update (JsonObject *session, OaiRequest *request, GError **error)
{
  request->type = OAI_INSTRUCTIONS;
  request->text = g_strdup (string_member (session, "instructions"));
  return request->text ||
      refuse (error, "Of a session only the instructions can be changed here.");
}

static gboolean
read_request (JsonObject *object, OaiRequest *request, GError **error)
{
  const gchar *type = string_member (object, "type");

  request->event_id = g_strdup (string_member (object, "event_id"));
  if (!type)
    return refuse (error, "An event needs a \"type\".");
  if (!strcmp (type, "response.cancel") ||
      !strcmp (type, "output_audio_buffer.clear"))
    request->type = OAI_CANCEL;
  else if (!strcmp (type, "conversation.item.create"))
    return read_item (object_member (object, "item"), request, error);
  else if (!strcmp (type, "session.update"))
    return read_update (object_member (object, "session"), request, error);
  else if (strcmp (type, "response.create"))
    return refuse (error, "Events of this type are not known here.");
  return TRUE;
}

static gboolean
is_short (const OaiRequest *request)
{
  return (!request->text ||
             g_utf8_strlen (request->text, -1) <= OAI_MAX_TEXT) &&
      (!request->event_id || strlen (request->event_id) <= OAI_MAX_ID) &&
      (!request->item_id || strlen (request->item_id) <= OAI_MAX_ID);
}

/* What is too long is not kept, either. */
static gboolean
check_length (OaiRequest *request, GError **error)
{
  if (is_short (request))
    return TRUE;
  oai_request_clear (request);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "The text has more than %d characters, or an id more than %d.",
      OAI_MAX_TEXT, OAI_MAX_ID);
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

  *request = (OaiRequest){ OAI_NOTHING };
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
  gboolean known = read_request (json_node_get_object (root), request, error);
  return check_length (request, known ? error : NULL) && known;
}

void
oai_request_clear (OaiRequest *request)
{
  g_free (request->text);
  g_free (request->event_id);
  g_free (request->item_id);
  *request = (OaiRequest){ OAI_NOTHING };
}
