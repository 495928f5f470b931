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

#define LOCAL_CONTROL "control-" /* before the number: the id of a control */

/* What the caller said. */
typedef struct
{
  gchar *words;
  gdouble confidence;
  const gchar *rejected;
  const gchar *failure; /* NULL, or what is told as an error, too */
  GstClockTime start, end; /* as in AgentTranscript */
} Fact;

/* A turn that is over: its result is awaited. */
typedef struct
{
  Utterance *utterance;
  GstClockTime start, end;
} Heard;

/* Something to say, or to be done behind what was said. */
typedef struct
{
  guint number; /* never used again */
  DialogueAction action;
  Speech *speech; /* NULL: not begun, or a control */
  guint answer; /* 0: not begun */
  gboolean written; /* waits to be heard */
} Output;

typedef struct
{
  AgentBackend parent;

  GMutex lock; /* protects everything below */
  gchar *agent_file;
  LocalMind *mind; /* made by prepare: stays during a dialogue */
  Dialogue *dialogue; /* NULL between dialogues */
  guint64 dialogue_number;
  guint rate;
  gint64 now; /* ms, see advance_unlocked() */
  gint64 ticks, listened; /* ms of ticks, of audio */
  gboolean pumping;

  gboolean in_turn;
  gint64 turn_began; /* as now */
  GstClockTime turn_start; /* running time */
  GByteArray *pre_roll;
  Utterance *utterance; /* of the turn under way */
  GQueue heard; /* Heard */
  RecognizerChannel channel;

  GQueue outputs; /* Output */
  GQueue rest; /* Output: of what the turn interrupted */
  gboolean rest_heard; /* its first sound was */
  GQueue facts; /* Fact */
  guint last_output;
  gboolean failed; /* told in this dialogue */
  guint64 recognized, rejected;
} AgentLocal;

void local_output_free (gpointer output);
void local_fact_free (gpointer fact);
/* Takes what @action has. */
void local_add_output_unlocked (AgentLocal *self, DialogueAction action);
/* All that may be interrupted goes to `rest`, as the playout drops it: with what was to
 * be done behind it. A hang-up stays: nobody would end the call any more. An answer
 * that has to be ended, for it is not all written; or 0. */
guint local_cut_unlocked (AgentLocal *self, guint answer, guint heard);
/* There is something to say that has not been begun. */
gboolean local_has_unheard_unlocked (const AgentLocal *self);
/* Something that was begun has not been heard to its end. */
gboolean local_is_speaking_unlocked (const AgentLocal *self);
/* It was no interruption: on with `rest`. */
void local_go_on_unlocked (AgentLocal *self);
/* Tells, says and asks for one thing; FALSE: there is nothing now. Without the
 * lock. */
gboolean local_run_step (AgentLocal *self);

G_END_DECLS
