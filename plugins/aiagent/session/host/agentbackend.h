/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceagent/gstvoiceagentbackend.h"

G_BEGIN_DECLS

/* What a session asks of its backend: the virtual functions, of which absent ones do
 * nothing. gstvoiceagentbackend.h says of each what it is for. */

gboolean agent_backend_prepare (GstVoiceAgentBackend *self,
    GstVoiceFormat *format, GError **error);
void agent_backend_ring (GstVoiceAgentBackend *self, const GstVoiceCall *call);
/* It is with somebody who is paid. */
gboolean agent_backend_costs (GstVoiceAgentBackend *self);
/* It makes use of the time while a call rings. */
gboolean agent_backend_rings (GstVoiceAgentBackend *self);
void agent_backend_open (GstVoiceAgentBackend *self, const GstVoiceCall *call,
    guint rate);
void agent_backend_send_audio (GstVoiceAgentBackend *self,
    const gint16 *samples, guint n_samples, GstClockTime time,
    gboolean speaking);
void agent_backend_send_encoded (GstVoiceAgentBackend *self, const guint8 *data,
    gsize size, GstClockTime time, gboolean speaking);
void agent_backend_turn (GstVoiceAgentBackend *self, gboolean began,
    GstClockTime time);
void agent_backend_resumed (GstVoiceAgentBackend *self);
void agent_backend_rejected (GstVoiceAgentBackend *self, GstClockTime time);
/* -1: not known. */
gdouble agent_backend_get_completeness (GstVoiceAgentBackend *self);
void agent_backend_interrupt (GstVoiceAgentBackend *self, guint answer,
    guint heard);
void agent_backend_held (GstVoiceAgentBackend *self, guint hold, guint answer,
    guint heard, guint total);
void agent_backend_done (GstVoiceAgentBackend *self, guint answer);
void agent_backend_heard (GstVoiceAgentBackend *self, guint answer,
    const gchar *words, guint heard);
void agent_backend_marked (GstVoiceAgentBackend *self, guint mark);
void agent_backend_digit (GstVoiceAgentBackend *self, gchar digit);
void agent_backend_result (GstVoiceAgentBackend *self, const gchar *id,
    const gchar *result, const gchar *reason);
gboolean agent_backend_tool_result (GstVoiceAgentBackend *self, const gchar *id,
    const gchar *json);
gboolean agent_backend_say (GstVoiceAgentBackend *self, const gchar *text);
gboolean agent_backend_read (GstVoiceAgentBackend *self, const gchar *text);
gboolean agent_backend_instruct (GstVoiceAgentBackend *self, const gchar *text);
void agent_backend_tick (GstVoiceAgentBackend *self);
void agent_backend_close (GstVoiceAgentBackend *self);
gboolean agent_backend_is_immediate (GstVoiceAgentBackend *self);
gboolean agent_backend_is_thinking (GstVoiceAgentBackend *self);
void agent_backend_pause (GstVoiceAgentBackend *self, gboolean paused);

G_END_DECLS
