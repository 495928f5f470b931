/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaisessionprivate.h"

#include <string.h>

#define NS_PER_MS 1000000ull
#define MAX_TEXT AGENT_HISTORY_MAX_ENTRY /* bytes of one item */

typedef void (
    *Handler) (OpenaiSession *self, const OpenaiEvent *event, gint64 now);

/* ---- The session */

static void
on_updated (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (self->ready)
    return;
  self->ready = TRUE;
  self->actions->ready (self->user);
}

/* ---- The caller's turns, as the server finds them */

static gboolean
is_theirs (const OpenaiSession *self)
{
  return self->begun && self->config->turns != OPENAI_TURNS_OURS;
}

/* @shift: ms behind @ms at which the sound is. */
static guint64
time_of (const OpenaiSession *self, gint64 ms, gint64 shift)
{
  if (self->config->turns != OPENAI_TURNS_SERVER_VAD)
    shift = 0; /* nobody says what that adds */
  return ms < 0 ? OPENAI_NO_TIME
                : openai_clock_get_time (&self->clock, MAX (ms + shift, 0));
}

static void
on_speech_started (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (!is_theirs (self) || self->speaking)
    return;
  const guint64 start = time_of (self, event->ms, self->config->prefix_padding);

  self->speaking = TRUE;
  self->tool_rounds = 0;
  openai_response_forget_plain (self);
  openai_late_add_speech (self->late, event->item_id, start);
  self->actions->turn (self->user, TRUE, start);
}

static void
on_speech_stopped (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (!is_theirs (self) || !self->speaking)
    return;
  OpenaiSpeech *speech = openai_late_get_last_speech (self->late);
  guint64 end = time_of (self, event->ms, -(gint64) self->config->silence);

  self->speaking = FALSE;
  if (speech) {
    if (end != OPENAI_NO_TIME && speech->start != OPENAI_NO_TIME)
      end = MAX (end, speech->start);
    speech->end = end;
  }
  openai_response_expect (self, now);
  self->actions->turn (self->user, FALSE, end);
}

static void
on_committed (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  OpenaiSpeech *speech = openai_late_get_nameless_speech (self->late);

  if (!speech || !*event->item_id ||
      openai_late_find_speech (self->late, event->item_id))
    return;
  g_free (speech->item);
  speech->item = g_strdup (event->item_id);
}

static OpenaiSpeech *
get_speech (OpenaiSession *self, const OpenaiEvent *event)
{
  OpenaiSpeech *speech = openai_late_find_speech (self->late, event->item_id);

  return speech
      ? speech
      : openai_late_add_speech (self->late, event->item_id, OPENAI_NO_TIME);
}

/* FALSE: it is full. */
static gboolean
add_text (GString *text, const gchar *more)
{
  const gsize size = agent_history_fit (more, MAX_TEXT - text->len);

  g_string_append_len (text, more, (gssize) size);
  return size > 0;
}

static void
on_caller_delta (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  OpenaiSpeech *speech = get_speech (self, event);

  if (!add_text (speech->text, event->text))
    return;
  self->actions->caller_said (self->user, speech, speech->text->str, FALSE);
}

static void
on_caller_said (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  const OpenaiSpeech *speech = get_speech (self, event);
  const gchar *text = *event->text ? event->text : speech->text->str;

  if (!*text)
    return;
  agent_history_insert_caller (self->history, text, speech->answer);
  self->actions->caller_said (self->user, speech, text, TRUE);
}

/* ---- Responses */

static void
on_response_created (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  openai_response_created (self, event->response_id);
}

static void
on_response_done (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  const gboolean failed = g_str_equal (event->status, "failed");

  if (failed)
    openai_session_warn (self, event->code,
        *event->message ? event->message : "an answer failed", now);
  else if (g_str_equal (event->status, "incomplete"))
    openai_session_warn (self, event->code, "an answer was left incomplete",
        now);
  if (event->input_tokens >= 0 && event->output_tokens >= 0)
    self->actions->used (self->user, (guint64) event->input_tokens,
        (guint64) event->output_tokens);
  openai_response_done (self, event->response_id, failed, now);
}

static void
send_delete (OpenaiSession *self, const gchar *item)
{
  g_autofree gchar *id = openai_session_new_id (self, "delete");

  openai_session_send (self, openai_write_delete (id, item));
  openai_response_add_over (self, item, TRUE);
}

/* What comes of an answer that nobody hears any more. The caller has not heard what is
 * new of it, either: it goes out of the conversation. */
static gboolean
is_late (OpenaiSession *self, const OpenaiEvent *event, gboolean message)
{
  gboolean cut = FALSE;

  if (openai_response_is_over (self, event->item_id, NULL)) {
    self->n_late++;
    return TRUE;
  }
  if (!openai_response_is_over (self, event->response_id, &cut))
    return FALSE;
  self->n_late++;
  if (cut && message && *event->item_id)
    send_delete (self, event->item_id);
  return TRUE;
}

/* In place of another one, where there are too many: its answer is over. */
static OpenaiItem *
get_item (OpenaiSession *self, const OpenaiEvent *event)
{
  const OpenaiItem *excess = openai_items_find (self->items, event->item_id)
      ? NULL
      : openai_items_get_excess (self->items);

  if (excess && excess->answer && !excess->ended) {
    openai_response_add_over (self, excess->id, TRUE);
    self->actions->end_answer (self->user, excess->answer);
  }
  return openai_items_get (self->items, event->item_id, event->response_id);
}

static void
call_tool (OpenaiSession *self, const OpenaiEvent *event)
{
  const gchar *id = *event->call_id ? event->call_id : event->item_id;

  if (!*id)
    return;
  OpenaiCall *call =
      openai_late_get_call (self->late, id, event->tool, self->connection);
  if (call->called || !call->name)
    return;
  call->called = TRUE;
  self->actions->call_tool (self->user, call->name, call->id,
      *event->arguments ? event->arguments : "{}");
}

static void
on_tool_called (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (self->begun && !is_late (self, event, FALSE))
    call_tool (self, event);
}

static void
on_item_added (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  const gboolean message = g_str_equal (event->item_type, "message");

  if (!self->begun || !*event->item_id || is_late (self, event, message))
    return;
  if (message)
    get_item (self, event);
  else if (*event->call_id && *event->tool)
    openai_late_get_call (self->late, event->call_id, event->tool,
        self->connection);
}

static void
on_item_done (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (g_str_equal (event->item_type, "function_call"))
    on_tool_called (self, event, now);
}

/* ---- What the agent says */

static void
begin_answer (OpenaiSession *self, OpenaiItem *item)
{
  item->answer = self->actions->begin_answer (self->user);
  if (!item->answer)
    return;
  self->tool_rounds = 0;
  openai_late_answered (self->late, item->answer);
  if (item->text->len) {
    agent_history_add_agent (self->history, item->answer, item->text->str);
    self->actions->agent_said (self->user, item->answer, item->text->str);
  }
}

/* PCM comes in pieces of any size: half a sample waits for the other half. */
static void
write_pcm (OpenaiSession *self, OpenaiItem *item, GByteArray *bytes)
{
  if (item->odd >= 0) {
    const guint8 first = (guint8) item->odd;
    g_byte_array_prepend (bytes, &first, 1);
    item->odd = -1;
  }
  if (bytes->len % 2) {
    item->odd = bytes->data[bytes->len - 1];
    g_byte_array_set_size (bytes, bytes->len - 1);
  }
#if G_BYTE_ORDER == G_BIG_ENDIAN
  for (guint i = 0; i < bytes->len; i += 2) {
    const guint8 low = bytes->data[i];
    bytes->data[i] = bytes->data[i + 1];
    bytes->data[i + 1] = low;
  }
#endif
  if (bytes->len)
    self->actions->write (self->user, item->answer, bytes->data, bytes->len);
}

static void
on_audio_delta (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (!self->begun || !*event->item_id || is_late (self, event, TRUE))
    return;
  OpenaiItem *item = get_item (self, event);
  g_autoptr (GByteArray) bytes = openai_decode (event->text);
  if (!bytes || item->ended) {
    self->garbage++;
    return;
  }
  item->content_index = event->content_index;
  /* It began to be made before the caller spoke, and nobody has heard of it. */
  if (!item->answer && self->speaking) {
    self->n_late++;
    send_delete (self, event->item_id);
    return;
  }
  if (!item->answer && bytes->len)
    begin_answer (self, item);
  item->bytes += bytes->len;
  if (!item->answer)
    return;
  if (self->format == OPENAI_PCM)
    write_pcm (self, item, bytes);
  else if (bytes->len)
    self->actions->write (self->user, item->answer, bytes->data, bytes->len);
}

static void
on_audio_done (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  OpenaiItem *item = openai_items_find (self->items, event->item_id);

  if (!item || item->ended)
    return;
  item->ended = TRUE;
  if (item->answer)
    self->actions->end_answer (self->user, item->answer);
}

static void
say_more (OpenaiSession *self, const OpenaiEvent *event, const gchar *more)
{
  OpenaiItem *item = get_item (self, event);
  const gsize before = item->text->len;

  if (!add_text (item->text, more) || !item->answer)
    return; /* with its first sound */
  agent_history_add_agent (self->history, item->answer,
      item->text->str + before);
  self->actions->agent_said (self->user, item->answer, item->text->str);
}

static void
on_agent_delta (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (self->begun && *event->item_id && *event->text &&
      !is_late (self, event, TRUE))
    say_more (self, event, event->text);
}

/* All of it: what was not told yet. */
static void
on_agent_said (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  const OpenaiItem *item = openai_items_find (self->items, event->item_id);

  if (!item || !g_str_has_prefix (event->text, item->text->str) ||
      strlen (event->text) == item->text->len)
    return;
  say_more (self, event, event->text + item->text->len);
}

/* In writing: it has no sound. */
static void
on_text_said (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (self->begun && *event->text && !is_late (self, event, FALSE))
    self->actions->agent_said (self->user, 0, event->text);
}

/* ---- Trouble */

static gboolean
is_one_of (const gchar *code, const gchar *const *codes)
{
  return g_strv_contains (codes, code);
}

/* Two meet on their way: nothing is wrong. */
static const gchar *const harmless[] = { "response_cancel_not_active",
  "input_audio_buffer_commit_empty", "item_truncate_invalid_item_id",
  "item_delete_invalid_item_id", NULL };
static const gchar *const final[] = { "invalid_api_key",
  "beta_api_shape_disabled", "model_not_found", "insufficient_quota",
  "billing_not_active", "account_deactivated", NULL };

static gboolean
is_ours (const OpenaiEvent *event, const gchar *kind)
{
  return g_str_has_prefix (event->event_id, kind);
}

static void
on_error (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  const gboolean busy =
      g_str_equal (event->code, "conversation_already_has_active_response");
  const gchar *message = *event->message ? event->message : event->code;

  if (g_str_equal (event->code, "session_expired")) {
    self->actions->ended (self->user, TRUE, message);
  } else if (is_one_of (event->code, final) ||
      (!self->ready && is_ours (event, "session-"))) {
    self->actions->ended (self->user, FALSE, message);
  } else if (busy || is_ours (event, "create-")) {
    if (!busy)
      openai_session_warn (self, event->code, message, now);
    openai_response_refused (self, busy, now);
  } else if (!is_one_of (event->code, harmless) &&
      !is_ours (event, "cancel-") && !is_ours (event, "truncate-") &&
      !is_ours (event, "delete-")) {
    openai_session_warn (self, event->code, message, now);
  }
}

static void
on_rate_limits (OpenaiSession *self, const OpenaiEvent *event, gint64 now)
{
  if (!*event->message)
    return;
  g_autofree gchar *text =
      g_strdup_printf ("nothing is left of its %s", event->message);
  openai_session_warn (self, "rate_limits", text, now);
}

/* ---- All of them */

static const Handler handlers[] = {
  [OPENAI_EVENT_SESSION_UPDATED] = on_updated,
  [OPENAI_EVENT_SPEECH_STARTED] = on_speech_started,
  [OPENAI_EVENT_SPEECH_STOPPED] = on_speech_stopped,
  [OPENAI_EVENT_COMMITTED] = on_committed,
  [OPENAI_EVENT_CALLER_DELTA] = on_caller_delta,
  [OPENAI_EVENT_CALLER_SAID] = on_caller_said,
  [OPENAI_EVENT_RESPONSE_CREATED] = on_response_created,
  [OPENAI_EVENT_RESPONSE_DONE] = on_response_done,
  [OPENAI_EVENT_ITEM_ADDED] = on_item_added,
  [OPENAI_EVENT_ITEM_DONE] = on_item_done,
  [OPENAI_EVENT_AUDIO_DELTA] = on_audio_delta,
  [OPENAI_EVENT_AUDIO_DONE] = on_audio_done,
  [OPENAI_EVENT_AGENT_DELTA] = on_agent_delta,
  [OPENAI_EVENT_AGENT_SAID] = on_agent_said,
  [OPENAI_EVENT_TEXT_SAID] = on_text_said,
  [OPENAI_EVENT_TOOL_CALLED] = on_tool_called,
  [OPENAI_EVENT_RATE_LIMITS] = on_rate_limits,
  [OPENAI_EVENT_ERROR] = on_error,
};

void
openai_session_receive (OpenaiSession *self, const gchar *text, gsize size,
    gint64 now)
{
  g_auto (OpenaiEvent) event;

  if (!self->config)
    return;
  if (!openai_event_parse (&event, text, size)) {
    self->garbage++;
    return;
  }
  if (event.type < G_N_ELEMENTS (handlers) && handlers[event.type])
    handlers[event.type](self, &event, now);
  /* ... which may have ended it. */
  if (self->config)
    openai_response_go_on (self, now);
}
