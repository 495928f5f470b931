/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "openaisessionprivate.h"

#define PATIENCE 10000 /* ms: a server that has been asked, and says nothing */
#define MAX_WANTED 8
#define MAX_OVER 128

typedef struct
{
  gchar *id;
  gboolean cut;
} Over;

static void
over_free (gpointer data)
{
  g_free (((Over *) data)->id);
  g_free (data);
}

void
openai_response_init (OpenaiSession *self)
{
  g_queue_init (&self->wanted);
  g_queue_init (&self->over);
}

void
openai_response_forget_wanted (OpenaiSession *self)
{
  g_queue_clear_full (&self->wanted, g_free);
}

void
openai_response_clear (OpenaiSession *self)
{
  g_clear_pointer (&self->response, g_free);
  g_clear_pointer (&self->asked_for, g_free);
  self->asked = self->cancel_next = FALSE;
  openai_response_forget_wanted (self);
  g_queue_clear_full (&self->over, over_free);
}

/* ---- What is over */

void
openai_response_add_over (OpenaiSession *self, const gchar *id, gboolean cut)
{
  if (!*id || openai_response_is_over (self, id, NULL))
    return;
  Over *over = g_new (Over, 1);
  *over = (Over){ g_strdup (id), cut };
  g_queue_push_head (&self->over, over);
  if (self->over.length > MAX_OVER)
    over_free (g_queue_pop_tail (&self->over));
}

gboolean
openai_response_is_over (const OpenaiSession *self, const gchar *id,
    gboolean *cut)
{
  for (const GList *l = self->over.head; l; l = l->next) {
    const Over *over = l->data;
    if (!g_str_equal (over->id, id))
      continue;
    if (cut)
      *cut = over->cut;
    return TRUE;
  }
  return FALSE;
}

/* ---- What is asked for */

static gboolean
is_waiting (const OpenaiSession *self, gint64 now)
{
  return self->response || (self->asked && now - self->asked_at < PATIENCE);
}

static void
ask (OpenaiSession *self, gchar *instructions, gint64 now)
{
  g_autofree gchar *id = openai_session_new_id (self, "create");

  g_free (self->asked_for);
  self->asked_for = *instructions ? instructions : NULL;
  if (!*instructions)
    g_free (instructions);
  self->asked = TRUE;
  self->cancel_next = FALSE;
  self->asked_at = now;
  openai_session_send (self,
      openai_write_create (id, self->asked_for,
          self->tool_rounds < OPENAI_TOOL_ROUNDS));
  self->actions->due (self->user, TRUE);
}

void
openai_response_go_on (OpenaiSession *self, gint64 now)
{
  if (self->begun && !self->speaking && !is_waiting (self, now) &&
      self->wanted.length)
    ask (self, g_queue_pop_head (&self->wanted), now);
}

static gboolean
is_plain_wanted (const OpenaiSession *self)
{
  for (const GList *l = self->wanted.head; l; l = l->next)
    if (!*(const gchar *) l->data)
      return TRUE;
  return FALSE;
}

void
openai_response_want (OpenaiSession *self, const gchar *instructions,
    gint64 now)
{
  /* The end of the turn asks for one. */
  if (!instructions && (self->speaking || is_plain_wanted (self)))
    return;
  if (self->wanted.length >= MAX_WANTED)
    g_free (g_queue_pop_head (&self->wanted));
  g_queue_push_tail (&self->wanted,
      g_strdup (instructions ? instructions : ""));
  openai_response_go_on (self, now);
}

void
openai_response_forget_plain (OpenaiSession *self)
{
  for (GList *l = self->wanted.head, *next; l; l = next) {
    next = l->next;
    if (*(const gchar *) l->data)
      continue;
    g_free (l->data);
    g_queue_delete_link (&self->wanted, l);
  }
}

void
openai_response_expect (OpenaiSession *self, gint64 now)
{
  g_clear_pointer (&self->asked_for, g_free);
  self->asked = TRUE;
  self->cancel_next = FALSE;
  self->asked_at = now;
  self->actions->due (self->user, TRUE);
}

void
openai_response_refused (OpenaiSession *self, gboolean busy, gint64 now)
{
  if (!self->asked)
    return;
  gchar *again = g_steal_pointer (&self->asked_for);
  if (busy && !self->cancel_next) {
    g_queue_push_head (&self->wanted, again ? again : g_strdup (""));
    self->asked_at = now; /* until that one is done */
    return;
  }
  g_free (again);
  self->asked = self->cancel_next = FALSE;
  openai_response_go_on (self, now);
}

/* ---- What is being made */

static void
send_cancel (OpenaiSession *self)
{
  g_autofree gchar *id = openai_session_new_id (self, "cancel");

  openai_session_send (self, openai_write_plain (id, "response.cancel"));
}

/* All of its sound has come that will. */
static void
end_items (OpenaiSession *self, const gchar *response)
{
  for (guint i = 0; i < openai_items_get_length (self->items); i++) {
    OpenaiItem *item = openai_items_get_at (self->items, i);
    if (item->ended || !g_str_equal (item->response, response))
      continue;
    item->ended = TRUE;
    if (item->answer)
      self->actions->end_answer (self->user, item->answer);
  }
}

static void
finish (OpenaiSession *self)
{
  g_autofree gchar *id = g_steal_pointer (&self->response);

  end_items (self, id);
  openai_response_add_over (self, id, FALSE);
}

void
openai_response_created (OpenaiSession *self, const gchar *id)
{
  if (self->response && g_str_equal (self->response, id))
    return;
  if (openai_response_is_over (self, id, NULL))
    return;
  if (self->response)
    finish (self);
  self->response = g_strdup (id);
  self->asked = FALSE;
  g_clear_pointer (&self->asked_for, g_free);
  /* The caller's turn will be answered as a whole. */
  if (self->cancel_next || self->speaking)
    openai_response_cancel (self, TRUE);
  self->cancel_next = FALSE;
}

void
openai_response_done (OpenaiSession *self, const gchar *id, gboolean failed,
    gint64 now)
{
  if (self->response && (!*id || g_str_equal (self->response, id)))
    finish (self);
  else if (!openai_response_is_over (self, id, NULL)) {
    end_items (self, id);
    openai_response_add_over (self, id, FALSE);
    self->asked = FALSE;
  }
  /* Who got no answer still waits for one. */
  if (!failed && !self->asked)
    self->actions->due (self->user, FALSE);
  openai_response_go_on (self, now);
}

void
openai_response_cancel (OpenaiSession *self, gboolean tell)
{
  if (self->response) {
    if (tell && !openai_response_is_over (self, self->response, NULL))
      send_cancel (self);
    openai_response_add_over (self, self->response, TRUE);
  } else if (self->asked && tell) {
    self->cancel_next = TRUE;
  }
}
