/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#include "lib/records/metricstext.h"

static void
test_escape (void)
{
  g_autofree gchar *text = metrics_text_escape_label ("a\\b \"c\"\nd é");

  g_assert_cmpstr (text, ==, "a\\\\b \\\"c\\\"\\nd é");
}

static void
test_alone (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  metrics_text_add_alone (out, "x_total", "counter", "Things", 0.25);
  metrics_text_add_alone (out, "y", "gauge", "Others", 12345678901.0);
  g_assert_cmpstr (out->str, ==,
      "# HELP x_total Things\n# TYPE x_total counter\nx_total 0.25\n"
      "# HELP y Others\n# TYPE y gauge\ny 12345678901\n");
}

/* The value of the sample that starts with @name. */
static gdouble
sample (const GString *out, const gchar *name)
{
  g_autofree gchar *start = g_strdup_printf ("\n%s ", name);
  const gchar *found = g_strstr_len (out->str, -1, start);

  g_assert_nonnull (found);
  return g_ascii_strtod (found + strlen (start), NULL);
}

/* Buckets hold all that is not above their bound, and the last one holds all. */
static void
test_histogram (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  MetricsHistogram histogram = { 0 };

  metrics_histogram_observe (&histogram, 0.001);
  metrics_histogram_observe (&histogram, 0.002);
  metrics_histogram_observe (&histogram, 0.3);
  metrics_histogram_observe (&histogram, 0.30001);
  metrics_histogram_observe (&histogram, 3600);
  metrics_text_add_histogram (out, "h", "Times", &histogram);
  g_assert_true (
      g_str_has_prefix (out->str, "# HELP h Times\n# TYPE h histogram\n"));
  g_assert_cmpfloat (sample (out, "h_bucket{le=\"0.002\"}"), ==, 2);
  g_assert_cmpfloat (sample (out, "h_bucket{le=\"0.2\"}"), ==, 2);
  g_assert_cmpfloat (sample (out, "h_bucket{le=\"0.3\"}"), ==, 3);
  g_assert_cmpfloat (sample (out, "h_bucket{le=\"0.5\"}"), ==, 4);
  g_assert_cmpfloat (sample (out, "h_bucket{le=\"10\"}"), ==, 4);
  g_assert_cmpfloat (sample (out, "h_bucket{le=\"+Inf\"}"), ==, 5);
  g_assert_cmpfloat (sample (out, "h_count"), ==, 5);
  g_assert_cmpfloat_with_epsilon (sample (out, "h_sum"), 3600.60301, 1e-6);
}

static void
test_process (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  metrics_text_add_process (out);
  g_assert_cmpfloat (sample (out, "process_cpu_seconds_total"), >, 0);
  g_assert_cmpfloat (sample (out, "process_resident_memory_bytes"), >, 1e5);
  g_assert_cmpfloat (sample (out, "process_open_fds"), >=, 3);
  g_assert_cmpfloat (sample (out, "process_max_fds"), >=,
      sample (out, "process_open_fds"));
}

/* What a call was like has bounds of its own. */
static void
test_mos (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  MetricsHistogram histogram = { .of_mos = TRUE };

  metrics_histogram_observe (&histogram, 1);
  metrics_histogram_observe (&histogram, 4.02);
  metrics_histogram_observe (&histogram, 4.41);
  metrics_text_add_histogram (out, "m", "Opinions", &histogram);
  g_assert_nonnull (strstr (out->str, "m_bucket{le=\"1.2\"} 1\n"));
  g_assert_nonnull (strstr (out->str, "m_bucket{le=\"3.9\"} 1\n"));
  g_assert_nonnull (strstr (out->str, "m_bucket{le=\"4.03\"} 2\n"));
  g_assert_nonnull (strstr (out->str, "m_bucket{le=\"4.5\"} 3\n"));
  g_assert_nonnull (strstr (out->str, "m_sum 9.43\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metricstext/escape", test_escape);
  g_test_add_func ("/metricstext/alone", test_alone);
  g_test_add_func ("/metricstext/histogram", test_histogram);
  g_test_add_func ("/metricstext/mos", test_mos);
  g_test_add_func ("/metricstext/process", test_process);
  return g_test_run ();
}
