/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "openaiclock.h"
#include "openailate.h"
#include "openaiwrite.h"

#include "aiagent/logic/remote/history.h"

G_BEGIN_DECLS

/* The client's side of a session of OpenAI's Realtime API (GA): what comes from the server
 * in, what is to be done out. Dialogue follows dialogue, and in each of them connection
 * may follow connection: a new one is told what was said.
 *
 * One answer at a time: who asks for one while there is one, waits. What the caller did
 * not hear is taken out of the conversation, to the ms. What a response says that was cut
 * off, however late, is dropped.
 *
 * Who finds the turns, is in the config. With the server's, its times are of its own
 * buffer: they are told as running time of the sound itself, without the padding that it
 * adds, or the silence that it waits for; and it interrupts and answers by itself. With
 * ours, only what is said in a turn is sent, and PREROLL before it: silence costs money.
 *
 * Running time is in ns; @now is any clock, in ms. Not thread-safe. */

typedef struct
{
  void (*send) (gpointer user, const gchar *json);
  void (*send_audio) (gpointer user, const gchar *json);
  /* The settings are agreed on. */
  void (*ready) (gpointer user);
  /* The connection is of no use any more; @again: another one may be. */
  void (*ended) (gpointer user, gboolean again, const gchar *reason);
  void (*warn) (gpointer user, const gchar *code, const gchar *message);
  /* Numbers rise; 0 = it is not wanted. */
  guint (*begin_answer) (gpointer user);
  /* In the format. */
  void (*write) (gpointer user, guint answer, gconstpointer data, gsize size);
  void (*end_answer) (gpointer user, guint answer);
  /* An answer is due from now on, or is not any more. */
  void (*due) (gpointer user, gboolean due);
  /* The server's. @time may be OPENAI_NO_TIME. */
  void (*turn) (gpointer user, gboolean began, guint64 time);
  /* @all of @answer, 0 = it is not spoken. */
  void (*agent_said) (gpointer user, guint answer, const gchar *all);
  void (*caller_said) (gpointer user, const OpenaiSpeech *speech,
      const gchar *text, gboolean final);
  void (*call_tool) (gpointer user, const gchar *name, const gchar *id,
      const gchar *arguments);
  /* An answer has, of the model, as the server counts. */
  void (*used) (gpointer user, guint64 input_tokens, guint64 output_tokens);
} OpenaiActions;

typedef struct _OpenaiSession OpenaiSession;

/* @history: what was said, which this adds to, and reads on the next connection. */
OpenaiSession *openai_session_new (const OpenaiActions *actions, gpointer user,
    AgentHistory *history);
void openai_session_free (OpenaiSession *self);

/* ---- Connections */

/* There is one. @config is borrowed until the next. @dialogue: 0 = it has not begun. */
void openai_session_connect (OpenaiSession *self, const OpenaiConfig *config,
    OpenaiFormat format, guint64 dialogue);
void openai_session_disconnected (OpenaiSession *self);
/* A dialogue is on, or goes on, on a connection that is ready. @owed: what was said on
 * another one has not been answered. */
void openai_session_begin (OpenaiSession *self, OpenaiFormat format,
    guint64 dialogue, gboolean owed, gint64 now);
/* @text: UTF-8, terminated. */
void openai_session_receive (OpenaiSession *self, const gchar *text, gsize size,
    gint64 now);

/* ---- In a dialogue */

void openai_session_audio (OpenaiSession *self, const guint8 *data, gsize size,
    guint64 time);
/* As we find it; or the caller, who spoke, is gone or held. */
void openai_session_turn (OpenaiSession *self, gboolean began, guint64 time,
    gint64 now);
/* What is being said is cut off; @answer was heard for @heard ms, 0 = none was. */
void openai_session_interrupt (OpenaiSession *self, guint answer, guint heard);
void openai_session_played (OpenaiSession *self, guint answer);
/* FALSE: no such tool was called. */
gboolean openai_session_tool_result (OpenaiSession *self, const gchar *id,
    const gchar *json, gint64 now);
void openai_session_say (OpenaiSession *self, const gchar *text, gint64 now);
/* The caller wrote it. */
void openai_session_read (OpenaiSession *self, const gchar *text, gint64 now);
void openai_session_instruct (OpenaiSession *self, const gchar *text);

/* An answer is asked for, and has not all come. */
gboolean openai_session_is_thinking (const OpenaiSession *self);
/* Events that were no events, and late ones, since it was made. */
guint openai_session_get_garbage (const OpenaiSession *self);
guint openai_session_get_late (const OpenaiSession *self);

G_END_DECLS
