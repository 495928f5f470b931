/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "scenariocall.h"

G_BEGIN_DECLS

/* What a tape says of a call; what the session told is compared with the sound. Times in
 * ms; G_MAXUINT: there was nothing to be measured. */
typedef struct
{
  guint sentences, turns; /* said; of these, those that began a turn */
  guint false_turns; /* began while no sentence was said */
  guint over,
      interruptions; /* sentences into an answer; of these, those that ended it */
  guint false_interruptions;
  guint silent_p50, silent_p95; /* onset of such a sentence to the last sound */
  guint answers;
  guint turn_around_p50, turn_around_p95; /* by the sound */
  guint turn_around_error; /* the most that the session was wrong by */
  guint heard_error; /* of how much of an answer was heard, likewise */
} ScenarioReport;

void scenario_report_make (ScenarioReport *self, const Scenario *scenario,
    const ScenarioTape *tape);
/* What is promised and not kept, "" = nothing; (transfer full) */
gchar *scenario_report_check (const ScenarioReport *self,
    const Scenario *scenario);

G_END_DECLS
