/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "openai.h"

#include "aiagent/logic/openai/openaiaddress.h"
#include "aiagent/logic/openai/openaisession.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What is set on an AgentOpenai, and what that comes to when it is prepared. */

/* Its properties. */
typedef enum
{
  OPENAI_SETTING_MODEL,
  OPENAI_SETTING_VOICE,
  OPENAI_SETTING_INSTRUCTIONS,
  OPENAI_SETTING_INSTRUCTIONS_FILE,
  OPENAI_SETTING_KEY,
  OPENAI_SETTING_KEY_FILE,
  OPENAI_SETTING_ALLOW_INSECURE,
  OPENAI_SETTING_HEADERS,
  OPENAI_SETTING_TRANSCRIPTION_MODEL,
  OPENAI_SETTING_LANGUAGE,
  OPENAI_SETTING_TURN_DETECTION_TYPE,
  OPENAI_SETTING_PREFIX_PADDING,
  OPENAI_SETTING_SILENCE_DURATION,
  OPENAI_SETTING_GREETING,
  OPENAI_SETTING_MAX_OUTPUT_TOKENS,
  OPENAI_SETTING_SPEED,
  OPENAI_SETTING_NOISE_REDUCTION,
  OPENAI_N_SETTINGS
} OpenaiSetting;

typedef enum
{
  OPENAI_NOISE_NONE,
  OPENAI_NOISE_NEAR_FIELD,
  OPENAI_NOISE_FAR_FIELD,
} OpenaiNoise;

typedef struct
{
  GMutex lock; /* a leaf; protects everything below */

  /* As properties. */
  gchar *model, *voice, *instructions, *instructions_file, *key, *key_file;
  gchar *transcription_model, *language, *greeting;
  GstStructure *headers;
  gboolean allow_insecure;
  gint turns, noise; /* OpenaiTurns, OpenaiNoise */
  guint prefix_padding, silence, max_output_tokens;
  gdouble speed;

  /* As prepared. */
  OpenaiAddress address;
  gchar *secret; /* NULL = none is needed */
  gchar *read_instructions;
} OpenaiSettings;

void openai_settings_init (OpenaiSettings *self);
void openai_settings_clear (OpenaiSettings *self);
/* openaiproperties.c: the class's properties: @first and OpenaiSetting. */
void openai_settings_install (GObjectClass *klass, guint first);
void openai_settings_set (OpenaiSettings *self, OpenaiSetting setting,
    const GValue *value);
void openai_settings_get (OpenaiSettings *self, OpenaiSetting setting,
    GValue *value);

/* Reads files and variables; @uri as the property. */
gboolean openai_settings_prepare (OpenaiSettings *self, const gchar *uri,
    GError **error);
/* Of what was prepared; tools and turns are left alone. */
void openai_settings_fill (OpenaiSettings *self, OpenaiConfig *config);
/* (transfer full): @text without the secret, should that stand in it. */
gchar *openai_settings_hide (OpenaiSettings *self, const gchar *text);

G_END_DECLS
