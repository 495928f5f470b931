/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

/* A dialogue of backend=cascade in virtual time, whose servers have real time: what waits
 * for them waits in steps of a ms. */

#include "../agentdialogue.h"

#include "aiagent/backends/cascade/cascade.h"
#include "aiagent/backends/local/speechpool.h"
#include "mock/chatserver.h"

#include <string.h>

#define STEPS 60000 /* of 20 ms and a ms: more than any needs */

static ChatServer *server;
static GObject *cascade;

/* All three stages by the server, unless a property says otherwise. */
static inline GObject *
new_cascade (const gchar *first_property, ...)
{
  const gchar *uri = chat_server_get_uri (server);
  va_list properties;

  cascade = g_object_new (AGENT_TYPE_CASCADE, "llm", uri, "stt", uri, NULL);
  va_start (properties, first_property);
  if (first_property)
    g_object_set_valist (cascade, first_property, properties);
  va_end (properties);
  return cascade;
}

static inline void
begin_server (void)
{
  server = chat_server_new ();
}

static inline void
begin_dialogue (void)
{
  begin (GST_VOICE_AGENT_BACKEND (g_object_ref (cascade)), NULL, 0);
  call ("1", TRUE);
}

#define begin_cascade(...) \
  G_STMT_START \
  { \
    begin_server (); \
    new_cascade (__VA_ARGS__); \
    begin_dialogue (); \
  } \
  G_STMT_END

/* Nobody is at the backend any more. */
static inline void
finish_cascade (void)
{
  finish ();
  finalize (cascade);
  g_clear_pointer (&server, chat_server_free);
}

static inline void
pause_step (void)
{
  step (FALSE);
  g_usleep (1000);
}

static inline void
until_text (const gchar *role, const gchar *part, guint n)
{
  for (guint i = 0; i < STEPS && count_texts (role, part) < n; i++)
    pause_step ();
  if (count_texts (role, part) < n)
    print_facts ();
  g_assert_cmpuint (count_texts (role, part), ==, n);
}

static inline void
until_said (const gchar *part)
{
  until_text ("agent", part, 1);
}

static inline void
until_fact (const gchar *name, const gchar *state, guint n)
{
  for (guint i = 0; i < STEPS && count_facts (name, state) < n; i++)
    pause_step ();
  if (count_facts (name, state) < n)
    print_facts ();
  g_assert_cmpuint (count_facts (name, state), >=, n);
}

static inline void
until_done (guint n)
{
  until_fact ("aiagent/turn", "response-done", n);
}

/* The caller says something, and has finished. */
static inline void
speak_turn (void)
{
  const guint before = count_facts ("aiagent/turn", "speech-stopped");

  run (800, TRUE);
  until_fact ("aiagent/turn", "speech-stopped", before + 1);
}

/* ---- What its servers were asked */

/* The next request for @path. */
static inline gchar *
next_body (const gchar *path)
{
  g_autoptr (ChatServerEvent) event =
      chat_server_wait (server, CHAT_SERVER_ASKED, path);

  return g_strndup (g_bytes_get_data (event->body, NULL),
      g_bytes_get_size (event->body));
}

static inline void
expect_asked (const gchar *path, const gchar *part)
{
  g_autofree gchar *body = next_body (path);

  if (!strstr (body, part))
    g_error ("%s was asked without %s: %s", path, part, body);
}

/* The n-th request for @path was given up by the client. */
static inline void
expect_gone (const gchar *path)
{
  g_autoptr (ChatServerEvent) event =
      chat_server_wait (server, CHAT_SERVER_GONE, path);

  g_assert_cmpstr (event->path, ==, path);
}

/* Time passes until @ms of it have, with nothing said. */
static inline guint
quiet_for (guint ms)
{
  guint spoken = 0;

  for (guint i = 0; i < ms / 20; i++) {
    spoken += step (FALSE);
    g_usleep (1000);
  }
  return spoken;
}
