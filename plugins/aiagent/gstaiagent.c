/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "config.h"

#include "gstaiagent.h"

#include "backends/echo.h"
#include "session/agentsession.h"

#include "common/base/gstvoiceenum.h"

static GType
register_enum (gsize *type, const gchar *name, const GEnumValue *values)
{
  if (g_once_init_enter (type))
    g_once_init_leave (type, g_enum_register_static (name, values));
  return *type;
}

GType
gst_aiagent_backend_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { GST_AIAGENT_BACKEND_LOCAL,
        "Understands and speaks by itself, after a dialogue file", "local" },
    { GST_AIAGENT_BACKEND_ECHO, "Plays back what the caller says", "echo" },
    { GST_AIAGENT_BACKEND_SCRIPT,
        "Says what a file tells it, whatever the caller says", "script" },
    { GST_AIAGENT_BACKEND_APPLICATION,
        "Is the application, by signals and actions", "application" },
    { 0, NULL, NULL }
  };

  return register_enum (&type, "GstAiAgentBackendType", values);
}

GType
gst_aiagent_turn_detection_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AGENT_TURN_DETECTION_AUTO, "The best way that is there", "auto" },
    { AGENT_TURN_DETECTION_ELEMENT, "By voice activity, in this element",
        "element" },
    { AGENT_TURN_DETECTION_BACKEND, "The backend finds them", "backend" },
    { AGENT_TURN_DETECTION_NONE, "There are no turns", "none" },
    { 0, NULL, NULL }
  };

  return register_enum (&type, "GstAiAgentTurnDetection", values);
}

GType
gst_aiagent_barge_in_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = { { AGENT_BARGE_IN_ALLOW,
                                           "The agent falls silent", "allow" },
    { AGENT_BARGE_IN_IGNORE, "The agent goes on speaking", "ignore" },
    { 0, NULL, NULL } };

  return register_enum (&type, "GstAiAgentBargeIn", values);
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  gst_voice_enum_register (GST_TYPE_AIAGENT_BACKEND);
  gst_voice_enum_register (GST_TYPE_AIAGENT_TURN_DETECTION);
  gst_voice_enum_register (GST_TYPE_AIAGENT_BARGE_IN);
  gst_voice_enum_register (AGENT_TYPE_ECHO_MODE);
  return GST_ELEMENT_REGISTER (aiagentsink, plugin) &&
      GST_ELEMENT_REGISTER (aiagentsrc, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, aiagent,
    "Voice agents: turns, playout and backends", plugin_init, PACKAGE_VERSION,
    GST_LICENSE, PACKAGE_NAME, PACKAGE_ORIGIN)
