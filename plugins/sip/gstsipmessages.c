/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "gstsipmessages.h"

static const gchar *
text_of (const gchar *text)
{
  return text != NULL ? text : "";
}

static GstStructure *
new_facts (const gchar *name, const gchar *session, GstClockTime running_time)
{
  return gst_structure_new (name, "session", G_TYPE_STRING, session,
      "running-time", G_TYPE_UINT64, running_time, NULL);
}

static const gchar *
state_name (SipCallState state)
{
  switch (state) {
    case SIP_CALL_CALLING:
      return "calling";
    case SIP_CALL_RINGING:
      return "ringing";
    case SIP_CALL_EARLY:
      return "early";
    case SIP_CALL_ANSWERED:
      return "answered";
    case SIP_CALL_HELD:
      return "held";
    case SIP_CALL_RESUMED:
      return "resumed";
    case SIP_CALL_CHANGED:
      return "changed";
    case SIP_CALL_REFUSED:
      return "refused";
    case SIP_CALL_ENDED:
      return "ended";
    case SIP_CALL_CODEC:
    case SIP_CALL_WARNED:
    case SIP_CALL_FAILED:
      break;
  }
  return NULL;
}

static const gchar *
by_name (SipCallBy by)
{
  switch (by) {
    case SIP_CALL_BY_US:
      return "us";
    case SIP_CALL_BY_PEER:
      return "peer";
    case SIP_CALL_BY_NETWORK:
      break;
  }
  return "network";
}

GstMessage *
gst_sip_message_new_call (GstElement *element, const gchar *session,
    GstClockTime running_time, const SipCallEvent *event)
{
  const gchar *state = state_name (event->state);

  if (state == NULL)
    return NULL;
  GstStructure *s = new_facts ("sip/call", session, running_time);
  gst_structure_set (s, "state", G_TYPE_STRING, state, "call-id", G_TYPE_STRING,
      text_of (event->call_id), "direction", G_TYPE_STRING,
      event->outgoing ? "outgoing" : "incoming", "from", G_TYPE_STRING,
      text_of (event->from), "to", G_TYPE_STRING, text_of (event->to),
      "display-name", G_TYPE_STRING, text_of (event->display_name), NULL);
  if (event->headers != NULL)
    gst_structure_set (s, "headers", GST_TYPE_STRUCTURE, event->headers, NULL);
  if (event->state == SIP_CALL_ANSWERED)
    gst_structure_set (s, "setup-time", G_TYPE_UINT64, event->setup_time, NULL);
  if (event->state == SIP_CALL_CHANGED)
    gst_structure_set (s, "held", G_TYPE_BOOLEAN, event->held, NULL);
  if (event->state == SIP_CALL_ENDED)
    gst_structure_set (s, "by", G_TYPE_STRING, by_name (event->by), "cause",
        G_TYPE_STRING, text_of (event->cause), "sip-status", G_TYPE_UINT,
        event->sip_status, "retry-after", G_TYPE_UINT, event->retry_after,
        NULL);
  if (event->state == SIP_CALL_REFUSED)
    gst_structure_set (s, "address", G_TYPE_STRING, text_of (event->address),
        "transport", G_TYPE_STRING, text_of (event->transport), "user-agent",
        G_TYPE_STRING, text_of (event->user_agent), "cause", G_TYPE_STRING,
        text_of (event->cause), "sip-status", G_TYPE_UINT, event->sip_status,
        "untold", G_TYPE_UINT, event->untold, NULL);
  return gst_message_new_element (GST_OBJECT (element), s);
}

GstMessage *
gst_sip_message_new_dtmf (GstElement *element, const gchar *session,
    GstClockTime running_time, const gchar *call_id, gchar digit,
    GstClockTime duration)
{
  GstStructure *s = new_facts ("sip/dtmf", session, running_time);
  const gchar text[] = { digit, '\0' };

  gst_structure_set (s, "call-id", G_TYPE_STRING, text_of (call_id), "digit",
      G_TYPE_STRING, text, "duration", G_TYPE_UINT64, duration, NULL);
  return gst_message_new_element (GST_OBJECT (element), s);
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
