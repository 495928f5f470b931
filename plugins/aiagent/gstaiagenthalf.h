/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "session/agentsession.h"

#include "common/pair/gstpair.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What aiagentsink and aiagentsrc have in common: properties, the child `backend`,
 * action signals, membership in the session. */
typedef struct
{
  GstPairHalf pair; /* the first: gst_pair_half_of() */

  /* Set when made, never changed. */
  AgentRole role;

  /* Object lock of the element. */
  AgentChoice choice;
} GstAiAgentHalf;

void gst_aiagent_half_class_init (GstElementClass *klass);
void gst_aiagent_half_init (GstAiAgentHalf *self, GstElement *element,
    AgentRole role);
/* Of GST_TYPE_CHILD_PROXY: the child is "backend". */
void gst_aiagent_half_child_proxy_init (gpointer iface, gpointer data);
void gst_aiagent_half_clear (GstAiAgentHalf *self);

/* NULL->READY; FALSE: posted. */
gboolean gst_aiagent_half_join (GstAiAgentHalf *self,
    const AgentListener *listener);
/* READY->PAUSED; FALSE: posted. */
gboolean gst_aiagent_half_prepare (GstAiAgentHalf *self);
/* READY->NULL */
void gst_aiagent_half_leave (GstAiAgentHalf *self);

/* Any thread; (transfer full), NULL in NULL. */
AgentSession *gst_aiagent_half_dup_session (GstAiAgentHalf *self);
/* Borrowed: where gst_pair_half_get_session() may be used. */
AgentSession *gst_aiagent_half_get_session (const GstAiAgentHalf *self);

/* For the listener of either. */
void gst_aiagent_half_post_error (GstAiAgentHalf *self, const GError *error);

G_END_DECLS
