/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#define _GNU_SOURCE /* POLLRDHUP */
#include "httppost.h"

#include "httpaccess.h"

#include "line/whiploop.h"
#include "logic/whipresource.h"

#include "common/event/gstvoicerefusals.h"

#include <glib-unix.h>
#include <poll.h>
#include <string.h>

#define RETRY_AFTER "5" /* s */
#define RESET_TIME 500 /* ms; more than a line needs for its next webrtcbin */
#define BUSY "All lines are busy. Please try again in a moment."
#define DRAINING "No new calls are taken here any more. Please try again later."

struct _HttpQueue
{
  const HttpSite *site;
  HttpRefusals *refusals;
  GQueue posts; /* HttpPost */
  GSource *wake;
};

/* An offer that waits for a line, or for its answer. */
typedef struct
{
  HttpQueue *queue;
  SoupServerMessage *message; /* NULL: the client is gone */
  gulong handler;
  WhipOffer *offer;
  gchar *name; /* of the line, NULL = any */
  gboolean openai;
  WhipLine *line; /* not owned; answers */

  /* Waiting for a line. */
  gboolean waits;
  GSource *timer, *watch;
  gboolean
      patient; /* for any line, not only for one that is free in a moment */
} HttpPost;

static void
stop_source (GSource **source)
{
  if (!*source)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_waiting (HttpPost *self)
{
  if (!self->waits)
    return;
  g_queue_remove (&self->queue->posts, self);
  self->waits = FALSE;
  stop_source (&self->timer);
  stop_source (&self->watch);
}

static void
post_free (HttpPost *self)
{
  stop_waiting (self);
  if (self->message)
    g_signal_handler_disconnect (self->message, self->handler);
  g_clear_object (&self->message);
  whip_offer_unref (self->offer);
  g_free (self->name);
  g_free (self);
}

/* Whoever answers finds that out; nobody does for one that waits. */
static void
on_finished (SoupServerMessage *message, gpointer user)
{
  HttpPost *post = user;

  g_signal_handler_disconnect (post->message, post->handler);
  g_clear_object (&post->message);
  if (post->waits)
    post_free (post);
}

static HttpPost *
post_new (HttpQueue *queue, SoupServerMessage *message, WhipOffer *offer,
    const gchar *name, gboolean openai)
{
  HttpPost *self = g_new0 (HttpPost, 1);

  self->queue = queue;
  self->message = g_object_ref (message);
  self->handler =
      g_signal_connect (message, "finished", G_CALLBACK (on_finished), self);
  self->offer = offer;
  self->name = g_strdup (name);
  self->openai = openai;
  return self;
}

/* ---- Answers */

static void
respond_answer (HttpPost *post, const gchar *answer)
{
  SoupServerMessage *message = post->message;
  g_autofree gchar *location =
      g_strconcat (post->openai ? HTTP_CALLS "/" : HTTP_SESSION,
          post->line->iface->get_id (post->line->peer), NULL);

  http_set_header (message, "Location", location);
  http_set_header (message, "ETag",
      post->line->iface->get_etag (post->line->peer));
  http_set_header (message, "Cache-Control", "no-store");
  http_set_header (message, "Accept-Patch", WHIP_TYPE_FRAGMENT);
  http_add_links (message, post->line->config, TRUE);
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (message, WHIP_TYPE_SDP, SOUP_MEMORY_COPY,
      answer, strlen (answer));
}

static void
respond_busy (SoupServerMessage *message, const gchar *detail)
{
  http_set_header (message, "Retry-After", RETRY_AFTER);
  http_respond_problem (message, 503, detail);
}

static void
tell_refused (HttpPost *post, guint status, const gchar *cause)
{
  http_tell_refused (post->queue->refusals, post->message, post->name,
      post->openai, status, cause);
}

static void
on_answered (const gchar *answer, const GError *error, gpointer user)
{
  HttpPost *post = user;

  if (!post->message) {
    if (answer)
      post->line->iface->end (post->line->peer, GST_VOICE_CALL_BY_NETWORK,
          "Whoever offered went away before the answer.");
  } else {
    /* Of one that became a session, its end tells. */
    if (error && !post->line->iface->get_id (post->line->peer))
      tell_refused (post, (guint) error->code, error->message);
    if (answer)
      respond_answer (post, answer);
    else if (error->code == 503)
      respond_busy (post->message, error->message);
    else
      http_respond_problem (post->message, (guint) error->code, error->message);
    soup_server_message_unpause (post->message);
  }
  post_free (post);
}

/* It waits no more. */
static void
refuse (HttpPost *post, const gchar *detail)
{
  stop_waiting (post);
  tell_refused (post, 503, detail);
  gst_voice_refusals_count (GST_VOICE_WEBRTC,
      g_str_equal (detail, BUSY) ? 486 : 503);
  respond_busy (post->message, detail);
  soup_server_message_unpause (post->message);
  post_free (post);
}

/* ---- Lines */

static gboolean
may_have (HttpPost *post, const WhipLine *line)
{
  return http_may_call (post->queue->site, post->message, line) &&
      http_has_token (post->message, line);
}

static gboolean
has_lines (const HttpQueue *self)
{
  return self->site->lines->len > 0;
}

/* One that is free, or NULL; *@soon: one will be, in a moment. */
static WhipLine *
choose_line (HttpPost *post, gboolean *soon)
{
  g_autoptr (GPtrArray) lines =
      http_site_find_lines (post->queue->site, post->name, post->openai);

  *soon = FALSE;
  for (guint i = 0; i < lines->len; i++) {
    WhipLine *line = g_ptr_array_index (lines, i);
    gboolean is_free = line->iface->is_free (line->peer);
    /* A token takes its time. */
    if ((!is_free && !line->iface->is_resetting (line->peer)) ||
        !may_have (post, line))
      continue;
    if (is_free)
      return line;
    *soon = TRUE;
  }
  return NULL;
}

/* The longest that a line to which @post could have gone lets callers wait, ms. */
static guint
busy_wait_of (HttpPost *post)
{
  g_autoptr (GPtrArray) lines =
      http_site_find_lines (post->queue->site, post->name, post->openai);
  guint longest = 0;

  for (guint i = 0; i < lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (lines, i);
    if (line->config->busy_wait > longest && may_have (post, line))
      longest = line->config->busy_wait;
  }
  return longest;
}

/* TRUE: @post has gone to a line, or was refused. */
static gboolean
settle (HttpPost *post)
{
  gboolean soon;

  if (http_site_is_draining (post->queue->site)) {
    refuse (post, DRAINING);
    return TRUE;
  }
  WhipLine *line = choose_line (post, &soon);
  if (line) {
    stop_waiting (post);
    post->line = line;
    http_allow_origin (post->message); /* the line does */
    line->iface->offer (line->peer, post->offer,
        soup_server_message_get_remote_host (post->message),
        http_header (post->message, "User-Agent"), on_answered, post);
  } else if (!soon && !post->patient && has_lines (post->queue)) {
    refuse (post, BUSY);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* ---- Waiting */

static gboolean
on_timeout (gpointer data)
{
  refuse (data, BUSY);
  return G_SOURCE_REMOVE;
}

/* Nobody reads what is said to the client; it ends the message. */
static gboolean
on_client_gone (gint fd, GIOCondition condition, gpointer data)
{
  refuse (data, BUSY);
  return G_SOURCE_REMOVE;
}

/* libsoup does not look at the socket of a message that is paused. POLLRDHUP: what
 * came behind the request, and is not read, does not hide the end. */
static GSource *
watch_client (HttpPost *post)
{
  GSocket *socket = soup_server_message_get_socket (post->message);

  if (!socket)
    return NULL;
  GSource *source = g_unix_fd_source_new (g_socket_get_fd (socket),
      (GIOCondition) (POLLRDHUP | POLLHUP | POLLERR));
  g_source_set_callback (source, G_SOURCE_FUNC (on_client_gone), post, NULL);
  g_source_attach (source, io_loop_get_context (whip_loop_get ()));
  return source;
}

static void
begin_waiting (HttpQueue *self, HttpPost *post, guint timeout)
{
  g_queue_push_tail (&self->posts, post);
  post->waits = TRUE;
  post->timer =
      io_loop_add_timeout (whip_loop_get (), timeout, on_timeout, post);
  post->watch = watch_client (post);
}

static void
serve (HttpQueue *self)
{
  for (GList *link = self->posts.head; link;) {
    HttpPost *post = link->data;
    link = link->next;
    settle (post);
  }
}

static gboolean
on_wake (gpointer data)
{
  HttpQueue *self = data;

  stop_source (&self->wake);
  serve (self);
  return G_SOURCE_REMOVE;
}

void
http_queue_wake (HttpQueue *self)
{
  if (self->posts.length && !self->wake)
    self->wake = io_loop_add_timeout (whip_loop_get (), 0, on_wake, self);
}

/* ---- POST */

/* FALSE: answered. */
static gboolean
check_types (SoupServerMessage *message)
{
  if (!whip_content_type_is (http_header (message, "Content-Type"),
          WHIP_TYPE_SDP))
    http_respond_problem (message, 415,
        "An offer has the Content-Type " WHIP_TYPE_SDP ".");
  else if (!whip_accepts (http_header (message, "Accept"), WHIP_TYPE_SDP))
    http_respond_problem (message, 406,
        "The answer is " WHIP_TYPE_SDP ", which is not accepted.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
has_free_line (HttpQueue *self)
{
  const GPtrArray *lines = self->site->lines;

  for (guint i = 0; i < lines->len; i++) {
    const WhipLine *line = g_ptr_array_index (lines, i);
    if (line->iface->is_free (line->peer))
      return TRUE;
  }
  return FALSE;
}

/* Who came before is served before. */
static void
take_in (HttpQueue *self, HttpPost *post)
{
  guint busy_wait = busy_wait_of (post);

  post->patient = busy_wait > 0;
  if (self->posts.length && has_free_line (self))
    serve (self);
  if (settle (post))
    return;
  if (self->posts.length < HTTP_QUEUE_MAX)
    begin_waiting (self, post, post->patient ? busy_wait : RESET_TIME);
  else
    refuse (post, BUSY);
}

/* NULL: answered. */
static WhipOffer *
read_offer (HttpQueue *self, SoupServerMessage *message, const gchar *name,
    gboolean openai)
{
  g_autoptr (GPtrArray) lines = http_site_find_lines (self->site, name, openai);
  g_autoptr (GError) error = NULL;

  /* Between two lines nobody knows who may call; the next one will. */
  if (has_lines (self) && !http_check_access (self->site, message, lines))
    return NULL;
  if (!check_types (message))
    return NULL;
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gsize size;
  const gchar *text = g_bytes_get_data (body, &size);
  WhipOffer *offer = whip_offer_parse (text, size, &error);
  if (!offer)
    http_respond_problem (message, (guint) error->code, error->message);
  return offer;
}

void
http_queue_handle_post (HttpQueue *self, SoupServerMessage *message,
    const gchar *name, gboolean openai)
{
  WhipOffer *offer = read_offer (self, message, name, openai);

  if (!offer) {
    const guint status = soup_server_message_get_status (message);
    gst_voice_refusals_count (GST_VOICE_WEBRTC, status);
    http_tell_refused (self->refusals, message, name, openai, status,
        http_get_detail (message));
    return;
  }
  soup_server_message_pause (message);
  take_in (self, post_new (self, message, offer, name, openai));
}

/* ---- Life */

HttpQueue *
http_queue_new (const HttpSite *site, HttpRefusals *refusals)
{
  HttpQueue *self = g_new0 (HttpQueue, 1);

  g_queue_init (&self->posts);
  self->site = site;
  self->refusals = refusals;
  return self;
}

gboolean
http_queue_refuse_all (HttpQueue *self)
{
  gboolean any = self->posts.head != NULL;

  while (self->posts.head)
    refuse (self->posts.head->data, BUSY);
  return any;
}

void
http_queue_free (HttpQueue *self)
{
  stop_source (&self->wake);
  http_queue_refuse_all (self);
  g_free (self);
}
