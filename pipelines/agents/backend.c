/* An agent in C that finds the caller's turns itself, by loudness, and repeats them.
 *
 *   cc backend.c -o backend $(pkg-config --cflags --libs gst-voice-agent-1.0)
 *   ./backend [LAUNCH LINE]    default: who calls sip:agent@127.0.0.1:5060
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include <gst/voiceagent/voiceagent.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define LINE "sipsrc on-hangup=wait ! aiagentsink name=ear aiagentsrc ! sipsink"
#define RATE 8000 /* Hz */
#define LOUD 600 /* mean of 32767 */
#define LOUD_FRAMES 3 /* begin a turn, and */
#define QUIET_FRAMES 20 /* end it: 400 ms */

/* ---- The backend */

#define TYPE_REPEATER (repeater_get_type ())
G_DECLARE_FINAL_TYPE (Repeater, repeater, TEST, REPEATER, GstVoiceAgentBackend)

struct _Repeater
{
  GstVoiceAgentBackend parent;

  /* The thread that brings the audio: no lock. */
  GByteArray *turn;
  guint n_loud, n_quiet;
  gboolean in_turn;
  GstClockTime last_sound;

  gint left; /* atomic: the turn is over without our saying so */
};

G_DEFINE_FINAL_TYPE (Repeater, repeater, GST_TYPE_VOICE_AGENT_BACKEND)

static gboolean
repeater_prepare (GstVoiceAgentBackend *backend, GstVoiceFormat *format,
    GError **error)
{
  format->rate = RATE;
  return TRUE;
}

static void
say (GstVoiceAgentBackend *backend, gconstpointer data, gsize size)
{
  guint answer = gst_voice_agent_backend_begin_answer (backend, 0, TRUE);

  gst_voice_agent_backend_write (backend, answer, data, size);
  gst_voice_agent_backend_end_answer (backend, answer);
}

static void
forget (Repeater *self)
{
  g_byte_array_set_size (self->turn, 0);
  self->n_loud = self->n_quiet = 0;
  self->in_turn = FALSE;
}

/* Three seconds of a tone, all at once: they wait until they are heard. */
static void
repeater_open (GstVoiceAgentBackend *backend, const GstVoiceCall *call,
    guint rate)
{
  Repeater *self = TEST_REPEATER (backend);
  gint16 *tone = g_new (gint16, RATE * 3);

  g_print ("a call from %s\n", call ? call->from : "nobody knows");
  g_atomic_int_set (&self->left, TRUE); /* of the last call */
  for (guint i = 0; i < RATE * 3; i++)
    tone[i] = i / 8 % 2 ? 6000 : -6000;
  say (backend, tone, RATE * 3 * sizeof *tone);
  g_free (tone);
}

static gboolean
is_loud (const gint16 *samples, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (guint) abs (samples[i]);
  return sum > LOUD * n;
}

static void
repeater_send_audio (GstVoiceAgentBackend *backend, const gint16 *samples,
    guint n, GstClockTime time, gboolean speaking)
{
  Repeater *self = TEST_REPEATER (backend);
  gboolean loud = is_loud (samples, n);

  if (g_atomic_int_exchange (&self->left, FALSE))
    forget (self);
  self->n_loud = loud ? self->n_loud + 1 : 0;
  self->n_quiet = loud ? 0 : self->n_quiet + 1;
  if (loud)
    self->last_sound = time + n * GST_SECOND / RATE;
  if (!self->in_turn && self->n_loud >= LOUD_FRAMES) {
    self->in_turn = TRUE; /* from here on the agent is silent */
    gst_voice_agent_backend_begin_turn (backend, 0,
        time - (LOUD_FRAMES - 1) * 20 * GST_MSECOND);
  }
  if (self->in_turn)
    g_byte_array_append (self->turn, (const guint8 *) samples, n * 2);
  if (!self->in_turn || self->n_quiet < QUIET_FRAMES)
    return;
  self->in_turn = FALSE;
  gst_voice_agent_backend_end_turn (backend, 0, self->last_sound);
  say (backend, self->turn->data, self->turn->len);
  g_byte_array_set_size (self->turn, 0);
}

/* Somebody else ends a turn only where the call was held in it, or the caller is gone. */
static void
repeater_turn (GstVoiceAgentBackend *backend, gboolean began, GstClockTime time)
{
  g_atomic_int_set (&TEST_REPEATER (backend)->left, TRUE);
}

static void
repeater_interrupt (GstVoiceAgentBackend *backend, guint answer, guint heard)
{
  g_print ("answer %u interrupted: the caller heard %u ms\n", answer, heard);
}

static void
repeater_done (GstVoiceAgentBackend *backend, guint answer)
{
  g_print ("answer %u was heard to its end\n", answer);
}

static void
repeater_digit (GstVoiceAgentBackend *backend, gchar digit)
{
  GstVoiceControl control = { .action = GST_VOICE_CONTROL_HANG_UP };

  if (digit == '#')
    gst_voice_agent_backend_control (backend, 0, &control);
}

static void
repeater_finalize (GObject *object)
{
  g_byte_array_unref (TEST_REPEATER (object)->turn);
  G_OBJECT_CLASS (repeater_parent_class)->finalize (object);
}

static void
repeater_init (Repeater *self)
{
  self->turn = g_byte_array_new ();
}

static void
repeater_class_init (RepeaterClass *klass)
{
  GstVoiceAgentBackendClass *backend_class =
      GST_VOICE_AGENT_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = repeater_finalize;
  backend_class->finds_turns = TRUE; /* turn-detection=auto leaves them to us */
  backend_class->prepare = repeater_prepare;
  backend_class->open = repeater_open;
  backend_class->send_audio = repeater_send_audio;
  backend_class->turn = repeater_turn;
  backend_class->interrupt = repeater_interrupt;
  backend_class->done = repeater_done;
  backend_class->digit = repeater_digit;
}

/* ---- The program around it */

static volatile sig_atomic_t interrupted;

/* Ctrl-C: who is on the line is hung up. */
static void
on_interrupt (int number)
{
  interrupted = 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  gst_init (&argc, &argv);
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_autofree gchar *given = g_strjoinv (" ", argv + 1);
  GstElement *pipeline = gst_parse_launch (*given ? given : LINE, &error);
  if (!pipeline) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  GstElement *ear = gst_bin_get_by_name (GST_BIN (pipeline), "ear");
  GObject *backend = g_object_new (TYPE_REPEATER, NULL);
  g_object_set (ear, "backend-object", backend, NULL);
  g_object_unref (backend);
  gst_object_unref (ear);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *end = NULL;
  signal (SIGINT, on_interrupt);
  while (!end && !interrupted)
    end = gst_bus_timed_pop_filtered (bus, 200 * GST_MSECOND,
        GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  g_print ("%s\n", end ? GST_MESSAGE_TYPE_NAME (end) : "interrupted");
  const int code = end && GST_MESSAGE_TYPE (end) == GST_MESSAGE_ERROR;
  gst_clear_message (&end);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return code;
}
