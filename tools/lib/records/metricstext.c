/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */

#include "metricstext.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const gdouble times[METRICS_N_BUCKETS] = { 0.002, 0.005, 0.01, 0.02,
  0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10 };
/* ITU-T G.107, table B.1 divides at 2.58, 3.1, 3.6, 4.03 and 4.34. */
static const gdouble opinions[METRICS_N_BUCKETS] = { 1.2, 1.6, 2, 2.3, 2.58,
  2.8, 3.1, 3.3, 3.6, 3.8, 3.9, 4.03, 4.2, 4.34, 4.4, 4.5 };

static const gdouble *
get_bounds (const MetricsHistogram *self)
{
  return self->of_mos ? opinions : times;
}

void
metrics_histogram_observe (MetricsHistogram *self, gdouble value)
{
  const gdouble *bounds = get_bounds (self);

  self->count++;
  self->sum += value;
  for (guint i = 0; i < METRICS_N_BUCKETS; i++)
    if (value <= bounds[i]) {
      self->buckets[i]++;
      return;
    }
}

/* Numbers have a point everywhere. */
void
metrics_text_add_number (GString *out, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", value);
  g_string_append_printf (out, "%s\n", text);
}

void
metrics_text_add_head (GString *out, const gchar *name, const gchar *type,
    const gchar *help)
{
  g_string_append_printf (out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
      type);
}

void
metrics_text_add_alone (GString *out, const gchar *name, const gchar *type,
    const gchar *help, gdouble value)
{
  metrics_text_add_head (out, name, type, help);
  g_string_append_printf (out, "%s ", name);
  metrics_text_add_number (out, value);
}

gchar *
metrics_text_escape_label (const gchar *text)
{
  GString *out = g_string_new (text);

  g_string_replace (out, "\\", "\\\\", 0);
  g_string_replace (out, "\"", "\\\"", 0);
  g_string_replace (out, "\n", "\\n", 0);
  return g_string_free (out, FALSE);
}

void
metrics_text_add_histogram (GString *out, const gchar *name, const gchar *help,
    const MetricsHistogram *histogram)
{
  const gdouble *bounds = get_bounds (histogram);
  guint64 below = 0;
  gchar bound[G_ASCII_DTOSTR_BUF_SIZE];

  metrics_text_add_head (out, name, "histogram", help);
  for (guint i = 0; i < METRICS_N_BUCKETS; i++) {
    below += histogram->buckets[i];
    g_ascii_formatd (bound, sizeof bound, "%g", bounds[i]);
    g_string_append_printf (out, "%s_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n",
        name, bound, below);
  }
  g_string_append_printf (out,
      "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n%s_sum ", name,
      histogram->count, name);
  metrics_text_add_number (out, histogram->sum);
  g_string_append_printf (out, "%s_count %" G_GUINT64_FORMAT "\n", name,
      histogram->count);
}

/* kB of memory that are in use; 0 where /proc does not tell. */
static gdouble
resident_pages (void)
{
  g_autofree gchar *text = NULL;
  const gchar *second;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      !(second = strchr (text, ' ')))
    return 0;
  return strtod (second, NULL);
}

static guint
open_files (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (folder && g_dir_read_name (folder))
    n++;
  return n ? n - 1 : 0; /* without that of the folder */
}

/* The names that Prometheus' own libraries use. */
void
metrics_text_add_process (GString *out)
{
  struct rusage usage = { 0 };
  struct rlimit limit = { 0 };

  getrusage (RUSAGE_SELF, &usage);
  getrlimit (RLIMIT_NOFILE, &limit);
  metrics_text_add_alone (out, "process_cpu_seconds_total", "counter",
      "CPU time of this process",
      usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
          (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
  metrics_text_add_alone (out, "process_resident_memory_bytes", "gauge",
      "Memory in use by this process",
      resident_pages () * sysconf (_SC_PAGESIZE));
  metrics_text_add_alone (out, "process_open_fds", "gauge",
      "Open file descriptors", open_files ());
  metrics_text_add_alone (out, "process_max_fds", "gauge",
      "Limit of file descriptors", limit.rlim_cur);
}
