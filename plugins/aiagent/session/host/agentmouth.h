/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gstaiagentmessages.h"

#include "aiagent/logic/playout.h"
#include "aiagent/logic/turn/turnmeter.h"
#include "voiceagent/gstvoiceagentformat.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the agent says, and the turns that it answers: its queue, how much of it was
 * heard, and how long the caller waited for it.
 *
 * No lock of its own: all but agent_mouth_measure() is called with that of the session
 * held. Times are running time. */

/* Turns whose words may still come. */
#define AGENT_MOUTH_RECENT 16

typedef struct
{
  guint64 id;
  GstClockTime start;
} AgentRecentTurn;

typedef struct
{
  GstVoiceFormat format; /* of the dialogue */
  Playout *playout; /* NULL before the first dialogue */
  guint last_answer; /* that its backend had in another session */
  TurnMeter meter;
  guint64 turns; /* of callers, ever: number of the last */
  AgentRecentTurn recent[AGENT_MOUTH_RECENT]; /* ring, by number */
  guint64 answering; /* number of the turn that is answered now, 0 = none */

  GstClockTime path; /* of sound to the far end's ear; NONE = not known */
  GstClockTime audible; /* end of the agent's last sound; NONE */
  guint sound_item; /* the answer that sound was of */
  GstClockTime sound_heard; /* ns of that answer up to it */
  GstClockTime sound_start; /* of that answer's first sound */
  gboolean starting; /* an answer has begun, with silence so far: */
  guint starting_item; /* which one, */
  guint64 starting_turn; /* ... and whose answer it is */
  guint idle_frames; /* since the agent fell silent */
  gboolean holds_all; /* what begins is held as what was being said is */
  guint passing; /* the mark whose sound is being heard, 0 = none */

  guint staged; /* the answer whose stages are known; 0: none */
  TurnTold told; /* they */

  guint64 answers, interruptions; /* ever */
  guint64 frames_out, frames_spoken;
  GstClockTime heard;
} AgentMouth;

/* A dialogue begins: nothing has been said. */
void agent_mouth_begin (AgentMouth *self, const GstVoiceFormat *format);
void agent_mouth_clear (AgentMouth *self);
/* Running time began anew, by so much earlier, and is @now. */
void agent_mouth_move_back (AgentMouth *self, GstClockTime by,
    GstClockTime now);

/* ---- The caller's turns */

/* The current times of the meter. */
GstAiAgentTurn agent_mouth_get_turn (const AgentMouth *self,
    const gchar *state);
void agent_mouth_begin_turn (AgentMouth *self, GstClockTime start);
/* @counts: it is what is answered now. */
void agent_mouth_end_turn (AgentMouth *self, GstClockTime end,
    GstClockTime decision, gboolean counts);
/* What is answered then was not spoken: there is no turn to be timed. */
void agent_mouth_take_writing (AgentMouth *self);
/* Fills in what is known better here; the turn they were said in, 0 = not known. */
guint64 agent_mouth_complete (const AgentMouth *self,
    GstVoiceAgentTranscript *transcript);

/* ---- Answers come in */

guint agent_mouth_begin_answer (AgentMouth *self, gboolean interruptible);
/* FALSE: it was cut off. */
gboolean agent_mouth_write (AgentMouth *self, guint answer, gconstpointer data,
    gsize size, GstClockTime now);
/* @mark is a fact when what was written of @answer so far was heard. FALSE: it was cut
 * off, or is over. */
gboolean agent_mouth_mark (AgentMouth *self, guint answer, guint mark);
void agent_mouth_set_stages (AgentMouth *self, guint answer,
    const TurnTold *told);
/* The call is put on hold: what was being said is said again after it. */
void agent_mouth_rewind (AgentMouth *self);

/* ---- ... and go out, a frame of 20 ms at a time */

/* What comes next, and where in it something is to be heard. */
typedef struct
{
  gboolean known;
  guint item; /* 0: no sound, but something becomes true */
  gsize before;
  guint sound; /* its windows of 5 ms, as bits */
} AgentMouthNext;

/* TRUE: something comes that @next does not know yet; its sound is in @frame, to be
 * measured without the lock. After that it is looked at again. */
gboolean agent_mouth_look (const AgentMouth *self, AgentMouthNext *next,
    guint8 *frame);
void agent_mouth_measure (AgentMouthNext *next, const guint8 *frame,
    const GstVoiceFormat *format);

/* What follows from one frame, to be told without the lock. */
typedef struct
{
  GstAiAgentTurn turn;
  guint done; /* the answer that is, 0 = none */
  gchar *words;
  GstClockTime start, end;
} AgentMouthFact;

typedef struct
{
  AgentMouthFact facts[8];
  guint n;
  guint mark; /* heard up to this one, 0 = none */
  gboolean hangs_up; /* a control says so */
} AgentMouthFacts;

/* Takes the frame of @next, as it was looked at; FALSE: nothing is to be heard. @sent:
 * when it is. Controls go to the end of @events. */
gboolean agent_mouth_read (AgentMouth *self, const AgentMouthNext *next,
    guint8 *frame, GstClockTime sent, GQueue *events, AgentMouthFacts *facts);
/* TRUE, once a turn: at @now the caller has waited for longer than the budget, for this. */
gboolean agent_mouth_check_budget (AgentMouth *self, GstClockTime now,
    GstAiAgentOverBudget *out);
/* @thinking: a silent frame is none in which the agent had nothing to do. */
void agent_mouth_count (AgentMouth *self, gboolean spoken, gboolean thinking);

/* ---- Or are cut off */

typedef struct
{
  PlayoutCut cut; /* its words: (transfer full) */
  GstAiAgentTurn turn; /* as a fact */
  GstClockTime start, end; /* of the sound */
} AgentMouthCut;

/* What may be interrupted, for good; FALSE: there was nothing. */
gboolean agent_mouth_cut (AgentMouth *self, AgentMouthCut *out);
/* The same, but it may be taken back; the number of the hold, 0 = nothing is held.
 * @any: there was something that was not held before. @all: what begins from now on is
 * held, too, until one of the others is called. */
guint agent_mouth_hold (AgentMouth *self, gboolean all, AgentMouthCut *out,
    gboolean *any);
/* @hold 0: whatever is held, by whichever turn, and nothing begins held any more. @over: that
 * turn needs no answer, and is not timed. FALSE: nothing was held, or is for another turn since
 * @hold. */
gboolean agent_mouth_resume (AgentMouth *self, guint hold, gboolean over,
    GstAiAgentTurn *turn);
gboolean agent_mouth_drop (AgentMouth *self, guint hold, AgentMouthCut *out);
/* The dialogue is over; @out->cut is what was being said. */
void agent_mouth_stop (AgentMouth *self, AgentMouthCut *out);

G_END_DECLS
