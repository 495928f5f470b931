/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "gstaiagentturnspecs.h"

#include "gstaiagent.h"
#include "session/agentsession.h"

#define FLAGS_READY \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

enum
{
  TURN_DETECTION,
  END_OF_TURN_MIN,
  END_OF_TURN_MAX,
  MIN_SPEECH,
  BARGE_IN,
  BARGE_IN_CONFIRM,
  LATENCY_BUDGET,
};

/**
 * GstAiAgentSrc:turn-detection:
 *
 * Who finds out when the caller speaks and has finished: the element by voice activity,
 * the backend by itself, or nobody. Default: auto, which is the best way that there is.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:end-of-turn-min:
 *
 * ms that the caller must be silent for a turn to be over that seems complete: by the words,
 * where the agent knows them as they are said, else by how the voice ends. Default: 200.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:end-of-turn-max:
 *
 * ms after which a turn is over whatever it seems to lack, as behind "I would like". The same
 * as #GstAiAgentSrc:end-of-turn-min, or less: each turn waits that long. Default: 1200.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:min-speech:
 *
 * ms of any 120 ms that must be speech for a turn to begin. Default: 60. Changeable in
 * READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:barge-in:
 *
 * What happens when the caller speaks while the agent does. Default: allow, the agent
 * falls silent; ignore, it goes on, and what is said into its words is not heard.
 * Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:barge-in-confirm:
 *
 * ms that an agent that fell silent, as somebody seemed to speak, waits for certainty. By
 * then a voice that goes on has interrupted it. What is over, or has no voice, as a cough or
 * a click, has not: the agent goes on at the very sample. What lasts three times as
 * long, or 1200 ms, is an interruption, whatever it sounds like. 20 ms after something begins to sound
 * the agent is 10 dB softer already. Default: 400; 0: whatever begins a turn interrupts, at
 * once. Changeable in READY.
 *
 * Since: 0.1
 */

/**
 * GstAiAgentSrc:latency-budget:
 *
 * ms from the caller's last sound to the first of the answer, as a recording of the call
 * shows them, that are good enough. The agent is told by when it is to be heard,
 * `aiagent/turn` what was left, and `aiagent/over-budget` which stage took too long. Default:
 * 0, nobody counts. Changeable in READY.
 *
 * Since: 0.1
 */

void
gst_aiagent_turn_specs_make (GParamSpec **specs)
{
  specs[TURN_DETECTION] = g_param_spec_enum ("turn-detection", "Turn detection",
      "Who finds out when the caller speaks and has finished",
      GST_TYPE_AIAGENT_TURN_DETECTION, AGENT_TURN_DETECTION_AUTO, FLAGS_READY);
  specs[END_OF_TURN_MIN] =
      g_param_spec_uint ("end-of-turn-min", "End of turn, minimum",
          "How long the caller must be silent for a turn to be over that seems "
          "complete (ms)",
          50, 10000, 200, FLAGS_READY);
  specs[END_OF_TURN_MAX] =
      g_param_spec_uint ("end-of-turn-max", "End of turn, maximum",
          "How long the caller must be silent for any turn to be over; as the "
          "minimum, or less = each turn waits that long (ms)",
          50, 10000, 1200, FLAGS_READY);
  specs[MIN_SPEECH] = g_param_spec_uint ("min-speech", "Minimum speech",
      "How much of 120 ms must be speech for a turn to begin (ms)", 10, 120, 60,
      FLAGS_READY);
  specs[BARGE_IN] = g_param_spec_enum ("barge-in", "Barge-in",
      "What happens when the caller speaks while the agent does",
      GST_TYPE_AIAGENT_BARGE_IN, AGENT_BARGE_IN_ALLOW, FLAGS_READY);
  specs[BARGE_IN_CONFIRM] =
      g_param_spec_uint ("barge-in-confirm", "Barge-in confirmation",
          "How long the agent waits, silent, until it is certain that it was "
          "interrupted; 0 = it is at once (ms)",
          0, 1000, 400, FLAGS_READY);
  specs[LATENCY_BUDGET] = g_param_spec_uint ("latency-budget", "Latency budget",
      "How long the caller may wait for the first sound of an answer; 0 = "
      "nobody counts (ms)",
      0, 60000, 0, FLAGS_READY);
}
