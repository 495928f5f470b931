/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "gstvoiceevents.h"

G_BEGIN_DECLS
VOICE_API_BEGIN

/* What any channel says of its calls on the bus: one constructor for each message.
 * Both are (transfer full), and to both a channel adds facts that only it has. Times
 * are in ns. Any thread. */

/* "voice/call": the fields of GstVoiceCall, all of them always but `headers` and
 * `origin`, and
 * running-time. What they mean, and what the channels add, stands in
 * pipelines/README.md. */
GstStructure *gst_voice_call_facts_new (const GstVoiceCall *call,
    GstClockTime running_time);

/* "voice/dtmf": a key of the far end was let go; strings and digit of @key. */
typedef struct
{
  const gchar *call_id;
  const gchar *channel; /* "sip" */
  const gchar *session;
  gchar digit; /* 0-9 * # A-D */
  GstClockTime duration; /* for which it was pressed, 0 = not known */
} GstVoiceKey;

GstStructure *gst_voice_dtmf_facts_new (const GstVoiceKey *key,
    GstClockTime running_time);

VOICE_API_END
G_END_DECLS
