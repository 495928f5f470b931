/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which line an incoming call goes to: the first free one whose name matches, a
 * named line before a nameless one. One that is closed to the caller is as good as
 * absent. */

typedef struct
{
  const gchar *user; /* "" or NULL: takes any called name */
  const gchar *const
      *aliases; /* other names of it, which no other takes; NULL = none */
  gboolean busy;
  gboolean closed; /* to this caller */
} DialplanLine;

typedef enum
{
  DIALPLAN_LINE, /* *index is the line */
  DIALPLAN_NOT_FOUND, /* nobody has that name: 404 */
  DIALPLAN_BUSY, /* all who have it are taken: 486 */
  DIALPLAN_CLOSED, /* none who has it is for this caller: 403 */
} DialplanResult;

DialplanResult dialplan_choose (const DialplanLine *lines, guint n_lines,
    const gchar *user, guint *index);

G_END_DECLS
