/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A network with nothing but the loopback: what a test finds does not depend on which
 * interfaces the machine has, and no other program is on its ports. */

#include <glib.h>

#include <arpa/inet.h>
#include <linux/sched.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* First in main(), before there are threads. FALSE: the system does not allow it, and
 * the test goes on in the machine's network. */
static inline gboolean
have_own_network (void)
{
  if (syscall (SYS_unshare, CLONE_NEWNET) != 0 &&
      syscall (SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return FALSE;
  struct ifreq request = { .ifr_flags = IFF_UP };
  int fd = socket (AF_INET, SOCK_DGRAM, 0);
  strcpy (request.ifr_name, "lo");
  gboolean up = ioctl (fd, SIOCSIFFLAGS, &request) == 0;
  close (fd);
  return up;
}

/* One more IPv4 address of it, which is none of loopback. */
static inline gboolean
add_own_address (const char *host)
{
  struct ifreq request = { .ifr_name = "lo:1" };
  struct sockaddr_in *address = (struct sockaddr_in *) &request.ifr_addr;
  int fd = socket (AF_INET, SOCK_DGRAM, 0);
  address->sin_family = AF_INET;
  inet_pton (AF_INET, host, &address->sin_addr);
  gboolean there = ioctl (fd, SIOCSIFADDR, &request) == 0;
  close (fd);
  return there;
}
