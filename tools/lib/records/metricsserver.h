/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Answers GET /metrics and GET /health at one address. Main thread only. */

typedef struct _MetricsServer MetricsServer;

typedef struct
{
  /* (transfer full) */
  gchar *(*metrics) (gpointer user);
  /* A row of text; not @good: 503. */
  const gchar *(*health) (gpointer user, gboolean *good);
} MetricsServerTexts;

/* NULL with @error: the address cannot be used. */
MetricsServer *metrics_server_new (const gchar *host, guint16 port,
    const MetricsServerTexts *texts, gpointer user, GError **error);
void metrics_server_free (MetricsServer *self);

G_END_DECLS
