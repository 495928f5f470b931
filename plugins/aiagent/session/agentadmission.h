/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "host/agenthost.h"

#include "common/pair/gstpairsettings.h"

G_BEGIN_DECLS

/* Which calls get the agent, and for how long: money is not spent by strangers. */

typedef enum
{
  AGENT_ADMIT_AUTO, /* where the backend costs as KNOWN, and who is local, else ANYBODY */
  AGENT_ADMIT_ANYBODY,
  AGENT_ADMIT_KNOWN, /* who has shown that the line is for him */
} AgentAdmit;

typedef enum
{
  AGENT_REFUSAL_NONE,
  AGENT_REFUSAL_STRANGER,
  AGENT_REFUSAL_TOO_MANY,
  AGENT_REFUSAL_TOO_FAST,
  AGENT_REFUSAL_TOO_LONG,
} AgentRefusal;

/* Of a session. */
typedef struct
{
  /* Set while no half is active, then read freely. */
  AgentAdmit admit;
  guint max_sessions, per_minute; /* 0 = no limit */
  guint max_duration; /* ms, 0 = no limit */
  gboolean
      limits_any; /* they were set: they hold for what costs nothing, too */
  gboolean lasts_any; /* the same of max_duration */
  gboolean costs; /* the backend does */

  /* The src's media loop only. */
  gint timed; /* number of the dialogue whose frames are counted */
  guint frames;
  guint last_words; /* frame with which they were asked for, 0 = not yet */
  guint hung_up; /* frame with which that was asked for, 0 = not yet */

  /* The session's lock. */
  gchar *call_id; /* of the last call that was decided on, NULL = none */
  gboolean ended; /* it has */
  AgentRefusal refusal;
  gboolean counted; /* it is one of the sessions that there are at once */
  gboolean told; /* that it was refused */
  gboolean warned; /* of strangers, ever */
  guint64 heard_by; /* the dialogue that has heard... */
  GstClockTime heard; /* ... so much where nobody ticks */
} AgentAdmission;

void agent_admission_read (AgentAdmission *self,
    const GstPairSettings *settings, GObjectClass *klass);
void agent_admission_prepare (AgentAdmission *self,
    GstVoiceAgentBackend *backend);
/* Session's lock held. What @call has become; it is decided on when it is first told of.
 * FALSE: the agent is not for it. */
gboolean agent_admission_take_unlocked (AgentAdmission *self,
    const GstVoiceCall *call);
/* No lock; @call was refused: the bus is told why, once, and the channel to hang up. */
void agent_admission_refuse (AgentAdmission *self, AgentHost *host,
    const GstVoiceCall *call);
/* No dialogue is on, or will be. */
void agent_admission_close (AgentAdmission *self, GMutex *lock);
void agent_admission_clear (AgentAdmission *self);
/* The src's media loop, every 20 ms of @dialogue: one that has lasted too long is ended,
 * with a few words if the backend speaks. */
void agent_admission_tick (AgentAdmission *self, AgentHost *host,
    gint dialogue);

/* Session's lock held. The same where there is no src: @dialogue has heard so much more.
 * TRUE: it has lasted too long. */
gboolean agent_admission_hear_unlocked (AgentAdmission *self, guint64 dialogue,
    GstClockTime duration);

G_END_DECLS
