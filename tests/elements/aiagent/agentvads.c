/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Which detector of speech there is, by the file that is named; each in a process of its
 * own. */

#include "aiagent/session/hearing/agentvads.h"

#include <string.h>

static void
name_file (const gchar *path)
{
  g_setenv ("GST_VOICE_SILERO", path, TRUE);
}

static void
test_none (void)
{
  name_file ("");
  g_assert_cmpstr (agent_vads_get ()->name, ==, "webrtc");
  g_assert_null (agent_vads_get_trouble ());
}

static void
test_absent (void)
{
  name_file ("/nonexistent/silero.weights");
  g_assert_cmpstr (agent_vads_get ()->name, ==, "webrtc");
  g_assert_nonnull (
      strstr (agent_vads_get_trouble (), "/nonexistent/silero.weights"));
}

static void
test_other (void)
{
  name_file (TEST_DATA_DIR "/aiagent/agentvads.c");
  g_assert_cmpstr (agent_vads_get ()->name, ==, "webrtc");
  g_assert_nonnull (strstr (agent_vads_get_trouble (), "no weights of Silero"));
}

/* Half a second of silence is none of speech, at each rate that a line may have. */
static void
test_silero (void)
{
  static const guint rates[] = { 8000, 16000, 24000, 48000 };
  const gint16 samples[512] = { 0 };

  name_file (SILERO_FILE);
  const AgentVad *vad = agent_vads_get ();
  g_assert_cmpstr (vad->name, ==, "silero");
  g_assert_null (agent_vads_get_trouble ());
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    const guint rate = vad->choose_rate (rates[i]);
    g_assert_cmpuint (rate, ==, MIN (rates[i], 16000));
    gpointer one = vad->create (rate, vad->model);
    for (guint n = 0; n < 16; n++)
      g_assert_cmpfloat (vad->judge (one, samples), <, 0.35);
    vad->destroy (one);
  }
}

static const struct
{
  const gchar *path;
  GTestFunc func;
} cases[] = { { "/agentvads/none", test_none },
  { "/agentvads/absent", test_absent }, { "/agentvads/other", test_other },
  { "/agentvads/silero", test_silero } };

/* The choice is made once in a process. */
static void
run_alone (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

  if (cases[i].func == test_silero && !*SILERO_FILE) {
    g_test_skip ("No weights: tools/setup brings them");
    return;
  }
  if (g_test_subprocess ()) {
    cases[i].func ();
    return;
  }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, GUINT_TO_POINTER (i), run_alone);
  return g_test_run ();
}
