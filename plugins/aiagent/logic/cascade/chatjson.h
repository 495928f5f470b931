/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON of strangers, read without a surprise: what is not there, or is something else, is
 * NULL. */

#define CHAT_JSON_MAX (1024 * 1024) /* bytes */

/* NULL: it is no JSON object, or too long or deep. */
JsonParser *chat_json_parse (const gchar *data, gsize size);
JsonObject *chat_json_root (JsonParser *self);

JsonObject *chat_json_object (JsonObject *self, const gchar *name);
JsonArray *chat_json_array (JsonObject *self, const gchar *name);
const gchar *chat_json_string (JsonObject *self, const gchar *name);
/* The same, of what is no UTF-8, too, with marks in place of what is not; (transfer full). */
gchar *chat_json_dup_text (JsonObject *self, const gchar *name);
/* -1: there is none. */
gint64 chat_json_index (JsonObject *self, const gchar *name);
/* Element @i that is an object. */
JsonObject *chat_json_element (JsonArray *self, guint i);
/* The text of @node; (transfer full). */
gchar *chat_json_write (JsonNode *node);

G_END_DECLS
