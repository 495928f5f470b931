/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One-shot timer of a media loop, which has the functions (medialoop.h). The struct
 * lives in its owner. */

#define MEDIA_LOOP_SLOT (G_GINT64_CONSTANT (1000000)) /* ns */

typedef struct _MediaLoop MediaLoop;
typedef struct _MediaTimer MediaTimer;
typedef void (*MediaTimerFunc) (gint64 now, gpointer data);

struct _MediaTimer
{
  MediaLoop *loop; /* not owned: NULL = never initialised */
  MediaTimerFunc func;
  gpointer data;
  gint64 due; /* ns, -1 = not armed */
  MediaTimer *next, **prev_next;
};

G_END_DECLS
