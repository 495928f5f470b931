/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "filelimit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* For those who do not ask: logs, a browser at the metrics, the resolver. */
#define SPARE 32

void
file_limit_raise (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* The kernel gives out the lowest that is free. */
gboolean
file_limit_has_room (guint n)
{
  struct rlimit limit;
  gint fd = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    return FALSE;
  close (fd);
  return getrlimit (RLIMIT_NOFILE, &limit) < 0 ||
      limit.rlim_cur == RLIM_INFINITY ||
      (rlim_t) fd + n + SPARE < limit.rlim_cur;
}
