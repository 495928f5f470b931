/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaisessionprivate.h"

#define WARN_PAUSE 1000 /* ms */

gchar *
openai_session_new_id (OpenaiSession *self, const gchar *kind)
{
  return g_strdup_printf ("%s-%u", kind, ++self->n_events);
}

void
openai_session_send (OpenaiSession *self, gchar *json)
{
  self->actions->send (self->user, json);
  g_free (json);
}

void
openai_session_warn (OpenaiSession *self, const gchar *code,
    const gchar *message, gint64 now)
{
  if (self->warned && now - self->warned < WARN_PAUSE)
    return;
  self->warned = now;
  self->actions->warn (self->user, code, message);
}
