/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The settings, read once when the backend is prepared.
 *
 * Whose key goes where: VOICE_OPENAI_KEY, as `key` and `key-file`, to whatever server `uri`
 * names; OPENAI_API_KEY to the vendor's own hosts and to this machine, AZURE_OPENAI_API_KEY
 * to Azure's: who tries another server does not hand it the key of the vendor. */

#include "openaisettings.h"

#include "common/base/gstvoicesecret.h"

#include <string.h>

#define MAX_INSTRUCTIONS (256 * 1024) /* bytes */

static GType
register_enum (gsize *type, const gchar *name, const GEnumValue *values)
{
  if (g_once_init_enter (type))
    g_once_init_leave (type, g_enum_register_static (name, values));
  return *type;
}

GType
agent_openai_turns_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { OPENAI_TURNS_SERVER_VAD, "By the silence behind the caller's words",
        "server-vad" },
    { OPENAI_TURNS_SEMANTIC_VAD, "By what the caller said", "semantic-vad" },
    { 0, NULL, NULL }
  };

  return register_enum (&type, "GstAiAgentOpenaiTurns", values);
}

GType
agent_openai_noise_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { OPENAI_NOISE_NONE, "The audio is taken as it is", "none" },
    { OPENAI_NOISE_NEAR_FIELD, "Of a microphone near the mouth", "near-field" },
    { OPENAI_NOISE_FAR_FIELD, "Of a microphone in the room", "far-field" },
    { 0, NULL, NULL }
  };

  return register_enum (&type, "GstAiAgentOpenaiNoise", values);
}

void
openai_settings_init (OpenaiSettings *self)
{
  g_mutex_init (&self->lock);
  self->model = g_strdup ("gpt-realtime");
  self->voice = g_strdup ("marin");
  self->transcription_model = g_strdup ("gpt-4o-mini-transcribe");
  self->turns = OPENAI_TURNS_SERVER_VAD;
  self->prefix_padding = 300;
  self->silence = 500;
  self->speed = 1;
}

static void
forget_prepared (OpenaiSettings *self)
{
  openai_address_clear (&self->address);
  g_clear_pointer (&self->secret, gst_voice_secret_free);
  g_clear_pointer (&self->read_instructions, g_free);
}

void
openai_settings_clear (OpenaiSettings *self)
{
  forget_prepared (self);
  g_free (self->model);
  g_free (self->voice);
  g_free (self->instructions);
  g_free (self->instructions_file);
  g_clear_pointer (&self->key, gst_voice_secret_free);
  g_free (self->key_file);
  g_free (self->transcription_model);
  g_free (self->language);
  g_free (self->greeting);
  g_clear_pointer (&self->headers, gst_structure_free);
  g_mutex_clear (&self->lock);
}

/* ---- Properties */

/* NULL: it is no string that can be read. */
static gchar **
get_text (OpenaiSettings *self, OpenaiSetting setting)
{
  switch (setting) {
    case OPENAI_SETTING_MODEL:
      return &self->model;
    case OPENAI_SETTING_VOICE:
      return &self->voice;
    case OPENAI_SETTING_INSTRUCTIONS:
      return &self->instructions;
    case OPENAI_SETTING_INSTRUCTIONS_FILE:
      return &self->instructions_file;
    case OPENAI_SETTING_KEY_FILE:
      return &self->key_file;
    case OPENAI_SETTING_TRANSCRIPTION_MODEL:
      return &self->transcription_model;
    case OPENAI_SETTING_LANGUAGE:
      return &self->language;
    case OPENAI_SETTING_GREETING:
      return &self->greeting;
    default:
      return NULL;
  }
}

static guint *
get_number (OpenaiSettings *self, OpenaiSetting setting)
{
  return setting == OPENAI_SETTING_PREFIX_PADDING   ? &self->prefix_padding
      : setting == OPENAI_SETTING_SILENCE_DURATION  ? &self->silence
      : setting == OPENAI_SETTING_MAX_OUTPUT_TOKENS ? &self->max_output_tokens
                                                    : NULL;
}

static void
set_other (OpenaiSettings *self, OpenaiSetting setting, const GValue *value)
{
  if (setting == OPENAI_SETTING_KEY) {
    g_clear_pointer (&self->key, gst_voice_secret_free);
    self->key = g_value_dup_string (value);
  } else if (setting == OPENAI_SETTING_ALLOW_INSECURE) {
    self->allow_insecure = g_value_get_boolean (value);
  } else if (setting == OPENAI_SETTING_HEADERS) {
    g_clear_pointer (&self->headers, gst_structure_free);
    self->headers = g_value_dup_boxed (value);
  } else if (setting == OPENAI_SETTING_TURN_DETECTION_TYPE) {
    self->turns = g_value_get_enum (value);
  } else if (setting == OPENAI_SETTING_NOISE_REDUCTION) {
    self->noise = g_value_get_enum (value);
  } else {
    self->speed = g_value_get_double (value);
  }
}

void
openai_settings_set (OpenaiSettings *self, OpenaiSetting setting,
    const GValue *value)
{
  g_mutex_lock (&self->lock);
  gchar **text = get_text (self, setting);
  guint *number = get_number (self, setting);
  if (text) {
    g_free (*text);
    *text = g_value_dup_string (value);
  } else if (number) {
    *number = g_value_get_uint (value);
  } else {
    set_other (self, setting, value);
  }
  g_mutex_unlock (&self->lock);
}

static void
get_other (OpenaiSettings *self, OpenaiSetting setting, GValue *value)
{
  if (setting == OPENAI_SETTING_ALLOW_INSECURE)
    g_value_set_boolean (value, self->allow_insecure);
  else if (setting == OPENAI_SETTING_HEADERS)
    g_value_set_boxed (value, self->headers);
  else if (setting == OPENAI_SETTING_TURN_DETECTION_TYPE)
    g_value_set_enum (value, self->turns);
  else if (setting == OPENAI_SETTING_NOISE_REDUCTION)
    g_value_set_enum (value, self->noise);
  else
    g_value_set_double (value, self->speed);
}

void
openai_settings_get (OpenaiSettings *self, OpenaiSetting setting, GValue *value)
{
  g_mutex_lock (&self->lock);
  gchar **text = get_text (self, setting);
  const guint *number = get_number (self, setting);
  if (text)
    g_value_set_string (value, *text);
  else if (number)
    g_value_set_uint (value, *number);
  else
    get_other (self, setting, value);
  g_mutex_unlock (&self->lock);
}

/* ---- Preparing */

static gboolean
read_address (OpenaiSettings *self, const gchar *uri, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (openai_address_read (&self->address, uri, self->model, &wrong))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "\"uri\" is no address of an agent: %s.", wrong->message);
  return FALSE;
}

static gboolean
has_secret_header (const OpenaiSettings *self)
{
  const gint n = self->headers ? gst_structure_n_fields (self->headers) : 0;

  for (gint i = 0; i < n; i++) {
    const gchar *name = gst_structure_nth_field_name (self->headers, (guint) i);
    if (!g_ascii_strcasecmp (name, "Authorization") ||
        !g_ascii_strcasecmp (name, "api-key"))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_control (const gchar *text)
{
  for (; text && *text; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

/* What it is, is not told: it may be a secret. */
static gboolean
check_headers (OpenaiSettings *self, GError **error)
{
  const gint n = self->headers ? gst_structure_n_fields (self->headers) : 0;

  for (gint i = 0; i < n; i++) {
    const gchar *name = gst_structure_nth_field_name (self->headers, (guint) i);
    if (!has_control (name) &&
        !has_control (gst_structure_get_string (self->headers, name)))
      continue;
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "\"headers\" has control characters in number %d.", i + 1);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_secret (OpenaiSettings *self, GError **error)
{
  const OpenaiAddress *address = &self->address;

  if (self->secret && strpbrk (self->secret, "\r\n")) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "\"key\" has more than one line.");
    return FALSE;
  }
  if ((self->secret || address->secret || has_secret_header (self)) &&
      !address->secure && !address->loopback && !self->allow_insecure) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "Anybody on the way could read the key: \"uri\" has to be wss, or "
        "allow-insecure be set.");
    return FALSE;
  }
  if (self->secret || (!address->vendor && !address->azure))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
      "This agent needs a key: set the variable VOICE_OPENAI_KEY or %s, or "
      "backend::key-file.",
      address->azure ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY");
  return FALSE;
}

static gboolean
read_secret (OpenaiSettings *self, GError **error)
{
  const gchar *const variables[] = { "VOICE_OPENAI_KEY",
    self->address.azure ? "AZURE_OPENAI_API_KEY"
        : self->address.vendor || self->address.loopback ? "OPENAI_API_KEY"
                                                         : NULL,
    NULL };
  g_autoptr (GError) wrong = NULL;

  self->secret = gst_voice_secret_resolve ("key", self->key, self->key_file,
      variables, &wrong);
  if (!wrong)
    return check_secret (self, error);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
read_instructions (OpenaiSettings *self, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gsize size = 0;

  if (!self->instructions_file || !*self->instructions_file) {
    self->read_instructions = g_strdup (self->instructions);
    return TRUE;
  }
  if (!g_file_get_contents (self->instructions_file, &self->read_instructions,
          &size, &wrong)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "\"instructions-file\" cannot be read: %s.", wrong->message);
    return FALSE;
  }
  if (size <= MAX_INSTRUCTIONS &&
      g_utf8_validate (self->read_instructions, (gssize) size, NULL))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "\"instructions-file\" is no text in UTF-8 of at most %u bytes.",
      MAX_INSTRUCTIONS);
  return FALSE;
}

gboolean
openai_settings_prepare (OpenaiSettings *self, const gchar *uri, GError **error)
{
  g_mutex_lock (&self->lock);
  forget_prepared (self);
  const gboolean ok = read_address (self, uri, error) &&
      check_headers (self, error) && read_secret (self, error) &&
      read_instructions (self, error);
  g_mutex_unlock (&self->lock);
  return ok;
}

void
openai_settings_fill (OpenaiSettings *self, OpenaiConfig *config)
{
  static const gchar *const noises[] = { [OPENAI_NOISE_NONE] = NULL,
    [OPENAI_NOISE_NEAR_FIELD] = "near_field",
    [OPENAI_NOISE_FAR_FIELD] = "far_field" };

  g_mutex_lock (&self->lock);
  *config = (OpenaiConfig){
    .instructions = g_strdup (self->read_instructions),
    .voice = g_strdup (self->voice),
    .transcription_model = g_strdup (self->transcription_model),
    .language = g_strdup (self->language),
    .noise_reduction = g_strdup (noises[self->noise]),
    .greeting = g_strdup (self->greeting),
    .turns = (OpenaiTurns) self->turns,
    .prefix_padding = self->prefix_padding,
    .silence = self->silence,
    .max_output_tokens = self->max_output_tokens,
    .speed = self->speed,
  };
  g_mutex_unlock (&self->lock);
}

gchar *
openai_settings_hide (OpenaiSettings *self, const gchar *text)
{
  GString *hidden = g_string_new (text);

  g_mutex_lock (&self->lock);
  if (self->secret && *self->secret)
    g_string_replace (hidden, self->secret, "***", 0);
  g_mutex_unlock (&self->lock);
  return g_string_free (hidden, FALSE);
}
