/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* One request to the language model: what it writes goes on sentence by sentence. What it
 * has used servers tell behind the end, for which nobody waits. */

#include "cascadeprivate.h"

#include "aiagent/logic/cascade/chatjson.h"
#include "aiagent/logic/cascade/chatrequest.h"
#include "aiagent/logic/cascade/chatsentences.h"
#include "aiagent/logic/cascade/chatsse.h"

#include <string.h>

#define MAX_STREAM (4 * 1024 * 1024) /* bytes of one answer */

struct _CascadeChat
{
  const CascadeChatEvents *events; /* NULL: over, or cancelled */
  gpointer user;
  gint refs; /* the user's, and that of what is under way */
  CascadeRequest *request; /* NULL: over */
  ChatSse *sse;
  ChatReply *reply;
  ChatSentences *sentences;
  GString *whole; /* of an answer that is no stream */
  gsize size; /* bytes that have come */
  GWeakRef backend; /* what is used may be told when the dialogue is over */
  guint64 dialogue;
  gboolean told; /* what was used */
};

static void
chat_unref (CascadeChat *self)
{
  if (--self->refs)
    return;
  chat_sse_free (self->sse);
  chat_reply_free (self->reply);
  chat_sentences_free (self->sentences);
  g_string_free (self->whole, TRUE);
  g_weak_ref_clear (&self->backend);
  g_free (self);
}

/* ---- The end */

static void
end (CascadeChat *self, const gchar *reason)
{
  const CascadeChatEvents *events = g_steal_pointer (&self->events);

  if (!events)
    return;
  events->ended (self->user, reason ? NULL : self->reply, reason);
  chat_unref (self);
}

static void
fail (CascadeChat *self, const gchar *reason)
{
  if (self->request)
    cascade_request_cancel (g_steal_pointer (&self->request));
  end (self, reason);
}

void
cascade_chat_cancel (CascadeChat *self)
{
  self->events = NULL;
  if (self->request)
    cascade_request_cancel (g_steal_pointer (&self->request));
  chat_unref (self);
}

/* ---- What the model writes */

static void
say_sentences (CascadeChat *self, gboolean last)
{
  gchar *sentence;

  while (self->events &&
      (sentence = chat_sentences_next (self->sentences, last))) {
    self->events->sentence (self->user, sentence);
    g_free (sentence);
  }
}

/* FALSE: that was wrong, and it has ended. */
static gboolean
take (CascadeChat *self, const gchar *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (!chat_reply_take (self->reply, data, size, &error)) {
    fail (self, error->message);
    return FALSE;
  }
  g_autofree gchar *text = chat_reply_take_text (self->reply);
  if (text)
    chat_sentences_push (self->sentences, text);
  say_sentences (self, FALSE);
  return self->events != NULL;
}

static void
take_events (CascadeChat *self)
{
  GString *event;

  while (self->events && !chat_reply_is_done (self->reply) &&
      (event = chat_sse_next (self->sse))) {
    take (self, event->str, event->len);
    g_string_free (event, TRUE);
  }
}

/* ---- What it has used */

/* FALSE: it is not known yet. */
static gboolean
tell_usage (CascadeChat *self)
{
  guint64 input, output;

  if (self->told || !chat_reply_get_usage (self->reply, &input, &output))
    return self->told;
  g_autoptr (GstVoiceAgentBackend) backend = g_weak_ref_get (&self->backend);
  if (backend)
    gst_voice_agent_backend_add_usage (backend, self->dialogue, input, output);
  return self->told = TRUE;
}

/* FALSE: that may come still. */
static gboolean
take_rest (CascadeChat *self)
{
  gboolean more = !chat_reply_is_closed (self->reply);
  GString *event;

  while (more && (event = chat_sse_next (self->sse))) {
    more = chat_reply_take (self->reply, event->str, event->len, NULL) &&
        !chat_reply_is_closed (self->reply);
    g_string_free (event, TRUE);
  }
  return tell_usage (self) || !more;
}

static gboolean
on_rest (gpointer user, const gchar *data, gsize size)
{
  CascadeChat *self = user;

  if (chat_sse_push (self->sse, data, size) && !take_rest (self))
    return FALSE;
  cascade_request_let_go (g_steal_pointer (&self->request), NULL);
  chat_unref (self);
  return FALSE;
}

static void
on_rest_ended (gpointer user, guint status, const gchar *reason)
{
  CascadeChat *self = user;

  self->request = NULL;
  chat_sse_finish (self->sse);
  take_rest (self);
  chat_unref (self);
}

static const CascadeRequestEvents rest_events = { on_rest, on_rest_ended };

static void
let_go (CascadeChat *self)
{
  const gboolean over = take_rest (self);

  if (!self->request)
    return;
  if (over) {
    cascade_request_let_go (g_steal_pointer (&self->request), NULL);
  } else {
    self->refs++; /* the request's, whom nobody cancels any more */
    cascade_request_let_go (self->request, &rest_events);
  }
}

/* ---- The end of it */

/* All has come. */
static void
conclude (CascadeChat *self)
{
  g_autofree gchar *rest = chat_reply_take_text (self->reply);

  if (rest)
    chat_sentences_push (self->sentences, rest);
  say_sentences (self, TRUE);
  let_go (self);
  end (self, NULL);
}

static gboolean
is_whole (const CascadeChat *self)
{
  const gchar *type = cascade_request_get_type (self->request);

  return type && !g_ascii_strcasecmp (type, "application/json");
}

static void
take_stream (CascadeChat *self, const gchar *data, gsize size)
{
  if (!chat_sse_push (self->sse, data, size)) {
    fail (self, "the answer has no end");
    return;
  }
  take_events (self);
  if (self->events && chat_reply_is_done (self->reply))
    conclude (self);
}

static gboolean
on_data (gpointer user, const gchar *data, gsize size)
{
  CascadeChat *self = user;
  const guint before = chat_reply_count (self->reply);

  self->refs++;
  self->size += size;
  if (self->size > MAX_STREAM)
    fail (self, "the answer has no end");
  else if (!is_whole (self))
    take_stream (self, data, size);
  else
    g_string_append_len (self->whole, data, (gssize) size);
  const gboolean any = chat_reply_count (self->reply) != before;
  chat_unref (self);
  return any;
}

static void
on_ended (gpointer user, guint status, const gchar *reason)
{
  CascadeChat *self = user;

  self->request = NULL;
  self->refs++;
  if (reason) {
    end (self, reason);
  } else {
    chat_sse_finish (self->sse);
    take_events (self);
    if (self->events && self->whole->len)
      take (self, self->whole->str, self->whole->len);
    if (self->events && chat_reply_is_done (self->reply))
      conclude (self);
    else
      end (self, self->size ? "the answer broke off" : "the answer is empty");
  }
  chat_unref (self);
}

/* ---- The request */

static const CascadeRequestEvents request_events = { on_data, on_ended };

CascadeChat *
cascade_chat_new (CascadeDialogue *dialogue, const CascadeChatEvents *events,
    gpointer user)
{
  CascadeChat *self = g_new0 (CascadeChat, 1);
  const CascadeSetup *setup = dialogue->setup;
  const gchar *model = setup->settings.texts[CASCADE_TEXT_MODEL];
  g_autofree gchar *tools = gst_voice_agent_backend_dup_tools (
      GST_VOICE_AGENT_BACKEND (dialogue->cascade));
  g_autofree gchar *body =
      chat_request_new (model && *model ? model : dialogue->model,
          dialogue->instructions, dialogue->memory, tools,
          setup->settings.texts[CASCADE_TEXT_OPTIONS]);

  self->events = events;
  self->user = user;
  self->refs = 1;
  self->dialogue = dialogue->number;
  g_weak_ref_init (&self->backend, dialogue->cascade);
  self->sse = chat_sse_new ();
  self->reply = chat_reply_new (++dialogue->replies);
  self->sentences = chat_sentences_new ();
  self->whole = g_string_new (NULL);
  SoupMessage *message =
      cascade_message_new (setup, CASCADE_LLM, "/chat/completions", body);
  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Accept", "text/event-stream, application/json");
  self->request = cascade_request_send (message, setup->keys[CASCADE_LLM],
      cascade_setup_get_timeout (setup, CASCADE_LLM), &request_events, self);
  return self;
}
