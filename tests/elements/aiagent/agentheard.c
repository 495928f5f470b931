/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* That a backend is told of calls that ring, and of what was heard of its answers, in
 * order with the rest. */

#include "agentdialogue.h"

#include <string.h>

typedef struct
{
  GstVoiceAgentBackend parent;
  GString *log;
} Diary;

typedef GstVoiceAgentBackendClass DiaryClass;

static GType diary_get_type (void);
G_DEFINE_TYPE (Diary, diary, GST_TYPE_VOICE_AGENT_BACKEND)

static void note (GstVoiceAgentBackend *backend, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

/* The session must not hold its lock now: it is asked something. */
static void
note (GstVoiceAgentBackend *backend, const gchar *format, ...)
{
  Diary *self = (Diary *) backend;
  va_list arguments;

  counter ("answers");
  if (self->log->len)
    g_string_append_c (self->log, ' ');
  va_start (arguments, format);
  g_string_append_vprintf (self->log, format, arguments);
  va_end (arguments);
}

static void
diary_ring (GstVoiceAgentBackend *backend, const GstVoiceCall *ringing)
{
  note (backend, "ring-%s", ringing->call_id);
}

static void
diary_open (GstVoiceAgentBackend *backend, const GstVoiceCall *answered,
    guint its_rate)
{
  note (backend, "open-%s", answered ? answered->call_id : "");
}

static void
diary_close (GstVoiceAgentBackend *backend)
{
  note (backend, "close");
}

static void
diary_interrupt (GstVoiceAgentBackend *backend, guint answer, guint heard)
{
  note (backend, "interrupt:%u@%u", answer, heard);
}

static void
diary_done (GstVoiceAgentBackend *backend, guint answer)
{
  note (backend, "done:%u", answer);
}

static void
diary_heard (GstVoiceAgentBackend *backend, guint answer, const gchar *words,
    guint heard)
{
  note (backend, "heard:%u@%u:\"%s\"", answer, heard, words ? words : "?");
}

static void
diary_finalize (GObject *object)
{
  g_string_free (((Diary *) object)->log, TRUE);
  G_OBJECT_CLASS (diary_parent_class)->finalize (object);
}

static void
diary_init (Diary *self)
{
  self->log = g_string_new (NULL);
}

static void
diary_class_init (DiaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = diary_finalize;
  klass->ring = diary_ring;
  klass->open = diary_open;
  klass->close = diary_close;
  klass->interrupt = diary_interrupt;
  klass->done = diary_done;
  klass->heard = diary_heard;
}

/* ... and decides later what was an interruption. */
typedef Diary Patient;
typedef GstVoiceAgentBackendClass PatientClass;

static GType patient_get_type (void);
G_DEFINE_TYPE (Patient, patient, diary_get_type ())

static void
patient_held (GstVoiceAgentBackend *backend, guint hold, guint answer,
    guint heard, guint total)
{
  note (backend, "held:%u", hold);
}

static void
patient_init (Patient *self)
{
}

static void
patient_class_init (PatientClass *klass)
{
  klass->held = patient_held;
}

static Diary *
begin_diary (GType type)
{
  Diary *self = g_object_new (type, NULL);

  begin (g_object_ref (GST_VOICE_AGENT_BACKEND (self)), NULL, 0);
  return self;
}

static void
finish_diary (Diary *self)
{
  finish ();
  g_object_unref (self);
}

static void
assert_log (Diary *self, const gchar *log)
{
  g_assert_cmpstr (self->log->str, ==, log);
  g_string_set_size (self->log, 0);
}

/* ---- Calls that ring */

static void
ring (const gchar *id, GstVoiceCallState state)
{
  call_by (AGENT_SRC, id, state);
  call_by (AGENT_SINK, id, state);
}

/* Once, whoever tells of it, in whichever states. */
static void
test_ring (void)
{
  Diary *self = begin_diary (diary_get_type ());

  ring ("1", GST_VOICE_CALL_CALLING);
  ring ("1", GST_VOICE_CALL_RINGING);
  ring ("1", GST_VOICE_CALL_EARLY);
  assert_log (self, "ring-1");
  ring ("1", GST_VOICE_CALL_ANSWERED);
  ring ("1", GST_VOICE_CALL_ENDED);
  assert_log (self, "open-1 close");
  /* A call that has early media only. */
  ring ("2", GST_VOICE_CALL_EARLY);
  ring ("2", GST_VOICE_CALL_ENDED);
  assert_log (self, "ring-2 close");
  ring ("3", GST_VOICE_CALL_ANSWERED);
  ring ("4", GST_VOICE_CALL_RINGING); /* while another is on */
  ring ("3", GST_VOICE_CALL_ENDED);
  assert_log (self, "open-3 close");
  finish_diary (self);
}

/* Not answered, and nobody said so. */
static void
test_rang_in_vain (void)
{
  Diary *self = begin_diary (diary_get_type ());

  ring ("1", GST_VOICE_CALL_RINGING);
  ring ("2", GST_VOICE_CALL_RINGING);
  assert_log (self, "ring-1 close ring-2");
  ring ("1", GST_VOICE_CALL_ENDED); /* late */
  assert_log (self, "");
  ring ("3", GST_VOICE_CALL_ANSWERED);
  assert_log (self, "close open-3");
  ring ("3", GST_VOICE_CALL_ENDED);
  ring ("4", GST_VOICE_CALL_RINGING);
  assert_log (self, "close ring-4");
  for (guint i = 0; i < AGENT_N_ROLES; i++)
    agent_session_close (session, i);
  assert_log (self, "close");
  finish_diary (self);
}

/* ---- What was heard */

/* 400 ms and 600 ms, which words are known of. */
static guint
say (Diary *self, gboolean words)
{
  GstVoiceAgentBackend *backend = GST_VOICE_AGENT_BACKEND (self);
  const guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);
  guint8 sound[600 * 16];

  memset (sound, 2, sizeof sound);
  if (words)
    gst_voice_agent_backend_begin_clause (backend, answer, "One two.");
  gst_voice_agent_backend_write (backend, answer, sound, 400 * 16);
  if (words)
    gst_voice_agent_backend_begin_clause (backend, answer, "Three four.");
  gst_voice_agent_backend_write (backend, answer, sound, sizeof sound);
  gst_voice_agent_backend_end_answer (backend, answer);
  return answer;
}

static void
test_to_its_end (void)
{
  Diary *self = begin_diary (diary_get_type ());

  call ("1", TRUE);
  say (self, TRUE);
  say (self, FALSE);
  run (2040, FALSE);
  assert_log (self,
      "open-1 done:1 heard:1@1000:\"One two. Three four.\" done:2 "
      "heard:2@1000:\"?\"");
  finish_diary (self);
}

static void
test_cut (void)
{
  Diary *self = begin_diary (diary_get_type ());

  call ("1", TRUE);
  say (self, TRUE);
  say (self, TRUE);
  run (400, FALSE);
  g_assert_true (agent_session_interrupt (session));
  assert_log (self, "open-1 interrupt:1@400 heard:1@400:\"One two.\"");
  /* Nothing was heard of it. */
  say (self, TRUE);
  g_assert_true (agent_session_interrupt (session));
  assert_log (self, "interrupt:0@0");
  finish_diary (self);
}

static void
test_dropped (void)
{
  Diary *self = begin_diary (patient_get_type ());

  call ("1", TRUE);
  run (200, FALSE); /* of the caller's silence */
  say (self, TRUE);
  run (400, FALSE);
  while (!strstr (self->log->str, "held"))
    run (20, TRUE);
  g_assert_null (strstr (self->log->str, "heard"));
  gst_voice_agent_backend_drop (GST_VOICE_AGENT_BACKEND (self), 1);
  gst_voice_agent_backend_drop (GST_VOICE_AGENT_BACKEND (self), 1);
  g_assert_nonnull (strstr (self->log->str, "held:1 heard:1@"));
  g_assert_true (g_str_has_suffix (self->log->str, ":\"One two.\"") ||
      g_str_has_suffix (self->log->str, ":\"One two. Three\""));
  finish_diary (self);
}

/* Who hangs up has heard what was said, also of what is held. */
static void
test_at_close (void)
{
  Diary *self = begin_diary (diary_get_type ());

  call ("1", TRUE);
  say (self, TRUE);
  run (400, FALSE);
  call ("1", FALSE);
  assert_log (self, "open-1 heard:1@400:\"One two.\" close");
  finish_diary (self);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentheard/ring", test_ring);
  g_test_add_func ("/agentheard/rang-in-vain", test_rang_in_vain);
  g_test_add_func ("/agentheard/to-its-end", test_to_its_end);
  g_test_add_func ("/agentheard/cut", test_cut);
  g_test_add_func ("/agentheard/dropped", test_dropped);
  g_test_add_func ("/agentheard/at-close", test_at_close);
  return g_test_run ();
}
