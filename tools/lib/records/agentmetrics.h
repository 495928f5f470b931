/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "metricstext.h"

G_BEGIN_DECLS

/* What was counted of agents, by what they are and which model they have: both stand in
 * the operator's settings, and no caller chooses them, so there are few. Owned by the
 * metrics; main thread only. */

typedef struct
{
  GPtrArray *agents; /* Agent: by name, and by name and model */
  MetricsHistogram first_audio; /* s */
} AgentMetrics;

void agent_metrics_init (AgentMetrics *self);
void agent_metrics_clear (AgentMetrics *self);

/* One that was lost is tried again, @n times; 0: there is such an agent. */
void agent_metrics_count_reconnects (AgentMetrics *self, const gchar *agent,
    guint n);
void agent_metrics_count_tokens (AgentMetrics *self, const gchar *agent,
    const gchar *model, guint64 input, guint64 output);
/* Seconds from a call's answer. */
void agent_metrics_observe_first_audio (AgentMetrics *self, gdouble seconds);

void agent_metrics_add_text (const AgentMetrics *self, GString *out);

G_END_DECLS
