/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "agentfiller.h"
#include "host/agenthost.h"

#include "common/event/gstvoiceevents.h"
#include "common/pair/gstpairsettings.h"

G_BEGIN_DECLS

/* The tools that an agent may call: what the line offers, who does it, and what came of it,
 * for one dialogue after the other. It is of a session, whose lock is its own; functions that
 * are not called _unlocked take it. */

/* ms for a channel to say what came of a transfer, for which it calls somebody. */
#define AGENT_TOOLS_TRANSFERRED_WITHIN 60000

typedef struct _AgentTools AgentTools;

AgentTools *agent_tools_new (AgentHost *host);
/* What runs is ended; later results are for nobody. */
void agent_tools_drop (AgentTools *self);

/* ---- READY->PAUSED, with the first half */

void agent_tools_read_settings_unlocked (AgentTools *self,
    const GstPairSettings *settings, GObjectClass *klass);
/* Reads the files that they name; before the backend is prepared, which may ask for the list.
 * FALSE, with @error: it cannot work so. */
gboolean agent_tools_prepare (AgentTools *self, GError **error);
/* NULL: nothing was prepared. */
AgentFiller *agent_tools_get_filler (AgentTools *self);

/* ---- Dialogues */

void agent_tools_begin_unlocked (AgentTools *self);
/* What can be asked of the call's channel, as GstVoiceCall has it; NULL or "": nobody says. */
void agent_tools_set_abilities_unlocked (AgentTools *self,
    const gchar *abilities);
/* A dialogue is over: what it has asked for is, too. */
void agent_tools_end (AgentTools *self);

/* Of the backend, as the functions of the library that are named like them. Any thread. */
gchar *agent_tools_dup_list (AgentTools *self);
void agent_tools_call (AgentTools *self, guint64 dialogue, const gchar *name,
    const gchar *id, const gchar *arguments);

/* ---- What becomes of them */

/* Something of a caller's that is no spoken turn. */
void agent_tools_note_input (AgentTools *self);
/* TRUE: it is collected, and for nobody else. */
gboolean agent_tools_take_digit (AgentTools *self, gchar digit);
/* Controls leave for a channel, @events: nothing cuts them off any more. What follows from
 * that is for behind the lock; @by_call: there is a channel. */
void agent_tools_note_sent_unlocked (AgentTools *self, const GQueue *events);
void agent_tools_sent (AgentTools *self, const GQueue *events,
    gboolean by_call);
/* What waited to be heard was cut off: so are the controls behind it. */
void agent_tools_cut (AgentTools *self);
/* FALSE: it is none of ours. */
gboolean agent_tools_take_result (AgentTools *self,
    const GstVoiceControlResult *result);
/* The application answers. FALSE: that is not its to do. */
gboolean agent_tools_let_application (AgentTools *self, const gchar *id);
/* Its first 4096 bytes, up to a whole character: more is for those concerned only; NULL of
 * NULL. */
gchar *agent_tools_shorten (const gchar *text);
/* Somebody else is at work for the agent. */
gboolean agent_tools_is_waiting_unlocked (const AgentTools *self);

G_END_DECLS
