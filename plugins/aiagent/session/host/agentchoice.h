/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceagent/gstvoiceagentbackend.h"

G_BEGIN_DECLS

/* Which backend a session has, when each of its two elements may say so. */

typedef enum
{
  AGENT_CHOSEN_BY_DEFAULT, /* not at all: made for its properties only */
  AGENT_CHOSEN_BY_KIND, /* backend=... */
  AGENT_CHOSEN_AS_OBJECT, /* backend-object: the application's */
} AgentChosen;

typedef struct
{
  GstVoiceAgentBackend *backend; /* NULL: none */
  AgentChosen how;
} AgentChoice;

/* One for both; what was set on the other is set there too. NULL with
 * GST_RESOURCE_ERROR_SETTINGS where they contradict each other. */
GstVoiceAgentBackend *agent_choice_resolve (const AgentChoice *one,
    const AgentChoice *other, GError **error);

/* The same for an element that comes when @running cannot be changed any more. */
gboolean agent_choice_agrees (const AgentChoice *self,
    GstVoiceAgentBackend *running, GError **error);

/* What a backend is called: as the property `backend` has it, which whoever makes one by
 * that name says; of an application's own its type. @name: static. */
void agent_choice_set_name (GstVoiceAgentBackend *backend, const gchar *name);
const gchar *agent_choice_get_name (GstVoiceAgentBackend *backend);
/* Its property `model`; "" if it has none. (transfer full) */
gchar *agent_choice_dup_model (GstVoiceAgentBackend *backend);

G_END_DECLS
