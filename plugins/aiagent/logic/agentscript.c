/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "agentscript.h"

#include <math.h>
#include <string.h>

#define AGENT "agent"
#define ANSWER "answer "
#define LONGEST 600000 /* ms */
#define MAX_PIECES 256
#define LEVEL 8000.0

#define DIGIT "digit-"

static const gchar digit_names[] = "0123456789";
static const gchar *const agent_keys[] = { "rate", "think-time", "burst",
  "burst-interval", "greeting", "turns", NULL };
static const gchar *const answer_keys[] = { "audio", "text", "interruptible",
  "think-time", "tool", "tool-target", "tool-when", "late", "failure", NULL };

static gboolean
fail (GError **error, const gchar *group, const gchar *key, const gchar *text)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
      "[%s] %s: %s.", group, key, text);
  return FALSE;
}

/* ---- Life */

static void
piece_clear (gpointer data)
{
  g_free (((ScriptPiece *) data)->path);
}

static void
answer_free (gpointer data)
{
  ScriptAnswer *self = data;

  g_free (self->name);
  g_array_unref (self->pieces);
  g_free (self->text);
  g_free (self->tool);
  g_free (self->tool_target);
  g_free (self);
}

void
agent_script_free (AgentScript *self)
{
  g_ptr_array_unref (self->answers);
  g_ptr_array_unref (self->turns);
  g_free (self);
}

/* ---- Values */

/* FALSE only on a value that is there and wrong. */
static gboolean
read_number (GKeyFile *file, const gchar *group, const gchar *key, guint max,
    guint *value, GError **error)
{
  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  g_autofree gchar *text = g_key_file_get_value (file, group, key, NULL);
  guint64 number;
  if (!g_ascii_string_to_unsigned (text, 10, 0, max, &number, NULL)) {
    g_autofree gchar *wanted =
        g_strdup_printf ("\"%.40s\" is not a number from 0 to %u", text, max);
    return fail (error, group, key, wanted);
  }
  *value = (guint) number;
  return TRUE;
}

static gboolean
read_choice (GKeyFile *file, const gchar *group, const gchar *key,
    const gchar *const *choices, guint *value, GError **error)
{
  g_autofree gchar *text = g_key_file_get_string (file, group, key, NULL);

  if (!text)
    return TRUE;
  for (guint i = 0; choices[i]; i++)
    if (!strcmp (choices[i], text)) {
      *value = i;
      return TRUE;
    }
  g_autofree gchar *list = g_strjoinv (", ", (gchar **) choices);
  g_autofree gchar *wanted = g_strdup_printf ("it is one of %s", list);
  return fail (error, group, key, wanted);
}

/* A key that is spelled wrong must not go unnoticed; and every value is text. */
static gboolean
check_keys (GKeyFile *file, const gchar *group, const gchar *const *known,
    GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (gchar **key = keys; key && *key; key++) {
    g_autofree gchar *value = g_key_file_get_value (file, group, *key, NULL);
    if (!g_utf8_validate (value, -1, NULL))
      return fail (error, group, *key, "the value is not UTF-8 text");
    if (!g_strv_contains (known, *key) &&
        !(known == agent_keys && g_str_has_prefix (*key, DIGIT)))
      return fail (error, group, *key, "there is no such key");
  }
  return TRUE;
}

/* ---- Audio */

static gboolean
parse_tone (const gchar *text, ScriptPiece *piece)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);
  guint64 frequency, duration;

  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 20, 20000, &frequency, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 1, LONGEST, &duration, NULL))
    return FALSE;
  piece->frequency = (guint) frequency;
  piece->duration = (guint) duration;
  return TRUE;
}

static gboolean
parse_piece (const gchar *text, const gchar *directory, ScriptPiece *piece)
{
  guint64 duration;

  *piece = (ScriptPiece){ 0 };
  if (g_str_has_prefix (text, "tone:"))
    return parse_tone (text + 5, piece);
  if (g_str_has_prefix (text, "silence:")) {
    piece->type = SCRIPT_PIECE_SILENCE;
    if (!g_ascii_string_to_unsigned (text + 8, 10, 1, LONGEST, &duration, NULL))
      return FALSE;
    piece->duration = (guint) duration;
    return TRUE;
  }
  if (!g_str_has_prefix (text, "wav:") || !text[4])
    return FALSE;
  piece->type = SCRIPT_PIECE_WAV;
  piece->path = g_canonicalize_filename (text + 4, directory);
  return TRUE;
}

static gboolean
read_audio (GKeyFile *file, const gchar *group, const gchar *directory,
    ScriptAnswer *answer, GError **error)
{
  gsize n = 0;
  guint total = 0;
  g_auto (GStrv) texts =
      g_key_file_get_string_list (file, group, "audio", &n, NULL);

  if (n > MAX_PIECES)
    return fail (error, group, "audio", "it has too many pieces");
  for (gsize i = 0; i < n; i++) {
    ScriptPiece piece;
    if (!parse_piece (g_strstrip (texts[i]), directory, &piece)) {
      g_autofree gchar *wanted = g_strdup_printf (
          "\"%.40s\" is not tone:HZ,MS, silence:MS or wav:FILE", texts[i]);
      return fail (error, group, "audio", wanted);
    }
    g_array_append_val (answer->pieces, piece);
    total += piece.duration;
    if (total > LONGEST)
      return fail (error, group, "audio",
          "tones and silence are longer than ten minutes");
  }
  return TRUE;
}

/* ---- Sections */

static gboolean
read_answer (GKeyFile *file, const gchar *group, const gchar *directory,
    ScriptAnswer *answer, GError **error)
{
  static const gchar *const whens[] = { "after", "before", NULL };
  static const gchar *const failures[] = { "none", "error", "stall", NULL };
  static const gchar *const bools[] = { "false", "true", NULL };
  guint when = 0, failure = 0, interruptible = 1, think_time = G_MAXUINT;

  if (!check_keys (file, group, answer_keys, error))
    return FALSE;
  answer->text = g_key_file_get_string (file, group, "text", NULL);
  answer->tool = g_key_file_get_string (file, group, "tool", NULL);
  answer->tool_target =
      g_key_file_get_string (file, group, "tool-target", NULL);
  if (!read_audio (file, group, directory, answer, error) ||
      !read_choice (file, group, "tool-when", whens, &when, error) ||
      !read_choice (file, group, "failure", failures, &failure, error) ||
      !read_choice (file, group, "interruptible", bools, &interruptible,
          error) ||
      !read_number (file, group, "late", LONGEST, &answer->late, error) ||
      !read_number (file, group, "think-time", LONGEST, &think_time, error))
    return FALSE;
  answer->tool_before = when == 1;
  answer->failure = (ScriptFailure) failure;
  answer->interruptible = interruptible == 1;
  answer->think_time = think_time == G_MAXUINT ? -1 : (gint) think_time;
  return TRUE;
}

static gboolean
read_answers (AgentScript *self, GKeyFile *file, const gchar *directory,
    GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (gchar **group = groups; *group; group++) {
    if (!strcmp (*group, AGENT))
      continue;
    if (!g_str_has_prefix (*group, ANSWER) || !(*group)[strlen (ANSWER)])
      return fail (error, *group, "section",
          "a section is [agent] or [answer NAME]");
    ScriptAnswer *answer = g_new0 (ScriptAnswer, 1);
    answer->name = g_strdup (*group + strlen (ANSWER));
    answer->pieces = g_array_new (FALSE, FALSE, sizeof (ScriptPiece));
    g_array_set_clear_func (answer->pieces, piece_clear);
    g_ptr_array_add (self->answers, answer);
    if (!read_answer (file, *group, directory, answer, error))
      return FALSE;
  }
  return TRUE;
}

static const ScriptAnswer *
find_answer (AgentScript *self, const gchar *key, const gchar *name,
    GError **error)
{
  for (guint i = 0; i < self->answers->len; i++) {
    const ScriptAnswer *answer = g_ptr_array_index (self->answers, i);
    if (!strcmp (answer->name, name))
      return answer;
  }
  g_autofree gchar *text =
      g_strdup_printf ("there is no section [answer %.60s]", name);
  fail (error, AGENT, key, text);
  return NULL;
}

static gboolean
read_turns (AgentScript *self, GKeyFile *file, GError **error)
{
  g_auto (GStrv) names =
      g_key_file_get_string_list (file, AGENT, "turns", NULL, NULL);

  for (gchar **name = names; name && *name; name++) {
    const ScriptAnswer *answer = find_answer (self, "turns", *name, error);
    if (!answer)
      return FALSE;
    g_ptr_array_add (self->turns, (gpointer) answer);
  }
  return TRUE;
}

static gint
digit_number (const gchar *name)
{
  const gchar *at;

  if (!strcmp (name, "star"))
    return 10;
  if (!strcmp (name, "pound"))
    return 11;
  if (!*name || name[1])
    return -1;
  if ((at = strchr (digit_names, *name)))
    return (gint) (at - digit_names);
  return *name >= 'a' && *name <= 'd' ? 12 + *name - 'a' : -1;
}

static gboolean
read_digits (AgentScript *self, GKeyFile *file, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, AGENT, NULL, NULL);

  for (gchar **key = keys; key && *key; key++) {
    if (!g_str_has_prefix (*key, DIGIT))
      continue;
    gint number = digit_number (*key + strlen (DIGIT));
    if (number < 0)
      return fail (error, AGENT, *key, "there is no such key on a telephone");
    g_autofree gchar *name = g_key_file_get_string (file, AGENT, *key, NULL);
    self->digits[number] = find_answer (self, *key, name ? name : "", error);
    if (!self->digits[number])
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_agent (AgentScript *self, GKeyFile *file, GError **error)
{
  g_autofree gchar *greeting =
      g_key_file_get_string (file, AGENT, "greeting", NULL);

  if (!check_keys (file, AGENT, agent_keys, error) ||
      !read_number (file, AGENT, "rate", 48000, &self->rate, error) ||
      !read_number (file, AGENT, "think-time", LONGEST, &self->think_time,
          error) ||
      !read_number (file, AGENT, "burst", LONGEST, &self->burst, error) ||
      !read_number (file, AGENT, "burst-interval", LONGEST,
          &self->burst_interval, error))
    return FALSE;
  if (self->rate != 8000 && self->rate != 16000 && self->rate != 24000 &&
      self->rate != 48000)
    return fail (error, AGENT, "rate",
        "it is one of 8000, 16000, 24000 and 48000");
  if (greeting &&
      !(self->greeting = find_answer (self, "greeting", greeting, error)))
    return FALSE;
  return read_turns (self, file, error) && read_digits (self, file, error);
}

static AgentScript *
parse (const gchar *data, gsize size, const gchar *directory, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (AgentScript) self = g_new0 (AgentScript, 1);

  self->rate = 8000;
  self->think_time = 200;
  self->burst_interval = 20;
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  self->turns = g_ptr_array_new ();
  if (!g_key_file_load_from_data (file, data, size, G_KEY_FILE_NONE, error) ||
      !read_answers (self, file, directory, error) ||
      !read_agent (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

AgentScript *
agent_script_parse (const gchar *data, gsize size, const gchar *directory,
    GError **error)
{
  GError *reason = NULL;
  AgentScript *self = parse (data, size, directory, &reason);

  if (reason) {
    /* It quotes the file, which may be anything, and cut anywhere. */
    gchar *valid = g_utf8_make_valid (reason->message, -1);
    g_free (reason->message);
    reason->message = valid;
    g_propagate_error (error, reason);
  }
  return self;
}

/* ---- Samples */

void
agent_script_render (const ScriptPiece *piece, guint rate, GByteArray *out)
{
  guint n = (guint) ((guint64) piece->duration * rate / 1000);
  guint at = out->len;

  if (piece->type == SCRIPT_PIECE_WAV)
    return;
  g_byte_array_set_size (out, at + n * 2);
  for (guint i = 0; i < n; i++) {
    gdouble value = piece->type == SCRIPT_PIECE_TONE
        ? LEVEL * sin (2 * G_PI * piece->frequency * i / rate)
        : 0;
    gint16 sample = GINT16_TO_LE ((gint16) lrint (value));
    memcpy (out->data + at + i * 2, &sample, 2);
  }
}

static guint32
le (const guint8 *data, guint n)
{
  guint32 value = 0;

  while (n--)
    value = value << 8 | data[n];
  return value;
}

static gboolean
wav_failed (GError **error)
{
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
      "it is not a WAV file of 16-bit PCM");
  return FALSE;
}

/* The chunk called @name; its size is cut to what is there. */
static const guint8 *
find_chunk (const guint8 *data, gsize size, const gchar *name,
    gsize *chunk_size)
{
  gsize at = 12;

  while (at + 8 <= size) {
    gsize length = le (data + at + 4, 4);
    gsize left = size - at - 8;
    if (!memcmp (data + at, name, 4)) {
      *chunk_size = MIN (length, left);
      return data + at + 8;
    }
    if (length >= left)
      return NULL;
    at += 8 + length + (length & 1);
  }
  return NULL;
}

static gint16
mix_down (const guint8 *frame, guint channels)
{
  gint32 sum = 0;

  for (guint c = 0; c < channels; c++)
    sum += (gint16) le (frame + c * 2, 2);
  return (gint16) (sum / (gint32) channels);
}

gboolean
agent_script_read_wav (const guint8 *data, gsize size, guint *rate,
    GByteArray *out, GError **error)
{
  gsize format_size = 0, n = 0;

  if (size < 12 || memcmp (data, "RIFF", 4) || memcmp (data + 8, "WAVE", 4))
    return wav_failed (error);
  const guint8 *format = find_chunk (data, size, "fmt ", &format_size);
  const guint8 *samples = find_chunk (data, size, "data", &n);
  if (!format || !samples || format_size < 16 || le (format, 2) != 1 ||
      le (format + 14, 2) != 16)
    return wav_failed (error);
  guint channels = le (format + 2, 2);
  *rate = le (format + 4, 4);
  if (channels < 1 || channels > 8 || *rate < 4000 || *rate > 192000)
    return wav_failed (error);
  for (gsize i = 0; i + channels * 2 <= n; i += channels * 2) {
    gint16 sample = GINT16_TO_LE (mix_down (samples + i, channels));
    g_byte_array_append (out, (const guint8 *) &sample, 2);
  }
  return TRUE;
}
