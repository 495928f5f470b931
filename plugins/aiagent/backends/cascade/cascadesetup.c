/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Decisions:
 * - Which stages there are is said by their URIs: one that has none is built in; the
 *   model has to have one, because a dialogue file in its place is backend=local.
 * - Without a URI of a recogniser the phrases of a dialogue file are understood, that of
 *   the built-in receptionist if there is no other: a line with nothing but a model
 *   works, and a warning says what it understands.
 * - A key goes to another machine, though it be near, by https only: one rule for all
 *   backends (wire_address_read()); allow-insecure is for networks that are trusted.
 * - A key is sent to the origin (scheme, host, port) that it was given for: that of the
 *   model goes to another stage only if that is at the same one. OPENAI_API_KEY goes to
 *   api.openai.com and nowhere else. */

#include "cascadesetup.h"

#include "aiagent/logic/cascade/chatrequest.h"
#include "aiagent/logic/remote/localuri.h"
#include "aiagent/logic/remote/wireaddress.h"
#include "common/base/gstvoicesecret.h"

#include <gst/gst.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_INSTRUCTIONS 65536 /* bytes */

static const struct
{
  CascadeText uri, key, key_file;
  const gchar *uri_name, *key_name, *variable, *title;
} stages[CASCADE_N_STAGES] = {
  [CASCADE_STT] = { CASCADE_TEXT_STT, CASCADE_TEXT_STT_KEY,
      CASCADE_TEXT_STT_KEY_FILE, "stt", "stt-key", "VOICE_CASCADE_STT_KEY",
      "The recogniser" },
  [CASCADE_LLM] = { CASCADE_TEXT_LLM, CASCADE_TEXT_KEY, CASCADE_TEXT_KEY_FILE,
      "llm", "key", "VOICE_CASCADE_KEY", "The language model" },
  [CASCADE_TTS] = { CASCADE_TEXT_TTS, CASCADE_TEXT_TTS_KEY,
      CASCADE_TEXT_TTS_KEY_FILE, "tts", "tts-key", "VOICE_CASCADE_TTS_KEY",
      "The voice" },
};

const gchar *
cascade_stage_to_string (CascadeStage stage)
{
  return stages[stage].title;
}

guint
cascade_setup_get_timeout (const CascadeSetup *self, CascadeStage stage)
{
  return self->settings.numbers[CASCADE_NUMBER_STT_TIMEOUT + stage];
}

G_STATIC_ASSERT (
    CASCADE_NUMBER_STT_TIMEOUT + CASCADE_TTS == CASCADE_NUMBER_TTS_TIMEOUT);

void
cascade_settings_clear (CascadeSettings *self)
{
  static const CascadeText secrets[] = { CASCADE_TEXT_KEY, CASCADE_TEXT_STT_KEY,
    CASCADE_TEXT_TTS_KEY };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_clear_pointer (&self->texts[secrets[i]], gst_voice_secret_free);
  for (guint i = 0; i < CASCADE_N_TEXTS; i++)
    g_clear_pointer (&self->texts[i], g_free);
}

static gboolean refuse (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      text);
  return FALSE;
}

static gboolean
is_set (const gchar *text)
{
  return text && *text;
}

/* ---- URIs */

static gboolean
take_uri (CascadeSetup *self, CascadeStage stage, GError **error)
{
  const gchar *text = self->settings.texts[stages[stage].uri];

  if (!is_set (text))
    return TRUE;
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  if (!uri || !is_set (g_uri_get_host (uri)) ||
      (strcmp (g_uri_get_scheme (uri), "http") &&
          strcmp (g_uri_get_scheme (uri), "https")))
    return refuse (error,
        "backend::%s is no http or https URI, as http://localhost:11434/v1.",
        stages[stage].uri_name);
  if (g_uri_get_userinfo (uri) || g_uri_get_query (uri) ||
      g_uri_get_fragment (uri))
    return refuse (error,
        "backend::%s ends with its path: a key goes into backend::%s-file.",
        stages[stage].uri_name, stages[stage].key_name);
  gsize size = strlen (text);
  while (text[size - 1] == '/')
    size--;
  self->uris[stage] = g_strndup (text, size);
  return TRUE;
}

/* ---- Keys */

static gboolean
is_same_origin (const gchar *a, const gchar *b)
{
  g_autoptr (GUri) first = g_uri_parse (a, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GUri) second = g_uri_parse (b, SOUP_HTTP_URI_FLAGS, NULL);

  return !strcmp (g_uri_get_scheme (first), g_uri_get_scheme (second)) &&
      !g_ascii_strcasecmp (g_uri_get_host (first), g_uri_get_host (second)) &&
      g_uri_get_port (first) == g_uri_get_port (second);
}

static gboolean
is_openai (const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);

  return !g_ascii_strcasecmp (g_uri_get_host (uri), "api.openai.com");
}

static gboolean
take_key (CascadeSetup *self, const CascadeSettings *settings,
    CascadeStage stage, GError **error)
{
  const gchar *uri = self->uris[stage];
  g_autoptr (GError) wrong = NULL;

  if (!uri)
    return TRUE;
  const gchar *variables[] = { stages[stage].variable,
    is_openai (uri) ? "OPENAI_API_KEY" : NULL, NULL };
  self->keys[stage] = gst_voice_secret_resolve (stages[stage].key_name,
      settings->texts[stages[stage].key],
      settings->texts[stages[stage].key_file], variables, &wrong);
  if (wrong) {
    g_propagate_error (error, g_steal_pointer (&wrong));
    return FALSE;
  }
  if (!self->keys[stage] && self->keys[CASCADE_LLM] &&
      is_same_origin (uri, self->uris[CASCADE_LLM]))
    self->keys[stage] = g_strdup (self->keys[CASCADE_LLM]);
  return TRUE;
}

static gboolean
check_safe (const CascadeSetup *self, CascadeStage stage, GError **error)
{
  if (!self->keys[stage] ||
      self->settings.numbers[CASCADE_NUMBER_ALLOW_INSECURE])
    return TRUE;
  g_autofree gchar *safe =
      wire_address_read (self->uris[stage], WIRE_ADDRESS_SECRET, NULL);
  if (safe)
    return TRUE;
  return refuse (error,
      "backend::%s would send its key to another machine in the clear: it has "
      "to be https, or backend::allow-insecure set.",
      stages[stage].uri_name);
}

/* ---- Texts */

static gboolean
take_instructions (CascadeSetup *self, GError **error)
{
  const gchar *path = self->settings.texts[CASCADE_TEXT_INSTRUCTIONS_FILE];
  g_autoptr (GError) wrong = NULL;
  gsize size;

  self->instructions =
      g_strdup (self->settings.texts[CASCADE_TEXT_INSTRUCTIONS]);
  if (is_set (self->instructions) || !is_set (path))
    return TRUE;
  g_clear_pointer (&self->instructions, g_free);
  if (!g_file_get_contents (path, &self->instructions, &size, &wrong)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "The instructions cannot be read: %s", wrong->message);
    return FALSE;
  }
  if (size > MAX_INSTRUCTIONS ||
      !g_utf8_validate (self->instructions, (gssize) size, NULL))
    return refuse (error, "%s is no UTF-8, or has more than %d bytes.", path,
        MAX_INSTRUCTIONS);
  g_strchomp (self->instructions);
  return TRUE;
}

static gboolean
take_phrases (CascadeSetup *self, GError **error)
{
  const gchar *path = self->settings.texts[CASCADE_TEXT_AGENT_FILE];

  if (self->uris[CASCADE_STT])
    return TRUE;
  self->mind = local_mind_acquire (is_set (path) ? path : NULL, error);
  if (!self->mind)
    return FALSE;
  return local_mind_get_recognizer (self->mind) ||
      refuse (error,
          "%s has no phrases to be understood: set backend::stt, or other "
          "phrases.",
          path);
}

static gboolean
check_texts (const CascadeSetup *self, GError **error)
{
  static const gchar *const voices[] = { "slt", "rms", "awb", "kal16", "kal",
    NULL };
  const gchar *voice = self->settings.texts[CASCADE_TEXT_VOICE];
  const gchar *options = self->settings.texts[CASCADE_TEXT_OPTIONS];

  if (!self->uris[CASCADE_LLM])
    return refuse (error,
        "backend::llm is not set: the URI of a server of chat completions, as "
        "http://localhost:11434/v1. An agent without a language model is "
        "backend=local.");
  if (!self->uris[CASCADE_TTS] && is_set (voice) &&
      !g_strv_contains (voices, voice))
    return refuse (error,
        "backend::voice of the built-in voice is slt, rms, awb, kal16 or kal; "
        "for others set backend::tts.");
  if (is_set (options) && !chat_text_is_object (options))
    return refuse (error,
        "backend::llm-options is no JSON object, as {\"temperature\":0.3}.");
  return TRUE;
}

/* ---- The setup */

static void
setup_clear (gpointer data)
{
  CascadeSetup *self = data;

  cascade_settings_clear (&self->settings);
  g_free (self->instructions);
  for (guint i = 0; i < CASCADE_N_STAGES; i++) {
    g_free (self->uris[i]);
    gst_voice_secret_free (self->keys[i]);
  }
  g_clear_pointer (&self->mind, local_mind_release);
}

static void
copy_settings (CascadeSettings *self, const CascadeSettings *settings)
{
  memcpy (self->numbers, settings->numbers, sizeof self->numbers);
  for (guint i = 0; i < CASCADE_N_TEXTS; i++)
    if (i < CASCADE_TEXT_KEY)
      self->texts[i] = g_strdup (settings->texts[i]);
}

static gboolean
take_settings (CascadeSetup *self, const CascadeSettings *settings,
    GError **error)
{
  /* The model's key first: the others may have the same. */
  static const CascadeStage order[] = { CASCADE_LLM, CASCADE_STT, CASCADE_TTS };

  copy_settings (&self->settings, settings);
  for (guint i = 0; i < CASCADE_N_STAGES; i++)
    if (!take_uri (self, order[i], error))
      return FALSE;
  if (!check_texts (self, error))
    return FALSE;
  for (guint i = 0; i < CASCADE_N_STAGES; i++)
    if (!take_key (self, settings, order[i], error) ||
        !check_safe (self, order[i], error))
      return FALSE;
  return take_instructions (self, error) && take_phrases (self, error);
}

CascadeSetup *
cascade_setup_new (const CascadeSettings *settings, GError **error)
{
  CascadeSetup *self = g_atomic_rc_box_new0 (CascadeSetup);

  if (take_settings (self, settings, error))
    return self;
  cascade_setup_unref (self);
  return NULL;
}

gboolean
cascade_setup_costs (const CascadeSetup *self)
{
  for (guint i = 0; i < CASCADE_N_STAGES; i++)
    if (self->uris[i] && !local_uri_check (self->uris[i]))
      return TRUE;
  return FALSE;
}

CascadeSetup *
cascade_setup_ref (CascadeSetup *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
cascade_setup_unref (CascadeSetup *self)
{
  g_atomic_rc_box_release_full (self, setup_clear);
}
