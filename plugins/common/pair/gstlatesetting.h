/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "common/base/voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* At the beginning of an element's set_property, no lock: warns on the bus if @pspec
 * can be changed in READY only (GST_PARAM_MUTABLE_READY), @element is above that and
 * @value another than before. It is set all the same, and counts from the next start. */
void gst_late_setting_check (GstElement *element, GParamSpec *pspec,
    const GValue *value);
/* The same for one that is @kept until NULL, as what the halves of a pair have agreed
 * on: warns in READY too. */
void gst_late_setting_check_kept (GstElement *element, GParamSpec *pspec,
    const GValue *value, gboolean kept);
/* The warning itself, for what else @element has settings of. */
void gst_late_setting_tell (GstElement *element, const gchar *name);

VOICE_API_END
G_END_DECLS
