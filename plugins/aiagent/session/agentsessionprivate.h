/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentadmission.h"
#include "agentcalls.h"
#include "agentduck.h"
#include "agentear.h"
#include "host/agenthost.h"
#include "agentsession.h"
#include "agenttools.h"

#include "aiagent/logic/turn/turnwatch.h"

#include "common/pair/gstpair.h"

G_BEGIN_DECLS

/* What the files of AgentSession share: agentsession.c (its elements and its backend),
 * agentsessiondialogue.c (dialogues begin and end), agentsessionhear.c (the caller) and
 * agentsessionspeak.c (the agent). */

/* What a caller may do without speaking: so much at once, and more with time. */
typedef struct
{
  guint64 dialogue; /* that it is of */
  gint64 at; /* us */
  gdouble left;
} AgentInputs;

typedef struct
{
  AgentChoice choice;
  gboolean active; /* PAUSED or PLAYING */
} AgentHalf;

/* What a turn's fact is told for. */
typedef enum
{
  AGENT_TURN_BEGAN,
  AGENT_TURN_COUNTS, /* it began into words, and goes on behind them: not told again */
  /* It began into words as well, which were held: */
  AGENT_TURN_CONFIRMED, /* they were interrupted: not told again */
  AGENT_TURN_RESUMED, /* they go on, and it may interrupt them still: not told again */
  AGENT_TURN_REJECTED, /* they go on, and it is over */
  AGENT_TURN_ENDED,
  AGENT_TURN_LEFT, /* nobody will say how it ends */
} AgentTurnChange;

struct _AgentSession
{
  GObject parent;

  /* Set when made, never changed: read freely. */
  AgentHost *host;
  AgentReport *report; /* of the host */
  AgentTools *tools;
  GMutex *lock; /* of the host: the only one, a leaf */

  GstPair
      pair; /* its steps are what the backend is still to be told, in order */

  /* Set by prepare while no half is active: an active one reads freely, as host->backend.
   * Others use agent_session_dup_backend(), or what the host does for them. */
  GstVoiceFormat wanted; /* by the backend, rate 0: the caller's */
  gboolean takes_laws; /* ... or the caller's law */
  AgentTurnDetection turn_detection;
  AgentBargeIn barge_in;
  AgentEarSettings ear_settings;
  gboolean caller_instructions; /* what a caller wants it to be counts */

  AgentAdmission admission; /* has groups of its own */

  /* The sink's thread only: no lock. */
  AgentEar ear;
  guint64 ear_dialogue; /* that it was made for */
  guint ear_finished; /* as turns_finished, when it knew last */

  /* The src's media loop only, and prepare while no dialogue is on: no lock. */
  GstVoiceAgentBackend *ticked; /* of dialogue... */
  gint ticked_dialogue; /* ... this one, as on */
  AgentDuck duck;
  GstVoiceFormat spoken; /* of the frame that was taken last */

  gint
      on; /* atomic, set under the lock: number of the dialogue, 0 = none is on */
  gint holds; /* the same: this side has the caller on hold */
  gint
      ducks; /* atomic: so many frames more the agent speaks softly, as somebody else
               * may */
  gint packed_format; /* the same for format; see agent_session_get_format() */

  /* The lock protects everything below, and what the host says. */
  AgentMouth *mouth; /* of the host */
  AgentHalf halves[AGENT_N_ROLES];
  MediaLoop *loop;
  gboolean changing; /* a half is on its way to or from PAUSED */
  gboolean blocked; /* who is changing: the backend was waited for in vain */
  GCond changed;
  GstVoiceFormat format; /* of the dialogue, or, if none is on, of the next */
  GstVoiceFormat caller; /* of what comes into the sink, rate 0: not known */
  GstVoiceEncoding
      call_law; /* of the call, as the src is told; S16: not known */

  AgentCalls calls;
  gchar *rung; /* call-id of who rings, as the backend was told; NULL: nobody */
  gboolean by_call; /* a channel said so, and will say when it ends */
  gboolean on_hold; /* while it is: deaf, mute and patient */
  guint64 told; /* number of the dialogue that its open() has returned of */
  gboolean caller_gone;
  gboolean hung_up; /* the agent has, and no channel has taken notice */
  gboolean finished; /* ... and all is over */
  AgentEarTurn turn; /* of the caller, as it was heard last */
  guint
      turns_finished; /* how often a turn was over without the ear's knowing */
  gboolean ignoring; /* the turn under way is not for the backend */
  gboolean doubting; /* ... may be no interruption: what was said is held */
  gboolean resumed; /* ... and is not, any more */
  TurnWatch watch;
  GstClockTime arrived; /* when the buffer that is heard came */
  guint64 frames_in;
  AgentInputs inputs;
};

/* ---- agentsession.c */

gboolean agent_session_any_active_unlocked (const AgentSession *self);

/* ---- agentsessiondialogue.c; _unlocked: decisions, lock held, to be followed by
 * agent_session_run_steps() without it */

/* Nothing if one is under way already. @call NULL: nobody says who calls. */
void agent_session_begin_unlocked (AgentSession *self,
    const GstVoiceCall *call);
void agent_session_end_unlocked (AgentSession *self);
/* A turn is told to the dialogue that it is of, or to none. */
void agent_session_add_turn_unlocked (AgentSession *self,
    const GstAiAgentTurn *turn, AgentTurnChange change);
/* If the caller is in a turn, it is over. */
void agent_session_finish_turn_unlocked (AgentSession *self);
/* What somebody seemed to say is over, and it is not known what it was. */
void agent_session_end_doubt_unlocked (AgentSession *self);
/* A dialogue is under way, its backend knows, and the caller is there. */
gboolean agent_session_is_on_unlocked (const AgentSession *self);
gboolean agent_session_is_on (AgentSession *self);
/* What is known of the caller has changed. */
void agent_session_choose_format_unlocked (AgentSession *self);
/* The src came or went. */
void agent_session_update_ticking (AgentSession *self);
/* Of the pair's steps: what each of them is. */
void agent_session_run_step (gpointer step, gpointer session);
void agent_session_free_step (gpointer step);
/* Tells what was decided; another thread that is at it already does so for us. */
void agent_session_run_steps (AgentSession *self);
/* ... and is waited for, as long as a state change may; by one thread at a time. Whoever
 * was not done in that time is not waited for again until it is. */
void agent_session_finish_steps (AgentSession *self);

/* ---- agentsessionhear.c */

gboolean agent_session_detects_turns (const AgentSession *self);
/* An AgentHostTurn: the backend has found one. */
gboolean agent_session_take_turn (GObject *self, guint64 dialogue,
    gboolean began, GstClockTime time);
/* In a step; no lock. */
void agent_session_tell_change (AgentSession *self,
    GstVoiceAgentBackend *backend, GstAiAgentTurn *turn,
    AgentTurnChange change);

G_END_DECLS
