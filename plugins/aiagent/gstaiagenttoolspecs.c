/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagenttoolspecs.h"

#include "gstaiagent.h"

#include "session/agentfiller.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define DEFAULT_TIMEOUT 10000 /* ms */

/**
 * GstAiAgentSrc:tools-enabled:
 *
 * Names, with commas between them, of the built-in tools that the agent may call:
 * hang_up, transfer, send_dtmf, hold, resume, collect_digits. What a dialogue file or a
 * script wants done is the line's own text, and needs no name here. Default: "hang_up".
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:tools:
 *
 * File of further tools that are offered to the agent: a JSON array of objects with name,
 * description and parameters (a JSON schema of an object), or with these in "function". Each is
 * run by #GstAiAgentSrc:tool-command or, without, told as `aiagent/tool` to the application,
 * which answers by the action `tool-result`. Default: NULL. Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_offers (GParamSpec **specs)
{
  *specs++ = g_param_spec_string ("tools-enabled", "Tools enabled",
      "Built-in tools that the agent may call: hang_up, transfer, send_dtmf, "
      "hold, resume, collect_digits, with commas between them",
      "hang_up", FLAGS_READY);
  *specs = g_param_spec_string ("tools", "Tools",
      "File of further tools that are offered to the agent, a JSON array", NULL,
      FLAGS_READY);
}

/**
 * GstAiAgentSrc:tool-command:
 *
 * Program that runs the tools of #GstAiAgentSrc:tools: for each call with the tool's name as
 * its only argument, the arguments as JSON in stdin, and the result as JSON from stdout, at most
 * 64 kB. It has no environment but PATH and #GstAiAgentSrc:tool-environment, no shell, and
 * none of our descriptors. Default: NULL, the application does them. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:tool-environment:
 *
 * Names, with commas between them, of the environment variables that
 * #GstAiAgentSrc:tool-command sees beside PATH. Default: NULL, none. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:tool-timeout:
 *
 * ms that a tool may take; then the program is killed with all its children, and the agent is
 * told that it took too long. Default: 10000. Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_limits (GParamSpec **specs)
{
  *specs++ = g_param_spec_string ("tool-command", "Tool command",
      "Program that runs the tools: name as its argument, JSON in and out; "
      "unset leaves them to the application",
      NULL, FLAGS_READY);
  *specs++ = g_param_spec_string ("tool-environment", "Tool environment",
      "Environment variables that tool-command sees beside PATH, with commas "
      "between them",
      NULL, FLAGS_READY);
  *specs = g_param_spec_uint ("tool-timeout", "Tool timeout",
      "How long a tool may take (ms)", 100, 600000, DEFAULT_TIMEOUT,
      FLAGS_READY);
}

/**
 * GstAiAgentSrc:tool-wait:
 *
 * What the caller hears when a tool has been running for half a second and the agent says
 * nothing: silence; phrase, #GstAiAgentSrc:tool-phrase, again every 8 s; or music. Default:
 * phrase. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:tool-phrase:
 *
 * What is said then, by the built-in voice. Default: "One moment, please." Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:hold-music:
 *
 * WAV file, 16-bit PCM, that is played over and over while the call is on hold by this
 * side, and, with #GstAiAgentSrc:tool-wait=music, while a tool runs. Default: NULL, silence
 * on hold. Changeable in READY.
 *
 * Since: 0.1
 */

static void
make_waits (GParamSpec **specs)
{
  *specs++ = g_param_spec_enum ("tool-wait", "Tool wait",
      "What the caller hears while a tool runs", GST_TYPE_AIAGENT_TOOL_WAIT,
      AGENT_TOOL_WAIT_PHRASE, FLAGS_READY);
  *specs++ = g_param_spec_string ("tool-phrase", "Tool phrase",
      "What is said while a tool runs, with tool-wait=phrase",
      "One moment, please.", FLAGS_READY);
  *specs = g_param_spec_string ("hold-music", "Hold music",
      "WAV file that is played while the call is on hold by this side, and while "
      "a tool runs, with tool-wait=music",
      NULL, FLAGS_READY);
}

void
gst_aiagent_tool_specs_make (GParamSpec *specs[GST_AIAGENT_N_TOOL_SPECS])
{
  make_offers (specs);
  make_limits (specs + 2);
  make_waits (specs + 5);
}
