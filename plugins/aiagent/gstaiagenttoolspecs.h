/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_AIAGENT_N_TOOL_SPECS 8

/* The properties of the pair that are of tools. */
void gst_aiagent_tool_specs_make (GParamSpec *specs[GST_AIAGENT_N_TOOL_SPECS]);

G_END_DECLS
