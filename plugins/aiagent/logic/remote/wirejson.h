/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON messages of a far side, read without a surprise: what is not there, or is something
 * else, is NULL. And how ours are written. */

#define WIRE_JSON_MAX (16 * 1024 * 1024) /* bytes */
#define WIRE_JSON_DEPTH 32

#define WIRE_JSON_ERROR (wire_json_error_quark ())
GQuark wire_json_error_quark (void);

/* (transfer full): NULL, with @error: it is no JSON object, or too long or too deep. */
JsonNode *wire_json_read (const gchar *text, gsize size, GError **error);
JsonObject *wire_json_object (JsonObject *self, const gchar *name);
const gchar *wire_json_string (JsonObject *self, const gchar *name);
/* A number, also one that is written as a string; @otherwise: there is none. */
gint64 wire_json_int (JsonObject *self, const gchar *name, gint64 otherwise);
gboolean wire_json_boolean (JsonObject *self, const gchar *name,
    gboolean otherwise);
/* JSON text of any member, "null" if there is none; (transfer full). */
gchar *wire_json_dup_member (JsonObject *self, const gchar *name);
/* Bytes of a member that is base64; NULL: there is none; (transfer full). */
GBytes *wire_json_bytes (JsonObject *self, const gchar *name);

/* An object that is open already. */
JsonBuilder *wire_json_begin (void);
/* What is no UTF-8 goes with marks in place of what is not; NULL = "". */
void wire_json_add (JsonBuilder *self, const gchar *name, const gchar *value);
void wire_json_add_int (JsonBuilder *self, const gchar *name, gint64 value);
void wire_json_open (JsonBuilder *self, const gchar *name);
/* JSON text, "null" if it is none. */
void wire_json_add_json (JsonBuilder *self, const gchar *name,
    const gchar *json);
/* Closes the object and frees @self; (transfer full). */
gchar *wire_json_end (JsonBuilder *self);

G_END_DECLS
