/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "local.h"
#include "localmind.h"
#include "synthesizer.h"

#include "voiceagent/gstvoiceagentbackend.h"
#include "aiagent/logic/dialogue/dialogue.h"
#include "aiagent/logic/dialogue/verdict.h"

G_BEGIN_DECLS

/* What the files of the local agent share: local.c (the dialogue), localturns.c (what
 * callers say) and localspeech.c (what comes of it). */

#define AGENT_LOCAL(o) \
  (G_TYPE_CHECK_INSTANCE_CAST ((o), AGENT_TYPE_LOCAL, AgentLocal))

#define LOCAL_CONTROL "control-" /* before the number: the id of a control */

/* ms: for a channel that is at it to say what came of a transfer. */
#define LOCAL_TRANSFERRED_WITHIN 60000

/* What the caller said. */
typedef struct
{
  gchar *words;
  gdouble confidence;
  const gchar *rejected;
  const gchar *failure; /* NULL, or what is told as an error, too */
  GstClockTime start, end; /* as in GstVoiceAgentTranscript */
} Fact;

/* What a caller says, from its first sound until it is decided what it meant. */
typedef struct
{
  guint said; /* number of what it belongs to, see below */
  Utterance *own; /* it alone; NULL: nothing can be said to this agent */
  Utterance *joined; /* with what was said just before it; NULL: nothing was */
  RecognizerResult own_result, joined_result;
  gboolean has_own, has_joined; /* the results */
  GstClockTime start, end; /* running time; NONE: not known */
  gboolean over, behind, early, lasted; /* as in Spoken */
} LocalTurn;

/* What was said last. What begins within a second may be the rest of it. */
typedef struct
{
  guint number; /* 0: nothing yet */
  gboolean open; /* the second has not passed */
  GByteArray *audio; /* of it, and since */
  GstClockTime start, end;
  gint64 until; /* as now */
  gboolean over; /* as in Spoken */
  gchar *words; /* what was understood; NULL: nothing (yet) */
  gchar *
      missed; /* words that mean nothing, "" = none at all; NULL: it was no miss */
  gchar *suspected; /* ... what it may have meant; NULL: nothing */
  Dialogue
      *before; /* as it was before these words; NULL: nothing came of them */
  gboolean done; /* ... what cannot be taken back */
} LocalSaid;

/* Something to say, or to be done behind what was said. */
typedef struct
{
  guint number; /* never used again */
  guint said; /* number of the words that it comes of, 0 = of none */
  DialogueAction action;
  gboolean announced; /* a control: the words before it were heard */
  Speech *speech; /* NULL: not begun, or a control */
  guint answer; /* 0: not begun */
  gboolean written; /* waits to be heard */
} Output;

typedef enum
{
  LOCAL_RELEASE_NONE,
  LOCAL_RELEASE_RESUME,
  LOCAL_RELEASE_DROP,
  LOCAL_RELEASE_CUT, /* nothing is held: what is being said is cut off */
} LocalRelease;

typedef struct
{
  GstVoiceAgentBackend parent;

  GMutex lock; /* protects everything below */
  gchar *agent_file;
  LocalMind *mind; /* made by prepare: stays during a dialogue */
  Dialogue *dialogue; /* NULL between dialogues */
  guint64 dialogue_number;
  guint rate;
  gint64 now; /* ms, see advance_unlocked() */
  gint64 ticks, listened; /* ms of ticks, of audio */
  gboolean pumping;

  LocalTurn *turn; /* under way, or NULL */
  gint64 turn_began; /* as now */
  GByteArray *pre_roll;
  GQueue heard; /* LocalTurn: over, not decided yet */
  LocalSaid said;
  RecognizerChannel channel;
  gboolean opened; /* the caller has heard who speaks */

  GQueue outputs; /* Output */
  guint held; /* number of the hold of what is being said, by the turn; or 0 */
  gint64 doubt_until; /* as now: when that goes on, words or not; 0 = never */
  LocalRelease release; /* that is due, */
  guint released; /* ... of this hold */
  guint unfinished; /* answer that nobody will end, or 0 */
  guint promise; /* number of the control that is waited for, or 0 */
  gint64 promise_until; /* as now */
  GQueue facts; /* Fact */
  guint last_output;
  gboolean failed; /* told in this dialogue */
  guint64 recognized, rejected;
} AgentLocal;

void local_output_free (gpointer output);
void local_fact_free (gpointer fact);
/* Takes what @action has. @said: number of the words that it comes of, 0 = of none. */
void local_add_output_unlocked (AgentLocal *self, DialogueAction action,
    guint said);
/* All that the dialogue has decided. */
void local_collect_outputs_unlocked (AgentLocal *self, guint said);
/* All that may be interrupted is gone, as the playout drops it: with what was to be done
 * behind it, or waits without words. A hang-up stays: nobody would end the call any
 * more. */
void local_drop_unlocked (AgentLocal *self);
/* The caller thought better of the words @said: what comes of them is not done unless it
 * was announced. @all: it was not meant like that, and nothing of it is said either. */
void local_take_back_unlocked (AgentLocal *self, guint said, gboolean all);
/* The caller said that the agent is to be silent. */
void local_stop_unlocked (AgentLocal *self);
/* What is held was to be said, or was not. */
void local_release_unlocked (AgentLocal *self, gboolean resume);
/* Something that was begun has not been heard to its end. */
gboolean local_is_speaking_unlocked (const AgentLocal *self);
/* @heard of @total ms of @answer were audible when it was cut. */
void local_note_heard_unlocked (AgentLocal *self, guint answer, guint heard,
    guint total);
/* @answer was heard to its end. */
void local_note_done_unlocked (AgentLocal *self, guint answer);
/* Tells, says and asks for one thing; FALSE: there is nothing now. Without the
 * lock. */
gboolean local_run_step (AgentLocal *self);

/* ---- localturns.c */

void local_begin_turn_unlocked (AgentLocal *self, GstClockTime start,
    GstClockTime audible);
/* The same of one that was too short, or had no voice, to interrupt by itself. */
void local_end_doubtful_turn_unlocked (AgentLocal *self, GstClockTime end);
/* @end: NONE if it only was too long. */
void local_end_turn_unlocked (AgentLocal *self, GstClockTime end);
/* As get_completeness() of the class. */
gdouble local_get_completeness_unlocked (const AgentLocal *self);
void local_hear_unlocked (AgentLocal *self, const gint16 *samples, guint n);
/* What is known by now of what was said, is done. */
void local_decide_unlocked (AgentLocal *self);
/* Nothing that is said now belongs to what was said. */
void local_forget_said_unlocked (AgentLocal *self);
void local_forget_turns_unlocked (AgentLocal *self);
/* @words were typed. */
void local_read_unlocked (AgentLocal *self, gchar *words);

G_END_DECLS
