/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Which backend a pair has, when both elements may say so. */

#include "aiagent/backends/echo.h"
#include "aiagent/backends/local/local.h"
#include "aiagent/backends/script.h"
#include "aiagent/session/host/agentchoice.h"

#include <string.h>

static AgentChoice
choose (GType type, AgentChosen how, const gchar *property, const gchar *value)
{
  AgentChoice choice = { g_object_new (type, NULL), how };

  if (property)
    gst_util_set_object_arg (G_OBJECT (choice.backend), property, value);
  return choice;
}

static void
clear (AgentChoice *one, AgentChoice *other)
{
  g_clear_object (&one->backend);
  g_clear_object (&other->backend);
}

/* Whoever is named first. */
static void
assert_resolves (const AgentChoice *one, const AgentChoice *other,
    const AgentChoice *expected)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GstVoiceAgentBackend) backend = i
        ? agent_choice_resolve (other, one, &error)
        : agent_choice_resolve (one, other, &error);
    g_assert_no_error (error);
    g_assert_true (backend == expected->backend);
  }
}

static void
assert_contradiction (const AgentChoice *one, const AgentChoice *other,
    const gchar *word)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (i ? agent_choice_resolve (other, one, &error)
                     : agent_choice_resolve (one, other, &error));
    g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, word));
  }
}

static void
test_nobody (void)
{
  const AgentChoice none = { 0 };
  g_autoptr (GstVoiceAgentBackend) backend =
      agent_choice_resolve (&none, &none, NULL);

  g_assert_true (G_OBJECT_TYPE (backend) == AGENT_TYPE_LOCAL);
  g_assert_cmpstr (agent_choice_get_name (backend), ==, "local");
}

/* By what whoever made it says; an application's says nothing. */
static void
test_name (void)
{
  g_autoptr (GstVoiceAgentBackend) echo = g_object_new (AGENT_TYPE_ECHO, NULL);
  g_autofree gchar *model = agent_choice_dup_model (echo);

  g_assert_cmpstr (model, ==, "");
  g_assert_cmpstr (agent_choice_get_name (echo), ==, "AgentEcho");
  agent_choice_set_name (echo, "echo");
  g_assert_cmpstr (agent_choice_get_name (echo), ==, "echo");
}

/* What was made only because somebody looked at it counts for nothing. */
static void
test_looked_at (void)
{
  AgentChoice looked =
      choose (AGENT_TYPE_LOCAL, AGENT_CHOSEN_BY_DEFAULT, NULL, NULL);
  AgentChoice kind = choose (AGENT_TYPE_ECHO, AGENT_CHOSEN_BY_KIND, NULL, NULL);

  assert_resolves (&looked, &kind, &kind);
  kind.how = AGENT_CHOSEN_AS_OBJECT;
  assert_resolves (&looked, &kind, &kind);
  clear (&looked, &kind);
}

static void
test_same_kind (void)
{
  AgentChoice bare =
      choose (AGENT_TYPE_SCRIPT, AGENT_CHOSEN_BY_KIND, NULL, NULL);
  AgentChoice full =
      choose (AGENT_TYPE_SCRIPT, AGENT_CHOSEN_BY_KIND, "agent-file", "one.ini");

  assert_resolves (&bare, &full, &full);
  g_object_set (bare.backend, "agent-file", "one.ini", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstVoiceAgentBackend) backend =
      agent_choice_resolve (&bare, &full, &error);
  g_assert_no_error (error);
  g_assert_nonnull (backend);
  g_assert_true (agent_choice_agrees (&bare, full.backend, NULL));
  g_object_set (bare.backend, "agent-file", "other.ini", NULL);
  assert_contradiction (&bare, &full, "agent-file");
  g_assert_false (agent_choice_agrees (&bare, full.backend, &error));
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  clear (&bare, &full);
}

/* The kind on one, its settings on the other. */
static void
test_settings_alone (void)
{
  AgentChoice kind =
      choose (AGENT_TYPE_LOCAL, AGENT_CHOSEN_BY_KIND, NULL, NULL);
  AgentChoice settings = choose (AGENT_TYPE_LOCAL, AGENT_CHOSEN_BY_DEFAULT,
      "agent-file", "one.ini");
  g_autofree gchar *file = NULL;

  assert_resolves (&kind, &settings, &kind);
  g_object_get (kind.backend, "agent-file", &file, NULL);
  g_assert_cmpstr (file, ==, "one.ini");
  clear (&kind, &settings);
}

static void
test_different_kinds (void)
{
  AgentChoice echo = choose (AGENT_TYPE_ECHO, AGENT_CHOSEN_BY_KIND, NULL, NULL);
  AgentChoice settings = choose (AGENT_TYPE_LOCAL, AGENT_CHOSEN_BY_DEFAULT,
      "agent-file", "one.ini");

  assert_contradiction (&echo, &settings, "backend");
  settings.how = AGENT_CHOSEN_BY_KIND;
  assert_contradiction (&echo, &settings, "backend");
  echo.how = AGENT_CHOSEN_AS_OBJECT;
  assert_contradiction (&echo, &settings, "backend");
  clear (&echo, &settings);
}

static void
test_objects (void)
{
  AgentChoice one =
      choose (AGENT_TYPE_ECHO, AGENT_CHOSEN_AS_OBJECT, NULL, NULL);
  AgentChoice other =
      choose (AGENT_TYPE_ECHO, AGENT_CHOSEN_AS_OBJECT, NULL, NULL);

  assert_resolves (&one, &one, &one);
  assert_contradiction (&one, &other, "backend-object");
  clear (&one, &other);
}

int
main (int argc, char **argv)
{
  /* The plugin, met by a scan, would register the types that are linked in here
   * a second time. */
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agentchoice/nobody", test_nobody);
  g_test_add_func ("/agentchoice/name", test_name);
  g_test_add_func ("/agentchoice/looked-at", test_looked_at);
  g_test_add_func ("/agentchoice/same-kind", test_same_kind);
  g_test_add_func ("/agentchoice/settings-alone", test_settings_alone);
  g_test_add_func ("/agentchoice/different-kinds", test_different_kinds);
  g_test_add_func ("/agentchoice/objects", test_objects);
  return g_test_run ();
}
