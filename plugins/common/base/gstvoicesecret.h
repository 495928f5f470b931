/* SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 gst-voice-agent authors */
#pragma once

#include "voiceapi.h"

#include <gst/gst.h>

G_BEGIN_DECLS
VOICE_API_BEGIN

/* Where a secret comes from; one rule for all of them. Every secret X has a property `X`,
 * which nobody can read again and an application sets; a property `X-file`; and
 * variables of the environment. The first of these that there is counts. What a secret
 * is stands in no message, log or error of ours. */

#define GST_VOICE_SECRET_MAX 16384 /* bytes */

/* @name: of the property, for errors. @value: of `X`, NULL or "" = not set. @file: of
 * `X-file`, the same; its first line; a path, or, of a service that has credentials
 * (systemd.exec), the name of one: it must be ours or root's, and not be readable by others
 * than its owner and group, nor writable by others than its owner. @variables: their names, NULL at the end.
 *
 * (transfer full): NULL, without @error: there is none. NULL with GST_RESOURCE_ERROR
 * (SETTINGS, NOT_FOUND, OPEN_READ): there is a file, and it cannot be used. */
gchar *gst_voice_secret_resolve (const gchar *name, const gchar *value,
    const gchar *file, const gchar *const *variables, GError **error);
/* The whole text of @file, which is where and how those are; (transfer full), NULL with the
 * same errors. For files with many secrets, of a property "@name-file". */
#define GST_VOICE_SECRET_FILE_MAX (1024 * 1024) /* bytes */
gchar *gst_voice_secret_load (const gchar *name, const gchar *file,
    GError **error);
/* Overwrites it first. */
void gst_voice_secret_free (gchar *secret);

VOICE_API_END
G_END_DECLS
