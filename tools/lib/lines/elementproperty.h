/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "lib/logic/launchroute.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Properties that a route sets on the elements of its lines. What cannot be set is an
 * error which names route, property and value and says what can. */

/* Sets @property of @route, expanded to @text, on every element of its kind in @bin. */
gboolean element_property_set (GstBin *bin, const LaunchRoute *route,
    const LaunchProperty *property, const gchar *text, GError **error);

/* @text as a @value (zeroed) of @pspec; FALSE: it is none. */
gboolean element_property_parse (GParamSpec *pspec, const gchar *text,
    GValue *value);
/* What @pspec takes: "a number from 1 to 3"; (transfer full). */
gchar *element_property_describe (GParamSpec *pspec);

/* Of a launch text that gst_parse_launch() refused: the first value in it that its
 * property cannot take, as "filesink.async: it is ..., but must be ..."; NULL: none
 * is known. (transfer full) */
gchar *element_property_find_fault (const gchar *text);

G_END_DECLS
