/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Properties: texts first, then numbers, in the order of CascadeText and CascadeNumber. */

#include "cascadeprivate.h"

#include <string.h>

#define GREETING "Hello, how can I help you?"
#define FILLER "One moment, please."
#define APOLOGY "I am sorry, something went wrong. Please say that again."

static const guint defaults[CASCADE_N_NUMBERS] = {
  [CASCADE_NUMBER_TTS_RATE] = 24000,
  [CASCADE_NUMBER_STT_TIMEOUT] = 10000,
  [CASCADE_NUMBER_LLM_TIMEOUT] = 30000,
  [CASCADE_NUMBER_TTS_TIMEOUT] = 10000,
  [CASCADE_NUMBER_MAX_HISTORY] = 100,
};

void
cascade_properties_init (CascadeSettings *settings)
{
  settings->texts[CASCADE_TEXT_GREETING] = g_strdup (GREETING);
  settings->texts[CASCADE_TEXT_FILLER] = g_strdup (FILLER);
  settings->texts[CASCADE_TEXT_APOLOGY] = g_strdup (APOLOGY);
  memcpy (settings->numbers, defaults, sizeof defaults);
}

#define FLAGS (G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

static void
text_spec (GObjectClass *klass, CascadeText text, const gchar *name,
    const gchar *nick, const gchar *blurb, const gchar *value)
{
  g_object_class_install_property (klass, text + 1,
      g_param_spec_string (name, nick, blurb, value,
          G_PARAM_READWRITE | FLAGS));
}

static void
secret_spec (GObjectClass *klass, CascadeText text, const gchar *name,
    const gchar *nick, const gchar *blurb)
{
  g_object_class_install_property (klass, text + 1,
      g_param_spec_string (name, nick, blurb, NULL, G_PARAM_WRITABLE | FLAGS));
}

static void
number_spec (GObjectClass *klass, CascadeNumber number, const gchar *name,
    const gchar *nick, const gchar *blurb, guint least, guint most)
{
  g_object_class_install_property (klass, CASCADE_N_TEXTS + number + 1,
      g_param_spec_uint (name, nick, blurb, least, most, defaults[number],
          G_PARAM_READWRITE | FLAGS));
}

/**
 * AgentCascade:llm:
 *
 * Base URI of the language model's server, to which /chat/completions is added, as
 * http://localhost:11434/v1. Default: unset; it has to be set. Changeable in READY, as
 * all of these.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:model:
 *
 * Name of the model. Default: unset, the first one that the server's /models names.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:instructions:
 *
 * What the agent is and what it has to do: the system message. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:instructions-file:
 *
 * A file with the instructions, UTF-8 of at most 64 kB, where they are not set. Default:
 * unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:llm-options:
 *
 * JSON object whose members are sent to the model with each request, as
 * {"temperature":0.3,"max_tokens":200}. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:stt:
 *
 * Base URI of the recogniser's server, to which /audio/transcriptions is added. Default:
 * unset, the built-in one, which understands the phrases of agent-file.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:stt-model:
 *
 * Name of the recogniser's model. Default: unset, not sent.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:language:
 *
 * What the caller speaks, as the recogniser names it (ISO 639-1). Default: unset, not
 * sent.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:agent-file:
 *
 * Dialogue file whose phrases the built-in recogniser understands; nothing else of it is
 * used but its voice and what it says when it has not understood. Default: unset, the
 * built-in receptionist.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:tts:
 *
 * Base URI of the voice's server, to which /audio/speech is added. Default: unset, the
 * built-in voice.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:tts-model:
 *
 * Name of the voice's model. Default: unset, not sent.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:voice:
 *
 * Name of the voice; of the built-in ones slt, rms, awb, kal16 or kal. Default: unset,
 * slt, or what the dialogue file says; not sent to a server.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:greeting:
 *
 * What the agent says first. Default: "Hello, how can I help you?"; "" = it waits for the
 * caller to speak.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:filler:
 *
 * What the agent says when an answer takes filler-delay. Default: "One moment, please."
 *
 * Since: 0.1
 */

/**
 * AgentCascade:apology:
 *
 * What the agent says when a stage has failed. Default: "I am sorry, something went
 * wrong. Please say that again."; "" = nothing.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:key:
 *
 * Key for the model's server, and for the others if they are at the same origin.
 * Default: unset. Write-only, for applications; on a launch line use key-file, or the variable
 * VOICE_CASCADE_KEY, or, for api.openai.com, OPENAI_API_KEY.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:key-file:
 *
 * File whose first line is that key. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:stt-key:
 *
 * Key for the recogniser's server, as key; variable VOICE_CASCADE_STT_KEY. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:stt-key-file:
 *
 * File whose first line is that key. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:tts-key:
 *
 * Key for the voice's server, as key; variable VOICE_CASCADE_TTS_KEY. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:tts-key-file:
 *
 * File whose first line is that key. Default: unset.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:tts-rate:
 *
 * Rate of the sound that the voice's server sends, in Hz. Default: 24000, as OpenAI's.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:filler-delay:
 *
 * ms from the end of the caller's turn without a word until the filler is said. Default:
 * 0, never.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:stt-timeout:
 *
 * ms until the recogniser has to have answered. Default: 10000.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:llm-timeout:
 *
 * ms that the language model may write nothing. Default: 30000: some load the model first.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:tts-timeout:
 *
 * ms that the voice may send nothing. Default: 10000.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:preempt:
 *
 * ms of silence after which the answer is begun already, because the turn may be over; if
 * the caller goes on, that was in vain, and costs a request of each stage. With a
 * recogniser by URI only, and of use below the `silence` of the pair. Default: 0, never.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:max-history:
 *
 * How many entries of a dialogue (what one side says, a tool call) the model is told.
 * Default: 100.
 *
 * Since: 0.1
 */

/**
 * AgentCascade:allow-insecure:
 *
 * Whether a key may be sent by plain http to another machine. Default: FALSE.
 *
 * Since: 0.1
 */

static void
install_model (GObjectClass *klass)
{
  text_spec (klass, CASCADE_TEXT_LLM, "llm", "Language model",
      "Base URI of the language model's server, as http://localhost:11434/v1",
      NULL);
  text_spec (klass, CASCADE_TEXT_MODEL, "model", "Model",
      "Name of the language model (unset = the server's first)", NULL);
  text_spec (klass, CASCADE_TEXT_INSTRUCTIONS, "instructions", "Instructions",
      "What the agent is and what it has to do", NULL);
  text_spec (klass, CASCADE_TEXT_INSTRUCTIONS_FILE, "instructions-file",
      "Instructions file", "File with the instructions", NULL);
  text_spec (klass, CASCADE_TEXT_OPTIONS, "llm-options", "Model options",
      "JSON object whose members are sent to the language model, too", NULL);
}

static void
install_recogniser (GObjectClass *klass)
{
  text_spec (klass, CASCADE_TEXT_STT, "stt", "Recogniser",
      "Base URI of the recogniser's server (unset = the phrases of agent-file)",
      NULL);
  text_spec (klass, CASCADE_TEXT_STT_MODEL, "stt-model", "Recogniser's model",
      "Name of the recogniser's model", NULL);
  text_spec (klass, CASCADE_TEXT_LANGUAGE, "language", "Language",
      "What the caller speaks, as en or de", NULL);
  text_spec (klass, CASCADE_TEXT_AGENT_FILE, "agent-file", "Agent file",
      "Dialogue file whose phrases are understood without a recogniser's server",
      NULL);
}

static void
install_voice (GObjectClass *klass)
{
  text_spec (klass, CASCADE_TEXT_TTS, "tts", "Voice's server",
      "Base URI of the voice's server (unset = the built-in voice)", NULL);
  text_spec (klass, CASCADE_TEXT_TTS_MODEL, "tts-model", "Voice's model",
      "Name of the voice's model", NULL);
  text_spec (klass, CASCADE_TEXT_VOICE, "voice", "Voice", "Name of the voice",
      NULL);
}

static void
install_words (GObjectClass *klass)
{
  text_spec (klass, CASCADE_TEXT_GREETING, "greeting", "Greeting",
      "What the agent says first (empty = nothing)", GREETING);
  text_spec (klass, CASCADE_TEXT_FILLER, "filler", "Filler",
      "What the agent says when an answer takes filler-delay", FILLER);
  text_spec (klass, CASCADE_TEXT_APOLOGY, "apology", "Apology",
      "What the agent says when a stage has failed (empty = nothing)", APOLOGY);
}

static void
install_keys (GObjectClass *klass)
{
  secret_spec (klass, CASCADE_TEXT_KEY, "key", "Key",
      "Key for the language model's server");
  text_spec (klass, CASCADE_TEXT_KEY_FILE, "key-file", "Key file",
      "File whose first line is the key for the language model's server", NULL);
  secret_spec (klass, CASCADE_TEXT_STT_KEY, "stt-key", "Recogniser's key",
      "Key for the recogniser's server");
  text_spec (klass, CASCADE_TEXT_STT_KEY_FILE, "stt-key-file",
      "Recogniser's key file",
      "File whose first line is the key for the recogniser's server", NULL);
  secret_spec (klass, CASCADE_TEXT_TTS_KEY, "tts-key", "Voice's key",
      "Key for the voice's server");
  text_spec (klass, CASCADE_TEXT_TTS_KEY_FILE, "tts-key-file",
      "Voice's key file",
      "File whose first line is the key for the voice's server", NULL);
}

static void
install_numbers (GObjectClass *klass)
{
  number_spec (klass, CASCADE_NUMBER_TTS_RATE, "tts-rate", "Voice's rate",
      "Rate of what the voice's server sends (Hz)", 8000, 48000);
  number_spec (klass, CASCADE_NUMBER_FILLER_DELAY, "filler-delay",
      "Filler delay",
      "How long an answer may take before the filler is said (ms, 0 = never)",
      0, 60000);
  number_spec (klass, CASCADE_NUMBER_STT_TIMEOUT, "stt-timeout",
      "Recogniser timeout", "How long the recogniser may take (ms)", 100,
      600000);
  number_spec (klass, CASCADE_NUMBER_LLM_TIMEOUT, "llm-timeout",
      "Model timeout", "How long the language model may write nothing (ms)",
      100, 600000);
  number_spec (klass, CASCADE_NUMBER_TTS_TIMEOUT, "tts-timeout",
      "Voice timeout", "How long the voice may send nothing (ms)", 100, 600000);
  number_spec (klass, CASCADE_NUMBER_PREEMPT, "preempt", "Preempt",
      "Silence after which an answer is begun on suspicion (ms, 0 = never)", 0,
      2000);
  number_spec (klass, CASCADE_NUMBER_MAX_HISTORY, "max-history",
      "Maximum history",
      "How many entries of the dialogue the language model is told", 1, 10000);
  g_object_class_install_property (klass,
      CASCADE_N_TEXTS + CASCADE_NUMBER_ALLOW_INSECURE + 1,
      g_param_spec_boolean ("allow-insecure", "Allow insecure",
          "Whether a key may be sent to another machine by plain http", FALSE,
          G_PARAM_READWRITE | FLAGS));
}

void
cascade_properties_install (GObjectClass *klass)
{
  install_model (klass);
  install_recogniser (klass);
  install_voice (klass);
  install_words (klass);
  install_keys (klass);
  install_numbers (klass);
}
