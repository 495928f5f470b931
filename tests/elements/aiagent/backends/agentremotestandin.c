/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* An agent that cannot be reached at all, and the built-in one that takes its place in the
 * call, in a session in virtual time. */

#include "../agentdialogue.h"
#include "../../../mock/agentloop.h"

#include "aiagent/backends/local/speechpool.h"
#include "aiagent/remote/agentremote.h"
#include "aiagent/session/host/agentlog.h"

/* ---- A protocol that goes nowhere */

typedef AgentRemote Nowhere;
typedef AgentRemoteClass NowhereClass;

static GType nowhere_get_type (void);
G_DEFINE_TYPE (Nowhere, nowhere, AGENT_TYPE_REMOTE)

static gboolean
nowhere_get_address (AgentRemote *self, AgentRemoteAddress *address,
    GError **error)
{
  g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
      "It is nowhere.");
  return FALSE;
}

static void
nowhere_init (Nowhere *self)
{
}

static void
nowhere_class_init (NowhereClass *klass)
{
  klass->get_address = nowhere_get_address;
}

/* ... and would find turns, were it there. */
typedef AgentRemote Seeker;
typedef AgentRemoteClass SeekerClass;

static GType seeker_get_type (void);
G_DEFINE_TYPE (Seeker, seeker, nowhere_get_type ())

static void
seeker_init (Seeker *self)
{
}

static void
seeker_class_init (SeekerClass *klass)
{
  GST_VOICE_AGENT_BACKEND_CLASS (klass)->finds_turns = TRUE;
}

/* ---- */

/* 20 ms, in which all is done that is to be done in them: the clock waits for those who
 * understand what is said, and make the sound. */
static void
tick (gboolean voice)
{
  step (voice);
  settle ();
  speech_pool_wait ();
  settle ();
}

static void
await_said (const gchar *text)
{
  for (guint i = 0; i < 3000 && !count_texts ("agent", text); i++)
    tick (FALSE);
  if (count_texts ("agent", text))
    return;
  print_facts ();
  g_error ("nobody says \"%s\"", text);
}

/* To its end. */
static void
await_done (void)
{
  const guint before = count_facts ("aiagent/turn", "response-done");
  guint i;

  for (i = 0; count_facts ("aiagent/turn", "response-done") == before; i++) {
    g_assert_cmpuint (i, <, 3000);
    tick (FALSE);
  }
}

static void
speak_for (guint ms, gboolean voice)
{
  for (guint i = 0; i < ms / 20; i++)
    tick (voice);
}

static void
test_goes_on (gconstpointer data)
{
  GType (*const get_type) (void) = (GType (*) (void)) data;
  GstVoiceAgentBackend *backend =
      g_object_new (get_type (), "fallback", 3, NULL);

  agent_log_init ();
  begin (g_object_ref (backend), NULL, 0);
  call ("1", TRUE);
  settle ();
  await_said ("Welcome to Example Limited");
  agent_session_digit (session, '1');
  settle ();
  await_said ("We are open from Monday");
  await_done ();
  speak_for (1000, FALSE); /* what comes sooner may be its echo */
  speak_for (1000, TRUE);
  speak_for (1000, FALSE);
  g_assert_cmpuint (counter ("turns"), ==, 1);
  await_said ("Sorry, I did not get that");
  call ("1", FALSE);
  settle ();
  call ("2", TRUE); /* another one gets a dialogue of its own */
  g_ptr_array_set_size (facts, 0);
  settle ();
  await_said ("Welcome to Example Limited");
  call ("2", FALSE);
  settle ();
  finish ();
  settle ();
  finalize (backend);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/agentremotestandin/element",
      (gconstpointer) nowhere_get_type, test_goes_on);
  g_test_add_data_func ("/agentremotestandin/backend",
      (gconstpointer) seeker_get_type, test_goes_on);
  return g_test_run ();
}
