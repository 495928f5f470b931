/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is known of one call, from the messages about it: the material of a CDR and
 * of the metrics. Times are real time in us, 0 = it did not come to that. */
typedef struct
{
  gchar *channel; /* "sip", "webrtc" */
  gchar *session; /* of the message: tells the calls of a line apart */
  gchar *call_id, *from, *to;
  gint64 started, answered, ended;
  gchar *by, *cause;
  guint sip_status;
  GArray *turn_arounds; /* guint64, ns */
  guint turns;
  GstStructure *media; /* `stats` of its element at the end, or NULL */
} GatewayCall;

/* If @message begins a call: sip/call ringing or calling, whip/session
 * connecting. */
gboolean gateway_call_is_beginning (const GstStructure *message);
/* sip/call or whip/session. */
gboolean gateway_call_is_report (const GstStructure *message);
gboolean gateway_call_is_about (const GatewayCall *self,
    const GstStructure *message);

GatewayCall *gateway_call_new (const GstStructure *message, gint64 now);
void gateway_call_free (GatewayCall *self);

/* Takes a later report; TRUE: the call is over. */
gboolean gateway_call_update (GatewayCall *self, const GstStructure *message,
    gint64 now);
/* An aiagent/turn of its line; the turn-around in ns, 0: none came of it. */
guint64 gateway_call_add_turn (GatewayCall *self, const GstStructure *message);
/* Its line is gone: it is over, for @cause. */
void gateway_call_cut (GatewayCall *self, const gchar *cause, gint64 now);
/* It never got an answer. */
gboolean gateway_call_has_failed (const GatewayCall *self);

/* Adds the members of its CDR to the open object of @builder. */
void gateway_call_describe (const GatewayCall *self, JsonBuilder *builder);

G_END_DECLS
