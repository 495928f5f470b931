/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What json-glib leaves to whoever gives it the JSON of a stranger. */

/* Before it is parsed. FALSE: it goes deeper than @depth, as deep as the parser would
 * recurse; or it has comments or 'strings', which JSON has not, and the parser takes: the
 * quotes and brackets in them mean nothing, and nobody could count. */
gboolean agent_json_is_plain (const gchar *text, gsize size, guint depth);
/* The member @name as a string, valid UTF-8; NULL: it is none. A lone surrogate of an
 * escape, as "\ud800", comes out of the parser as bytes that are no text. */
const gchar *agent_json_get_string (JsonObject *object, const gchar *name);

G_END_DECLS
