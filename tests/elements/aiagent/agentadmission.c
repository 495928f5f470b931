/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Who gets an agent that costs money, and for how long. */

#include "aiagenttest.h"

#include "voiceagent/gstvoiceagentbackend.h"

/* ---- A backend that is paid for what it is told of */

typedef struct
{
  GstVoiceAgentBackend parent;

  gint n_opened, n_closed, n_heard, n_said; /* atomic */
  gboolean speaks, talks;
} Paid;

typedef GstVoiceAgentBackendClass PaidClass;

static GType paid_get_type (void);
G_DEFINE_TYPE (Paid, paid, GST_TYPE_VOICE_AGENT_BACKEND)

static gboolean
paid_costs (GstVoiceAgentBackend *backend)
{
  return TRUE;
}

static void
paid_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call, guint rate)
{
  Paid *self = (Paid *) backend;
  static const gint16 minute[60 * 8000];

  g_atomic_int_inc (&self->n_opened);
  if (self->talks)
    gst_voice_agent_backend_write (backend,
        gst_voice_agent_backend_begin_answer (backend, 0, TRUE), minute,
        sizeof minute);
}

/* Its words are 100 ms long. */
static gboolean
paid_say (GstVoiceAgentBackend *backend, const gchar *text)
{
  Paid *self = (Paid *) backend;
  static const gint16 samples[800];
  const guint answer = self->speaks
      ? gst_voice_agent_backend_begin_answer (backend, 0, FALSE)
      : 0;

  g_atomic_int_inc (&self->n_said);
  if (!answer)
    return FALSE;
  gst_voice_agent_backend_write (backend, answer, samples, sizeof samples);
  gst_voice_agent_backend_end_answer (backend, answer);
  return TRUE;
}

static void
paid_close (GstVoiceAgentBackend *backend)
{
  g_atomic_int_inc (&((Paid *) backend)->n_closed);
}

static void
paid_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n_samples, GstClockTime time, gboolean speaking)
{
  g_atomic_int_inc (&((Paid *) backend)->n_heard);
}

static void
paid_class_init (PaidClass *klass)
{
  klass->costs = paid_costs;
  klass->open = paid_open;
  klass->close = paid_close;
  klass->send_audio = paid_send_audio;
  klass->say = paid_say;
}

static void
paid_init (Paid *self)
{
}

/* ---- A pair with it */

typedef struct
{
  AgentHalfTest sink, src;
  Paid *paid;
  GString *said;
} Pair;

static void
start (Pair *self, const gchar *settings)
{
  g_autoptr (GstContext) context = gst_session_table_context_new ();
  g_auto (GStrv) parts = g_strsplit (settings, " ", -1);

  *self = (Pair){ .paid = g_object_new (paid_get_type (), NULL),
    .said = g_string_new (NULL) };
  half_make (&self->sink, "aiagentsink", context);
  half_make (&self->src, "aiagentsrc", context);
  g_object_set (self->src.element, "backend-object", self->paid, NULL);
  for (gchar **part = parts; *part; part++) {
    g_auto (GStrv) pair = g_strsplit (*part, "=", 2);
    gst_util_set_object_arg (G_OBJECT (self->src.element), pair[0], pair[1]);
  }
  half_play (&self->src, NULL, RAW_8K);
  half_play (&self->sink, RAW_8K, NULL);
}

static void
stop (Pair *self)
{
  half_stop (&self->sink);
  half_stop (&self->src);
  g_object_unref (self->paid);
  g_string_free (self->said, TRUE);
}

static void
say (Pair *self, GstVoiceCallState state, const gchar *id, const gchar *source,
    const gchar *admitted, gboolean outgoing)
{
  const GstVoiceCall call = { .state = state,
    .call_id = id,
    .channel = "sip",
    .source = source,
    .admitted = admitted,
    .outgoing = outgoing };

  gst_harness_push_event (self->sink.harness, gst_voice_call_event_new (&call));
}

/* A whole call; TRUE: the backend heard of it. */
static gboolean
call_with (Pair *self, const gchar *source, const gchar *admitted,
    gboolean outgoing)
{
  static guint n;
  g_autofree gchar *id = g_strdup_printf ("call-%u", ++n);
  const gint before = g_atomic_int_get (&self->paid->n_opened);

  say (self, GST_VOICE_CALL_RINGING, id, source, admitted, outgoing);
  say (self, GST_VOICE_CALL_ANSWERED, id, source, admitted, outgoing);
  const gboolean opened = g_atomic_int_get (&self->paid->n_opened) > before;
  say (self, GST_VOICE_CALL_ENDED, id, source, admitted, outgoing);
  return opened;
}

/* The next hang-up that the src sends; (transfer full). */
static gchar *
wait_hang_up (Pair *self)
{
  for (guint i = 0; i < 2000; i++) {
    g_autoptr (GstEvent) event = gst_harness_try_pull_event (self->src.harness);
    GstVoiceControl control;
    if (!event) {
      g_usleep (10000);
      continue;
    }
    if (gst_voice_control_event_parse (event, &control) &&
        control.action == GST_VOICE_CONTROL_HANG_UP)
      return g_strdup (control.to ? control.to : "");
  }
  g_error ("no hang-up");
}

/* The frame of that number. */
static GstFlowReturn
hear (Pair *self, guint i)
{
  static const gint16 samples[160];
  GstBuffer *buffer = gst_buffer_new_memdup (samples, sizeof samples);

  GST_BUFFER_PTS (buffer) = i * 20 * GST_MSECOND;
  return gst_harness_push (self->sink.harness, buffer);
}

/* What the bus has said, all in all. */
static void
listen (Pair *self)
{
  GstBus *const buses[] = { self->sink.bus, self->src.bus };

  for (guint i = 0; i < G_N_ELEMENTS (buses); i++) {
    GstMessage *message;
    while ((message = gst_bus_pop (buses[i]))) {
      const GstStructure *s = gst_message_get_structure (message);
      const gchar *reason = s ? gst_structure_get_string (s, "reason") : NULL;
      g_autoptr (GError) error = NULL;
      if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
        gst_message_parse_warning (message, &error, NULL);
      g_string_append (self->said,
          error        ? error->message
              : reason ? reason
                       : "");
      gst_message_unref (message);
    }
  }
}

static guint
count_said (Pair *self, const gchar *text)
{
  guint n = 0;

  listen (self);
  for (const gchar *at = self->said->str; (at = strstr (at, text)); at++)
    n++;
  return n;
}

/* ---- Who */

static void
test_strangers (void)
{
  Pair pair;

  start (&pair, "");
  g_assert_false (call_with (&pair, "192.0.2.1", "", FALSE));
  g_autofree gchar *hung_up = wait_hang_up (&pair);
  g_assert_true (g_str_has_prefix (hung_up, "call-"));
  g_assert_cmpuint (count_said (&pair, "admits him"), ==, 1);
  g_assert_false (call_with (&pair, "192.0.2.1", "", FALSE));
  g_assert_cmpuint (count_said (&pair, "allow-from"), ==, 1);
  g_assert_true (call_with (&pair, "192.0.2.1", "address", FALSE));
  g_assert_true (call_with (&pair, "192.0.2.1", "token", FALSE));
  g_assert_true (call_with (&pair, "127.0.0.1", "local", FALSE));
  g_assert_true (call_with (&pair, "", "", TRUE));
  stop (&pair);
}

static void
test_anybody (void)
{
  Pair pair;

  start (&pair, "admit=anybody");
  g_assert_true (call_with (&pair, "192.0.2.9", "", FALSE));
  stop (&pair);
}

/* What stands before a line of this machine may be a proxy. */
static void
test_known (void)
{
  Pair pair;

  start (&pair, "admit=known");
  g_assert_false (call_with (&pair, "127.0.0.1", "local", FALSE));
  g_assert_true (call_with (&pair, "127.0.0.1", "token", FALSE));
  stop (&pair);
}

/* Nobody's money: no rule. */
static void
test_free (void)
{
  g_autoptr (GstContext) context = gst_session_table_context_new ();
  Pair pair = { .paid = NULL };

  half_make (&pair.sink, "aiagentsink", context);
  gst_util_set_object_arg (G_OBJECT (pair.sink.element), "backend", "echo");
  half_play (&pair.sink, RAW_8K, NULL);
  for (guint i = 0; i < 20; i++) {
    g_autofree gchar *id = g_strdup_printf ("free-%u", i);
    guint64 dialogues = 0;
    g_autoptr (GstStructure) stats = NULL;
    say (&pair, GST_VOICE_CALL_ANSWERED, id, "192.0.2.1", "", FALSE);
    g_object_get (pair.sink.element, "stats", &stats, NULL);
    gst_structure_get_uint64 (stats, "dialogues", &dialogues);
    g_assert_cmpuint (dialogues, ==, i + 1);
    say (&pair, GST_VOICE_CALL_ENDED, id, "192.0.2.1", "", FALSE);
  }
  half_stop (&pair.sink);
}

/* ---- How many */

static void
test_rate (void)
{
  Pair pair, other;

  start (&pair, "");
  start (&other, "");
  for (guint i = 0; i < 3; i++) {
    g_assert_true (call_with (&pair, "198.51.100.1", "address", FALSE));
    g_assert_true (call_with (&other, "198.51.100.1", "address", FALSE));
  }
  g_assert_false (call_with (&pair, "198.51.100.1", "address", FALSE));
  g_assert_false (call_with (&other, "198.51.100.1", "address", FALSE));
  g_assert_cmpuint (count_said (&pair, "sessions-per-minute"), ==, 1);
  g_assert_true (call_with (&pair, "198.51.100.2", "address", FALSE));
  g_assert_true (call_with (&pair, "198.51.100.1", "", TRUE));
  stop (&other);
  stop (&pair);
}

/* Nobody is another one by his name. */
static void
test_same_name (void)
{
  Pair pair;

  start (&pair, "sessions-per-minute=2");
  for (guint i = 0; i < 4; i++) {
    say (&pair, GST_VOICE_CALL_RINGING, "same", "198.51.100.7", "address",
        FALSE);
    say (&pair, GST_VOICE_CALL_ANSWERED, "same", "198.51.100.7", "address",
        FALSE);
    say (&pair, GST_VOICE_CALL_ENDED, "same", "198.51.100.7", "address", FALSE);
  }
  g_assert_cmpint (g_atomic_int_get (&pair.paid->n_opened), ==, 2);
  stop (&pair);
}

static void
test_at_once (void)
{
  Pair pair, other;

  start (&pair, "max-sessions=1 sessions-per-minute=0");
  start (&other, "max-sessions=1 sessions-per-minute=0");
  for (guint i = 0; i < 10; i++)
    g_assert_true (call_with (&pair, "198.51.100.3", "address", FALSE));
  say (&pair, GST_VOICE_CALL_ANSWERED, "up", "198.51.100.3", "address", FALSE);
  g_assert_false (call_with (&other, "198.51.100.4", "address", FALSE));
  g_assert_cmpuint (count_said (&other, "max-sessions"), ==, 1);
  say (&pair, GST_VOICE_CALL_ENDED, "up", "198.51.100.3", "address", FALSE);
  g_assert_true (call_with (&other, "198.51.100.4", "address", FALSE));
  /* A line that ends in a call gives its place back. */
  say (&pair, GST_VOICE_CALL_ANSWERED, "up", "198.51.100.3", "address", FALSE);
  stop (&pair);
  g_assert_true (call_with (&other, "198.51.100.4", "address", FALSE));
  stop (&other);
}

/* ---- How long */

static void
test_duration (gconstpointer speaks)
{
  Pair pair;

  start (&pair, "max-duration=200");
  pair.paid->speaks = speaks != NULL;
  say (&pair, GST_VOICE_CALL_ANSWERED, "long", "", "address", FALSE);
  g_autofree gchar *hung_up = wait_hang_up (&pair);
  g_assert_cmpint (g_atomic_int_get (&pair.paid->n_said), ==, 1);
  say (&pair, GST_VOICE_CALL_ENDED, "long", "", "address", FALSE);
  stop (&pair);
}

/* Neither what is being said nor a hang-up that is lost makes it longer. */
static void
test_talk (void)
{
  Pair pair;

  start (&pair, "max-duration=200");
  pair.paid->talks = TRUE;
  say (&pair, GST_VOICE_CALL_ANSWERED, "talk", "", "address", FALSE);
  g_free (wait_hang_up (&pair));
  g_autofree gchar *again = wait_hang_up (&pair);
  g_assert_cmpstr (again, ==, "talk");
  say (&pair, GST_VOICE_CALL_ENDED, "talk", "", "address", FALSE);
  stop (&pair);
}

/* Nobody speaks, and nobody ticks. */
static void
test_listener (void)
{
  g_autoptr (GstContext) context = gst_session_table_context_new ();
  Pair pair = { .paid = g_object_new (paid_get_type (), NULL) };
  GstFlowReturn flow = GST_FLOW_OK;
  guint n = 0;

  half_make (&pair.sink, "aiagentsink", context);
  g_object_set (pair.sink.element, "backend-object", pair.paid, "max-duration",
      200, NULL);
  half_play (&pair.sink, RAW_8K, NULL);
  say (&pair, GST_VOICE_CALL_ANSWERED, "heard", "", "address", FALSE);
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (hear (&pair, i), ==, GST_FLOW_OK);
  g_assert_cmpint (g_atomic_int_get (&pair.paid->n_closed), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&pair.paid->n_heard), ==, 10);
  say (&pair, GST_VOICE_CALL_HELD, "heard", "", "address", FALSE);
  say (&pair, GST_VOICE_CALL_RESUMED, "heard", "", "address", FALSE);
  g_assert_cmpint (g_atomic_int_get (&pair.paid->n_opened), ==, 1);
  say (&pair, GST_VOICE_CALL_ENDED, "heard", "", "address", FALSE);
  say (&pair, GST_VOICE_CALL_ANSWERED, "heard", "", "address", FALSE);
  g_assert_cmpint (g_atomic_int_get (&pair.paid->n_opened), ==, 2);
  half_stop (&pair.sink);

  /* A microphone. */
  half_make (&pair.sink, "aiagentsink", context);
  g_object_set (pair.sink.element, "backend-object", pair.paid, "max-duration",
      200, NULL);
  half_play (&pair.sink, RAW_8K, NULL);
  while (n < 20 && flow == GST_FLOW_OK)
    flow = hear (&pair, n++);
  g_assert_cmpint (flow, ==, GST_FLOW_EOS);
  g_assert_cmpuint (n, ==, 11);
  half_stop (&pair.sink);
  g_object_unref (pair.paid);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentadmission/strangers", test_strangers);
  g_test_add_func ("/agentadmission/anybody", test_anybody);
  g_test_add_func ("/agentadmission/known", test_known);
  g_test_add_func ("/agentadmission/free", test_free);
  g_test_add_func ("/agentadmission/rate", test_rate);
  g_test_add_func ("/agentadmission/same-name", test_same_name);
  g_test_add_func ("/agentadmission/at-once", test_at_once);
  g_test_add_data_func ("/agentadmission/duration/silent", NULL, test_duration);
  g_test_add_data_func ("/agentadmission/duration/spoken", "words",
      test_duration);
  g_test_add_func ("/agentadmission/duration/talk", test_talk);
  g_test_add_func ("/agentadmission/duration/listener", test_listener);
  return g_test_run ();
}
