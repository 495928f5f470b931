/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "dialplan.h"

static gboolean
is_nameless (const DialplanLine *line)
{
  return !line->user || !*line->user;
}

static gboolean
has_alias (const DialplanLine *line, const gchar *user)
{
  return line->aliases && user && g_strv_contains (line->aliases, user);
}

static gboolean
has_name (const DialplanLine *line, const gchar *user)
{
  return (!is_nameless (line) && !g_strcmp0 (line->user, user)) ||
      has_alias (line, user);
}

/* A call for somebody else's account does not go to one that has its own. */
static gboolean
is_alias (const DialplanLine *lines, guint n_lines, const gchar *user)
{
  for (guint i = 0; i < n_lines; i++)
    if (has_alias (&lines[i], user))
      return TRUE;
  return FALSE;
}

DialplanResult
dialplan_choose (const DialplanLine *lines, guint n_lines, const gchar *user,
    guint *index)
{
  DialplanResult result = DIALPLAN_NOT_FOUND;
  const gboolean aliased = is_alias (lines, n_lines, user);
  gint nameless = -1;

  for (guint i = 0; i < n_lines; i++) {
    const gboolean named = has_name (&lines[i], user);
    if (!named && (!is_nameless (&lines[i]) || (aliased && lines[i].aliases)))
      continue;
    if (lines[i].closed) {
      if (result == DIALPLAN_NOT_FOUND)
        result = DIALPLAN_CLOSED;
    } else if (lines[i].busy) {
      result = DIALPLAN_BUSY;
    } else if (named) {
      *index = i;
      return DIALPLAN_LINE;
    } else if (nameless < 0) {
      nameless = (gint) i;
    }
  }
  if (nameless < 0)
    return result;
  *index = (guint) nameless;
  return DIALPLAN_LINE;
}
