/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "whiploop.h"

IoLoop *
whip_loop_get (void)
{
  static gsize loop = 0;

  if (g_once_init_enter (&loop))
    g_once_init_leave (&loop, (gsize) io_loop_acquire ("http"));
  return (IoLoop *) loop;
}
