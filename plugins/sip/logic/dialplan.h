/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which line an incoming call goes to: the first free one whose name matches, a
 * named line before a nameless one. */

typedef struct
{
  const gchar *user; /* "" or NULL: takes any called name */
  gboolean busy;
} DialplanLine;

typedef enum
{
  DIALPLAN_LINE, /* *index is the line */
  DIALPLAN_NOT_FOUND, /* nobody has that name: 404 */
  DIALPLAN_BUSY, /* all who have it are taken: 486 */
} DialplanResult;

DialplanResult dialplan_choose (const DialplanLine *lines, guint n_lines,
    const gchar *user, guint *index);

/* Token bucket: how many calls a source may begin. */
typedef struct
{
  gdouble tokens;
  gint64 filled; /* ns */
} DialplanBucket;

/* TRUE if one more is allowed at @now (ns) with @rate a second and @burst at
 * once. A zeroed bucket is full. */
gboolean dialplan_bucket_take (DialplanBucket *bucket, gint64 now, gdouble rate,
    gdouble burst);

G_END_DECLS
