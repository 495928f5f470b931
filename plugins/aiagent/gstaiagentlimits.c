/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagentlimits.h"

#include "session/agentadmission.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

GType
gst_aiagent_admit_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { AGENT_ADMIT_AUTO,
        "Who is known or on this machine, if the backend costs; else anybody",
        "auto" },
    { AGENT_ADMIT_ANYBODY, "Whoever calls", "anybody" },
    { AGENT_ADMIT_KNOWN, "Who has shown that the line is for him", "known" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstAiAgentAdmit", values));
  return type;
}

/**
 * GstAiAgentSrc:admit:
 *
 * Which calls that come in get the agent; others are hung up on, and the backend never
 * hears of them. A caller has shown that the line is for him (known) if `allow-from` of
 * #GstSipSrc has his address, or with the `token` of #GstWhipServer. Default: auto, those
 * only, and who reaches a line that listens on a loopback address, with a backend that
 * costs, which is one whose URI is not local; else anybody. Behind a proxy on this machine
 * known is what is wanted. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:max-sessions:
 *
 * How many dialogues with agents that cost, or are limited like this one, the process may
 * have at once; calls above that are hung up on. Default: 0, no limit. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:sessions-per-minute:
 *
 * How many of these one source may begin in a minute, by its address (of IPv6 by its /64),
 * at all lines of the process together. Default: 6 with a backend that costs, else no limit;
 * what is set counts with any, 0 is no limit. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:max-duration:
 *
 * ms that a dialogue may last; then the agent says goodbye, if it can be told what to say,
 * and hangs up. Time on hold does not count. Default: 3600000, an hour, with a backend that
 * costs, else no limit; what is set counts with any, 0 is no limit. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:caller-instructions:
 *
 * What a caller wants the agent to be (`session.update` of a browser) takes the place of what
 * the line's owner has told it. Default: FALSE, it is refused. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_aiagent_limits_make (GParamSpec **specs)
{
  specs[0] = g_param_spec_enum ("admit", "Admit",
      "Which calls that come in get the agent", GST_TYPE_AIAGENT_ADMIT,
      AGENT_ADMIT_AUTO, FLAGS_READY);
  specs[1] = g_param_spec_uint ("max-sessions", "Maximum sessions",
      "How many dialogues with agents that cost the process may have at once "
      "(0 = no limit)",
      0, G_MAXINT, 0, FLAGS_READY);
  specs[2] = g_param_spec_uint ("sessions-per-minute", "Sessions per minute",
      "How many dialogues one source may begin in a minute, unless set only "
      "with a backend that costs (0 = no limit)",
      0, G_MAXUINT16, 6, FLAGS_READY);
  specs[3] = g_param_spec_uint ("max-duration", "Maximum duration",
      "How long a dialogue may last, unless set only with a backend that costs "
      "(ms, 0 = no limit)",
      0, G_MAXINT, 60 * 60 * 1000, FLAGS_READY);
  specs[4] = g_param_spec_boolean ("caller-instructions", "Caller instructions",
      "A caller may replace the instructions that the agent has", FALSE,
      FLAGS_READY);
}
