/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "aiagent/logic/cascade/chatmemory.h"
#include "aiagent/logic/cascade/chatreply.h"
#include "aiagent/logic/cascade/chatrequest.h"
#include "aiagent/logic/cascade/chatsentences.h"
#include "aiagent/logic/cascade/chatsse.h"

#include <json-glib/json-glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What a model's server is understood to say. */
typedef struct
{
  ChatReply *reply;
  ChatSentences *sentences;
  GString *spoken;
  gboolean failed;
} Heard;

static void
take_sentences (Heard *self, gboolean last)
{
  gchar *sentence;

  while ((sentence = chat_sentences_next (self->sentences, last))) {
    g_assert_true (*sentence && g_utf8_validate (sentence, -1, NULL));
    g_assert_cmpuint (strlen (sentence), <=, CHAT_SENTENCES_MAX + 64);
    g_string_append_printf (self->spoken, "%s|", sentence);
    g_free (sentence);
  }
}

static void
take_event (Heard *self, GString *event)
{
  g_autoptr (GError) error = NULL;

  if (!self->failed &&
      !chat_reply_take (self->reply, event->str, event->len, &error)) {
    g_assert_true (error && g_utf8_validate (error->message, -1, NULL));
    self->failed = TRUE;
  }
  g_autofree gchar *text = chat_reply_take_text (self->reply);
  if (text)
    chat_sentences_push (self->sentences, text);
  take_sentences (self, FALSE);
  g_string_free (event, TRUE);
}

static void
remember (const ChatReply *reply)
{
  g_autoptr (ChatMemory) memory = chat_memory_new (10);

  chat_memory_add_caller (memory, "?");
  chat_memory_add_calls (memory, reply);
  g_autofree gchar *body = chat_request_new (NULL, NULL, memory, NULL, NULL);
  g_autoptr (JsonNode) node = json_from_string (body, NULL);
  g_assert_nonnull (node);
}

/* It comes in pieces of @piece bytes. */
static gchar *
hear (const guint8 *data, gsize size, gsize piece)
{
  Heard self = { chat_reply_new (1), chat_sentences_new (),
    g_string_new (NULL) };
  g_autoptr (ChatSse) sse = chat_sse_new ();
  GString *event;
  guint64 input, output;

  for (gsize at = 0; at < size; at += piece) {
    chat_sse_push (sse, data + at, MIN (piece, size - at));
    while ((event = chat_sse_next (sse)))
      take_event (&self, event);
  }
  chat_sse_finish (sse);
  while ((event = chat_sse_next (sse)))
    take_event (&self, event);
  take_sentences (&self, TRUE);
  if (chat_reply_get_usage (self.reply, &input, &output))
    g_string_append_printf (self.spoken, "%u, %u", (guint) input,
        (guint) output);
  remember (self.reply);
  chat_reply_free (self.reply);
  chat_sentences_free (self.sentences);
  return g_string_free (self.spoken, FALSE);
}

/* However a stream is cut, it says the same; and the other answers of a cascade's servers. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const gchar *text = (const gchar *) data;
  g_autofree gchar *at_once = hear (data, size, size ? size : 1);
  g_autofree gchar *in_pieces = hear (data, size, size % 7 + 1);
  g_autofree gchar *model = chat_answer_dup_model (text, size);
  g_autofree gchar *words = chat_answer_dup_transcript (text, size);
  g_autofree gchar *reason = chat_answer_dup_reason (text, size, "secret");

  g_assert_cmpstr (at_once, ==, in_pieces);
  g_assert_true (!model || g_utf8_validate (model, -1, NULL));
  g_assert_true (!words || g_utf8_validate (words, -1, NULL));
  g_assert_true (g_utf8_validate (reason, -1, NULL));
  g_assert_null (strstr (reason, "secret"));
  return 0;
}
