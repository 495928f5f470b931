/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a client of the Realtime API says (GA), as JSON; (transfer full). @id: the event's
 * own, by which an error names it. */

typedef enum
{
  OPENAI_PCM, /* S16, little-endian, 24 kHz */
  OPENAI_PCMU,
  OPENAI_PCMA,
} OpenaiFormat;

/* Bytes of a second. */
guint openai_format_get_byte_rate (OpenaiFormat self);
/* Hz */
guint openai_format_get_rate (OpenaiFormat self);

typedef enum
{
  OPENAI_TURNS_OURS,
  OPENAI_TURNS_SERVER_VAD,
  OPENAI_TURNS_SEMANTIC_VAD,
} OpenaiTurns;

/* Of a session. Strings: NULL or "" = as the service likes, but where it says more. */
typedef struct
{
  gchar *instructions, *voice;
  gchar *transcription_model; /* ... = the caller's words are not told */
  gchar *language; /* ISO 639-1 */
  gchar *noise_reduction; /* near_field, far_field; ... = none */
  gchar *greeting; /* NULL = as the model likes, "" = the caller speaks first */
  gchar *tools; /* JSON: array of name, description, parameters */
  OpenaiTurns turns;
  guint prefix_padding, silence; /* ms; of SERVER_VAD */
  guint max_output_tokens; /* of one answer; 0 = any */
  gdouble speed; /* 1 = as the voice speaks */
} OpenaiConfig;

void openai_config_clear (OpenaiConfig *self);

gchar *openai_write_session (const gchar *id, const OpenaiConfig *config,
    OpenaiFormat format);
/* Of a session that is there: */
gchar *openai_write_format (const gchar *id, OpenaiFormat format);
gchar *openai_write_instructions (const gchar *id, const gchar *text);

/* It has no id: there are fifty a second. */
gchar *openai_write_append (gconstpointer data, gsize size);
/* @type alone says it: commit, clear, cancel. */
gchar *openai_write_plain (const gchar *id, const gchar *type);
/* @role: user, assistant, system. */
gchar *openai_write_message (const gchar *id, const gchar *role,
    const gchar *text);
gchar *openai_write_tool_result (const gchar *id, const gchar *call_id,
    const gchar *output);
gchar *openai_write_truncate (const gchar *id, const gchar *item_id,
    guint content_index, gint64 ms);
gchar *openai_write_delete (const gchar *id, const gchar *item_id);
/* For this one answer. @instructions: NULL = the session's. @tools: it may call some. */
gchar *openai_write_create (const gchar *id, const gchar *instructions,
    gboolean tools);

G_END_DECLS
