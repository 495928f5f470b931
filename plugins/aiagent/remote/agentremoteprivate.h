/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentnet.h"
#include "agentremote.h"
#include "agentremotestandin.h"

#include "aiagent/backends/local/synthesizer.h"
#include "aiagent/logic/remote/vigil.h"
#include "common/frame/gstvoiceformat.h"

G_BEGIN_DECLS

/* What the files of AgentRemote share: agentremote.c (the backend, as its session sees
 * it: any thread), agentremotework.c (what comes from there to the agent loop),
 * agentremotelink.c (the connection), agentremoteanswer.c (what is said),
 * agentremotewatch.c (what is late), agentremotebridge.c (what the caller hears
 * meanwhile), agentremotefallback.c (and in the end), agentremotesettings.c. */

/* ---- agentremotesettings.c */

typedef enum
{
  AGENT_BRIDGE_SILENCE,
  AGENT_BRIDGE_PHRASE,
  AGENT_BRIDGE_MUSIC,
} AgentRemoteBridge;

typedef enum
{
  AGENT_FALLBACK_NONE,
  AGENT_FALLBACK_GOODBYE,
  AGENT_FALLBACK_TRANSFER,
  AGENT_FALLBACK_DIALOGUE,
} AgentRemoteFallback;

typedef struct
{
  gchar *uri;
  guint retries, connect_timeout, response_timeout, session_length;
  AgentRemoteBridge bridge;
  gchar *bridge_phrase, *bridge_music;
  AgentRemoteFallback fallback;
  gchar *fallback_text, *fallback_target, *fallback_file;
} AgentRemoteSettings;

/* A sound file, mono; never changed once it is made. */
typedef struct
{
  guint rate; /* Hz */
  GByteArray *samples; /* S16 */
} AgentRemoteMusic;

void agent_remote_settings_init (AgentRemoteSettings *self,
    const AgentRemoteClass *klass);
void agent_remote_settings_clear (AgentRemoteSettings *self);
void agent_remote_settings_copy (const AgentRemoteSettings *self,
    AgentRemoteSettings *copy);
void agent_remote_install_properties (GObjectClass *klass);
/* GObject's. */
void agent_remote_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec);
void agent_remote_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec);
/* Reads what files there are; FALSE, with @error: it cannot work as it is set. */
gboolean agent_remote_load (AgentRemote *self, GError **error);

/* ---- AgentRemote */

typedef enum
{
  AGENT_LINK_NONE,
  AGENT_LINK_CONNECTING,
  AGENT_LINK_OPEN, /* not agreed on all yet */
  AGENT_LINK_READY,
  AGENT_LINK_PAUSE, /* until it is tried again */
  AGENT_LINK_FAILED,
} AgentLinkState;

typedef struct _AgentRemoteWork AgentRemoteWork;

/* Something that we say ourselves. */
typedef struct
{
  guint answer; /* 0: nothing is being said */
  Speech *speech; /* NULL: it is music */
  AgentRemoteMusic *music;
  GByteArray *ready; /* in the dialogue's format: made, not written */
  gsize at; /* of the music, bytes */
  gboolean made; /* all of it is ready */
  gboolean last; /* the call ends behind it */
  GstVoiceConverter *converter;
  GSource *timer;
  gint64 began; /* ms */
  guint64 written; /* samples */
} AgentRemoteVoice;

typedef struct
{
  /* The agent loop only: no lock. */
  AgentRemoteSettings set; /* as they were when the link was started */
  gboolean holds; /* a reference to itself, while there is a link */
  AgentLinkState state;
  gboolean stopping; /* what fails now is neither told nor tried again */
  AgentSocket *socket;
  gchar *secret; /* that the far side was told; NULL = none */
  GSource *pause;
  guint tries; /* in a row that failed */
  gint64 ready_since; /* monotonic, µs */
  AgentRemoteCall *call; /* of who rings or talks; NULL: nobody says */
  gboolean ringing;
  guint64 dialogue; /* 0: none is on */
  GstVoiceFormat format;
  AgentHistory *history;
  GQueue waiting; /* AgentRemoteWork: for a link that is not ready */
  gsize waiting_size; /* bytes of its audio */
  Vigil vigil;
  GSource *watch; /* due when the vigil is to be looked at */
  GArray *open_answers; /* guint, of the far side's */
  GArray *own_answers; /* guint: what we said ourselves, the last of it */
  AgentRemoteVoice voice;
  GstClockTime audio_end; /* running time of the caller's last sample */
  gboolean leaving; /* the fallback is under way, */
  GSource *promise; /* ... and the answer to a transfer awaited, */
  AgentStandIn *stand_in; /* ... or who goes on with the dialogue */

  /* Atomic. */
  gint ticks; /* since the last audio */
  gint inbox; /* bytes of audio on their way to the agent loop, */
  gint inbox_most; /* ... 0: no dialogue has begun yet, */
  gint left_out; /* ... and pieces that were one too many */
  gint standing_in; /* the stand-in wants ticks */
  gint thinking; /* something is to be said still */

  GMutex lock; /* a leaf; protects everything below */
  AgentRemoteSettings settings;
  AgentRemoteMusic *music; /* by prepare; NULL: none is wanted */
  GstVoiceAgentBackend *mind; /* by prepare, for a stand-in; or NULL */
  gchar *call_id; /* for the log */
} AgentRemotePrivate;

AgentRemotePrivate *agent_remote_get_priv (AgentRemote *self);

/* ---- agentremotework.c */

typedef enum
{
  WORK_RING,
  WORK_OPEN,
  WORK_CLOSE,
  WORK_AUDIO,
  WORK_SILENCE, /* audio that did not come */
  WORK_TICK, /* for a stand-in */
  WORK_TURN,
  WORK_INTERRUPT,
  WORK_DONE,
  WORK_HEARD,
  WORK_MARK,
  WORK_DIGIT,
  WORK_TOOL_RESULT,
  WORK_RESULT,
  WORK_SAY,
  WORK_READ,
  WORK_INSTRUCT,
  WORK_PAUSE,
} WorkType;

struct _AgentRemoteWork
{
  AgentNetWork parent;
  AgentRemote *remote;
  WorkType type;
  guint64 dialogue; /* OPEN */
  GstVoiceFormat format; /* OPEN, RING */
  AgentRemoteCall *call; /* RING, OPEN: NULL = nobody says */
  GstClockTime time; /* AUDIO, TURN */
  gboolean flag; /* AUDIO: speaking; TURN: began; PAUSE: held */
  guint answer,
      heard; /* INTERRUPT, DONE, HEARD; SILENCE: frames of 20 ms; MARK: its
                          number */
  gchar digit;
  gchar *texts
      [3]; /* HEARD: words; TOOL_RESULT: id, JSON; RESULT: id, result, reason;
                      SAY, READ, INSTRUCT: text */
  gsize size;
  guint8 data[]; /* AUDIO */
};

AgentRemoteCall *agent_remote_call_new (const GstVoiceCall *call);
void agent_remote_call_free (AgentRemoteCall *self);

AgentRemoteWork *agent_remote_work_new (gpointer remote, WorkType type,
    gsize size);
void agent_remote_work_free (AgentRemoteWork *self);
/* Any thread: (transfer full). */
void agent_remote_work_post (AgentRemoteWork *self);
/* To the protocol, whose link is ready. */
void agent_remote_work_give (AgentRemote *self, const AgentRemoteWork *work);

/* ---- agentremotelink.c; the agent loop */

/* From anew. */
void agent_remote_link_start (AgentRemote *self);
/* Nobody needs it any more. */
void agent_remote_link_stop (AgentRemote *self);
/* A dialogue is on, and the link is ready. */
void agent_remote_link_begin (AgentRemote *self);
/* Takes @work: now, or when it is ready. */
void agent_remote_link_send (AgentRemote *self, AgentRemoteWork *work);
void agent_remote_link_forget_waiting (AgentRemote *self);
/* It does not answer: as lost, but that it was ready for long counts for nothing. */
void agent_remote_link_stalled (AgentRemote *self);
/* Another one in its place. */
void agent_remote_link_replace (AgentRemote *self);

/* ---- agentremoteanswer.c; the agent loop */

void agent_remote_note_own (AgentRemote *self, guint answer);
gboolean agent_remote_is_own (AgentRemote *self, guint answer);
/* What the far side has begun is not gone on with. TRUE: there was something. */
gboolean agent_remote_end_open_answers (AgentRemote *self);

/* ---- agentremotewatch.c; the agent loop */

gint64 agent_remote_now (void); /* ms, monotonic */
void agent_remote_watch_start (AgentRemote *self);
void agent_remote_watch_stop (AgentRemote *self);
/* Something has happened: what follows from it is done. */
void agent_remote_watch (AgentRemote *self);

/* ---- agentremotebridge.c; the agent loop */

#define AGENT_REMOTE_CONTROL \
  "agent-remote" /* id of what we ask for ourselves */

void agent_remote_music_unref (AgentRemoteMusic *self); /* any thread */

/* @last: the call ends behind it, and nothing interrupts it. */
void agent_remote_speak (AgentRemote *self, const gchar *text, gboolean last);
/* The caller is to hear that he is not forgotten. */
void agent_remote_bridge (AgentRemote *self);
/* What we were saying ends here. */
void agent_remote_hush (AgentRemote *self);

/* ---- agentremotefallback.c; the agent loop */

/* The agent does not come back. */
void agent_remote_leave (AgentRemote *self);
/* TRUE: a stand-in was told. */
gboolean agent_remote_leave_take (AgentRemote *self,
    const AgentRemoteWork *work);
/* The dialogue is over. */
void agent_remote_leave_over (AgentRemote *self);
/* TRUE: it was about what leave() asked for. */
gboolean agent_remote_leave_result (AgentRemote *self, const gchar *id,
    const gchar *result);

G_END_DECLS
