/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The tools that a line offers to its agent: those that are built in, as far as they are
 * enabled, and those of the user's file:
 *
 *   [ { "name": "find_order",
 *       "description": "What has become of an order.",
 *       "parameters": { "type": "object",
 *           "properties": { "number": { "type": "integer" } },
 *           "required": [ "number" ], "additionalProperties": false } } ]
 *
 * or each as { "type": "function", "function": { ... } }, as OpenAI's APIs have it. */

typedef enum
{
  TOOL_HANG_UP,
  TOOL_TRANSFER, /* target */
  TOOL_SEND_DTMF, /* digits */
  TOOL_HOLD,
  TOOL_RESUME,
  TOOL_COLLECT_DIGITS, /* max, terminator, timeout */
  TOOL_OWN,
} ToolKind;

#define TOOL_MAX_OWN 128

typedef struct
{
  ToolKind kind;
  gchar *name;
  gchar *description;
  JsonNode *parameters; /* a schema, of an object */
} Tool;

typedef struct _ToolList ToolList;

ToolList *tool_list_new (void);
void tool_list_free (ToolList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolList, tool_list_free)

/* @names: of those that are built in, with commas between them; FALSE, with @error: there is
 * no such tool. */
gboolean tool_list_enable (ToolList *self, const gchar *names, GError **error);
/* The text of a file. */
gboolean tool_list_add_own (ToolList *self, const gchar *text, gsize size,
    GError **error);

/* NULL: it is not offered. */
const Tool *tool_list_find (const ToolList *self, const gchar *name);
gboolean tool_list_has_own (const ToolList *self);
/* Whether a tool of this name is built in, enabled or not. */
gboolean tool_list_is_built_in (const gchar *name);
/* An array of what is offered; @able: of built-in ones only those whose bit
 * (1 << ToolKind) is set; (transfer full) */
gchar *tool_list_to_json (const ToolList *self, guint able);

/* What a model wrote, NULL or "" = {}; as the tool's schema wants it. (transfer full);
 * NULL, with @error */
JsonNode *tool_parse_arguments (const Tool *self, const gchar *text,
    GError **error);

G_END_DECLS
