/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gstvoiceagentapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A call, whatever its channel: what the event `voice-call` and the bus message
 * `voice/call` say of it, in the same fields and words; and what can be asked of one by
 * the event `voice-control`. */

/**
 * GstVoiceCallState:
 * @GST_VOICE_CALL_CALLING: it goes out; the far end has not said anything
 * @GST_VOICE_CALL_RINGING: it came in, or the far end rings; nothing is heard yet
 * @GST_VOICE_CALL_EARLY: early media: ring-back, announcements
 * @GST_VOICE_CALL_ANSWERED: both sides may be heard
 * @GST_VOICE_CALL_CHANGED: anything else about it, as an address
 * @GST_VOICE_CALL_HELD: either side holds it; what comes now is not the caller
 * @GST_VOICE_CALL_RESUMED: it is up again
 * @GST_VOICE_CALL_ENDED: it is over, answered or not
 * @GST_VOICE_CALL_REFUSED: no line had it; whoever says so may have another one
 *
 * The event `voice-call` never has `changed` and `refused`: they are said on the bus.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_VOICE_CALL_CALLING,
  GST_VOICE_CALL_RINGING,
  GST_VOICE_CALL_EARLY,
  GST_VOICE_CALL_ANSWERED,
  GST_VOICE_CALL_CHANGED,
  GST_VOICE_CALL_HELD,
  GST_VOICE_CALL_RESUMED,
  GST_VOICE_CALL_ENDED,
  GST_VOICE_CALL_REFUSED,
} GstVoiceCallState;

/**
 * GstVoiceCallBy:
 * @GST_VOICE_CALL_BY_NOBODY: it is not over
 * @GST_VOICE_CALL_BY_US: this side
 * @GST_VOICE_CALL_BY_PEER: the far end
 * @GST_VOICE_CALL_BY_NETWORK: time-outs, lost media
 *
 * Since: 0.1
 */
typedef enum
{
  GST_VOICE_CALL_BY_NOBODY,
  GST_VOICE_CALL_BY_US,
  GST_VOICE_CALL_BY_PEER,
  GST_VOICE_CALL_BY_NETWORK,
} GstVoiceCallBy;

/**
 * GstVoiceCall:
 * @state: what has become of it
 * @call_id: names it
 * @channel: how it came: "sip", "webrtc"
 * @session: of the pair; of a browser the same as @call_id
 * @line: name at which the line is called, "" = at any; in `refused` the name that was
 *     called
 * @outgoing: it goes out; `direction` in events and messages
 * @from: address of who calls, "" if unknown
 * @to: address that is called
 * @display_name: of the far end, "" if unknown
 * @by: who ended or refused it, or, `held` and `resumed`, who holds or held it
 * @cause: why, for a person
 * @status: of the response that ended or refused it (SIP, HTTP), 0 = none
 * @speak_early: in `early` an agent may begin its dialogue already, and `answered` then
 *     begins nothing anew
 * @source: IP address that a call that comes in came from: the network's word, not the
 *     caller's; "" if unknown
 * @admitted: by what the caller has shown that this line is for it: "address" (it is
 *     named in `allow-from`), "account" (the registrar of the line's account has sent it),
 *     "digest" (a password of the line's `auth-file`), "token", "local" (the line listens on a loopback address);
 *     "" by nothing, the line takes anybody. A call out needs none
 * @abilities: what can be asked of it by `voice-control`, actions with commas between them:
 *     "hang-up,transfer,send-dtmf"; "" = nobody says, so it has to be tried
 * @trunk: name of the account of a phone's line that it goes out by, or came in by; "" =
 *     none
 * @headers: (nullable): further ones of the channel's; secrets never stand here
 * @origin: (nullable): what networks say of who calls a phone's line, whether that was
 *     verified, and who was called before and why; its fields stand in
 *     pipelines/README.md
 *
 * A call. Who is given one may read it until it returns; its strings are never %NULL
 * there. Who fills one in may leave them %NULL.
 *
 * Since: 0.1
 */
typedef struct
{
  GstVoiceCallState state;
  const gchar *call_id;
  const gchar *channel;
  const gchar *session;
  const gchar *line;
  gboolean outgoing;
  const gchar *from;
  const gchar *to;
  const gchar *display_name;
  GstVoiceCallBy by;
  const gchar *cause;
  guint status;
  gboolean speak_early;
  const gchar *source;
  const gchar *admitted;
  const gchar *abilities;
  const gchar *trunk;
  const GstStructure *headers;
  const GstStructure *origin;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstVoiceCall;

GST_VOICE_AGENT_API
const gchar *gst_voice_call_state_to_string (GstVoiceCallState state);
GST_VOICE_AGENT_API
gboolean gst_voice_call_state_is_up (GstVoiceCallState state);
GST_VOICE_AGENT_API
const gchar *gst_voice_call_by_to_string (GstVoiceCallBy by);

/**
 * GstVoiceControlAction:
 * @GST_VOICE_CONTROL_HANG_UP: end the call
 * @GST_VOICE_CONTROL_TRANSFER: give it to @target, an address
 * @GST_VOICE_CONTROL_HOLD: put it on hold
 * @GST_VOICE_CONTROL_RESUME: take it back
 * @GST_VOICE_CONTROL_SEND_DTMF: send @target, digits
 *
 * Since: 0.1
 */
typedef enum
{
  GST_VOICE_CONTROL_HANG_UP,
  GST_VOICE_CONTROL_TRANSFER,
  GST_VOICE_CONTROL_HOLD,
  GST_VOICE_CONTROL_RESUME,
  GST_VOICE_CONTROL_SEND_DTMF,
} GstVoiceControlAction;

/**
 * GstVoiceControl:
 * @action: what is to be done
 * @id: (nullable): names this request in its result
 * @to: (nullable): call-id of the call that it is meant for, %NULL = the only one
 * @target: (nullable): address, or digits, as @action says
 *
 * Something to be done with a call. Who fills it in zeroes what it does not know.
 *
 * Since: 0.1
 */
typedef struct
{
  GstVoiceControlAction action;
  const gchar *id;
  const gchar *to;
  const gchar *target;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstVoiceControl;

GST_VOICE_AGENT_API
const gchar *gst_voice_control_action_to_string (GstVoiceControlAction action);
GST_VOICE_AGENT_API
gboolean gst_voice_control_action_from_string (const gchar *string,
    GstVoiceControlAction *action);

G_END_DECLS
