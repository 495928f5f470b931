/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "aiagent/logic/openai/openaievent.h"
#include "aiagent/logic/openai/openaisession.h"

#include <json-glib/json-glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static guint n_answers;

static void
on_send (gpointer user, const gchar *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  g_assert (node && JSON_NODE_HOLDS_OBJECT (node));
}

static void
on_nothing (gpointer user)
{
}

static void
on_ended (gpointer user, gboolean again, const gchar *reason)
{
  g_assert (g_utf8_validate (reason, -1, NULL));
}

static void
on_warn (gpointer user, const gchar *code, const gchar *message)
{
  g_assert (g_utf8_validate (message, -1, NULL));
}

static guint
on_begin (gpointer user)
{
  return ++n_answers;
}

static void
on_write (gpointer user, guint answer, gconstpointer data, gsize size)
{
  g_assert (answer && answer <= n_answers && size && size % 2 == 0);
}

static void
on_end (gpointer user, guint answer)
{
  g_assert (answer && answer <= n_answers);
}

static void
on_due (gpointer user, gboolean due)
{
}

static void
on_turn (gpointer user, gboolean began, guint64 time)
{
}

static void
on_agent_said (gpointer user, guint answer, const gchar *all)
{
  g_assert (answer <= n_answers && *all);
}

static void
on_caller_said (gpointer user, const OpenaiSpeech *speech, const gchar *text,
    gboolean final)
{
  g_assert (*text);
}

static void
on_call_tool (gpointer user, const gchar *name, const gchar *id,
    const gchar *arguments)
{
  g_assert (*name && *id && *arguments);
}

static void
on_used (gpointer user, guint64 input_tokens, guint64 output_tokens)
{
  g_assert (input_tokens <= OPENAI_EVENT_MAX_TOKENS &&
      output_tokens <= OPENAI_EVENT_MAX_TOKENS);
}

static const OpenaiActions actions = { on_send, on_send, on_nothing, on_ended,
  on_warn, on_begin, on_write, on_end, on_due, on_turn, on_agent_said,
  on_caller_said, on_call_tool, on_used };

/* A line "!...": what comes from the other side. */
static void
command (OpenaiSession *self, const gchar *line, gint64 now)
{
  static const OpenaiConfig config = { .turns = OPENAI_TURNS_SERVER_VAD,
    .prefix_padding = 300,
    .silence = 500 };
  const guint8 silence[960] = { 0 };
  const guint number = line[0] && line[1] ? (guint8) line[1] : 0;

  switch (line[0]) {
    case 'c':
      openai_session_disconnected (self);
      openai_session_connect (self, &config, OPENAI_PCM, 1);
      openai_session_begin (self, OPENAI_PCM, 1, FALSE, now);
      break;
    case 'a':
      openai_session_audio (self, silence, sizeof silence,
          (guint64) now * 20000000);
      break;
    case 'i':
      openai_session_interrupt (self, n_answers, number * 10);
      break;
    case 'p':
      openai_session_played (self, n_answers);
      break;
    case 't':
      openai_session_tool_result (self, line + 1, "{}", now);
      break;
    case 's':
      openai_session_say (self, line, now);
      break;
    default:
      openai_session_turn (self, FALSE, 0, now);
      break;
  }
}

/* Lines: what the server says, one after the other. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (AgentHistory) history = agent_history_new ();
  OpenaiSession *self = openai_session_new (&actions, NULL, history);
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 64);
  gint64 now = 1000;

  n_answers = 0;
  command (self, "c", now);
  for (gchar **line = lines; *line; line++, now += 700) {
    if (!g_utf8_validate (*line, -1, NULL))
      continue;
    if (**line == '!')
      command (self, *line + 1, now);
    else
      openai_session_receive (self, *line, strlen (*line), now);
  }
  openai_session_free (self);
  return 0;
}
