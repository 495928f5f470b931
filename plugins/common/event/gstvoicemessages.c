/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoicemessages.h"

static const gchar *
text_of (const gchar *text)
{
  return text ? text : "";
}

GstStructure *
gst_voice_call_facts_new (const GstVoiceCall *call, GstClockTime running_time)
{
  GstStructure *s = gst_voice_call_to_structure (call, "voice/call");

  gst_structure_set (s, "running-time", G_TYPE_UINT64, running_time, NULL);
  return s;
}

GstStructure *
gst_voice_dtmf_facts_new (const GstVoiceKey *key, GstClockTime running_time)
{
  const gchar digit[] = { key->digit, '\0' };

  return gst_structure_new ("voice/dtmf", "call-id", G_TYPE_STRING,
      text_of (key->call_id), "channel", G_TYPE_STRING, text_of (key->channel),
      "session", G_TYPE_STRING, text_of (key->session), "running-time",
      G_TYPE_UINT64, running_time, "digit", G_TYPE_STRING, digit, "duration",
      G_TYPE_UINT64, key->duration, NULL);
}
