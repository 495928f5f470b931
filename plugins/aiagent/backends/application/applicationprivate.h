/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "application.h"
#include "callerqueue.h"

#include "voiceagent/gstvoiceagentbackend.h"

G_BEGIN_DECLS

/* What the files of the application's agent share: application.c (the session's side) and
 * applicationactions.c (the application's). */

#define AGENT_APPLICATION(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_APPLICATION, AgentApplication))

typedef enum
{
  ANSWER_UNKNOWN,
  ANSWER_OPEN,
  ANSWER_ENDED,
  ANSWER_CUT,
} AnswerState;

/* What the application does wrong. */
typedef enum
{
  MISTAKE_NO_ANSWER,
  MISTAKE_ENDED,
  MISTAKE_SIZE,
  MISTAKE_CONTROL,
} Mistake;

typedef struct
{
  GstVoiceAgentBackend parent;

  CallerQueue queue;

  GMutex lock; /* leaf; protects everything below */
  GstCaps *caps;
  guint max_delay; /* ms */
  guint rate; /* of the dialogue */
  gboolean open; /* there is one */
  GHashTable *answers; /* of it: number -> AnswerState */
  guint last_answer; /* ever */
  guint warned; /* Mistakes of the dialogue, as bits */
} AgentApplication;

/* Its action signals. */
void application_actions_install (GType type);

G_END_DECLS
