/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "mixdesk.h"
#include "mixroom.h"

G_BEGIN_DECLS

/* From READY->PAUSED to PAUSED->READY. Loops need not be shared: the last one may be
 * at its last tick when the next begins. */
typedef struct
{
  MixRoom *room; /* a reference */
  MediaLoop *loop;
  MediaTicker ticker; /* loop thread */
} MixRun;

/* Lock order: that of the desk. */
struct _MixRoom
{
  /* Set when made, never changed: read freely. */
  gint ref_count; /* atomic */
  GstElement *element; /* not owned */

  MixDesk desk; /* has its lock */
  MixSeats
      seats; /* has the room's lock, which protects everything below, too */

  GCond space; /* something was read, or somebody is to stop waiting */
  MixRun *run; /* NULL: READY or less */
  gboolean playing, ticking;
};

G_END_DECLS
