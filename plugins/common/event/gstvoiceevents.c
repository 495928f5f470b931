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

#define OUTGOING "outgoing"

/* What strangers wrote comes here, too. */
static const gchar *
valid_text (const gchar *text)
{
  return text && g_utf8_validate (text, -1, NULL) ? text : "";
}

static gboolean
state_from_string (const gchar *word, GstVoiceCallState *state)
{
  for (guint i = 0; word && i <= GST_VOICE_CALL_REFUSED; i++)
    if (!strcmp (gst_voice_call_state_to_string (i), word)) {
      *state = (GstVoiceCallState) i;
      return TRUE;
    }
  return FALSE;
}

static GstVoiceCallBy
by_from_string (const gchar *word)
{
  for (guint i = 0; i <= GST_VOICE_CALL_BY_NETWORK; i++)
    if (!strcmp (gst_voice_call_by_to_string (i), word))
      return (GstVoiceCallBy) i;
  return GST_VOICE_CALL_BY_NOBODY;
}

GstStructure *
gst_voice_call_to_structure (const GstVoiceCall *call, const gchar *name)
{
  GstStructure *s = gst_structure_new (name, "state", G_TYPE_STRING,
      gst_voice_call_state_to_string (call->state), "call-id", G_TYPE_STRING,
      valid_text (call->call_id), "channel", G_TYPE_STRING,
      valid_text (call->channel), "session", G_TYPE_STRING,
      valid_text (call->session), "line", G_TYPE_STRING,
      valid_text (call->line), "direction", G_TYPE_STRING,
      call->outgoing ? OUTGOING : "incoming", "from", G_TYPE_STRING,
      valid_text (call->from), "to", G_TYPE_STRING, valid_text (call->to),
      "display-name", G_TYPE_STRING, valid_text (call->display_name), "source",
      G_TYPE_STRING, valid_text (call->source), "admitted", G_TYPE_STRING,
      valid_text (call->admitted), "abilities", G_TYPE_STRING,
      valid_text (call->abilities), "trunk", G_TYPE_STRING,
      valid_text (call->trunk), "by", G_TYPE_STRING,
      gst_voice_call_by_to_string (call->by), "cause", G_TYPE_STRING,
      valid_text (call->cause), "status", G_TYPE_UINT, call->status, NULL);

  if (call->headers)
    gst_structure_set (s, "headers", GST_TYPE_STRUCTURE, call->headers, NULL);
  if (call->origin)
    gst_structure_set (s, "origin", GST_TYPE_STRUCTURE, call->origin, NULL);
  return s;
}

static const gchar *
get_text (const GstStructure *s, const gchar *field)
{
  return text_or_empty (gst_structure_get_string (s, field));
}

static const GstStructure *
get_structure (const GstStructure *s, const gchar *field)
{
  const GValue *value = gst_structure_get_value (s, field);

  return value && GST_VALUE_HOLDS_STRUCTURE (value)
      ? gst_value_get_structure (value)
      : NULL;
}

gboolean
gst_voice_call_from_structure (const GstStructure *s, GstVoiceCall *call)
{
  GstVoiceCallState state;

  if (!state_from_string (gst_structure_get_string (s, "state"), &state))
    return FALSE;
  *call = (GstVoiceCall){
    .state = state,
    .call_id = get_text (s, "call-id"),
    .channel = get_text (s, "channel"),
    .session = get_text (s, "session"),
    .line = get_text (s, "line"),
    .outgoing = g_str_equal (get_text (s, "direction"), OUTGOING),
    .from = get_text (s, "from"),
    .to = get_text (s, "to"),
    .display_name = get_text (s, "display-name"),
    .source = get_text (s, "source"),
    .admitted = get_text (s, "admitted"),
    .abilities = get_text (s, "abilities"),
    .trunk = get_text (s, "trunk"),
    .by = by_from_string (get_text (s, "by")),
    .cause = get_text (s, "cause"),
    .headers = get_structure (s, "headers"),
    .origin = get_structure (s, "origin"),
  };
  gst_structure_get_uint (s, "status", &call->status);
  gst_structure_get_boolean (s, "speak-early", &call->speak_early);
  return TRUE;
}

/* Only the stream is told who may speak. */
static GstEvent *
new_call_event (const GstVoiceCall *call, GstEventType type)
{
  GstStructure *s = gst_voice_call_to_structure (call, CALL);

  gst_structure_set (s, "speak-early", G_TYPE_BOOLEAN, call->speak_early, NULL);
  return gst_event_new_custom (type, s);
}

GstEvent *
gst_voice_call_event_new (const GstVoiceCall *call)
{
  return new_call_event (call, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY);
}

GstEvent *
gst_voice_call_event_new_upstream (const GstVoiceCall *call)
{
  return new_call_event (call, GST_EVENT_CUSTOM_UPSTREAM);
}

gboolean
gst_voice_call_event_parse (GstEvent *event, GstVoiceCall *call)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, CALL);

  if (!s)
    s = custom_structure (event, GST_EVENT_CUSTOM_UPSTREAM, CALL);
  /* Those two are said on the bus only. */
  return s && gst_voice_call_from_structure (s, call) &&
      call->state != GST_VOICE_CALL_CHANGED &&
      call->state != GST_VOICE_CALL_REFUSED;
}

/* ---- voice-control */

#define CONTROL "voice-control"
#define CONTROL_RESULT "voice-control-result"

GstEvent *
gst_voice_control_event_new (const GstVoiceControl *control)
{
  GstStructure *s = gst_structure_new (CONTROL, "action", G_TYPE_STRING,
      gst_voice_control_action_to_string (control->action), "id", G_TYPE_STRING,
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
      gst_voice_control_action_to_string (result->action), "id", G_TYPE_STRING,
      text_or_empty (result->id), "result", G_TYPE_STRING,
      text_or_empty (result->result), "status", G_TYPE_UINT, result->status,
      NULL);

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
  result->status = 0;
  gst_structure_get_uint (s, "status", &result->status);
  return TRUE;
}

gboolean
gst_voice_control_result_is_final (const gchar *result)
{
  static const gchar *const steps[] = { "asked", "trying", "ringing", NULL };

  return !result || !g_strv_contains (steps, result);
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

/* ---- voice-agent-ready */

#define READY "voice-agent-ready"

GstEvent *
gst_voice_ready_event_new (const gchar *call_id)
{
  return gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
      gst_structure_new (READY, "call-id", G_TYPE_STRING,
          text_or_empty (call_id), NULL));
}

gboolean
gst_voice_ready_event_parse (GstEvent *event, const gchar **call_id)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_UPSTREAM, READY);

  if (!s)
    return FALSE;
  *call_id = text_or_empty (gst_structure_get_string (s, "call-id"));
  return TRUE;
}

/* ---- voice-path */

#define PATH "voice-path"
#define MAX_PATH (10 * GST_SECOND) /* no call is held over a longer one */

GstEvent *
gst_voice_path_event_new (GstClockTime delay)
{
  return gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
      gst_structure_new (PATH, "delay", G_TYPE_UINT64, delay, NULL));
}

gboolean
gst_voice_path_event_parse (GstEvent *event, GstClockTime *delay)
{
  const GstStructure *s =
      custom_structure (event, GST_EVENT_CUSTOM_UPSTREAM, PATH);

  return s && gst_structure_get_uint64 (s, "delay", delay) &&
      *delay <= MAX_PATH;
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
