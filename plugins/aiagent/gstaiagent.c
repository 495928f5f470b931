/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "config.h"

#include "gstaiagent.h"
#include "gstaiagentlimits.h"
#include "gstvoiceturnstracer.h"

#include "backends/echo.h"
#include "backends/openai/openai.h"
#include "session/agentfiller.h"
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
        "The built-in agent: understands and speaks after a dialogue file",
        "local" },
    { GST_AIAGENT_BACKEND_ECHO, "A mirror: plays back what the caller says",
        "echo" },
    { GST_AIAGENT_BACKEND_SCRIPT,
        "A script: says what a file tells it, whatever the caller says",
        "script" },
    { GST_AIAGENT_BACKEND_APPLICATION,
        "The application itself, by signals and actions", "application" },
    { GST_AIAGENT_BACKEND_OPENAI,
        "A model behind OpenAI's Realtime API (key), or a server like it (uri)",
        "openai" },
    { GST_AIAGENT_BACKEND_CASCADE,
        "A language model (llm, a URI), with a recogniser and a voice",
        "cascade" },
    { GST_AIAGENT_BACKEND_WEBSOCKET,
        "An agent in any language, by raw PCM and JSON on a WebSocket (uri)",
        "websocket" },
    { GST_AIAGENT_BACKEND_TWILIO,
        "A bot that Twilio's media streams reach (uri)", "twilio" },
    { GST_AIAGENT_BACKEND_TELNYX,
        "A bot that Telnyx' media streams reach (uri)", "telnyx" },
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

GType
gst_aiagent_tool_wait_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = { { AGENT_TOOL_WAIT_SILENCE, "Nothing",
                                           "silence" },
    { AGENT_TOOL_WAIT_PHRASE, "That it takes a moment", "phrase" },
    { AGENT_TOOL_WAIT_MUSIC, "Music", "music" }, { 0, NULL, NULL } };

  return register_enum (&type, "GstAiAgentToolWait", values);
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  gst_voice_enum_register (GST_TYPE_AIAGENT_BACKEND);
  gst_voice_enum_register (GST_TYPE_AIAGENT_TURN_DETECTION);
  gst_voice_enum_register (GST_TYPE_AIAGENT_BARGE_IN);
  gst_voice_enum_register (GST_TYPE_AIAGENT_TOOL_WAIT);
  gst_voice_enum_register (GST_TYPE_AIAGENT_ADMIT);
  gst_voice_enum_register (AGENT_TYPE_ECHO_MODE);
  gst_voice_enum_register (AGENT_TYPE_OPENAI_TURNS);
  gst_voice_enum_register (AGENT_TYPE_OPENAI_NOISE);
  return GST_ELEMENT_REGISTER (aiagentsink, plugin) &&
      GST_ELEMENT_REGISTER (aiagentsrc, plugin) &&
      gst_voice_turns_tracer_register (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, aiagent,
    "Voice agents: turns, playout and backends", plugin_init, PACKAGE_VERSION,
    GST_LICENSE, PACKAGE_NAME, PACKAGE_ORIGIN)
