/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "cascadehttp.h"

#include "aiagent/logic/cascade/chatrequest.h"
#include "aiagent/remote/agentnet.h"
#include "common/base/gstvoicesecret.h"

#include <string.h>

#define PIECE 16384 /* bytes that are read at once */
#define REST_TIME 1000 /* ms in which an answer has to end that says no more */
#define MAX_REST 65536 /* bytes of it */
#define MAX_REFUSAL 4096 /* bytes of what a refusal says */

struct _CascadeRequest
{
  const CascadeRequestEvents *events; /* NULL: over, or cancelled */
  gpointer user;
  gsize
      rest; /* so many bytes that nobody waits for are read still; 0: it is not let go */
  gchar *key;
  guint timeout;
  GCancellable *cancellable;
  GSource *timer;
  SoupMessage *message;
  GInputStream *stream;
  GString *refusal; /* NULL: a good answer */
};

static void
request_free (CascadeRequest *self)
{
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_object_unref (self->cancellable);
  if (self->refusal)
    g_string_free (self->refusal, TRUE);
  gst_voice_secret_free (self->key);
  g_free (self);
}

static void
stop_timer (CascadeRequest *self)
{
  if (!self->timer)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
end (CascadeRequest *self, const gchar *reason)
{
  const CascadeRequestEvents *events = g_steal_pointer (&self->events);
  const guint status = self->message
      ? (guint) soup_message_get_status (self->message)
      : SOUP_STATUS_NONE;

  stop_timer (self);
  if (events)
    events->ended (self->user, status, reason);
}

/* ---- Time */

/* What is pending ends with an error, and frees it. */
static gboolean
on_timeout (gpointer data)
{
  CascadeRequest *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  self->rest = 0;
  end (self, "it took too long");
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
start_timer (CascadeRequest *self)
{
  stop_timer (self);
  self->timer = io_loop_add_timeout (agent_net_get_loop (), self->timeout,
      on_timeout, self);
}

/* ---- The answer */

static void read_next (CascadeRequest *self);

static void
end_with_refusal (CascadeRequest *self)
{
  const guint status = (guint) soup_message_get_status (self->message);
  const gchar *phrase = soup_message_get_reason_phrase (self->message);
  g_autofree gchar *said = chat_answer_dup_reason (self->refusal->str,
      self->refusal->len, self->key);
  g_autofree gchar *printable = chat_answer_dup_reason (phrase ? phrase : "",
      phrase ? strlen (phrase) : 0, self->key);
  g_autofree gchar *reason = g_strdup_printf ("HTTP %u%s%s%s%s", status,
      *printable ? " " : "", printable, *said ? ": " : "", said);

  end (self, reason);
}

gboolean
cascade_reason_is_of_key (const gchar *reason)
{
  return g_str_has_prefix (reason, "HTTP 401") ||
      g_str_has_prefix (reason, "HTTP 403");
}

/* Of one that was let go. FALSE: that is enough. */
static gboolean
count_rest (CascadeRequest *self, GBytes *bytes)
{
  self->rest -= MIN (self->rest, g_bytes_get_size (bytes));
  return self->rest > 0;
}

/* The same. */
static gboolean
take_bytes (CascadeRequest *self, GBytes *bytes)
{
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);
  const gboolean resting = self->rest > 0;

  if (self->refusal) {
    g_string_append_len (self->refusal, data,
        (gssize) MIN (size, MAX_REFUSAL - self->refusal->len));
    return self->refusal->len < MAX_REFUSAL;
  }
  if (self->events->data (self->user, data, size) && self->events)
    start_timer (self);
  if (resting)
    return count_rest (self, bytes);
  return self->events || self->rest;
}

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  CascadeRequest *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (stream), result,
          &error);

  const gboolean more = bytes && g_bytes_get_size (bytes);

  if (more &&
      (self->events ? take_bytes (self, bytes) : count_rest (self, bytes))) {
    read_next (self);
    return;
  }
  if (self->events && self->refusal)
    end_with_refusal (self);
  else
    end (self, error ? error->message : NULL);
  if (more) /* not read to its end: the connection is of no more use */
    g_cancellable_cancel (self->cancellable);
  request_free (self);
}

static void
read_next (CascadeRequest *self)
{
  g_input_stream_read_bytes_async (self->stream, PIECE, G_PRIORITY_DEFAULT,
      self->cancellable, on_read, self);
}

static void
on_sent (GObject *session, GAsyncResult *result, gpointer data)
{
  CascadeRequest *self = data;
  g_autoptr (GError) error = NULL;

  self->stream =
      soup_session_send_finish (SOUP_SESSION (session), result, &error);
  if (!self->stream || !self->events) {
    end (self, error ? error->message : NULL);
    request_free (self);
    return;
  }
  if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message)))
    self->refusal = g_string_new (NULL);
  read_next (self);
}

/* ---- The request */

CascadeRequest *
cascade_request_send (SoupMessage *message, const gchar *key, guint timeout,
    const CascadeRequestEvents *events, gpointer user)
{
  CascadeRequest *self = g_new0 (CascadeRequest, 1);

  self->events = events;
  self->user = user;
  self->timeout = timeout;
  self->key = g_strdup (key);
  self->cancellable = g_cancellable_new ();
  self->message = message;
  if (key) {
    gchar *value = g_strconcat ("Bearer ", key, NULL);
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", value);
    gst_voice_secret_free (value);
  }
  /* A redirection would take the key elsewhere; a packed stream comes late. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  start_timer (self);
  soup_session_send_async (agent_net_get_session (), message,
      G_PRIORITY_DEFAULT, self->cancellable, on_sent, self);
  return self;
}

void
cascade_request_cancel (CascadeRequest *self)
{
  self->events = NULL;
  self->rest = 0;
  stop_timer (self);
  g_cancellable_cancel (self->cancellable);
}

void
cascade_request_let_go (CascadeRequest *self,
    const CascadeRequestEvents *events)
{
  self->events = events;
  if (self->rest)
    return;
  self->rest = MAX_REST;
  self->timeout = REST_TIME;
  start_timer (self);
}

const gchar *
cascade_request_get_type (const CascadeRequest *self)
{
  return soup_message_headers_get_content_type (
      soup_message_get_response_headers (self->message), NULL);
}

SoupMessage *
cascade_message_new (const CascadeSetup *setup, CascadeStage stage,
    const gchar *path, const gchar *body)
{
  g_autofree gchar *uri = g_strconcat (setup->uris[stage], path, NULL);
  SoupMessage *message = soup_message_new (body ? "POST" : "GET", uri);
  g_autoptr (GBytes) bytes = body ? g_bytes_new (body, strlen (body)) : NULL;

  if (bytes)
    soup_message_set_request_body_from_bytes (message, "application/json",
        bytes);
  return message;
}
