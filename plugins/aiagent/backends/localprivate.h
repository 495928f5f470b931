/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentbackend.h"
#include "logic/dialogue.h"
#include "localmind.h"
#include "synthesizer.h"

G_BEGIN_DECLS

/* What the files of the local agent share: local.c (listening, the dialogue) and
 * localspeech.c (what comes of it). */

#define AGENT_LOCAL(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_LOCAL, AgentLocal))

/* What the caller said. */
typedef struct
{
  gchar *words;
  gdouble confidence;
  const gchar *rejected;
} Fact;

/* Something to say, or to be done behind what was said. */
typedef struct
{
  DialogueAction action;
  Speech *speech; /* NULL: not begun, or a control */
  guint answer; /* 0: not begun */
  gboolean written; /* waits to be heard */
} Output;

typedef struct
{
  AgentBackend parent;

  gchar *agent_file; /* set before READY */
  LocalMind *mind; /* made by prepare, then read freely */

  GMutex lock; /* protects everything below */
  Dialogue *dialogue; /* NULL between dialogues */
  guint rate;
  gint64 now; /* ms of ticks */
  gboolean pumping;
  guint missed_ticks;

  gboolean in_turn;
  gint64 turn_began;
  GByteArray *pre_roll;
  Utterance *utterance; /* of the turn under way */
  GQueue heard; /* Utterance, finished: their results are awaited */
  RecognizerChannel channel;
  gchar *rest; /* of what the turn interrupted */

  GQueue outputs; /* Output */
  GQueue facts; /* Fact */
  guint controls; /* asked for in this dialogue */
  gboolean hanging_up; /* ... the last one */
  guint64 recognized, rejected;
} AgentLocal;

void local_output_free (gpointer output);
void local_fact_free (gpointer fact);
/* Tells, says and asks for one thing; FALSE: there is nothing now. Without the
 * lock. */
gboolean local_run_step (AgentLocal *self);

G_END_DECLS
