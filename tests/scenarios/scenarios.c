/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

/* Calls of ten minutes in seconds: tests/scenarios/README.md. */

#include "scenarioreport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gint repeats = 1;
static gboolean facts;
static gchar *folder;
static gchar **paths;

static GOptionEntry options[] = {
  { "repeat", 'r', 0, G_OPTION_ARG_INT, &repeats,
      "How often each is run; all must be identical", "N" },
  { "facts", 'f', 0, G_OPTION_ARG_NONE, &facts,
      "Print what the session told, too", NULL },
  { "tapes", 't', 0, G_OPTION_ARG_FILENAME, &folder,
      "Write what was heard and said, raw S16LE at 8 kHz", "FOLDER" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL,
      "SCENARIO.ini..." },
  { NULL },
};

static const gchar *
show (guint value, gchar text[16])
{
  if (value == G_MAXUINT)
    return "-";
  g_snprintf (text, 16, "%u", value);
  return text;
}

static void
print_row (const gchar *name, const ScenarioReport *report)
{
  gchar a[16], b[16], c[16], d[16], e[16], f[16];

  printf ("%-22s %4u/%-4u %5u %4u/%-4u %5u %5s %5s %7u %5s %5s %5s %5s\n", name,
      report->turns, report->sentences, report->false_turns,
      report->interruptions, report->over, report->false_interruptions,
      show (report->silent_p50, a), show (report->silent_p95, b),
      report->answers, show (report->turn_around_p50, c),
      show (report->turn_around_p95, d), show (report->turn_around_error, e),
      show (report->heard_error, f));
}

static void
print_head (void)
{
  printf ("%-22s %9s %5s %9s %5s %5s %5s %7s %5s %5s %5s %5s\n", "scenario",
      "turns", "false", "talk-over", "false", "p50", "p95", "answers", "p50",
      "p95", "wrong", "heard");
}

static void
print_facts (const ScenarioTape *tape)
{
  for (guint i = 0; i < tape->sounds->len; i++) {
    const Sound *sound = &g_array_index (tape->sounds, Sound, i);
    printf ("sound %u from %u to %u\n", sound->kind, sound->start, sound->end);
  }
  for (guint i = 0; i < tape->facts->len; i++) {
    g_autofree gchar *text =
        gst_structure_to_string (g_ptr_array_index (tape->facts, i));
    puts (text);
  }
}

static void
write_tape (const gchar *name, const gchar *what, const GArray *samples)
{
  g_autofree gchar *file = g_strdup_printf ("%s-%s.raw", name, what);
  g_autofree gchar *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, samples->data,
          (gssize) (samples->len * sizeof (gint16)), &error))
    g_printerr ("%s\n", error->message);
}

static void
show_tape (const gchar *name, const ScenarioTape *tape)
{
  if (facts)
    print_facts (tape);
  if (folder) {
    write_tape (name, "heard", tape->heard);
    write_tape (name, "said", tape->said);
  }
}

/* TRUE: every run gives what the first one gave. */
static gboolean
is_repeated (const Scenario *scenario, const ScenarioTape *first)
{
  for (gint i = 1; i < repeats; i++) {
    g_autoptr (ScenarioTape) again = scenario_call (scenario);
    if (strcmp (again->digest, first->digest))
      return FALSE;
  }
  return TRUE;
}

/* FALSE: not all that it promises is kept. */
static gboolean
run_scenario (const gchar *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Scenario) scenario = scenario_read (path, &error);
  g_autofree gchar *file = g_path_get_basename (path);
  g_autofree gchar *name = g_strndup (file, strcspn (file, "."));
  ScenarioReport report;

  if (!scenario) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  g_autoptr (ScenarioTape) tape = scenario_call (scenario);
  scenario_report_make (&report, scenario, tape);
  print_row (name, &report);
  show_tape (name, tape);
  g_autofree gchar *broken = scenario_report_check (&report, scenario);
  const gboolean same = is_repeated (scenario, tape);
  if (*broken)
    printf ("  NOT KEPT: %s\n", broken);
  if (!same)
    printf ("  NOT THE SAME when run again\n");
  return !*broken && same;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean kept = TRUE;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error) || !paths) {
    g_printerr ("%s\n", error ? error->message : "Which scenario?");
    return 2;
  }
  print_head ();
  for (guint i = 0; paths[i]; i++) {
    kept = run_scenario (paths[i]) && kept;
    fflush (stdout);
  }
  g_strfreev (paths);
  g_free (folder);
  return kept ? 0 : 1;
}
