/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentlog.h"
#include "agentsession.h"

#include "aiagent/logic/playout.h"
#include "aiagent/logic/speechend.h"
#include "aiagent/logic/turndetector.h"
#include "aiagent/logic/turnmeter.h"
#include "aiagent/logic/vad.h"

G_BEGIN_DECLS

typedef struct
{
  GstElement *element; /* not owned: detaches before it goes */
  GstPairSettings *settings;
  AgentChoice choice;
  AgentListener listener;
  gboolean active; /* PAUSED or PLAYING */
} AgentHalf;

/* Turns whose words may still come. */
#define AGENT_N_RECENT 16

typedef struct
{
  guint64 id;
  GstClockTime start;
} AgentRecentTurn;

/* What a turn's fact is told for. */
typedef enum
{
  AGENT_TURN_BEGAN,
  AGENT_TURN_COUNTS, /* it began into words, and goes on behind them: not told again */
  AGENT_TURN_ENDED,
  AGENT_TURN_LEFT, /* nobody will say how it ends */
} AgentTurnChange;

struct _AgentSession
{
  GObject parent;

  /* Set when made, never changed: read freely. */
  gchar *name;

  /* Set by prepare while no half is active: an active one reads freely. Others
   * (commands, a last tick) use agent_session_dup_backend(). */
  AgentBackend *backend;
  guint backend_rate; /* 0: the caller's */
  AgentTurnDetection turn_detection;
  AgentBargeIn barge_in;
  guint silence, min_speech; /* ms */

  GMutex lock; /* leaf; protects everything below */
  AgentHalf halves[AGENT_N_ROLES];
  GObjectClass *klass; /* of the elements: describes the settings */
  MediaLoop *loop;
  gboolean changing; /* a half is on its way to or from PAUSED */
  GCond changed;
  guint rate; /* of the dialogue, 0 = not fixed yet */

  gboolean open;
  gboolean by_call; /* a channel said so, and will say when it ends */
  gboolean held; /* while it is: deaf, mute and patient */
  gchar *call_id; /* of the last call told of, NULL = none yet */
  AgentRole leader; /* who told of it first */
  gchar *dialogue_call_id; /* of the dialogue, "" = it has none */
  gchar *display_name; /* of its caller, "" if unknown */
  gchar *last_call_id; /* of the one before */
  AgentRole last_leader;
  gboolean sink_waits; /* the sink was told of early media or hold */
  gboolean knows_calls; /* a channel speaks of calls: no dialogue without one */
  GQueue steps; /* what the backend is still to be told, in order */
  GThread *stepper; /* who is telling it, or NULL */
  guint64 told; /* number of the dialogue that its open() has returned of */
  gboolean caller_gone;
  gboolean hung_up; /* the agent has, and no channel has taken notice */
  gboolean finished; /* ... and all is over */
  guint idle_frames; /* since the agent fell silent */
  GstClockTime audible; /* running time of the end of its last sound; NONE */
  guint sound_item; /* the answer that sound was of */
  GstClockTime sound_heard; /* ns of that answer up to it */
  GstClockTime sound_start; /* running time of that answer's first sound */
  gboolean starting; /* an answer has begun, with silence so far: */
  guint64 starting_turn; /* whose answer it is */
  guint64 answering; /* number of the turn that is answered now, 0 = none */
  gboolean ignoring; /* the turn under way is not for the backend */
  AgentRecentTurn recent[AGENT_N_RECENT]; /* ring, by number */
  Playout *playout;
  TurnDetector detector;
  SpeechEnd speech_end;
  TurnMeter meter;
  Vad *vad;
  GstVoiceConverter *vad_converter; /* NULL: the VAD knows the rate */
  GByteArray *vad_input; /* S16 at vad_rate, less than 10 ms left */
  guint vad_rate;
  GstClockTime in_base; /* running time of sample 0 of vad_input */
  GstClockTime in_arrived; /* when the buffer that is heard came */
  GstAiAgentStats stats;
};

/* ---- agentfacts.c */

/* What the element that speaks for the session is told; any thread, no lock. */
void agent_session_tell (AgentSession *self, GstStructure *fact);
void agent_session_tell_turn (AgentSession *self, const GstAiAgentTurn *turn);
/* What was heard of an answer's words: takes @words, NULL = they are not known. */
void agent_session_tell_heard (AgentSession *self, gchar *words,
    guint64 turn_id, GstClockTime start, GstClockTime end);
/* Running time now, of any of the elements. */
GstClockTime agent_session_now (AgentSession *self);
/* The element of @role, referenced; NULL if none. */
GstElement *agent_session_dup_element (AgentSession *self, AgentRole role,
    AgentListener *listener);
/* src if there is one, else sink. */
GstElement *agent_session_dup_speaker (AgentSession *self,
    AgentListener *listener);
/* The current times of the meter, lock held. */
GstAiAgentTurn agent_session_turn_unlocked (AgentSession *self,
    const gchar *state);
/* What backends call. */
extern const AgentBackendHost agent_session_host;

/* ---- agentdialogue.c; _unlocked: decisions, lock held, to be followed by
 * agent_session_run_steps() without it */

/* Nothing if one is under way already. @call NULL: nobody says who calls. */
void agent_session_begin_unlocked (AgentSession *self,
    const GstVoiceCall *call);
void agent_session_end_unlocked (AgentSession *self);
void agent_session_hold_call_unlocked (AgentSession *self);
void agent_session_resume_call_unlocked (AgentSession *self);
/* A turn is told to the dialogue that it is of, or to none. */
void agent_session_add_turn_unlocked (AgentSession *self,
    const GstAiAgentTurn *turn, AgentTurnChange change);
/* If the caller is in a turn, it is over. */
void agent_session_finish_turn_unlocked (AgentSession *self);
/* A dialogue is under way, its backend knows, and the caller is there. */
gboolean agent_session_is_on_unlocked (const AgentSession *self);
guint agent_session_fix_rate_unlocked (AgentSession *self, guint hint);
void agent_session_free_dialogue (AgentSession *self);
/* The src came or went. */
void agent_session_update_ticking (AgentSession *self);
/* Tells what was decided; another thread that is at it already does so for us. */
void agent_session_run_steps (AgentSession *self);
/* ... and is waited for. */
void agent_session_finish_steps (AgentSession *self);

/* ---- agentsession.c */

gboolean agent_session_any_active_unlocked (const AgentSession *self);
/* No more frames will come. */
void agent_session_end_src (AgentSession *self);

/* ---- agentlisten.c */

gboolean agent_session_detects_turns (AgentSession *self);
/* In a step; no lock. */
void agent_session_tell_change (AgentSession *self, AgentBackend *backend,
    GstAiAgentTurn *turn, AgentTurnChange change);

/* ---- agentspeak.c */

/* Barge-in or command. FALSE: there was nothing to interrupt. */
gboolean agent_session_cut (AgentSession *self);
/* Barge-in of a caller whose words are not known yet: what was being said is kept. */
void agent_session_hold_answer (AgentSession *self);
/* FALSE: nothing was kept, or is for another turn since @hold. */
gboolean agent_session_resume_answer (AgentSession *self, guint hold);
void agent_session_drop_answer (AgentSession *self, guint hold);

G_END_DECLS
