/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* What a backend is told, in which order, and what it may ask of its session. */

#include "agentdialogue.h"

#include <string.h>

/* ---- A backend that writes down what it is told */

typedef struct
{
  GstVoiceAgentBackend parent;

  guint rate; /* prepare gives it */
  gboolean immediate;
  guint n_prepared, n_opened, n_closed;
  guint n_samples; /* heard since open */
  gboolean swaps; /* while it is told of a turn another call takes the place */
  GString *log;
} Witness;

typedef GstVoiceAgentBackendClass WitnessClass;

static GType witness_get_type (void);
G_DEFINE_TYPE (Witness, witness, GST_TYPE_VOICE_AGENT_BACKEND)

static gboolean
witness_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  Witness *self = (Witness *) backend;

  format->rate = self->rate;
  self->n_prepared++;
  return TRUE;
}

static void
witness_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call_,
    guint rate_)
{
  ((Witness *) backend)->n_opened++;
}

static void
witness_close (GstVoiceAgentBackend *backend)
{
  ((Witness *) backend)->n_closed++;
}

static void
witness_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n, GstClockTime time, gboolean speaking)
{
  Witness *self = (Witness *) backend;

  self->n_samples += n;
  if (!self->swaps || counter ("turns") < 1)
    return;
  self->swaps = FALSE;
  call ("1", FALSE);
  g_string_append (self->log, "other ");
  call ("2", TRUE);
}

static void
witness_turn (GstVoiceAgentBackend *backend, gboolean began, GstClockTime time)
{
  Witness *self = (Witness *) backend;

  g_string_append_printf (self->log, "%s@%u ", began ? "began" : "ended",
      self->n_samples * 1000 / rate);
}

static void
witness_interrupt (GstVoiceAgentBackend *backend, guint answer, guint heard)
{
  g_string_append_printf (((Witness *) backend)->log, "interrupt:%u@%u ",
      answer, heard);
}

static void
witness_done (GstVoiceAgentBackend *backend, guint answer)
{
  /* The session must not hold its lock now. */
  g_string_append_printf (((Witness *) backend)->log, "done:%u/%u ", answer,
      (guint) counter ("answers"));
}

static gboolean
witness_is_immediate (GstVoiceAgentBackend *backend)
{
  counter ("answers"); /* would hang if the session held its lock */
  return ((Witness *) backend)->immediate;
}

static void
witness_finalize (GObject *object)
{
  g_string_free (((Witness *) object)->log, TRUE);
  G_OBJECT_CLASS (witness_parent_class)->finalize (object);
}

static void
witness_init (Witness *self)
{
  self->log = g_string_new (NULL);
}

static void
witness_class_init (WitnessClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = witness_finalize;
  klass->prepare = witness_prepare;
  klass->open = witness_open;
  klass->close = witness_close;
  klass->send_audio = witness_send_audio;
  klass->turn = witness_turn;
  klass->interrupt = witness_interrupt;
  klass->done = witness_done;
  klass->is_immediate = witness_is_immediate;
}

/* ... and decides later what was an interruption. */
typedef Witness Patient;
typedef GstVoiceAgentBackendClass PatientClass;

static GType patient_get_type (void);
G_DEFINE_TYPE (Patient, patient, witness_get_type ())

static void
patient_held (GstVoiceAgentBackend *backend, guint hold, guint answer,
    guint heard, guint total)
{
  g_string_append_printf (((Witness *) backend)->log, "held:%u of %u ", hold,
      answer);
}

static void
patient_init (Patient *self)
{
}

static void
patient_class_init (PatientClass *klass)
{
  klass->held = patient_held;
  klass->turn = NULL;
}

static Witness *
begin_a (GType type)
{
  Witness *self = g_object_new (type, NULL);

  begin (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), NULL, 0);
  return self;
}

static Witness *
begin_witness (void)
{
  return begin_a (witness_get_type ());
}

static void
finish_witness (Witness *self)
{
  finish ();
  g_assert_finalize_object (self);
}

static void
assert_log (Witness *self, const gchar *expected)
{
  g_assert_cmpstr (self->log->str, ==, expected);
  g_string_truncate (self->log, 0);
}

static guint
say (Witness *self, guint ms)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  g_autofree guint8 *audio = g_malloc (ms * 16);
  memset (audio, 1, ms * 16);
  guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);

  g_assert_cmpuint (answer, !=, 0);
  g_assert_true (
      gst_voice_agent_backend_write (backend, answer, audio, ms * 16));
  gst_voice_agent_backend_end_answer (backend, answer);
  return answer;
}

/* ---- Answers */

static void
test_done (void)
{
  Witness *self = begin_witness ();

  call ("1", TRUE);
  guint first = say (self, 100), second = say (self, 60);
  g_assert_cmpuint (run (80, FALSE), ==, 4);
  assert_log (self, "");
  run (20, FALSE);
  g_autofree gchar *one = g_strdup_printf ("done:%u/1 ", first);
  assert_log (self, one);
  run (200, FALSE);
  g_autofree gchar *two = g_strdup_printf ("done:%u/2 ", second);
  assert_log (self, two);
  finish_witness (self);
}

static void
test_cut (void)
{
  Witness *self = begin_witness ();

  call ("1", TRUE);
  g_assert_false (
      gst_voice_agent_backend_cut (GST_VOICE_AGENT_BACKEND (self), 0));
  guint answer = say (self, 1000);
  run (200, FALSE);
  g_assert_true (
      gst_voice_agent_backend_cut (GST_VOICE_AGENT_BACKEND (self), 0));
  g_assert_false (
      gst_voice_agent_backend_cut (GST_VOICE_AGENT_BACKEND (self), 0));
  g_assert_false (gst_voice_agent_backend_write (GST_VOICE_AGENT_BACKEND (self),
      answer, "xx", 2));
  g_assert_cmpuint (run (1000, FALSE), ==, 0);
  /* It hears of each: words that have not come in yet are not to be heard. */
  g_autofree gchar *expected =
      g_strdup_printf ("interrupt:0@0 interrupt:%u@200 interrupt:0@0 ", answer);
  assert_log (self, expected);
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, 200);
  g_assert_cmpuint (counter ("interruptions"), ==, 1);
  finish_witness (self);
}

/* Nothing lasts for ever. An answer that nobody ends is over once nothing more has come for
 * half a minute, and is not written to any more. */
static void
test_never_ended (void)
{
  Witness *self = begin_witness ();
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  const gint16 audio[RATE / 10] = { 1000 };

  call ("1", TRUE);
  const guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
  g_assert_true (
      gst_voice_agent_backend_write (backend, answer, audio, sizeof audio));
  run (25000, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-done"), ==, 0);
  run (6000, FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-done"), ==, 1);
  g_assert_false (
      gst_voice_agent_backend_write (backend, answer, audio, sizeof audio));
  finish_witness (self);
}

/* A caller's turn without a pause, and one of a caller who is not heard any more. */
static void
test_never_silent (void)
{
  Witness *self = begin_witness ();
  guint8 out[RATE / 50 * 2];

  call ("1", TRUE);
  run (59000, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 0);
  run (2000, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-started"), ==, 2);
  for (guint i = 0; i < 110; i++, now += FRAME_TIME)
    agent_session_speak (session, out, now, &controls);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 2);
  finish_witness (self);
}

/* What is held for a turn of which nothing becomes. */
static void
test_never_taken_back (void)
{
  Witness *self = begin_a (patient_get_type ());

  call ("1", TRUE);
  say (self, 3000);
  run (200, FALSE);
  run (600, TRUE);
  g_assert_cmpuint (run (9000, FALSE), ==, 0);
  g_assert_cmpuint (run (6000, FALSE), >, 100);
  g_assert_cmpuint (count_facts ("aiagent/turn", "response-resumed"), ==, 1);
  finish_witness (self);
}

/* What was decided of one turn counts for no other: the caller speaks again meanwhile. */
static void
test_resumed_late (void)
{
  Witness *self = begin_a (patient_get_type ());
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  call ("1", TRUE);
  guint answer = say (self, 3000);
  run (200, FALSE);
  run (400, TRUE);
  run (800, FALSE);
  g_autofree gchar *first = g_strdup_printf ("held:1 of %u ", answer);
  assert_log (self, first);
  run (400, TRUE);
  assert_log (self, "held:2 of 0 ");
  g_assert_false (gst_voice_agent_backend_resume (backend, 1));
  g_assert_cmpuint (run (400, TRUE), ==, 0);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  g_assert_true (gst_voice_agent_backend_resume (backend, 2));
  g_assert_cmpuint (run (200, FALSE), ==, 10);
  finish_witness (self);
}

/* It is an interruption once it is one, and counts once. */
static void
test_interrupted_late (void)
{
  Witness *self = begin_a (patient_get_type ());
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);

  call ("1", TRUE);
  say (self, 3000);
  run (200, FALSE);
  run (400, TRUE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "held"), ==, 1);
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 0);
  g_assert_cmpuint (counter ("interruptions"), ==, 0);
  guint heard = turn_ms ("held", "heard");
  g_assert_cmpuint (heard, >=, 200);
  run (800, FALSE);
  gst_voice_agent_backend_drop (backend, 1);
  gst_voice_agent_backend_drop (backend, 1);
  g_assert_false (gst_voice_agent_backend_resume (backend, 1));
  g_assert_cmpuint (count_facts ("aiagent/turn", "interrupted"), ==, 1);
  g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, heard);
  g_assert_cmpuint (counter ("interruptions"), ==, 1);
  finish_witness (self);
}

/* The calls change in the moment in which it is known that the caller speaks. */
static void
test_turn_of_last_dialogue (void)
{
  Witness *self = begin_witness ();

  call ("1", TRUE);
  run (200, FALSE);
  self->swaps = TRUE;
  run (300, TRUE);
  run (100, FALSE);
  g_assert_false (self->swaps);
  g_assert_true (g_str_has_prefix (self->log->str, "began@"));
  g_assert_true (strchr (self->log->str, 'o') > strchr (self->log->str, 'n'));
  g_assert_nonnull (strstr (self->log->str, "other began@"));
  g_assert_cmpuint (counter ("turns"), ==, 2);
  finish_witness (self);
}

/* What a half is set to when it has left is nobody's. */
static void
test_change_behind_detach (void)
{
  g_autoptr (AgentSession) left = agent_session_new ("left");
  g_autoptr (GstPairSettings) settings = gst_pair_settings_new ();
  g_autoptr (GError) error = NULL;
  GstVoiceAgentBackend *backend = g_object_new (witness_get_type (), NULL);
  GstElement *half =
      gst_object_ref_sink (g_object_new (test_half_get_type (), NULL));
  const AgentChoice chosen = { backend, AGENT_CHOSEN_AS_OBJECT };
  const AgentChoice nothing = { 0 };

  agent_session_change (left, AGENT_SINK, gst_pair_settings_new (), &chosen);
  g_assert_true (agent_session_attach (left, AGENT_SINK, half, settings,
      &nothing, &listener, &error));
  agent_session_detach (left, AGENT_SINK);
  g_assert_finalize_object (backend);
  gst_object_unref (half);
}

/* ---- Transcripts */

static guint64
time_of (const GstStructure *fact, const gchar *field)
{
  guint64 value = 0;

  g_assert_true (gst_structure_get_uint64 (fact, field, &value));
  return value;
}

static void
assert_last_transcript (const gchar *role, GstClockTime start, GstClockTime end,
    gdouble confidence, const gchar *rejected)
{
  const GstStructure *fact = g_ptr_array_index (facts, facts->len - 1);
  gdouble value = 0;

  g_assert_true (gst_structure_has_name (fact, "aiagent/transcript"));
  g_assert_cmpstr (gst_structure_get_string (fact, "role"), ==, role);
  g_assert_cmpstr (gst_structure_get_string (fact, "text"), ==, "yes");
  g_assert_cmpuint (time_of (fact, "speech-start"), ==, start);
  g_assert_cmpuint (time_of (fact, "speech-end"), ==, end);
  g_assert_true (gst_structure_get_double (fact, "confidence", &value));
  g_assert_cmpfloat (value, ==, confidence);
  g_assert_cmpstr (gst_structure_get_string (fact, "rejected"), ==, rejected);
}

static void
test_transcript (void)
{
  Witness *self = begin_witness ();
  GstVoiceAgentTranscript transcript = { .text = "yes",
    .final = TRUE,
    .confidence = -1 };

  call ("1", TRUE);
  run (200, FALSE);
  run (600, TRUE);
  run (600, FALSE);
  const GstStructure *turn = find_fact ("aiagent/turn", "speech-stopped");
  GstClockTime start = time_of (turn, "speech-start");
  GstClockTime end = time_of (turn, "speech-end");
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), 0,
      &transcript);
  assert_last_transcript ("caller", start, end, -1, "");
  /* Each is filled in only where the backend does not know better. */
  transcript.start = 7;
  transcript.confidence = 0.5;
  transcript.rejected = "too quiet";
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), 0,
      &transcript);
  assert_last_transcript ("caller", 7, end, 0.5, "too quiet");
  transcript = (GstVoiceAgentTranscript){ .agent = TRUE,
    .text = "yes",
    .confidence = 1 };
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), 0,
      &transcript);
  assert_last_transcript ("agent", 0, 0, 1, "");
  finish_witness (self);
}

/* What was not spoken has no times, and not those of what was. */
static void
test_not_spoken (void)
{
  Witness *self = begin_witness ();
  const GstVoiceAgentTranscript transcript = { .text = "yes",
    .start = GST_CLOCK_TIME_NONE,
    .end = GST_CLOCK_TIME_NONE,
    .confidence = 1 };

  call ("1", TRUE);
  run (600, TRUE);
  run (600, FALSE);
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), 0,
      &transcript);
  assert_last_transcript ("caller", 0, 0, 1, "");
  finish_witness (self);
}

static const GstStructure *
last_transcript (guint back)
{
  for (guint i = facts->len; i > 0; i--) {
    const GstStructure *fact = g_ptr_array_index (facts, i - 1);
    if (gst_structure_has_name (fact, "aiagent/transcript") && back-- == 0)
      return fact;
  }
  return NULL;
}

static gboolean
is_final (const GstStructure *fact)
{
  gboolean final = FALSE;

  g_assert_true (gst_structure_get_boolean (fact, "final", &final));
  return final;
}

/* Two clauses: 400 ms with a pause of 240 behind it, 600 ms. */
static guint
say_words (Witness *self)
{
  static const gchar *const clauses[] = { "One two.", "Three four five." };
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  guint8 sound[600 * 16], pause[240 * 16] = { 0 };
  guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
  const GstVoiceAgentTranscript transcript = { .agent = TRUE,
    .text = "One two. Three four five.",
    .final = TRUE,
    .confidence = -1,
    .answer = answer };

  memset (sound, 2, sizeof sound);
  gst_voice_agent_backend_begin_clause (backend, answer, clauses[0]);
  gst_voice_agent_backend_write (backend, answer, sound, 400 * 16);
  gst_voice_agent_backend_write (backend, answer, pause, sizeof pause);
  gst_voice_agent_backend_begin_clause (backend, answer, clauses[1]);
  gst_voice_agent_backend_write (backend, answer, sound, sizeof sound);
  gst_voice_agent_backend_end_answer (backend, answer);
  gst_voice_agent_backend_transcript (backend, 0, &transcript);
  return answer;
}

/* What the agent says is final once it was heard. */
static void
test_final_when_heard (void)
{
  Witness *self = begin_witness ();

  call ("1", TRUE);
  say_words (self);
  const GstStructure *fact = last_transcript (0);
  g_assert_false (is_final (fact));
  g_assert_cmpstr (gst_structure_get_string (fact, "text"), ==,
      "One two. Three four five.");
  run (1200, FALSE);
  g_assert_true (last_transcript (0) == fact);
  run (100, FALSE);
  fact = last_transcript (0);
  g_assert_true (is_final (fact));
  g_assert_cmpstr (gst_structure_get_string (fact, "text"), ==,
      "One two. Three four five.");
  /* While it may still be told of, its response is not done. */
  g_assert_true (g_ptr_array_index (facts, facts->len - 2) == fact);
  g_assert_cmpuint (time_of (fact, "speech-start"), ==, 0);
  g_assert_cmpuint (time_of (fact, "speech-end") / GST_MSECOND, ==, 1240);
  finish_witness (self);
}

/* Of an answer that was cut off, what was heard: words and time. A pause is nothing
 * that is heard. */
static void
test_heard_at_cut (void)
{
  static const struct
  {
    guint ms, heard;
    const gchar *words;
  } cases[] = { { 200, 200, "One" }, { 400, 400, "One two." },
    { 420, 400, "One two." }, { 500, 400, "One two." },
    { 640, 400, "One two." }, { 660, 660, "One two." },
    { 900, 900, "One two. Three" },
    { 1220, 1220, "One two. Three four five." } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Witness *self = begin_witness ();
    call ("1", TRUE);
    say_words (self);
    run (cases[i].ms, FALSE);
    g_assert_true (agent_session_interrupt (session));
    const GstStructure *fact = last_transcript (0);
    g_assert_true (is_final (fact));
    g_assert_cmpstr (gst_structure_get_string (fact, "text"), ==,
        cases[i].words);
    g_assert_cmpuint (turn_ms ("interrupted", "heard"), ==, cases[i].heard);
    g_assert_cmpuint (turn_ms ("interrupted", "total"), ==, 1240);
    finish_witness (self);
  }
}

/* Who hangs up in the middle of it has heard what was said. */
static void
test_heard_at_end (void)
{
  Witness *self = begin_witness ();

  call ("one", TRUE);
  say_words (self);
  run (900, FALSE);
  /* The next call was known before the last one's words were told. */
  call ("two", TRUE);
  const GstStructure *fact = last_transcript (0);
  g_assert_true (is_final (fact));
  g_assert_cmpstr (gst_structure_get_string (fact, "text"), ==,
      "One two. Three");
  g_assert_cmpstr (gst_structure_get_string (fact, "call-id"), ==, "one");
  finish_witness (self);
}

static void
assert_origin (const GstStructure *fact, const gchar *call_id, guint64 turn_id)
{
  g_assert_cmpstr (gst_structure_get_string (fact, "call-id"), ==, call_id);
  g_assert_cmpuint (time_of (fact, "turn-id"), ==, turn_id);
}

/* All facts of a call carry its id, and those of a turn its number. */
static void
test_ids (void)
{
  Witness *self = begin_witness ();
  GstVoiceAgentTranscript transcript = { .text = "yes", .final = TRUE };

  call ("one", TRUE);
  say_words (self); /* a greeting */
  assert_origin (last_transcript (0), "one", 0);
  run (1500, FALSE);
  assert_origin (find_fact ("aiagent/turn", "response-done"), "one", 0);
  run (600, TRUE);
  run (600, FALSE);
  assert_origin (find_fact ("aiagent/turn", "speech-stopped"), "one", 1);
  transcript.start = turn_ms ("speech-started", "speech-start") * GST_MSECOND;
  say_words (self);
  assert_origin (last_transcript (0), "one", 1);
  run (200, FALSE);
  run (400, TRUE); /* into it: what is cut off is the answer to the first */
  assert_origin (find_fact ("aiagent/turn", "interrupted"), "one", 1);
  assert_origin (last_transcript (0), "one", 1);
  g_assert_true (is_final (last_transcript (0)));
  run (600, FALSE);
  /* The words of the first turn come late. */
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), 0,
      &transcript);
  assert_origin (last_transcript (0), "one", 1);
  g_assert_cmpstr (gst_structure_get_string (last_transcript (0),
                       "display-name"),
      ==, "Ann");
  transcript.start = 0;
  gst_voice_agent_backend_transcript (GST_VOICE_AGENT_BACKEND (self), 0,
      &transcript);
  assert_origin (last_transcript (0), "one", 2);
  call ("one", FALSE);
  call ("two", TRUE);
  say_words (self);
  assert_origin (last_transcript (0), "two", 0);
  g_assert_cmpstr (gst_structure_get_string (last_transcript (0),
                       "display-name"),
      ==, "");
  finish_witness (self);
}

/* A worker that is late with what the last caller wanted. */
static void
test_late_control (void)
{
  Witness *self = begin_witness ();
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  const GstVoiceControl control = { .action = GST_VOICE_CONTROL_HANG_UP };

  call ("1", TRUE);
  guint64 first = gst_voice_agent_backend_get_dialogue (backend);
  call ("1", FALSE);
  call ("2", TRUE);
  gst_voice_agent_backend_control (backend, first, &control);
  run (100, FALSE);
  g_assert_true (g_queue_is_empty (&controls));
  gst_voice_agent_backend_control (backend,
      gst_voice_agent_backend_get_dialogue (backend), &control);
  run (100, FALSE);
  g_assert_cmpuint (g_queue_get_length (&controls), ==, 1);
  finish_witness (self);
}

/* ---- Turns in buffers of any size */

/* Six phrases with pauses; each turn comes with the audio up to it, whatever the
 * size of the buffers. */
static void
test_buffers (gconstpointer size)
{
  const guint n = GPOINTER_TO_UINT (size) * RATE / 1000;
  const guint phrase = RATE * 1000 / 1000, pause = RATE * 430 / 1000;
  const guint total = RATE + 6 * (phrase + pause) + RATE;
  g_autofree gint16 *samples = g_new0 (gint16, total + n);
  Witness *self = begin_witness ();

  for (guint i = 0; i < 6; i++)
    for (guint k = 0; k < phrase; k++)
      samples[RATE + i * (phrase + pause) + k] = synthetic_voice (k, RATE);
  call ("1", TRUE);
  for (guint at = 0; at < total; at += n)
    agent_session_hear (session, samples + at, n,
        gst_util_uint64_scale_int (at, GST_SECOND, RATE), FALSE);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-started"), ==, 6);
  g_assert_cmpuint (count_facts ("aiagent/turn", "speech-stopped"), ==, 6);
  g_assert_cmpuint (counter ("turns"), ==, 6);
  g_auto (GStrv) words = g_strsplit (g_strchomp (self->log->str), " ", 0);
  g_assert_cmpuint (g_strv_length (words), ==,
      18); /* one is the interruption */
  for (guint i = 0; i < 12; i++) {
    guint beginning = 1000 + i / 2 * 1430 + (i & 1) * (1000 + 300);
    const gchar *word = words[i / 2 * 3 + (i & 1) * 2];
    guint at = (guint) g_ascii_strtoull (strchr (word, '@') + 1, NULL, 10);
    g_assert_true (g_str_has_prefix (word, i & 1 ? "ended" : "began"));
    g_assert_cmpuint (at, >=, beginning);
    g_assert_cmpuint (at, <=, beginning + 180);
  }
  finish_witness (self);
}

/* ---- Halves */

static void
restart (AgentRole role)
{
  agent_session_close (session, role);
  g_assert_true (agent_session_prepare (session, role, NULL));
}

/* One dialogue, with the rate it began with, as long as one half is there. */
static void
test_restart (void)
{
  GstVoiceFormat format;
  Witness *self = begin_witness ();

  call ("1", TRUE);
  say (self, 1000);
  run (200, FALSE);
  restart (AGENT_SINK);
  g_assert_true (ticking);
  agent_session_close (session, AGENT_SRC);
  g_assert_false (ticking);
  /* A last tick. */
  guint8 frame[320];
  agent_session_speak (session, frame, now, &controls);
  g_assert_true (agent_session_prepare (session, AGENT_SRC, NULL));
  g_assert_false (ticking);
  agent_session_resume (session);
  g_assert_true (ticking);
  const GstVoiceFormat caller = { GST_VOICE_S16, 48000 };
  agent_session_set_caller (session, &caller);
  agent_session_get_format (session, &format);
  g_assert_cmpuint (format.rate, ==, RATE);
  g_assert_cmpuint (run (1000, FALSE), ==, 1000 / 20 - 200 / 20 - 1);
  g_assert_cmpuint (self->n_prepared, ==, 1);
  g_assert_cmpuint (self->n_opened, ==, 1);
  g_assert_cmpuint (self->n_closed, ==, 0);
  /* And a channel still tells of calls. */
  call ("1", FALSE);
  run (200, TRUE);
  g_assert_cmpuint (self->n_opened, ==, 1);
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    agent_session_close (session, i);
  g_assert_false (agent_session_speak (session, frame, now, &controls));
  call ("2", TRUE);
  g_assert_cmpuint (self->n_opened, ==, 1);
  g_assert_true (agent_session_prepare (session, AGENT_SRC, NULL));
  g_assert_cmpuint (self->n_prepared, ==, 2);
  finish_witness (self);
}

/* The half that brings the caller goes in the middle of a word. */
static void
test_turn_ends_with_sink (void)
{
  Witness *self = begin_witness ();

  call ("1", TRUE);
  run (200, FALSE);
  run (400, TRUE);
  restart (AGENT_SINK);
  g_assert_nonnull (strstr (self->log->str, "ended@600 "));
  finish_witness (self);
}

/* ---- Rates */

static void
test_rates (void)
{
  static const struct
  {
    guint rate;
    gboolean fits;
  } cases[] = { { 0, TRUE }, { 8000, TRUE }, { 16000, TRUE }, { 24000, TRUE },
    { 48000, TRUE }, { 11025, FALSE }, { 32000, FALSE }, { 96000, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    Witness *self = g_object_new (witness_get_type (), NULL);
    self->rate = cases[i].rate;
    begin_session (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), NULL, 0);
    gboolean ok = agent_session_prepare (session, AGENT_SINK, &error);
    g_assert_cmpint (ok, ==, cases[i].fits);
    if (!ok)
      g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    finish_witness (self);
  }
}

/* ---- Life */

/* The stream ends: witness_is_immediate() looks at the lock. */
static void
test_caller_gone (void)
{
  Witness *self = begin_witness ();

  run (400, TRUE);
  agent_session_caller_gone (session);
  g_assert_cmpuint (n_ends, ==, 0);
  g_assert_nonnull (strstr (self->log->str, "ended@400 "));
  finish_witness (self);
}

static gboolean stop;

/* A backend at work in a thread of its own, whatever becomes of the session. */
static gpointer
speak_all_the_time (gpointer data)
{
  GstVoiceAgentBackend *backend = data;
  const GstVoiceAgentTranscript transcript = { .text = "yes",
    .confidence = -1 };
  const gint16 audio[160] = { 0 };

  while (!g_atomic_int_get (&stop)) {
    guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
    gst_voice_agent_backend_write (backend, answer, audio, sizeof audio);
    gst_voice_agent_backend_end_answer (backend, answer);
    gst_voice_agent_backend_cut (backend, 0);
  }
  gst_voice_agent_backend_transcript (backend, 0, &transcript);
  return NULL;
}

static void
test_thread_outlives_session (void)
{
  for (guint i = 0; i < 20; i++) {
    GstVoiceAgentBackend *backend = g_object_new (witness_get_type (), NULL);
    begin_session (g_object_ref (backend), NULL, 0);
    g_assert_true (agent_session_prepare (session, AGENT_SINK, NULL));
    g_atomic_int_set (&stop, FALSE);
    GThread *thread = g_thread_new ("speak", speak_all_the_time, backend);
    g_usleep (1000);
    /* The thread may hold the last reference for a moment. */
    agent_session_close (session, AGENT_SINK);
    g_object_unref (session);
    g_usleep (1000);
    g_assert_cmpuint (gst_voice_agent_backend_begin_answer (backend, 0, TRUE),
        ==, 0);
    g_atomic_int_set (&stop, TRUE);
    g_thread_join (thread);
    for (guint k = 0; k < AGENT_N_ROLES; k++)
      gst_clear_object (&halves[k]);
    g_ptr_array_unref (facts);
    g_byte_array_unref (looped);
    g_byte_array_unref (said);
    g_object_unref (backend);
  }
}

int
main (int argc, char **argv)
{
  /* The plugin, met by a scan, would register the types that are linked in here
   * a second time. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentbackend/done", test_done);
  g_test_add_func ("/agentbackend/cut", test_cut);
  g_test_add_func ("/agentbackend/never-ended", test_never_ended);
  g_test_add_func ("/agentbackend/never-silent", test_never_silent);
  g_test_add_func ("/agentbackend/never-taken-back", test_never_taken_back);
  g_test_add_func ("/agentbackend/resumed-late", test_resumed_late);
  g_test_add_func ("/agentbackend/interrupted-late", test_interrupted_late);
  g_test_add_func ("/agentbackend/turn-of-last-dialogue",
      test_turn_of_last_dialogue);
  g_test_add_func ("/agentbackend/change-behind-detach",
      test_change_behind_detach);
  g_test_add_func ("/agentbackend/transcript", test_transcript);
  g_test_add_func ("/agentbackend/not-spoken", test_not_spoken);
  g_test_add_func ("/agentbackend/late-control", test_late_control);
  g_test_add_data_func ("/agentbackend/buffers/20", GUINT_TO_POINTER (20),
      test_buffers);
  g_test_add_data_func ("/agentbackend/buffers/256", GUINT_TO_POINTER (256),
      test_buffers);
  g_test_add_data_func ("/agentbackend/buffers/1000", GUINT_TO_POINTER (1000),
      test_buffers);
  g_test_add_func ("/agentbackend/restart", test_restart);
  g_test_add_func ("/agentbackend/turn-ends-with-sink",
      test_turn_ends_with_sink);
  g_test_add_func ("/agentbackend/rates", test_rates);
  g_test_add_func ("/agentbackend/caller-gone", test_caller_gone);
  g_test_add_func ("/agentbackend/thread", test_thread_outlives_session);
  g_test_add_func ("/agentbackend/final-when-heard", test_final_when_heard);
  g_test_add_func ("/agentbackend/heard-at-cut", test_heard_at_cut);
  g_test_add_func ("/agentbackend/heard-at-end", test_heard_at_end);
  g_test_add_func ("/agentbackend/ids", test_ids);
  return g_test_run ();
}
