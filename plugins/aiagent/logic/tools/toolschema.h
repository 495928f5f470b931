/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Whether @value is what @schema (JSON Schema) wants: type, enum, minimum, maximum,
 * minLength, maxLength, items, minItems, maxItems, properties, required,
 * additionalProperties. What else a schema says is for the model, and is not looked at.
 * FALSE: @error says where and why, for who has made @value. */
gboolean tool_schema_check (JsonNode *schema, JsonNode *value, GError **error);

G_END_DECLS
