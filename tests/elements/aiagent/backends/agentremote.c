/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* The connection of a dialogue: when there is one, what goes through it, when it is tried
 * again. */

#include "remotetest.h"

#include <arpa/inet.h>
#include <sys/socket.h>

/* ---- When there is one */

static void
test_ring (Fixture *self, gconstpointer data)
{
  ring (self, "1");
  ring (self, "1");
  await (self, AGENT_SERVER_OPENED, 1);
  expect_text (self, "hello owes=0");
  send_frame (self, 7, FALSE); /* nobody is heard while it rings */
  WAIT_STATES (self, "connecting ready ");
  open_call (self, "1");
  expect_text (self, "begun 1");
  send_frame (self, 8, FALSE);
  g_autoptr (AgentServerEvent) heard =
      agent_server_wait (self->server, AGENT_SERVER_BINARY);
  g_assert_cmpint (*(const gint16 *) g_bytes_get_data (heard->data, NULL), ==,
      8);
  close_call (self);
  expect_text (self, "bye");
  await (self, AGENT_SERVER_CLOSED, 1);
  ASSERT_STATES (self, "connecting ready ");
}

/* Another one takes the call, and another call comes: each with its own. */
static void
test_ring_other (Fixture *self, gconstpointer data)
{
  ring (self, "1");
  await (self, AGENT_SERVER_OPENED, 1);
  ring (self, "2");
  await (self, AGENT_SERVER_OPENED, 2);
  open_call (self, "3");
  await (self, AGENT_SERVER_OPENED, 3);
  g_autoptr (AgentServerEvent) begun =
      agent_server_wait_text (self->server, "begun 1");
  g_assert_cmpuint (begun->connection, ==, 3);
  open_call (self, "4"); /* nobody says that the last one is over */
  expect_text (self, "bye");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 2");
}

static void
test_ring_unanswered (Fixture *self, gconstpointer data)
{
  ring (self, "1");
  expect_text (self, "hello owes=0");
  close_call (self);
  await (self, AGENT_SERVER_CLOSED, 1);
}

/* ---- What goes through it */

static gint16
pop_sample (Fixture *self)
{
  g_autoptr (AgentServerEvent) event =
      agent_server_wait (self->server, AGENT_SERVER_BINARY);

  return *(const gint16 *) g_bytes_get_data (event->data, NULL);
}

/* 3 s wait, and what has its place in them; what is older is forgotten. */
static void
test_waits (Fixture *self, gconstpointer data)
{
  self->tester->slow = TRUE;
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  for (gint16 i = 0; i < 200; i++) {
    send_frame (self, i, FALSE);
    if (i == 60)
      agent_backend_digit (self->backend, '5');
  }
  agent_backend_turn (self->backend, FALSE, 0);
  agent_backend_say (self->backend, "this");
  agent_backend_pause (self->backend, TRUE);
  settle ();
  agent_server_send (self->server, 1, "welcome");
  expect_text (self, "begun 1");
  for (gint16 i = 50; i <= 60; i++)
    g_assert_cmpint (pop_sample (self), ==, i);
  expect_text (self, "key 5");
  for (gint16 i = 61; i < 200; i++)
    g_assert_cmpint (pop_sample (self), ==, i);
  expect_text (self, "turn 0");
  expect_text (self, "speak this");
  expect_text (self, "hold 1");
}

/* The far side hears as much as passes, also if the channel brings nothing, or now and
 * then a frame. */
static void
test_silence (Fixture *self, gconstpointer data)
{
  const guint every =
      GPOINTER_TO_UINT (data); /* frames; 0 = none but the first */
  gsize size = 0;

  open_call (self, "1");
  expect_text (self, "hello owes=0");
  for (guint i = 0; i < 500; i++) {
    if (every ? i % every == 0 : i == 0)
      send_frame (self, 7, FALSE);
    agent_backend_tick (self->backend);
  }
  agent_backend_digit (self->backend, '5');
  for (;;) {
    g_autoptr (AgentServerEvent) event = agent_server_pop (self->server, 10000);
    g_assert_nonnull (event);
    if (event->type == AGENT_SERVER_BINARY)
      size += g_bytes_get_size (event->data);
    else if (event->type == AGENT_SERVER_TEXT && strstr (event->text, "key"))
      break;
  }
  g_assert_cmpuint (size / MS / 2, >=, 9800);
  g_assert_cmpuint (size / MS / 2, <=, 10200);
}

typedef struct
{
  GMutex lock;
  GAsyncQueue *reached;
} Gate;

static void
wait_at (gpointer data)
{
  Gate *gate = data;

  g_async_queue_push (gate->reached, gate);
  g_mutex_lock (&gate->lock);
  g_mutex_unlock (&gate->lock);
}

/* While the agent loop is busy no more than 10 s of audio waits for it; all else does. */
static void
test_inbox (Fixture *self, gconstpointer data)
{
  AgentServerEventType type = AGENT_SERVER_OPENED;
  Gate gate = { .reached = g_async_queue_new () };
  guint pieces = 0;

  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  g_mutex_init (&gate.lock);
  g_mutex_lock (&gate.lock);
  io_loop_invoke (agent_net_get_loop (), wait_at, &gate, NULL);
  g_async_queue_pop (gate.reached);
  for (guint i = 0; i < 2000; i++)
    send_frame (self, 7, FALSE);
  agent_backend_digit (self->backend, '5');
  g_mutex_unlock (&gate.lock);
  while (type != AGENT_SERVER_TEXT) {
    g_autoptr (AgentServerEvent) event = agent_server_pop (self->server, 10000);
    g_assert_nonnull (event);
    type = event->type;
    pieces += type == AGENT_SERVER_BINARY;
  }
  g_assert_cmpuint (pieces, >=, 500);
  g_assert_cmpuint (pieces, <=, 502);
  settle ();
  g_mutex_clear (&gate.lock);
  g_async_queue_unref (gate.reached);
}

/* What is not of this dialogue reaches nobody. */
static void
test_late (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_send (self->server, 1, "caller secret");
  agent_server_send (self->server, 1, "lose once");
  expect_text (self, "hello owes=0 secret");
  close_call (self);
  send_frame (self, 7, TRUE);
  take_turn (self);
  agent_backend_digit (self->backend, '5');
  settle ();
  open_call (self, "2");
  g_autoptr (AgentServerEvent) hello =
      agent_server_wait_text (self->server, "hello");
  g_assert_cmpstr (hello->text, ==, "hello owes=0");
  expect_text (self, "begun 2");
  send_frame (self, 8, FALSE);
  g_assert_cmpint (pop_sample (self), ==, 8);
}

/* ---- When it is tried again */

static gint64
pop_asked (Fixture *self)
{
  g_autoptr (AgentServerEvent) event =
      agent_server_wait (self->server, AGENT_SERVER_ASKED);

  return event->time;
}

/* Each pause is twice the last one, and then it is enough. */
static void
test_pauses (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "retries", 3, "fallback", 0, NULL);
  agent_server_refuse (self->server, 503, -1);
  open_call (self, "1");
  gint64 last = pop_asked (self);
  for (guint pause = 250; pause <= 1000; pause *= 2) {
    const gint64 asked = pop_asked (self);
    g_assert_cmpint (asked - last, >=, pause * 1000);
    last = asked;
  }
  WAIT_STATES (self, "connecting retrying retrying retrying failed ");
  WAIT (self, host->warning);
  g_assert_error (self->host->warning, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ_WRITE);
  g_assert_nonnull (strstr (self->host->warning->message, "HTTP 503"));
}

static void
test_retry_after (Fixture *self, gconstpointer data)
{
  agent_server_refuse (self->server, 429, 1);
  open_call (self, "1");
  const gint64 first = pop_asked (self);
  WAIT_STATES (self, "connecting retrying ");
  agent_server_refuse (self->server, 0, -1);
  g_assert_cmpint (pop_asked (self) - first, >=, G_USEC_PER_SEC);
  WAIT_STATES (self, "connecting retrying ready ");
}

/* So long nobody waits. */
static void
test_retry_much_later (Fixture *self, gconstpointer data)
{
  agent_server_refuse (self->server, 429, 3600);
  open_call (self, "1");
  WAIT_STATES (self, "connecting failed ");
}

static void
test_key_refused (Fixture *self, gconstpointer data)
{
  agent_server_refuse (self->server, GPOINTER_TO_UINT (data), -1);
  open_call (self, "1");
  WAIT (self, host->warning);
  ASSERT_STATES (self, "connecting failed ");
  g_assert_error (self->host->warning, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  g_assert_nonnull (strstr (self->host->warning->message, "key"));
}

/* A far side that repeats our key does not get it into logs and messages; nor one of whose
 * reason the end is left out within it. */
static void
test_key_repeated (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "retries", 0, "fallback", 0, NULL);
  open_call (self, "1");
  WAIT_STATES (self, "connecting ready ");
  agent_server_close (self->server, 1, 4001, data);
  WAIT (self, host->warning);
  g_assert_error (self->host->warning, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_READ);
  g_assert_nonnull (strstr (self->host->warning->message, "no ***"));
  g_assert_null (strstr (self->host->warning->message, "canary"));
}

static void
test_no_address (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "uri", NULL, NULL);
  open_call (self, "1");
  WAIT (self, host->warning);
  g_assert_error (self->host->warning, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_SETTINGS);
  g_assert_cmpstr (self->host->warning->message, ==, "There is no uri.");
  ASSERT_STATES (self, "failed ");
}

static void
test_unreachable (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "uri", "ws://127.0.0.1:1/", "retries", 1, NULL);
  open_call (self, "1");
  WAIT_STATES (self, "connecting retrying failed ");
}

/* It does not answer a handshake. */
static void
test_slow (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "connect-timeout", 100, NULL);
  agent_server_stall (self->server, TRUE);
  open_call (self, "1");
  WAIT (self, !g_strcmp0 (host->reason, "no answer in time"));
  agent_server_stall (self->server, FALSE);
  WAIT (self, g_str_has_suffix (host->states->str, "ready "));
}

/* Closed with a word, and without. */
static void
test_lost (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_close (self->server, 1, 4000, "enough");
  WAIT (self, !g_strcmp0 (host->reason, "enough (code 4000)"));
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  agent_server_cut (self->server, 2);
  await (self, AGENT_SERVER_OPENED, 3);
  WAIT_STATES (self, "connecting ready retrying ready retrying ready ");
  g_assert_cmpuint (self->host->n_turns_ended, ==, 2); /* if there were any */
}

/* Who was there for 5 s begins to count anew. */
static void
test_anew (Fixture *self, gconstpointer data)
{
  g_object_set (self->backend, "retries", 1, NULL);
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  agent_server_cut (self->server, 1);
  await (self, AGENT_SERVER_OPENED, 2);
  expect_text (self, "hello owes=0");
  expect_text (self, "begun 1");
  g_assert_null (agent_server_pop (self->server, 5200));
  agent_server_cut (self->server, 2);
  await (self, AGENT_SERVER_OPENED, 3);
  expect_text (self, "hello owes=0");
  agent_server_cut (self->server, 3);
  WAIT_STATES (self, "connecting ready retrying ready retrying ready failed ");
}

static void
test_quit (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  agent_server_send (self->server, 1, "quit no money");
  WAIT_STATES (self, "connecting ready failed ");
  g_assert_cmpstr (self->host->reason, ==, "no money");
  await (self, AGENT_SERVER_CLOSED, 1);
}

/* ---- When it is over */

/* In each state; tear_down() closes it, and asserts that nothing is left. */
static void
test_close (Fixture *self, gconstpointer data)
{
  const gchar *when = data;

  self->tester->stubborn = TRUE;
  if (g_str_equal (when, "connecting"))
    agent_server_stall (self->server, TRUE);
  else if (g_str_equal (when, "open"))
    self->tester->slow = TRUE;
  else if (g_str_equal (when, "pause"))
    agent_server_refuse (self->server, 500, 20);
  else if (g_str_equal (when, "failed"))
    agent_server_refuse (self->server, 400, -1);
  if (g_str_equal (when, "nothing"))
    return;
  open_call (self, "1");
  if (g_str_equal (when, "open") || g_str_equal (when, "ready"))
    expect_text (self, "hello owes=0");
  else
    pop_asked (self);
  if (g_str_equal (when, "pause"))
    WAIT_STATES (self, "connecting retrying ");
  close_call (self);
  settle ();
  /* What fails while it is ended is nobody's concern. */
  if (g_str_equal (when, "ready"))
    ASSERT_STATES (self, "connecting ready ");
  agent_server_stall (self->server, FALSE);
  agent_server_refuse (self->server, 0, -1);
  settle ();
  AgentServerEvent *event;
  while ((event = agent_server_pop (self->server, 400))) {
    g_assert_cmpint (event->type, !=, AGENT_SERVER_ASKED);
    agent_server_event_free (event);
  }
}

/* A session takes the backend of another one. */
static void
test_next_session (Fixture *self, gconstpointer data)
{
  open_call (self, "1");
  expect_text (self, "hello owes=0");
  close_call (self);
  gst_voice_agent_backend_clear_host (self->backend, G_OBJECT (self->host));
  settle ();
  g_assert_finalize_object (self->host);
  self->host = g_object_new (host_get_type (), NULL);
  self->host->dialogue = 1; /* numbers go on */
  g_assert_true (gst_voice_agent_backend_set_host (self->backend,
      &host_functions, G_OBJECT (self->host)));
  open_call (self, "2");
  await (self, AGENT_SERVER_OPENED, 2);
  WAIT_STATES (self, "connecting ready ");
}

/* Of ours to the server: what libsoup's server keeps is not our business. */
static guint
count_connections (Fixture *self)
{
  const guint port =
      (guint) atoi (strrchr (agent_server_get_uri (self->server), ':') + 1);
  guint n = 0;

  for (gint fd = 0; fd < 4096; fd++) {
    struct sockaddr_in peer = { 0 };
    socklen_t size = sizeof peer;
    n += !getpeername (fd, (struct sockaddr *) &peer, &size) &&
        ntohs (peer.sin_port) == port;
  }
  return n;
}

static void
misbehave (Fixture *self, GRand *rand, guint *connection)
{
  AgentServerEvent *event;

  while ((event = agent_server_pop (self->server, 0))) {
    if (event->type == AGENT_SERVER_OPENED)
      *connection = event->connection;
    agent_server_event_free (event);
  }
  if (!*connection)
    return;
  switch (g_rand_int_range (rand, 0, 6)) {
    case 0:
      agent_server_cut (self->server, *connection);
      break;
    case 1:
      agent_server_close (self->server, *connection, 1011, "");
      break;
    case 2:
      agent_server_send (self->server, *connection, "begin");
      agent_server_send (self->server, *connection, "say 500");
      break;
    case 3:
      agent_server_send (self->server, *connection, "lose it");
      break;
    case 4:
      agent_server_send (self->server, *connection, "renew");
      break;
    default:
      agent_server_send (self->server, *connection, "quit");
      break;
  }
}

static void
run_dialogue (Fixture *self, GRand *rand, guint *connection)
{
  static const guint answers[] = { 0, 0, 0, 401, 503 };
  const gboolean rings = g_rand_boolean (rand);

  agent_server_refuse (self->server,
      answers[g_rand_int_range (rand, 0, G_N_ELEMENTS (answers))], -1);
  if (rings)
    ring (self, "1");
  if (!rings || g_rand_boolean (rand))
    open_call (self, g_rand_boolean (rand) ? "1" : "2");
  const gint steps = g_rand_int_range (rand, 0, 12);
  for (gint i = 0; i < steps; i++) {
    if (g_rand_boolean (rand))
      take_turn (self);
    else if (g_rand_boolean (rand))
      agent_backend_pause (self->backend, g_rand_boolean (rand));
    else
      misbehave (self, rand, connection);
    g_usleep ((gulong) g_rand_int_range (rand, 0, 4000));
  }
  close_call (self);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  guint connection = 0;

  for (guint i = 0; i < 200; i++)
    run_dialogue (self, rand, &connection);
  settle ();
  for (guint i = 0; count_connections (self) > 0 && i < 1000; i++)
    g_usleep (10000);
  g_assert_cmpuint (count_connections (self), ==, 0);
}

#define ADD(name, data, function) \
  g_test_add ("/agentremote/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  ADD ("ring", NULL, test_ring);
  ADD ("ring-other", NULL, test_ring_other);
  ADD ("ring-unanswered", NULL, test_ring_unanswered);
  ADD ("waits", NULL, test_waits);
  ADD ("silence/all", GUINT_TO_POINTER (1), test_silence);
  ADD ("silence/comfort", GUINT_TO_POINTER (20), test_silence);
  ADD ("silence/none", NULL, test_silence);
  ADD ("late", NULL, test_late);
  ADD ("pauses", NULL, test_pauses);
  ADD ("retry-after", NULL, test_retry_after);
  ADD ("retry-much-later", NULL, test_retry_much_later);
  ADD ("key-repeated/whole", "no canary-of-a-key, please", test_key_repeated);
  ADD ("key-repeated/cut-off", "no canary-of-a", test_key_repeated);
  ADD ("inbox", NULL, test_inbox);
  ADD ("key-refused/401", GUINT_TO_POINTER (401), test_key_refused);
  ADD ("key-refused/403", GUINT_TO_POINTER (403), test_key_refused);
  ADD ("no-address", NULL, test_no_address);
  ADD ("unreachable", NULL, test_unreachable);
  ADD ("slow", NULL, test_slow);
  ADD ("lost", NULL, test_lost);
  ADD ("anew", NULL, test_anew);
  ADD ("quit", NULL, test_quit);
  ADD ("close/nothing", "nothing", test_close);
  ADD ("close/connecting", "connecting", test_close);
  ADD ("close/open", "open", test_close);
  ADD ("close/ready", "ready", test_close);
  ADD ("close/pause", "pause", test_close);
  ADD ("close/failed", "failed", test_close);
  ADD ("next-session", NULL, test_next_session);
  ADD ("random", GUINT_TO_POINTER (1), test_random);
  return g_test_run ();
}
