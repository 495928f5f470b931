/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The properties of the backend, and what they are for. */

#include "openaisettings.h"

#define FLAGS \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/**
 * AgentOpenai:model:
 *
 * The model, as the service names it; not of Azure, where the address says it.
 * Default: gpt-realtime. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:voice:
 *
 * The voice, as the service names it. Default: marin. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:instructions:
 *
 * What the agent is told of itself. Default: unset, the service's own. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:instructions-file:
 *
 * The same in a file, in UTF-8, which counts if both are set. Default: unset.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:key:
 *
 * The key of the service. For applications: on a command line anybody could read it.
 * Default: unset; key-file, the variable VOICE_OPENAI_KEY, and, towards the vendor or
 * this machine, OPENAI_API_KEY, towards Azure AZURE_OPENAI_API_KEY, count in this
 * order. Write only. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:key-file:
 *
 * A file whose first line is the key, or the name of a systemd credential; it must not
 * be open to everybody. Default: unset. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:allow-insecure:
 *
 * Whether the key may go by ws or http to another machine, where anybody on the way
 * can read it. Default: false. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:headers:
 *
 * Further HTTP headers of the connection: a structure of strings. Default: unset.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:transcription-model:
 *
 * The model that writes down what the caller says, for transcripts and for what a new
 * connection is told; empty = none does. Default: gpt-4o-mini-transcribe. Changeable
 * in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:language:
 *
 * The caller's language (ISO 639-1), for transcripts. Default: unset, any. Changeable
 * in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:turn-detection-type:
 *
 * How the service finds the caller's turns, where the pair's turn-detection leaves
 * them to it (auto, backend). Default: server-vad. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:prefix-padding:
 *
 * ms before the first sound of a turn that belong to it, with server-vad. Default:
 * 300. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:silence-duration:
 *
 * ms of silence behind which a turn is over, with server-vad. Default: 500. Changeable
 * in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:greeting:
 *
 * What the agent says when the call begins. Default: unset, what the model makes of
 * its instructions; empty = the caller speaks first. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:max-output-tokens:
 *
 * How many tokens an answer may have; 0 = any. Default: 0. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:speed:
 *
 * How fast the voice speaks; 1 = as it does. Default: 1. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * AgentOpenai:noise-reduction:
 *
 * Which noise reduction the service applies to the caller's audio. Default: none.
 * Changeable in READY.
 *
 * Since: 0.1
 */

static GParamSpec *
text_spec (const gchar *name, const gchar *nick, const gchar *blurb,
    const gchar *value)
{
  return g_param_spec_string (name, nick, blurb, value, FLAGS);
}

static void
make_texts (GParamSpec **specs)
{
  specs[OPENAI_SETTING_MODEL] =
      text_spec ("model", "Model", "Which model answers", "gpt-realtime");
  specs[OPENAI_SETTING_VOICE] =
      text_spec ("voice", "Voice", "Whose voice it speaks with", "marin");
  specs[OPENAI_SETTING_INSTRUCTIONS] = text_spec ("instructions",
      "Instructions", "What the agent is to be and do", NULL);
  specs[OPENAI_SETTING_INSTRUCTIONS_FILE] = text_spec ("instructions-file",
      "Instructions file", "A file with the instructions", NULL);
  specs[OPENAI_SETTING_KEY] = g_param_spec_string ("key", "Key",
      "The key of the service, for applications", NULL,
      G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  specs[OPENAI_SETTING_KEY_FILE] = text_spec ("key-file", "Key file",
      "A file with the key of the service", NULL);
  specs[OPENAI_SETTING_TRANSCRIPTION_MODEL] = text_spec ("transcription-model",
      "Transcription model", "Which model writes down what the caller says",
      "gpt-4o-mini-transcribe");
  specs[OPENAI_SETTING_LANGUAGE] = text_spec ("language", "Language",
      "In which language the caller speaks", NULL);
  specs[OPENAI_SETTING_GREETING] =
      text_spec ("greeting", "Greeting", "What the agent says first", NULL);
}

static void
make_kinds (GParamSpec **specs)
{
  specs[OPENAI_SETTING_ALLOW_INSECURE] = g_param_spec_boolean ("allow-insecure",
      "Allow insecure", "Whether the key may go to another machine without TLS",
      FALSE, FLAGS);
  specs[OPENAI_SETTING_HEADERS] = g_param_spec_boxed ("headers", "Headers",
      "Further headers of HTTP for the service", GST_TYPE_STRUCTURE, FLAGS);
  specs[OPENAI_SETTING_TURN_DETECTION_TYPE] =
      g_param_spec_enum ("turn-detection-type", "Turn detection type",
          "How the service finds the caller's turns", AGENT_TYPE_OPENAI_TURNS,
          OPENAI_TURNS_SERVER_VAD, FLAGS);
  specs[OPENAI_SETTING_NOISE_REDUCTION] = g_param_spec_enum ("noise-reduction",
      "Noise reduction", "What the service takes out of the caller's audio",
      AGENT_TYPE_OPENAI_NOISE, OPENAI_NOISE_NONE, FLAGS);
}

static void
make_numbers (GParamSpec **specs)
{
  specs[OPENAI_SETTING_PREFIX_PADDING] =
      g_param_spec_uint ("prefix-padding", "Prefix padding",
          "How much before the first sound belongs to a turn (ms)", 0, 5000,
          300, FLAGS);
  specs[OPENAI_SETTING_SILENCE_DURATION] =
      g_param_spec_uint ("silence-duration", "Silence duration",
          "How long the caller is silent when a turn is over (ms)", 100, 10000,
          500, FLAGS);
  specs[OPENAI_SETTING_MAX_OUTPUT_TOKENS] =
      g_param_spec_uint ("max-output-tokens", "Max output tokens",
          "How long an answer may be, in tokens", 0, 4096, 0, FLAGS);
  specs[OPENAI_SETTING_SPEED] = g_param_spec_double ("speed", "Speed",
      "How fast the voice speaks", 0.25, 1.5, 1, FLAGS);
}

void
openai_settings_install (GObjectClass *klass, guint first)
{
  GParamSpec *specs[OPENAI_N_SETTINGS];

  make_texts (specs);
  make_kinds (specs);
  make_numbers (specs);
  for (guint i = 0; i < OPENAI_N_SETTINGS; i++)
    g_object_class_install_property (klass, first + i, specs[i]);
}
