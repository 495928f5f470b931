/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "chatsentences.h"

#include <string.h>

struct _ChatSentences
{
  GString *text; /* not given out yet */
  gboolean line_begins; /* nothing but marks in this line so far */
  gboolean any; /* one was given out */
};

ChatSentences *
chat_sentences_new (void)
{
  ChatSentences *self = g_new0 (ChatSentences, 1);

  self->text = g_string_new (NULL);
  self->line_begins = TRUE;
  return self;
}

void
chat_sentences_free (ChatSentences *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* ---- In: what can be spoken */

static gboolean
is_picture (gunichar c)
{
  return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) ||
      c == 0xfe0f || c == 0x200d;
}

static gboolean
is_silent (gunichar c, gboolean line_begins)
{
  return c == '*' || c == '`' || is_picture (c) ||
      (line_begins && (c == '#' || c == '>' || c == '-')) ||
      (c < ' ' && c != '\n' && c != '\t');
}

void
chat_sentences_push (ChatSentences *self, const gchar *text)
{
  for (const gchar *c = text; *c; c = g_utf8_next_char (c)) {
    const gunichar u = g_utf8_get_char (c);
    if (is_silent (u, self->line_begins))
      continue;
    if (u == '\n')
      self->line_begins = TRUE;
    else if (!g_unichar_isspace (u))
      self->line_begins = FALSE;
    g_string_append_unichar (self->text, u);
  }
}

/* ---- Out */

static gboolean
ends_anywhere (gunichar c)
{
  return c == 0x3002 || c == 0xff01 || c == 0xff1f; /* ideographic . ! ? */
}

static gboolean
ends_sentence (gunichar c)
{
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || ends_anywhere (c);
}

static gboolean
closes (gunichar c)
{
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201d ||
      c == 0x2019 || c == 0xbb;
}

/* "Dr.", "e.g.", "J." go on. @at: its point. */
static gboolean
is_abbreviation (const gchar *start, const gchar *at)
{
  static const gchar *const known[] = { "mr", "mrs", "ms", "dr", "prof", "st",
    "no", "nr", "vs", "etc", "approx", "inc", "ltd", "bzw", "ca", "usw", NULL };
  const gchar *word = at;

  while (word > start && !g_ascii_isspace (word[-1]))
    word--;
  g_autofree gchar *text = g_ascii_strdown (word, (gssize) MIN (at - word, 16));
  const gboolean letter = at - word == 1 && g_ascii_isalpha (*word);
  return (letter && *word != 'I') || strchr (text, '.') ||
      g_strv_contains (known, text);
}

/* "3. " at the beginning of a line is a number of a list. */
static gboolean
is_number (const gchar *start, const gchar *at)
{
  const gchar *c = at;

  while (c > start && g_ascii_isdigit (c[-1]))
    c--;
  return c < at && (c == start || c[-1] == '\n');
}

/* Behind the mark at @at and what closes with it; NULL: it goes on, or nobody knows. */
static const gchar *
find_end_behind (const gchar *start, const gchar *at, gboolean last)
{
  const gunichar mark = g_utf8_get_char (at);
  const gchar *end = g_utf8_next_char (at);

  while (*end &&
      (closes (g_utf8_get_char (end)) || ends_sentence (g_utf8_get_char (end))))
    end = g_utf8_next_char (end);
  if (ends_anywhere (mark))
    return end;
  if (!*end)
    return last ? end : NULL;
  if (!g_unichar_isspace (g_utf8_get_char (end)))
    return NULL;
  if (mark == '.' && end == at + 1 &&
      (is_abbreviation (start, at) || is_number (start, at)))
    return NULL;
  return end;
}

static gboolean
ends_clause (gunichar c)
{
  return c == ',' || c == ';' || c == ':' || c == 0x2013 || c == 0x2014 ||
      c == 0x3001 || c == 0xff0c;
}

static guint
count_words (const gchar *start, const gchar *end)
{
  guint n = 0;
  gboolean in_word = FALSE;

  for (const gchar *c = start; c < end; c++) {
    const gboolean space = g_ascii_isspace (*c);
    n += !space && !in_word;
    in_word = !space;
  }
  return n;
}

/* The end of what is too long. */
static const gchar *
find_cut (const gchar *start)
{
  const gchar *end = start + CHAT_SENTENCES_MAX;

  while (end > start && !g_ascii_isspace (*end))
    end--;
  return end > start
      ? end
      : g_utf8_find_prev_char (start, start + CHAT_SENTENCES_MAX);
}

/* NULL: none yet. */
static const gchar *
find_end (const ChatSentences *self, gboolean last)
{
  const gchar *start = self->text->str;

  for (const gchar *c = start; *c; c = g_utf8_next_char (c)) {
    const gunichar u = g_utf8_get_char (c);
    const gchar *end = u == '\n' ? c : NULL;
    if (ends_sentence (u))
      end = find_end_behind (start, c, last);
    else if (!self->any && ends_clause (u) &&
        g_unichar_isspace (g_utf8_get_char (g_utf8_next_char (c))) &&
        count_words (start, c) >= CHAT_SENTENCES_FIRST_WORDS)
      end = g_utf8_next_char (c);
    if (end)
      return end;
    if (c - start >= CHAT_SENTENCES_MAX)
      return find_cut (start);
  }
  return last && *start ? start + self->text->len : NULL;
}

/* Spaces and lines to one space. */
static gchar *
tidy (const gchar *text, gsize size)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isspace (text[i]))
      g_string_append_c (out, text[i]);
    else if (out->len && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
  if (out->len && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static gboolean
is_spoken (const gchar *text)
{
  for (const gchar *c = text; *c; c = g_utf8_next_char (c))
    if (g_unichar_isalnum (g_utf8_get_char (c)))
      return TRUE;
  return FALSE;
}

static void
skip_space (ChatSentences *self)
{
  gsize n = 0;

  while (n < self->text->len && g_ascii_isspace (self->text->str[n]))
    n++;
  g_string_erase (self->text, 0, (gssize) n);
}

gchar *
chat_sentences_next (ChatSentences *self, gboolean last)
{
  const gchar *end;

  skip_space (self);
  while ((end = find_end (self, last))) {
    const gsize size = (gsize) (end - self->text->str);
    g_autofree gchar *sentence = tidy (self->text->str, size);
    g_string_erase (self->text, 0, (gssize) size);
    skip_space (self);
    if (!is_spoken (sentence))
      continue;
    self->any = TRUE;
    return g_steal_pointer (&sentence);
  }
  return NULL;
}
