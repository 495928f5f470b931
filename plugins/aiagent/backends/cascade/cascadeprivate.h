/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "cascade.h"
#include "cascadehttp.h"
#include "cascadesetup.h"

#include "aiagent/backends/local/recognizer.h"
#include "aiagent/logic/cascade/chatmemory.h"
#include "aiagent/remote/agentnet.h"
#include "aiagent/session/agentear.h"
#include "aiagent/session/host/agentlog.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the files of a cascade share. Media threads and applications (cascade.c) keep the
 * caller's sound (cascadeear.c) and leave the rest as work (cascadework.c) for the agent
 * loop, where everything else is: the dialogue (cascadedialogue.c), which has at most one
 * reply (cascadereply.c) under way, whose words are made out (cascadehearing.c), answered
 * by the model (cascadechat.c), and spoken (cascadespeech.c). */

typedef struct _CascadeDialogue CascadeDialogue;
typedef struct _CascadeReply CascadeReply;
typedef struct _CascadeSpeech CascadeSpeech;
typedef struct _CascadeHearing CascadeHearing;
typedef struct _CascadeChat CascadeChat;

/* ---- cascadeear.c: any thread, its own lock */

#define CASCADE_LONGEST_TURN 60000 /* ms: the rest is not heard */

/* The sound of a turn: of built-in phrases, what is being understood of it. */
typedef struct
{
  GByteArray *sound; /* S16; NULL: there is an utterance */
  Utterance *utterance;
  guint rate;
} CascadeTurn;

void cascade_turn_free (CascadeTurn *self);

typedef enum
{
  CASCADE_HINT_NONE,
  CASCADE_HINT_PAUSE, /* the turn may be over */
  CASCADE_HINT_ON, /* it is not */
} CascadeHint;

typedef struct
{
  GMutex lock; /* a leaf; protects everything below */
  Recognizer *recognizer; /* NULL: sound is kept; the setup's */
  guint rate; /* 0: nobody is heard */
  GByteArray *before; /* what was heard last */
  GstClockTime before_end; /* running time of its end */
  CascadeTurn *turn; /* NULL: the caller is in none */
  RecognizerChannel channel; /* of the caller */
  gboolean hints; /* pauses are looked for: */
  AgentEar pauses; /* with a shorter silence than the session's */
} CascadeEar;

void cascade_ear_init (CascadeEar *self);
void cascade_ear_clear (CascadeEar *self);
/* A dialogue begins, or, @rate 0, is over. @pause: ms of silence that may end a turn; 0 =
 * no hints are wanted. */
void cascade_ear_begin (CascadeEar *self, Recognizer *recognizer, guint rate,
    guint pause);
/* @so_far: of a PAUSE, what the turn is up to now; (transfer full). */
CascadeHint cascade_ear_hear (CascadeEar *self, const gint16 *samples, guint n,
    GstClockTime time, CascadeTurn **so_far);
void cascade_ear_begin_turn (CascadeEar *self, GstClockTime start);
/* (transfer full); NULL: there was none. */
CascadeTurn *cascade_ear_end_turn (CascadeEar *self);
void cascade_ear_set_channel (CascadeEar *self,
    const RecognizerChannel *channel);

/* ---- cascade.c */

struct _AgentCascade
{
  GstVoiceAgentBackend parent;

  CascadeEar ear;
  guint cuts; /* atomic: how often everything was interrupted */
  gint asked; /* atomic: turns that the agent loop does not know of yet */
  gint busy; /* atomic: an answer is to come */

  /* The agent loop only: no lock. */
  CascadeDialogue *dialogue; /* NULL: none rings or is on */

  GMutex lock; /* a leaf; protects everything below */
  CascadeSettings settings;
  CascadeSetup *setup; /* NULL: not prepared */
  GHashTable *calls; /* ids of tools whose results are to come */
};

/* A tool is called: its result is to come. */
void agent_cascade_add_call (AgentCascade *self, const gchar *id);

/* ---- cascadeproperties.c */

void cascade_properties_install (GObjectClass *klass);
/* To their defaults. */
void cascade_properties_init (CascadeSettings *settings);

/* ---- cascadework.c */

typedef enum
{
  CASCADE_WORK_RING,
  CASCADE_WORK_OPEN,
  CASCADE_WORK_CLOSE,
  CASCADE_WORK_TURN_BEGAN,
  CASCADE_WORK_TURN_ENDED,
  CASCADE_WORK_PAUSE,
  CASCADE_WORK_ON,
  CASCADE_WORK_INTERRUPT,
  CASCADE_WORK_HEARD,
  CASCADE_WORK_MARKED,
  CASCADE_WORK_TOOL_RESULT,
  CASCADE_WORK_SAY,
  CASCADE_WORK_READ,
  CASCADE_WORK_INSTRUCT,
} CascadeWorkType;

typedef struct
{
  AgentNetWork parent;
  AgentCascade *cascade;
  CascadeWorkType type;
  CascadeSetup *setup; /* RING, OPEN */
  guint64 dialogue; /* OPEN */
  guint rate; /* OPEN */
  guint cuts; /* TURN_BEGAN, INTERRUPT */
  guint answer; /* HEARD */
  guint mark; /* MARKED */
  CascadeTurn *turn; /* TURN_ENDED, PAUSE */
  gchar *texts
      [2]; /* RING, OPEN: call-id; HEARD: words; TOOL_RESULT: id, JSON; SAY,
                      READ, INSTRUCT: text */
} CascadeWork;

CascadeWork *cascade_work_new (gpointer cascade, CascadeWorkType type);
/* (transfer full) */
void cascade_work_post (CascadeWork *self);

/* Sound that was handed over: a mark at its end says that it was heard. */
typedef struct
{
  guint answer, mark;
  guint size; /* bytes */
} CascadeAhead;

/* ---- cascadedialogue.c; from here on the agent loop only */

struct _CascadeDialogue
{
  AgentCascade *cascade; /* its owner */
  CascadeSetup *setup;
  guint64 number; /* 0: it rings still */
  guint rate;
  gchar *call_id; /* for the log */
  gchar *instructions; /* NULL = none */
  gchar *model; /* that the server has named; NULL: not known */
  guint cuts; /* of the cascade, as far as told */
  guint replies; /* ever */
  ChatMemory *memory;
  CascadeRequest *warm_up; /* NULL: over */
  GString *models; /* what it was answered */
  guint faults; /* CascadeStage, as bits: what was told to have failed */
  CascadeReply *reply; /* under way; NULL: none */
  GPtrArray *speeches; /* CascadeSpeech: to be heard, not all made yet */
  GQueue ahead; /* CascadeAhead: handed over, not heard yet */
  guint marks; /* ever */
  CascadeTurn *unheard; /* of a turn that went on before its words were known */
};

CascadeDialogue *cascade_dialogue_new (AgentCascade *cascade,
    CascadeSetup *setup, const gchar *call_id);
void cascade_dialogue_free (CascadeDialogue *self);
void cascade_dialogue_begin (CascadeDialogue *self, guint64 number, guint rate);
void cascade_dialogue_begin_turn (CascadeDialogue *self);
/* Takes @turn, which may be NULL. */
void cascade_dialogue_end_turn (CascadeDialogue *self, CascadeTurn *turn);
/* A turn, @so_far, may be over: its answer is begun, and kept until it is. Takes it. */
void cascade_dialogue_guess (CascadeDialogue *self, CascadeTurn *so_far);
/* It was not. */
void cascade_dialogue_withdraw (CascadeDialogue *self);
void cascade_dialogue_interrupt (CascadeDialogue *self);
void cascade_dialogue_say (CascadeDialogue *self, const gchar *text);
void cascade_dialogue_read (CascadeDialogue *self, const gchar *text);
void cascade_dialogue_tool_result (CascadeDialogue *self, const gchar *id,
    const gchar *json);

/* @answer's @size bytes were handed over; how many were, and are to be heard still. */
void cascade_dialogue_add_ahead (CascadeDialogue *self, guint answer,
    guint size);
gsize cascade_dialogue_get_ahead (const CascadeDialogue *self);
/* What stands before @mark was heard; or nothing more of @answer will be. */
void cascade_dialogue_marked (CascadeDialogue *self, guint mark);
void cascade_dialogue_heard (CascadeDialogue *self, guint answer,
    const gchar *words);

/* The reply is over. */
void cascade_dialogue_end_reply (CascadeDialogue *self);
/* @stage works; or it does not, and @reason says why. */
void cascade_dialogue_tell_good (CascadeDialogue *self, CascadeStage stage);
void cascade_dialogue_tell_fault (CascadeDialogue *self, CascadeStage stage,
    const gchar *reason);
gboolean cascade_dialogue_is_cut (const CascadeDialogue *self);
/* Whether it is still to be waited for. */
void cascade_dialogue_update_thinking (CascadeDialogue *self);

void cascade_dialogue_log (const CascadeDialogue *self, GstDebugLevel level,
    const gchar *file, const gchar *function, gint line, const gchar *format,
    ...) G_GNUC_PRINTF (6, 7);
#define CASCADE_LOG(dialogue, level, ...) \
  cascade_dialogue_log (dialogue, level, __FILE__, G_STRFUNC, __LINE__, \
      __VA_ARGS__)

/* ---- cascadehearing.c: speech to text */

typedef struct
{
  gchar *words; /* "" = none */
  gdouble confidence; /* -1 = not known */
  const gchar *rejected; /* NULL = they are taken */
} CascadeWords;

/* Once, and the hearing is gone. @words: NULL, with @reason: it failed. */
typedef void (*CascadeHeard) (gpointer user, const CascadeWords *words,
    const gchar *reason);

/* Takes @turn. */
CascadeHearing *cascade_hearing_new (CascadeDialogue *dialogue,
    CascadeTurn *turn, CascadeHeard heard, gpointer user);
/* It is not wanted any more. What was said; NULL: it cannot be used again. */
CascadeTurn *cascade_hearing_cancel (CascadeHearing *self);

/* ---- cascadechat.c: the language model */

typedef struct
{
  /* A sentence is complete; may cancel. */
  void (*sentence) (gpointer user, const gchar *text);
  /* Once: @reply, valid until this returns, is all of it; NULL: it failed. The chat is
   * gone. */
  void (*ended) (gpointer user, const ChatReply *reply, const gchar *reason);
} CascadeChatEvents;

CascadeChat *cascade_chat_new (CascadeDialogue *dialogue,
    const CascadeChatEvents *events, gpointer user);
void cascade_chat_cancel (CascadeChat *self);

/* ---- cascadespeech.c: text to speech, one answer of the session's */

typedef enum
{
  CASCADE_SPEECH_REPLY, /* of the model, which is to remember it */
  CASCADE_SPEECH_SAID, /* by others in its name: it is to know that, too */
  CASCADE_SPEECH_ASIDE, /* what it does not know of */
  CASCADE_SPEECH_BUILT_IN, /* ... in the built-in voice, whatever the other does */
} CascadeSpeechType;

typedef struct
{
  /* The first of it is about to be handed over, as @answer. */
  void (*started) (gpointer user, guint answer);
  /* A sentence of it cannot be made, or, of the language model, it has no end: it is to
   * be freed, or finished. */
  void (*failed) (gpointer user, CascadeStage stage, const gchar *reason);
  void (*over) (gpointer user); /* all of it is handed over; it is gone */
} CascadeSpeechEvents;

/* @events: NULL but for a REPLY. It belongs to @dialogue. */
CascadeSpeech *cascade_speech_new (CascadeDialogue *dialogue,
    CascadeSpeechType type, const CascadeSpeechEvents *events, gpointer user);
void cascade_speech_add (CascadeSpeech *self, const gchar *sentence);
/* No more is added. over() may be called before this returns. */
void cascade_speech_finish (CascadeSpeech *self);
/* @text, sentence by sentence. */
void cascade_speech_add_text (CascadeSpeech *self, const gchar *text);
/* Some of what was ahead was heard: the next sentences may be made. */
void cascade_speech_go_on (CascadeSpeech *self);
gboolean cascade_speech_is_reply (const CascadeSpeech *self);
/* Of the dialogue's list, which frees them. */
void cascade_speech_free (gpointer speech);

/* ---- cascadereply.c: one turn */

/* Takes @turn; or @text in its place. @guess: nothing of it is told or heard until
 * cascade_reply_release(). */
CascadeReply *cascade_reply_new (CascadeDialogue *dialogue, CascadeTurn *turn,
    const gchar *text, gboolean guess);
gboolean cascade_reply_is_guess (const CascadeReply *self);
/* It has come to nothing: the turn is to be heard again. */
gboolean cascade_reply_is_void (const CascadeReply *self);
void cascade_reply_release (CascadeReply *self);
/* It is not wanted any more; its speeches are the dialogue's. What was said, if nobody
 * knows yet what that was; NULL: it is known. */
CascadeTurn *cascade_reply_cancel (CascadeReply *self);
/* A tool of the model's has its result. */
void cascade_reply_go_on (CascadeReply *self);

G_END_DECLS
