/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/frame/gstframesrc.h"

G_BEGIN_DECLS

/* The smallest subclass of GstFrameSrc: while PLAYING it pushes one frame of
 * silence per tick of its loop. */

#define TYPE_TICKING_SRC (ticking_src_get_type ())
G_DECLARE_FINAL_TYPE (TickingSrc, ticking_src, TICKING, SRC, GstFrameSrc)

/* @loop: (transfer none), or NULL for one of its own in each run. */
GstElement *ticking_src_new (MediaLoop *loop);
/* In place of the default caps; before READY->PAUSED. */
void ticking_src_set_caps (TickingSrc *self, const gchar *caps);
/* Pushes nothing by itself; before PAUSED->PLAYING. */
void ticking_src_set_idle (TickingSrc *self, gboolean idle);

/* Any thread. */
guint ticking_src_get_pushed (TickingSrc *self); /* frames that were taken */
GstFlowReturn ticking_src_get_flow (TickingSrc *self); /* the last one */
guint ticking_src_get_formats (TickingSrc *self); /* calls of set_format() */

G_END_DECLS
