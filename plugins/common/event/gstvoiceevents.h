/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include "voiceagent/gstvoiceagentcall.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Metadata of an element's class, "voice-channel": it is where calls come from, and
 * says so by voice-call. Its value names the channel. */
#define GST_VOICE_CHANNEL_METADATA "voice-channel"

/* The events by which call, control and facts travel with the audio. One
 * constructor and one parser each; a parser returns FALSE for any other event.
 * Strings that a parser gives out belong to the event. */

/* A call, whatever its channel: what the event "voice-call" and the bus message
 * "voice/call" (gstvoicemessages.h) say of it, in the same fields and words.
 *
 * "voice-call": sticky, downstream; from sipsrc and whipserver; sipsink sends the
 * same structure upstream (custom upstream). No buffer goes before the first one of
 * a call. As an event is sticky, who comes late knows the last state only: `held` and
 * `resumed` mean an answered call, too. `changed` and `refused` are said on the bus
 * only. */

/* The fields of @call in a structure called @name; (transfer full). */
GstStructure *gst_voice_call_to_structure (const GstVoiceCall *call,
    const gchar *name);
/* Whatever it is called. FALSE: it has no state of a call. */
gboolean gst_voice_call_from_structure (const GstStructure *structure,
    GstVoiceCall *call);
GstEvent *gst_voice_call_event_new (const GstVoiceCall *call);
GstEvent *gst_voice_call_event_new_upstream (const GstVoiceCall *call);
gboolean gst_voice_call_event_parse (GstEvent *event, GstVoiceCall *call);

/* "voice-control": serialized, downstream, from aiagentsrc. */
GstEvent *gst_voice_control_event_new (const GstVoiceControl *control);
gboolean gst_voice_control_event_parse (GstEvent *event,
    GstVoiceControl *control);

/* "voice-control-result": upstream answer; @result "accepted", "unsupported",
 * "ambiguous", "forbidden", "refused", "failed"; before one of those a transfer may be
 * "asked", "trying" and "ringing". @reason for a person, may be NULL; @status of the response
 * that refused it, 0 = none. */
typedef struct
{
  GstVoiceControlAction action;
  const gchar *id;
  const gchar *result;
  const gchar *reason;
  guint status;
} GstVoiceControlResult;

/* FALSE: it goes on, another one follows. */
gboolean gst_voice_control_result_is_final (const gchar *result);

GstEvent *gst_voice_control_result_event_new (
    const GstVoiceControlResult *result);
gboolean gst_voice_control_result_event_parse (GstEvent *event,
    GstVoiceControlResult *result);

/* "dtmf-event": GStreamer's structure (type=1, number 0-15, volume, start,
 * method=1) as a serialized downstream event. One event per digit. */
GstEvent *gst_voice_dtmf_event_new (gchar digit, guint duration);
/* @digit: 0-9 * # A-D; @duration in ms, 0 = unknown. */
gboolean gst_voice_dtmf_event_parse (GstEvent *event, gchar *digit,
    guint *duration);
/* RFC 4733 event number of a digit and back; -1 / 0 when there is none. */
gint gst_voice_dtmf_number (gchar digit);
gchar gst_voice_dtmf_digit (gint number);

/* "voice-event": serialized downstream facts for the far end (transcripts,
 * turns, tools). @facts: a structure whose name says what it is; (transfer
 * full). The same structure is what the element posts on the bus. */
GstEvent *gst_voice_event_new (GstStructure *facts);
gboolean gst_voice_event_parse (GstEvent *event, const GstStructure **facts);

/* "voice-agent-ready": upstream, from aiagentsink: whoever is to hear the call that rings
 * as @call_id could begin now, or will not be better for waiting: nobody has to ring any
 * longer for its sake. */
GstEvent *gst_voice_ready_event_new (const gchar *call_id);
gboolean gst_voice_ready_event_parse (GstEvent *event, const gchar **call_id);

/* "voice-path": upstream, from sipsink, each time that the far end has said how its audio
 * travels: @delay ns from here to there, half of RTCP's round trip. What waits in the far end's
 * jitter buffer is not in it. */
GstEvent *gst_voice_path_event_new (GstClockTime delay);
gboolean gst_voice_path_event_parse (GstEvent *event, GstClockTime *delay);

/* "voice-input": out-of-band, downstream, past the audio: what a caller does
 * without speaking. */
typedef enum
{
  GST_VOICE_INPUT_TEXT, /* wrote @text */
  GST_VOICE_INPUT_INTERRUPT, /* wants the agent to be silent */
  GST_VOICE_INPUT_INSTRUCTIONS, /* tells the agent what it is to be */
} GstVoiceInputType;

const gchar *gst_voice_input_type_to_string (GstVoiceInputType type);
GstEvent *gst_voice_input_event_new (GstVoiceInputType type, const gchar *text);
gboolean gst_voice_input_event_parse (GstEvent *event, GstVoiceInputType *type,
    const gchar **text);

VOICE_API_END
G_END_DECLS
