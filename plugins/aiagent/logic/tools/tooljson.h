/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON that a model, a child or a user has written: bounded before it is parsed, for the
 * parser goes as deep as it is told. */

#define TOOL_JSON_MAX_SIZE 65536 /* bytes */
#define TOOL_JSON_MAX_DEPTH 32

/* Code 0 of all errors of tools: @message is for whoever wrote it. */
GQuark tool_error_quark (void);
#define TOOL_ERROR (tool_error_quark ())

/* @what: names the text in an error. (transfer full); NULL, with @error: it is none, or too
 * much of it. */
JsonNode *tool_json_parse (const gchar *what, const gchar *text, gsize size,
    GError **error);
/* {"error": @message}, which may be any text; (transfer full) */
gchar *tool_json_error (const gchar *message);

G_END_DECLS
