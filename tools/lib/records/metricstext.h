/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text format of Prometheus, version 0.0.4. */

/* Times in s, from 2 ms to 10 s: set-up and turn-around alike; or what a call was like to
 * hear, from 1 to 4.5. */
#define METRICS_N_BUCKETS 16

typedef struct
{
  gboolean of_mos; /* set when made */
  guint64 buckets[METRICS_N_BUCKETS]; /* each alone */
  guint64 count;
  gdouble sum;
} MetricsHistogram;

void metrics_histogram_observe (MetricsHistogram *self, gdouble value);

/* "# HELP" and "# TYPE" */
void metrics_text_add_head (GString *out, const gchar *name, const gchar *type,
    const gchar *help);
/* The number that ends a sample. */
void metrics_text_add_number (GString *out, gdouble value);
gchar *metrics_text_escape_label (const gchar *text);
/* A metric without labels. */
void metrics_text_add_alone (GString *out, const gchar *name, const gchar *type,
    const gchar *help, gdouble value);
void metrics_text_add_histogram (GString *out, const gchar *name,
    const gchar *help, const MetricsHistogram *histogram);
/* CPU, memory and files of this process, by the names that Prometheus' own
 * libraries use. */
void metrics_text_add_process (GString *out);

G_END_DECLS
