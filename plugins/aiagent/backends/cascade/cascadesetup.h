/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "aiagent/backends/local/localmind.h"

#include <glib.h>

G_BEGIN_DECLS

/* What a cascade is set to: the properties as they were when it was prepared, checked,
 * with what they name read. */

typedef enum
{
  CASCADE_STT,
  CASCADE_LLM,
  CASCADE_TTS,
  CASCADE_N_STAGES,
} CascadeStage;

/* Properties that are texts, in the order of their ids; then those that are numbers. */
typedef enum
{
  CASCADE_TEXT_LLM,
  CASCADE_TEXT_MODEL,
  CASCADE_TEXT_INSTRUCTIONS,
  CASCADE_TEXT_INSTRUCTIONS_FILE,
  CASCADE_TEXT_OPTIONS,
  CASCADE_TEXT_STT,
  CASCADE_TEXT_STT_MODEL,
  CASCADE_TEXT_LANGUAGE,
  CASCADE_TEXT_AGENT_FILE,
  CASCADE_TEXT_TTS,
  CASCADE_TEXT_TTS_MODEL,
  CASCADE_TEXT_VOICE,
  CASCADE_TEXT_GREETING,
  CASCADE_TEXT_FILLER,
  CASCADE_TEXT_APOLOGY,
  CASCADE_TEXT_KEY,
  CASCADE_TEXT_KEY_FILE,
  CASCADE_TEXT_STT_KEY,
  CASCADE_TEXT_STT_KEY_FILE,
  CASCADE_TEXT_TTS_KEY,
  CASCADE_TEXT_TTS_KEY_FILE,
  CASCADE_N_TEXTS,
} CascadeText;

typedef enum
{
  CASCADE_NUMBER_TTS_RATE, /* Hz */
  CASCADE_NUMBER_FILLER_DELAY, /* ms from here on */
  CASCADE_NUMBER_STT_TIMEOUT,
  CASCADE_NUMBER_LLM_TIMEOUT,
  CASCADE_NUMBER_TTS_TIMEOUT,
  CASCADE_NUMBER_PREEMPT,
  CASCADE_NUMBER_MAX_HISTORY, /* entries */
  CASCADE_NUMBER_ALLOW_INSECURE, /* 0 or 1 */
  CASCADE_N_NUMBERS,
} CascadeNumber;

typedef struct
{
  gchar *texts[CASCADE_N_TEXTS]; /* NULL = not set */
  guint numbers[CASCADE_N_NUMBERS];
} CascadeSettings;

void cascade_settings_clear (CascadeSettings *self);

/* Never changed once it is made: read freely. */
typedef struct
{
  CascadeSettings settings; /* without secrets */
  gchar *instructions; /* NULL = none */
  gchar
      *uris[CASCADE_N_STAGES]; /* without a slash at the end; NULL = built in */
  gchar *keys[CASCADE_N_STAGES]; /* NULL = none */
  LocalMind
      *mind; /* whose phrases are understood; NULL: by uris[CASCADE_STT] */
} CascadeSetup;

/* NULL, with GST_RESOURCE_ERROR (SETTINGS, NOT_FOUND, ...). May read files. */
CascadeSetup *cascade_setup_new (const CascadeSettings *settings,
    GError **error);
CascadeSetup *cascade_setup_ref (CascadeSetup *self);
void cascade_setup_unref (CascadeSetup *self);

/* "The language model", at the beginning of a sentence. */
const gchar *cascade_stage_to_string (CascadeStage stage);
/* A stage is elsewhere: somebody is paid for it. */
gboolean cascade_setup_costs (const CascadeSetup *self);
guint cascade_setup_get_timeout (const CascadeSetup *self, CascadeStage stage);

G_END_DECLS
