/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* How often a frame takes the lock of its session: once where nothing happens, in each
 * direction. */

#include "agentdialogue.h"

#include "aiagent/session/agentsessionprivate.h"

#include <dlfcn.h>

#define GREETING "[agent]\ngreeting=hello\n[answer hello]\naudio=tone:500,200\n"

static GMutex
    *watched; /* atomic, as the count: loops have threads of their own */
static gint n_locks;

/* In place of GLib's for all that is linked into this program. */
void
g_mutex_lock (GMutex *mutex)
{
  static void (*found) (GMutex *);
  void (*next) (GMutex *) = g_atomic_pointer_get (&found);

  if (!next) {
    *(gpointer *) &next = dlsym (RTLD_NEXT, "g_mutex_lock");
    g_atomic_pointer_set (&found, next);
  }
  if (mutex == g_atomic_pointer_get (&watched))
    g_atomic_int_inc (&n_locks);
  next (mutex);
}

static void
watch (GMutex *mutex)
{
  g_atomic_pointer_set (&watched, mutex);
}

static guint
count_heard (gboolean voice)
{
  gint16 in[RATE / 50] = { 0 };

  for (guint i = 0; voice && i < G_N_ELEMENTS (in); i++)
    in[i] = synthetic_voice (voice_at++, RATE);
  g_atomic_int_set (&n_locks, 0);
  agent_session_hear (session, in, G_N_ELEMENTS (in), now, !voice);
  return (guint) g_atomic_int_get (&n_locks);
}

static guint
count_spoken (gboolean *spoken)
{
  guint8 out[RATE / 50 * 2];

  g_atomic_int_set (&n_locks, 0);
  *spoken = agent_session_speak (session, out, now, &controls);
  return (guint) g_atomic_int_get (&n_locks);
}

static void
test_silence (void)
{
  gboolean spoken;

  begin (script (GREETING), NULL, 0);
  watch (&session->host->lock);
  call ("a", TRUE);
  g_assert_cmpuint (run (1000, FALSE), ==, 10);
  for (guint i = 0; i < 100; i++, now += FRAME_TIME) {
    g_assert_cmpuint (count_heard (FALSE), ==, 1);
    g_assert_cmpuint (count_spoken (&spoken), ==, 1);
    g_assert_false (spoken);
  }
  watch (NULL);
  finish ();
}

/* On hold, nobody is heard and nothing ticks. */
static void
test_hold (void)
{
  gboolean spoken;

  begin (script (GREETING), NULL, 0);
  watch (&session->host->lock);
  call ("a", TRUE);
  run (200, FALSE);
  call_by (AGENT_SINK, "a", GST_VOICE_CALL_HELD);
  for (guint i = 0; i < 10; i++, now += FRAME_TIME) {
    g_assert_cmpuint (count_heard (FALSE), ==, 1);
    g_assert_cmpuint (count_spoken (&spoken), ==, 0);
    g_assert_false (spoken);
  }
  watch (NULL);
  finish ();
}

/* Within a turn the session learns how long it is. */
static void
test_turn (void)
{
  begin (script (GREETING), NULL, 0);
  watch (&session->host->lock);
  call ("a", TRUE);
  run (1000, FALSE);
  run (500, TRUE);
  for (guint i = 0; i < 20; i++, now += FRAME_TIME)
    g_assert_cmpuint (count_heard (TRUE), ==, 2);
  watch (NULL);
  finish ();
}

int
main (int argc, char **argv)
{
  /* As in agentsession.c. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentlocks/silence", test_silence);
  g_test_add_func ("/agentlocks/hold", test_hold);
  g_test_add_func ("/agentlocks/turn", test_turn);
  return g_test_run ();
}
