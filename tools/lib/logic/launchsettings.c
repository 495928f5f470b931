/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "launchsettings.h"

#include <string.h>

/* As gst-launch-1.0 reads it: blanks part words outside quotes, a backslash takes
 * their meaning from what follows. NULL at the end; (transfer full). */
static gchar *
next_word (const gchar **text)
{
  GString *word = g_string_new (NULL);
  const gchar *at = *text + strspn (*text, " \t\r\n");
  gchar quote = '\0';

  if (!*at) {
    g_string_free (word, TRUE);
    return NULL;
  }
  for (; *at && (quote || !g_ascii_isspace (*at)); at++) {
    if (*at == '\\' && at[1])
      g_string_append_c (word, *++at);
    else if (quote ? *at == quote : *at == '"' || *at == '\'')
      quote = quote ? '\0' : *at;
    else
      g_string_append_c (word, *at);
  }
  *text = at;
  return g_string_free (word, FALSE);
}

/* The name of an element or, with its colons, of a child's property. */
static gboolean
is_name (const gchar *word)
{
  if (!g_ascii_isalpha (*word))
    return FALSE;
  for (; *word; word++)
    if (!g_ascii_isalnum (*word) && !strchr ("-_:", *word))
      return FALSE;
  return TRUE;
}

void
launch_settings_foreach (const gchar *text, LaunchSettingFunc func,
    gpointer user)
{
  g_autofree gchar *element = NULL;
  gchar *word;

  while ((word = next_word (&text))) {
    gchar *equals = strchr (word, '=');
    if (equals)
      *equals = '\0';
    if (equals && element && is_name (word)) {
      func (element, word, equals + 1, user);
    } else { /* another element, or a link, caps, the pad of one */
      g_free (element);
      element = !equals && is_name (word) ? g_strdup (word) : NULL;
    }
    g_free (word);
  }
}
