/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "callagent.h"

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is known of one call, from the messages about it: the material of a CDR and
 * of the metrics. Times are monotonic, in us, 0 = it did not come to that. */
typedef struct
{
  gchar *channel; /* "sip", "webrtc" */
  gboolean outgoing;
  gchar *session; /* with the next: tells the calls of a line apart */
  gchar *call_id; /* whoever calls has chosen it */
  gchar *from, *to, *display_name;
  gchar *trunk; /* the last one that it went by, NULL: none */
  gint64 started, answered, ended;
  gint64 real_offset; /* from them to real time */
  guint64 setup; /* ns from INVITE or offer to the answer, 0 = not told */
  gchar *by, *cause;
  gboolean refused; /* no line ever had it */
  gchar *address, *transport, *user_agent; /* of whom was refused, or NULL */
  guint status; /* of the response that ended it, 0 = none */
  GArray *turn_arounds; /* guint64, ns */
  guint turns;
  CallAgent agent;
  GstElement *element; /* which told of it */
  GstStructure *media; /* its `stats` at the end, or NULL */
} CallRecord;

/* If @message begins a call: voice/call ringing or calling. */
gboolean call_record_is_beginning (const GstStructure *message);
/* If it is about a call that no line ever had. */
gboolean call_record_is_refusal (const GstStructure *message);
/* voice/call of a call that a line has. */
gboolean call_record_is_report (const GstStructure *message);
gboolean call_record_is_about (const CallRecord *self,
    const GstStructure *message);

CallRecord *call_record_new (GstMessage *message, gint64 now);
/* Of a refusal: it is over as it begins. */
CallRecord *call_record_new_refused (GstMessage *message, gint64 now);
void call_record_free (CallRecord *self);

/* Takes a later report; TRUE: the call is over. */
gboolean call_record_update (CallRecord *self, const GstStructure *message,
    gint64 now);
/* An aiagent/turn of its line; the turn-around in ns, 0: none came of it. */
guint64 call_record_add_turn (CallRecord *self, const GstStructure *message);
/* An aiagent/... of its line; TRUE: the agent was lost, and is tried again. */
gboolean call_record_add_agent (CallRecord *self, const GstStructure *fact);
/* Its line is gone: it is over, for @cause. */
void call_record_cut (CallRecord *self, const gchar *cause, gint64 now);
/* It is over: takes the figures of its audio. */
void call_record_read_media (CallRecord *self);
gboolean call_record_is_answered (const CallRecord *self);
/* s that the caller waited for the answer. */
gdouble call_record_get_setup (const CallRecord *self);

/* Adds the members of its CDR to the open object of @builder. */
void call_record_describe (const CallRecord *self, JsonBuilder *builder);

G_END_DECLS
