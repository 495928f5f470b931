/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A dialogue in virtual time with a service that says what the test says. What the client
 * sends to it is added to the file that OPENAI_EVENTS names, one event a line, for
 * tests/peers/openai-types. */

#include "../agentdialogue.h"
#include "../../../mock/agentloop.h"

#include "aiagent/backends/openai/openai.h"
#include "mock/agentserver.h"

#include <stdio.h>
#include <string.h>

#define PATIENCE (60 * G_TIME_SPAN_SECOND) /* a sanitizer, a busy machine */
#define SERVICE_RATE 24000

static AgentServer *service;

/* ---- What the service hears */

static inline void
keep_event (const AgentServerEvent *event)
{
  const gchar *path = g_getenv ("OPENAI_EVENTS");
  FILE *file =
      path && event->type == AGENT_SERVER_TEXT ? fopen (path, "a") : NULL;

  if (!file)
    return;
  fprintf (file, "%s\n", event->text);
  fclose (file);
}

/* The next one of @type in which @part is; (transfer full). */
static inline AgentServerEvent *
wait_event (AgentServerEventType type, const gchar *part)
{
  AgentServerEvent *event;

  while ((event = agent_server_pop (service, PATIENCE / 1000))) {
    keep_event (event);
    if (event->type == type && (!part || strstr (event->text, part)))
      return event;
    agent_server_event_free (event);
  }
  g_error ("the service waits in vain for \"%s\"", part ? part : "");
}

/* A client event of @type; (transfer full). Those of other types before it, but audio, are
 * a fault. */
static inline gchar *
expect_sent (const gchar *type)
{
  g_autofree gchar *start = g_strdup_printf ("{\"type\":\"%s\"", type);
  AgentServerEvent *event;

  while ((event = agent_server_pop (service, PATIENCE / 1000))) {
    g_autoptr (AgentServerEvent) one = event;
    keep_event (one);
    if (one->type != AGENT_SERVER_TEXT ||
        g_str_has_prefix (one->text, "{\"type\":\"input_audio_buffer.append\""))
      continue;
    if (!g_str_has_prefix (one->text, start))
      g_error ("%s was sent in place of %s", one->text, type);
    return g_steal_pointer (&one->text);
  }
  g_error ("the service waits in vain for %s", type);
}

static inline void
assert_has (const gchar *event, const gchar *part)
{
  if (!strstr (event, part))
    g_error ("%s has no %s", event, part);
}

static inline void
expect_sent_with (const gchar *type, const gchar *part)
{
  g_autofree gchar *event = expect_sent (type);

  assert_has (event, part);
}

/* ---- What the service says */

static inline void G_GNUC_PRINTF (2, 3)
    tell (guint connection, const gchar *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree gchar *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  agent_server_send (service, connection, text);
}

/* PCM of @ms whose samples are all @level, as the answer's item says. */
static inline void
tell_audio (guint connection, const gchar *response, const gchar *item,
    guint ms, gint16 level)
{
  const gsize n = SERVICE_RATE / 1000 * ms;
  g_autofree gint16 *samples = g_new (gint16, n);

  for (gsize i = 0; i < n; i++)
    samples[i] = GINT16_TO_LE (level);
  g_autofree gchar *text =
      g_base64_encode ((const guchar *) samples, n * sizeof *samples);
  tell (connection,
      "{\"type\":\"response.output_audio.delta\",\"event_id\":\"e\","
      "\"response_id\":\"%s\",\"item_id\":\"%s\",\"output_index\":0,"
      "\"content_index\":0,\"delta\":\"%s\"}",
      response, item, text);
}

static inline void
tell_response (guint connection, const gchar *response, const gchar *item)
{
  tell (connection,
      "{\"type\":\"response.created\",\"response\":{\"id\":\"%s\","
      "\"status\":\"in_progress\"}}",
      response);
  if (item)
    tell (connection,
        "{\"type\":\"response.output_item.added\",\"response_id\":\"%s\","
        "\"item\":{\"id\":\"%s\",\"type\":\"message\",\"role\":\"assistant\"}}",
        response, item);
}

static inline void
tell_words (guint connection, const gchar *response, const gchar *item,
    const gchar *words)
{
  tell (connection,
      "{\"type\":\"response.output_audio_transcript.delta\","
      "\"response_id\":\"%s\",\"item_id\":\"%s\",\"delta\":\"%s\"}",
      response, item, words);
}

static inline void
tell_done (guint connection, const gchar *response, const gchar *status)
{
  tell (connection,
      "{\"type\":\"response.done\",\"response\":{\"id\":\"%s\","
      "\"status\":\"%s\",\"usage\":{\"total_tokens\":89,"
      "\"input_tokens\":58,\"output_tokens\":31}}}",
      response, status);
}

/* An answer as a whole. */
static inline void
tell_answer (guint connection, const gchar *response, const gchar *item,
    guint ms, const gchar *words)
{
  tell_response (connection, response, item);
  tell_words (connection, response, item, words);
  tell_audio (connection, response, item, ms, 1000);
  tell (connection,
      "{\"type\":\"response.output_audio.done\",\"response_id\":\"%s\","
      "\"item_id\":\"%s\"}",
      response, item);
  tell_done (connection, response, "completed");
}

static inline void
tell_speech (guint connection, gboolean began, const gchar *item, guint ms)
{
  tell (connection,
      "{\"type\":\"input_audio_buffer.speech_%s\",\"item_id\":\"%s\","
      "\"audio_%s_ms\":%u}",
      began ? "started" : "stopped", item, began ? "start" : "end", ms);
}

/* ---- The dialogue */

/* Frames until the agent has spoken for @ms in all; and it knows. While the service is waited
 * for, virtual time passes five times as fast as ours at most: nobody's patience with it is to
 * run out because a machine is slow. */
static inline void
run_until_spoken (guint ms)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE;

  while (n_spoken < ms / 20) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    if (!step (FALSE))
      g_usleep (4000);
  }
  settle ();
}

static inline const GstStructure *
wait_fact (const gchar *name, const gchar *state)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE;
  const GstStructure *fact;

  while (!(fact = find_fact (name, state))) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (500);
  }
  return fact;
}

/* Frames until it is told, to the agent, too. */
static inline void
run_until_fact (const gchar *name, const gchar *state)
{
  const gint64 until = g_get_monotonic_time () + PATIENCE;

  while (!find_fact (name, state)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    if (!step (FALSE))
      g_usleep (500);
  }
  settle ();
}

/* It says nothing for itself where a busy machine takes long to connect. */
static inline GObject *
new_openai (void)
{
  return g_object_new (AGENT_TYPE_OPENAI, "uri", agent_server_get_uri (service),
      "bridge", 0, NULL);
}

/* The settings are agreed on; (transfer full): those that were asked for. */
static inline gchar *
agree (guint connection)
{
  gchar *settings = expect_sent ("session.update");

  tell (connection, "{\"type\":\"session.created\",\"session\":{}}");
  tell (connection, "{\"type\":\"session.updated\",\"session\":{}}");
  return settings;
}

/* A call with @backend (transfer full), which is asked to greet as response R0. */
static inline void
begin_call (GObject *backend, const gchar *setting, guint value)
{
  begin (GST_VOICE_AGENT_BACKEND (backend), setting, value);
  call ("1", TRUE);
  g_free (agree (1));
  g_free (expect_sent ("response.create"));
}

static inline void
set_up (void)
{
  service = agent_server_new (NULL);
}

static inline void
tear_down (void)
{
  finish ();
  g_clear_pointer (&service, agent_server_free);
}
