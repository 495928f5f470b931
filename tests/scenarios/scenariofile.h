/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A scenario: how a caller and a network behave for some minutes. A GKeyFile; what is
 * not said is none of it:
 *
 *   [call]
 *   seed=1            of all that is drawn by chance
 *   duration=600      s
 *   loss=50           packets of a thousand, both ways; burst=N: and so many behind each
 *   jitter=30         ms, in order
 *   reorder=5         of a thousand: 30 ms late
 *   duplicate=5       of a thousand
 *
 *   [caller]
 *   length-min=600 length-max=3000     ms that a sentence lasts
 *   wait-min=300 wait-max=2000         ms of silence behind the agent's before the caller speaks
 *   hesitates=300     of a thousand sentences: they have a pause of hesitation-min to
 *                     hesitation-max ms in the middle
 *   talks-over=200    of a thousand answers: the caller speaks into them, 300 to 2500 ms
 *                     behind their beginning
 *   coughs=200        of a thousand answers: the caller coughs into them, 100 to 160 ms
 *   noise=40          dB below full scale: white noise behind all that; 0: none
 *   echo=20           dB: the phone gives back what it plays, weaker by so much; 0: not
 *   echo-delay=120    ms, of the phone; the network adds its own
 *
 *   [agent]
 *   agent-file=FILE   of the script backend, beside the scenario
 *
 *   [expect]          what is promised; times in ms
 *   turns=95          percent of the sentences that were heard as turns, at least
 *   false-turns=2     in ten minutes, at most: they began while the caller was silent
 *   interruptions=95  percent of the sentences spoken into an answer that ended it, at least
 *   false-interruptions=2   in ten minutes, at most
 *   turn-around-error=20    of each turn that began and ended clear of the agent, against the
 *                     recording, at most
 *   heard-error=20    of each answer, likewise */

typedef struct
{
  guint seed, duration;
  guint loss, burst, jitter, reorder, duplicate;
  guint length_min, length_max, wait_min, wait_max;
  guint hesitates, hesitation_min, hesitation_max;
  guint talks_over, coughs, noise, echo, echo_delay;
  /* G_MAXUINT: not promised */
  guint turns, false_turns, interruptions, false_interruptions;
  guint turn_around_error, heard_error;
  gchar *agent; /* text of the agent's file */
} Scenario;

/* G_KEY_FILE_ERROR with a sentence that names file, section and key. */
Scenario *scenario_read (const gchar *path, GError **error);
void scenario_free (Scenario *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scenario, scenario_free)

G_END_DECLS
