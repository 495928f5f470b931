/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "oaievents.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MS 1000000
#define MAX_ASKED 64 /* who never answers them is not waited for */

/* A request that the agent has not decided on, or a TEXT that it took and has not told
 * of yet: before or after that it reads it, like what is spoken. */
typedef struct
{
  OaiRequest request;
  gboolean shown; /* the far end was told of the item */
  gboolean decided;
} Asked;

struct _OaiEvents
{
  OaiSend send;
  gpointer user;
  guint events, items, responses; /* made so far */
  guint caller_item; /* of the turn under way or just over */
  gboolean responding;
  struct
  {
    guint64 turn;
    guint item, response; /* item 0: nothing */
    gchar *text; /* the last that was told of them; NULL: nothing was */
  } saying; /* the agent's words under way */
  GQueue asked; /* Asked, the oldest first */
};

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  oai_request_clear (&asked->request);
  g_free (asked);
}

OaiEvents *
oai_events_new (OaiSend send, gpointer user)
{
  OaiEvents *self = g_new0 (OaiEvents, 1);

  self->send = send;
  self->user = user;
  g_queue_init (&self->asked);
  return self;
}

void
oai_events_free (OaiEvents *self)
{
  g_queue_clear_full (&self->asked, asked_free);
  g_free (self->saying.text);
  g_free (self);
}

/* ---- Writing */

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  if (value && !g_utf8_validate (value, -1, NULL))
    value = "";
  json_builder_add_string_value (builder, value ? value : "");
}

static void
add_id (JsonBuilder *builder, const gchar *name, const gchar *kind, guint n)
{
  g_autofree gchar *id = g_strdup_printf ("%s_%u", kind, n);

  add_string (builder, name, id);
}

static void
add_int (JsonBuilder *builder, const gchar *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
begin_object (JsonBuilder *builder, const gchar *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static JsonBuilder *
begin_event (OaiEvents *self, const gchar *type)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "type", type);
  add_id (builder, "event_id", "event", ++self->events);
  return builder;
}

/* Takes @builder. */
static void
end_event (OaiEvents *self, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree gchar *json = json_to_string (root, FALSE);
  g_object_unref (builder);
  self->send (json, self->user);
}

void
oai_events_opened (OaiEvents *self, const gchar *id)
{
  JsonBuilder *builder = begin_event (self, "session.created");

  begin_object (builder, "session");
  add_string (builder, "type", "realtime");
  add_string (builder, "object", "realtime.session");
  add_string (builder, "id", id);
  json_builder_end_object (builder);
  end_event (self, builder);
}

/* ---- Turns */

static void forget_written (OaiEvents *self);

/* Values of metadata are strings. */
static void
add_stage (JsonBuilder *builder, const gchar *name, guint64 duration)
{
  g_autofree gchar *ms = g_strdup_printf ("%" G_GUINT64_FORMAT, duration / MS);

  add_string (builder, name, ms);
}

static void
add_stages (JsonBuilder *builder, const OaiTurn *turn)
{
  const guint64 out = turn->speech_end + turn->turn_around;

  if (!turn->turn_around)
    return;
  add_stage (builder, "turn_around_ms", turn->turn_around);
  if (turn->speech_end > turn->decision || turn->decision > turn->first_in ||
      turn->first_in > out)
    return; /* an answer that was begun before */
  add_stage (builder, "decision_ms", turn->decision - turn->speech_end);
  add_stage (builder, "agent_ms", turn->first_in - turn->decision);
}

static void
begin_response (OaiEvents *self, const OaiTurn *turn)
{
  JsonBuilder *builder = begin_event (self, "response.created");

  begin_object (builder, "response");
  add_id (builder, "id", "resp", ++self->responses);
  add_string (builder, "object", "realtime.response");
  add_string (builder, "status", "in_progress");
  begin_object (builder, "metadata");
  add_stages (builder, turn);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  end_event (self, builder);
}

static void
buffer_event (OaiEvents *self, const gchar *type)
{
  JsonBuilder *builder = begin_event (self, type);

  add_id (builder, "response_id", "resp", self->responses);
  end_event (self, builder);
}

static void
end_response (OaiEvents *self, gboolean cancelled)
{
  JsonBuilder *builder = begin_event (self, "response.done");

  begin_object (builder, "response");
  add_id (builder, "id", "resp", self->responses);
  add_string (builder, "object", "realtime.response");
  add_string (builder, "status", cancelled ? "cancelled" : "completed");
  if (cancelled) {
    begin_object (builder, "status_details");
    add_string (builder, "type", "cancelled");
    add_string (builder, "reason", "turn_detected");
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
  end_event (self, builder);
}

static void
response_started (OaiEvents *self, const OaiTurn *turn)
{
  self->responding = TRUE;
  begin_response (self, turn);
  buffer_event (self, "output_audio_buffer.started");
}

/* An answer may be cut off before its first frame: nobody heard of it. */
static void
response_ended (OaiEvents *self, gboolean cancelled)
{
  if (!self->responding)
    return;
  self->responding = FALSE;
  buffer_event (self,
      cancelled ? "output_audio_buffer.cleared"
                : "output_audio_buffer.stopped");
  end_response (self, cancelled);
}

static void
speech_event (OaiEvents *self, const gchar *type, const gchar *name,
    guint64 time)
{
  JsonBuilder *builder = begin_event (self, type);

  if (name)
    add_int (builder, name, (gint64) (time / MS));
  add_id (builder, "item_id", "item", self->caller_item);
  end_event (self, builder);
}

void
oai_events_turn (OaiEvents *self, const gchar *state, const OaiTurn *turn)
{
  if (!g_strcmp0 (state, "speech-started")) {
    forget_written (self);
    self->caller_item = ++self->items;
    speech_event (self, "input_audio_buffer.speech_started", "audio_start_ms",
        turn->speech_start);
  } else if (!g_strcmp0 (state, "speech-stopped")) {
    speech_event (self, "input_audio_buffer.speech_stopped", "audio_end_ms",
        turn->speech_end);
    speech_event (self, "input_audio_buffer.committed", NULL, 0);
  } else if (!g_strcmp0 (state, "response-started") ||
      (!g_strcmp0 (state, "response-resumed") && !self->responding)) {
    response_started (self, turn);
  } else if (!g_strcmp0 (state, "response-done")) {
    response_ended (self, FALSE);
  } else if (!g_strcmp0 (state, "interrupted")) {
    response_ended (self, TRUE);
  }
}

/* ---- What the far end writes */

static void
item_event (OaiEvents *self, const gchar *type, const gchar *id,
    const gchar *text)
{
  JsonBuilder *builder = begin_event (self, type);

  begin_object (builder, "item");
  add_string (builder, "id", id);
  add_string (builder, "object", "realtime.item");
  add_string (builder, "type", "message");
  add_string (builder, "status", "completed");
  add_string (builder, "role", "user");
  json_builder_set_member_name (builder, "content");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_string (builder, "type", "input_text");
  add_string (builder, "text", text);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  end_event (self, builder);
}

static void
show_item (OaiEvents *self, Asked *asked)
{
  g_autofree gchar *id = g_strdup_printf ("item_%u", ++self->items);
  const gchar *own = asked->request.item_id;

  asked->shown = TRUE;
  item_event (self, "conversation.item.added", own ? own : id,
      asked->request.text);
  item_event (self, "conversation.item.done", own ? own : id,
      asked->request.text);
}

static void
session_updated (OaiEvents *self, const Asked *asked)
{
  JsonBuilder *builder = begin_event (self, "session.updated");

  begin_object (builder, "session");
  add_string (builder, "type", "realtime");
  add_string (builder, "object", "realtime.session");
  add_string (builder, "instructions", asked->request.text);
  json_builder_end_object (builder);
  end_event (self, builder);
}

void
oai_events_asked (OaiEvents *self, const OaiRequest *request)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->request = (OaiRequest){ request->type, g_strdup (request->text),
    g_strdup (request->event_id), g_strdup (request->item_id) };
  g_queue_push_tail (&self->asked, asked);
  if (self->asked.length > MAX_ASKED)
    asked_free (g_queue_pop_head (&self->asked));
}

static GList *
find_asked (OaiEvents *self, OaiRequestType type)
{
  for (GList *link = self->asked.head; link; link = link->next) {
    const Asked *asked = link->data;
    if (asked->request.type == type && !asked->decided)
      return link;
  }
  return NULL;
}

static void
forget (OaiEvents *self, GList *link)
{
  asked_free (link->data);
  g_queue_delete_link (&self->asked, link);
}

void
oai_events_decided (OaiEvents *self, OaiRequestType type, const gchar *refusal)
{
  GList *link = find_asked (self, type);

  if (!link) /* somebody else's */
    return;
  Asked *asked = link->data;
  gboolean told = asked->shown;
  if (refusal && *refusal)
    oai_events_error (self, "unsupported", refusal, asked->request.event_id);
  else if (type == OAI_TEXT && !told)
    show_item (self, asked);
  else if (type == OAI_INSTRUCTIONS)
    session_updated (self, asked);
  asked->decided = TRUE;
  if (type != OAI_TEXT || told || (refusal && *refusal))
    forget (self, link);
}

/* Who speaks now has written before, and the same words may be spoken. */
static void
forget_written (OaiEvents *self)
{
  for (GList *link = self->asked.head; link;) {
    GList *next = link->next;
    if (((const Asked *) link->data)->decided)
      forget (self, link);
    link = next;
  }
}

/* The next letter or digit from @text on, 0 at the end. */
static gunichar
next_letter (const gchar **text)
{
  while (**text) {
    const gunichar c = g_utf8_get_char (*text);
    *text = g_utf8_next_char (*text);
    if (g_unichar_isalnum (c))
      return g_unichar_tolower (c);
  }
  return 0;
}

/* An agent may tell what it read without case and marks. */
static gboolean
are_same_words (const gchar *a, const gchar *b)
{
  if (!a || !b || !g_utf8_validate (a, -1, NULL) ||
      !g_utf8_validate (b, -1, NULL))
    return FALSE;
  gunichar c;
  do {
    c = next_letter (&a);
    if (c != next_letter (&b))
      return FALSE;
  } while (c);
  return TRUE;
}

static gboolean
is_written (OaiEvents *self, const gchar *text)
{
  for (GList *link = self->asked.head; link; link = link->next) {
    Asked *asked = link->data;
    if (asked->request.type != OAI_TEXT || (asked->shown && !asked->decided) ||
        !are_same_words (asked->request.text, text))
      continue;
    if (!asked->shown)
      show_item (self, asked);
    if (asked->decided)
      forget (self, link);
    return TRUE;
  }
  return FALSE;
}

/* ---- Transcripts */

void
oai_events_caller_said (OaiEvents *self, const gchar *text,
    const gchar *rejected)
{
  gboolean taken = !rejected || !*rejected;

  if (is_written (self, text))
    return;
  JsonBuilder *builder = begin_event (self,
      taken ? "conversation.item.input_audio_transcription.completed"
            : "conversation.item.input_audio_transcription.failed");
  if (!self->caller_item)
    self->caller_item = ++self->items;
  add_id (builder, "item_id", "item", self->caller_item);
  add_int (builder, "content_index", 0);
  if (taken) {
    add_string (builder, "transcript", text);
  } else {
    begin_object (builder, "error");
    add_string (builder, "type", "not_understood");
    add_string (builder, "message", rejected);
    json_builder_end_object (builder);
  }
  end_event (self, builder);
}

static JsonBuilder *
begin_agent_event (OaiEvents *self, const gchar *type)
{
  JsonBuilder *builder = begin_event (self, type);

  add_id (builder, "response_id", "resp", self->saying.response);
  add_id (builder, "item_id", "item", self->saying.item);
  add_int (builder, "output_index", 0);
  add_int (builder, "content_index", 0);
  return builder;
}

static void
begin_saying (OaiEvents *self, guint64 turn)
{
  if (self->saying.item && self->saying.turn == turn)
    return;
  g_clear_pointer (&self->saying.text, g_free);
  self->saying.turn = turn;
  self->saying.item = ++self->items;
  self->saying.response =
      self->responding ? self->responses : self->responses + 1;
}

/* Some agents tell clause after clause, some all the words that there are, again and
 * again. */
static gchar *
take_new_words (OaiEvents *self, const gchar *text)
{
  g_autofree gchar *before = g_steal_pointer (&self->saying.text);

  self->saying.text = g_strdup (text);
  if (!before)
    return g_strdup (text);
  return g_str_has_prefix (text, before) ? g_strdup (text + strlen (before))
                                         : g_strconcat (" ", text, NULL);
}

void
oai_events_agent_says (OaiEvents *self, const gchar *text, guint64 turn)
{
  begin_saying (self, turn);
  g_autofree gchar *more = take_new_words (self, text ? text : "");
  if (!*more)
    return;
  JsonBuilder *builder =
      begin_agent_event (self, "response.output_audio_transcript.delta");

  add_string (builder, "delta", more);
  end_event (self, builder);
}

void
oai_events_agent_said (OaiEvents *self, const gchar *text, guint64 turn)
{
  begin_saying (self, turn);
  JsonBuilder *builder =
      begin_agent_event (self, "response.output_audio_transcript.done");
  add_string (builder, "transcript", text);
  end_event (self, builder);
  self->saying.item = 0;
}

void
oai_events_tool (OaiEvents *self, const gchar *id, const gchar *name,
    const gchar *arguments)
{
  JsonBuilder *builder =
      begin_event (self, "response.function_call_arguments.done");

  add_id (builder, "response_id", "resp", self->responses);
  add_string (builder, "call_id", id);
  add_string (builder, "name", name);
  add_string (builder, "arguments", arguments);
  end_event (self, builder);
}

void
oai_events_error (OaiEvents *self, const gchar *type, const gchar *message,
    const gchar *event_id)
{
  JsonBuilder *builder = begin_event (self, "error");

  begin_object (builder, "error");
  add_string (builder, "type", type);
  add_string (builder, "message", message);
  if (event_id)
    add_string (builder, "event_id", event_id);
  json_builder_end_object (builder);
  end_event (self, builder);
}

void
oai_events_ended (OaiEvents *self, const gchar *reason)
{
  JsonBuilder *builder = begin_event (self, "voice.call.ended");

  add_string (builder, "reason", reason);
  end_event (self, builder);
}
