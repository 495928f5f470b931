/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "application.h"
#include "callerqueue.h"

#include "aiagent/session/host/agentlog.h"
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
  MISTAKE_SLOW,
} Mistake;

typedef struct
{
  GstVoiceAgentBackend parent;

  CallerQueue queue;
  gint deaf; /* atomic: it was told that nobody listens */

  GMutex lock; /* leaf; protects everything below */
  GstCaps *caps;
  guint max_delay; /* ms */
  guint rate; /* of the dialogue */
  gboolean open; /* there is one */
  guint64 dialogue; /* number of the last */
  gchar *call_id; /* of it, "" = it has none */
  GHashTable *answers; /* of it: number -> AnswerState */
  guint last_answer; /* ever */
  guint warned; /* Mistakes of the dialogue, as bits */
} AgentApplication;

/* Told on the bus once in a dialogue. */
void application_warn (AgentApplication *self, Mistake mistake,
    const gchar *what);

/* A line of the log, with the call-id; takes the lock. */
#define APPLICATION_LOG(self, level, ...) \
  G_STMT_START \
  { \
    if (agent_log_shows (level)) \
      application_log (self, level, __FILE__, G_STRFUNC, __LINE__, \
          __VA_ARGS__); \
  } \
  G_STMT_END
void application_log (AgentApplication *self, GstDebugLevel level,
    const gchar *file, const gchar *function, gint line, const gchar *format,
    ...) G_GNUC_PRINTF (6, 7);

/* Its action signals. */
void application_actions_install (GType type);

G_END_DECLS
