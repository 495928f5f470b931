/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_AIAGENT_DEFAULT_SESSION "default"

GST_ELEMENT_REGISTER_DECLARE (aiagentsink);
GST_ELEMENT_REGISTER_DECLARE (aiagentsrc);

/* Which mind a dialogue has. */
typedef enum
{
  GST_AIAGENT_BACKEND_LOCAL,
  GST_AIAGENT_BACKEND_ECHO,
  GST_AIAGENT_BACKEND_SCRIPT,
  GST_AIAGENT_BACKEND_APPLICATION,
  GST_AIAGENT_BACKEND_OPENAI,
  GST_AIAGENT_BACKEND_CASCADE,
  GST_AIAGENT_BACKEND_WEBSOCKET,
  GST_AIAGENT_BACKEND_TWILIO,
  GST_AIAGENT_BACKEND_TELNYX,
} GstAiAgentBackend;

#define GST_TYPE_AIAGENT_BACKEND (gst_aiagent_backend_get_type ())
GType gst_aiagent_backend_get_type (void);
#define GST_TYPE_AIAGENT_TURN_DETECTION (gst_aiagent_turn_detection_get_type ())
GType gst_aiagent_turn_detection_get_type (void);
#define GST_TYPE_AIAGENT_BARGE_IN (gst_aiagent_barge_in_get_type ())
GType gst_aiagent_barge_in_get_type (void);
#define GST_TYPE_AIAGENT_TOOL_WAIT (gst_aiagent_tool_wait_get_type ())
GType gst_aiagent_tool_wait_get_type (void);

G_END_DECLS
