/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A port for a test alone. It is none of those that the kernel gives to whoever asks for
 * any, so nobody gets it by chance a moment later; and no other test of this network gets
 * it before this process ends. */

#include <glib.h>

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FREE_PORTS_BEGIN 21000
#define N_FREE_PORTS 5400

/* Where the kernel's own ports do not let them be where they are elsewhere: below or
 * above those. Where all are the kernel's, they are its, too. */
static inline guint
free_ports_begin (void)
{
  g_autofree gchar *text = NULL;
  guint low = 32768, high = 60999;

  if (g_file_get_contents ("/proc/sys/net/ipv4/ip_local_port_range", &text,
          NULL, NULL) &&
      sscanf (text, "%u %u", &low, &high) != 2)
    g_error ("these are no ports: %s", text);
  if (low >= FREE_PORTS_BEGIN + N_FREE_PORTS || high < FREE_PORTS_BEGIN)
    return FREE_PORTS_BEGIN;
  if (low >= 1024 + N_FREE_PORTS)
    return (low - N_FREE_PORTS) & ~1u;
  return high + 2 + N_FREE_PORTS <= 65536 ? (high + 2) & ~1u : FREE_PORTS_BEGIN;
}

/* FALSE: another test has it. The socket is meant to stay until the process ends. */
static inline gboolean
hold_port (guint port)
{
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  const int n = g_snprintf (name.sun_path + 1, sizeof name.sun_path - 1,
      "gst-voice-agent-test-port-%u", port);
  const int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    g_error ("no port can be held: there are too many");
  if (bind (fd, (struct sockaddr *) &name,
          (socklen_t) (offsetof (struct sockaddr_un, sun_path) + 1 + n)) == 0)
    return TRUE;
  close (fd);
  return FALSE;
}

/* By no other program, at any of this machine's addresses. */
static inline gboolean
is_port_unused (int type, guint port)
{
  const struct sockaddr_in any = { .sin_family = AF_INET,
    .sin_port = htons ((guint16) port) };
  const int fd = socket (AF_INET, type | SOCK_CLOEXEC, 0);
  const gboolean unused =
      bind (fd, (const struct sockaddr *) &any, sizeof any) == 0;

  close (fd);
  return unused;
}

/* An even one, for UDP and TCP. The next one is this test's, too: for TLS beside UDP, and
 * for RTCP. */
static inline guint16
free_port (void)
{
  const guint begin = free_ports_begin ();

  for (guint i = 0; i < N_FREE_PORTS; i++) {
    const guint port = begin + 2 * g_random_int_range (0, N_FREE_PORTS / 2);
    if (hold_port (port) && is_port_unused (SOCK_DGRAM, port) &&
        is_port_unused (SOCK_STREAM, port) &&
        is_port_unused (SOCK_DGRAM, port + 1) &&
        is_port_unused (SOCK_STREAM, port + 1))
      return (guint16) port;
  }
  g_error ("no free port from %u on", begin);
}

/* @text with one free port in place of every PORT; (transfer full). */
static inline gchar *
with_free_port (const gchar *text)
{
  g_autofree gchar *port = g_strdup_printf ("%u", free_port ());
  g_auto (GStrv) parts = g_strsplit (text, "PORT", -1);

  return g_strjoinv (port, parts);
}
