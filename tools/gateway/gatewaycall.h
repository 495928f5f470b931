/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is known of one call, from the messages about it: the material of a CDR and
 * of the metrics. Times are monotonic, in us, 0 = it did not come to that. */
typedef struct
{
  gchar *channel; /* "sip", "webrtc" */
  gchar *session; /* of the message: tells the calls of a line apart */
  gchar *call_id, *from, *to, *display_name;
  gint64 started, answered, ended;
  gint64 real_offset; /* from them to real time */
  guint64 setup; /* ns from INVITE or POST to the answer, 0 = not told */
  gchar *by, *cause;
  gboolean refused; /* no line ever had it */
  gchar *address, *transport, *user_agent; /* of whom was refused, or NULL */
  guint sip_status, http_status;
  GArray *turn_arounds; /* guint64, ns */
  guint turns;
  GstElement *element; /* which told of it */
  GstStructure *media; /* its `stats` at the end, or NULL */
} GatewayCall;

/* If @message begins a call: sip/call ringing or calling, whip/session
 * connecting. */
gboolean gateway_call_is_beginning (const GstStructure *message);
/* If it is about a call that no line ever had. */
gboolean gateway_call_is_refusal (const GstStructure *message);
/* sip/call or whip/session of a call that a line has. */
gboolean gateway_call_is_report (const GstStructure *message);
gboolean gateway_call_is_about (const GatewayCall *self,
    const GstStructure *message);

GatewayCall *gateway_call_new (GstMessage *message, gint64 now);
/* Of a refusal: it is over as it begins. */
GatewayCall *gateway_call_new_refused (GstMessage *message, gint64 now);
void gateway_call_free (GatewayCall *self);

/* Takes a later report; TRUE: the call is over. */
gboolean gateway_call_update (GatewayCall *self, const GstStructure *message,
    gint64 now);
/* An aiagent/turn of its line; the turn-around in ns, 0: none came of it. */
guint64 gateway_call_add_turn (GatewayCall *self, const GstStructure *message);
/* Its line is gone: it is over, for @cause. */
void gateway_call_cut (GatewayCall *self, const gchar *cause, gint64 now);
/* It is over: takes the figures of its audio. */
void gateway_call_read_media (GatewayCall *self);
gboolean gateway_call_is_answered (const GatewayCall *self);
/* s that the caller waited for the answer. */
gdouble gateway_call_get_setup (const GatewayCall *self);

/* Adds the members of its CDR to the open object of @builder. */
void gateway_call_describe (const GatewayCall *self, JsonBuilder *builder);

G_END_DECLS
