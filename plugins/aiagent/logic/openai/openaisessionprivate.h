/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "openaievent.h"
#include "openaiitems.h"
#include "openaisession.h"

G_BEGIN_DECLS

/* Answers in a row that only call tools: the next must call none, and what those that it
 * calls all the same say is answered no more. */
#define OPENAI_TOOL_ROUNDS 8

/* What the files of OpenaiSession share: openaisessionsay.c, openaisessionresponse.c (one answer at a
 * time), and above these openaisession.c (connections, and what comes from our side) and
 * openaisessionreceive.c (from theirs). */

struct _OpenaiSession
{
  const OpenaiActions *actions;
  gpointer user;
  AgentHistory *history;

  OpenaiItems *items;
  OpenaiLate *late;
  guint n_events; /* sent with an id, ever */
  guint garbage, n_late;

  /* The dialogue. */
  guint64 dialogue;
  gchar *instructions; /* in place of the config's; NULL = not */
  guint tool_rounds; /* since the caller spoke, or the agent was heard */
  gboolean owed; /* an answer, when the last connection was lost */

  /* The connection. */
  const OpenaiConfig *config; /* NULL = there is none */
  OpenaiFormat format;
  guint connection; /* its number */
  gboolean ready, begun;
  OpenaiClock clock;
  gboolean speaking; /* the caller, in a turn */
  GQueue heard; /* Frame: what is said before a turn of ours, as we learn */
  gsize heard_size, turn_size; /* bytes; sent in the turn */
  gint64 warned; /* ms, when last */

  /* Answers. */
  gchar *response; /* that is being made; NULL = none */
  gboolean
      asked; /* for one, by us or by the end of a turn, that is not there yet */
  gint64 asked_at;
  gchar *asked_for; /* with these instructions; NULL = none */
  gboolean cancel_next; /* that one was interrupted */
  GQueue wanted; /* instructions, "" = none: that wait for their turn */
  GQueue over; /* Over: late words of these are not heard any more */
};

/* ---- openaisessionsay.c */

/* (transfer full) */
gchar *openai_session_new_id (OpenaiSession *self, const gchar *kind);
/* Takes @json. */
void openai_session_send (OpenaiSession *self, gchar *json);
/* Not more than one each second. */
void openai_session_warn (OpenaiSession *self, const gchar *code,
    const gchar *message, gint64 now);

/* ---- openaisessionresponse.c */

void openai_response_init (OpenaiSession *self);
void openai_response_clear (OpenaiSession *self);
/* @instructions: for this one; NULL = an answer to what there is: one is enough. */
void openai_response_want (OpenaiSession *self, const gchar *instructions,
    gint64 now);
/* Asks for the next one that is wanted, if there is none. */
void openai_response_go_on (OpenaiSession *self, gint64 now);
/* The server is going to make one. */
void openai_response_expect (OpenaiSession *self, gint64 now);
/* The last request came to nothing; @busy: because there is one. */
void openai_response_refused (OpenaiSession *self, gboolean busy, gint64 now);
void openai_response_created (OpenaiSession *self, const gchar *id);
void openai_response_done (OpenaiSession *self, const gchar *id,
    gboolean failed, gint64 now);
/* It is not wanted any more. @tell: the server does not know. */
void openai_response_cancel (OpenaiSession *self, gboolean tell);
/* Nobody waits for an answer that is not asked for yet. */
void openai_response_forget_wanted (OpenaiSession *self);
/* All but those of the application. */
void openai_response_forget_plain (OpenaiSession *self);

/* What has this id is over; @cut: by an interruption. */
void openai_response_add_over (OpenaiSession *self, const gchar *id,
    gboolean cut);
gboolean openai_response_is_over (const OpenaiSession *self, const gchar *id,
    gboolean *cut);

G_END_DECLS
