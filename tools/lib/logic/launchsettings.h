/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a launch text sets of its elements, read without GStreamer: for sentences about
 * a text, not to run it. */

/* @element is its kind, as in "filesink"; @value comes without quotes. */
typedef void (*LaunchSettingFunc) (const gchar *element, const gchar *property,
    const gchar *value, gpointer user);

/* In the order of the text, which has its variables filled in. */
void launch_settings_foreach (const gchar *text, LaunchSettingFunc func,
    gpointer user);

G_END_DECLS
