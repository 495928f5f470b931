/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The WebSocket of the agent loop against a server that does as the test says. */

#include "aiagent/remote/agentnet.h"
#include "aiagent/remote/agentsocket.h"
#include "mock/agentserver.h"

#include <gio/gio.h>
#include <string.h>

/* What the socket tells, taken out by the test's thread. */
typedef struct
{
  gchar what; /* 'o', 't', 'b', 'e' */
  gchar *text;
  AgentSocketEnd how;
  guint code;
  gint retry_after;
} Told;

typedef struct
{
  AgentServer *server;
  GAsyncQueue *told;
  AgentSocket *socket;
  const gchar *uri, *const *headers, *const *protocols;
  guint timeout, patience;
} Fixture;

static void
told_free (gpointer data)
{
  g_free (((Told *) data)->text);
  g_free (data);
}

static void
tell (Fixture *self, Told told)
{
  g_async_queue_push (self->told, g_memdup2 (&told, sizeof told));
}

static void
on_opened (gpointer user, const gchar *protocol)
{
  tell (user, (Told){ 'o', g_strdup (protocol) });
}

static void
on_text (gpointer user, const gchar *text, gsize size)
{
  g_assert_cmpuint (strlen (text), ==, size);
  tell (user, (Told){ 't', g_strdup (text) });
}

static void
on_binary (gpointer user, const guint8 *data, gsize size)
{
  tell (user, (Told){ 'b', g_strndup ((const gchar *) data, size) });
}

static void
on_ended (gpointer user, const AgentSocketFailure *failure)
{
  tell (user,
      (Told){ 'e', g_strdup (failure->text), failure->how, failure->code,
          failure->retry_after });
}

static const AgentSocketEvents events = { on_opened, on_text, on_binary,
  on_ended };

static void
set_up (Fixture *self, gconstpointer protocol)
{
  self->server = agent_server_new (protocol);
  self->told = g_async_queue_new_full (told_free);
  self->uri = agent_server_get_uri (self->server);
  self->timeout = 5000;
}

static void
run_close (gpointer data)
{
  Fixture *self = data;

  agent_socket_free (g_steal_pointer (&self->socket), 1000);
}

static void
on_loop (Fixture *self, GSourceOnceFunc func)
{
  g_assert_true (
      io_loop_invoke_wait (agent_net_get_loop (), func, self, NULL, 60000));
}

static void
tear_down (Fixture *self, gconstpointer protocol)
{
  if (self->socket)
    on_loop (self, run_close);
  g_async_queue_unref (self->told);
  agent_server_free (self->server);
}

static void
run_open (gpointer data)
{
  Fixture *self = data;

  self->socket = agent_socket_open (self->uri, self->headers, self->protocols,
      self->timeout, &events, self);
}

static Told *
pop (Fixture *self, gchar what)
{
  Told *told = g_async_queue_timeout_pop (self->told, 60 * G_USEC_PER_SEC);

  g_assert_nonnull (told);
  g_assert_cmpint (told->what, ==, what);
  return told;
}

static void
expect (Fixture *self, gchar what, const gchar *text)
{
  Told *told = pop (self, what);

  g_assert_cmpstr (told->text, ==, text);
  told_free (told);
}

static void
expect_end (Fixture *self, AgentSocketEnd how, guint code)
{
  Told *told = pop (self, 'e');

  g_assert_cmpint (told->how, ==, how);
  g_assert_cmpuint (told->code, ==, code);
  g_assert_cmpstr (told->text, !=, "");
  told_free (told);
}

static void
run_talk (gpointer data)
{
  Fixture *self = data;

  agent_socket_send_text (self->socket, "hello");
  agent_socket_send_audio_text (self->socket, "{\"audio\":1}");
  agent_socket_send_audio (self->socket, (const guint8 *) "abc", 3);
}

static void
test_talk (Fixture *self, gconstpointer protocol)
{
  static const gchar *const headers[] = { "Authorization", "Bearer canary",
    NULL };
  static const gchar *const protocols[] = { "other", "spoken", NULL };
  self->headers = headers;
  self->protocols = protocols;

  on_loop (self, run_open);
  g_autoptr (AgentServerEvent) asked =
      agent_server_wait (self->server, AGENT_SERVER_ASKED);
  g_assert_nonnull (strstr (asked->headers, "Authorization: Bearer canary\n"));
  expect (self, 'o', "spoken");
  on_loop (self, run_talk);
  g_autoptr (AgentServerEvent) first =
      agent_server_wait_text (self->server, "hello");
  g_autoptr (AgentServerEvent) second =
      agent_server_wait (self->server, AGENT_SERVER_TEXT);
  g_assert_cmpstr (second->text, ==, "{\"audio\":1}");
  g_autoptr (AgentServerEvent) third =
      agent_server_wait (self->server, AGENT_SERVER_BINARY);
  g_assert_cmpmem (g_bytes_get_data (third->data, NULL),
      g_bytes_get_size (third->data), "abc", 3);
  agent_server_send (self->server, 1, "good day");
  agent_server_send_binary (self->server, 1, "xyz", 3);
  agent_server_send (self->server, 1, "");
  expect (self, 't', "good day");
  expect (self, 'b', "xyz");
  expect (self, 't', "");
  on_loop (self, run_close);
  g_autoptr (AgentServerEvent) closed =
      agent_server_wait (self->server, AGENT_SERVER_CLOSED);
  g_assert_cmpuint (closed->code, ==, 1000);
}

static void
test_refused (Fixture *self, gconstpointer protocol)
{
  agent_server_refuse (self->server, 429, 7);
  on_loop (self, run_open);
  Told *told = pop (self, 'e');
  g_assert_cmpint (told->how, ==, AGENT_SOCKET_REFUSED);
  g_assert_cmpuint (told->code, ==, 429);
  g_assert_cmpint (told->retry_after, ==, 7);
  told_free (told);
}

static void
test_redirected (Fixture *self, gconstpointer protocol)
{
  AgentServerEvent *event;

  agent_server_refuse (self->server, 302, -1);
  on_loop (self, run_open);
  expect_end (self, AGENT_SOCKET_REFUSED, 302);
  agent_server_event_free (
      agent_server_wait (self->server, AGENT_SERVER_ASKED));
  on_loop (self, run_close);
  /* A second one: nothing was asked for in between. */
  agent_server_refuse (self->server, 0, -1);
  on_loop (self, run_open);
  expect (self, 'o', "");
  event = agent_server_wait (self->server, AGENT_SERVER_ASKED);
  g_assert_cmpstr (event->text, ==, "/");
  agent_server_event_free (event);
}

static void
test_ends (Fixture *self, gconstpointer protocol)
{
  on_loop (self, run_open);
  expect (self, 'o', "");
  agent_server_close (self->server, 1, 4000, "enough");
  Told *told = pop (self, 'e');
  g_assert_cmpint (told->how, ==, AGENT_SOCKET_CLOSED);
  g_assert_cmpuint (told->code, ==, 4000);
  g_assert_cmpstr (told->text, ==, "enough");
  told_free (told);
  on_loop (self, run_close);
  on_loop (self, run_open);
  expect (self, 'o', "");
  agent_server_cut (self->server, 2);
  expect_end (self, AGENT_SOCKET_LOST, 0);
}

static void
run_send_much (gpointer data)
{
  Fixture *self = data;
  g_autofree gchar *text = g_strnfill (1 << 20, 'x');

  for (guint i = 0; i < 64; i++)
    agent_socket_send_text (self->socket, text);
  g_assert_cmpint (g_async_queue_length (self->told), ==, 0);
}

/* An end that a send comes upon is told behind it. */
static void
test_slow (Fixture *self, gconstpointer protocol)
{
  on_loop (self, run_open);
  expect (self, 'o', "");
  on_loop (self, run_send_much);
  expect_end (self, AGENT_SOCKET_SLOW, 0);
}

static void
run_send_into_nothing (gpointer data)
{
  Fixture *self = data;

  agent_server_free (self->server);
  self->server = agent_server_new (NULL);
  for (guint i = 0; i < 8; i++)
    agent_socket_send_text (self->socket, "hello?");
  g_assert_cmpint (g_async_queue_length (self->told), ==, 0);
}

static void
test_lost_in_a_send (Fixture *self, gconstpointer protocol)
{
  on_loop (self, run_open);
  expect (self, 'o', "");
  on_loop (self, run_send_into_nothing);
  expect_end (self, AGENT_SOCKET_LOST, 0);
}

static void
run_send_and_close (gpointer data)
{
  Fixture *self = data;
  g_autofree gchar *text = g_strnfill (8 << 20, 'x');

  agent_socket_send_text (self->socket, text);
  agent_socket_send_text (self->socket, "farewell");
  run_close (self);
}

/* What waits when it is closed comes before the close. */
static void
test_farewell (Fixture *self, gconstpointer protocol)
{
  on_loop (self, run_open);
  expect (self, 'o', "");
  on_loop (self, run_send_and_close);
  agent_server_event_free (agent_server_wait_text (self->server, "farewell"));
  g_autoptr (AgentServerEvent) closed =
      agent_server_wait (self->server, AGENT_SERVER_CLOSED);
  g_assert_cmpuint (closed->code, ==, 1000);
}

static void
test_unreachable (Fixture *self, gconstpointer protocol)
{
  self->uri = "ws://127.0.0.1:1/";
  on_loop (self, run_open);
  expect_end (self, AGENT_SOCKET_UNREACHABLE, 0);
  on_loop (self, run_close);
  self->uri = "no address";
  on_loop (self, run_open);
  expect_end (self, AGENT_SOCKET_UNREACHABLE, 0);
}

/* Nobody answers, and then nobody wants to know any more. */
static void
test_stalled (Fixture *self, gconstpointer protocol)
{
  agent_server_stall (self->server, TRUE);
  self->timeout = 100;
  on_loop (self, run_open);
  expect_end (self, AGENT_SOCKET_UNREACHABLE, 0);
  on_loop (self, run_close);
  on_loop (self, run_open);
  on_loop (self, run_close);
  g_assert_null (g_async_queue_timeout_pop (self->told, 200000));
}

static void
run_open_impatient (gpointer data)
{
  run_open (data);
  agent_socket_set_patience (((Fixture *) data)->socket,
      ((Fixture *) data)->patience);
}

/* For longer than its patience. */
static gboolean
stays_open (Fixture *self)
{
  on_loop (self, run_open_impatient);
  expect (self, 'o', "");
  Told *told = g_async_queue_timeout_pop (self->told,
      2 * self->patience * G_TIME_SPAN_MILLISECOND + 500000);

  if (!told)
    return TRUE;
  told_free (told);
  on_loop (self, run_close);
  return FALSE;
}

/* Who has nothing to say answers pings, but if its machine has no time for that long; who
 * is frozen does not. */
static void
test_frozen (Fixture *self, gconstpointer protocol)
{
  for (self->patience = 1500; !stays_open (self); self->patience *= 2)
    g_assert_cmpuint (self->patience, <, 10000);
  agent_server_freeze (self->server, TRUE);
  expect_end (self, AGENT_SOCKET_SILENT, 0);
  agent_server_freeze (self->server, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/agentsocket/talk", Fixture, "spoken", set_up, test_talk,
      tear_down);
  g_test_add ("/agentsocket/refused", Fixture, NULL, set_up, test_refused,
      tear_down);
  g_test_add ("/agentsocket/redirected", Fixture, NULL, set_up, test_redirected,
      tear_down);
  g_test_add ("/agentsocket/ends", Fixture, NULL, set_up, test_ends, tear_down);
  g_test_add ("/agentsocket/slow", Fixture, NULL, set_up, test_slow, tear_down);
  g_test_add ("/agentsocket/lost-in-a-send", Fixture, NULL, set_up,
      test_lost_in_a_send, tear_down);
  g_test_add ("/agentsocket/farewell", Fixture, NULL, set_up, test_farewell,
      tear_down);
  g_test_add ("/agentsocket/unreachable", Fixture, NULL, set_up,
      test_unreachable, tear_down);
  g_test_add ("/agentsocket/stalled", Fixture, NULL, set_up, test_stalled,
      tear_down);
  g_test_add ("/agentsocket/frozen", Fixture, NULL, set_up, test_frozen,
      tear_down);
  return g_test_run ();
}
