/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A Unix socket on which a program is steered: lines in both directions. Whoever
 * connects has to be the user the program runs as, or root; the file (mode 0600) says
 * so, and the kernel's word on who it is, too. Main thread only, which waits for nobody:
 * a client who does not read is dropped, so that neither memory nor calls depend on
 * it. */

#define CONTROL_SOCKET_MAX_CLIENTS 16
/* Bytes that may wait for a client to read them. */
#define CONTROL_SOCKET_MAX_WAITING (256 * 1024)
/* Bytes of a client's line. */
#define CONTROL_SOCKET_MAX_LINE (64 * 1024)

typedef struct _ControlSocket ControlSocket;

typedef struct
{
  /* @client sent @line, which has no end of line; it is answered by
   * control_socket_reply(), now or later. */
  void (*line) (guint64 client, const gchar *line, gsize size, gpointer user);
  /* A sentence for the log; it may be published. */
  void (*note) (const gchar *sentence, gpointer user);
} ControlSocketListener;

/* A file that nobody listens at any more is replaced. NULL with @error. @listener stays
 * the caller's. */
ControlSocket *control_socket_new (const gchar *path,
    const ControlSocketListener *listener, gpointer user, GError **error);
/* Removes the file, if it is still the one it made. */
void control_socket_free (ControlSocket *self);

/* @line, to which an end of line is added, for all clients. */
void control_socket_publish (ControlSocket *self, const gchar *line);
/* For one, who may have gone. */
void control_socket_reply (ControlSocket *self, guint64 client,
    const gchar *line);

G_END_DECLS
