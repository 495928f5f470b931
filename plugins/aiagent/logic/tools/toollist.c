/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "toollist.h"

#include "tooljson.h"
#include "toolschema.h"

#include <string.h>

#define NAME_SIZE 64 /* bytes at most, as services have it */
#define NAME_SHOWN 40

struct _ToolList
{
  GPtrArray *tools; /* Tool */
  gboolean has_own;
};

static const struct
{
  const gchar *name, *description, *parameters;
} built_in[] = {
  [TOOL_HANG_UP] = { "hang_up",
      "Ends the call, once all that was said has been heard. Say goodbye "
      "before.",
      "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}" },
  [TOOL_TRANSFER] = { "transfer",
      "Gives the call to somebody else. The result says whether that was "
      "possible.",
      "{\"type\":\"object\",\"properties\":{\"target\":{\"type\":\"string\","
      "\"description\":\"A telephone number or a SIP address\","
      "\"minLength\":1,\"maxLength\":256}},\"required\":[\"target\"],"
      "\"additionalProperties\":false}" },
  [TOOL_SEND_DTMF] = { "send_dtmf",
      "Presses keys of a telephone, for a machine at the far end.",
      "{\"type\":\"object\",\"properties\":{\"digits\":{\"type\":\"string\","
      "\"description\":\"0 to 9, *, #, A to D\",\"minLength\":1,"
      "\"maxLength\":32}},\"required\":[\"digits\"],"
      "\"additionalProperties\":false}" },
  [TOOL_HOLD] = { "hold", "Puts the call on hold.",
      "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}" },
  [TOOL_RESUME] = { "resume", "Takes the call back that is on hold.",
      "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}" },
  [TOOL_COLLECT_DIGITS] = { "collect_digits",
      "Takes what the caller types on the keypad, as an account number. Say "
      "before what is to be typed, and how it ends.",
      "{\"type\":\"object\",\"properties\":{\"max\":{\"type\":\"integer\","
      "\"description\":\"So many digits are enough\",\"minimum\":1,"
      "\"maximum\":64},\"terminator\":{\"type\":\"string\","
      "\"description\":\"Key that ends it, # if not given\","
      "\"enum\":[\"#\",\"*\",\"\"]},\"timeout\":{\"type\":\"integer\","
      "\"description\":\"Milliseconds to wait for each digit, 5000 if not "
      "given\",\"minimum\":500,\"maximum\":60000}},"
      "\"additionalProperties\":false}" },
};

static void
tool_free (gpointer data)
{
  Tool *self = data;

  g_free (self->name);
  g_free (self->description);
  g_clear_pointer (&self->parameters, json_node_unref);
  g_free (self);
}

ToolList *
tool_list_new (void)
{
  ToolList *self = g_new0 (ToolList, 1);

  self->tools = g_ptr_array_new_with_free_func (tool_free);
  return self;
}

void
tool_list_free (ToolList *self)
{
  g_ptr_array_unref (self->tools);
  g_free (self);
}

const Tool *
tool_list_find (const ToolList *self, const gchar *name)
{
  for (guint i = 0; i < self->tools->len; i++) {
    const Tool *tool = g_ptr_array_index (self->tools, i);
    if (g_str_equal (tool->name, name))
      return tool;
  }
  return NULL;
}

gboolean
tool_list_has_own (const ToolList *self)
{
  return self->has_own;
}

static gint
find_built_in (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (built_in); i++)
    if (g_str_equal (built_in[i].name, name))
      return (gint) i;
  return -1;
}

gboolean
tool_list_is_built_in (const gchar *name)
{
  return find_built_in (name) >= 0;
}

/* ---- What is built in */

static void
enable (ToolList *self, ToolKind kind)
{
  if (tool_list_find (self, built_in[kind].name))
    return;
  Tool *tool = g_new0 (Tool, 1);
  tool->kind = kind;
  tool->name = g_strdup (built_in[kind].name);
  tool->description = g_strdup (built_in[kind].description);
  tool->parameters = json_from_string (built_in[kind].parameters, NULL);
  g_ptr_array_add (self->tools, tool);
}

gboolean
tool_list_enable (ToolList *self, const gchar *names, GError **error)
{
  g_auto (GStrv) list = g_strsplit (names ? names : "", ",", -1);

  for (guint i = 0; list[i]; i++) {
    const gchar *name = g_strdelimit (g_strstrip (list[i]), "-", '_');
    const gint kind = find_built_in (name);
    if (kind >= 0)
      enable (self, (ToolKind) kind);
    else if (*name) {
      g_set_error (error, TOOL_ERROR, 0,
          "There is no tool \"%.*s\" that could be enabled, but hang_up, "
          "transfer, send_dtmf, hold, resume and collect_digits.",
          NAME_SHOWN, name);
      return FALSE;
    }
  }
  return TRUE;
}

/* ---- A user's own */

static gboolean
fail (guint index, const gchar *why, GError **error)
{
  g_set_error (error, TOOL_ERROR, 0, "Tool %u of the file %s.", index + 1, why);
  return FALSE;
}

/* "" where there is no such text. */
static const gchar *
get_text (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : "";
}

static gboolean
is_name (const gchar *name)
{
  const gsize size = strlen (name);

  return size > 0 && size <= NAME_SIZE && *name != '-' &&
      strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-") == size;
}

/* The function in @node, in whichever of the two forms; NULL: in none. */
static JsonObject *
get_function (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  JsonObject *object = json_node_get_object (node);
  JsonNode *inner = json_object_get_member (object, "function");
  if (!inner)
    return object;
  return JSON_NODE_HOLDS_OBJECT (inner) ? json_node_get_object (inner) : NULL;
}

/* NULL: it is no schema of an object. */
static JsonNode *
dup_parameters (JsonObject *function)
{
  JsonNode *node = json_object_get_member (function, "parameters");

  if (!node || JSON_NODE_HOLDS_NULL (node))
    return json_from_string ("{\"type\":\"object\",\"properties\":{}}", NULL);
  if (!JSON_NODE_HOLDS_OBJECT (node) ||
      !g_str_equal (get_text (json_node_get_object (node), "type"), "object"))
    return NULL;
  return json_node_copy (node);
}

static gboolean
add_own (ToolList *self, guint index, JsonNode *node, GError **error)
{
  JsonObject *function = get_function (node);

  if (!function)
    return fail (index, "is no object", error);
  const gchar *name = get_text (function, "name");
  if (!is_name (name))
    return fail (index, "has no name of 1 to 64 letters, digits, '_' and '-'",
        error);
  if (tool_list_is_built_in (name))
    return fail (index, "has the name of one that is built in", error);
  if (tool_list_find (self, name))
    return fail (index, "has the name of one before it", error);
  g_autoptr (JsonNode) parameters = dup_parameters (function);
  if (!parameters)
    return fail (index,
        "has \"parameters\" that are no schema of \"type\": \"object\"", error);
  Tool *tool = g_new0 (Tool, 1);
  tool->kind = TOOL_OWN;
  tool->name = g_strdup (name);
  tool->description = g_strdup (get_text (function, "description"));
  tool->parameters = g_steal_pointer (&parameters);
  g_ptr_array_add (self->tools, tool);
  self->has_own = TRUE;
  return TRUE;
}

gboolean
tool_list_add_own (ToolList *self, const gchar *text, gsize size,
    GError **error)
{
  g_autoptr (JsonNode) root =
      tool_json_parse ("The file of tools", text, size, error);

  if (!root)
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (root)) {
    g_set_error_literal (error, TOOL_ERROR, 0,
        "The file of tools holds no array of them.");
    return FALSE;
  }
  JsonArray *array = json_node_get_array (root);
  const guint n = json_array_get_length (array);
  if (n > TOOL_MAX_OWN)
    return fail (TOOL_MAX_OWN, "is one too many", error);
  for (guint i = 0; i < n; i++)
    if (!add_own (self, i, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

/* ---- Out */

gchar *
tool_list_to_json (const ToolList *self, guint able)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->tools->len; i++) {
    const Tool *tool = g_ptr_array_index (self->tools, i);
    if (tool->kind != TOOL_OWN && !(able & 1u << tool->kind))
      continue;
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "name", tool->name);
    json_object_set_string_member (object, "description", tool->description);
    json_object_set_member (object, "parameters",
        json_node_copy (tool->parameters));
    json_array_add_object_element (array, object);
  }
  json_node_set_array (root, array);
  return json_to_string (root, FALSE);
}

JsonNode *
tool_parse_arguments (const Tool *self, const gchar *text, GError **error)
{
  if (!text || !*text)
    text = "{}";
  g_autoptr (JsonNode) node =
      tool_json_parse ("arguments", text, strlen (text), error);
  if (!node || !tool_schema_check (self->parameters, node, error))
    return NULL;
  return g_steal_pointer (&node);
}
