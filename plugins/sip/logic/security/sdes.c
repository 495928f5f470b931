/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "sdes.h"

#include <string.h>

/* RFC 3711 9.2: more packets than these no key may be used for. */
#define MAX_LIFETIME (G_GUINT64_CONSTANT (1) << 48)
#define MAX_TAG_DIGITS 9
#define INLINE "inline:"
/* Both sizes of key have so many letters of base64; the padding may be left out. */
#define KEY_LETTERS 40

/* Digits only; FALSE: none, or over @most. */
static gboolean
read_number (const gchar *text, guint64 most, guint64 *value)
{
  return g_ascii_string_to_unsigned (text, 10, 0, most, value, NULL);
}

static gboolean
read_tag (const gchar *text, guint *tag)
{
  guint64 value;

  if (strlen (text) > MAX_TAG_DIGITS || !read_number (text, G_MAXUINT, &value))
    return FALSE;
  *tag = (guint) value;
  return TRUE;
}

/* "2^20", or a number; RFC 4568 6.1 */
static gboolean
read_lifetime (const gchar *text, guint64 *lifetime)
{
  guint64 value;

  if (g_str_has_prefix (text, "2^")) {
    if (!read_number (text + 2, 48, &value))
      return FALSE;
    *lifetime = G_GUINT64_CONSTANT (1) << value;
    return TRUE;
  }
  return read_number (text, MAX_LIFETIME, lifetime) && *lifetime > 0;
}

/* "1:4": a number, and in how many bytes it stands in each packet. */
static gboolean
read_mki (const gchar *text, RtpKey *key)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  guint64 value, size;

  if (!parts[0] || !parts[1] || !read_number (parts[0], G_MAXUINT64, &value) ||
      !read_number (parts[1], RTP_KEY_MAX_MKI, &size) || size == 0 ||
      (size < 8 && value >> (8 * size)))
    return FALSE;
  key->mki_size = (guint) size;
  for (guint i = (guint) size; i-- > 0; value >>= 8)
    key->mki[i] = (guint8) value;
  return TRUE;
}

static gboolean
read_key (const gchar *text, RtpKey *key)
{
  const gsize size = rtp_suite_get_key_size (key->suite);
  const gsize n_letters = (size * 8 + 5) / 6;
  gchar letters[KEY_LETTERS + 1] = "";
  guint8 bytes[KEY_LETTERS];
  gint state = 0;
  guint save = 0;
  gsize length = strlen (text);

  while (length > n_letters && length <= KEY_LETTERS && text[length - 1] == '=')
    length--;
  if (length != n_letters)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;
  memset (letters, '=', KEY_LETTERS);
  memcpy (letters, text, length);
  gsize n = g_base64_decode_step (letters, KEY_LETTERS, bytes, &state, &save);
  memcpy (key->bytes, bytes, MIN (n, size));
  explicit_bzero (letters, sizeof letters);
  explicit_bzero (bytes, sizeof bytes);
  return n == size;
}

/* "inline:KEY|LIFETIME|MKI:LENGTH", of which the last two may be left out. Several,
 * with ";" between them, are more than we do. */
static gboolean
read_parameters (gchar *text, SdesLine *line)
{
  gchar *next;
  gboolean lifetime_read = FALSE, mki_read = FALSE;

  if (g_ascii_strncasecmp (text, INLINE, strlen (INLINE)))
    return FALSE;
  gchar *key = text + strlen (INLINE);
  gchar *part = strchr (key, '|');
  if (part)
    *part++ = '\0';
  for (; part; part = next) {
    next = strchr (part, '|');
    if (next)
      *next++ = '\0';
    if (strchr (part, ':')) {
      if (mki_read || !read_mki (part, &line->key))
        return FALSE;
      mki_read = TRUE;
    } else if (lifetime_read || mki_read ||
        !read_lifetime (part, &line->lifetime)) {
      return FALSE;
    } else {
      lifetime_read = TRUE;
    }
  }
  return read_key (key, &line->key);
}

/* RFC 4568 6.3. Whether what it asks for is done, or need not be. */
static gboolean
allows (const gchar *parameter)
{
  guint64 value;

  if (*parameter == '-')
    return TRUE;
  if (g_str_has_prefix (parameter,
          "WSH=")) /* a wish: our window is that or more */
    return read_number (parameter + 4, G_MAXUINT, &value) && value >= 64;
  if (g_str_has_prefix (parameter, "KDR="))
    return read_number (parameter + 4, 0, &value);
  return FALSE;
}

static gboolean
read_words (gchar **words, guint n, SdesLine *line)
{
  if (n < 3 || !read_tag (words[0], &line->tag) ||
      !rtp_suite_find (words[1], &line->key.suite) ||
      !read_parameters (words[2], line))
    return FALSE;
  for (guint i = 3; i < n; i++)
    if (*words[i] && !allows (words[i]))
      return FALSE;
  return TRUE;
}

gboolean
sdes_parse (const gchar *value, SdesLine *line)
{
  gchar *words[16];
  guint n = 0;
  gchar *text = g_strdup (value);

  *line = (SdesLine){ .lifetime = MAX_LIFETIME };
  for (gchar *word = text; word && n < G_N_ELEMENTS (words); n++) {
    words[n] = word;
    word = strchr (word, ' ');
    if (word)
      *word++ = '\0';
  }
  gboolean good = n < G_N_ELEMENTS (words) && read_words (words, n, line);
  explicit_bzero (text, strlen (value));
  g_free (text);
  if (!good)
    sdes_line_clear (line);
  return good;
}

void
sdes_line_clear (SdesLine *self)
{
  explicit_bzero (self, sizeof *self);
}

static guint64
get_mki (const RtpKey *key)
{
  guint64 value = 0;

  for (guint i = 0; i < key->mki_size; i++)
    value = value << 8 | key->mki[i];
  return value;
}

gchar *
sdes_format (guint tag, const RtpKey *key)
{
  gchar *bytes =
      g_base64_encode (key->bytes, rtp_suite_get_key_size (key->suite));
  gchar mki[64] = "";

  if (key->mki_size)
    g_snprintf (mki, sizeof mki, "|%" G_GUINT64_FORMAT ":%u", get_mki (key),
        key->mki_size);
  gchar *text = g_strdup_printf ("%u %s " INLINE "%s%s", tag,
      rtp_suite_get_name (key->suite), bytes, mki);
  sdes_text_free (bytes);
  return text;
}

void
sdes_text_free (gchar *text)
{
  if (text)
    explicit_bzero (text, strlen (text));
  g_free (text);
}
