/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a server of the Realtime API says (GA; of older servers the names of the beta). */

#define OPENAI_EVENT_DEPTH 64
/* More than that no answer has used. */
#define OPENAI_EVENT_MAX_TOKENS 1000000000

typedef enum
{
  OPENAI_EVENT_OTHER, /* nothing to us */
  OPENAI_EVENT_SESSION_CREATED,
  OPENAI_EVENT_SESSION_UPDATED,
  OPENAI_EVENT_SPEECH_STARTED,
  OPENAI_EVENT_SPEECH_STOPPED,
  OPENAI_EVENT_COMMITTED,
  OPENAI_EVENT_CALLER_DELTA,
  OPENAI_EVENT_CALLER_SAID,
  OPENAI_EVENT_RESPONSE_CREATED,
  OPENAI_EVENT_RESPONSE_DONE,
  OPENAI_EVENT_ITEM_ADDED, /* of a response */
  OPENAI_EVENT_ITEM_DONE,
  OPENAI_EVENT_AUDIO_DELTA,
  OPENAI_EVENT_AUDIO_DONE,
  OPENAI_EVENT_AGENT_DELTA, /* what it says in sound */
  OPENAI_EVENT_AGENT_SAID,
  OPENAI_EVENT_TEXT_SAID, /* ... in writing */
  OPENAI_EVENT_TOOL_CALLED,
  OPENAI_EVENT_RATE_LIMITS,
  OPENAI_EVENT_ERROR,
} OpenaiEventType;

/* Strings are "" where there is none, and the document's. */
typedef struct
{
  OpenaiEventType type;
  JsonNode *root;
  const gchar *name; /* the event's own; of a tool: below */
  const gchar *item_id, *response_id;
  const gchar *item_type; /* ITEM_*: message, function_call, ... */
  const gchar *text; /* what was said, or base64 */
  guint content_index;
  gint64 ms; /* SPEECH_*; -1 = not said */
  const gchar *call_id, *tool, *arguments;
  const gchar
      *status; /* RESPONSE_DONE: completed, cancelled, failed, incomplete */
  const gchar *code, *message; /* of an error; of what a response failed for */
  const gchar *event_id; /* ERROR: of what was wrong */
  gint64 input_tokens, output_tokens; /* RESPONSE_DONE; -1 = not said */
} OpenaiEvent;

/* FALSE: it is no JSON object with a type. @json is UTF-8. */
gboolean openai_event_parse (OpenaiEvent *self, const gchar *json, gsize size);
void openai_event_clear (OpenaiEvent *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OpenaiEvent, openai_event_clear)

/* Base64; (transfer full). NULL: it is none. */
GByteArray *openai_decode (const gchar *base64);

G_END_DECLS
