/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsipmessages.h"

#include "common/event/gstvoicemessages.h"

#define CHANNEL "sip"

static const gchar *
text_of (const gchar *text)
{
  return text != NULL ? text : "";
}

/* FALSE: it is no fact of a call. */
static gboolean
find_state (SipCallState state, GstVoiceCallState *found)
{
  static const struct
  {
    SipCallState state;
    GstVoiceCallState said;
  } states[] = {
    { SIP_CALL_CALLING, GST_VOICE_CALL_CALLING },
    { SIP_CALL_RINGING, GST_VOICE_CALL_RINGING },
    { SIP_CALL_EARLY, GST_VOICE_CALL_EARLY },
    { SIP_CALL_ANSWERED, GST_VOICE_CALL_ANSWERED },
    { SIP_CALL_CHANGED, GST_VOICE_CALL_CHANGED },
    { SIP_CALL_HELD, GST_VOICE_CALL_HELD },
    { SIP_CALL_RESUMED, GST_VOICE_CALL_RESUMED },
    { SIP_CALL_ENDED, GST_VOICE_CALL_ENDED },
    { SIP_CALL_REFUSED, GST_VOICE_CALL_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (states[i].state == state) {
      *found = states[i].said;
      return TRUE;
    }
  return FALSE;
}

static GstVoiceCallBy
by_of (const SipCallEvent *event)
{
  static const GstVoiceCallBy bys[] = {
    [SIP_CALL_BY_US] = GST_VOICE_CALL_BY_US,
    [SIP_CALL_BY_PEER] = GST_VOICE_CALL_BY_PEER,
    [SIP_CALL_BY_NETWORK] = GST_VOICE_CALL_BY_NETWORK,
  };

  return event->state == SIP_CALL_ENDED || event->state == SIP_CALL_FAILED ||
          event->state == SIP_CALL_REFUSED || event->state == SIP_CALL_HELD ||
          event->state == SIP_CALL_RESUMED
      ? bys[event->by]
      : GST_VOICE_CALL_BY_NOBODY;
}

GstVoiceCall
gst_sip_describe_call (const SipCallEvent *event, const gchar *session,
    GstVoiceCallState state)
{
  return (GstVoiceCall){
    .state = state,
    .call_id = event->call_id,
    .channel = CHANNEL,
    .session = session,
    .line = event->line,
    .outgoing = event->outgoing,
    .from = event->from,
    .to = event->to,
    .display_name = event->display_name,
    .source = event->source,
    .admitted = event->admitted,
    .abilities = event->abilities,
    .trunk = event->trunk,
    .by = by_of (event),
    .cause = event->cause,
    .status = event->sip_status,
    .speak_early = event->speak_early,
    .headers = event->headers,
    .origin = event->origin,
  };
}

/* What a telephone has to say beyond what every call has. */
static void
add_facts (GstStructure *s, const SipCallEvent *event)
{
  if (event->signalling != NULL)
    gst_structure_set (s, "signalling", G_TYPE_STRING, event->signalling, NULL);
  if (event->state == SIP_CALL_ANSWERED)
    gst_structure_set (s, "setup-time", G_TYPE_UINT64, event->setup_time, NULL);
  if (event->state == SIP_CALL_ANSWERED || event->state == SIP_CALL_CHANGED)
    gst_structure_set (s, "encryption", G_TYPE_STRING,
        text_of (event->encryption), NULL);
  if (event->state == SIP_CALL_CHANGED)
    gst_structure_set (s, "held", G_TYPE_BOOLEAN, event->held, NULL);
  if (event->state == SIP_CALL_ENDED)
    gst_structure_set (s, "retry-after", G_TYPE_UINT, event->retry_after, NULL);
  if (event->state == SIP_CALL_REFUSED)
    gst_structure_set (s, "address", G_TYPE_STRING, text_of (event->address),
        "transport", G_TYPE_STRING, text_of (event->transport), "user-agent",
        G_TYPE_STRING, text_of (event->user_agent), "untold", G_TYPE_UINT,
        event->untold, NULL);
}

static GstMessage *
new_transfer (GstElement *element, const gchar *session,
    GstClockTime running_time, const SipCallEvent *event)
{
  return gst_message_new_element (GST_OBJECT (element),
      gst_structure_new ("voice/transfer", "state", G_TYPE_STRING,
          event->transfer, "call-id", G_TYPE_STRING, text_of (event->call_id),
          "channel", G_TYPE_STRING, CHANNEL, "session", G_TYPE_STRING, session,
          "running-time", G_TYPE_UINT64, running_time, "target", G_TYPE_STRING,
          text_of (event->target), "cause", G_TYPE_STRING,
          text_of (event->cause), "status", G_TYPE_UINT, event->sip_status,
          NULL));
}

static GstMessage *
new_try (GstElement *element, const gchar *session, GstClockTime running_time,
    const SipCallEvent *event)
{
  return gst_message_new_element (GST_OBJECT (element),
      gst_structure_new ("voice/try", "state", G_TYPE_STRING,
          event->has_failed ? "failed" : "trying", "call-id", G_TYPE_STRING,
          text_of (event->call_id), "channel", G_TYPE_STRING, CHANNEL,
          "session", G_TYPE_STRING, session, "running-time", G_TYPE_UINT64,
          running_time, "attempt", G_TYPE_UINT, event->attempt, "address",
          G_TYPE_STRING, text_of (event->address), "transport", G_TYPE_STRING,
          text_of (event->transport), "trunk", G_TYPE_STRING,
          text_of (event->trunk), "cause", G_TYPE_STRING,
          text_of (event->cause), "status", G_TYPE_UINT, event->sip_status,
          "avoided", G_TYPE_UINT, event->avoided, NULL));
}

static GstMessage *
new_call (GstElement *element, const gchar *session, GstClockTime running_time,
    const SipCallEvent *event)
{
  GstVoiceCallState state;

  if (!find_state (event->state, &state))
    return NULL;
  const GstVoiceCall call = gst_sip_describe_call (event, session, state);
  GstStructure *s = gst_voice_call_facts_new (&call, running_time);
  add_facts (s, event);
  return gst_message_new_element (GST_OBJECT (element), s);
}

GstMessage *
gst_sip_message_new (GstElement *element, const gchar *session,
    GstClockTime running_time, const SipCallEvent *event)
{
  if (event->state == SIP_CALL_TRANSFER)
    return new_transfer (element, session, running_time, event);
  if (event->state == SIP_CALL_TRIED)
    return new_try (element, session, running_time, event);
  return new_call (element, session, running_time, event);
}

GstMessage *
gst_sip_message_new_dtmf (GstElement *element, const gchar *session,
    GstClockTime running_time, const gchar *call_id, gchar digit,
    GstClockTime duration)
{
  const GstVoiceKey key = { .call_id = call_id,
    .channel = CHANNEL,
    .session = session,
    .digit = digit,
    .duration = duration };

  return gst_message_new_element (GST_OBJECT (element),
      gst_voice_dtmf_facts_new (&key, running_time));
}

GstMessage *
gst_sip_message_new_failure (GstElement *element, const gchar *session,
    const gchar *call_id, gboolean warning, const GError *error,
    guint sip_status)
{
  GstStructure *details = gst_structure_new ("details", "session",
      G_TYPE_STRING, session, "call-id", G_TYPE_STRING, text_of (call_id),
      "sip-status", G_TYPE_UINT, sip_status, NULL);

  if (warning)
    return gst_message_new_warning_with_details (GST_OBJECT (element),
        (GError *) error, NULL, details);
  return gst_message_new_error_with_details (GST_OBJECT (element),
      (GError *) error, NULL, details);
}
