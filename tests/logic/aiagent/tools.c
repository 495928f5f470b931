/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Tools that an agent is offered, and what it may write for them. */

#include "aiagent/logic/tools/toolcount.h"
#include "aiagent/logic/tools/tooldigits.h"
#include "aiagent/logic/tools/tooljson.h"
#include "aiagent/logic/tools/toollist.h"
#include "aiagent/logic/tools/toolschema.h"

#include <string.h>

/* ---- Schemas */

typedef struct
{
  const gchar *schema, *value;
  const gchar *fault; /* NULL: it is as it is wanted */
} Case;

static const Case cases[] = {
  { "{}", "{\"a\":1}", NULL },
  { "{\"type\":\"object\"}", "{}", NULL },
  { "{\"type\":\"object\"}", "[]", "arguments: has to be of type object." },
  { "{\"type\":\"string\"}", "\"a\"", NULL },
  { "{\"type\":\"string\"}", "1", "arguments: has to be of type string." },
  { "{\"type\":\"integer\"}", "1", NULL },
  { "{\"type\":\"integer\"}", "1.0", NULL },
  { "{\"type\":\"integer\"}", "1.5", "arguments: has to be of type integer." },
  { "{\"type\":\"integer\"}", "1e300",
      "arguments: has to be of type integer." },
  { "{\"type\":\"integer\"}", "true", "arguments: has to be of type integer." },
  { "{\"type\":\"number\"}", "1", NULL },
  { "{\"type\":\"number\"}", "\"1\"", "arguments: has to be of type number." },
  { "{\"type\":\"boolean\"}", "false", NULL },
  { "{\"type\":\"boolean\"}", "0", "arguments: has to be of type boolean." },
  { "{\"type\":\"null\"}", "null", NULL },
  { "{\"type\":\"null\"}", "0", "arguments: has to be of type null." },
  { "{\"type\":[\"string\",\"null\"]}", "null", NULL },
  { "{\"type\":[\"string\",\"null\"]}", "1",
      "arguments: is of none of the types that it may have." },
  { "{\"type\":17}", "1", NULL },
  { "{\"enum\":[\"a\",2]}", "2", NULL },
  { "{\"enum\":[\"a\",2]}", "\"b\"",
      "arguments: is none of the values that it may have." },
  { "{\"minimum\":2}", "1.9", "arguments: minimum is 2." },
  { "{\"minimum\":2}", "2", NULL },
  { "{\"maximum\":2}", "3", "arguments: maximum is 2." },
  { "{\"maxLength\":2}", "\"\xc3\xa4\xc3\xb6\"", NULL },
  { "{\"maxLength\":2}", "\"abc\"", "arguments: maxLength is 2." },
  { "{\"minLength\":2}", "\"a\"", "arguments: minLength is 2." },
  { "{\"maxLength\":\"2\"}", "\"abc\"", NULL },
  { "{\"items\":{\"type\":\"string\"}}", "[\"a\",\"b\"]", NULL },
  { "{\"items\":{\"type\":\"string\"}}", "[\"a\",1]",
      "arguments[1]: has to be of type string." },
  { "{\"maxItems\":1}", "[1,2]", "arguments: maxItems is 1." },
  { "{\"required\":[\"a\"]}", "{\"b\":1}", "arguments: \"a\" is missing." },
  { "{\"required\":[\"a\"]}", "{\"a\":null}", NULL },
  { "{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1}",
      "arguments.a: has to be of type string." },
  { "{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"b\":1}",
      "arguments.b: is not known here." },
  { "{\"properties\":{\"a\":{}},\"additionalProperties\":true}", "{\"b\":1}",
      NULL },
  { "{\"additionalProperties\":{\"type\":\"string\"}}", "{\"b\":1}",
      "arguments.b: has to be of type string." },
  { "{\"properties\":{\"a\":{\"items\":{\"properties\":{\"b\":{\"maximum\":1}}}}}}",
      "{\"a\":[{\"b\":0},{\"b\":2}]}", "arguments.a[1].b: maximum is 1." },
};

static void
test_schema (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) schema = json_from_string (cases[i].schema, NULL);
    g_autoptr (JsonNode) value = json_from_string (cases[i].value, NULL);
    const gboolean right = tool_schema_check (schema, value, &error);
    if (right != !cases[i].fault ||
        (error && strcmp (error->message, cases[i].fault)))
      g_error ("%s of %s: %s", cases[i].value, cases[i].schema,
          error ? error->message : "taken");
  }
}

/* ---- JSON that would hurt */

static void
test_bounds (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree gchar *large = g_strnfill (TOOL_JSON_MAX_SIZE, ' ');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (tool_json_parse ("x", deep->str, 60000, &error));
  g_assert_cmpstr (error->message, ==,
      "x: nested over 32 levels deep, or no plain JSON.");
  g_clear_error (&error);
  g_assert_null (tool_json_parse ("x", deep->str, deep->len, &error));
  g_assert_cmpstr (error->message, ==, "x: over 65536 bytes.");
  g_clear_error (&error);
  g_assert_null (tool_json_parse ("x", large, TOOL_JSON_MAX_SIZE, &error));
  g_assert_cmpstr (error->message, ==, "x: this is not JSON.");
  large[7] = '1';
  g_autoptr (JsonNode) one =
      tool_json_parse ("x", large, TOOL_JSON_MAX_SIZE, NULL);
  g_assert_cmpint (json_node_get_int (one), ==, 1);
  /* Brackets within strings are not depth. */
  g_string_printf (deep, "\"\\\"%s\"",
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
  g_autoptr (JsonNode) quoted =
      tool_json_parse ("x", deep->str, deep->len, NULL);
  g_assert_nonnull (quoted);
  g_assert_null (tool_json_parse ("x", "\"\xff\"", 3, NULL));
  g_assert_null (tool_json_parse ("x", "", 0, NULL));
  g_autofree gchar *text = tool_json_error ("a \"b\"\n\xff");
  g_assert_cmpstr (text, ==, "{\"error\":\"a \\\"b\\\"\\n\xef\xbf\xbd\"}");
}

/* ---- Lists */

static void
test_enable (void)
{
  g_autoptr (ToolList) list = tool_list_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tool_list_enable (list, NULL, NULL));
  g_assert_true (tool_list_enable (list, "", NULL));
  g_autofree gchar *none = tool_list_to_json (list, ~0u);
  g_assert_cmpstr (none, ==, "[]");
  g_assert_true (tool_list_enable (list, " hang_up,send-dtmf ,,hang_up", NULL));
  g_assert_cmpint (tool_list_find (list, "send_dtmf")->kind, ==,
      TOOL_SEND_DTMF);
  g_assert_null (tool_list_find (list, "transfer"));
  g_assert_true (tool_list_is_built_in ("transfer"));
  g_assert_false (tool_list_is_built_in ("find_order"));
  g_assert_false (tool_list_has_own (list));
  g_assert_false (tool_list_enable (list, "hold,explode", &error));
  g_assert_true (g_str_has_prefix (error->message,
      "There is no tool \"explode\" that could be enabled"));
  /* What the channel cannot do is not offered. */
  g_autofree gchar *offered = tool_list_to_json (list, 1u << TOOL_HANG_UP);
  g_assert_nonnull (strstr (offered, "\"name\":\"hang_up\""));
  g_assert_null (strstr (offered, "send_dtmf"));
  g_autoptr (JsonNode) root = json_from_string (offered, NULL);
  g_assert_nonnull (root);
}

/* Every tool that is built in takes what it should. */
static void
test_built_in (void)
{
  static const struct
  {
    const gchar *name, *right, *wrong;
  } tools[] = {
    { "hang_up", "", "{\"why\":1}" },
    { "hang_up", NULL, "[]" },
    { "transfer", "{\"target\":\"sip:a@b\"}", "{\"target\":\"\"}" },
    { "send_dtmf", "{\"digits\":\"12#\"}", "{\"digits\":12}" },
    { "hold", "{}", "null" },
    { "resume", "{}", "{" },
    { "collect_digits", "{\"max\":4,\"terminator\":\"#\",\"timeout\":3000}",
        "{\"max\":65}" },
    { "collect_digits", "{}", "{\"terminator\":\"5\"}" },
  };
  g_autoptr (ToolList) list = tool_list_new ();

  g_assert_true (tool_list_enable (list,
      "hang_up,transfer,send_dtmf,hold,resume,collect_digits", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    const Tool *tool = tool_list_find (list, tools[i].name);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) right =
        tool_parse_arguments (tool, tools[i].right, &error);
    g_assert_no_error (error);
    g_assert_true (JSON_NODE_HOLDS_OBJECT (right));
    g_assert_null (tool_parse_arguments (tool, tools[i].wrong, &error));
    g_assert_error (error, TOOL_ERROR, 0);
  }
}

static void
test_own (void)
{
  static const gchar plain[] =
      "[{\"name\":\"find_order\",\"description\":\"Finds it.\","
      "\"parameters\":{\"type\":\"object\",\"required\":[\"number\"]}},"
      "{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]";
  g_autoptr (ToolList) list = tool_list_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tool_list_add_own (list, plain, strlen (plain), &error));
  g_assert_no_error (error);
  g_assert_true (tool_list_has_own (list));
  const Tool *order = tool_list_find (list, "find_order");
  g_assert_cmpint (order->kind, ==, TOOL_OWN);
  g_assert_cmpstr (order->description, ==, "Finds it.");
  g_assert_null (tool_parse_arguments (order, "{}", NULL));
  g_autoptr (JsonNode) any =
      tool_parse_arguments (tool_list_find (list, "weather"), "{\"a\":1}",
          NULL);
  g_assert_nonnull (any);
  g_autofree gchar *offered = tool_list_to_json (list, 0);
  g_assert_cmpstr (offered, ==,
      "[{\"name\":\"find_order\",\"description\":\"Finds it.\",\"parameters\":"
      "{\"type\":\"object\",\"required\":[\"number\"]}},{\"name\":\"weather\","
      "\"description\":\"\",\"parameters\":{\"type\":\"object\","
      "\"properties\":{}}}]");
}

static void
test_bad_files (void)
{
  static const struct
  {
    const gchar *text, *fault;
  } files[] = {
    { "{}", "holds no array" },
    { "[", "not JSON" },
    { "[1]", "Tool 1 of the file is no object" },
    { "[{\"function\":1}]", "is no object" },
    { "[{}]", "has no name" },
    { "[{\"name\":\"a b\"}]", "has no name" },
    { "[{\"name\":\"-a\"}]", "has no name" },
    { "[{\"name\":\"../a\"}]", "has no name" },
    { "[{\"name\":7}]", "has no name" },
    { "[{\"name\":\"a\"},{\"name\":\"a\"}]",
        "Tool 2 of the file has the name" },
    { "[{\"name\":\"hang_up\"}]", "built in" },
    { "[{\"name\":\"a\",\"parameters\":[]}]", "no schema" },
    { "[{\"name\":\"a\",\"parameters\":{\"type\":\"string\"}}]", "no schema" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (ToolList) list = tool_list_new ();
    g_autoptr (GError) error = NULL;
    g_assert_false (tool_list_add_own (list, files[i].text,
        strlen (files[i].text), &error));
    if (!strstr (error->message, files[i].fault))
      g_error ("%s: %s", files[i].text, error->message);
  }
}

/* ---- How many */

static void
test_count (void)
{
  ToolCount count = { 0 };
  guint taken = 0;

  for (guint i = 0; i < 8; i++)
    g_assert_null (tool_count_take (&count, 1));
  g_assert_nonnull (tool_count_take (&count, 1));
  for (guint turn = 2; turn < 20; turn++)
    for (guint i = 0; i < 8; i++)
      taken += !tool_count_take (&count, turn);
  g_assert_cmpuint (taken, ==, 64 - 8);
}

/* ---- Digits */

static void
check_digits (ToolDigits digits, const gchar *keys, ToolDigitsEnd end,
    const gchar *json)
{
  ToolDigitsEnd last = TOOL_DIGITS_GO_ON;

  for (const gchar *key = keys; *key; key++) {
    g_assert_cmpint (last, ==, TOOL_DIGITS_GO_ON);
    last = tool_digits_take (&digits, *key);
  }
  g_assert_cmpint (last, ==, end);
  g_autofree gchar *text = tool_digits_to_json (&digits, "x", TRUE);
  g_assert_cmpstr (text, ==, json);
  g_autofree gchar *hidden = tool_digits_to_json (&digits, "x", FALSE);
  g_assert_cmpstr (hidden, ==, "{\"ended\":\"x\"}");
}

static void
test_digits (void)
{
  check_digits ((ToolDigits){ .max = 4, .terminator = '#' }, "12#",
      TOOL_DIGITS_TERMINATOR, "{\"digits\":\"12\",\"ended\":\"x\"}");
  check_digits ((ToolDigits){ .max = 4, .terminator = '#' }, "1234",
      TOOL_DIGITS_MAX_REACHED, "{\"digits\":\"1234\",\"ended\":\"x\"}");
  check_digits ((ToolDigits){ .max = 4, .terminator = '#' }, "*12",
      TOOL_DIGITS_GO_ON, "{\"digits\":\"*12\",\"ended\":\"x\"}");
  check_digits ((ToolDigits){ .max = 2 }, "##", TOOL_DIGITS_MAX_REACHED,
      "{\"digits\":\"##\",\"ended\":\"x\"}");
  g_autofree gchar *many = g_strnfill (TOOL_DIGITS_MAX, '7');
  g_autofree gchar *json =
      g_strdup_printf ("{\"digits\":\"%s\",\"ended\":\"x\"}", many);
  check_digits ((ToolDigits){ .max = 1000 }, many, TOOL_DIGITS_MAX_REACHED,
      json);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tools/schema", test_schema);
  g_test_add_func ("/tools/bounds", test_bounds);
  g_test_add_func ("/tools/enable", test_enable);
  g_test_add_func ("/tools/built-in", test_built_in);
  g_test_add_func ("/tools/own", test_own);
  g_test_add_func ("/tools/bad-files", test_bad_files);
  g_test_add_func ("/tools/count", test_count);
  g_test_add_func ("/tools/digits", test_digits);
  return g_test_run ();
}
