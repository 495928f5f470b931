/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "lib/lines/launchpool.h"

G_BEGIN_DECLS

/* Steering from outside (--control): what is asked on the socket is done with the lines,
 * and whoever has connected reads the log as it comes. Replies:
 *
 *   {"id":"1","ok":true,"call-id":"..."}      of `call`, when the call has an id, before
 *                                             the first event of it
 *   {"id":"2","ok":false,"error":"no such call"}
 *
 * A command that was given on to an element is done as far as the element says so at
 * once; what comes of it is in the events. */

typedef struct _GatewayControl GatewayControl;

typedef struct
{
  const GPtrArray *pools; /* LaunchPool */
  EventLog *log;
  /* No new calls, the end when there is none any more; once. */
  void (*drain) (gpointer user);
  gboolean (*is_draining) (gpointer user);
  gpointer user;
} GatewayControlHost;

/* @host stays the caller's. NULL with @error. */
GatewayControl *gateway_control_new (const gchar *path,
    const GatewayControlHost *host, GError **error);
void gateway_control_free (GatewayControl *self);

/* See LaunchPoolShared. */
void gateway_control_told (GatewayControl *self, const gchar *line,
    const GstStructure *fields);
void gateway_control_ended (GatewayControl *self, const gchar *line,
    const gchar *error);

G_END_DECLS
