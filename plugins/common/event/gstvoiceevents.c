/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstvoiceevents.h"

#include <string.h>

static const gchar *
text_or_empty (const gchar *text)
{
  return text ? text : "";
}

/* The structure of a custom event of @type called @name, else NULL. */
static const GstStructure *
custom_structure (GstEvent *event, GstEventType type, const gchar *name)
{
  if (GST_EVENT_TYPE (event) != type || !gst_event_has_name (event, name))
    return NULL;
  return gst_event_get_structure (event);
}

/* ---- voice-call */

#define CALL "voice-call"

static const gchar *const call_states[] = {
  [GST_VOICE_CALL_RINGING] = "ringing",
  [GST_VOICE_CALL_EARLY] = "early",
  [GST_VOICE_CALL_ANSWERED] = "answered",
  [GST_VOICE_CALL_HELD] = "held",
  [GST_VOICE_CALL_RESUMED] = "resumed",
  [GST_VOICE_CALL_ENDED] = "ended",
};

const gchar *
gst_voice_call_state_to_string (GstVoiceCallState state)
{
  return call_states[state];
}

static gboolean
call_state_from_string (const gchar *string, GstVoiceCallState *state)
{
  for (guint i = 0; string && i < G_N_ELEMENTS (call_states); i++)
    if (!strcmp (call_states[i], string)) {
      *state = (GstVoiceCallState) i;
      return TRUE;
    }
  return FALSE;
}

gboolean
gst_voice_call_state_is_up (GstVoiceCallState state)
{
  return state == GST_VOICE_CALL_ANSWERED || state == GST_VOICE_CALL_HELD ||
      state == GST_VOICE_CALL_RESUMED;
}

static GstStructure *
call_structure (const GstVoiceCall *call)
{
  GstStructure *s = gst_structure_new (CALL, "state", G_TYPE_STRING,
      call_states[call->state], "call-id", G_TYPE_STRING,
      text_or_empty (call->call_id), "channel", G_TYPE_STRING,
      text_or_empty (call->channel), "from", G_TYPE_STRING,
      text_or_empty (call->from), "to", G_TYPE_STRING, text_or_empty (call->to),
      "display-name", G_TYPE_STRING, text_or_empty (call->display_name),
      "speak-early", G_TYPE_BOOLEAN, call->speak_early, NULL);

  if (call->headers)
    gst_structure_set (s, "headers", GST_TYPE_STRUCTURE, call->headers, NULL);
  return s;
}

GstEvent *
gst_voice_call_event_new (const GstVoiceCall *call)
{
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
      call_structure (call));
}

GstEvent *
gst_voice_call_event_new_upstream (const GstVoiceCall *call)
{
  return gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
      call_structure (call));
}

gboolean
gst_voice_call_event_parse (GstEvent *event, GstVoiceCall *call)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, CALL);

  if (!s)
    s = custom_structure (event, GST_EVENT_CUSTOM_UPSTREAM, CALL);
  if (!s)
    return FALSE;
  GstVoiceCallState state;
  if (!call_state_from_string (gst_structure_get_string (s, "state"), &state))
    return FALSE;
  gboolean speak_early = FALSE;
  gst_structure_get_boolean (s, "speak-early", &speak_early);
  const GValue *headers = gst_structure_get_value (s, "headers");
  *call = (GstVoiceCall){
    .state = state,
    .call_id = text_or_empty (gst_structure_get_string (s, "call-id")),
    .channel = text_or_empty (gst_structure_get_string (s, "channel")),
    .from = text_or_empty (gst_structure_get_string (s, "from")),
    .to = text_or_empty (gst_structure_get_string (s, "to")),
    .display_name =
        text_or_empty (gst_structure_get_string (s, "display-name")),
    .speak_early = speak_early,
    .headers = headers && GST_VALUE_HOLDS_STRUCTURE (headers)
        ? gst_value_get_structure (headers)
        : NULL,
  };
  return TRUE;
}

/* ---- voice-control */

#define CONTROL "voice-control"
#define CONTROL_RESULT "voice-control-result"

static const gchar *const actions[] = {
  [GST_VOICE_CONTROL_HANG_UP] = "hang-up",
  [GST_VOICE_CONTROL_TRANSFER] = "transfer",
  [GST_VOICE_CONTROL_HOLD] = "hold",
  [GST_VOICE_CONTROL_RESUME] = "resume",
  [GST_VOICE_CONTROL_SEND_DTMF] = "send-dtmf",
};

const gchar *
gst_voice_control_action_to_string (GstVoiceControlAction action)
{
  return actions[action];
}

gboolean
gst_voice_control_action_from_string (const gchar *string,
    GstVoiceControlAction *action)
{
  for (guint i = 0; string && i < G_N_ELEMENTS (actions); i++)
    if (!strcmp (actions[i], string)) {
      *action = (GstVoiceControlAction) i;
      return TRUE;
    }
  return FALSE;
}

GstEvent *
gst_voice_control_event_new (const GstVoiceControl *control)
{
  GstStructure *s = gst_structure_new (CONTROL, "action", G_TYPE_STRING,
      actions[control->action], "id", G_TYPE_STRING,
      text_or_empty (control->id), NULL);

  if (control->to)
    gst_structure_set (s, "to", G_TYPE_STRING, control->to, NULL);
  if (control->target)
    gst_structure_set (s, "target", G_TYPE_STRING, control->target, NULL);
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, s);
}

gboolean
gst_voice_control_event_parse (GstEvent *event, GstVoiceControl *control)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_DOWNSTREAM, CONTROL);

  if (!s ||
      !gst_voice_control_action_from_string (gst_structure_get_string (s,
                                                 "action"),
          &control->action))
    return FALSE;
  control->id = text_or_empty (gst_structure_get_string (s, "id"));
  control->to = gst_structure_get_string (s, "to");
  control->target = gst_structure_get_string (s, "target");
  return TRUE;
}

GstEvent *
gst_voice_control_result_event_new (const GstVoiceControlResult *result)
{
  GstStructure *s = gst_structure_new (CONTROL_RESULT, "action", G_TYPE_STRING,
      actions[result->action], "id", G_TYPE_STRING, text_or_empty (result->id),
      "result", G_TYPE_STRING, text_or_empty (result->result), NULL);

  if (result->reason)
    gst_structure_set (s, "reason", G_TYPE_STRING, result->reason, NULL);
  return gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, s);
}

gboolean
gst_voice_control_result_event_parse (GstEvent *event,
    GstVoiceControlResult *result)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_UPSTREAM, CONTROL_RESULT);

  if (!s ||
      !gst_voice_control_action_from_string (gst_structure_get_string (s,
                                                 "action"),
          &result->action))
    return FALSE;
  result->id = text_or_empty (gst_structure_get_string (s, "id"));
  result->result = text_or_empty (gst_structure_get_string (s, "result"));
  result->reason = gst_structure_get_string (s, "reason");
  return TRUE;
}

/* ---- dtmf-event */

/* RFC 4733 table 7: 0-9, *, #, A-D. */
static const gchar digits[] = "0123456789*#ABCD";

gint
gst_voice_dtmf_number (gchar digit)
{
  const gchar *at = digit ? strchr (digits, g_ascii_toupper (digit)) : NULL;

  return at ? (gint) (at - digits) : -1;
}

gchar
gst_voice_dtmf_digit (gint number)
{
  return number >= 0 && number < 16 ? digits[number] : 0;
}

GstEvent *
gst_voice_dtmf_event_new (gchar digit, guint duration)
{
  GstStructure *s = gst_structure_new ("dtmf-event", "type", G_TYPE_INT, 1,
      "number", G_TYPE_INT, gst_voice_dtmf_number (digit), "volume", G_TYPE_INT,
      10, "start", G_TYPE_BOOLEAN, TRUE, "method", G_TYPE_INT, 1, NULL);

  if (duration)
    gst_structure_set (s, "duration", G_TYPE_UINT, duration, NULL);
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, s);
}

gboolean
gst_voice_dtmf_event_parse (GstEvent *event, gchar *digit, guint *duration)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_DOWNSTREAM, "dtmf-event");
  gboolean start = TRUE;
  gint number, type = 1;

  if (!s)
    return FALSE;
  gst_structure_get_int (s, "type", &type); /* 1: an RFC 4733 event */
  if (type != 1 || !gst_structure_get_int (s, "number", &number) ||
      !gst_voice_dtmf_digit (number))
    return FALSE;
  gst_structure_get_boolean (s, "start", &start);
  *digit = gst_voice_dtmf_digit (number);
  *duration = 0;
  gst_structure_get_uint (s, "duration", duration);
  return start;
}

/* ---- voice-event */

#define FACTS "voice-event"

GstEvent *
gst_voice_event_new (GstStructure *facts)
{
  GstStructure *s =
      gst_structure_new (FACTS, "facts", GST_TYPE_STRUCTURE, facts, NULL);

  gst_structure_free (facts);
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, s);
}

gboolean
gst_voice_event_parse (GstEvent *event, const GstStructure **facts)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_DOWNSTREAM, FACTS);
  const GValue *value = s ? gst_structure_get_value (s, "facts") : NULL;

  if (!value || !GST_VALUE_HOLDS_STRUCTURE (value))
    return FALSE;
  *facts = gst_value_get_structure (value);
  return TRUE;
}

/* ---- voice-input */

#define INPUT "voice-input"

static const gchar *const input_types[] = { "text", "interrupt",
  "instructions" };

const gchar *
gst_voice_input_type_to_string (GstVoiceInputType type)
{
  return input_types[type];
}

GstEvent *
gst_voice_input_event_new (GstVoiceInputType type, const gchar *text)
{
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_OOB,
      gst_structure_new (INPUT, "type", G_TYPE_STRING, input_types[type],
          "text", G_TYPE_STRING, text_or_empty (text), NULL));
}

gboolean
gst_voice_input_event_parse (GstEvent *event, GstVoiceInputType *type,
    const gchar **text)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_DOWNSTREAM_OOB, INPUT);
  const gchar *name = s ? gst_structure_get_string (s, "type") : NULL;

  for (guint i = 0; name && i < G_N_ELEMENTS (input_types); i++) {
    if (strcmp (name, input_types[i]))
      continue;
    *type = (GstVoiceInputType) i;
    *text = text_or_empty (gst_structure_get_string (s, "text"));
    return TRUE;
  }
  return FALSE;
}
