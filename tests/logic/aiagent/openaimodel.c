/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Random conversations with a server that keeps its own books: it is never asked for a second
 * answer while there is one, nor told that the caller heard more than it said, or
 * something else than was heard. */

#include "openaitest.h"

#define N_SEEDS 40
#define N_INTERRUPTIONS 100

typedef struct
{
  Bench bench;
  GRand *rand;
  guint seen; /* of what was sent */
  guint last; /* response and item, ever */
  gboolean active, announced; /* a response */
  guint64 received; /* bytes of its item */
  gboolean talking; /* the caller */
  guint expected_ms; /* of the next truncation */
  guint truncated, deleted;
} Server;

static JsonObject *
member (JsonNode *node)
{
  return json_node_get_object (node);
}

static void
read_truncate (Server *self, JsonObject *event)
{
  const gint64 ms = json_object_get_int_member (event, "audio_end_ms");
  g_autofree gchar *item = g_strdup_printf ("I%u", self->last);

  g_assert_cmpstr (json_object_get_string_member (event, "item_id"), ==, item);
  g_assert_cmpint (ms, >, 0);
  g_assert_cmpint (ms, <=, (gint64) self->received / 8);
  g_assert_cmpint (ms, ==, self->expected_ms);
  self->truncated++;
}

static void
read_sent (Server *self)
{
  for (; self->seen < self->bench.sent->len; self->seen++) {
    g_autoptr (JsonNode) node =
        json_from_string (self->bench.sent->pdata[self->seen], NULL);
    JsonObject *event = member (node);
    const gchar *type = json_object_get_string_member (event, "type");
    if (g_str_equal (type, "response.create")) {
      g_assert_false (self->active);
      self->active = TRUE;
      self->announced = FALSE;
      self->received = 0;
      self->last++;
    } else if (g_str_equal (type, "conversation.item.truncate")) {
      read_truncate (self, event);
    } else if (g_str_equal (type, "conversation.item.delete")) {
      self->deleted++;
    }
  }
}

static void
announce (Server *self)
{
  self->announced = TRUE;
  hear (&self->bench, "{'type':'response.created','response':{'id':'R%u'}}",
      self->last);
  if (g_rand_boolean (self->rand))
    hear (&self->bench,
        "{'type':'response.output_item.added','response_id':'R%u',"
        "'item':{'id':'I%u','type':'message'}}",
        self->last, self->last);
}

static void
say (Server *self)
{
  const guint8 sound[4000] = { 0 };
  const guint size = (guint) g_rand_int_range (self->rand, 1, sizeof sound);
  g_autofree gchar *response = g_strdup_printf ("R%u", self->last);
  g_autofree gchar *item = g_strdup_printf ("I%u", self->last);

  self->received += size;
  hear_audio (&self->bench, response, item, sound, size);
}

static void
end (Server *self)
{
  self->active = FALSE; /* before it is said: the client may ask at once */
  hear (&self->bench, "{'type':'response.done','response':{'id':'R%u'}}",
      self->last);
}

/* The caller speaks: any time in the answer, or behind all that was said of it. */
static void
interrupt (Server *self)
{
  const guint ms = (guint) (self->received / 8);
  const guint heard =
      (guint) g_rand_int_range (self->rand, 0, 2 + (gint) ms * 2);
  const guint before = self->bench.answers;
  const gboolean audible = self->received > 0;

  self->expected_ms = MIN (heard, ms);
  if (self->bench.config.turns == OPENAI_TURNS_OURS)
    openai_session_turn (self->bench.session, TRUE, 0, self->bench.now);
  else
    hear (&self->bench, "{'type':'input_audio_buffer.speech_started'}");
  openai_session_interrupt (self->bench.session, audible ? before : 0,
      audible ? heard : 0);
  self->talking = TRUE;
  read_sent (self);
}

static void
stop_talking (Server *self)
{
  const guint8 frame[160] = { 0 };

  for (guint i = 0; i < 10; i++)
    openai_session_audio (self->bench.session, frame, sizeof frame, 0);
  self->talking = FALSE;
  if (self->bench.config.turns == OPENAI_TURNS_OURS) {
    openai_session_turn (self->bench.session, FALSE, 0, self->bench.now);
    return;
  }
  if (self->active)
    end (self); /* it has interrupted itself, and answers itself */
  read_sent (self);
  hear (&self->bench, "{'type':'input_audio_buffer.speech_stopped'}");
  g_assert_false (self->active);
  self->active = TRUE;
  self->announced = FALSE;
  self->received = 0;
  self->last++;
}

static void
step (Server *self)
{
  self->bench.now += g_rand_int_range (self->rand, 0, 300);
  if (self->active && !self->announced)
    announce (self);
  else if (self->active && g_rand_int_range (self->rand, 0, 8) == 0)
    end (self);
  else if (self->active)
    say (self);
  else if (!self->talking && g_rand_boolean (self->rand))
    openai_session_say (self->bench.session, "Something.", self->bench.now);
  else if (!self->talking)
    openai_session_read (self->bench.session, "Hello", self->bench.now);
  read_sent (self);
}

static void
converse (OpenaiTurns turns, guint32 seed)
{
  Server server = { .rand = g_rand_new_with_seed (seed) };

  bench_init (&server.bench, turns);
  bench_begin (&server.bench, OPENAI_PCMU);
  for (guint i = 0; i < N_INTERRUPTIONS; i++) {
    for (gint n = g_rand_int_range (server.rand, 1, 12); n > 0; n--)
      step (&server);
    interrupt (&server);
    for (gint n = g_rand_int_range (server.rand, 0, 3); n > 0; n--)
      step (&server);
    stop_talking (&server);
    read_sent (&server);
    g_assert_cmpuint (server.bench.sent->len, <, 100000);
  }
  g_assert_cmpuint (server.truncated, >, N_INTERRUPTIONS / 10);
  g_assert_cmpuint (server.deleted, >, 0);
  g_rand_free (server.rand);
  bench_clear (&server.bench);
}

static void
test_conversations (gconstpointer turns)
{
  for (guint32 seed = 0; seed < N_SEEDS; seed++) {
    g_test_message ("seed %u", seed);
    converse (GPOINTER_TO_UINT (turns), seed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/openaimodel/ours",
      GUINT_TO_POINTER (OPENAI_TURNS_OURS), test_conversations);
  g_test_add_data_func ("/openaimodel/theirs",
      GUINT_TO_POINTER (OPENAI_TURNS_SERVER_VAD), test_conversations);
  return g_test_run ();
}
