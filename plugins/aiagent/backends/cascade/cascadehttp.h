/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "cascadesetup.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One request to a stage, its answer as it comes. All of it on the agent loop.
 *
 * Time-outs are of silence: from the request, or from the last thing that was new, to the
 * next. What a stage says meanwhile without saying anything does not count. */

typedef struct _CascadeRequest CascadeRequest;

/* None is called before cascade_request_send() returns, nor behind
 * cascade_request_cancel(), which any of them may call. */
typedef struct
{
  /* @data of a good answer (2xx). TRUE: something was new. */
  gboolean (*data) (gpointer user, const gchar *data, gsize size);
  /* Once, and nothing behind it: the request is gone. @reason: NULL = it came to its end;
   * or what was wrong, for a person. @status: of HTTP, 0 = none. */
  void (*ended) (gpointer user, guint status, const gchar *reason);
} CascadeRequestEvents;

/* @message: (transfer full). */
CascadeRequest *cascade_request_send (SoupMessage *message, const gchar *key,
    guint timeout, const CascadeRequestEvents *events, gpointer user);
/* What it was for is not wanted any more: the connection is closed. */
void cascade_request_cancel (CascadeRequest *self);
/* All that somebody waits for has come: the connection can be used again if the answer
 * ends soon. What still comes @events are told, NULL: nobody. */
void cascade_request_let_go (CascadeRequest *self,
    const CascadeRequestEvents *events);
/* Of the answer; NULL: it does not say. */
const gchar *cascade_request_get_type (const CascadeRequest *self);

/* Of an end: the server did not take the key, or misses one. */
gboolean cascade_reason_is_of_key (const gchar *reason);

/* @stage's URI with @path; @body: JSON, NULL = GET. */
SoupMessage *cascade_message_new (const CascadeSetup *setup, CascadeStage stage,
    const gchar *path, const gchar *body);

G_END_DECLS
