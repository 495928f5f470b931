/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* A schema is the user's own, and as deep as tooljson.h lets it be; so is a value. What is
 * strange in a schema allows everything. */

#include "toolschema.h"

#include "tooljson.h"

#define NAME_SHOWN 40 /* bytes of what the model wrote */

/* Where in the value. */
typedef struct _Place Place;
struct _Place
{
  const Place *outer; /* NULL: the value itself */
  const gchar *member; /* NULL: an element of an array */
  guint index;
};

static gboolean check (JsonNode *schema, JsonNode *value, const Place *place,
    GError **error);

static void
add_place (GString *text, const Place *place)
{
  if (!place->outer) {
    g_string_append (text, "arguments");
    return;
  }
  add_place (text, place->outer);
  if (place->member)
    g_string_append_printf (text, ".%.*s", NAME_SHOWN, place->member);
  else
    g_string_append_printf (text, "[%u]", place->index);
}

static gboolean fail (const Place *place, GError **error, const gchar *format,
    ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (const Place *place, GError **error, const gchar *format, ...)
{
  g_autoptr (GString) text = g_string_new (NULL);
  va_list arguments;

  add_place (text, place);
  g_string_append (text, ": ");
  va_start (arguments, format);
  g_string_append_vprintf (text, format, arguments);
  va_end (arguments);
  /* A name may have been cut within a character. */
  g_autofree gchar *valid = g_utf8_make_valid (text->str, -1);
  g_set_error_literal (error, TOOL_ERROR, 0, valid);
  return FALSE;
}

/* ---- Reading a schema */

static JsonNode *
get_member (JsonObject *schema, const gchar *name, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (schema, name);

  return node && JSON_NODE_TYPE (node) == type ? node : NULL;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
      (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING;
}

/* FALSE: the schema has no such bound. */
static gboolean
get_bound (JsonObject *schema, const gchar *name, gdouble *bound)
{
  JsonNode *node = get_member (schema, name, JSON_NODE_VALUE);

  if (!node || !is_number (node))
    return FALSE;
  *bound = json_node_get_double (node);
  return TRUE;
}

/* ---- Types */

static gboolean
is_whole (JsonNode *value)
{
  if (!is_number (value))
    return FALSE;
  if (json_node_get_value_type (value) == G_TYPE_INT64)
    return TRUE;
  const gdouble number = json_node_get_double (value);
  return number > -9e15 && number < 9e15 && (gdouble) (gint64) number == number;
}

static gboolean
has_type (JsonNode *value, const gchar *type)
{
  if (g_str_equal (type, "object"))
    return JSON_NODE_HOLDS_OBJECT (value);
  if (g_str_equal (type, "array"))
    return JSON_NODE_HOLDS_ARRAY (value);
  if (g_str_equal (type, "string"))
    return is_string (value);
  if (g_str_equal (type, "integer"))
    return is_whole (value);
  if (g_str_equal (type, "number"))
    return is_number (value);
  if (g_str_equal (type, "boolean"))
    return JSON_NODE_HOLDS_VALUE (value) &&
        json_node_get_value_type (value) == G_TYPE_BOOLEAN;
  return !g_str_equal (type, "null") || JSON_NODE_HOLDS_NULL (value);
}

static gboolean
check_type (JsonObject *schema, JsonNode *value, const Place *place,
    GError **error)
{
  JsonNode *type = json_object_get_member (schema, "type");

  if (type && is_string (type))
    return has_type (value, json_node_get_string (type)) ||
        fail (place, error, "has to be of type %s.",
            json_node_get_string (type));
  if (!type || !JSON_NODE_HOLDS_ARRAY (type))
    return TRUE;
  JsonArray *types = json_node_get_array (type);
  for (guint i = 0; i < json_array_get_length (types); i++) {
    JsonNode *one = json_array_get_element (types, i);
    if (is_string (one) && has_type (value, json_node_get_string (one)))
      return TRUE;
  }
  return fail (place, error, "is of none of the types that it may have.");
}

static gboolean
check_enum (JsonObject *schema, JsonNode *value, const Place *place,
    GError **error)
{
  JsonNode *node = get_member (schema, "enum", JSON_NODE_ARRAY);

  if (!node)
    return TRUE;
  JsonArray *values = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (values); i++)
    if (json_node_equal (json_array_get_element (values, i), value))
      return TRUE;
  return fail (place, error, "is none of the values that it may have.");
}

/* ---- Bounds */

static gboolean
check_between (JsonObject *schema, gdouble number, const gchar *least,
    const gchar *most, const Place *place, GError **error)
{
  gdouble bound;

  if (get_bound (schema, least, &bound) && number < bound)
    return fail (place, error, "%s is %g.", least, bound);
  if (get_bound (schema, most, &bound) && number > bound)
    return fail (place, error, "%s is %g.", most, bound);
  return TRUE;
}

static gboolean
check_array (JsonObject *schema, JsonArray *array, const Place *place,
    GError **error)
{
  JsonNode *items = json_object_get_member (schema, "items");
  const guint n = json_array_get_length (array);

  if (!check_between (schema, n, "minItems", "maxItems", place, error))
    return FALSE;
  for (guint i = 0; items && i < n; i++) {
    const Place inner = { place, NULL, i };
    if (!check (items, json_array_get_element (array, i), &inner, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- Objects */

static gboolean
check_required (JsonObject *schema, JsonObject *object, const Place *place,
    GError **error)
{
  JsonNode *node = get_member (schema, "required", JSON_NODE_ARRAY);
  JsonArray *names = node ? json_node_get_array (node) : NULL;

  for (guint i = 0; names && i < json_array_get_length (names); i++) {
    JsonNode *name = json_array_get_element (names, i);
    if (is_string (name) &&
        !json_object_has_member (object, json_node_get_string (name)))
      return fail (place, error, "\"%s\" is missing.",
          json_node_get_string (name));
  }
  return TRUE;
}

static gboolean
check_object (JsonObject *schema, JsonObject *object, const Place *place,
    GError **error)
{
  JsonNode *node = get_member (schema, "properties", JSON_NODE_OBJECT);
  JsonObject *properties = node ? json_node_get_object (node) : NULL;
  JsonNode *others = json_object_get_member (schema, "additionalProperties");
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *value;

  if (!check_required (schema, object, place, error))
    return FALSE;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonNode *inner =
        properties ? json_object_get_member (properties, name) : NULL;
    const Place inside = { place, name, 0 };
    if (!inner)
      inner = others;
    if (inner && !check (inner, value, &inside, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- All of it */

static gboolean
check (JsonNode *node, JsonNode *value, const Place *place, GError **error)
{
  if (JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node) ||
        fail (place, error, "is not known here.");
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return TRUE;
  JsonObject *schema = json_node_get_object (node);
  if (!check_type (schema, value, place, error) ||
      !check_enum (schema, value, place, error))
    return FALSE;
  if (is_number (value))
    return check_between (schema, json_node_get_double (value), "minimum",
        "maximum", place, error);
  if (is_string (value))
    return check_between (schema,
        (gdouble) g_utf8_strlen (json_node_get_string (value), -1), "minLength",
        "maxLength", place, error);
  if (JSON_NODE_HOLDS_ARRAY (value))
    return check_array (schema, json_node_get_array (value), place, error);
  return !JSON_NODE_HOLDS_OBJECT (value) ||
      check_object (schema, json_node_get_object (value), place, error);
}

gboolean
tool_schema_check (JsonNode *schema, JsonNode *value, GError **error)
{
  const Place place = { NULL, NULL, 0 };

  return check (schema, value, &place, error);
}
