/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "medialoop.h"
#include "timerwheel.h"

#include <sys/epoll.h>

G_BEGIN_DECLS

/* What medialoop.c and medialooptimer.c share. */

#define MEDIA_LOOP_MAX_EVENTS 64
#define MEDIA_LOOP_PHASES 20
/* Tickers in one slot before the next one is begun: 5 frames take 0.1 ms. */
#define MEDIA_LOOP_SHARED 5

typedef struct _Invocation Invocation;

struct _MediaLoop
{
  /* Set when made, never changed: read freely. */
  gboolean manual;
  gint epoll_fd;
  gint event_fd;

  /* Atomic. */
  gint refs;
  GThread *owner; /* the loop thread; manual: who made or stepped it last */
  guint64 late;
  gint64 worst;

  /* Loop thread only: no lock. */
  gint64 now;
  TimerWheel wheel;
  MediaTimer *firing; /* due in the slot in work */
  guint phases[MEDIA_LOOP_PHASES]; /* tickers of each */
  gboolean no_pwait2; /* kernel before 5.11, or a filter refuses it */
  gint n_events, next_event;
  struct epoll_event events[MEDIA_LOOP_MAX_EVENTS];

  GMutex lock; /* protects everything below */
  Invocation *first, **last;
};

G_END_DECLS
