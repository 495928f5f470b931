/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the agent of a dialogue is there, and answers: when somebody who waits is told
 * that he is not forgotten, when a link that is silent is given up, and when one that is
 * old is replaced. Times are ms of a clock that only goes forward. */

#define VIGIL_BRIDGE_AFTER 600 /* ms of silence without an agent */
/* A link is replaced that much before its time, or later, in a pause. */
#define VIGIL_RENEW_EARLY 60000 /* ms, at most; a tenth of its time */
/* That may wait to be heard. */
#define VIGIL_MAX_AHEAD 600000 /* ms: ten minutes */

typedef struct
{
  guint response_timeout; /* ms; 0 = an answer may take for ever */
  guint session_length; /* ms; 0 = a link may be of any age */

  gboolean on; /* a dialogue is */
  gboolean ready; /* a link is, and ... */
  gint64 ready_since; /* ... was when it had been made */
  gboolean renewing; /* wanted before its time */
  gboolean missing; /* the caller may notice that the agent went away ... */
  gint64 missing_since; /* ... for so long */
  gboolean bridging; /* he has been told */
  gboolean speaking; /* the caller does */
  gboolean held;
  gint64 held_since;
  gboolean owed; /* the agent is to answer ... */
  gint64
      owed_since; /* ... since the caller has finished, or a link is there again */
  gint64 audible; /* until then there is something of the agent's to be heard */
  gint64 part; /* µs of it that make no ms */
} Vigil;

typedef enum
{
  VIGIL_NOTHING,
  VIGIL_BRIDGE, /* the caller is told; vigil_bridge_over() if it was cut off */
  VIGIL_STALLED, /* the link is to be lost */
  VIGIL_RENEW, /* ... to be replaced */
} VigilAct;

/* A dialogue begins; the link, if any, goes on. */
void vigil_begin (Vigil *self, gint64 now);
void vigil_end (Vigil *self);
void vigil_ready (Vigil *self, gint64 now);
/* @broken: the agent was in the middle of an answer. */
void vigil_lost (Vigil *self, gint64 now, gboolean broken);
void vigil_speaking (Vigil *self, gint64 now, gboolean speaking);
void vigil_held (Vigil *self, gint64 now, gboolean held);
/* The caller has said what wants an answer. */
void vigil_expect (Vigil *self, gint64 now);
/* The agent has reacted. */
void vigil_answered (Vigil *self);
/* ... with so many µs of audio. FALSE: more waits to be heard than may. */
gboolean vigil_written (Vigil *self, gint64 now, gint64 length);
/* Nothing of it is heard any more. */
void vigil_cut (Vigil *self, gint64 now);
void vigil_bridge_over (Vigil *self, gint64 now);

/* What is to be done now; @due: when to ask again at the latest, G_MAXINT64 = when
 * something has happened. */
VigilAct vigil_look (Vigil *self, gint64 now, gint64 *due);

G_END_DECLS
